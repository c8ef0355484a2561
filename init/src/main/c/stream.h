/* Bytes on their way between container, caller and clients: bounded queues, descriptors that are never blocked on, and the frames of the
   attach socket (docs/plan-format.md). */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  CHUNK = 16 << 10,      /* what is read at once */
  QUEUE_LIMIT = 64 << 10 /* a queue that holds as much has no room; it may be exceeded by one chunk and its frame */
};

/* What has been accepted for a descriptor but not written yet. An empty one holds no memory. */
struct queue {
  char *data;
  size_t start;
  size_t length;
  size_t capacity;
};

void queue_push(struct queue *queue, const void *data, size_t length);
void queue_drop(struct queue *queue, size_t length);

/* How a sink gets at a descriptor without blocking. */
enum sink_kind {
  SINK_OWN,    /* nobody else uses its open file: O_NONBLOCK is set */
  SINK_SHARED, /* the caller's: its open file must not change */
  SINK_SOCKET,
};

/* Where bytes go. When the reader is gone it is closed: it swallows everything from then on. */
struct sink {
  int fd; /* −1: none, or closed */
  enum sink_kind kind;
  bool reopened; /* SINK_SHARED: fd is a non-blocking open file of our own */
  struct queue queue;
};

void sink_open(struct sink *sink, int fd, enum sink_kind kind);
void sink_write(struct sink *sink, const void *data, size_t length);
void sink_flush(struct sink *sink); /* writes what can be written now */
void sink_close(struct sink *sink); /* closes what is ours, forgets the rest */

static inline bool sink_has_room(const struct sink *sink)
{
  return sink->queue.length < QUEUE_LIMIT;
}

static inline bool sink_is_idle(const struct sink *sink)
{
  return sink->queue.length == 0;
}

/* Frames. From 16 on they are internal to the pair of processes that `detach` makes. */
enum {
  FRAME_HEADER = 4,
  FRAME_STDIN = 0,
  FRAME_STDIN_CLOSED = 1,
  FRAME_WINDOW = 2,
  FRAME_SIGNAL = 3,
  FRAME_STDOUT = 1,
  FRAME_STDERR = 2,
  FRAME_EXIT = 3,
  FRAME_READY = 16,  /* the caller may go */
  FRAME_REPORT = 17, /* text for stderr */
  FRAME_RELAY = 18,  /* u8 flags of `attach`, the detach keys' bytes: relay the caller's streams from now on */
};

/* Room for a chunk with the frame's header in front of it. */
struct frame {
  unsigned char bytes[FRAME_HEADER + CHUNK];
};

/* Sends what is in the frame behind the header. */
void frame_send(struct sink *sink, struct frame *frame, uint8_t type, size_t length);

/* Reads frames out of a stream, however it is cut. */
struct frames {
  uint32_t streamed; /* bits 1 << type: given in pieces as they come; others are given whole */
  unsigned char header[FRAME_HEADER];
  unsigned header_length;
  uint32_t left;
  unsigned char whole[64];
  unsigned whole_length;
};

typedef void frame_handler(void *arg, uint8_t type, const unsigned char *data, size_t length);

/* −1 where a frame that must be given whole is too long to be one of the protocol. */
int frames_feed(struct frames *frames, const unsigned char *data, size_t length, frame_handler *handler, void *arg);

/* Keys that detach: docker's notation, single characters and ctrl-X, comma separated. */
enum { DETACH_KEYS_MAX = 16 };

struct detach_keys {
  unsigned char keys[DETACH_KEYS_MAX];
  unsigned count; /* 0: never */
  unsigned matched;
};

/* Empty text: no keys. −1 where it is not the notation. */
int detach_keys_parse(struct detach_keys *keys, const char *text);

/* Passes typed bytes on; what may still become the keys is held back. out has room for length + DETACH_KEYS_MAX. Returns the length, −1
   when the keys are complete. */
int detach_keys_filter(struct detach_keys *keys, const unsigned char *in, size_t length, unsigned char *out);

#endif
