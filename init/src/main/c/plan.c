/* Validates plans and decodes their steps. Nothing in the bytes is trusted: every length and reference is checked against its bounds, every
   operand against the signature, every slot against its type, and that it was set by an earlier step. */
#include "plan.h"

#include "cleanup.h"
#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { HEADER_SIZE = 36, STEP_HEADER_SIZE = 28, PLAN_VERSION = 1, FLAG_TRACE = 1 };

enum { OP_CLOSE = 6, OP_SPAWN = 30, OP_HANDOFF = 33, OP_EXEC = 66, OP_DETACH = 70 };

uint16_t read_u16(const uint8_t *p)
{
  return (uint16_t)(p[0] | p[1] << 8);
}

uint32_t read_u32(const uint8_t *p)
{
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

int64_t read_i64(const uint8_t *p)
{
  return (int64_t)((uint64_t)read_u32(p) | (uint64_t)read_u32(p + 4) << 32);
}

/* What is known while the steps are walked in order. */
struct validation {
  struct plan *plan;
  size_t at;
  size_t end; /* of the step */
  uint32_t strings_length;
  unsigned step; /* from 1, 0 before the first */
  unsigned elements;
  enum actor actor;
  bool spawned;
  bool executed;
  bool set[PLAN_MAX_SLOTS];
  uint8_t closed[PLAN_MAX_SLOTS]; /* bits 1 << enum actor */
  char *message;
  size_t message_size;
};

__attribute__((format(printf, 2, 3))) static int refuse(struct validation *v, const char *format, ...)
{
  size_t used = 0;
  if (v->step > 0) {
    snprintf(v->message, v->message_size, "step %u: ", v->step);
    used = strlen(v->message);
  }
  va_list args;
  va_start(args, format);
  vsnprintf(v->message + used, v->message_size - used, format, args);
  va_end(args);
  return -1;
}

/* A string ref; with `text`, a NUL inside is refused. */
static int check_string(struct validation *v, uint32_t ref, bool text)
{
  uint32_t total = v->strings_length;
  if (ref % 4 != 0 || ref > total || total - ref < 5)
    return refuse(v, "string reference %u is outside of the strings", ref);
  const uint8_t *p = v->plan->bytes + v->plan->strings + ref;
  uint32_t length = read_u32(p);
  if (length > total - ref - 5 || p[4 + length] != 0)
    return refuse(v, "the string at %u does not end inside of the strings", ref);
  if (text && memchr(p + 4, 0, length) != NULL)
    return refuse(v, "the string at %u has a NUL inside", ref);
  return 0;
}

static int take_u32(struct validation *v, uint32_t *value)
{
  if (v->end - v->at < 4)
    return refuse(v, "its operands are longer than it is");
  *value = read_u32(v->plan->bytes + v->at);
  v->at += 4;
  return 0;
}

static int take_text_ref(struct validation *v, bool text)
{
  uint32_t ref = 0;
  return take_u32(v, &ref) < 0 ? -1 : check_string(v, ref, text);
}

/* A slot that is read; type 0: int or fd. */
static int take_slot(struct validation *v, uint8_t type)
{
  uint32_t slot = 0;
  if (take_u32(v, &slot) < 0)
    return -1;
  if (slot >= v->plan->slot_count)
    return refuse(v, "there is no slot %u", slot);
  uint8_t actual = v->plan->slot_types[slot];
  if (type == 0 ? actual == SLOT_TEXT : actual != type)
    return refuse(v, "slot %u has the wrong type", slot);
  if (!v->set[slot])
    return refuse(v, "slot %u is used before it is set", slot);
  if (v->closed[slot] & 1 << v->actor)
    return refuse(v, "slot %u is used after it was closed", slot);
  return 0;
}

static int check_template(struct validation *v, bool text)
{
  uint32_t pieces = 0, kind = 0;
  if (take_u32(v, &pieces) < 0)
    return -1;
  if (pieces > PLAN_MAX_ELEMENTS)
    return refuse(v, "a text of %u pieces", pieces);
  for (uint32_t i = 0; i < pieces; i++) {
    if (take_u32(v, &kind) < 0)
      return -1;
    int result;
    switch (kind) {
    case PIECE_LITERAL:
      result = take_text_ref(v, text);
      break;
    case PIECE_DECIMAL:
      result = take_slot(v, 0);
      break;
    case PIECE_BINARY:
      result = text ? refuse(v, "bytes spliced into text") : take_slot(v, 0);
      break;
    case PIECE_TEXT:
      result = take_slot(v, SLOT_TEXT);
      break;
    default:
      result = refuse(v, "piece of unknown kind %u", kind);
    }
    if (result < 0)
      return -1;
  }
  return 0;
}

static int check_list(struct validation *v)
{
  uint32_t count = 0, kind = 0;
  if (take_u32(v, &count) < 0)
    return -1;
  if (count > PLAN_MAX_ELEMENTS - v->elements)
    return refuse(v, "more than %d list elements", PLAN_MAX_ELEMENTS);
  v->elements += count;
  for (uint32_t i = 0; i < count; i++) {
    if (take_u32(v, &kind) < 0)
      return -1;
    if (kind != OPERAND_TEXT && kind != OPERAND_TEMPLATE)
      return refuse(v, "list element of kind %u", kind);
    if ((kind == OPERAND_TEXT ? take_text_ref(v, true) : check_template(v, true)) < 0)
      return -1;
  }
  return 0;
}

static int check_output(struct validation *v, char type)
{
  uint32_t slot = 0;
  if (take_u32(v, &slot) < 0)
    return -1;
  if (slot == PLAN_NONE)
    return 0;
  if (slot >= v->plan->slot_count)
    return refuse(v, "there is no slot %u", slot);
  uint8_t wanted = type == 'i' ? SLOT_INT : type == 't' ? SLOT_TEXT : SLOT_FD;
  if (v->plan->slot_types[slot] != wanted)
    return refuse(v, "slot %u has the wrong type", slot);
  if (v->set[slot])
    return refuse(v, "slot %u is set a second time", slot);
  v->set[slot] = true;
  return 0;
}

static int check_descriptor(struct validation *v, bool closes)
{
  if (v->end - v->at < 4)
    return refuse(v, "its operands are longer than it is");
  uint32_t slot = read_u32(v->plan->bytes + v->at);
  if (slot == PLAN_NONE) {
    v->at += 4;
    return 0;
  }
  if (take_slot(v, SLOT_FD) < 0)
    return -1;
  if (closes)
    v->closed[slot] |= (uint8_t)(1 << v->actor);
  return 0;
}

static int check_operand(struct validation *v, char letter, const char **outputs, bool closes)
{
  uint32_t kind = 0;
  if (take_u32(v, &kind) < 0)
    return -1;
  switch (letter) {
  case 'i':
    if (kind == OPERAND_INT_SLOT)
      return take_slot(v, SLOT_INT);
    if (kind != OPERAND_INT)
      break;
    if (v->end - v->at < 8)
      return refuse(v, "its operands are longer than it is");
    v->at += 8;
    return 0;
  case 't':
    if (kind == OPERAND_TEXT)
      return take_text_ref(v, true);
    if (kind == OPERAND_TEMPLATE)
      return check_template(v, true);
    break;
  case 'b':
    if (kind == OPERAND_BYTES || kind == OPERAND_TEXT)
      return take_text_ref(v, kind == OPERAND_TEXT);
    if (kind == OPERAND_TEMPLATE)
      return check_template(v, false);
    break;
  case 'l':
    if (kind == OPERAND_LIST)
      return check_list(v);
    break;
  case 'f':
    if (kind == OPERAND_FD)
      return check_descriptor(v, closes);
    break;
  case 'o':
    if (kind == OPERAND_OUTPUT)
      return check_output(v, *(*outputs)++);
    break;
  }
  return refuse(v, "operand of kind %u where `%c` is expected", kind, letter);
}

/* Who performs what: the baton goes where handoffs say, and back to the parent when the program has been executed. */
static int check_order(struct validation *v, uint16_t operation, size_t operand)
{
  if (operation == OP_SPAWN) {
    if (v->spawned)
      return refuse(v, "a second container process");
    v->spawned = true;
    v->plan->spawns = true;
  } else if (operation == OP_DETACH) {
    if (v->spawned)
      return refuse(v, "detaching from a container process that is there");
    v->plan->detaches = true;
  } else if (operation == OP_HANDOFF) {
    if (read_u32(v->plan->bytes + operand) != OPERAND_INT)
      return refuse(v, "the baton must go to an actor that is known in advance");
    int64_t to = read_i64(v->plan->bytes + operand + 4);
    if (!v->spawned || v->executed || (to != ACTOR_PARENT && to != ACTOR_CONTAINER) || to == (int64_t)v->actor)
      return refuse(v, "the baton cannot go to actor %lld here", (long long)to);
    v->actor = (enum actor)to;
  } else if (operation == OP_EXEC) {
    v->executed = true;
    v->actor = ACTOR_PARENT;
  }
  return 0;
}

static int check_step(struct validation *v, size_t strings)
{
  const uint8_t *bytes = v->plan->bytes;
  size_t start = v->at;
  if (strings - start < STEP_HEADER_SIZE)
    return refuse(v, "it is outside of the plan");
  uint16_t number = read_u16(bytes + start);
  uint8_t actor = bytes[start + 2];
  uint32_t length = read_u32(bytes + start + 4);
  uint32_t hint = read_u32(bytes + start + 16);
  uint16_t attributes = read_u16(bytes + start + 20);
  uint16_t ignored = read_u16(bytes + start + 22);
  size_t header = STEP_HEADER_SIZE + ((size_t)ignored * 2 + 3) / 4 * 4;
  if (length % 4 != 0 || length < header || length > strings - start)
    return refuse(v, "its length %u is wrong", length);
  v->end = start + length;
  const struct operation *operation = operation_find(number);
  if (operation == NULL)
    return refuse(v, "there is no operation %u", number);
  if (actor != v->actor || !(operation->actors & 1 << actor))
    return refuse(v, "%s is not for actor %u here", operation->name, actor);
  if (check_string(v, read_u32(bytes + start + 8), true) < 0 ||
      check_string(v, read_u32(bytes + start + 12), true) < 0 || (hint != PLAN_NONE && check_string(v, hint, true) < 0))
    return -1;
  if (attributes & ~(STEP_BEST_EFFORT | STEP_WARNING))
    return refuse(v, "unknown attributes %#x", attributes);
  if (bytes[start + 3] != strlen(operation->signature))
    return refuse(v, "%s has not %u operands", operation->name, bytes[start + 3]);
  v->at = start + header;
  const char *outputs = operation->outputs;
  for (const char *letter = operation->signature; *letter != '\0'; letter++)
    if (check_operand(v, *letter, &outputs, number == OP_CLOSE) < 0)
      return -1;
  if (v->at != v->end)
    return refuse(v, "its operands are shorter than it is");
  return check_order(v, number, start + header);
}

static int check_all(struct validation *v, size_t length)
{
  struct plan *plan = v->plan;
  const uint8_t *b = plan->bytes;
  if (length < HEADER_SIZE || length > PLAN_MAX_BYTES)
    return refuse(v, "no plan has %zu bytes", length);
  if (memcmp(b, "HWPL", 4) != 0)
    return refuse(v, "not a plan");
  if (read_u16(b + 4) != PLAN_VERSION)
    return refuse(v, "a plan of version %u, not %d: planner and native program are of different releases",
                  read_u16(b + 4), PLAN_VERSION);
  uint16_t flags = read_u16(b + 6);
  uint32_t strings = read_u32(b + 12), undo = read_u32(b + 24), trace = read_u32(b + 28);
  v->strings_length = read_u32(b + 16);
  if (flags & ~FLAG_TRACE || read_u32(b + 32) != 0)
    return refuse(v, "unknown flags");
  if (read_u32(b + 8) != length)
    return refuse(v, "its length is not the file's");
  if (strings % 4 != 0 || strings < HEADER_SIZE || strings > length || v->strings_length > length - strings)
    return refuse(v, "the strings are outside of the plan");
  plan->strings = strings;
  plan->slot_count = read_u16(b + 20);
  plan->step_count = read_u16(b + 22);
  if (plan->slot_count > PLAN_MAX_SLOTS || plan->step_count > PLAN_MAX_STEPS)
    return refuse(v, "%u slots and %u steps are too many", plan->slot_count, plan->step_count);
  if ((undo != PLAN_NONE && check_string(v, undo, true) < 0) ||
      (trace != PLAN_NONE && check_string(v, trace, true) < 0))
    return -1;
  plan->undo = undo == PLAN_NONE ? NULL : (const char *)b + strings + undo + 4;
  plan->trace = trace == PLAN_NONE ? NULL : (const char *)b + strings + trace + 4;
  plan->traced = (flags & FLAG_TRACE) != 0 && plan->trace != NULL;
  plan->slot_types = b + HEADER_SIZE;
  plan->first_step = HEADER_SIZE + ((size_t)plan->slot_count + 3) / 4 * 4;
  if (plan->first_step > strings)
    return refuse(v, "the slots are outside of the plan");
  for (unsigned i = 0; i < plan->slot_count; i++)
    if (plan->slot_types[i] < SLOT_INT || plan->slot_types[i] > SLOT_FD)
      return refuse(v, "slot %u has unknown type %u", i, plan->slot_types[i]);
  v->at = plan->first_step;
  for (v->step = 1; v->step <= plan->step_count; v->step++)
    if (check_step(v, strings) < 0)
      return -1;
  v->step = 0;
  if (v->at != strings)
    return refuse(v, "there is something between steps and strings");
  if (v->actor != ACTOR_PARENT)
    return refuse(v, "it ends in the container's process without exec");
  return 0;
}

int plan_validate(struct plan *plan, const void *bytes, size_t length, char *message, size_t message_size)
{
  cleanup_free struct validation *v = calloc(1, sizeof(*v));
  if (v == NULL) {
    snprintf(message, message_size, "no memory");
    return -1;
  }
  *plan = (struct plan){ .bytes = bytes, .length = length };
  v->plan = plan;
  v->message = message;
  v->message_size = message_size;
  return check_all(v, length);
}

int plan_load(struct plan *plan, const char *path, char *message, size_t message_size)
{
  *plan = (struct plan){ 0 };
  message[0] = '\0';
  cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  struct stat st;
  if (fd < 0 || fstat(fd, &st) < 0)
    return -1;
  if (!S_ISREG(st.st_mode) || st.st_size < HEADER_SIZE || st.st_size > PLAN_MAX_BYTES) {
    errno = 0;
    snprintf(message, message_size, "not a plan");
    return -1;
  }
  /* A plan is a program: whoever can write it has our rights. */
  if ((st.st_uid != 0 && st.st_uid != geteuid()) || (st.st_mode & S_IWOTH) != 0) {
    errno = 0;
    snprintf(message, message_size, "it belongs to another user, or others can write it");
    return -1;
  }
  size_t length = (size_t)st.st_size;
  /* Read, not mapped from the file: what was checked must not change afterwards. */
  void *bytes = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (bytes == MAP_FAILED)
    return -1;
  ssize_t n = read_full(fd, bytes, length);
  int result = -1;
  if (n == (ssize_t)length) {
    result = plan_validate(plan, bytes, length, message, message_size);
    errno = 0;
  } else if (n >= 0) {
    snprintf(message, message_size, "it became shorter while it was read");
    errno = 0;
  }
  if (result < 0) {
    int saved = errno;
    munmap(bytes, length);
    errno = saved;
    return -1;
  }
  plan->mapped = true;
  return 0;
}

void plan_free(struct plan *plan)
{
  if (plan->mapped)
    munmap((void *)(uintptr_t)plan->bytes, plan->length);
  *plan = (struct plan){ 0 };
}

static const char *string_at(const struct plan *plan, uint32_t ref)
{
  return (const char *)plan->bytes + plan->strings + ref + 4;
}

/* The bytes that an operand at p takes, its kind included. */
static size_t operand_size(const uint8_t *p)
{
  switch (read_u32(p)) {
  case OPERAND_INT:
    return 12;
  case OPERAND_TEMPLATE:
    return 8 + (size_t)read_u32(p + 4) * 8;
  case OPERAND_LIST: {
    size_t size = 8;
    for (uint32_t i = read_u32(p + 4); i > 0; i--)
      size += operand_size(p + size);
    return size;
  }
  default:
    return 8;
  }
}

void plan_step(const struct plan *plan, size_t offset, unsigned number, struct step *step)
{
  const uint8_t *p = plan->bytes + offset;
  uint32_t hint = read_u32(p + 16);
  *step = (struct step){
    .plan = plan,
    .operation = operation_find(read_u16(p)),
    .number = number,
    .actor = (enum actor)p[2],
    .operand_count = p[3],
    .best_effort = (read_u16(p + 20) & STEP_BEST_EFFORT) != 0,
    .warns = (read_u16(p + 20) & STEP_WARNING) != 0,
    .plugin = string_at(plan, read_u32(p + 8)),
    .label = string_at(plan, read_u32(p + 12)),
    .hint = hint == PLAN_NONE ? NULL : string_at(plan, hint),
    .ignored_count = read_u16(p + 22),
    .retry_ms = read_u32(p + 24),
    .ignored = p + STEP_HEADER_SIZE,
    .next = offset + read_u32(p + 4),
  };
  const uint8_t *operand = p + STEP_HEADER_SIZE + ((size_t)step->ignored_count * 2 + 3) / 4 * 4;
  for (unsigned i = 0; i < step->operand_count; i++) {
    step->operand[i] = operand;
    operand += operand_size(operand);
  }
}
