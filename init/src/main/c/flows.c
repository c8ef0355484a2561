/* The step `forget-flows`: flows of packets that the kernel goes on to lead where they once led. linux/netfilter/nfnetlink_conntrack.h. */
#include "step.h"

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

enum { ANSWER_S = 10, ANSWER_BYTES = 1 << 16, REQUEST_BYTES = 512, FLOW = NLMSG_LENGTH(sizeof(struct nfgenmsg)) };

/* Where the first packet of a flow went; an address of zeros is any of ours. */
struct destination {
  int family;
  socklen_t length;
  uint16_t port;
  unsigned char address[sizeof(struct in6_addr)];
};

struct wanted {
  uint8_t protocol;
  int count;
  struct destination *destinations;
};

static int parse(const char *text, struct destination *destination)
{
  char address[INET6_ADDRSTRLEN];
  if (sscanf(text, "%45s %hu", address, &destination->port) != 2)
    return -1;
  destination->family = strchr(address, ':') != NULL ? AF_INET6 : AF_INET;
  destination->length = destination->family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
  return inet_pton(destination->family, address, destination->address) == 1 ? 0 : -1;
}

/* The attribute of a type, of at least so many bytes, among those of a length; NULL where it is not there. */
static const struct nlattr *find(const void *first, size_t length, int type, size_t at_least)
{
  const char *at = first;
  while (length >= sizeof(struct nlattr)) {
    const struct nlattr *attribute = (const void *)at;
    if (attribute->nla_len < sizeof(*attribute) || attribute->nla_len > length)
      break;
    if ((attribute->nla_type & NLA_TYPE_MASK) == type)
      return attribute->nla_len >= sizeof(*attribute) + at_least ? attribute : NULL;
    size_t aligned = NLA_ALIGN(attribute->nla_len);
    at += aligned;
    length -= aligned < length ? aligned : length;
  }
  return NULL;
}

static const struct nlattr *find_in(const struct nlattr *outer, int type, size_t at_least)
{
  return outer == NULL ? NULL : find(outer + 1, outer->nla_len - sizeof(*outer), type, at_least);
}

/* Whether a socket could have the address. */
static bool is_ours(int family, const void *address)
{
  struct sockaddr_in version4 = { .sin_family = AF_INET };
  struct sockaddr_in6 version6 = { .sin6_family = AF_INET6 };
  cleanup_fd int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (family == AF_INET)
    memcpy(&version4.sin_addr, address, sizeof(version4.sin_addr));
  else
    memcpy(&version6.sin6_addr, address, sizeof(version6.sin6_addr));
  return fd >= 0 && (family == AF_INET ? bind(fd, (struct sockaddr *)&version4, sizeof(version4))
                                       : bind(fd, (struct sockaddr *)&version6, sizeof(version6))) == 0;
}

static bool went_to(const struct destination *destination, const struct nlattr *tuple, const void *port)
{
  static const unsigned char any[sizeof(destination->address)];
  const struct nlattr *address =
      find_in(find_in(tuple, CTA_TUPLE_IP, 0), destination->family == AF_INET6 ? CTA_IP_V6_DST : CTA_IP_V4_DST,
              destination->length);
  uint16_t number;
  memcpy(&number, port, sizeof(number));
  if (address == NULL || ntohs(number) != destination->port)
    return false;
  return memcmp(destination->address, any, destination->length) == 0
             ? is_ours(destination->family, address + 1)
             : memcmp(destination->address, address + 1, destination->length) == 0;
}

static bool is_wanted(const struct wanted *wanted, const struct nlattr *tuple)
{
  const struct nlattr *transport = find_in(tuple, CTA_TUPLE_PROTO, 0),
                      *protocol = find_in(transport, CTA_PROTO_NUM, sizeof(uint8_t)),
                      *port = find_in(transport, CTA_PROTO_DST_PORT, sizeof(uint16_t));
  if (protocol == NULL || port == NULL || *(const uint8_t *)(protocol + 1) != wanted->protocol)
    return false;
  for (int i = 0; i < wanted->count; i++)
    if (went_to(&wanted->destinations[i], tuple, port + 1))
      return true;
  return false;
}

