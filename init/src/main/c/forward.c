/* The step `forward`: a process beside the parent that passes on what comes to sockets of IPv6, where no rule of the kernel can (from ::1, and to IPv4).
   It has no privileges and no files, and ends with its parent. A connection has two processes, one for each direction. */
#include "companion.h"
#include "io.h"
#include "step.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

enum { PORTS = COMPANION_FDS, CONNECTIONS = 256, FLOWS = 64 };

struct port {
  int fd;
  int type;
  struct sockaddr_storage target;
};

/* Whom datagrams came from, at which of our addresses, and the socket they go on by. */
struct flow {
  struct sockaddr_in6 peer;
  struct in6_pktinfo local;
  int fd;
  time_t used;
};

static socklen_t target_length(const struct port *port)
{
  return port->target.ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

/* `DESCRIPTOR ADDRESS PORT`. */
static int parse(const char *text, struct port *port)
{
  char address[INET6_ADDRSTRLEN];
  unsigned number;
  socklen_t size = sizeof(port->type);
  struct sockaddr_in *version4 = (void *)&port->target;
  struct sockaddr_in6 *version6 = (void *)&port->target;
  if (sscanf(text, "%d %45s %u", &port->fd, address, &number) != 3 || number > 65535)
    return -1;
  if (inet_pton(AF_INET, address, &version4->sin_addr) == 1)
    *version4 = (struct sockaddr_in){ AF_INET, htons((uint16_t)number), version4->sin_addr, { 0 } };
  else if (inet_pton(AF_INET6, address, &version6->sin6_addr) == 1)
    *version6 = (struct sockaddr_in6){ AF_INET6, htons((uint16_t)number), 0, version6->sin6_addr, 0 };
  else
    return -1;
  return getsockopt(port->fd, SOL_SOCKET, SO_TYPE, &port->type, &size);
}

static int connect_on(const struct port *port)
{
  int fd = socket(port->target.ss_family, port->type | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, (const struct sockaddr *)&port->target, target_length(port)) == 0)
    return fd;
  if (fd >= 0)
    close(fd);
  return -1;
}

/* One direction of a connection; where it breaks, so does the other. */
static void pump(int from, int to)
{
  static char buffer[32 << 10];
  ssize_t n;
  while ((n = read(from, buffer, sizeof(buffer))) > 0 && write_full(to, buffer, (size_t)n) == 0)
    ;
  shutdown(to, n == 0 ? SHUT_WR : SHUT_RDWR);
  if (n != 0)
    shutdown(from, SHUT_RDWR);
}

static void __attribute__((noreturn)) pass_stream(const struct port *port, int client)
{
  int server = connect_on(port);
  if (server < 0) {
    /* Refused, as it was to us. */
    struct linger reset = { 1, 0 };
    setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    _exit(0);
  }
  pid_t other = companion_fork();
  if (other == 0) {
    pump(client, server);
    _exit(0);
  }
  if (other > 0)
    pump(server, client);
  while (waitpid(other, NULL, 0) < 0 && errno == EINTR)
    ;
  _exit(0);
}

static bool is_peer(const struct flow *flow, const struct sockaddr_in6 *peer)
{
  return flow->fd >= 0 && flow->peer.sin6_port == peer->sin6_port && flow->peer.sin6_scope_id == peer->sin6_scope_id &&
         memcmp(&flow->peer.sin6_addr, &peer->sin6_addr, sizeof(peer->sin6_addr)) == 0;
}

/* The flow of a peer: its own, a free one, or that which has been still for longest. */
static struct flow *flow_of(struct flow *flows, const struct sockaddr_in6 *peer)
{
  struct flow *found = flows;
  for (struct flow *flow = flows; flow < flows + FLOWS; flow++) {
    if (is_peer(flow, peer))
      return flow;
    if (found->fd >= 0 && (flow->fd < 0 || flow->used < found->used))
      found = flow;
  }
  if (found->fd >= 0)
    close(found->fd);
  found->fd = -1;
  return found;
}

static char datagram[64 << 10];

