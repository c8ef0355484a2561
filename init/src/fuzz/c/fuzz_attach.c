/* The attach protocol: frames come out the same however the stream is cut, and a server survives what a client sends. */
#include "attach.h"
#include "step.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A sum of what was handed over; of streamed frames only the bytes count, not the pieces. */
struct seen {
  uint32_t streamed;
  uint64_t sum;
};

static void note(void *arg, uint8_t type, const unsigned char *data, size_t length)
{
  struct seen *seen = arg;
  if (type >= 32 || !(seen->streamed >> type & 1))
    seen->sum = seen->sum * 31 + 1000 + type + length;
  for (size_t i = 0; i < length; i++)
    seen->sum = seen->sum * 31 + data[i];
}

static int feed(const uint8_t *data, size_t size, size_t cut, uint32_t streamed, uint64_t *sum)
{
  struct frames frames = { .streamed = streamed };
  struct seen seen = { .streamed = streamed };
  int result = 0;
  for (size_t at = 0; at < size && result == 0; at += cut)
    result = frames_feed(&frames, data + at, size - at < cut ? size - at : cut, note, &seen);
  *sum = seen.sum;
  return result;
}

static void input(void *arg, const unsigned char *data, size_t length)
{
  for (size_t i = 0; i < length; i++)
    *(uint64_t *)arg += data[i];
}

static void input_closed(void *arg)
{
  ++*(uint64_t *)arg;
}

static void resized(void *arg, uint16_t rows, uint16_t columns)
{
  *(uint64_t *)arg += (uint64_t)rows + columns;
}

static void signalled(void *arg, int signal)
{
  *(uint64_t *)arg += (uint64_t)signal;
}

static void serve(const uint8_t *data, size_t size)
{
  static const struct server_events events = {
    .input = input, .input_closed = input_closed, .resized = resized, .signalled = signalled
  };
  uint64_t sum = 0;
  struct server server = { .listener = -1, .events = &events, .arg = &sum };
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
    return;
  server_adopt(&server, pair[0], false);
  send(pair[1], data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
  shutdown(pair[1], SHUT_WR);
  while (server.count > 0) {
    struct pollfd fds[2];
    server_watch(&server, fds, true);
    if (poll(fds, 2, 1000) <= 0)
      abort();
    server_serve(&server, fds);
  }
  close(pair[1]);
}

static void filter_keys(const uint8_t *data, size_t size)
{
  struct detach_keys keys;
  unsigned char *out = malloc(size + DETACH_KEYS_MAX);
  char notation[24];
  size_t length = size < sizeof(notation) - 1 ? size : sizeof(notation) - 1;
  memcpy(notation, data, length);
  notation[length] = '\0';
  if (detach_keys_parse(&keys, notation) == 0) {
    int written = detach_keys_filter(&keys, data, size, out);
    if (written >= 0 && (size_t)written + keys.matched != size)
      abort(); /* a typed byte is passed on, or held back */
  }
  free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  uint64_t whole, cut;
  if (size < 2)
    return 0;
  uint32_t streamed = data[0];
  size_t pieces = data[1] % 16 + 1u;
  data += 2;
  size -= 2;
  int result = feed(data, size, size + 1, streamed, &whole);
  if (feed(data, size, pieces, streamed, &cut) != result || whole != cut)
    abort();
  filter_keys(data, size);
  serve(data, size);
  return 0;
}
