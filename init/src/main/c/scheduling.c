/* When and where the process runs: the steps `scheduler`, `io-priority`, `affinity`, `memory-policy` and `personality`. The C library has
   no function for most of these calls. */
#include "step.h"

#include <limits.h>
#include <linux/sched/types.h>
#include <sys/personality.h>
#include <sys/syscall.h>

enum { ONE_PROCESS = 1 }; /* IOPRIO_WHO_PROCESS, ioprio_set(2) */

int step_scheduler(struct context *ctx, const struct step *step)
{
  struct sched_attr wanted = {
    .size = sizeof(wanted),
    .sched_policy = (uint32_t)operand_int(ctx, step, 0),
    .sched_flags = (uint64_t)operand_int(ctx, step, 1),
    .sched_nice = (int32_t)operand_int(ctx, step, 2),
    .sched_priority = (uint32_t)operand_int(ctx, step, 3),
    .sched_runtime = (uint64_t)operand_int(ctx, step, 4),
    .sched_deadline = (uint64_t)operand_int(ctx, step, 5),
    .sched_period = (uint64_t)operand_int(ctx, step, 6),
  };
  if (syscall(SYS_sched_setattr, 0, &wanted, 0) < 0)
    return fail(ctx, errno, "policy %u, nice %d, priority %u", wanted.sched_policy, wanted.sched_nice,
                wanted.sched_priority);
  return 0;
}

int step_io_priority(struct context *ctx, const struct step *step)
{
  int value = (int)operand_int(ctx, step, 0);
  return syscall(SYS_ioprio_set, ONE_PROCESS, 0, value) < 0 ? fail(ctx, errno, "priority %#x", (unsigned)value) : 0;
}

int step_affinity(struct context *ctx, const struct step *step)
{
  struct bytes processors = operand_bytes(ctx, step, 0);
  return syscall(SYS_sched_setaffinity, 0, processors.length, processors.data) < 0 ? fail(ctx, errno, NULL) : 0;
}

int step_memory_policy(struct context *ctx, const struct step *step)
{
  int mode = (int)operand_int(ctx, step, 0);
  struct bytes nodes = operand_bytes(ctx, step, 1);
  /* The kernel counts one bit less than it is told. */
  unsigned long bits = nodes.length == 0 ? 0 : nodes.length * CHAR_BIT + 1;
  if (syscall(SYS_set_mempolicy, mode, bits == 0 ? NULL : nodes.data, bits) < 0)
    return fail(ctx, errno, "mode %#x", (unsigned)mode);
  return 0;
}

int step_personality(struct context *ctx, const struct step *step)
{
  unsigned long domain = (unsigned long)operand_int(ctx, step, 0);
  return personality(domain) < 0 ? fail(ctx, errno, "domain %#lx", domain) : 0;
}
