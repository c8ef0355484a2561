/* The loops on cgroups that only the executor can do: killing all of a group, and removing one that empties slowly. */
#include "io.h"
#include "step.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { KILL_TIMEOUT_MS = 10000, MAX_PAUSE_MS = 20, MAX_DEPTH = 64 };

/* A file that is called like the group is none, and was not made by us. */
static bool is_gone(int error)
{
  return error == ENOENT || error == ENOTDIR;
}

/* Does something in a group and all groups below it, those first; −1 ends it. */
typedef int visit_group(struct context *ctx, int parent, const char *name, int group, void *data);

static int walk_groups(struct context *ctx, int parent, const char *name, int depth, visit_group *visit, void *data)
{
  cleanup_fd int group = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (group < 0)
    return is_gone(errno) ? 0 : fail(ctx, errno, "%s", name);
  if (depth > MAX_DEPTH)
    return fail(ctx, ELOOP, "%s: more than %d levels of groups", name, MAX_DEPTH);
  cleanup_dir DIR *dir = fdopendir(fcntl(group, F_DUPFD_CLOEXEC, 3));
  if (dir == NULL)
    return fail(ctx, errno, "%s", name);
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
    if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
        walk_groups(ctx, group, entry->d_name, depth + 1, visit, data) < 0)
      return -1;
  return visit(ctx, parent, name, group, data);
}

struct pids {
  pid_t *pid;
  size_t count;
};

/* The processes of one group, without ourselves; none where the group is gone. */
static struct pids read_pids(struct context *ctx, int group)
{
  struct pids pids = { 0 };
  size_t room = 0;
  cleanup_fd int fd = openat(group, "cgroup.procs", O_RDONLY | O_CLOEXEC);
  FILE *file = fd < 0 ? NULL : fdopen(fd, "re");
  if (file == NULL)
    return pids;
  steal_fd(&fd);
  for (int pid; fscanf(file, "%d", &pid) == 1;) {
    if (pid <= 0 || pid == getpid())
      continue;
    if (pids.count == room) {
      room = room * 2 + 64;
      pid_t *more = scratch_alloc(ctx, room * sizeof(*more));
      if (pids.count > 0)
        memcpy(more, pids.pid, pids.count * sizeof(*more));
      pids.pid = more;
    }
    pids.pid[pids.count++] = pid;
  }
  fclose(file);
  return pids;
}

static bool has_pid(const struct pids *pids, pid_t pid)
{
  for (size_t i = 0; i < pids->count; i++)
    if (pids->pid[i] == pid)
      return true;
  return false;
}

/* Sends a signal to what a group holds; how many that is. A process that is in the group before and after its pidfd was opened is the one that
   the pidfd means. */
static size_t signal_members(struct context *ctx, int group, int signal)
{
  struct pids before = read_pids(ctx, group);
  int *pidfds = scratch_alloc(ctx, (before.count + 1) * sizeof(*pidfds));
  for (size_t i = 0; i < before.count; i++)
    pidfds[i] = (int)syscall(SYS_pidfd_open, before.pid[i], 0);
  struct pids after = before.count == 0 ? before : read_pids(ctx, group);
  for (size_t i = 0; i < before.count; i++) {
    if (pidfds[i] < 0)
      continue;
    if (has_pid(&after, before.pid[i]))
      syscall(SYS_pidfd_send_signal, pidfds[i], signal, NULL, 0);
    close(pidfds[i]);
  }
  return before.count;
}

/* Kills what a version 1 group holds, counting it, and lets frozen processes die. */
static int kill_members(struct context *ctx, int parent, const char *name, int group, void *data)
{
  (void)parent;
  *(size_t *)data += signal_members(ctx, group, SIGKILL);
  cleanup_fd int state = openat(group, "freezer.state", O_WRONLY | O_CLOEXEC);
  if (state >= 0 && write_full(state, "THAWED", 6) < 0 && errno != ENODEV)
    return fail(ctx, errno, "thawing %s", name);
  return 0;
}

