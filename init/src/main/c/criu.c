/* The steps that have criu(8) do something: it runs as the container process, as `criu swrk`, and hears over a socket what to do. Requests and
   answers are messages of protocol buffers; the fields and their numbers are those of criu's images/rpc.proto. */
#include "io.h"
#include "step.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { RESTORE = 2, PRE_DUMP = 4, NOTIFY = 6 };

enum { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };

/* Fields of a request, and of its options. */
enum { REQUEST_TYPE = 1, REQUEST_OPTIONS = 2, REQUEST_NOTIFIED = 3 };
enum { OPTION_IMAGES = 1, OPTION_WORK = 17, OPTION_GROUP = 25, OPTION_INHERIT = 27 };
enum { GROUP_CONTROLLERS = 1, GROUP_PATH = 2, INHERIT_KEY = 1, INHERIT_FD = 2 };

/* Fields of an answer, and of what is in it. */
enum { ANSWER_TYPE = 1, ANSWER_SUCCESS = 2, ANSWER_RESTORE = 4, ANSWER_NOTIFY = 5 };
enum { RESTORED_PID = 1, NOTIFY_SCRIPT = 1, NOTIFY_PID = 2 };

enum { MAX_REQUEST = 128 << 10, MAX_ANSWER = 16 << 10, MAX_GROUP = PATH_MAX + 300, MAX_KEY = 300 };

/* What a failure tells of the log. */
enum { MAX_SAID = 700, ERRORS = 3 };

/* What is written grows from the front. */
struct message {
  unsigned char *data;
  size_t length;
  size_t size;
};

static void put_byte(struct message *message, unsigned char byte)
{
  if (message->length < message->size)
    message->data[message->length++] = byte;
}

static void put_varint(struct message *message, uint64_t value)
{
  for (; value > 0x7f; value >>= 7)
    put_byte(message, (unsigned char)(value | 0x80));
  put_byte(message, (unsigned char)value);
}

static void put_number(struct message *message, unsigned field, uint64_t value)
{
  put_varint(message, field << 3 | VARINT);
  put_varint(message, value);
}

static void put_bytes(struct message *message, unsigned field, const void *data, size_t length)
{
  put_varint(message, field << 3 | BYTES);
  put_varint(message, length);
  for (size_t i = 0; i < length; i++)
    put_byte(message, ((const unsigned char *)data)[i]);
}

/* What is read, from the front. */
struct reader {
  const unsigned char *at;
  const unsigned char *end;
};

struct field {
  unsigned number;
  uint64_t value; /* of a number */
  struct reader bytes;
};

static bool get_varint(struct reader *reader, uint64_t *value)
{
  *value = 0;
  for (unsigned shift = 0; reader->at < reader->end && shift < 64; shift += 7) {
    unsigned char byte = *reader->at++;
    *value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80)
      return true;
  }
  return false;
}

/* The next field; false at the end, and where there is something else than a field. */
static bool get_field(struct reader *reader, struct field *field)
{
  uint64_t tag, length = 0;
  *field = (struct field){ 0 };
  if (!get_varint(reader, &tag))
    return false;
  field->number = (unsigned)(tag >> 3);
  unsigned kind = tag & 7;
  if (kind == VARINT)
    return get_varint(reader, &field->value);
  if (kind == BYTES && !get_varint(reader, &length))
    return false;
  if (kind != BYTES)
    length = kind == FIXED64 ? 8 : kind == FIXED32 ? 4 : UINT64_MAX;
  if (length > (uint64_t)(reader->end - reader->at))
    return false;
  field->bytes = (struct reader){ reader->at, reader->at + length };
  reader->at += length;
  return true;
}

struct answer {
  unsigned type;
  bool success;
  pid_t pid;
  char script[64]; /* what it tells of */
  int fd;          /* that came with it, or −1 */
};

