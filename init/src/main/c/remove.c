/* The step `remove-tree`: whatever a container left, of any depth and with any names and modes. */
#include "io.h"
#include "run.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* Directories deeper than this are moved up to the top first: a descriptor is open for each level. */
enum { MAX_DEPTH = 64 };

struct removal {
  int top;
  unsigned moved;
};

/* A directory below another one in the same mount; EXDEV where something is mounted on it. Where it is ours but closed to us, it is opened up. */
static int open_below(int parent, const char *name)
{
  struct open_how how = { .flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, .resolve = RESOLVE_NO_XDEV };
  if (geteuid() != 0) {
    cleanup_fd int place = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (place >= 0)
      chmod(fd_path(place).text, 0700);
  }
  return (int)syscall(SYS_openat2, parent, name, &how, sizeof(how));
}

/* The next free name at the top. */
static int move_up(struct removal *removal, int parent, const char *name)
{
  for (;;) {
    char up[32];
    snprintf(up, sizeof(up), ".deep-%u", removal->moved++);
    if (syscall(SYS_renameat2, parent, name, removal->top, up, 1 /* RENAME_NOREPLACE */) == 0)
      return 0;
    if (errno != EEXIST || removal->moved == 0)
      return -1;
  }
}

static int empty(struct context *ctx, struct removal *removal, int fd, int depth);

static int remove_entry(struct context *ctx, struct removal *removal, int parent, const struct dirent *entry, int depth)
{
  const char *name = entry->d_name;
  if (entry->d_type != DT_DIR) {
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
      return 0;
    if (errno != EISDIR)
      return fail(ctx, errno, "%s%s", name, errno == EBUSY ? ": something is mounted there" : "");
  }
  cleanup_fd int fd = open_below(parent, name);
  if (fd < 0)
    return errno == ENOENT ? 0 : fail(ctx, errno, "%s%s", name, errno == EXDEV ? ": something is mounted there" : "");
  if (depth == MAX_DEPTH)
    return move_up(removal, parent, name) < 0 ? fail(ctx, errno, "moving %s up", name) : 0;
  if (empty(ctx, removal, fd, depth + 1) < 0)
    return -1;
  return unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT ? fail(ctx, errno, "%s", name) : 0;
}

/* Removes all entries; again, while there are some: what is moved up may be missed by the first reading. */
static int empty(struct context *ctx, struct removal *removal, int fd, int depth)
{
  cleanup_dir DIR *dir = fdopendir(fcntl(fd, F_DUPFD_CLOEXEC, 3));
  if (dir == NULL)
    return fail(ctx, errno, "reading a directory");
  for (bool found = true; found;) {
    found = false;
    rewinddir(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
      if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
        continue;
      found = true;
      if (remove_entry(ctx, removal, fd, entry, depth) < 0)
        return -1;
    }
  }
  return 0;
}

/* Empties the directory that the place (O_PATH) is. */
static int empty_place(struct context *ctx, int place)
{
  cleanup_fd int top = open_below(place, ".");
  if (top < 0)
    return fail(ctx, errno, "the directory");
  struct removal removal = { .top = top };
  return empty(ctx, &removal, top, 0);
}

/* In the user namespace whose ids own the files: when they have been mapped. */
static __attribute__((noreturn)) void empty_mapped(struct context *ctx, int place, int mapped, int report)
{
  char ready;
  if (read_full(mapped, &ready, 1) != 1)
    _exit(1);
  ctx->failure = (struct failure){ 0 };
  if ((setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0) && errno != EINVAL)
    fail(ctx, errno, "becoming user 0 of the user namespace");
  else if (empty_place(ctx, place) == 0)
    _exit(0);
  (void)!write(report, &ctx->failure, sizeof(ctx->failure));
  _exit(1);
}

