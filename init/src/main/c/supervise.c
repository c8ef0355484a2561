/* The step `supervise`: one loop between the container, its log, the caller and the clients of the attach socket, until the container's process
   is gone and what it has written is where it belongs.

   Nothing here blocks on one reader while others could go on. A stream of the container is read when all who want it have room; a slow caller makes
   the container wait, as a pipe would. After the exit a stream is read until it is empty or has given what was in it at that time: a
   process that lives on with the pipe's end in its hands does not keep us. */
#include "attach.h"
#include "log.h"
#include "oom.h"
#include "step.h"
#include "terminal.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>

enum { FORWARD_SIGNALS = 1, CALLER_INPUT = 2, CALLER_OUTPUT = 4, CALLER_RAW = 8, KEEP_INPUT = 16 };

/* What a terminal may hold besides what FIONREAD tells. */
enum { TERMINAL_HOLDS = 128 << 10 };

/* A stream of the container's: 0 is its stdout or terminal, 1 its stderr. */
struct output {
  int fd;         /* −1: at its end */
  int64_t budget; /* after the exit: what may still be read */
};

struct supervisor {
  struct context *ctx;
  int flags;
  pid_t pid;
  int pidfd;
  int signals;
  int master; /* −1 without a terminal */
  int slave;  /* held open: without any holder, reading the master fails */
  int lifeline;
  struct output outputs[2];
  struct sink input; /* the container's stdin or terminal */
  bool input_ends;   /* when what is queued has been written */
  int caller_input;  /* −1: not, or not any more */
  struct sink caller[2];
  struct log log;
  struct server server;
  struct oom oom;
  struct bytes oom_plan; /* performed when the kernel has killed for lack of memory */
  bool exited;
  int status;
  int signal; /* that ended it, or 0 */
};

static void send_signal(struct supervisor *s, int signal)
{
  if (!s->exited)
    syscall(SYS_pidfd_send_signal, s->pidfd, signal, NULL, 0);
}

/* A terminal's input ends with its end-of-file character. */
static void end_input(struct supervisor *s)
{
  if (!s->input_ends || !sink_is_idle(&s->input) || s->input.fd < 0)
    return;
  struct termios termios;
  if (s->master < 0)
    sink_close(&s->input);
  else if (tcgetattr(s->master, &termios) == 0 && (termios.c_lflag & ICANON))
    sink_write(&s->input, &termios.c_cc[VEOF], 1);
  s->input_ends = false;
}

static void on_input(void *arg, const unsigned char *data, size_t length)
{
  struct supervisor *s = arg;
  sink_write(&s->input, data, length);
}

static void on_input_closed(void *arg)
{
  struct supervisor *s = arg;
  if (s->flags & KEEP_INPUT)
    return;
  s->input_ends = true;
  end_input(s);
}

static void on_resized(void *arg, uint16_t rows, uint16_t columns)
{
  struct supervisor *s = arg;
  if (s->master >= 0)
    terminal_resize(s->master, rows, columns);
}

static void on_signalled(void *arg, int signal)
{
  send_signal(arg, signal);
}

static void copy_size(struct supervisor *s)
{
  uint16_t rows, columns;
  if (terminal_size(&rows, &columns))
    on_resized(s, rows, columns);
}

/* Everything that has ended; orphans come to us as their subreaper. */
static void reap(struct supervisor *s)
{
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    if (pid != s->pid)
      continue;
    s->exited = true;
    s->ctx->container = 0;
    s->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    s->status = s->signal != 0 ? 128 + s->signal : WEXITSTATUS(status);
    s->caller_input = -1;
    sink_close(&s->input);
    if (s->slave >= 0)
      close(s->slave);
    s->slave = -1;
    for (int i = 0; i < 2; i++) {
      int held = 0;
      if (s->outputs[i].fd >= 0)
        ioctl(s->outputs[i].fd, FIONREAD, &held);
      s->outputs[i].budget = (int64_t)held + (s->master >= 0 ? TERMINAL_HOLDS : 0);
    }
  }
}

static void take_signal(struct supervisor *s, const struct signalfd_siginfo *info)
{
  int signal = (int)info->ssi_signo;
  bool ends = signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT;
  if (signal == SIGCHLD) {
    reap(s);
  } else if (signal == SIGWINCH || signal == SIGCONT) {
    if ((s->flags & CALLER_RAW) && !s->exited) {
      if (signal == SIGCONT)
        terminal_raw(); /* the shell had its own modes meanwhile */
      copy_size(s);
    }
  } else if (signal == SIGURG) {
    /* nobody's business */
  } else if (typed_interrupts(signal, (int)info->ssi_code)) {
    dprintf(STDERR_FILENO, "%s: interrupted three times: killing the container\n", s->ctx->program);
    send_signal(s, SIGKILL);
  } else if (s->flags & FORWARD_SIGNALS) {
    send_signal(s, signal);
  } else if (ends) {
    send_signal(s, SIGKILL); /* we are to end, and the container ends with us */
  }
}

