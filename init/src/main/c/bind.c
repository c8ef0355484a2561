/* The step `socket`: a port of the host, held for as long as the descriptor is open. ip(7), ipv6(7), tcp(7). */
#include "step.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* An option that is on, or nothing where it does not apply. */
static int set(int fd, bool applies, int level, int option)
{
  int on = 1;
  return applies ? setsockopt(fd, level, option, &on, sizeof(on)) : 0;
}

int step_socket(struct context *ctx, const struct step *step)
{
  int family = (int)operand_int(ctx, step, 0), type = (int)operand_int(ctx, step, 1);
  int protocol = (int)operand_int(ctx, step, 2), backlog = (int)operand_int(ctx, step, 4);
  struct bytes given = operand_bytes(ctx, step, 3);
  struct sockaddr_storage address = { 0 };
  if (given.length < sizeof(address.ss_family) || given.length > sizeof(address))
    return fail(ctx, EINVAL, "an address of %zu bytes", given.length);
  memcpy(&address, given.data, given.length);
  cleanup_fd int fd = socket(family, type | SOCK_CLOEXEC, protocol);
  if (fd < 0)
    return fail(ctx, errno, "socket");
  /* Who listens holds the port against everybody, with SO_REUSEADDR too, which lets it begin while old connections time out. */
  if (set(fd, family == AF_INET6, IPPROTO_IPV6, IPV6_V6ONLY) < 0 || set(fd, backlog >= 0, SOL_SOCKET, SO_REUSEADDR) < 0)
    return fail(ctx, errno, "setsockopt");
  if (bind(fd, (struct sockaddr *)&address, (socklen_t)given.length) < 0)
    return fail(ctx, errno, "bind");
  if (backlog >= 0 && listen(fd, backlog) < 0)
    return fail(ctx, errno, "listen");
  output_fd(ctx, step, 5, steal_fd(&fd));
  return 0;
}
