/* The step `resolve`: a process beside the parent that answers, at 127.0.0.11 in the container's network namespace, for the names of containers, and
   passes on what else is asked, by sockets of the host's namespace. Who has which name is told by links in directories, each with an address
   as its name and `ID PID TIME NAME…` as its target; they are looked at for each question, so nobody has to tell this process what changes. */
#include "companion.h"
#include "dns.h"
#include "io.h"
#include "step.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

enum {
  PORT = 53,
  DIRECTORIES = 64,
  SERVERS = 8,
  PENDING = 64,
  CLIENTS = 16,
  ANSWERS = 20,
  PATIENCE_MS = 2500,
  STREAM_SECONDS = 3,
  STREAM_MS = 10000,
};

struct pending {
  int fd; /* connected to the server; −1: free */
  struct sockaddr_in client;
  uint16_t client_id;
  uint16_t id;
  int server;
  int64_t until;
  size_t length;
  size_t question_end;
  uint8_t query[DNS_SMALL * 2];
};

/* A client that asks by a stream; the queries come in a buffer with two bytes of length before each. */
struct stream {
  int fd; /* −1: free */
  size_t length;
  int64_t until;
  uint8_t buffer[2 + DNS_SMALL * 2];
};

struct resolver {
  int watched; /* readable at the end of the process that it serves; −1: it ends with its parent */
  int datagrams;
  int streams;
  int directories[DIRECTORIES];
  int directory_count;
  struct sockaddr_storage servers[SERVERS];
  int server_count;
  struct pending pending[PENDING];
  unsigned
      turns[2]; /* of several addresses, each is first in its turn: whoever asks, asks for those of both versions */
  struct stream clients[CLIENTS];
  int askers; /* processes that ask others for a client of a stream */
};

/* What is looked for, and found. */
struct search {
  const char *name; /* NULL: the one with the address */
  uint8_t address[16];
  int family; /* of the address; of what is found: AF_INET or AF_INET6, 0 both */
  int count;
  uint8_t found[ANSWERS * 4][16];
  int families[ANSWERS * 4];
  bool known; /* somebody has the name, perhaps with addresses of the other version */
  char owner[DNS_MAX_NAME];
};