static bool has_room(const struct supervisor *s, int stream)
{
  return sink_has_room(&s->caller[stream]) && server_has_room(&s->server);
}

/* As in a pipeline: when nobody wants a stream any more, the program that writes to it gets SIGPIPE. */
static void close_unwanted(struct supervisor *s, int stream)
{
  struct output *output = &s->outputs[stream];
  bool wanted = !(s->flags & CALLER_OUTPUT) || s->caller[stream].fd >= 0 || s->log.path != NULL || s->server.count > 0;
  if (wanted || s->master >= 0 || output->fd < 0)
    return;
  cleanup_fd int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null >= 0)
    dup3(null, output->fd, O_CLOEXEC); /* the slot's number stays an open descriptor */
  output->fd = -1;
}

static void read_output(struct supervisor *s, int stream)
{
  struct output *output = &s->outputs[stream];
  struct frame frame;
  unsigned char *data = frame.bytes + FRAME_HEADER;
  size_t most = s->exited && output->budget < CHUNK ? (size_t)output->budget : CHUNK;
  ssize_t n = most == 0 ? 0 : read(output->fd, data, most);
  if (n < 0 && errno == EINTR)
    return;
  if (n < 0 && errno == EAGAIN && !s->exited)
    return;
  if (n <= 0) { /* EIO: nobody holds the terminal any more */
    output->fd = -1;
    return;
  }
  output->budget -= n;
  log_write(&s->log, stream + 1, (const char *)data, (size_t)n);
  sink_write(&s->caller[stream], data, (size_t)n);
  server_send(&s->server, &frame, (uint8_t)(FRAME_STDOUT + stream), (size_t)n);
  close_unwanted(s, stream);
}

static void read_caller(struct supervisor *s)
{
  unsigned char data[CHUNK];
  ssize_t n = read(s->caller_input, data, sizeof(data));
  if (n > 0) {
    sink_write(&s->input, data, (size_t)n);
  } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
    s->caller_input = -1;
    on_input_closed(s);
  }
}

/* Its owner gone, the container goes too. */
static void read_lifeline(struct supervisor *s)
{
  char ignored[512];
  ssize_t n = read(s->lifeline, ignored, sizeof(ignored));
  if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
    return;
  close(s->lifeline);
  s->lifeline = -1;
  send_signal(s, SIGKILL);
}

enum {
  WATCH_SIGNALS,
  WATCH_LIFELINE,
  WATCH_STDOUT,
  WATCH_STDERR,
  WATCH_INPUT,
  WATCH_CALLER_IN,
  WATCH_CALLER_OUT,
  WATCH_CALLER_ERR,
  WATCH_OOM,
  WATCH_SERVER,
  WATCHED = WATCH_SERVER + 1 + MAX_CLIENTS,
};

static void watch(const struct supervisor *s, struct pollfd *fds)
{
  bool wants_input = sink_has_room(&s->input);
  fds[WATCH_SIGNALS] = (struct pollfd){ .fd = s->signals, .events = POLLIN };
  fds[WATCH_LIFELINE] = (struct pollfd){ .fd = s->lifeline, .events = POLLIN };
  fds[WATCH_INPUT] = (struct pollfd){ .fd = sink_is_idle(&s->input) ? -1 : s->input.fd, .events = POLLOUT };
  fds[WATCH_CALLER_IN] =
      (struct pollfd){ .fd = wants_input && s->input.fd >= 0 ? s->caller_input : -1, .events = POLLIN };
  for (int i = 0; i < 2; i++) {
    fds[WATCH_STDOUT + i] = (struct pollfd){ .fd = has_room(s, i) ? s->outputs[i].fd : -1, .events = POLLIN };
    fds[WATCH_CALLER_OUT + i] =
        (struct pollfd){ .fd = sink_is_idle(&s->caller[i]) ? -1 : s->caller[i].fd, .events = POLLOUT };
  }
  fds[WATCH_OOM] = oom_poll(&s->oom);
  server_watch(&s->server, fds + WATCH_SERVER, wants_input);
}

/* The front that `detach` left may be gone: keys were typed, or it was killed. The container goes on. */
static void check_front(struct supervisor *s)
{
  for (unsigned i = 0; i < s->server.count; i++)
    if (s->server.clients[i]->caller)
      return;
  close(s->ctx->caller);
  s->ctx->caller = -1;
}