static void copy(struct nlmsghdr *request, const struct nlmsghdr *flow, int type)
{
  const struct nlattr *attribute = find((const char *)flow + FLOW, flow->nlmsg_len - FLOW, type, 0);
  if (attribute != NULL && request->nlmsg_len + NLA_ALIGN(attribute->nla_len) <= REQUEST_BYTES) {
    memcpy((char *)request + request->nlmsg_len, attribute, attribute->nla_len);
    request->nlmsg_len += NLA_ALIGN(attribute->nla_len);
  }
}

/* Names it by its number too: another may have come meanwhile that goes the same way. */
static void forget(int fd, const struct nlmsghdr *flow)
{
  _Alignas(struct nlmsghdr) char bytes[REQUEST_BYTES] = { 0 };
  struct nlmsghdr *request = (void *)bytes;
  *request = (struct nlmsghdr){ .nlmsg_len = FLOW,
                                .nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE,
                                .nlmsg_flags = NLM_F_REQUEST };
  memcpy(NLMSG_DATA(request), NLMSG_DATA(flow), sizeof(struct nfgenmsg));
  copy(request, flow, CTA_TUPLE_ORIG);
  copy(request, flow, CTA_ZONE);
  copy(request, flow, CTA_ID);
  (void)!send(fd, request, request->nlmsg_len, 0);
}

/* Takes one message of the list after another, until it ends. */
static void take_list(int list, int remover, const struct wanted *wanted)
{
  static _Alignas(struct nlmsghdr) char answer[ANSWER_BYTES];
  for (;;) {
    ssize_t n = recv(list, answer, sizeof(answer), 0);
    if (n < 0 && errno != EINTR)
      return;
    const struct nlmsghdr *header = (const void *)answer;
    for (int left = (int)n; left > 0 && NLMSG_OK(header, (unsigned)left); header = NLMSG_NEXT(header, left)) {
      if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR)
        return;
      const struct nlattr *tuple = header->nlmsg_len < FLOW
                                       ? NULL
                                       : find((const char *)header + FLOW, header->nlmsg_len - FLOW, CTA_TUPLE_ORIG, 0);
      if (tuple != NULL && is_wanted(wanted, tuple))
        forget(remover, header);
    }
  }
}

/* In a process of its own, since the kernel takes some 10 ms to look through the table. */
static void __attribute__((noreturn)) forget_all(struct bytes request, const struct wanted *wanted)
{
  struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
  struct timeval limit = { .tv_sec = ANSWER_S };
  /* Nobody may wait for it by a pipe, or by a lock. */
  setsid();
  close_range(0, ~0u, 0);
  int list = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  int remover = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (list >= 0 && remover >= 0 && setsockopt(list, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0 &&
      connect(remover, (struct sockaddr *)&kernel, sizeof(kernel)) == 0 &&
      sendto(list, request.data, request.length, 0, (struct sockaddr *)&kernel, sizeof(kernel)) >= 0)
    take_list(list, remover, wanted);
  _exit(0);
}

int step_forget_flows(struct context *ctx, const struct step *step)
{
  struct bytes request = operand_bytes(ctx, step, 0);
  struct wanted wanted = { .protocol = (uint8_t)operand_int(ctx, step, 1) };
  char **words = operand_list(ctx, step, 2);
  while (words[wanted.count] != NULL)
    wanted.count++;
  wanted.destinations = scratch_alloc(ctx, (size_t)wanted.count * sizeof(*wanted.destinations) + 1);
  for (int i = 0; i < wanted.count; i++)
    if (parse(words[i], &wanted.destinations[i]) < 0)
      return fail(ctx, EINVAL, "destination %s", words[i]);
  pid_t pid = fork();
  if (pid == 0)
    forget_all(request, &wanted);
  return pid < 0 ? fail(ctx, errno, "fork") : 0;
}
