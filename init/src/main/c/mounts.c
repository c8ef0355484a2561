/* Mount steps. A target inside the root is a descriptor before it is mounted on, so what it was resolved to is what is covered. */
#include "step.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

/* sys/mount.h and linux/mount.h cannot be had together. */
int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);
int umount2(const char *target, int flags);
enum { UNMOUNT_DETACH = 2 };

/* Depths of `bind`: all below comes along, with the attributes or as it is; or the descriptor's mount, which is nowhere yet, itself. */
enum { WHOLE = 1, WHOLE_AS_IT_IS = 2, ITSELF = 3 };

enum { CREATE_LIKE_SOURCE = 3, PLACE_MODE_DIRECTORY = 0755, PLACE_MODE_FILE = 0644 };

static int open_tree_clone(int dir, const char *path, bool recursive)
{
  unsigned flags =
      OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (recursive ? AT_RECURSIVE : 0) | (*path == '\0' ? AT_EMPTY_PATH : 0);
  return (int)syscall(SYS_open_tree, dir, path, flags);
}

static int set_attributes(int fd, bool recursive, const struct mount_attr *attributes)
{
  return (int)syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), attributes,
                      sizeof(*attributes));
}

static int attach(int tree, int target)
{
  return (int)syscall(SYS_move_mount, tree, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

static int open_target(int dir, const char *path, int64_t create)
{
  return open_place(dir, path, (enum place)create, create == PLACE_FILE ? PLACE_MODE_FILE : PLACE_MODE_DIRECTORY);
}

/* mount(2) knows paths only. Where there is no /proc in this root, the place is made the current directory; not otherwise, since options
   may hold paths that are relative to it. */
static int mount_at(int place, const char *source, const char *type, unsigned long flags, const char *data)
{
  if (mount(source, fd_path(place).text, type, flags, data) == 0)
    return 0;
  if (errno != ENOENT)
    return -1;
  cleanup_fd int cwd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (cwd < 0 || fchdir(place) < 0)
    return -1;
  int result = mount(source, ".", type, flags, data), error = errno;
  if (fchdir(cwd) < 0)
    return -1;
  errno = error;
  return result;
}

int step_mount(struct context *ctx, const struct step *step)
{
  int dir = operand_dir(ctx, step, 0);
  const char *source = operand_text(ctx, step, 1), *target = operand_text(ctx, step, 2),
             *type = operand_text(ctx, step, 3);
  unsigned long flags = (unsigned long)operand_int(ctx, step, 4);
  const char *data = operand_text(ctx, step, 5);
  if (dir == -1)
    return -1;
  cleanup_fd int place = open_target(dir, target, operand_int(ctx, step, 6));
  if (place < 0)
    return fail(ctx, errno, "the mount point %s", target);
  if (mount_at(place, source, *type == '\0' ? NULL : type, flags, *data == '\0' ? NULL : data) < 0)
    return fail(ctx, errno, "%s on %s%s%s", type, target, *data == '\0' ? "" : " with ", data);
  return 0;
}

int step_bind(struct context *ctx, const struct step *step)
{
  int dir = operand_dir(ctx, step, 0), source = operand_fd(ctx, step, 1);
  const char *source_path = operand_text(ctx, step, 2), *target = operand_text(ctx, step, 3);
  int64_t depth = operand_int(ctx, step, 4);
  int userns = operand_fd(ctx, step, 8);
  int64_t create = operand_int(ctx, step, 9);
  struct mount_attr attributes = {
    .attr_set = (uint64_t)operand_int(ctx, step, 5) | (userns >= 0 ? MOUNT_ATTR_IDMAP : 0),
    .attr_clr = (uint64_t)operand_int(ctx, step, 6),
    .propagation = (uint64_t)operand_int(ctx, step, 7),
    .userns_fd = userns >= 0 ? (uint64_t)userns : 0,
  };
  if (dir == -1)
    return -1;
  if (depth < 0 || depth > ITSELF || (depth == ITSELF && source < 0))
    return fail(ctx, EINVAL, "depth %lld", (long long)depth);
  if (source < 0 && !operand_is_none(step, 1))
    return fail(ctx, EBADF, "the source was not opened");
  cleanup_fd int tree = depth == ITSELF ? fcntl(source, F_DUPFD_CLOEXEC, 3)
                        : source >= 0   ? open_tree_clone(source, "", depth != 0)
                                        : open_tree_clone(AT_FDCWD, source_path, depth != 0);
  if (tree < 0)
    return fail(ctx, errno, "the source %s", source_path);
  struct stat st;
  if (create == CREATE_LIKE_SOURCE)
    create = fstat(tree, &st) == 0 && S_ISDIR(st.st_mode) ? PLACE_DIRECTORY : PLACE_FILE;
  cleanup_fd int place = open_target(dir, target, create);
  if (place < 0)
    return fail(ctx, errno, "the mount point %s", target);
  if ((attributes.attr_set | attributes.attr_clr | attributes.propagation) != 0 &&
      set_attributes(tree, depth == WHOLE, &attributes) < 0)
    return fail(ctx, errno, "the attributes of %s on %s%s", source_path, target,
                userns >= 0 ? ", with mapped ids" : "");
  return attach(tree, place) < 0 ? fail(ctx, errno, "%s on %s", source_path, target) : 0;
}

/* What only root of the host may do to a mount that a process in a user namespace will attach. */
int step_clone_mount(struct context *ctx, const struct step *step)
{
  const char *source = operand_text(ctx, step, 0);
  bool whole = operand_int(ctx, step, 1) != 0;
  int userns = operand_fd(ctx, step, 5);
  if (userns < 0 && !operand_is_none(step, 5))
    return fail(ctx, EBADF, "the user namespace was not opened");
  struct mount_attr attributes = {
    .attr_set = (uint64_t)operand_int(ctx, step, 2) | (userns >= 0 ? MOUNT_ATTR_IDMAP : 0),
    .attr_clr = (uint64_t)operand_int(ctx, step, 3),
    .propagation = (uint64_t)operand_int(ctx, step, 4),
    .userns_fd = userns >= 0 ? (uint64_t)userns : 0,
  };
  cleanup_fd int tree = open_tree_clone(AT_FDCWD, source, whole);
  if (tree < 0)
    return fail(ctx, errno, "the source %s", source);
  if (set_attributes(tree, whole, &attributes) < 0)
    return fail(ctx, errno, "the attributes of %s%s", source, userns >= 0 ? ", with mapped ids" : "");
  output_fd(ctx, step, 6, steal_fd(&tree));
  return 0;
}

int step_propagation(struct context *ctx, const struct step *step)
{
  const char *path = operand_text(ctx, step, 0);
  return mount(NULL, path, NULL, (unsigned long)operand_int(ctx, step, 1), NULL) < 0 ? fail(ctx, errno, "%s", path) : 0;
}

int step_mount_attr(struct context *ctx, const struct step *step)
{
  int dir = operand_dir(ctx, step, 0);
  const char *target = operand_text(ctx, step, 1);
  struct mount_attr attributes = {
    .attr_set = (uint64_t)operand_int(ctx, step, 3),
    .attr_clr = (uint64_t)operand_int(ctx, step, 4),
    .propagation = (uint64_t)operand_int(ctx, step, 5),
  };
  if (dir == -1)
    return -1;
  cleanup_fd int place = open_inside(dir, target, O_PATH, 0);
  if (place < 0 || set_attributes(place, operand_int(ctx, step, 2) != 0, &attributes) < 0)
    return fail(ctx, errno, "%s", target);
  return 0;
}

int step_umount(struct context *ctx, const struct step *step)
{
  const char *path = operand_text(ctx, step, 0);
  return umount2(path, (int)operand_int(ctx, step, 1)) < 0 ? fail(ctx, errno, "%s", path) : 0;
}

int step_pivot_root(struct context *ctx, const struct step *step)
{
  const char *path = operand_text(ctx, step, 0);
  cleanup_fd int old_root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (old_root < 0 || chdir(path) < 0)
    return fail(ctx, errno, "%s", path);
  /* The old root goes over the new one, where it is taken away; without propagation, or the host's mounts would go with it. */
  if (syscall(SYS_pivot_root, ".", ".") < 0)
    return fail(ctx, errno, "%s is to become the root", path);
  if (fchdir(old_root) < 0 || mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL) < 0 || umount2(".", UNMOUNT_DETACH) < 0 ||
      chdir("/") < 0)
    return fail(ctx, errno, "detaching the old root");
  return 0;
}

int step_chroot(struct context *ctx, const struct step *step)
{
  int dir = operand_fd(ctx, step, 0);
  if (dir < 0)
    return fail(ctx, EBADF, "the directory was not opened");
  return fchdir(dir) < 0 || chroot(".") < 0 ? fail(ctx, errno, NULL) : 0;
}

/* What a mask must not be taken for: somebody else's file at /dev/null. */
static int open_null(void)
{
  struct stat st;
  cleanup_fd int fd = open("/dev/null", O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || fstat(fd, &st) < 0)
    return -1;
  if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3)) {
    errno = ENODEV;
    return -1;
  }
  return open_tree_clone(fd, "", false);
}

