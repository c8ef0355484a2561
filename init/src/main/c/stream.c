/* Queues, sinks and frames: see stream.h. */
#include "stream.h"

#include "step.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

void queue_push(struct queue *queue, const void *data, size_t length)
{
  if (queue->start > 0 && queue->start + queue->length + length > queue->capacity) {
    memmove(queue->data, queue->data + queue->start, queue->length);
    queue->start = 0;
  }
  if (queue->length + length > queue->capacity) {
    size_t capacity = (queue->length + length + 4095) & ~(size_t)4095;
    char *grown = realloc(queue->data, capacity);
    if (grown == NULL)
      die("no memory for %zu bytes of output", capacity);
    queue->data = grown;
    queue->capacity = capacity;
  }
  memcpy(queue->data + queue->start + queue->length, data, length);
  queue->length += length;
}

void queue_drop(struct queue *queue, size_t length)
{
  queue->start += length;
  queue->length -= length;
  if (queue->length == 0) {
    free(queue->data);
    *queue = (struct queue){ 0 };
  }
}

/* O_NONBLOCK belongs to the open file, which the caller's shell shares. A pipe or terminal can be opened once more through /proc. */
static int reopen(int fd)
{
  struct stat st;
  if (fstat(fd, &st) < 0 || !(S_ISFIFO(st.st_mode) || isatty(fd)))
    return -1;
  return open(fd_path(fd).text, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

void sink_open(struct sink *sink, int fd, enum sink_kind kind)
{
  *sink = (struct sink){ .fd = fd, .kind = kind };
  if (fd < 0)
    return;
  if (kind == SINK_OWN) {
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0)
      fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  } else if (kind == SINK_SHARED) {
    struct stat st;
    if (fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode))
      sink->kind = SINK_SOCKET;
    int own = sink->kind == SINK_SHARED ? reopen(fd) : -1;
    if (own >= 0) {
      sink->fd = own;
      sink->reopened = true;
    }
  }
}

void sink_close(struct sink *sink)
{
  if (sink->fd >= 0 && (sink->kind == SINK_OWN || sink->reopened))
    close(sink->fd);
  sink->fd = -1;
  queue_drop(&sink->queue, sink->queue.length);
}

/* What could not be opened again is written in amounts that fit when poll() says that there is room. */
static ssize_t write_shared(int fd, const void *data, size_t length)
{
  struct pollfd ready = { .fd = fd, .events = POLLOUT };
  if (poll(&ready, 1, 0) == 0) {
    errno = EAGAIN;
    return -1;
  }
  return write(fd, data, length < 512 ? length : 512);
}

/* How many bytes were taken; a sink whose reader is gone takes all. */
static size_t write_some(struct sink *sink, const char *data, size_t length)
{
  size_t done = 0;
  while (done < length && sink->fd >= 0) {
    ssize_t n;
    if (sink->kind == SINK_SOCKET)
      n = send(sink->fd, data + done, length - done, MSG_DONTWAIT | MSG_NOSIGNAL);
    else if (sink->kind == SINK_SHARED && !sink->reopened)
      n = write_shared(sink->fd, data + done, length - done);
    else
      n = write(sink->fd, data + done, length - done);
    if (n >= 0)
      done += (size_t)n;
    else if (errno == EAGAIN)
      return done;
    else if (errno != EINTR)
      sink_close(sink);
  }
  return length;
}

void sink_write(struct sink *sink, const void *data, size_t length)
{
  size_t done = sink_is_idle(sink) ? write_some(sink, data, length) : 0;
  if (sink->fd >= 0 && done < length)
    queue_push(&sink->queue, (const char *)data + done, length - done);
}

void sink_flush(struct sink *sink)
{
  if (sink_is_idle(sink))
    return;
  size_t done = write_some(sink, sink->queue.data + sink->queue.start, sink->queue.length);
  if (sink->fd >= 0)
    queue_drop(&sink->queue, done);
}

void frame_send(struct sink *sink, struct frame *frame, uint8_t type, size_t length)
{
  frame->bytes[0] = type;
  frame->bytes[1] = (unsigned char)length;
  frame->bytes[2] = (unsigned char)(length >> 8);
  frame->bytes[3] = (unsigned char)(length >> 16);
  sink_write(sink, frame->bytes, FRAME_HEADER + length);
}

static void header_complete(struct frames *frames)
{
  const unsigned char *header = frames->header;
  frames->left = (uint32_t)header[1] | (uint32_t)header[2] << 8 | (uint32_t)header[3] << 16;
  frames->whole_length = 0;
}

int frames_feed(struct frames *frames, const unsigned char *data, size_t length, frame_handler *handler, void *arg)
{
  while (length > 0) {
    size_t n = 1;
    bool in_header = frames->header_length < FRAME_HEADER;
    uint8_t type = frames->header[0];
    bool streamed = type < 32 && (frames->streamed >> type & 1) != 0;
    if (in_header) {
      frames->header[frames->header_length++] = *data;
      if (frames->header_length == FRAME_HEADER)
        header_complete(frames);
    } else {
      n = length < frames->left ? length : frames->left;
      frames->left -= (uint32_t)n;
      if (streamed)
        handler(arg, type, data, n);
      else
        memcpy(frames->whole + frames->whole_length, data, n);
      frames->whole_length += streamed ? 0 : (unsigned)n;
    }
    data += n;
    length -= n;
    if (frames->header_length < FRAME_HEADER)
      continue;
    if (!streamed && frames->left > sizeof(frames->whole) - frames->whole_length)
      return -1;
    if (frames->left == 0) {
      if (!streamed)
        handler(arg, type, frames->whole, frames->whole_length);
      frames->header_length = 0;
    }
  }
  return 0;
}