static int64_t now_ms(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static socklen_t address_length(const struct sockaddr_storage *address)
{
  return address->ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

static int parse_server(const char *text, struct sockaddr_storage *server)
{
  struct sockaddr_in *version4 = (void *)server;
  struct sockaddr_in6 *version6 = (void *)server;
  memset(server, 0, sizeof(*server));
  if (inet_pton(AF_INET, text, &version4->sin_addr) == 1) {
    version4->sin_family = AF_INET;
    version4->sin_port = htons(PORT);
    return 0;
  }
  if (inet_pton(AF_INET6, text, &version6->sin6_addr) != 1)
    return -1;
  version6->sin6_family = AF_INET6;
  version6->sin6_port = htons(PORT);
  return 0;
}

/* One link: `words` is what it leads to, ID PID TIME NAME…; the first name is the container's own. */
static void look_at(struct search *search, const char *entry, char *words)
{
  uint8_t address[16] = { 0 };
  int family = inet_pton(AF_INET, entry, address) == 1    ? AF_INET
               : inet_pton(AF_INET6, entry, address) == 1 ? AF_INET6
                                                          : 0;
  char *rest = NULL, *word = family == 0 ? NULL : strtok_r(words, " ", &rest);
  for (int i = 0; word != NULL; word = strtok_r(NULL, " ", &rest), i++) {
    if (i < 3)
      continue;
    if (search->name == NULL) {
      if (search->family == family && memcmp(search->address, address, family == AF_INET ? 4 : 16) == 0) {
        search->known = true;
        snprintf(search->owner, sizeof(search->owner), "%s", word);
      }
      return;
    }
    if (strcasecmp(word, search->name) == 0) {
      search->known = true;
      if ((search->family == 0 || search->family == family) && search->count < ANSWERS * 4) {
        memcpy(search->found[search->count], address, sizeof(address));
        search->families[search->count++] = family;
      }
      return;
    }
  }
}

static void search_directory(struct search *search, int directory)
{
  static char entries[32 << 10] __attribute__((aligned(8)));
  static char target[4096];
  long size;
  lseek(directory, 0, SEEK_SET);
  while ((size = syscall(SYS_getdents64, directory, entries, sizeof(entries))) > 0) {
    for (long at = 0; at < size;) {
      struct dirent64 *entry = (void *)(entries + at);
      at += entry->d_reclen;
      ssize_t length = readlinkat(directory, entry->d_name, target, sizeof(target) - 1);
      if (length <= 0)
        continue;
      target[length] = '\0';
      look_at(search, entry->d_name, target);
    }
  }
}

/* Answers from the names there are. 0: nobody has such a name. */
static size_t answer_here(struct resolver *r, const uint8_t *query, const struct dns_question *question,
                          uint8_t *buffer)
{
  static struct search search;
  memset(&search, 0, sizeof(search));
  search.name = question->name;
  if (question->type == DNS_PTR && (search.family = dns_reverse(question->name, search.address)) != 0)
    search.name = NULL;
  else
    search.family = question->type == DNS_A ? AF_INET : question->type == DNS_AAAA ? AF_INET6 : 0;
  for (int i = 0; i < r->directory_count; i++)
    search_directory(&search, r->directories[i]);
  if (!search.known)
    return 0;
  struct dns_answer answer;
  dns_begin(&answer, buffer, DNS_SMALL, query, question->end, DNS_OK);
  if (search.name == NULL)
    dns_add_name(&answer, search.owner);
  bool addresses = question->type == DNS_A || question->type == DNS_AAAA || question->type == DNS_ANY;
  unsigned turn = r->turns[question->type == DNS_AAAA]++;
  for (int i = 0; search.name != NULL && addresses && i < search.count && i < ANSWERS; i++) {
    int which = (int)((turn + (unsigned)i) % (unsigned)search.count);
    bool old = search.families[which] == AF_INET;
    if (!dns_add(&answer, old ? DNS_A : DNS_AAAA, search.found[which], old ? 4 : 16))
      break;
  }
  return answer.length;
}

static size_t refuse_query(const uint8_t *query, const struct dns_question *question, uint8_t *buffer, int code)
{
  struct dns_answer answer;
  dns_begin(&answer, buffer, DNS_SMALL, query, question->end, code);
  return answer.length;
}

static void reply(const struct resolver *r, const struct sockaddr_in *client, const uint8_t *message, size_t length)
{
  sendto(r->datagrams, message, length, MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)client, sizeof(*client));
}

static void forget(struct pending *pending)
{
  if (pending->fd >= 0)
    close(pending->fd);
  pending->fd = -1;
}

/* Asks the next server that can be asked; one that none is left for has failed. */
static void ask(struct resolver *r, struct pending *pending)
{
  while (pending->server < r->server_count) {
    const struct sockaddr_storage *server = &r->servers[pending->server++];
    forget(pending);
    pending->fd = socket(server->ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (pending->fd < 0 || getrandom(&pending->id, sizeof(pending->id), 0) != sizeof(pending->id) ||
        connect(pending->fd, (const struct sockaddr *)server, address_length(server)) < 0)
      continue;
    dns_set_id(pending->query, pending->id);
    pending->until = now_ms() + PATIENCE_MS;
    if (send(pending->fd, pending->query, pending->length, MSG_NOSIGNAL) == (ssize_t)pending->length)
      return;
  }
  struct dns_question question = { .end = pending->question_end };
  uint8_t buffer[DNS_SMALL];
  dns_set_id(pending->query, pending->client_id);
  reply(r, &pending->client, buffer, refuse_query(pending->query, &question, buffer, DNS_FAILURE));
  forget(pending);
}

/* A free place, or that of who has waited for longest. */
static struct pending *place(struct resolver *r)
{
  struct pending *oldest = r->pending;
  for (struct pending *p = r->pending; p < r->pending + PENDING; p++) {
    if (p->fd < 0)
      return p;
    if (p->until < oldest->until)
      oldest = p;
  }
  forget(oldest);
  return oldest;
}

static void take_query(struct resolver *r)
{
  uint8_t query[DNS_SMALL * 2], buffer[DNS_SMALL];
  struct sockaddr_in client;
  socklen_t size = sizeof(client);
  struct dns_question question;
  ssize_t n = recvfrom(r->datagrams, query, sizeof(query), MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)&client, &size);
  if (n < 0 || n > (ssize_t)sizeof(query) || !dns_parse(query, (size_t)n, &question) || question.end > DNS_SMALL)
    return;
  size_t length = answer_here(r, query, &question, buffer);
  if (length == 0 && r->server_count == 0)
    length = refuse_query(query, &question, buffer, DNS_NO_NAME);
  if (length > 0) {
    reply(r, &client, buffer, length);
    return;
  }
  struct pending *pending = place(r);
  pending->client = client;
  pending->client_id = dns_id(query);
  pending->server = 0;
  pending->length = (size_t)n;
  pending->question_end = question.end;
  memcpy(pending->query, query, (size_t)n);
  ask(r, pending);
}

static void take_answer(struct resolver *r, struct pending *pending)
{
  static uint8_t message[DNS_MAX];
  ssize_t n = recv(pending->fd, message, sizeof(message), MSG_DONTWAIT);
  if (n < 0) {
    if (errno != EAGAIN && errno != EINTR)
      ask(r, pending); /* nobody is there */
    return;
  }
  if (n < DNS_HEADER || dns_id(message) != pending->id ||
      !dns_answers(message, (size_t)n, pending->query, pending->question_end))
    return; /* it was guessed, or is late */
  dns_set_id(message, pending->client_id);
  reply(r, &pending->client, message, (size_t)n);
  forget(pending);
}

static bool write_message(int fd, const uint8_t *message, size_t length)
{
  uint8_t whole[2 + DNS_SMALL * 2];
  if (length > sizeof(whole) - 2)
    return false;
  whole[0] = (uint8_t)(length >> 8);
  whole[1] = (uint8_t)length;
  memcpy(whole + 2, message, length);
  return send(fd, whole, length + 2, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)length + 2;
}

/* The answer of a server, with its length before it; 0: it gives none. */
static size_t ask_by_stream(const struct sockaddr_storage *server, const uint8_t *query, size_t length,
                            size_t question_end, uint8_t *whole)
{
  struct timeval patience = { STREAM_SECONDS, 0 };
  size_t answer = 0;
  int fd = socket(server->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
      setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) == 0 &&
      connect(fd, (const struct sockaddr *)server, address_length(server)) == 0 && write_message(fd, query, length) &&
      read_full(fd, whole, 2) == 2) {
    size_t size = (size_t)(whole[0] << 8 | whole[1]);
    if (size >= DNS_HEADER && read_full(fd, whole + 2, size) == (ssize_t)size && dns_id(whole + 2) == dns_id(query) &&
        dns_answers(whole + 2, size, query, question_end))
      answer = size + 2;
  }
  if (fd >= 0)
    close(fd);
  return answer;
}

