/* Operations whose files are not there yet. */
#include "step.h"

#define PENDING(keyword)                                                                                               \
  __attribute__((weak)) STEP(keyword)                                                                                  \
  {                                                                                                                    \
    return fail(ctx, ENOSYS, "%s", step->operation->name);                                                             \
  }

PENDING(remove_tree)
PENDING(copy_up)
PENDING(run)
PENDING(gate)
PENDING(resolve_user)
PENDING(pty)
PENDING(terminal)
PENDING(netlink)
PENDING(init)
PENDING(detach)
PENDING(ready)
PENDING(supervise)
PENDING(attach)
PENDING(await_record)

__attribute__((weak)) void caller_failed(struct context *ctx, int exit_code, const char *report)
{
  (void)ctx;
  (void)exit_code;
  (void)report;
}

__attribute__((weak)) int remove_tree(struct context *ctx, const char *path)
{
  return fail(ctx, ENOSYS, "%s", path);
}
