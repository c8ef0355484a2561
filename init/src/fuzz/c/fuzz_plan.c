/* Plans: whatever is accepted can be decoded, and its operands read, inside of its bytes. */
#include "step.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
  if (!condition)
    abort();
}

/* So that nothing that is read is left out. */
static volatile size_t sink;

static void read_operands(struct context *ctx, const struct step *step)
{
  size_t read = 0;
  for (int i = 0; i < step->operand_count; i++) {
    switch (step->operation->signature[i]) {
    case 'i':
      read += (size_t)operand_int(ctx, step, i);
      break;
    case 't':
      read += strlen(operand_text(ctx, step, i));
      break;
    case 'b': {
      struct bytes bytes = operand_bytes(ctx, step, i);
      require(bytes.data[bytes.length] == '\0');
      break;
    }
    case 'l':
      for (char **element = operand_list(ctx, step, i); *element != NULL; element++)
        read += strlen(*element);
      break;
    case 'f':
      read += (size_t)operand_fd(ctx, step, i);
      break;
    default:
      require(operand_is_none(step, i) || operand_slot(step, i) < step->plan->slot_count);
    }
  }
  sink = read;
  scratch_free(ctx);
}

static void walk(const struct plan *plan)
{
  struct context ctx = { .plan = plan, .slots = calloc(plan->slot_count + 1u, sizeof(struct slot)) };
  static char text[] = "text";
  for (unsigned i = 0; i < plan->slot_count; i++)
    ctx.slots[i] = (struct slot){ .type = plan->slot_types[i], .set = true, .number = i, .text = text };
  struct step step;
  size_t offset = plan->first_step;
  for (unsigned i = 1; i <= plan->step_count; i++, offset = step.next) {
    plan_step(plan, offset, i, &step);
    require(step.operation != NULL && strlen(step.plugin) + strlen(step.label) < plan->length);
    require(step.hint == NULL || strlen(step.hint) < plan->length);
    for (unsigned k = 0; k < step.ignored_count; k++)
      (void)*(volatile const uint8_t *)(step.ignored + (size_t)k * 2 + 1);
    read_operands(&ctx, &step);
  }
  require(offset == plan->strings);
  free(ctx.slots);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct plan plan;
  char message[300];
  /* A copy of exactly this size: nothing behind it may be read. */
  uint8_t *bytes = malloc(size + (size == 0));
  memcpy(bytes, data, size);
  message[0] = '\0';
  if (plan_validate(&plan, bytes, size, message, sizeof(message)) == 0)
    walk(&plan);
  else
    require(message[0] != '\0' && strlen(message) < sizeof(message));
  free(bytes);
  return 0;
}
