/* What the container process is before it executes the program: limits, directory, streams, signals. */
#include "step.h"

#include <fcntl.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

int step_hostname(struct context *ctx, const struct step *step)
{
  const char *name = operand_text(ctx, step, 0);
  return sethostname(name, __builtin_strlen(name)) < 0 ? fail(ctx, errno, "%s", name) : 0;
}

int step_domainname(struct context *ctx, const struct step *step)
{
  const char *name = operand_text(ctx, step, 0);
  return setdomainname(name, __builtin_strlen(name)) < 0 ? fail(ctx, errno, "%s", name) : 0;
}

int step_rlimit(struct context *ctx, const struct step *step)
{
  int resource = (int)operand_int(ctx, step, 0);
  int64_t soft = operand_int(ctx, step, 1), hard = operand_int(ctx, step, 2);
  struct rlimit had, limit = { .rlim_cur = (rlim_t)soft, .rlim_max = (rlim_t)hard };
  if (setrlimit((__rlimit_resource_t)resource, &limit) == 0)
    return 0;
  int error = errno;
  if (getrlimit((__rlimit_resource_t)resource, &had) < 0)
    return fail(ctx, error, "resource %d", resource);
  return fail(ctx, error, "resource %d to %lld:%lld, it is %lld:%lld", resource, (long long)soft, (long long)hard,
              (long long)had.rlim_cur, (long long)had.rlim_max);
}

int step_umask(struct context *ctx, const struct step *step)
{
  ctx->umask = (mode_t)operand_int(ctx, step, 0) & 0777; /* at exec: modes in plans are exact */
  return 0;
}

int step_chdir(struct context *ctx, const struct step *step)
{
  char cwd[PATH_MAX];
  int dir = operand_dir(ctx, step, 0);
  const char *path = operand_text(ctx, step, 1);
  enum place kind = operand_int(ctx, step, 2) != 0 ? PLACE_DIRECTORY : PLACE_EXISTING;
  if (dir == -1)
    return -1;
  cleanup_fd int root = dir == AT_FDCWD ? open("/", O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
  cleanup_fd int place = open_place(dir == AT_FDCWD ? root : dir, path, kind, 0755);
  if (place < 0 || fchdir(place) < 0)
    return fail_with(ctx, ctx->actor == ACTOR_CONTAINER ? EXIT_NOT_EXECUTABLE : EXIT_FAILED, errno, "%s", path);
  /* The kernel's own word on it, for it says where a directory is not below the root. */
  if (dir == AT_FDCWD && (syscall(SYS_getcwd, cwd, sizeof(cwd)) < 0 || cwd[0] != '/'))
    return fail(ctx, EXDEV, "%s is outside of the container's root", path);
  return 0;
}

int step_parent_death_signal(struct context *ctx, const struct step *step)
{
  if (prctl(PR_SET_PDEATHSIG, operand_int(ctx, step, 0), 0, 0, 0) < 0)
    return fail(ctx, errno, NULL);
  return parent_is_alive(ctx) ? 0 : fail(ctx, ESRCH, "the parent is gone");
}

static int put_stream(struct context *ctx, int fd, int stream)
{
  if (fd < 0)
    return 0;
  int result = fd == stream ? fcntl(fd, F_SETFD, 0) : dup2(fd, stream);
  return result < 0 ? fail(ctx, errno, "stream %d", stream) : 0;
}

int step_stdio(struct context *ctx, const struct step *step)
{
  for (int i = 0; i < 3; i++)
    if (put_stream(ctx, operand_fd(ctx, step, i), i) < 0)
      return -1;
  return 0;
}

int step_close_others(struct context *ctx, const struct step *step)
{
  ctx->keep = (int)operand_int(ctx, step, 0);
  /* What the caller gave has no flag; what has it is our own, and would be closed. */
  for (int fd = 3; fd < 3 + ctx->keep; fd++)
    if (fcntl(fd, F_GETFD) != 0)
      return fail(ctx, EBADF, "descriptor %d is to be kept open, and is not", fd);
  return close_others_at_exec(ctx);
}

/* A terminal of the container's devpts, not one that the caller is at. */
static bool is_own_terminal(const struct context *ctx, int fd, const struct stat *st)
{
  struct stat own;
  return ctx->actor == ACTOR_CONTAINER && S_ISCHR(st->st_mode) && isatty(fd) && stat("/dev/pts", &own) == 0 &&
         own.st_dev == st->st_dev;
}

/* Who opens /dev/stdout needs rights to what it leads to, though he has it open. Only what was made for that: a pipe, a socket, a terminal of
   the container's own. A file would stay his, and he could open it for more than he was given it for. Where the pipe's owner has no id in this
   user namespace it stays whose it is. */
int step_stdio_owner(struct context *ctx, const struct step *step)
{
  uid_t uid = (uid_t)operand_int(ctx, step, 3);
  gid_t gid = (gid_t)operand_int(ctx, step, 4);
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
    int fd = operand_is_none(step, stream) ? stream : operand_fd(ctx, step, stream);
    struct stat st;
    if (fstat(fd, &st) < 0 || !(S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode) || is_own_terminal(ctx, fd, &st)))
      continue;
    if (st.st_uid == uid && (gid == (gid_t)-1 || st.st_gid == gid))
      continue;
    if (fchown(fd, uid, gid) < 0 && errno != EINVAL && errno != EPERM && errno != EROFS)
      return fail(ctx, errno, "descriptor %d", stream);
  }
  return 0;
}

int step_session_keyring(struct context *ctx, const struct step *step)
{
  const char *name = operand_text(ctx, step, 0);
  return syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name) < 0 ? fail(ctx, errno, "%s", name) : 0;
}

int step_reset_signals(struct context *ctx, const struct step *step)
{
  (void)step;
  sigset_t none;
  sigemptyset(&none);
  for (int number = 1; number <= SIGRTMAX; number++)
    signal(number, SIG_DFL); /* refused for some, which cannot be changed */
  ctx->caller_mask = none;
  return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? fail(ctx, errno, NULL) : 0;
}

int step_setsid(struct context *ctx, const struct step *step)
{
  (void)step;
  return setsid() < 0 ? fail(ctx, errno, NULL) : 0;
}
