/* The step `init`: pid 1 of a container whose program does not want to be one. It reaps, forwards every signal, and ends as the program does.

   It is not the program, and must give it nothing: no descriptors, no capabilities but the one to send signals; not dumpable, so that
   /proc/1/exe, our own image, cannot be opened through it; nor the words and variables of the caller. */
#include "step.h"

#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static void confine(void)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct had[2], keep[2] = { { 0 } };
  prctl(PR_SET_DUMPABLE, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (syscall(SYS_capget, &header, had) < 0)
    return;
  keep[0].permitted = keep[0].effective = had[0].permitted & 1u << CAP_KILL;
  syscall(SYS_capset, &header, keep);
}

/* Whether the program will ask to die with its parent: then so must we with ours. */
static bool dies_with_parent(const struct step *step)
{
  struct step other;
  size_t offset = step->plan->first_step;
  for (unsigned i = 1; i <= step->plan->step_count; i++, offset = other.next) {
    plan_step(step->plan, offset, i, &other);
    if (other.operation->perform == step_parent_death_signal)
      return true;
  }
  return false;
}

/* With a terminal of its own, the program's group is the one in the foreground, so that typed signals reach it once. */
static void take_foreground(bool leader)
{
  if (!leader || tcgetpgrp(STDIN_FILENO) < 0)
    return;
  sigset_t stop, mask;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTTOU);
  setpgid(0, 0);
  sigprocmask(SIG_BLOCK, &stop, &mask);
  tcsetpgrp(STDIN_FILENO, getpgrp());
  sigprocmask(SIG_SETMASK, &mask, NULL);
}

/* /proc/1/cmdline and environ show the caller's words and variables; the kernel lays them one behind the other, the file's name last. */
static void forget_caller(void)
{
  static const char title[] = "hardway-init";
  enum { MOST = 8 << 20 }; /* the kernel takes less, so that another distance is no such place */
  char *start = program_invocation_name, *end = (char *)(uintptr_t)getauxval(AT_EXECFN);
  size_t length = (uintptr_t)end - (uintptr_t)start;
  if (end <= start || length > MOST)
    return;
  explicit_bzero(start, length);
  if (length >= sizeof(title))
    memcpy(start, title, sizeof(title));
}

static __attribute__((noreturn)) void reap_and_forward(pid_t program, const sigset_t *taken)
{
  for (;;) {
    int signal = idle_signal(taken), status;
    pid_t pid;
    if (signal > 0 && signal != SIGCHLD)
      kill(program, signal);
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
      if (pid == program)
        _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
  }
}

int step_init(struct context *ctx, const struct step *step)
{
  static const int left_alone[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT, SIGTTIN, SIGTTOU };
  if (operand_int(ctx, step, 0) != 1)
    return fail(ctx, EINVAL, "mode %lld", (long long)operand_int(ctx, step, 0));
  sigset_t taken, before;
  sigfillset(&taken);
  for (size_t i = 0; i < sizeof(left_alone) / sizeof(left_alone[0]); i++)
    sigdelset(&taken, left_alone[i]);
  bool dies = dies_with_parent(step), leader = getsid(0) == getpid();
  sigprocmask(SIG_BLOCK, &taken, &before); /* nothing is lost between fork and wait */
  pid_t pid = fork();
  if (pid < 0)
    return fail(ctx, errno, "fork");
  if (pid == 0) {
    sigprocmask(SIG_SETMASK, &before, NULL);
    take_foreground(leader);
    return 0;
  }
  context_forget(ctx);
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    close(fd);
  prctl(PR_SET_CHILD_SUBREAPER, 1); /* where we are not pid 1 */
  if (dies)
    prctl(PR_SET_PDEATHSIG, SIGKILL);
  confine();
  forget_caller();
  reap_and_forward(pid, &taken);
}