static void check_oom(struct supervisor *s, short events)
{
  if (oom_has_grown(&s->oom, events))
    perform_bytes(s->ctx, s->oom_plan);
}

/* The earlier of both; −1 is never. */
static int next_timeout(const struct supervisor *s)
{
  int clients = server_timeout(&s->server), oom = oom_timeout(&s->oom);
  return clients < 0 || (oom >= 0 && oom < clients) ? oom : clients;
}

static void step_once(struct supervisor *s)
{
  struct pollfd fds[WATCHED];
  struct signalfd_siginfo info;
  bool exited = s->exited, draining = false;
  watch(s, fds);
  for (int i = 0; i < 2; i++)
    draining = draining || (exited && fds[WATCH_STDOUT + i].fd >= 0);
  int timeout = draining ? 0 : next_timeout(s);
  nfds_t count = WATCH_SERVER + 1 + s->server.count;
  if ((timeout < 0 ? idle_poll(fds, count) : poll(fds, count, timeout)) < 0)
    return;
  check_oom(s, fds[WATCH_OOM].revents);
  while (read(s->signals, &info, sizeof(info)) == sizeof(info))
    take_signal(s, &info);
  for (int i = 0; i < 2; i++) {
    const struct pollfd *fd = &fds[WATCH_STDOUT + i];
    if (fd->fd >= 0 && fd->revents != 0)
      read_output(s, i);
    else if (fd->fd >= 0 && exited)
      s->outputs[i].fd = -1;
    sink_flush(&s->caller[i]);
  }
  if (fds[WATCH_CALLER_IN].revents != 0 && s->caller_input >= 0)
    read_caller(s);
  sink_flush(&s->input);
  end_input(s);
  if (fds[WATCH_LIFELINE].revents != 0)
    read_lifeline(s);
  bool front = s->ctx->caller >= 0;
  server_serve(&s->server, fds + WATCH_SERVER);
  if (front)
    check_front(s);
}

static bool has_ended(struct supervisor *s)
{
  if (!s->exited || s->outputs[0].fd >= 0 || s->outputs[1].fd >= 0)
    return false;
  if (!s->server.ended)
    server_finish(&s->server, s->status);
  return sink_is_idle(&s->caller[0]) && sink_is_idle(&s->caller[1]) && server_is_idle(&s->server);
}

static int open_lifeline(struct supervisor *s, const char *path)
{
  char probe;
  if (*path == '\0')
    return 0;
  s->lifeline = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (s->lifeline < 0)
    return fail(s->ctx, errno, "%s", path);
  /* A fifo that nobody holds for writing now never shows its end. */
  if (read(s->lifeline, &probe, 1) == 0)
    send_signal(s, SIGKILL);
  return 0;
}

/* The front becomes a client, and relays the caller's streams with the detach keys. */
static void adopt_front(struct supervisor *s, const struct detach_keys *keys)
{
  unsigned char frame[FRAME_HEADER + 1 + DETACH_KEYS_MAX] = { FRAME_RELAY, (unsigned char)(1 + keys->count) };
  frame[FRAME_HEADER] =
      (unsigned char)((s->flags & CALLER_INPUT ? ATTACH_STDIN : 0) | (s->flags & CALLER_RAW ? ATTACH_RAW : 0) |
                      (s->flags & FORWARD_SIGNALS ? ATTACH_SIGNALS : 0));
  memcpy(frame + FRAME_HEADER + 1, keys->keys, keys->count);
  send(s->ctx->caller, frame, FRAME_HEADER + 1 + keys->count, MSG_NOSIGNAL);
  server_adopt(&s->server, s->ctx->caller, true);
  s->flags &= ~(CALLER_INPUT | CALLER_OUTPUT | CALLER_RAW);
}