/* In a process of its own, which may take its time: the servers are asked in turn. */
static void __attribute__((noreturn)) pass_stream_on(const struct resolver *r, int client, const uint8_t *query,
                                                     size_t length, const struct dns_question *question)
{
  static uint8_t whole[2 + DNS_MAX], buffer[DNS_SMALL];
  struct timeval patience = { STREAM_SECONDS, 0 };
  size_t answer = 0;
  for (int i = 0; i < r->server_count && answer == 0; i++)
    answer = ask_by_stream(&r->servers[i], query, length, question->end, whole);
  setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  if (answer > 0)
    write_full(client, whole, answer);
  else
    write_message(client, buffer, refuse_query(query, question, buffer, DNS_FAILURE));
  _exit(0);
}

static void close_stream(struct stream *stream)
{
  if (stream->fd >= 0)
    close(stream->fd);
  stream->fd = -1;
}

/* Answers one query; what is asked of others, another process does, and the stream is its. */
static bool serve_query(struct resolver *r, const struct stream *stream, const uint8_t *query, size_t length)
{
  uint8_t buffer[DNS_SMALL];
  struct dns_question question;
  if (!dns_parse(query, length, &question) || question.end > DNS_SMALL)
    return false;
  size_t answer = answer_here(r, query, &question, buffer);
  if (answer == 0 && r->server_count == 0)
    answer = refuse_query(query, &question, buffer, DNS_NO_NAME);
  if (answer == 0 && r->askers >= CLIENTS)
    answer = refuse_query(query, &question, buffer, DNS_FAILURE);
  if (answer > 0)
    return write_message(stream->fd, buffer, answer);
  pid_t pid = companion_fork();
  if (pid == 0)
    pass_stream_on(r, stream->fd, query, length, &question);
  r->askers += pid > 0;
  return false;
}