union control {
  struct cmsghdr header;
  char room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

static void pass_in(const struct port *port, struct flow *flows)
{
  struct sockaddr_in6 peer;
  union control control;
  struct iovec iov = { datagram, sizeof(datagram) };
  struct msghdr message = { &peer, sizeof(peer), &iov, 1, &control, sizeof(control), 0 };
  ssize_t n = recvmsg(port->fd, &message, MSG_DONTWAIT);
  if (n < 0)
    return;
  struct flow *flow = flow_of(flows, &peer);
  if (flow->fd < 0)
    *flow = (struct flow){ .peer = peer, .fd = connect_on(port) };
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header != NULL && header->cmsg_type == IPV6_PKTINFO)
    memcpy(&flow->local, CMSG_DATA(header), sizeof(flow->local));
  flow->used = time(NULL);
  (void)!send(flow->fd, datagram, (size_t)n, MSG_NOSIGNAL);
}

static void pass_out(const struct port *port, struct flow *flow)
{
  ssize_t n = recv(flow->fd, datagram, sizeof(datagram), MSG_DONTWAIT);
  if (n < 0)
    return;
  union control control = { 0 };
  struct iovec iov = { datagram, (size_t)n };
  struct msghdr message = { &flow->peer, sizeof(flow->peer), &iov, 1, &control, sizeof(control), 0 };
  control.header.cmsg_level = IPPROTO_IPV6;
  control.header.cmsg_type = IPV6_PKTINFO;
  control.header.cmsg_len = CMSG_LEN(sizeof(flow->local));
  memcpy(CMSG_DATA(&control.header), &flow->local, sizeof(flow->local));
  flow->used = time(NULL);
  sendmsg(port->fd, &message, MSG_NOSIGNAL);
}

static void __attribute__((noreturn)) pass_datagrams(const struct port *port)
{
  static struct flow flows[FLOWS];
  struct pollfd fds[FLOWS + 1];
  int on = 1;
  setsockopt(port->fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
  for (int i = 0; i < FLOWS; i++)
    flows[i].fd = -1;
  for (;;) {
    for (int i = 0; i < FLOWS; i++)
      fds[i] = (struct pollfd){ flows[i].fd, POLLIN, 0 };
    fds[FLOWS] = (struct pollfd){ port->fd, POLLIN, 0 };
    if (idle_poll(fds, FLOWS + 1) <= 0)
      continue;
    for (int i = 0; i < FLOWS; i++)
      if (fds[i].revents != 0)
        pass_out(port, &flows[i]);
    if (fds[FLOWS].revents != 0)
      pass_in(port, flows);
  }
}

static void accept_on(const struct port *port, unsigned *alive)
{
  int client = accept4(port->fd, NULL, NULL, SOCK_CLOEXEC);
  if (client < 0)
    return;
  pid_t pid = companion_fork();
  if (pid == 0)
    pass_stream(port, client);
  close(client);
  *alive += pid > 0;
}

static void __attribute__((noreturn)) pass_streams(const struct port *ports, int count)
{
  static struct pollfd fds[PORTS];
  unsigned alive = 0;
  for (int i = 0; i < count; i++)
    fds[i] = (struct pollfd){ ports[i].type == SOCK_STREAM ? ports[i].fd : -1, POLLIN, 0 };
  for (;;) {
    while (waitpid(-1, NULL, alive >= CONNECTIONS ? 0 : WNOHANG) > 0)
      alive -= alive > 0;
    if (idle_poll(fds, (nfds_t)count) <= 0)
      continue;
    for (int i = 0; i < count; i++)
      if (fds[i].revents != 0)
        accept_on(&ports[i], &alive);
  }
}

static void __attribute__((noreturn)) forward(struct port *ports, int count, pid_t parent)
{
  static int fds[COMPANION_FDS];
  for (int i = 0; i < count; i++)
    fds[i] = ports[i].fd;
  if (companion_give_up(fds, count, parent) < 0)
    _exit(1);
  for (int i = 0; i < count; i++)
    ports[i].fd = fds[i];
  for (int i = 0; i < count; i++)
    if (ports[i].type == SOCK_DGRAM && companion_fork() == 0)
      pass_datagrams(&ports[i]);
  pass_streams(ports, count);
}

int step_forward(struct context *ctx, const struct step *step)
{
  static struct port ports[PORTS];
  int count = 0;
  for (char **texts = operand_list(ctx, step, 0); texts[count] != NULL; count++) {
    if (count == PORTS)
      return fail(ctx, E2BIG, "more than %d ports of IPv6", PORTS);
    if (parse(texts[count], &ports[count]) < 0)
      return fail(ctx, EINVAL, "%s", texts[count]);
  }
  pid_t parent = getpid(), pid = fork();
  if (pid < 0)
    return fail(ctx, errno, "fork");
  if (pid == 0)
    forward(ports, count, parent);
  return 0;
}