static void read_notify(struct answer *answer, struct reader reader)
{
  struct field field;
  while (get_field(&reader, &field)) {
    if (field.number == NOTIFY_PID)
      answer->pid = (pid_t)field.value;
    if (field.number == NOTIFY_SCRIPT)
      snprintf(answer->script, sizeof(answer->script), "%.*s", (int)(field.bytes.end - field.bytes.at),
               (const char *)field.bytes.at);
  }
}

static void read_answer(struct answer *answer, struct reader reader)
{
  struct field field, inner;
  while (get_field(&reader, &field)) {
    if (field.number == ANSWER_TYPE)
      answer->type = (unsigned)field.value;
    if (field.number == ANSWER_SUCCESS)
      answer->success = field.value != 0;
    if (field.number == ANSWER_NOTIFY)
      read_notify(answer, field.bytes);
    if (field.number == ANSWER_RESTORE)
      while (get_field(&field.bytes, &inner))
        if (inner.number == RESTORED_PID)
          answer->pid = (pid_t)inner.value;
  }
}

/* 1, or 0 at the end: criu is gone. */
static int receive(struct context *ctx, int socket, unsigned char *data, struct answer *answer)
{
  union {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(int))];
  } control;
  struct iovec iov = { data, MAX_ANSWER };
  struct msghdr message = {
    .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
  };
  *answer = (struct answer){ .fd = -1 };
  if (wait_for(ctx, socket, POLLIN, -1) < 0)
    return -1;
  ssize_t n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  if (n <= 0)
    return n == 0 || errno == ECONNRESET ? 0 : fail(ctx, errno, "what criu answers");
  for (struct cmsghdr *h = CMSG_FIRSTHDR(&message); h != NULL; h = CMSG_NXTHDR(&message, h))
    if (h->cmsg_level == SOL_SOCKET && h->cmsg_type == SCM_RIGHTS && h->cmsg_len == CMSG_LEN(sizeof(int)))
      memcpy(&answer->fd, CMSG_DATA(h), sizeof(int));
  read_answer(answer, (struct reader){ data, data + n });
  return 1;
}

/* What criu has written to its log of errors, the last of it: a line of it is `(SECONDS) Error (FILE:LINE): TEXT`. */
static int fail_as_said(struct context *ctx, const char *log)
{
  char *lines[ERRORS] = { NULL }, said[MAX_SAID] = "", *line = NULL;
  size_t size = 0, used = 0;
  FILE *file = fopen(log, "re");
  bool logged = file != NULL;
  while (file != NULL && getline(&line, &size, file) >= 0) {
    char *error = strstr(line, "Error (");
    if (error == NULL || strstr(error, "(criu/util.c:") != NULL || strstr(error, " FAILED.") != NULL)
      continue;
    error[strcspn(error, "\n")] = '\0';
    free(lines[0]);
    memmove(lines, lines + 1, (ERRORS - 1) * sizeof(*lines));
    lines[ERRORS - 1] = strdup(error);
  }
  if (file != NULL)
    fclose(file);
  free(line);
  for (int i = 0; i < ERRORS; i++) {
    if (lines[i] != NULL && used < sizeof(said))
      used += (size_t)snprintf(said + used, sizeof(said) - used, "%s%s", used > 0 ? "; " : "", lines[i]);
    free(lines[i]);
  }
  if (!logged)
    return fail(ctx, 0, "criu has failed, and has left no log in %s", log);
  return fail(ctx, 0, "criu has failed: %s%s%s has all it says", said, used > 0 ? "; " : "", log);
}

