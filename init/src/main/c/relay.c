/* The client's end of the attach protocol: between the caller's streams and the supervisor. See attach.h. */
#include "attach.h"
#include "step.h"
#include "terminal.h"

#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

int signals_take(sigset_t *before)
{
  static const int left_alone[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGTTIN, SIGTTOU, SIGPIPE };
  sigset_t taken;
  sigfillset(&taken);
  for (size_t i = 0; i < sizeof(left_alone) / sizeof(left_alone[0]); i++)
    sigdelset(&taken, left_alone[i]);
  sigprocmask(SIG_BLOCK, &taken, before);
  int fd = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0)
    die("signalfd: %s", strerrordesc_np(errno));
  return fd;
}

void signals_give_back(int fd, const sigset_t *before)
{
  close(fd);
  sigprocmask(SIG_SETMASK, before, NULL);
}

bool typed_interrupts(int signal, int code)
{
  static uint64_t typed[2];
  static const uint64_t within = UINT64_C(2000000000);
  if (signal != SIGINT || code != SI_KERNEL)
    return false;
  uint64_t now = clock_ns();
  bool third = typed[0] != 0 && now - typed[0] < within;
  typed[0] = typed[1];
  typed[1] = now;
  return third;
}

struct session {
  struct relay *relay;
  struct sink to;     /* the supervisor */
  struct sink out[2]; /* the caller's stdout and stderr */
  struct frames frames;
  int input; /* the caller's stdin while it is read, else −1 */
  bool open; /* the connection */
};

static void send_size(struct session *session, int extra)
{
  uint16_t rows, columns;
  if (!(session->relay->flags & ATTACH_RAW) || !terminal_size(&rows, &columns))
    return;
  rows = (uint16_t)(rows + extra);
  columns = (uint16_t)(columns + extra);
  unsigned char frame[] = { FRAME_WINDOW,
                            4,
                            0,
                            0,
                            (unsigned char)rows,
                            (unsigned char)(rows >> 8),
                            (unsigned char)columns,
                            (unsigned char)(columns >> 8) };
  sink_write(&session->to, frame, sizeof(frame));
}

static void start(struct session *session)
{
  struct relay *relay = session->relay;
  relay->started = true;
  session->input = relay->flags & ATTACH_STDIN ? STDIN_FILENO : -1;
  if (!(relay->flags & ATTACH_RAW))
    return;
  terminal_raw();
  /* A program that is there already draws its screen anew only when the size changes. */
  if (relay->path != NULL)
    send_size(session, 1);
  send_size(session, 0);
}

static void received(void *arg, uint8_t type, const unsigned char *data, size_t length)
{
  struct session *session = arg;
  struct relay *relay = session->relay;
  if (type == FRAME_STDOUT || type == FRAME_STDERR) {
    sink_write(&session->out[type - FRAME_STDOUT], data, length);
  } else if (type == FRAME_REPORT) {
    terminal_restore();
    sink_write(&session->out[1], data, length);
  } else if (type == FRAME_EXIT && length == 1) {
    relay->exited = true;
    relay->status = data[0];
    session->input = -1; /* what is typed from now on is the caller's shell's */
    terminal_restore();
  } else if (type == FRAME_READY) {
    relay->ready = true;
    session->open = false;
  } else if (type == FRAME_RELAY && length >= 1 && length <= 1 + DETACH_KEYS_MAX) {
    relay->flags = data[0];
    relay->keys = (struct detach_keys){ .count = (unsigned)length - 1 };
    memcpy(relay->keys.keys, data + 1, length - 1);
    start(session);
  }
}

