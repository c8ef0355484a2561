/* The steps `netlink`, one request and its acknowledgement, `netlink-later` and `netlink-else-run`. netlink(7), "NLMSG_ERROR" and "Extended ACK". */
#include "run.h"

#include <linux/netlink.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MS = 10000 };

/* What the kernel says about a refusal, in words; "" where it says nothing. */
static const char *explanation(const struct nlmsghdr *header, const struct nlmsgerr *error)
{
  if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
    return "";
  size_t offset =
      sizeof(*error) + (header->nlmsg_flags & NLM_F_CAPPED ? 0 : NLMSG_ALIGN(error->msg.nlmsg_len) - NLMSG_HDRLEN);
  size_t length = header->nlmsg_len - NLMSG_HDRLEN;
  while (offset + sizeof(struct nlattr) <= length) {
    const struct nlattr *attribute = (const void *)((const char *)error + offset);
    if (attribute->nla_len < sizeof(*attribute) || attribute->nla_len > length - offset)
      break;
    const char *text = (const char *)(attribute + 1);
    if ((attribute->nla_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_MSG &&
        memchr(text, 0, attribute->nla_len - sizeof(*attribute)) != NULL)
      return text;
    offset += NLA_ALIGN(attribute->nla_len);
  }
  return "";
}

/* 1 when the answer has come, 0 when not yet, −1 after fail(). */
static int receive(struct context *ctx, int fd)
{
  _Alignas(struct nlmsghdr) char answer[8192];
  ssize_t n = recv(fd, answer, sizeof(answer), MSG_DONTWAIT);
  if (n < 0)
    return errno == EAGAIN || errno == EINTR ? 0 : fail(ctx, errno, "the kernel's answer");
  const struct nlmsghdr *header = (const void *)answer;
  for (int left = (int)n; NLMSG_OK(header, (unsigned)left); header = NLMSG_NEXT(header, left)) {
    if (header->nlmsg_type != NLMSG_ERROR || header->nlmsg_len < NLMSG_LENGTH(sizeof(struct nlmsgerr)))
      continue;
    const struct nlmsgerr *error = NLMSG_DATA(header);
    return error->error == 0 ? 1 : fail(ctx, -error->error, "%s", explanation(header, error));
  }
  return 0;
}

/* A socket to the kernel, and the request as it is sent; −1 after fail(). */
static int open_socket(struct context *ctx, const struct step *step, struct bytes *request)
{
  struct bytes given = operand_bytes(ctx, step, 1);
  struct nlmsghdr *header = scratch_alloc(ctx, given.length + sizeof(*header));
  memcpy(header, given.data, given.length);
  if (given.length < sizeof(*header) || header->nlmsg_len != given.length)
    return fail(ctx, EINVAL, "a request of %zu bytes", given.length);
  header->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
  *request = (struct bytes){ .data = (const char *)header, .length = given.length };
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, (int)operand_int(ctx, step, 0));
  return fd < 0 ? fail(ctx, errno, "socket") : fd;
}

static int send_request(struct context *ctx, int fd, struct bytes request)
{
  struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
  if (sendto(fd, request.data, request.length, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
    return fail(ctx, errno, "the request");
  return 0;
}

int step_netlink(struct context *ctx, const struct step *step)
{
  struct bytes request;
  cleanup_fd int fd = open_socket(ctx, step, &request);
  if (fd < 0)
    return -1;
  int on = 1;
  setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
  setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
  if (send_request(ctx, fd, request) < 0)
    return -1;
  uint64_t deadline = clock_ns() + ANSWER_MS * UINT64_C(1000000);
  for (;;) {
    int ready = wait_for(ctx, fd, POLLIN, remaining_ms(deadline));
    int answered = ready > 0 ? receive(ctx, fd) : 0;
    if (ready < 0 || answered != 0)
      return answered > 0 ? 0 : -1;
    if (ready == 0)
      return fail(ctx, ETIMEDOUT, "the kernel's answer");
  }
}

/* The kernel does what it is asked for while it takes the request: the sender waits, and so somebody else sends. */
int step_netlink_later(struct context *ctx, const struct step *step)
{
  struct bytes request;
  cleanup_fd int fd = open_socket(ctx, step, &request);
  if (fd < 0)
    return -1;
  pid_t pid = fork();
  if (pid < 0)
    return send_request(ctx, fd, request);
  if (pid == 0) {
    /* Nobody may wait for it by a pipe, or by a lock. */
    setsid();
    if (dup2(fd, 0) == 0)
      close_range(1, ~0u, 0);
    send_request(ctx, 0, request);
    _exit(0);
  }
  return 0;
}

/* The refusal stays recorded where the program mends it: the trace shows it. */
int step_netlink_else_run(struct context *ctx, const struct step *step)
{
  if (step_netlink(ctx, step) == 0)
    return 0;
  if (ctx->interrupted != 0)
    return -1;
  struct helper helper = {
    .argv = operand_list(ctx, step, 2),
    .env = operand_list(ctx, step, 3),
    .input = operand_bytes(ctx, step, 4),
    .timeout_ms = operand_int(ctx, step, 5),
  };
  int status;
  if (helper_run(ctx, &helper, &status) < 0)
    return -1;
  return status == 0 ? 0 : fail(ctx, 0, "%s ended with status %d", helper.argv[0], status);
}