static void take_from_stream(struct resolver *r, struct stream *stream)
{
  ssize_t n = recv(stream->fd, stream->buffer + stream->length, sizeof(stream->buffer) - stream->length, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  bool goes_on = n > 0;
  stream->length += goes_on ? (size_t)n : 0;
  while (goes_on && stream->length >= 2) {
    size_t length = (size_t)(stream->buffer[0] << 8 | stream->buffer[1]);
    if (length > sizeof(stream->buffer) - 2)
      goes_on = false; /* nobody asks that much */
    else if (stream->length < 2 + length)
      return;
    else if ((goes_on = serve_query(r, stream, stream->buffer + 2, length))) {
      stream->length -= 2 + length;
      memmove(stream->buffer, stream->buffer + 2 + length, stream->length);
      stream->until = now_ms() + STREAM_MS;
    }
  }
  if (!goes_on)
    close_stream(stream);
}

/* Takes a free place, or that of who has waited for longest. */
static void take_stream(struct resolver *r)
{
  struct stream *place = r->clients;
  int client = accept4(r->streams, NULL, NULL, SOCK_CLOEXEC);
  if (client < 0)
    return;
  for (struct stream *stream = r->clients; stream < r->clients + CLIENTS && place->fd >= 0; stream++)
    if (stream->fd < 0 || stream->until < place->until)
      place = stream;
  close_stream(place);
  place->fd = client;
  place->length = 0;
  place->until = now_ms() + STREAM_MS;
}

/* Ends what has taken too long, and tells how long the next may take; −1: nothing is waited for. */
static int look_at_time(struct resolver *r)
{
  int64_t now = now_ms(), next = INT64_MAX;
  while (r->askers > 0 && waitpid(-1, NULL, WNOHANG) > 0)
    r->askers--;
  for (struct pending *pending = r->pending; pending < r->pending + PENDING; pending++) {
    if (pending->fd >= 0 && pending->until <= now)
      ask(r, pending);
    if (pending->fd >= 0 && pending->until < next)
      next = pending->until;
  }
  for (struct stream *stream = r->clients; stream < r->clients + CLIENTS; stream++) {
    if (stream->fd >= 0 && stream->until <= now)
      close_stream(stream);
    if (stream->fd >= 0 && stream->until < next)
      next = stream->until;
  }
  return next == INT64_MAX ? -1 : next <= now ? 0 : (int)(next - now);
}

static void __attribute__((noreturn)) resolve(struct resolver *r)
{
  enum { STREAMS = PENDING, OURS = PENDING + CLIENTS, ALL = OURS + 3 };
  static struct pollfd fds[ALL];
  for (;;) {
    int wait = look_at_time(r);
    for (int i = 0; i < PENDING; i++)
      fds[i] = (struct pollfd){ r->pending[i].fd, POLLIN, 0 };
    for (int i = 0; i < CLIENTS; i++)
      fds[STREAMS + i] = (struct pollfd){ r->clients[i].fd, POLLIN, 0 };
    fds[OURS] = (struct pollfd){ r->datagrams, POLLIN, 0 };
    fds[OURS + 1] = (struct pollfd){ r->streams, POLLIN, 0 };
    fds[OURS + 2] = (struct pollfd){ r->watched, POLLIN, 0 };
    if ((wait < 0 ? idle_poll(fds, ALL) : poll(fds, ALL, wait)) <= 0)
      continue;
    if (fds[OURS + 2].revents != 0)
      _exit(0);
    for (int i = 0; i < PENDING; i++)
      if (fds[i].revents != 0 && r->pending[i].fd == fds[i].fd)
        take_answer(r, &r->pending[i]);
    for (int i = 0; i < CLIENTS; i++)
      if (fds[STREAMS + i].revents != 0)
        take_from_stream(r, &r->clients[i]);
    if (fds[OURS].revents != 0)
      take_query(r);
    if (fds[OURS + 1].revents != 0)
      take_stream(r);
  }
}

/* Without its interface the address is not there: a socket could have it, but would answer from another. */
static int bring_up_loopback(void)
{
  struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
  cleanup_fd int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  return fd < 0 ? -1 : ioctl(fd, SIOCSIFFLAGS, &request);
}

/* A socket at 127.0.0.11. One that takes another's place has the port before that lets go of it. */
static int listen_at(int type)
{
  struct sockaddr_in address = { AF_INET, htons(PORT), { htonl(0x7f00000b) }, { 0 } };
  int on = 1, fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
      setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) == 0 &&
      bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && (type != SOCK_STREAM || listen(fd, CLIENTS) == 0))
    return fd;
  if (fd >= 0)
    close(fd);
  return -1;
}

