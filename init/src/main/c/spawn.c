/* The container process: how it comes to be, and which namespaces it is in. */
#include "step.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static pid_t clone_process(struct clone_args *args)
{
  return (pid_t)syscall(SYS_clone3, args, sizeof(*args));
}

/* While the process is ours, nobody inside may look into it: its memory and descriptors are the host's. Processes of a user namespace of
   its own stay dumpable until they give up privileges: their owner must be able to write their id maps and what they have in /proc. */
void make_undumpable(struct context *ctx)
{
  if (ctx->dumpable && ctx->actor == ACTOR_CONTAINER)
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ctx->dumpable = false;
}

/* The container process begins: it waits until the parent passes the baton. */
static int become_container(struct context *ctx, int baton, int parents_end, bool visible)
{
  ctx->actor = ACTOR_CONTAINER;
  ctx->baton = baton;
  close(parents_end);
  close(ctx->signals);
  ctx->signals = -1;
  if (ctx->caller >= 0)
    close(ctx->caller);
  ctx->caller = -1;
  if (visible)
    make_undumpable(ctx);
  return baton_wait(ctx);
}

static __attribute__((noreturn)) void joiner_exit(struct context *ctx, const char *what)
{
  fail(ctx, errno, "%s", what);
  ctx->shared->failure = ctx->failure;
  __atomic_store_n(&ctx->shared->failed, 1, __ATOMIC_RELEASE);
  _exit(125);
}

/* The joiner: enters the namespaces and makes the container process as a sibling of its own. Its descriptors are the parent's, so the
   pidfd is, too. Which of both namespaces can be entered first depends on who owns which. */
static pid_t join_and_clone(struct context *ctx, int userns, int pidns, struct clone_args *args)
{
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  bool in_pidns = pidns < 0 || setns(pidns, CLONE_NEWPID) == 0;
  if (!in_pidns && errno != EPERM)
    joiner_exit(ctx, "entering the pid namespace");
  if (userns >= 0 && setns(userns, CLONE_NEWUSER) < 0)
    joiner_exit(ctx, "entering the user namespace");
  if (!in_pidns && setns(pidns, CLONE_NEWPID) < 0)
    joiner_exit(ctx, "entering the pid namespace");
  args->flags |= CLONE_PARENT;
  args->exit_signal = 0;
  pid_t pid = clone_process(args);
  if (pid < 0)
    joiner_exit(ctx, "making the container's process in existing namespaces");
  if (pid == 0)
    return 0;
  ctx->shared->spawned_fd = (int)*(int *)(uintptr_t)args->pidfd;
  ctx->shared->spawned = pid;
  _exit(0);
}

/* Makes the container process through a joiner; 0 in the container process. */
static pid_t clone_through_joiner(struct context *ctx, int userns, int pidns, struct clone_args *args)
{
  struct clone_args joiner_args = { .flags = CLONE_FILES, .exit_signal = SIGCHLD };
  pid_t joiner = clone_process(&joiner_args);
  if (joiner < 0)
    return fail(ctx, errno, "making the process that enters existing namespaces");
  if (joiner == 0)
    return join_and_clone(ctx, userns, pidns, args);
  int status;
  while (waitpid(joiner, &status, 0) < 0 && errno == EINTR)
    ;
  if (ctx->shared->failed) {
    ctx->shared->failed = 0;
    ctx->failure = ctx->shared->failure;
    return -1;
  }
  if (ctx->shared->spawned == 0)
    return fail(ctx, 0, "the process that enters existing namespaces was ended by signal %d", WTERMSIG(status));
  *(int *)(uintptr_t)args->pidfd = ctx->shared->spawned_fd;
  return ctx->shared->spawned;
}

int step_spawn(struct context *ctx, const struct step *step)
{
  uint64_t flags = (uint64_t)operand_int(ctx, step, 0);
  int userns = operand_fd(ctx, step, 1), pidns = operand_fd(ctx, step, 2), cgroup = operand_fd(ctx, step, 3);
  bool joins = userns >= 0 || pidns >= 0;
  int ends[2], pidfd = -1;
  for (int i = 1; i <= 3; i++)
    if (!operand_is_none(step, i) && operand_fd(ctx, step, i) < 0)
      return fail(ctx, EBADF, "the %s was not opened", i == 1 ? "user namespace" : i == 2 ? "pid namespace" : "cgroup");
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
    return fail(ctx, errno, "socketpair");
  cleanup_fd int mine = ends[0];
  cleanup_fd int theirs = ends[1];
  /* The container process gets a copy of all slots with the memory. */
  for (uint32_t i = 0; i < ctx->plan->slot_count; i++)
    ctx->slots[i].fresh = false;
  struct clone_args args = {
    .flags = flags | CLONE_PIDFD | (cgroup >= 0 ? CLONE_INTO_CGROUP : 0),
    .pidfd = (uint64_t)(uintptr_t)&pidfd,
    .exit_signal = SIGCHLD,
    .cgroup = cgroup >= 0 ? (uint64_t)cgroup : 0,
  };
  pid_t pid = joins ? clone_through_joiner(ctx, userns, pidns, &args) : clone_process(&args);
  if (pid < 0)
    return joins ? -1 : fail(ctx, errno, "clone3 with flags %#llx", (unsigned long long)args.flags);
  if (pid == 0)
    return become_container(ctx, steal_fd(&theirs), steal_fd(&mine), joins || !(flags & CLONE_NEWUSER));
  ctx->baton = steal_fd(&mine);
  ctx->container = pid;
  ctx->pidfd = pidfd;
  output_int(ctx, step, 4, pid);
  output_text(ctx, step, 6, scratch_printf(ctx, "%llu", (unsigned long long)process_start_time(pid)));
  if (operand_is_none(step, 5))
    return 0; /* the descriptor stays the context's */
  output_fd(ctx, step, 5, pidfd);
  return 0;
}

int step_join(struct context *ctx, const struct step *step)
{
  int fd = operand_fd(ctx, step, 0);
  int type = (int)operand_int(ctx, step, 1);
  if (fd < 0)
    return fail(ctx, EBADF, "the namespace was not opened");
  make_undumpable(ctx);
  /* A parent comes back where it fails, to take back what it has made outside. */
  if (ctx->actor == ACTOR_PARENT && (type & CLONE_NEWNET) && ctx->own_network <= 0 &&
      (ctx->own_network = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)) < 0)
    return fail(ctx, errno, "/proc/self/ns/net");
  return setns(fd, type) < 0 ? fail(ctx, errno, "setns, type %#x", type) : 0;
}

int step_unshare(struct context *ctx, const struct step *step)
{
  int flags = (int)operand_int(ctx, step, 0);
  return unshare(flags) < 0 ? fail(ctx, errno, "unshare, flags %#x", flags) : 0;
}

bool parent_is_alive(struct context *ctx)
{
  struct pollfd fd = { .fd = ctx->baton, .events = 0 };
  return ctx->baton < 0 || poll(&fd, 1, 0) == 0;
}
