/* Steps on files; docs/plan-format.md, "Files". */
#include "io.h"
#include "step.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

enum { SHOWN_DATA = 80, MAX_PAUSE_MS = 20 };

/* Bits that mkdir(2) leaves out. */
enum { SET_IDS = S_ISUID | S_ISGID };

int step_mkdir(struct context *ctx, const struct step *step)
{
  char name[NAME_MAX + 1];
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1);
  mode_t mode = (mode_t)operand_int(ctx, step, 2);
  uid_t uid = (uid_t)operand_int(ctx, step, 3);
  gid_t gid = (gid_t)operand_int(ctx, step, 4);
  if (dir == -1)
    return -1;
  cleanup_fd int parent = open_parent(dir, path, name);
  if (parent < 0 || mkdirat(parent, name, mode) < 0)
    return fail(ctx, errno, "%s", path);
  if ((uid != (uid_t)-1 || gid != (gid_t)-1) && fchownat(parent, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0)
    return fail(ctx, errno, "%s: owner %u:%u", path, uid, gid);
  if (mode & SET_IDS) {
    cleanup_fd int made = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (made < 0 || fchmod(made, mode) < 0)
      return fail(ctx, errno, "%s: mode %04o", path, mode);
  }
  return 0;
}

int step_mkdirs(struct context *ctx, const struct step *step)
{
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1);
  if (dir == -1)
    return -1;
  cleanup_fd int made = open_place(dir, path, PLACE_DIRECTORY, (mode_t)operand_int(ctx, step, 2));
  return made < 0 ? fail(ctx, errno, "%s", path) : 0;
}

/* Opens; what is created is not reached through a link at its last component. */
static int open_for_step(int dir, const char *path, int flags, mode_t mode)
{
  char name[NAME_MAX + 1];
  flags |= O_CLOEXEC | (flags & O_PATH ? 0 : O_NOCTTY);
  if (!(flags & O_CREAT))
    return open_inside(dir, path, flags, mode);
  cleanup_fd int parent = open_parent(dir, path, name);
  return parent < 0 ? -1 : openat(parent, name, flags | O_NOFOLLOW, mode);
}

/* Data as people can read it in a report: short text, else its length. */
static const char *shown(struct context *ctx, struct bytes data)
{
  size_t length = data.length;
  while (length > 0 && data.data[length - 1] == '\n')
    length--;
  bool printable = length <= SHOWN_DATA;
  for (size_t i = 0; printable && i < length; i++)
    printable = isprint((unsigned char)data.data[i]);
  return printable ? scratch_printf(ctx, "`%.*s`", (int)length, data.data)
                   : scratch_printf(ctx, "%zu bytes", data.length);
}

static int write_once(struct context *ctx, int fd, struct bytes data, const char *place)
{
  ssize_t n;
  do
    n = write(fd, data.data, data.length);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    return fail(ctx, errno, "writing %s to %s", shown(ctx, data), place);
  return (size_t)n == data.length ? 0 : fail(ctx, EIO, "%s took %zd of %zu bytes", place, n, data.length);
}

/* In the place of what is in a file: room for it is there before anything of that is lost. O_TRUNC would empty a file that a full disk then keeps empty. */
static int overwrite(struct context *ctx, int fd, struct bytes data, const char *place)
{
  struct stat st;
  int reserved = 0;
  if (fstat(fd, &st) < 0)
    return fail(ctx, errno, "%s", place);
  while (S_ISREG(st.st_mode) && st.st_size > 0 && data.length > 0 &&
         (reserved = fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)data.length)) < 0 && errno == EINTR)
    ;
  if (reserved < 0 && errno != EOPNOTSUPP && errno != ENOSYS)
    return fail(ctx, errno, "room for %s in %s", shown(ctx, data), place);
  if (data.length > 0 && write_once(ctx, fd, data, place) < 0)
    return -1;
  return st.st_size > (off_t)data.length && ftruncate(fd, (off_t)data.length) < 0 ? fail(ctx, errno, "%s", place) : 0;
}

int step_write(struct context *ctx, const struct step *step)
{
  int flags = (int)operand_int(ctx, step, 2);
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1);
  struct bytes data = operand_bytes(ctx, step, 4);
  if (dir == -1)
    return -1;
  cleanup_fd int fd = open_for_step(dir, path, flags & ~O_TRUNC, (mode_t)operand_int(ctx, step, 3));
  if (fd < 0)
    return fail(ctx, errno, "opening %s to write %s", path, shown(ctx, data));
  if (flags & O_TRUNC)
    return overwrite(ctx, fd, data, path);
  return data.length == 0 ? 0 : write_once(ctx, fd, data, path);
}

int replace_file(struct context *ctx, const char *path, mode_t mode, struct bytes data)
{
  const char *aside = scratch_printf(ctx, "%s.new", path);
  cleanup_fd int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, mode);
  if (fd < 0 || fchmod(fd, mode) < 0 || write_full(fd, data.data, data.length) < 0)
    return fail(ctx, errno, "writing %s", aside);
  return rename(aside, path) < 0 ? fail(ctx, errno, "renaming %s to %s", aside, path) : 0;
}

