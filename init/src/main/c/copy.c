/* The step `copy-up`: what an image has at a place goes into the file system that covers it. */
#include "step.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

enum { MAX_DEPTH = 100 };

static int copy_content(struct context *ctx, int from, int to, int depth);

static int copy_file(int from, int to, const char *name, const struct stat *st)
{
  cleanup_fd int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  cleanup_fd int out = in < 0 ? -1 : openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  ssize_t n = out < 0 ? -1 : 1;
  while (n > 0)
    n = sendfile(out, in, NULL, 1 << 20);
  return n < 0 || fchown(out, st->st_uid, st->st_gid) < 0 || fchmod(out, st->st_mode & 07777) < 0 ? -1 : 0;
}

static int copy_link(int from, int to, const char *name)
{
  char target[PATH_MAX];
  ssize_t length = readlinkat(from, name, target, sizeof(target) - 1);
  if (length < 0)
    return -1;
  target[length] = '\0';
  return symlinkat(target, to, name);
}

/* The mode and owner come last: a directory may be closed even to its owner. */
static int copy_directory(struct context *ctx, int from, int to, const char *name, const struct stat *st, int depth)
{
  cleanup_fd int in = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (in < 0 || mkdirat(to, name, 0700) < 0)
    return fail(ctx, errno, "%s", name);
  cleanup_fd int out = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (out < 0)
    return fail(ctx, errno, "%s", name);
  if (copy_content(ctx, in, out, depth + 1) < 0)
    return -1;
  return fchown(out, st->st_uid, st->st_gid) < 0 || fchmod(out, st->st_mode & 07777) < 0 ? fail(ctx, errno, "%s", name)
                                                                                         : 0;
}

static int copy_entry(struct context *ctx, int from, int to, const char *name, int depth)
{
  struct stat st;
  if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
    return fail(ctx, errno, "%s", name);
  if (S_ISSOCK(st.st_mode))
    return 0; /* of a process that is not here */
  if (S_ISDIR(st.st_mode))
    return copy_directory(ctx, from, to, name, &st, depth);
  int result;
  if (S_ISREG(st.st_mode))
    result = copy_file(from, to, name, &st);
  else if (S_ISLNK(st.st_mode))
    result = copy_link(from, to, name);
  else
    result = mknodat(to, name, st.st_mode, st.st_rdev);
  if (result == 0 && !S_ISREG(st.st_mode))
    result = fchownat(to, name, st.st_uid, st.st_gid, AT_SYMLINK_NOFOLLOW);
  return result < 0 ? fail(ctx, errno, "%s", name) : 0;
}

static int copy_content(struct context *ctx, int from, int to, int depth)
{
  if (depth > MAX_DEPTH)
    return fail(ctx, ELOOP, "more than %d levels of directories", MAX_DEPTH);
  cleanup_dir DIR *dir = fdopendir(fcntl(from, F_DUPFD_CLOEXEC, 3));
  if (dir == NULL)
    return fail(ctx, errno, "reading a directory");
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
        copy_entry(ctx, from, to, entry->d_name, depth) < 0)
      return -1;
  return 0;
}

static bool is_empty(int fd)
{
  cleanup_dir DIR *dir = fdopendir(fcntl(fd, F_DUPFD_CLOEXEC, 3));
  for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      return false;
  return dir != NULL;
}

int step_copy_up(struct context *ctx, const struct step *step)
{
  int source = operand_is_none(step, 0) ? AT_FDCWD : operand_fd(ctx, step, 0), dir = operand_dir(ctx, step, 2);
  const char *from = operand_text(ctx, step, 1), *path = operand_text(ctx, step, 3);
  struct stat st;
  if (dir == -1)
    return -1;
  if (source == -1)
    return 0; /* the root has nothing there */
  cleanup_fd int in = open_inside(source, from, O_RDONLY | O_DIRECTORY, 0);
  if (in < 0 || fstat(in, &st) < 0)
    return fail(ctx, errno, "%s", from);
  cleanup_fd int out = open_inside(dir, path, O_RDONLY | O_DIRECTORY, 0);
  if (out < 0)
    return fail(ctx, errno, "%s", path);
  if (!is_empty(out))
    return 0;
  if (copy_content(ctx, in, out, 0) < 0) {
    struct failure inner = ctx->failure;
    return fail(ctx, inner.error, "copying %s to %s: %s", from, path, inner.detail);
  }
  return fchown(out, st.st_uid, st.st_gid) < 0 || fchmod(out, st.st_mode & 07777) < 0 ? fail(ctx, errno, "%s", path)
                                                                                      : 0;
}
