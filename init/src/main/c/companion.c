#include "companion.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534, LAST = 1024 };

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "no system call filter for this architecture"
#endif

/* Names behind the descriptors of directories can be read and listed, but nothing be opened. */
static const int calls[] = {
  SYS_read,
  SYS_write,
  SYS_close,
  SYS_lseek,
  SYS_getdents64,
  SYS_readlinkat,
  SYS_ppoll,
  SYS_accept4,
  SYS_connect,
  SYS_sendto,
  SYS_sendmsg,
  SYS_recvfrom,
  SYS_recvmsg,
  SYS_shutdown,
  SYS_setsockopt,
  SYS_getsockopt,
  SYS_clone,
  SYS_wait4,
  SYS_exit,
  SYS_exit_group,
  SYS_getpid,
  SYS_getppid,
  SYS_gettid,
  SYS_prctl,
  SYS_rt_sigprocmask,
  SYS_rt_sigreturn,
  SYS_clock_gettime,
  SYS_gettimeofday,
  SYS_getrandom,
  SYS_restart_syscall,
  SYS_madvise,
  SYS_munmap,
  SYS_brk,
  SYS_set_robust_list,
  SYS_clock_nanosleep,
  SYS_nanosleep,
#ifdef SYS_poll
  SYS_poll,
  SYS_time,
#endif
};

enum { CALLS = sizeof(calls) / sizeof(calls[0]), HEAD = 9 };

/* What is not allowed ends the process, which has been taken over. */
static int filter(void)
{
  static struct sock_filter program[HEAD + 2 * CALLS + 1];
  const struct sock_filter head[HEAD] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 4),
    /* A socket of IPv4 (2) or IPv6 (10). */
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 1, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 0, 2 * CALLS + 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  for (int i = 0; i < HEAD; i++)
    program[i] = head[i];
  for (int i = 0; i < CALLS; i++) {
    program[HEAD + 2 * i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i], 0, 1);
    program[HEAD + 2 * i + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  }
  program[HEAD + 2 * CALLS] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  struct sock_fprog whole = { HEAD + 2 * CALLS + 1, program };
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole, 0, 0);
}

pid_t companion_fork(void)
{
  pid_t parent = getpid(), pid = fork();
  if (pid == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent))
    _exit(0);
  return pid;
}

int companion_give_up(int *fds, int count, pid_t parent)
{
  sigset_t none;
  sigemptyset(&none);
  /* Ctrl-C is for the group of the parent. */
  setsid();
  signal(SIGPIPE, SIG_IGN);
  /* They are numbered from LAST − COMPANION_FDS on, however few the caller may open. */
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
    return -1;
  if (limit.rlim_cur < LAST) {
    limit.rlim_cur = LAST;
    limit.rlim_max = limit.rlim_max < LAST ? LAST : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
      return -1;
  }
  for (int i = 0; i < count; i++) {
    /* Above all others, in order, so that these can be closed. */
    int fd = fcntl(fds[i], F_DUPFD_CLOEXEC, LAST - COMPANION_FDS + i);
    if (fd != LAST - COMPANION_FDS + i)
      return -1;
    fds[i] = fd;
  }
  close_range(0, LAST - COMPANION_FDS - 1, 0);
  close_range((unsigned)(LAST - COMPANION_FDS + count), ~0u, 0);
  if (geteuid() == 0 && (chroot("/proc/self/fdinfo") < 0 || chdir("/") < 0 || setgroups(0, NULL) < 0 ||
                         setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0))
    return -1;
  /* A change of the user takes the wish to end with the parent back: it comes after. */
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
      (parent != 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)) ||
      sigprocmask(SIG_SETMASK, &none, NULL) < 0)
    return -1;
  return filter();
}
