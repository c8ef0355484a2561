/* Places inside a directory: no path of the container's leads outside, whatever links its files hold and however they change meanwhile. */
#include "step.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { MAX_LINKS = 40, MAX_RACES = 1000, PARENT_MODE = 0755 };

int open_inside(int dir, const char *path, int flags, mode_t mode)
{
  flags |= O_CLOEXEC;
  if (dir == AT_FDCWD)
    return open(path, flags, mode);
  struct open_how how = {
    .flags = (uint64_t)(unsigned)flags,
    .mode = flags & (O_CREAT | __O_TMPFILE) ? mode : 0,
    .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
  };
  /* EAGAIN: something was renamed while `..` was being resolved. */
  for (int i = 0; i < MAX_RACES; i++) {
    int fd = (int)syscall(SYS_openat2, dir, *path == '\0' ? "." : path, &how, sizeof(how));
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
      return fd;
  }
  return -1;
}

/* Splits a path into the length of its parent and its last component. */
static int split(const char *path, size_t *parent, char name[NAME_MAX + 1])
{
  size_t end = strlen(path);
  while (end > 0 && path[end - 1] == '/')
    end--;
  size_t start = end;
  while (start > 0 && path[start - 1] != '/')
    start--;
  size_t length = end - start;
  if (length > NAME_MAX) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(name, path + start, length);
  name[length] = '\0';
  if (length == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
    errno = EINVAL;
    return -1;
  }
  *parent = start;
  return 0;
}

static char *parent_path(const char *path, size_t length)
{
  return length == 0 ? strdup(".") : strndup(path, length);
}

int open_parent(int dir, const char *path, char name[NAME_MAX + 1])
{
  size_t length;
  if (split(path, &length, name) < 0)
    return -1;
  cleanup_free char *parent = parent_path(path, length);
  return parent == NULL ? -1 : open_inside(dir, parent, O_PATH | O_DIRECTORY, 0);
}

static int open_or_make(int dir, const char *path, enum place kind, mode_t mode, int links);

/* What a dangling link at parent/name points to is made instead, inside the directory as everything. */
static int follow_and_make(int dir, int parent, const char *parent_text, const char *name, enum place kind, mode_t mode,
                           int links)
{
  char target[PATH_MAX];
  ssize_t length = readlinkat(parent, name, target, sizeof(target) - 1);
  if (length < 0)
    return -1;
  target[length] = '\0';
  if (target[0] == '/')
    return open_or_make(dir, target, kind, mode, links + 1);
  cleanup_free char *path = NULL;
  if (asprintf(&path, "%s/%s", parent_text, target) < 0)
    return -1;
  return open_or_make(dir, path, kind, mode, links + 1);
}

static int open_or_make(int dir, const char *path, enum place kind, mode_t mode, int links)
{
  int flags = O_PATH | (kind == PLACE_DIRECTORY ? O_DIRECTORY : 0);
  int place = open_inside(dir, path, flags, 0);
  if (place >= 0 || errno != ENOENT || kind == PLACE_EXISTING)
    return place;
  if (links > MAX_LINKS) {
    errno = ELOOP;
    return -1;
  }
  char name[NAME_MAX + 1];
  size_t length;
  if (split(path, &length, name) < 0)
    return -1;
  cleanup_free char *parent_text = parent_path(path, length);
  if (parent_text == NULL)
    return -1;
  cleanup_fd int parent = open_or_make(dir, parent_text, PLACE_DIRECTORY, PARENT_MODE, links);
  if (parent < 0)
    return -1;
  int made;
  if (kind == PLACE_DIRECTORY) {
    made = mkdirat(parent, name, mode);
  } else {
    cleanup_fd int file = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    made = file < 0 ? -1 : 0;
  }
  if (made < 0 && errno != EEXIST)
    return -1;
  place = openat(parent, name, flags | O_NOFOLLOW | O_CLOEXEC);
  struct stat st;
  if (made == 0 || (place >= 0 && fstat(place, &st) == 0 && !S_ISLNK(st.st_mode)))
    return place;
  if (place >= 0)
    close(place);
  return follow_and_make(dir, parent, parent_text, name, kind, mode, links);
}

int open_place(int dir, const char *path, enum place kind, mode_t mode)
{
  return open_or_make(dir, path, kind, mode, 0);
}

struct fd_path fd_path(int fd)
{
  struct fd_path path;
  snprintf(path.text, sizeof(path.text), "/proc/self/fd/%d", fd);
  return path;
}