/* What is restored goes to the groups that criu is in, whichever it was in before: lines `NUMBER:CONTROLLERS:PATH`. */
static int put_groups(struct context *ctx, struct message *options)
{
  unsigned char room[MAX_GROUP];
  char *line = NULL;
  size_t size = 0;
  FILE *file = fopen(scratch_printf(ctx, "/proc/%d/cgroup", ctx->container), "re");
  if (file == NULL)
    return fail(ctx, errno, "the control groups of criu");
  while (getline(&line, &size, file) >= 0) {
    struct message entry = { .data = room, .size = sizeof(room) };
    char *controllers = strchr(line, ':'), *path = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
    if (path == NULL)
      continue;
    path[strcspn(path, "\n")] = '\0';
    put_bytes(&entry, GROUP_CONTROLLERS, controllers + 1, (size_t)(path - controllers - 1));
    put_bytes(&entry, GROUP_PATH, path + 1, strlen(path + 1));
    put_bytes(options, OPTION_GROUP, entry.data, entry.length);
  }
  free(line);
  fclose(file);
  return 0;
}

static int put_inherited(struct context *ctx, struct message *options, const char *text)
{
  unsigned char room[MAX_KEY];
  struct message entry = { .data = room, .size = sizeof(room) };
  char *key;
  unsigned long fd = strtoul(text, &key, 10);
  if (*key != ' ' || strlen(key) > MAX_KEY - 64)
    return fail(ctx, EINVAL, "`%s` is no descriptor with a key", text);
  put_bytes(&entry, INHERIT_KEY, key + 1, strlen(key + 1));
  put_number(&entry, INHERIT_FD, fd);
  put_bytes(options, OPTION_INHERIT, entry.data, entry.length);
  return 0;
}

static int send_request(struct context *ctx, const struct step *step, int socket)
{
  struct bytes given = operand_bytes(ctx, step, 2);
  int type = (int)operand_int(ctx, step, 1);
  struct message options = { .data = scratch_alloc(ctx, MAX_REQUEST), .size = MAX_REQUEST };
  struct message request = { .data = scratch_alloc(ctx, MAX_REQUEST), .size = MAX_REQUEST };
  if (given.length < options.size)
    memcpy(options.data, given.data, options.length = given.length);
  put_number(&options, OPTION_IMAGES, (uint64_t)operand_fd(ctx, step, 3));
  if (operand_fd(ctx, step, 4) >= 0)
    put_number(&options, OPTION_WORK, (uint64_t)operand_fd(ctx, step, 4));
  for (char **at = operand_list(ctx, step, 5); *at != NULL; at++)
    if (put_inherited(ctx, &options, *at) < 0)
      return -1;
  if (type == RESTORE && put_groups(ctx, &options) < 0)
    return -1;
  put_number(&request, REQUEST_TYPE, (uint64_t)type);
  put_bytes(&request, REQUEST_OPTIONS, options.data, options.length);
  if (given.length >= options.size || request.length == request.size)
    return fail(ctx, E2BIG, "what criu is asked for");
  if (send(socket, request.data, request.length, MSG_NOSIGNAL) < 0)
    return errno == EPIPE || errno == ECONNRESET ? fail_as_said(ctx, operand_text(ctx, step, 6))
                                                 : fail(ctx, errno, "what criu is asked for");
  return 0;
}

static int perform_operand(struct context *ctx, const struct step *step, int n, const char *what)
{
  struct bytes plan = operand_bytes(ctx, step, n);
  return plan.length > 0 && perform_bytes(ctx, plan) != 0 ? fail(ctx, 0, "%s could not be made", what) : 0;
}

/* When the container's first process is in its namespaces, and has nothing yet. */
static int set_up(struct context *ctx, const struct step *step, pid_t pid)
{
  const char *identity = operand_text(ctx, step, 7);
  if (*identity != '\0' && identity_write(ctx, identity, pid) < 0)
    return -1;
  return perform_operand(ctx, step, 8, "what the container needs in its namespaces");
}

