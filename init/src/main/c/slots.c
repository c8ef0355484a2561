/* Operands and slots: what handlers read and set. The plan has been validated, so kinds, types and order are right. */
#include "step.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct scratch {
  struct scratch *next;
  _Alignas(16) char data[];
};

void *scratch_alloc(struct context *ctx, size_t size)
{
  struct scratch *scratch = malloc(sizeof(*scratch) + size);
  if (scratch == NULL)
    die("no memory for %zu bytes", size);
  scratch->next = ctx->scratch;
  ctx->scratch = scratch;
  return scratch->data;
}

char *scratch_printf(struct context *ctx, const char *format, ...)
{
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int length = vsnprintf(NULL, 0, format, args);
  va_end(args);
  char *text = scratch_alloc(ctx, (size_t)length + 1);
  vsnprintf(text, (size_t)length + 1, format, again);
  va_end(again);
  return text;
}

void scratch_free(struct context *ctx)
{
  while (ctx->scratch != NULL) {
    struct scratch *next = ctx->scratch->next;
    free(ctx->scratch);
    ctx->scratch = next;
  }
}

static struct bytes string_at(const struct plan *plan, uint32_t ref)
{
  const uint8_t *p = plan->bytes + plan->strings + ref;
  return (struct bytes){ .data = (const char *)p + 4, .length = read_u32(p) };
}

/* What a piece of a template becomes; numbers are written into the buffer. */
static struct bytes piece(struct context *ctx, const struct step *step, const uint8_t *p, char buffer[24])
{
  uint32_t value = read_u32(p + 4);
  switch (read_u32(p)) {
  case PIECE_DECIMAL:
    return (struct bytes){ buffer, (size_t)snprintf(buffer, 24, "%lld", (long long)ctx->slots[value].number) };
  case PIECE_BINARY: {
    uint32_t number = (uint32_t)ctx->slots[value].number;
    for (int i = 0; i < 4; i++)
      buffer[i] = (char)(number >> 8 * i);
    return (struct bytes){ buffer, 4 };
  }
  case PIECE_TEXT:
    return (struct bytes){ ctx->slots[value].text, strlen(ctx->slots[value].text) };
  default:
    return string_at(step->plan, value);
  }
}

static struct bytes template(struct context *ctx, const struct step *step, const uint8_t *operand)
{
  uint32_t count = read_u32(operand + 4);
  char buffer[24];
  size_t length = 0;
  for (uint32_t i = 0; i < count; i++)
    length += piece(ctx, step, operand + 8 + (size_t)i * 8, buffer).length;
  char *data = scratch_alloc(ctx, length + 1);
  char *end = data;
  for (uint32_t i = 0; i < count; i++) {
    struct bytes part = piece(ctx, step, operand + 8 + (size_t)i * 8, buffer);
    memcpy(end, part.data, part.length);
    end += part.length;
  }
  *end = '\0';
  return (struct bytes){ data, length };
}

static struct bytes text_at(struct context *ctx, const struct step *step, const uint8_t *operand)
{
  if (read_u32(operand) == OPERAND_TEMPLATE)
    return template(ctx, step, operand);
  return string_at(step->plan, read_u32(operand + 4));
}

int64_t operand_int(struct context *ctx, const struct step *step, int n)
{
  const uint8_t *operand = step->operand[n];
  if (read_u32(operand) == OPERAND_INT)
    return read_i64(operand + 4);
  return ctx->slots[read_u32(operand + 4)].number;
}

const char *operand_text(struct context *ctx, const struct step *step, int n)
{
  return text_at(ctx, step, step->operand[n]).data;
}

struct bytes operand_bytes(struct context *ctx, const struct step *step, int n)
{
  return text_at(ctx, step, step->operand[n]);
}

char **operand_list(struct context *ctx, const struct step *step, int n)
{
  const uint8_t *operand = step->operand[n];
  uint32_t count = read_u32(operand + 4);
  char **list = scratch_alloc(ctx, (count + 1) * sizeof(*list));
  operand += 8;
  for (uint32_t i = 0; i < count; i++) {
    list[i] = (char *)(uintptr_t)text_at(ctx, step, operand).data;
    operand += read_u32(operand) == OPERAND_TEMPLATE ? 8 + (size_t)read_u32(operand + 4) * 8 : 8;
  }
  list[count] = NULL;
  return list;
}

uint32_t operand_slot(const struct step *step, int n)
{
  return read_u32(step->operand[n] + 4);
}

bool operand_is_none(const struct step *step, int n)
{
  return operand_slot(step, n) == PLAN_NONE;
}

int operand_fd(struct context *ctx, const struct step *step, int n)
{
  uint32_t slot = operand_slot(step, n);
  return slot == PLAN_NONE ? -1 : (int)ctx->slots[slot].number;
}

int operand_dir(struct context *ctx, const struct step *step, int n)
{
  if (operand_is_none(step, n))
    return AT_FDCWD;
  int fd = operand_fd(ctx, step, n);
  return fd >= 0 ? fd : fail(ctx, EBADF, "the directory was not opened");
}

static struct slot *slot_begin(struct context *ctx, uint32_t number)
{
  struct slot *slot = &ctx->slots[number];
  slot->set = true;
  slot->fresh = true;
  return slot;
}

void slot_set_int(struct context *ctx, uint32_t slot, int64_t value)
{
  slot_begin(ctx, slot)->number = value;
}

void slot_set_text(struct context *ctx, uint32_t slot, const char *text)
{
  char *copy = strdup(text);
  if (copy == NULL)
    die("no memory for %zu bytes", strlen(text));
  free(ctx->slots[slot].text);
  slot_begin(ctx, slot)->text = copy;
}

void slot_set_fd(struct context *ctx, uint32_t slot, int fd)
{
  if (ctx->slots[slot].set && ctx->slots[slot].number >= 0)
    close((int)ctx->slots[slot].number);
  slot_begin(ctx, slot)->number = fd;
}

void output_int(struct context *ctx, const struct step *step, int n, int64_t value)
{
  if (!operand_is_none(step, n))
    slot_set_int(ctx, operand_slot(step, n), value);
}

void output_text(struct context *ctx, const struct step *step, int n, const char *text)
{
  if (!operand_is_none(step, n))
    slot_set_text(ctx, operand_slot(step, n), text);
}

void output_fd(struct context *ctx, const struct step *step, int n, int fd)
{
  if (!operand_is_none(step, n))
    slot_set_fd(ctx, operand_slot(step, n), fd);
  else if (fd >= 0)
    close(fd);
}
