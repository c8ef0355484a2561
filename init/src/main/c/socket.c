#include "socket.h"

#include "step.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

/* The address of a socket, however long its path is: through the descriptor of its directory. */
static int address_of(const char *path, struct sockaddr_un *address)
{
  char name[NAME_MAX + 1];
  int dir = open_parent(AT_FDCWD, path, name);
  if (dir < 0)
    return -1;
  *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
  int n = snprintf(address->sun_path, sizeof(address->sun_path), "%s/%s", fd_path(dir).text, name);
  if (n < 0 || (size_t)n >= sizeof(address->sun_path)) {
    close(dir);
    errno = ENAMETOOLONG;
    return -1;
  }
  return dir;
}

int socket_listen(const char *path, int backlog)
{
  struct sockaddr_un address;
  cleanup_fd int dir = address_of(path, &address);
  if (dir < 0)
    return -1;
  cleanup_fd int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return -1;
  if (unlink(address.sun_path) < 0 && errno != ENOENT)
    return -1;
  /* The new file gets the mode of the socket. */
  if (fchmod(fd, 0600) < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, backlog) < 0)
    return -1;
  return steal_fd(&fd);
}

int socket_connect(const char *path)
{
  struct sockaddr_un address;
  cleanup_fd int dir = address_of(path, &address);
  if (dir < 0)
    return -1;
  cleanup_fd int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
    return -1;
  return steal_fd(&fd);
}

int socket_send_fd(int socket, const void *data, unsigned long length, int fd)
{
  union {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(int))];
  } control;
  struct iovec iov = { (void *)(uintptr_t)data, length };
  struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
  if (fd >= 0) {
    memset(&control, 0, sizeof(control));
    message.msg_control = &control;
    message.msg_controllen = sizeof(control);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &fd, sizeof(int));
  }
  ssize_t n;
  do
    n = sendmsg(socket, &message, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  return n < 0 ? -1 : 0;
}

int step_connect(struct context *ctx, const struct step *step)
{
  const char *path = operand_text(ctx, step, 0);
  int fd = socket_connect(path);
  if (fd < 0)
    return fail(ctx, errno, "%s", path);
  output_fd(ctx, step, 1, fd);
  return 0;
}

int step_send_fd(struct context *ctx, const struct step *step)
{
  const char *path = operand_text(ctx, step, 0);
  struct bytes data = operand_bytes(ctx, step, 1);
  int fd = operand_fd(ctx, step, 2);
  if (fd < 0)
    return fail(ctx, EBADF, "there is no descriptor to send to %s", path);
  cleanup_fd int to = socket_connect(path);
  if (to < 0 || socket_send_fd(to, data.data, data.length, fd) < 0)
    return fail(ctx, errno, "%s", path);
  return 0;
}