/* Writes an id map: ourselves where we may, or with the system's helper for ids that were granted to the user. */
static int write_map(struct context *ctx, pid_t pid, const char *file, const char *helper_name, const char *map)
{
  char *path = scratch_printf(ctx, "/proc/%d/%s", pid, file);
  cleanup_fd int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return fail(ctx, errno, "%s", path);
  if (write(fd, map, strlen(map)) == (ssize_t)strlen(map))
    return 0;
  if (errno != EPERM)
    return fail(ctx, errno, "%s: `%s`", path, map);
  char *words = scratch_printf(ctx, "%s", map), *state;
  char **argv = scratch_alloc(ctx, (strlen(map) + 4) * sizeof(*argv));
  int count = 0, status;
  argv[count++] = (char *)(uintptr_t)helper_name;
  argv[count++] = scratch_printf(ctx, "%d", pid);
  for (char *word = strtok_r(words, " \t\n", &state); word != NULL; word = strtok_r(NULL, " \t\n", &state))
    argv[count++] = word;
  argv[count] = NULL;
  struct helper helper = { .argv = argv, .timeout_ms = 10000 };
  if (helper_run(ctx, &helper, &status) < 0)
    return -1;
  return status == 0 ? 0 : fail(ctx, 0, "%s ended with status %d", helper_name, status);
}

static int empty_with_maps(struct context *ctx, int place, const char *uid_map, const char *gid_map)
{
  int mapped[2], report[2], status;
  if (pipe2(mapped, O_CLOEXEC) < 0)
    return fail(ctx, errno, "pipe");
  cleanup_fd int waits = mapped[0];
  cleanup_fd int tells = mapped[1];
  if (pipe2(report, O_CLOEXEC) < 0)
    return fail(ctx, errno, "pipe");
  cleanup_fd int reads = report[0];
  cleanup_fd int writes = report[1];
  struct clone_args args = { .flags = CLONE_NEWUSER, .exit_signal = SIGCHLD };
  pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
  if (pid < 0)
    return fail(ctx, errno, "making a user namespace");
  if (pid == 0) {
    close(tells);
    empty_mapped(ctx, place, waits, writes);
  }
  close(steal_fd(&writes));
  int result = write_map(ctx, pid, "uid_map", "newuidmap", uid_map);
  if (result == 0)
    result = write_map(ctx, pid, "gid_map", "newgidmap", gid_map);
  if (result == 0 && write_full(tells, "", 1) < 0)
    result = fail(ctx, errno, "the process in the user namespace");
  close(steal_fd(&tells));
  struct failure failure;
  bool told = read_full(reads, &failure, sizeof(failure)) == sizeof(failure);
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    ;
  if (result < 0)
    return -1;
  if (told) {
    ctx->failure = failure;
    return -1;
  }
  return status == 0 ? 0 : fail(ctx, 0, "the process in the user namespace ended early");
}

static int remove_at(struct context *ctx, const char *path, const char *uid_map, const char *gid_map)
{
  char name[NAME_MAX + 1];
  cleanup_fd int parent = open_parent(AT_FDCWD, path, name);
  if (parent < 0)
    return errno == ENOENT ? 0 : fail(ctx, errno, "%s", path);
  if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
    return 0;
  if (errno != EISDIR)
    return fail(ctx, errno, "%s", path);
  cleanup_fd int place = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (place < 0)
    return fail(ctx, errno, "%s", path);
  /* User 0 of the host needs no maps to remove anything. */
  int result =
      *uid_map == '\0' || geteuid() == 0 ? empty_place(ctx, place) : empty_with_maps(ctx, place, uid_map, gid_map);
  if (result < 0) {
    struct failure inner = ctx->failure;
    return fail(ctx, inner.error, "%s: %s", path, inner.detail);
  }
  return unlinkat(parent, name, AT_REMOVEDIR) < 0 ? fail(ctx, errno, "%s", path) : 0;
}

int remove_tree(struct context *ctx, const char *path)
{
  return remove_at(ctx, path, "", "");
}

int step_remove_tree(struct context *ctx, const struct step *step)
{
  return remove_at(ctx, operand_text(ctx, step, 0), operand_text(ctx, step, 1), operand_text(ctx, step, 2));
}
