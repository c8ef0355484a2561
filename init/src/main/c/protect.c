/* The image we run from must not be written from inside a container, where /proc/PID/exe names it. With privileges we run from a read-only
   detached mount of it; where the user could write the file, from a sealed copy in memory; else nobody inside can write it anyway. */
#include "step.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

enum { SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

static const char self_exe[] = "/proc/self/exe";

bool image_is_protected(void)
{
  struct statvfs fs;
  cleanup_fd int fd = open(self_exe, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return false;
  return (fcntl(fd, F_GET_SEALS) & SEALS) == SEALS || (fstatvfs(fd, &fs) == 0 && (fs.f_flag & ST_RDONLY) != 0) ||
         (geteuid() != 0 && faccessat(AT_FDCWD, self_exe, W_OK, AT_EACCESS) < 0);
}

static int detached_mount(void)
{
  struct mount_attr read_only = { .attr_set = MOUNT_ATTR_RDONLY };
  cleanup_fd int fd = (int)syscall(SYS_open_tree, AT_FDCWD, self_exe, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  if (fd < 0 || syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &read_only, sizeof(read_only)) < 0)
    return -1;
  return steal_fd(&fd);
}

static int sealed_copy(void)
{
  struct stat st;
  cleanup_fd int image = open(self_exe, O_RDONLY | O_CLOEXEC);
  cleanup_fd int copy = memfd_create("hardway", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (image < 0 || copy < 0 || fstat(image, &st) < 0)
    return -1;
  for (off_t left = st.st_size; left > 0;) {
    ssize_t n = sendfile(copy, image, NULL, (size_t)left);
    if (n <= 0)
      return -1;
    left -= n;
  }
  return fchmod(copy, 0700) < 0 || fcntl(copy, F_ADD_SEALS, SEALS) < 0 ? -1 : steal_fd(&copy);
}

int image_protect(char **argv)
{
  if (image_is_protected())
    return 0;
  cleanup_fd int fd = detached_mount();
  if (fd < 0)
    fd = sealed_copy();
  if (fd >= 0)
    syscall(SYS_execveat, fd, "", argv, environ, AT_EMPTY_PATH);
  return -1;
}

int step_protect(struct context *ctx, const struct step *step)
{
  (void)step;
  return image_is_protected() ? 0 : fail(ctx, EPERM, "the image of this program can be written");
}
