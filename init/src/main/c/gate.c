/* The step `gate`: the container process waits until somebody opens a fifo for reading. */
#include "step.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static void parent_is_gone(int signal)
{
  (void)signal;
  _exit(125);
}

/* While open(2) waits, the baton's end says by a signal that the parent is gone. A handler, for pid 1 of a pid namespace ignores what it
   does not handle. */
static int watch_parent(struct context *ctx)
{
  struct sigaction action = { .sa_handler = parent_is_gone };
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGIO);
  if (sigaction(SIGIO, &action, NULL) < 0 || sigprocmask(SIG_UNBLOCK, &set, NULL) < 0 ||
      fcntl(ctx->baton, F_SETOWN, getpid()) < 0 || fcntl(ctx->baton, F_SETFL, fcntl(ctx->baton, F_GETFL) | O_ASYNC) < 0)
    return fail(ctx, errno, "watching the parent");
  return parent_is_alive(ctx) ? 0 : fail(ctx, ESRCH, "the parent is gone");
}

static void leave_parent(struct context *ctx)
{
  fcntl(ctx->baton, F_SETFL, fcntl(ctx->baton, F_GETFL) & ~O_ASYNC);
  signal(SIGIO, SIG_DFL);
}

/* Without a supervisor the parent goes on, and ends, while the container waits. */
static int release_parent(struct context *ctx)
{
  if (baton_send_slots(ctx) < 0)
    return -1;
  __atomic_store_n(&ctx->shared->released, 1, __ATOMIC_RELEASE);
  close(ctx->baton);
  ctx->baton = -1;
  return 0;
}

int step_gate(struct context *ctx, const struct step *step)
{
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1);
  struct stat st;
  if (dir == -1)
    return -1;
  cleanup_fd int place = open_inside(dir, path, O_PATH, 0);
  if (place < 0 || fstat(place, &st) < 0)
    return fail(ctx, errno, "%s", path);
  if (!S_ISFIFO(st.st_mode))
    return fail(ctx, EINVAL, "%s is no fifo", path);
  bool supervised = plan_has_later(step, step_supervise);
  if ((supervised ? watch_parent(ctx) : release_parent(ctx)) < 0)
    return -1;
  trim_memory();
  cleanup_fd int fd = open_inside(dir, path, O_WRONLY, 0);
  int error = errno;
  if (supervised)
    leave_parent(ctx);
  return fd < 0 ? fail(ctx, error, "%s", path) : 0;
}