int step_replace(struct context *ctx, const struct step *step)
{
  return replace_file(ctx, operand_text(ctx, step, 0), (mode_t)operand_int(ctx, step, 1), operand_bytes(ctx, step, 2));
}

int step_open(struct context *ctx, const struct step *step)
{
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1);
  if (dir == -1)
    return -1;
  int fd = open_for_step(dir, path, (int)operand_int(ctx, step, 2), (mode_t)operand_int(ctx, step, 3));
  if (fd < 0)
    return fail(ctx, errno, "%s", path);
  output_fd(ctx, step, 4, fd);
  return 0;
}

int step_close(struct context *ctx, const struct step *step)
{
  int fd = operand_fd(ctx, step, 0);
  if (fd < 0)
    return 0;
  ctx->slots[operand_slot(step, 0)].number = -1;
  return close(fd) < 0 ? fail(ctx, errno, NULL) : 0;
}

int step_symlink(struct context *ctx, const struct step *step)
{
  char name[NAME_MAX + 1];
  int dir = operand_dir(ctx, step, 0);
  const char *target = operand_text(ctx, step, 1), *path = operand_text(ctx, step, 2);
  if (dir == -1)
    return -1;
  cleanup_fd int parent = open_parent(dir, path, name);
  if (parent < 0 || symlinkat(target, parent, name) < 0)
    return fail(ctx, errno, "%s to %s", path, target);
  return 0;
}

int step_mknod(struct context *ctx, const struct step *step)
{
  char name[NAME_MAX + 1];
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1);
  mode_t mode = (mode_t)operand_int(ctx, step, 2);
  dev_t device = makedev((unsigned)operand_int(ctx, step, 3), (unsigned)operand_int(ctx, step, 4));
  if (dir == -1)
    return -1;
  cleanup_fd int parent = open_parent(dir, path, name);
  if (parent < 0 || mknodat(parent, name, mode, device) < 0)
    return fail(ctx, errno, "%s, device %u:%u", path, major(device), minor(device));
  if (fchownat(parent, name, (uid_t)operand_int(ctx, step, 5), (gid_t)operand_int(ctx, step, 6), AT_SYMLINK_NOFOLLOW) <
      0)
    return fail(ctx, errno, "the owner of %s", path);
  return 0;
}

int step_chown(struct context *ctx, const struct step *step)
{
  char name[NAME_MAX + 1];
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1);
  uid_t uid = (uid_t)operand_int(ctx, step, 2);
  gid_t gid = (gid_t)operand_int(ctx, step, 3);
  if (dir == -1)
    return -1;
  cleanup_fd int parent = open_parent(dir, path, name);
  if (parent < 0 || fchownat(parent, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0)
    return fail(ctx, errno, "%s to %d:%d", path, (int)uid, (int)gid);
  return 0;
}

int step_chmod(struct context *ctx, const struct step *step)
{
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1);
  mode_t mode = (mode_t)operand_int(ctx, step, 2);
  if (dir == -1)
    return -1;
  cleanup_fd int fd = open_inside(dir, path, O_PATH, 0);
  if (fd < 0)
    return fail(ctx, errno, "%s", path);
  if (syscall(SYS_fchmodat2, fd, "", mode, AT_EMPTY_PATH) == 0)
    return 0;
  /* Linux before 6.6 changes the mode of a path only. */
  if (errno != ENOSYS || chmod(fd_path(fd).text, mode) < 0)
    return fail(ctx, errno, "%s to %04o", path, mode);
  return 0;
}

int step_rename(struct context *ctx, const struct step *step)
{
  const char *from = operand_text(ctx, step, 0), *to = operand_text(ctx, step, 1);
  return rename(from, to) < 0 ? fail(ctx, errno, "%s to %s", from, to) : 0;
}

static int unlink_inside(struct context *ctx, const struct step *step, int flags)
{
  char name[NAME_MAX + 1];
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1);
  if (dir == -1)
    return -1;
  cleanup_fd int parent = open_parent(dir, path, name);
  if (parent < 0 || unlinkat(parent, name, flags) < 0)
    return fail(ctx, errno, "%s", path);
  return 0;
}

int step_unlink(struct context *ctx, const struct step *step)
{
  return unlink_inside(ctx, step, 0);
}

/* A name that is somebody else's by now stays. */
int step_unlink_link(struct context *ctx, const struct step *step)
{
  const char *path = operand_text(ctx, step, 0), *target = operand_text(ctx, step, 1);
  char found[PATH_MAX];
  ssize_t length = readlink(path, found, sizeof(found));
  bool ours = length == (ssize_t)strlen(target) && memcmp(found, target, (size_t)length) == 0;
  if (length < 0 ? errno != ENOENT && errno != EINVAL : ours && unlink(path) < 0 && errno != ENOENT)
    return fail(ctx, errno, "%s", path);
  return 0;
}