/* Goes on at what criu tells of; whether it may go on. */
static int hear(struct context *ctx, const struct step *step, int socket, struct answer *answer)
{
  unsigned char room[16];
  struct message reply = { .data = room, .size = sizeof(room) };
  int result = 0;
  if (strcmp(answer->script, "setup-namespaces") == 0)
    result = set_up(ctx, step, answer->pid);
  /* All is there, and stands still. */
  if (strcmp(answer->script, "post-restore") == 0)
    result = perform_operand(ctx, step, 9, "what the container has besides");
  if (strcmp(answer->script, "orphan-pts-master") == 0) {
    output_fd(ctx, step, 13, answer->fd);
    answer->fd = -1;
  }
  put_number(&reply, REQUEST_TYPE, NOTIFY);
  put_number(&reply, REQUEST_NOTIFIED, result == 0);
  if (send(socket, reply.data, reply.length, MSG_NOSIGNAL) < 0 && result == 0)
    return fail(ctx, errno, "criu is gone");
  return result;
}

/* Until it has been done; where something here fails, criu takes back what it has made first. */
static int converse(struct context *ctx, const struct step *step, int socket, pid_t *pid)
{
  struct failure failure;
  bool failed = false;
  struct answer answer;
  unsigned char *data = scratch_alloc(ctx, MAX_ANSWER);
  for (;;) {
    int received = receive(ctx, socket, data, &answer);
    cleanup_fd int fd = answer.fd;
    if (received < 0)
      return -1;
    if (received > 0 && answer.type == NOTIFY && answer.success) {
      if (hear(ctx, step, socket, &answer) < 0 && !failed) {
        failed = true;
        failure = ctx->failure;
      }
      fd = answer.fd;
      continue;
    }
    if (failed) {
      ctx->failure = failure;
      return -1;
    }
    if (received == 0 || !answer.success)
      return fail_as_said(ctx, operand_text(ctx, step, 6));
    *pid = answer.pid;
    return 0;
  }
}

/* The container's process is the one that criu has made, a child of ours as criu is. */
static int take_over(struct context *ctx, const struct step *step, pid_t pid)
{
  cleanup_fd int pidfd = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
  if (pidfd < 0)
    return fail(ctx, pid > 0 ? errno : EPROTO, "the process %d that criu has made", pid);
  ctx->container = pid;
  output_int(ctx, step, 10, pid);
  output_text(ctx, step, 12, scratch_printf(ctx, "%llu", (unsigned long long)process_start_time(pid)));
  ctx->pidfd = pidfd;
  output_fd(ctx, step, 11, steal_fd(&pidfd));
  return 0;
}

int step_criu(struct context *ctx, const struct step *step)
{
  int socket = operand_fd(ctx, step, 0), type = (int)operand_int(ctx, step, 1), status = 0;
  pid_t criu = ctx->container, pid = 0;
  if (socket < 0 || operand_fd(ctx, step, 3) < 0)
    return fail(ctx, EBADF, "there is no socket to criu, or no directory for its images");
  if (send_request(ctx, step, socket) < 0 || converse(ctx, step, socket, &pid) < 0)
    return -1;
  shutdown(socket, SHUT_WR); /* behind a pre-dump it would wait for more */
  while (waitpid(criu, &status, 0) < 0 && errno == EINTR)
    ;
  ctx->container = 0;
  if (type == RESTORE && take_over(ctx, step, pid) < 0)
    return -1;
  if (type != PRE_DUMP && status != 0)
    return fail_as_said(ctx, operand_text(ctx, step, 6));
  if (!operand_is_none(step, 13) && !ctx->slots[operand_slot(step, 13)].set)
    output_fd(ctx, step, 13, -1);
  return 0;
}

int step_socket_pair(struct context *ctx, const struct step *step)
{
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
    return fail(ctx, errno, NULL);
  output_fd(ctx, step, 0, ends[0]);
  output_fd(ctx, step, 1, ends[1]);
  return 0;
}

int step_keep_open(struct context *ctx, const struct step *step)
{
  int fd = operand_fd(ctx, step, 0);
  if (fd < 0)
    return fail(ctx, EBADF, "it was not opened");
  return fcntl(fd, F_SETFD, 0) < 0 ? fail(ctx, errno, NULL) : 0;
}