static bool is_missing(int error)
{
  return error == ENOENT || error == ENOTDIR;
}

int step_mask(struct context *ctx, const struct step *step)
{
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1);
  struct stat st;
  if (dir == -1)
    return -1;
  cleanup_fd int place = open_inside(dir, path, O_PATH, 0);
  if (place < 0 && is_missing(errno))
    return 0;
  if (place < 0 || fstat(place, &st) < 0)
    return fail(ctx, errno, "%s", path);
  if (S_ISDIR(st.st_mode)) {
    unsigned long flags = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
    return mount_at(place, "tmpfs", "tmpfs", flags, "nr_inodes=1,mode=555") < 0 ? fail(ctx, errno, "%s", path) : 0;
  }
  cleanup_fd int null = open_null();
  /* It is the host's file: what is read-only takes no mode, owner or times from inside, and is written to as before. */
  struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY };
  if (null < 0 || set_attributes(null, false, &attributes) < 0)
    return fail(ctx, errno, "/dev/null");
  return attach(null, place) < 0 ? fail(ctx, errno, "/dev/null on %s", path) : 0;
}

int step_read_only(struct context *ctx, const struct step *step)
{
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1);
  struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY };
  if (dir == -1)
    return -1;
  cleanup_fd int place = open_inside(dir, path, O_PATH, 0);
  if (place < 0 && is_missing(errno))
    return 0;
  if (place < 0)
    return fail(ctx, errno, "%s", path);
  cleanup_fd int tree = open_tree_clone(place, "", true);
  if (tree < 0 || set_attributes(tree, true, &attributes) < 0 || attach(tree, place) < 0)
    return fail(ctx, errno, "%s", path);
  return 0;
}

int step_device(struct context *ctx, const struct step *step)
{
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1), *host_path = operand_text(ctx, step, 2);
  struct stat st;
  if (dir == -1)
    return -1;
  cleanup_fd int tree = open_tree_clone(AT_FDCWD, host_path, false);
  if (tree < 0 || fstat(tree, &st) < 0)
    return fail(ctx, errno, "%s", host_path);
  if (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode))
    return fail(ctx, ENODEV, "%s is no device", host_path);
  cleanup_fd int place = open_target(dir, path, PLACE_FILE);
  if (place < 0)
    return fail(ctx, errno, "%s", path);
  return attach(tree, place) < 0 ? fail(ctx, errno, "%s on %s", host_path, path) : 0;
}