int step_rmdir(struct context *ctx, const struct step *step)
{
  return unlink_inside(ctx, step, AT_REMOVEDIR);
}

/* Finds what follows `key ` on its line; NULL where there is no such line. */
static char *value_of(char *text, const char *key)
{
  size_t length = strlen(key);
  for (char *line = text; line != NULL; line = strchr(line, '\n'), line = line == NULL ? NULL : line + 1) {
    if (strncmp(line, key, length) != 0 || (line[length] != ' ' && line[length] != '\t'))
      continue;
    char *end = strchr(line, '\n');
    if (end != NULL)
      *end = '\0';
    return line + length + 1;
  }
  return NULL;
}

static char *trimmed(char *text)
{
  while (isspace((unsigned char)*text))
    text++;
  char *end = text + strlen(text);
  while (end > text && isspace((unsigned char)end[-1]))
    *--end = '\0';
  return text;
}

char *read_value(struct context *ctx, int dir, const char *path, const char *key)
{
  char buffer[4096];
  cleanup_fd int fd = open_inside(dir, path, O_RDONLY | O_NOCTTY, 0);
  if (fd < 0)
    return NULL;
  ssize_t n = read_full(fd, buffer, sizeof(buffer));
  if (n < 0)
    return NULL;
  char *text = scratch_alloc(ctx, SLOT_MAX_TEXT);
  memcpy(text, buffer, (size_t)n);
  ssize_t more = n < (ssize_t)sizeof(buffer) ? 0 : read_full(fd, text + n, SLOT_MAX_TEXT - (size_t)n);
  if (more < 0)
    return NULL;
  if (n + more == SLOT_MAX_TEXT) {
    errno = EFBIG;
    return NULL;
  }
  text[n + more] = '\0';
  if (*key != '\0' && (text = value_of(text, key)) == NULL) {
    errno = ENOMSG;
    return NULL;
  }
  return trimmed(text);
}

int step_read(struct context *ctx, const struct step *step)
{
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1), *key = operand_text(ctx, step, 2);
  if (dir == -1)
    return -1;
  const char *value = read_value(ctx, dir, path, key);
  if (value == NULL)
    return fail(ctx, errno, "%s%s%s", path, *key != '\0' ? ": " : "", key);
  output_text(ctx, step, 3, value);
  return 0;
}

int step_await(struct context *ctx, const struct step *step)
{
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1), *key = operand_text(ctx, step, 2),
             *wanted = operand_text(ctx, step, 3);
  uint64_t deadline = clock_ns() + (uint64_t)operand_int(ctx, step, 4) * 1000000;
  struct scratch *operands = ctx->scratch;
  if (dir == -1)
    return -1;
  for (int64_t pause = 0;; pause = pause * 2 + 1 > MAX_PAUSE_MS ? MAX_PAUSE_MS : pause * 2 + 1) {
    ctx->scratch = NULL;
    const char *value = read_value(ctx, dir, path, key);
    int error = errno;
    bool done = value != NULL && strcmp(value, wanted) == 0;
    int64_t left = remaining_ms(deadline);
    int result = 1;
    if (value == NULL)
      result = fail(ctx, error, "%s", path);
    else if (!done && left == 0)
      result = fail(ctx, ETIMEDOUT, "%s says `%s`, not `%s`", path, value, wanted);
    scratch_free(ctx);
    ctx->scratch = operands;
    if (done || result < 0)
      return done ? 0 : -1;
    if (wait_for(ctx, -1, 0, pause < left ? pause : left) < 0)
      return -1;
  }
}

int step_write_fd(struct context *ctx, const struct step *step)
{
  int fd = operand_fd(ctx, step, 0);
  if (fd < 0)
    return fail(ctx, EBADF, "the file was not opened");
  return write_once(ctx, fd, operand_bytes(ctx, step, 1), "the open file");
}

int step_clock(struct context *ctx, const struct step *step)
{
  struct timespec now;
  struct tm tm;
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &tm);
  output_text(ctx, step, 0,
              scratch_printf(ctx, "%04d-%02d-%02dT%02d:%02d:%02d.%09ldZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                             tm.tm_hour, tm.tm_min, tm.tm_sec, now.tv_nsec));
  return 0;
}

int step_pipe(struct context *ctx, const struct step *step)
{
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0)
    return fail(ctx, errno, NULL);
  output_fd(ctx, step, 0, ends[0]);
  output_fd(ctx, step, 1, ends[1]);
  return 0;
}

int step_print(struct context *ctx, const struct step *step)
{
  const char *text = operand_text(ctx, step, 1);
  return write_full((int)operand_int(ctx, step, 0), text, strlen(text)) < 0 ? fail(ctx, errno, NULL) : 0;
}
