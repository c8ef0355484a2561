/* The steps `listen`, `gate` and `release`: the container process waits at a socket until somebody lets it go on, and tells over that
   connection what fails from there on; its end says that the program has been executed. The descriptor works whoever the process has become. */
#include "io.h"
#include "socket.h"
#include "step.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { BACKLOG = 16, MAX_REPORT = 4096 };

static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

static void end(int signal)
{
  _exit(128 + signal);
}

/* pid 1 of a pid namespace ignores what it does not handle; who waits here can be asked to end all the same. */
static void handle_ending_signals(void (*handler)(int))
{
  for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
    signal(ending[i], handler);
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

int step_listen(struct context *ctx, const struct step *step)
{
  const char *path = operand_text(ctx, step, 0);
  int fd = socket_listen(path, BACKLOG);
  if (fd < 0)
    return fail(ctx, errno, "%s", path);
  output_fd(ctx, step, 1, fd);
  return 0;
}

int step_gate(struct context *ctx, const struct step *step)
{
  int listener = operand_fd(ctx, step, 0);
  if (listener < 0)
    return fail(ctx, EBADF, "there is no socket to wait at");
  /* Before anybody knows that it waits. */
  handle_ending_signals(end);
  if (!plan_has_later(step, step_supervise) && release_parent(ctx) < 0)
    return -1;
  struct pollfd fds[] = { { .fd = listener, .events = POLLIN }, { .fd = ctx->baton } };
  while (ctx->gate < 0) {
    if (idle_poll(fds, 2) < 0 && errno != EINTR)
      return fail(ctx, errno, "poll");
    if (fds[1].revents != 0)
      _exit(EXIT_FAILED); /* the parent is gone: nobody wants us */
    ctx->gate = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (ctx->gate < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
      return fail(ctx, errno, "accept");
  }
  handle_ending_signals(SIG_DFL);
  return 0;
}

int step_release(struct context *ctx, const struct step *step)
{
  const char *path = operand_text(ctx, step, 0);
  char report[MAX_REPORT];
  size_t length = 0;
  cleanup_fd int fd = socket_connect(path);
  if (fd < 0)
    return fail(ctx, errno == ENOENT || errno == ECONNREFUSED ? ESRCH : errno, "%s", path);
  for (;;) {
    if (wait_for(ctx, fd, POLLIN, -1) < 0)
      return -1;
    ssize_t n = read(fd, report + length, sizeof(report) - 1 - length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      break; /* also ECONNRESET: the process has ended before it read */
    length += (size_t)n;
  }
  while (length > 0 && report[length - 1] == '\n')
    length--;
  report[length] = '\0';
  size_t name = strlen(ctx->program);
  bool named = strncmp(report, ctx->program, name) == 0 && strncmp(report + name, ": ", 2) == 0;
  return length == 0 ? 0 : fail(ctx, 0, "%s", named ? report + name + 2 : report);
}

int step_let_go(struct context *ctx, const struct step *step)
{
  (void)step;
  ctx->container = 0;
  return 0;
}
