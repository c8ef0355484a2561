/* The two ends of the attach socket. */
#ifndef ATTACH_H
#define ATTACH_H

#include "stream.h"

#include <poll.h>
#include <signal.h>
#include <sys/types.h>

enum { MAX_CLIENTS = 64, STALL_MS = 5000 };

/* Flags of `attach`. */
enum { ATTACH_STDIN = 1, ATTACH_RAW = 2, ATTACH_SIGNALS = 4 };

struct server;

/* What a client asks for; called by server_serve(). */
struct server_events {
  void (*input)(void *arg, const unsigned char *data, size_t length);
  void (*input_closed)(void *arg); /* it said so, or it had given input and has left */
  void (*resized)(void *arg, uint16_t rows, uint16_t columns);
  void (*signalled)(void *arg, int signal);
};

struct client {
  struct server *server;
  int fd;
  struct sink out; /* closed when it does not read any more */
  struct frames frames;
  bool caller; /* the process that `detach` left behind: waited for, not dropped */
  bool gave_input;
  uint64_t full_since; /* its queue has had no room and it took nothing since then; 0: it has */
  size_t queued;       /* at that time */
};

/* The supervisor's end: any number of clients up to MAX_CLIENTS. */
struct server {
  int listener; /* −1: none */
  struct client *clients[MAX_CLIENTS];
  unsigned count;
  bool ended; /* the exit has been told; newcomers hear it at once */
  uint8_t status;
  const struct server_events *events;
  void *arg;
};

/* Listens at a path, for its owner only. 0, or −1 and errno. */
int server_listen(struct server *server, const char *path);

/* A client that is connected already. */
void server_adopt(struct server *server, int fd, bool caller);

/* Fills in what to wait for, 1 + count entries; wants_input: whether the container's stdin has room. */
void server_watch(const struct server *server, struct pollfd *fds, bool wants_input);

/* How long to wait at most until a client has to be dropped, or −1. */
int server_timeout(const struct server *server);

/* Acts on what poll() said. */
void server_serve(struct server *server, const struct pollfd *fds);

bool server_has_room(const struct server *server);
bool server_is_idle(const struct server *server);
void server_send(struct server *server, struct frame *frame, uint8_t type, size_t length);

/* Tells all clients of the exit. Their connections stay open until the process ends: by that they know that everything has been taken down. */
void server_finish(struct server *server, int status);

/* The client's end: between the caller's streams and a supervisor. */
struct relay {
  int socket;
  unsigned flags; /* ATTACH_* */
  bool started;   /* not yet: no streams of the caller are touched */
  struct detach_keys keys;
  void (*forward)(struct relay *relay, int signal);
  const char *path; /* of the attach socket, for forward */
  pid_t supervisor; /* of the pair that `detach` made, for forward */
  bool ready;       /* results: FRAME_READY came */
  bool exited;      /* FRAME_EXIT came, and status is valid */
  uint8_t status;
  bool detached;   /* the keys were typed */
  int interrupted; /* by this signal, which is not to be forwarded */
};

/* Until the connection ends, the keys are typed or a signal ends it. The terminal is as before afterwards. */
void relay_run(struct relay *relay);

/* detach.c: what `ready` has put off until there is an attach socket. */
struct context;
void caller_ready(struct context *ctx);

/* Blocks every signal that a supervisor or a client takes care of; returns a signalfd for them. */
int signals_take(sigset_t *before);
void signals_give_back(int fd, const sigset_t *before);

/* Whether this is the third time within two seconds that a person types the interrupt key. */
bool typed_interrupts(int signal, int code);

#endif
