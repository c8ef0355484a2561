/* The baton: a socket between parent and container process. Whoever holds the baton performs steps; the other waits. Each slot travels as a
   packet of its own, so that a descriptor and a text never share limits with others. */
#include "socket.h"
#include "step.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum packet_kind { PACKET_SLOT = 1, PACKET_BATON = 2 };

struct packet {
  uint32_t kind;
  uint32_t slot;
  int64_t number;
  char text[SLOT_MAX_TEXT];
};

enum { PACKET_HEADER = offsetof(struct packet, text) };

/* Not on the stack: only the pages that packets reach become ours. */
static struct packet packet;

union control {
  struct cmsghdr header;
  char room[CMSG_SPACE(sizeof(int))];
};

static int send_packet(struct context *ctx, size_t text_length, int fd)
{
  return socket_send_fd(ctx->baton, &packet, PACKET_HEADER + text_length, fd);
}

int baton_send_slots(struct context *ctx)
{
  for (uint32_t i = 0; i < ctx->plan->slot_count; i++) {
    struct slot *slot = &ctx->slots[i];
    if (!slot->fresh)
      continue;
    slot->fresh = false;
    size_t length = slot->type == SLOT_TEXT ? strlen(slot->text) : 0;
    packet.kind = PACKET_SLOT;
    packet.slot = i;
    packet.number = slot->number;
    memcpy(packet.text, slot->type == SLOT_TEXT ? slot->text : "", length);
    if (send_packet(ctx, length, slot->type == SLOT_FD ? (int)slot->number : -1) < 0)
      return fail(ctx, errno, "passing slot %u", i);
  }
  return 0;
}

int baton_pass(struct context *ctx)
{
  if (baton_send_slots(ctx) < 0)
    return -1;
  packet.kind = PACKET_BATON;
  ctx->passed = clock_ns();
  return send_packet(ctx, 0, -1) < 0 ? fail(ctx, errno, "passing the baton") : 0;
}

static int receive_fd(struct msghdr *message)
{
  int fd = -1;
  for (struct cmsghdr *h = CMSG_FIRSTHDR(message); h != NULL; h = CMSG_NXTHDR(message, h))
    if (h->cmsg_level == SOL_SOCKET && h->cmsg_type == SCM_RIGHTS && h->cmsg_len == CMSG_LEN(sizeof(int)))
      memcpy(&fd, CMSG_DATA(h), sizeof(int));
  return fd;
}

static int take_slot(struct context *ctx, size_t length, int fd)
{
  if (length < PACKET_HEADER || packet.slot >= ctx->plan->slot_count)
    return fail(ctx, EPROTO, "the other process sent what is no slot");
  struct slot *slot = &ctx->slots[packet.slot];
  size_t text_length = length - PACKET_HEADER;
  if (slot->type == SLOT_TEXT) {
    char *text = strndup(packet.text, text_length);
    if (text == NULL)
      die("no memory for %zu bytes", text_length);
    free(slot->text);
    slot->text = text;
  }
  if (slot->type == SLOT_FD && slot->set && slot->number >= 0)
    close((int)slot->number);
  slot->number = slot->type == SLOT_FD ? fd : packet.number;
  slot->set = true;
  slot->fresh = false;
  return 0;
}

/* The container process is gone without a report: says at which step, and how it ended. */
static int container_died(struct context *ctx)
{
  siginfo_t info = { 0 };
  pid_t pid = ctx->container;
  ctx->container = 0;
  ctx->failed_step = ctx->shared->step;
  if (pid == 0 || waitid(P_PID, (id_t)pid, &info, WEXITED) < 0 || info.si_code == CLD_EXITED)
    return fail(ctx, 0, "the container's process ended with status %d", info.si_status);
  const char *name = sigabbrev_np(info.si_status);
  return fail(ctx, 0, "the container's process was ended by SIG%s", name != NULL ? name : "?");
}

/* End of file: the other process is gone, or has become the program. */
static int baton_end(struct context *ctx)
{
  close(ctx->baton);
  ctx->baton = -1;
  if (ctx->actor == ACTOR_CONTAINER)
    _exit(125); /* the parent is gone: nobody wants us */
  struct shared *shared = ctx->shared;
  if (__atomic_load_n(&shared->failed, __ATOMIC_ACQUIRE)) {
    ctx->failure = shared->failure;
    ctx->failed_step = shared->step;
    return -1;
  }
  if (__atomic_load_n(&shared->released, __ATOMIC_ACQUIRE))
    ctx->container = 0;
  else if (!__atomic_load_n(&shared->executing, __ATOMIC_ACQUIRE))
    return container_died(ctx);
  ctx->executed = true;
  if (ctx->plan->traced) {
    struct stamp *stamp = &shared->stamps[shared->step - 1];
    stamp->duration = clock_ns() - stamp->start;
    stamp->done = 1;
  }
  return 0;
}

int baton_wait(struct context *ctx)
{
  for (;;) {
    if (ctx->signals >= 0 && wait_for(ctx, ctx->baton, POLLIN, -1) < 0)
      return -1;
    union control control;
    struct iovec iov = { &packet, sizeof(packet) };
    struct msghdr message = {
      .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
    };
    ssize_t n = recvmsg(ctx->baton, &message, MSG_CMSG_CLOEXEC);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno != ECONNRESET)
      return fail(ctx, errno, "waiting for the baton");
    if (n <= 0)
      return baton_end(ctx);
    if (packet.kind == PACKET_BATON)
      return 0;
    if (take_slot(ctx, (size_t)n, receive_fd(&message)) < 0)
      return -1;
  }
}

int step_handoff(struct context *ctx, const struct step *step)
{
  (void)step; /* there are two actors only */
  if (ctx->baton < 0)
    return fail(ctx, ENOTCONN, "the container's process is gone");
  return baton_pass(ctx) < 0 ? -1 : baton_wait(ctx);
}

void container_kill(struct context *ctx)
{
  if (ctx->baton >= 0)
    close(ctx->baton);
  ctx->baton = -1;
  if (ctx->container <= 0)
    return;
  kill(ctx->container, SIGKILL); /* not reaped yet, so the number is still its */
  while (waitpid(ctx->container, NULL, 0) < 0 && errno == EINTR)
    ;
  ctx->container = 0;
}