/* One round over all hierarchies; whether anything was alive. */
static int kill_v1(struct context *ctx, char **directories, bool *alive)
{
  struct scratch *operands = ctx->scratch;
  size_t found = 0;
  int result = 0;
  ctx->scratch = NULL;
  for (char **directory = directories; *directory != NULL && result == 0; directory++)
    result = walk_groups(ctx, AT_FDCWD, *directory, 0, kill_members, &found);
  scratch_free(ctx);
  ctx->scratch = operands;
  *alive = found > 0;
  return result;
}

static int kill_v2(struct context *ctx, const char *directory, bool *alive)
{
  cleanup_fd int group = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  *alive = false;
  if (group < 0)
    return is_gone(errno) ? 0 : fail(ctx, errno, "%s", directory);
  const char *populated = read_value(ctx, group, "cgroup.events", "populated");
  if (populated == NULL)
    return errno == ENOENT || errno == ENODEV ? 0 : fail(ctx, errno, "%s/cgroup.events", directory);
  if (strcmp(populated, "0") == 0)
    return 0;
  *alive = true;
  cleanup_fd int fd = openat(group, "cgroup.kill", O_WRONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT)
    return fail(ctx, ENOSYS, "%s/cgroup.kill: Linux 5.14 is needed", directory);
  if (fd < 0 || write_full(fd, "1", 1) < 0)
    return errno == ENODEV ? 0 : fail(ctx, errno, "%s/cgroup.kill", directory);
  return 0;
}

static int signal_each(struct context *ctx, int parent, const char *name, int group, void *data)
{
  (void)parent;
  (void)name;
  signal_members(ctx, group, *(const int *)data);
  return 0;
}

int step_signal_group(struct context *ctx, const struct step *step)
{
  int signal = (int)operand_int(ctx, step, 1);
  return walk_groups(ctx, AT_FDCWD, operand_text(ctx, step, 0), 0, signal_each, &signal);
}

int step_kill_group(struct context *ctx, const struct step *step)
{
  char **directories = operand_list(ctx, step, 0);
  int64_t version = operand_int(ctx, step, 1);
  uint64_t deadline = clock_ns() + (uint64_t)KILL_TIMEOUT_MS * 1000000;
  int64_t pause = 0;
  for (;;) {
    bool alive = false;
    if (version == 1 && kill_v1(ctx, directories, &alive) < 0)
      return -1;
    for (char **directory = directories; version != 1 && *directory != NULL; directory++) {
      bool here;
      if (kill_v2(ctx, *directory, &here) < 0)
        return -1;
      alive |= here;
    }
    if (!alive)
      return 0;
    if (remaining_ms(deadline) == 0)
      return fail(ctx, ETIMEDOUT, "processes in %s cannot be killed", directories[0]);
    if (pause == 0)
      sched_yield(); /* what has been killed ends in microseconds */
    else if (wait_for(ctx, -1, 0, pause) < 0)
      return -1;
    pause = pause * 2 + 1 > MAX_PAUSE_MS ? MAX_PAUSE_MS : pause * 2 + 1;
  }
}

static int remove_group(struct context *ctx, int parent, const char *name, int group, void *data)
{
  (void)group;
  uint64_t deadline = *(uint64_t *)data;
  for (int64_t pause = 1; unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT;) {
    int error = errno;
    if (error != EBUSY || remaining_ms(deadline) == 0)
      return fail(ctx, error, "%s", name);
    if (wait_for(ctx, -1, 0, pause) < 0)
      return -1;
    pause = pause * 2 > MAX_PAUSE_MS ? MAX_PAUSE_MS : pause * 2;
  }
  return 0;
}

int step_remove_group(struct context *ctx, const struct step *step)
{
  const char *directory = operand_text(ctx, step, 0);
  uint64_t deadline = clock_ns() + (uint64_t)operand_int(ctx, step, 1) * 1000000;
  return walk_groups(ctx, AT_FDCWD, directory, 0, remove_group, &deadline);
}