static void read_connection(struct session *session)
{
  unsigned char data[CHUNK];
  ssize_t n = recv(session->relay->socket, data, sizeof(data), MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (n <= 0 || frames_feed(&session->frames, data, (size_t)n, received, session) < 0)
    session->open = false;
}

static void read_input(struct session *session)
{
  unsigned char typed[CHUNK - DETACH_KEYS_MAX];
  struct frame frame;
  ssize_t n = read(session->input, typed, sizeof(typed));
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (n <= 0) {
    session->input = -1;
    frame_send(&session->to, &frame, FRAME_STDIN_CLOSED, 0);
    return;
  }
  int length = detach_keys_filter(&session->relay->keys, typed, (size_t)n, frame.bytes + FRAME_HEADER);
  if (length > 0)
    frame_send(&session->to, &frame, FRAME_STDIN, (size_t)length);
  session->relay->detached = length < 0;
}

static void take_signal(struct session *session, const struct signalfd_siginfo *info)
{
  struct relay *relay = session->relay;
  int signal = (int)info->ssi_signo;
  bool ends = signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT;
  if (signal == SIGWINCH) {
    send_size(session, 0);
  } else if (signal == SIGCONT) {
    if (relay->started && !relay->exited && (relay->flags & ATTACH_RAW)) {
      terminal_raw(); /* the shell had its own modes meanwhile */
      send_size(session, 0);
    }
  } else if (signal == SIGCHLD || signal == SIGURG) {
    /* ours alone */
  } else if (typed_interrupts(signal, info->ssi_code)) {
    relay->interrupted = signal;
  } else if (!relay->started || (relay->flags & ATTACH_SIGNALS)) {
    if (relay->started || ends)
      relay->forward(relay, signal);
  } else if (ends) {
    relay->interrupted = signal;
  }
}

enum { WATCH_SIGNALS, WATCH_CONNECTION, WATCH_INPUT, WATCH_OUT, WATCH_ERR, WATCHED };

static void watch(const struct session *session, int signals, struct pollfd *fds)
{
  bool room = sink_has_room(&session->out[0]) && sink_has_room(&session->out[1]);
  short connection = (short)((room ? POLLIN : 0) | (sink_is_idle(&session->to) ? 0 : POLLOUT));
  fds[WATCH_SIGNALS] = (struct pollfd){ .fd = signals, .events = POLLIN };
  fds[WATCH_CONNECTION] =
      (struct pollfd){ .fd = session->open && connection != 0 ? session->relay->socket : -1, .events = connection };
  fds[WATCH_INPUT] = (struct pollfd){ .fd = sink_has_room(&session->to) ? session->input : -1, .events = POLLIN };
  for (int i = 0; i < 2; i++)
    fds[WATCH_OUT + i] =
        (struct pollfd){ .fd = sink_is_idle(&session->out[i]) ? -1 : session->out[i].fd, .events = POLLOUT };
}

static void step_once(struct session *session, int signals)
{
  struct pollfd fds[WATCHED];
  struct signalfd_siginfo info;
  watch(session, signals, fds);
  if (idle_poll(fds, WATCHED) < 0)
    return;
  while (read(signals, &info, sizeof(info)) == sizeof(info))
    take_signal(session, &info);
  sink_flush(&session->out[0]);
  sink_flush(&session->out[1]);
  if (fds[WATCH_CONNECTION].revents & POLLOUT)
    sink_flush(&session->to);
  if (fds[WATCH_CONNECTION].revents & (POLLIN | POLLHUP | POLLERR))
    read_connection(session);
  if (fds[WATCH_INPUT].revents != 0 && session->input >= 0)
    read_input(session);
}

void relay_run(struct relay *relay)
{
  struct session session = { .relay = relay, .input = -1, .open = true };
  session.frames.streamed = 1u << FRAME_STDOUT | 1u << FRAME_STDERR | 1u << FRAME_REPORT;
  sink_open(&session.to, relay->socket, SINK_SOCKET);
  sink_open(&session.out[0], STDOUT_FILENO, SINK_SHARED);
  sink_open(&session.out[1], STDERR_FILENO, SINK_SHARED);
  sigset_t before;
  int signals = signals_take(&before);
  if (relay->started)
    start(&session);
  bool pending = true;
  while (relay->interrupted == 0 && !relay->detached && (session.open || pending)) {
    step_once(&session, signals);
    pending = !sink_is_idle(&session.out[0]) || !sink_is_idle(&session.out[1]);
    if (!session.open && !pending)
      break;
  }
  terminal_restore();
  for (int i = 0; i < 2; i++)
    sink_close(&session.out[i]);
  sink_close(&session.to);
  signals_give_back(signals, &before);
}
