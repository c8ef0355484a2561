/* The attach socket, the supervisor's end: see attach.h. A client that does not read makes the container wait, as its terminal would; one that
   takes nothing for STALL_MS is dropped. */
#include "attach.h"

#include "socket.h"
#include "step.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

int server_listen(struct server *server, const char *path)
{
  server->listener = socket_listen(path, MAX_CLIENTS);
  return server->listener < 0 ? -1 : 0;
}

static void send_exit(struct server *server, struct client *client)
{
  unsigned char frame[] = { FRAME_EXIT, 1, 0, 0, server->status };
  sink_write(&client->out, frame, sizeof(frame));
}

void server_adopt(struct server *server, int fd, bool caller)
{
  struct client *client = server->count < MAX_CLIENTS ? calloc(1, sizeof(*client)) : NULL;
  if (client == NULL) {
    close(fd);
    return;
  }
  client->server = server;
  client->fd = fd;
  client->caller = caller;
  client->frames.streamed = 1u << FRAME_STDIN;
  sink_open(&client->out, fd, SINK_SOCKET);
  server->clients[server->count++] = client;
  if (server->ended)
    send_exit(server, client);
}

/* The caller's connection is the context's to close. */
static void drop(struct server *server, unsigned index)
{
  struct client *client = server->clients[index];
  if (client->gave_input)
    server->events->input_closed(server->arg);
  sink_close(&client->out);
  if (!client->caller)
    close(client->fd);
  free(client);
  server->clients[index] = server->clients[--server->count];
}

void server_watch(const struct server *server, struct pollfd *fds, bool wants_input)
{
  fds[0] = (struct pollfd){ .fd = server->listener, .events = POLLIN };
  for (unsigned i = 0; i < server->count; i++) {
    const struct client *client = server->clients[i];
    short events = (short)((wants_input ? POLLIN : 0) | (sink_is_idle(&client->out) ? 0 : POLLOUT));
    fds[1 + i] = (struct pollfd){ .fd = events == 0 ? -1 : client->fd, .events = events };
  }
}

int server_timeout(const struct server *server)
{
  int64_t timeout = -1;
  for (unsigned i = 0; i < server->count; i++) {
    const struct client *client = server->clients[i];
    if (client->full_since == 0)
      continue;
    int64_t left = remaining_ms(client->full_since + STALL_MS * UINT64_C(1000000));
    if (timeout < 0 || left < timeout)
      timeout = left;
  }
  return (int)timeout;
}

static void received(void *arg, uint8_t type, const unsigned char *data, size_t length)
{
  struct client *client = arg;
  struct server *server = client->server;
  if (type == FRAME_STDIN) {
    client->gave_input = true;
    server->events->input(server->arg, data, length);
  } else if (type == FRAME_STDIN_CLOSED) {
    client->gave_input = false;
    server->events->input_closed(server->arg);
  } else if (type == FRAME_WINDOW && length == 4) {
    server->events->resized(server->arg, (uint16_t)(data[0] | data[1] << 8), (uint16_t)(data[2] | data[3] << 8));
  } else if (type == FRAME_SIGNAL && length == 1) {
    server->events->signalled(server->arg, data[0]);
  }
}

/* false: the connection is at its end. */
static bool read_from(struct client *client)
{
  unsigned char data[CHUNK];
  ssize_t n = recv(client->fd, data, sizeof(data), MSG_DONTWAIT);
  if (n < 0)
    return errno == EAGAIN || errno == EINTR;
  return n > 0 && frames_feed(&client->frames, data, (size_t)n, received, client) == 0;
}

/* Whether it has taken nothing for too long, while others wait for it. */
static bool is_stalled(struct client *client, bool ended)
{
  if (client->caller || sink_is_idle(&client->out) || (!ended && sink_has_room(&client->out))) {
    client->full_since = 0;
    return false;
  }
  if (client->full_since == 0 || client->out.queue.length < client->queued) {
    client->full_since = clock_ns();
    client->queued = client->out.queue.length;
    return false;
  }
  return remaining_ms(client->full_since + STALL_MS * UINT64_C(1000000)) == 0;
}

void server_serve(struct server *server, const struct pollfd *fds)
{
  /* From the last one on: dropping moves the last into the gap. */
  for (unsigned i = server->count; i-- > 0;) {
    struct client *client = server->clients[i];
    short events = fds[1 + i].fd < 0 ? 0 : fds[1 + i].revents;
    bool open = true;
    if (events & POLLOUT)
      sink_flush(&client->out);
    if (events & (POLLIN | POLLHUP | POLLERR))
      open = read_from(client);
    if (!open || client->out.fd < 0 || is_stalled(client, server->ended))
      drop(server, i);
  }
  if (fds[0].fd >= 0 && fds[0].revents != 0) {
    int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
      server_adopt(server, fd, false);
  }
}

