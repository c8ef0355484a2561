/* Letting the caller go: the steps `detach` and `ready`.

   `detach` forks before there is a container. The child performs the rest of the plan, in a session of its own. The original process, which
   the caller's shell waits for, stays as the front: it prints what the plan reports, and when `supervise` asks for it, it relays the caller's
   terminal just as an attached client would, over the socket pair between the two (frames as on the attach socket, see stream.h). So the
   detach keys need no trick: the front exits, the supervisor, whose child the container is, stays. Without `ready`, and without the keys, the front
   ends when the supervisor does, with its status. */
#include "attach.h"
#include "io.h"
#include "step.h"
#include "terminal.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static void forward_to_supervisor(struct relay *relay, int signal)
{
  kill(relay->supervisor, signal);
}

static int supervisor_status(struct context *ctx, pid_t supervisor)
{
  int status;
  while (waitpid(supervisor, &status, 0) < 0)
    if (errno != EINTR)
      return 125;
  if (WIFEXITED(status))
    return WEXITSTATUS(status);
  dprintf(STDERR_FILENO, "%s: the supervising process was killed by SIG%s\n", ctx->program,
          sigabbrev_np(WTERMSIG(status)));
  return 125;
}

static __attribute__((noreturn)) void front(struct context *ctx, int fd, pid_t supervisor)
{
  /* Locks and pipes belong to the supervisor alone. */
  struct relay relay = { .socket = dup2(fd, 3), .supervisor = supervisor, .forward = forward_to_supervisor };
  if (relay.socket < 0 || syscall(SYS_close_range, 4u, ~0u, 0u) < 0)
    die("the process that waits: %s", strerrordesc_np(errno));
  relay_run(&relay);
  int code = 0;
  if (relay.interrupted != 0)
    code = 128 + relay.interrupted;
  else if (!relay.ready && !relay.detached)
    code = supervisor_status(ctx, supervisor);
  _exit(code);
}

/* Whether a slot holds one of the standard descriptors: a plan may have opened it there. */
static bool is_in_slot(const struct context *ctx, int fd)
{
  for (uint32_t i = 0; i < ctx->plan->slot_count; i++)
    if (ctx->slots[i].type == SLOT_FD && ctx->slots[i].set && ctx->slots[i].number == fd)
      return true;
  return false;
}

int step_detach(struct context *ctx, const struct step *step)
{
  (void)step;
  if (ctx->caller >= 0)
    return fail(ctx, EALREADY, "the plan has detached before");
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
    return fail(ctx, errno, "socketpair");
  cleanup_fd int front_end = pair[0];
  cleanup_fd int end = pair[1];
  cleanup_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (null < 0)
    return fail(ctx, errno, "/dev/null");
  terminal_remember_size();
  pid_t pid = fork();
  if (pid < 0)
    return fail(ctx, errno, "fork");
  if (pid > 0)
    front(ctx, front_end, pid);
  if (setsid() < 0)
    return fail(ctx, errno, "setsid");
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (!is_in_slot(ctx, fd) && dup2(null, fd) < 0)
      return fail(ctx, errno, "dup2");
  ctx->caller = steal_fd(&end);
  ctx->detached = true;
  return 0;
}

/* The socket is blocking: what the front has to print waits for it. A front that is gone needs nothing any more. */
static void tell(struct context *ctx, uint8_t type, const char *text)
{
  size_t length = strlen(text);
  unsigned char header[] = { type, (unsigned char)length, (unsigned char)(length >> 8), (unsigned char)(length >> 16) };
  if (write_full(ctx->caller, header, sizeof(header)) == 0)
    (void)!write_full(ctx->caller, text, length);
}

void caller_failed(struct context *ctx, int exit_code, const char *report)
{
  (void)exit_code; /* the front exits with ours */
  tell(ctx, FRAME_REPORT, report);
}

static char *ready_message;

static void release(struct context *ctx, const char *message)
{
  if (ctx->caller < 0) {
    (void)!write_full(STDOUT_FILENO, message, strlen(message));
    return;
  }
  tell(ctx, FRAME_STDOUT, message);
  tell(ctx, FRAME_READY, "");
  close(ctx->caller);
  ctx->caller = -1;
}

void caller_ready(struct context *ctx)
{
  if (ready_message == NULL)
    return;
  release(ctx, ready_message);
  free(ready_message);
  ready_message = NULL;
}

/* Who hears "ready" may attach or wait at once: so the attach socket must be there first. */
int step_ready(struct context *ctx, const struct step *step)
{
  const char *message = operand_text(ctx, step, 0);
  if (ctx->caller < 0 || !plan_has_later(step, step_supervise)) {
    release(ctx, message);
    return 0;
  }
  ready_message = strdup(message);
  return ready_message == NULL ? fail(ctx, ENOMEM, NULL) : 0;
}