/* The pipe's end becomes ours: the container's stdin ends when we close it. */
static int open_input(struct supervisor *s, const struct step *step)
{
  int fd = operand_fd(s->ctx, step, 2);
  if (s->master >= 0) {
    fd = fcntl(s->master, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
      return fail(s->ctx, errno, "the terminal");
  } else if (fd >= 0) {
    s->ctx->slots[operand_slot(step, 2)].number = -1;
  }
  sink_open(&s->input, fd, SINK_OWN);
  return 0;
}

/* The program has what it was to get of the caller's descriptors. Who waits for the end of such a pipe does not wait for the container. */
static void let_go_of_inherited(const struct context *ctx)
{
  for (int fd = STDERR_FILENO + 1; ctx->detached && fd < (int)(sizeof(ctx->inherited) / sizeof(*ctx->inherited)); fd++)
    if (ctx->inherited[fd])
      close(fd);
}

/* What happens when the kernel has killed for lack of memory; where that cannot be watched, nothing. */
static void watch_memory(struct supervisor *s, const struct step *step)
{
  struct context *ctx = s->ctx;
  const char *counter = operand_text(ctx, step, 13);
  struct bytes plan = operand_bytes(ctx, step, 16);
  char *copy = *counter == '\0' ? NULL : malloc(plan.length);
  s->oom = (struct oom){ .counter = -1, .notice = -1 };
  if (copy == NULL || oom_watch(&s->oom, counter, operand_text(ctx, step, 14), operand_text(ctx, step, 15)) < 0)
    return;
  s->oom_plan = (struct bytes){ memcpy(copy, plan.data, plan.length), plan.length };
  check_oom(s, POLLIN);
}

static int set_up(struct supervisor *s, const struct step *step)
{
  struct context *ctx = s->ctx;
  const char *log = operand_text(ctx, step, 6), *socket = operand_text(ctx, step, 9),
             *keys = operand_text(ctx, step, 10);
  struct detach_keys detach_keys;
  siginfo_t info;
  let_go_of_inherited(ctx);
  if (waitid(P_PID, (id_t)s->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
    return fail(ctx, errno, "process %d is not the container's", s->pid);
  if (detach_keys_parse(&detach_keys, keys) < 0)
    return fail(ctx, EINVAL, "detach keys `%s`: keys are single characters or ctrl-X, separated by commas", keys);
  if (*log != '\0') {
    char *path = strdup(log);
    if (path == NULL ||
        log_open(&s->log, path, (uint64_t)operand_int(ctx, step, 7), (unsigned)operand_int(ctx, step, 8)) < 0)
      return fail(ctx, errno, "the log %s", log);
  }
  if (*socket != '\0' && server_listen(&s->server, socket) < 0)
    return fail(ctx, errno, "the attach socket %s", socket);
  if (open_lifeline(s, operand_text(ctx, step, 11)) < 0)
    return -1;
  caller_ready(ctx);
  watch_memory(s, step);
  if (s->master >= 0)
    s->slave = ioctl(s->master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (ctx->caller >= 0)
    adopt_front(s, &detach_keys);
  s->caller_input = s->flags & CALLER_INPUT ? STDIN_FILENO : -1;
  sink_open(&s->caller[0], s->flags & CALLER_OUTPUT ? STDOUT_FILENO : -1, SINK_SHARED);
  sink_open(&s->caller[1], s->flags & CALLER_OUTPUT ? STDERR_FILENO : -1, SINK_SHARED);
  if (s->flags & CALLER_RAW) {
    terminal_raw();
    copy_size(s);
  }
  return 0;
}

int step_supervise(struct context *ctx, const struct step *step)
{
  static const struct server_events events = {
    .input = on_input, .input_closed = on_input_closed, .resized = on_resized, .signalled = on_signalled
  };
  /* Never freed: the clients' connections and the socket live as long as the process, see server_finish(). */
  struct supervisor *s = calloc(1, sizeof(*s));
  if (s == NULL)
    return fail(ctx, ENOMEM, NULL);
  *s = (struct supervisor){ .ctx = ctx,
                            .flags = (int)operand_int(ctx, step, 12),
                            .pid = (pid_t)operand_int(ctx, step, 1),
                            .pidfd = operand_fd(ctx, step, 0),
                            .master = operand_fd(ctx, step, 5),
                            .slave = -1,
                            .lifeline = -1,
                            .server = { .listener = -1, .events = &events, .arg = s } };
  s->outputs[0].fd = s->master >= 0 ? s->master : operand_fd(ctx, step, 3);
  s->outputs[1].fd = s->master >= 0 ? -1 : operand_fd(ctx, step, 4);
  if (open_input(s, step) < 0 || set_up(s, step) < 0)
    return -1;
  sigset_t before;
  s->signals = signals_take(&before);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  scratch_free(ctx);
  reap(s);
  while (!has_ended(s))
    step_once(s);
  check_oom(s, POLLIN);
  terminal_restore();
  signals_give_back(s->signals, &before);
  if (s->lifeline >= 0)
    close(s->lifeline);
  sink_close(&s->caller[0]);
  sink_close(&s->caller[1]);
  log_close(&s->log);
  if (s->log.lost_all > 0)
    dprintf(STDERR_FILENO, "%s: %llu bytes of output are missing in the log %s: %s\n", ctx->program,
            (unsigned long long)s->log.lost_all, s->log.path, strerrordesc_np(s->log.error));
  output_int(ctx, step, 17, s->status);
  output_int(ctx, step, 18, s->signal);
  return 0;
}