bool server_has_room(const struct server *server)
{
  for (unsigned i = 0; i < server->count; i++)
    if (!sink_has_room(&server->clients[i]->out))
      return false;
  return true;
}

bool server_is_idle(const struct server *server)
{
  for (unsigned i = 0; i < server->count; i++)
    if (!sink_is_idle(&server->clients[i]->out))
      return false;
  return true;
}

void server_send(struct server *server, struct frame *frame, uint8_t type, size_t length)
{
  for (unsigned i = 0; i < server->count; i++)
    frame_send(&server->clients[i]->out, frame, type, length);
}

void server_finish(struct server *server, int status)
{
  server->ended = true;
  server->status = (uint8_t)status;
  for (unsigned i = 0; i < server->count; i++) {
    struct client *client = server->clients[i];
    send_exit(server, client);
    client->full_since = clock_ns(); /* from now on, what is queued must go */
    client->queued = client->out.queue.length;
  }
}

/* A connection of its own: the other one may be full of input that the container does not read. */
static void forward_to_socket(struct relay *relay, int signal)
{
  cleanup_fd int fd = socket_connect(relay->path);
  unsigned char frame[] = { FRAME_SIGNAL, 1, 0, 0, (unsigned char)signal };
  if (fd >= 0)
    send(fd, frame, sizeof(frame), MSG_NOSIGNAL);
}

int step_attach(struct context *ctx, const struct step *step)
{
  const char *path = operand_text(ctx, step, 0), *keys = operand_text(ctx, step, 1);
  struct relay relay = {
    .flags = (unsigned)operand_int(ctx, step, 2), .started = true, .forward = forward_to_socket, .path = path
  };
  if (detach_keys_parse(&relay.keys, keys) < 0)
    return fail(ctx, EINVAL, "detach keys `%s`: keys are single characters or ctrl-X, separated by commas", keys);
  cleanup_fd int fd = socket_connect(path);
  if (fd < 0)
    return fail(ctx, errno, "%s", path);
  relay.socket = fd;
  relay_run(&relay);
  if (relay.interrupted != 0)
    relay.status = (uint8_t)(128 + relay.interrupted);
  else if (!relay.exited && !relay.detached)
    return fail(ctx, ECONNRESET, "%s: the connection ended before the container did", path);
  output_int(ctx, step, 3, relay.status);
  return 0;
}

static void note_exit(void *arg, uint8_t type, const unsigned char *data, size_t length)
{
  if (type == FRAME_EXIT && length == 1)
    *(int *)arg = data[0];
}

/* 1 and the status; 0 when the supervisor is gone, or has ended without telling; −1 after fail(). */
static int await_frame(struct context *ctx, const char *path, int *status)
{
  cleanup_fd int fd = socket_connect(path);
  if (fd < 0 && (errno == ENOENT || errno == ECONNREFUSED))
    return 0;
  if (fd < 0)
    return fail(ctx, errno, "%s", path);
  struct frames frames = { .streamed = 1u << FRAME_STDOUT | 1u << FRAME_STDERR };
  unsigned char data[CHUNK];
  *status = -1;
  for (;;) {
    if (wait_for(ctx, fd, POLLIN, -1) < 0)
      return -1;
    ssize_t n = recv(fd, data, sizeof(data), MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
      continue;
    if (n <= 0 || frames_feed(&frames, data, (size_t)n, note_exit, status) < 0)
      return *status >= 0;
  }
}

/* The integer after "key": in a flat JSON object. */
static bool find_number(const char *text, const char *key, int64_t *number)
{
  size_t length = strlen(key);
  for (const char *at = text; (at = strstr(at, key)) != NULL; at += length) {
    const char *after = at + length;
    if (at == text || at[-1] != '"' || *after++ != '"')
      continue;
    after += strspn(after, " \t\r\n");
    if (*after++ != ':')
      continue;
    char *end;
    errno = 0;
    *number = strtoll(after, &end, 10);
    if (end != after && errno == 0)
      return true;
  }
  return false;
}

int step_await_record(struct context *ctx, const struct step *step)
{
  const char *path = operand_text(ctx, step, 1), *key = operand_text(ctx, step, 2);
  int status = -1;
  int heard = await_frame(ctx, operand_text(ctx, step, 0), &status);
  if (heard < 0)
    return -1;
  if (heard == 0) {
    const char *record = read_value(ctx, AT_FDCWD, path, "");
    int64_t number;
    if (record == NULL)
      return fail(ctx, errno, "%s", path);
    if (*key == '\0' || !find_number(record, key, &number))
      return fail(ctx, EINVAL, "%s has no number \"%s\"", path, key);
    status = (int)number;
  }
  output_int(ctx, step, 3, status);
  return 0;
}
