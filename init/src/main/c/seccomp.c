/* The step `seccomp`: installs the filter, and lets an agent have the descriptor by which it decides about calls.

   From the filter on, any call of this process may wait for the agent, which has no descriptor yet: so the process makes none until a thread
   has sent it. The filter is not the thread's, since it was there before. The two speak through memory alone, and the thread closes the
   descriptor, which is both's, so that nothing of the container ever has it. What is executed ends the thread. */
#include "socket.h"
#include "step.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/syscall.h>

enum { STACK = 16384, NO_ANSWER = -1, NO_FILTER = -1, NOT_YET = -2 };

struct agent {
  int socket;
  struct bytes state;
  int listener; /* from the process: NOT_YET, NO_FILTER, or the descriptor */
  int error;    /* from the thread: NO_ANSWER, 0, or why the agent has not got it */
};

static struct agent agent;
static _Alignas(16) char stack[STACK];

static int tell_agent(void *unused)
{
  (void)unused;
  int listener;
  while ((listener = __atomic_load_n(&agent.listener, __ATOMIC_ACQUIRE)) == NOT_YET)
    sched_yield();
  if (listener == NO_FILTER)
    return 0;
  int error = socket_send_fd(agent.socket, agent.state.data, agent.state.length, listener) < 0 ? errno : 0;
  close(listener);
  close(agent.socket);
  __atomic_store_n(&agent.error, error, __ATOMIC_RELEASE);
  return 0;
}

static long install(unsigned flags, struct sock_fprog *program)
{
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);
}

static int install_for_agent(struct context *ctx, const struct step *step, unsigned flags, struct sock_fprog *program)
{
  agent = (struct agent){ operand_fd(ctx, step, 2), operand_bytes(ctx, step, 3), NOT_YET, NO_ANSWER };
  int shared = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  if (clone(tell_agent, stack + STACK, shared, NULL) < 0)
    return fail(ctx, errno, "a thread that tells the agent");
  long listener = install(flags | SECCOMP_FILTER_FLAG_NEW_LISTENER, program);
  int error = errno;
  __atomic_store_n(&agent.listener, listener < 0 ? NO_FILTER : (int)listener, __ATOMIC_RELEASE);
  if (listener < 0)
    return fail(ctx, error, "a filter with an agent, flags %#x", flags);
  while ((error = __atomic_load_n(&agent.error, __ATOMIC_ACQUIRE)) == NO_ANSWER)
    ; /* without a call */
  return error != 0 ? fail(ctx, error, "the agent") : 0;
}

int step_seccomp(struct context *ctx, const struct step *step)
{
  struct bytes filter = operand_bytes(ctx, step, 0);
  unsigned flags = (unsigned)operand_int(ctx, step, 1);
  size_t count = filter.length / sizeof(struct sock_filter);
  if (filter.length % sizeof(struct sock_filter) != 0 || count == 0 || count > BPF_MAXINSNS)
    return fail(ctx, EINVAL, "a filter of %zu bytes", filter.length);
  struct sock_filter *code = scratch_alloc(ctx, filter.length);
  __builtin_memcpy(code, filter.data, filter.length);
  struct sock_fprog program = { .len = (unsigned short)count, .filter = code };
  make_undumpable(ctx);
  if (!operand_is_none(step, 2))
    return install_for_agent(ctx, step, flags, &program);
  return install(flags, &program) < 0 ? fail(ctx, errno, "a filter of %zu instructions, flags %#x", count, flags) : 0;
}