static int open_sockets(struct resolver *r, int64_t pid)
{
  char path[64];
  snprintf(path, sizeof(path), "/proc/%lld/ns/net", (long long)pid);
  int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), theirs = open(path, O_RDONLY | O_CLOEXEC);
  if (own < 0 || theirs < 0 || setns(theirs, CLONE_NEWNET) < 0)
    return -1;
  r->datagrams = bring_up_loopback() < 0 ? -1 : listen_at(SOCK_DGRAM);
  r->streams = r->datagrams < 0 ? -1 : listen_at(SOCK_STREAM);
  int error = errno;
  if (setns(own, CLONE_NEWNET) < 0)
    return -1;
  errno = error;
  return r->streams < 0 ? -1 : 0;
}

/* In the process: tells how it went, and serves when it is noted who it is. Whom nobody has noted, nobody would end. */
static void __attribute__((noreturn)) begin(struct resolver *r, int64_t pid, int report, pid_t parent)
{
  static int fds[COMPANION_FDS];
  int error = open_sockets(r, pid) < 0 ? errno : 0, count = 0;
  fds[count++] = report;
  fds[count++] = r->datagrams;
  fds[count++] = r->streams;
  for (int i = 0; i < r->directory_count; i++)
    fds[count++] = r->directories[i];
  bool watches = r->watched >= 0;
  if (watches)
    fds[count++] = r->watched;
  if (error == 0 && companion_give_up(fds, count, watches ? 0 : parent) < 0)
    error = errno != 0 ? errno : ESRCH;
  r->datagrams = fds[1];
  r->streams = fds[2];
  for (int i = 0; i < r->directory_count; i++)
    r->directories[i] = fds[3 + i];
  if (watches)
    r->watched = fds[count - 1];
  char noted;
  (void)!write(fds[0], &error, sizeof(error));
  if (error != 0 || read_full(fds[0], &noted, 1) != 1)
    _exit(1);
  close(fds[0]);
  resolve(r);
}

int step_resolve(struct context *ctx, const struct step *step)
{
  static struct resolver resolver;
  struct resolver *r = &resolver;
  memset(r, 0, sizeof(*r));
  r->watched = operand_fd(ctx, step, 3);
  for (int i = 0; i < PENDING; i++)
    r->pending[i].fd = -1;
  for (int i = 0; i < CLIENTS; i++)
    r->clients[i].fd = -1;
  for (char **server = operand_list(ctx, step, 2); *server != NULL && r->server_count < SERVERS; server++)
    if (parse_server(*server, &r->servers[r->server_count]) == 0)
      r->server_count++;
    else
      return fail(ctx, EINVAL, "name server %s", *server);
  int ends[2], error = 0;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    return fail(ctx, errno, "socketpair");
  cleanup_fd int from = ends[0];
  cleanup_fd int to = ends[1];
  for (char **path = operand_list(ctx, step, 1); *path != NULL && error == 0; path++) {
    int fd = r->directory_count == DIRECTORIES ? -1 : open(*path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
      error = fail(ctx, r->directory_count == DIRECTORIES ? E2BIG : errno, "%s", *path);
    else
      r->directories[r->directory_count++] = fd;
  }
  pid_t parent = getpid(), pid = error != 0 ? -1 : fork();
  if (pid == 0)
    begin(r, operand_int(ctx, step, 0), to, parent);
  for (int i = 0; i < r->directory_count; i++)
    close(r->directories[i]);
  if (error != 0)
    return -1;
  if (pid < 0)
    return fail(ctx, errno, "fork");
  close(steal_fd(&to));
  if (read_full(from, &error, sizeof(error)) != sizeof(error))
    return fail(ctx, ECHILD, "the process that resolves names has ended");
  if (error != 0)
    return fail(ctx, error, "127.0.0.11 in the container's network namespace");
  if (identity_write(ctx, operand_text(ctx, step, 4), pid) == 0)
    return write_full(from, "", 1) < 0 ? fail(ctx, errno, "the process that resolves names") : 0;
  kill(pid, SIGKILL);
  return -1;
}
