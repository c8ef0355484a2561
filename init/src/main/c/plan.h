/* A plan in its binary form: docs/plan-format.md. It is validated as a whole before anything is performed; after that, steps are
   decoded one at a time out of the same bytes, without copies. */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  PLAN_MAX_BYTES = 16 << 20,
  PLAN_MAX_STEPS = 4096,
  PLAN_MAX_SLOTS = 1024,
  PLAN_MAX_ELEMENTS = 16 << 10,
  STEP_MAX_OPERANDS = 20,
};

#define PLAN_NONE UINT32_MAX

enum actor { ACTOR_PARENT = 0, ACTOR_CONTAINER = 2 };

enum slot_type { SLOT_INT = 1, SLOT_TEXT = 2, SLOT_FD = 3 };

enum operand_kind {
  OPERAND_INT = 1,
  OPERAND_INT_SLOT = 2,
  OPERAND_TEXT = 3,
  OPERAND_TEMPLATE = 4,
  OPERAND_LIST = 5,
  OPERAND_FD = 6,
  OPERAND_OUTPUT = 7,
  OPERAND_BYTES = 8,
};

enum piece_kind { PIECE_LITERAL = 0, PIECE_DECIMAL = 1, PIECE_BINARY = 2, PIECE_TEXT = 3 };

enum { STEP_BEST_EFFORT = 1, STEP_WARNING = 2 };

struct context;
struct step;

/* One row of the dispatch table (operations.c). */
struct operation {
  uint16_t number;
  uint8_t actors; /* bits 1 << enum actor */
  const char *name;
  const char *signature; /* letters of plan-format.md */
  const char *outputs;   /* the type of each output in order: i, t, f */
  int (*perform)(struct context *ctx, const struct step *step);
};

/* The operation of this number, or NULL. */
const struct operation *operation_find(uint16_t number);

/* Prints the table, `number name signature` a line. */
void operations_print(void);

/* Validated bytes. */
struct plan {
  const uint8_t *bytes;
  size_t length;
  bool mapped; /* whether plan_free unmaps the bytes */
  bool traced;
  bool spawns;   /* it makes a container process */
  bool detaches; /* it lets its caller go */
  uint16_t step_count;
  uint16_t slot_count;
  const uint8_t *slot_types;
  const char *undo;  /* path, or NULL */
  const char *trace; /* path, or NULL */
  size_t strings;    /* offset in bytes */
  size_t first_step; /* offset in bytes */
};

struct step {
  const struct plan *plan;
  const struct operation *operation;
  unsigned number; /* from 1 */
  enum actor actor;
  uint8_t operand_count;
  bool best_effort;
  bool warns; /* a failure with which the plan goes on is reported */
  const char *plugin;
  const char *label;
  const char *hint; /* or NULL */
  uint32_t retry_ms;
  uint16_t ignored_count;
  const uint8_t *ignored;                    /* u16 each */
  const uint8_t *operand[STEP_MAX_OPERANDS]; /* each at its kind */
  size_t next;                               /* offset of the next step */
};

/* Validates bytes as a plan; they must stay as long as the plan does. On failure, writes a sentence into the message and returns −1. */
int plan_validate(struct plan *plan, const void *bytes, size_t length, char *message, size_t message_size);

/* Reads a plan from a file and validates it; errno is 0 where the file was read but is not valid. */
int plan_load(struct plan *plan, const char *path, char *message, size_t message_size);

/* Takes the bytes back from memory. */
void plan_free(struct plan *plan);

/* Decodes the step at an offset of a validated plan. */
void plan_step(const struct plan *plan, size_t offset, unsigned number, struct step *step);

uint16_t read_u16(const uint8_t *p);
uint32_t read_u32(const uint8_t *p);
int64_t read_i64(const uint8_t *p);

#endif
