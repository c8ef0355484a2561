/* Processes by identity: pid, start time and boot. A pid alone may be another process by now; signals go through pidfds. */
#include "step.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "io.h"

enum { STAT_START_TIME = 22 };

static ssize_t read_text(const char *path, char *buffer, size_t size)
{
  cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  ssize_t n = fd < 0 ? -1 : read_full(fd, buffer, size - 1);
  buffer[n < 0 ? 0 : n] = '\0';
  return n;
}

uint64_t process_start_time(pid_t pid)
{
  char path[32], text[1024];
  snprintf(path, sizeof(path), "/proc/%d/stat", pid);
  if (read_text(path, text, sizeof(text)) < 0)
    return 0;
  char *field = strrchr(text, ')'); /* the name before it may hold anything */
  for (int i = 2; field != NULL && i < STAT_START_TIME; i++)
    field = strchr(field + 1, ' ');
  return field == NULL ? 0 : strtoull(field, NULL, 10);
}

static int read_boot_id(struct context *ctx, char *boot_id, size_t size)
{
  if (read_text("/proc/sys/kernel/random/boot_id", boot_id, size) < 0)
    return fail(ctx, errno, "the boot id");
  boot_id[strcspn(boot_id, "\n")] = '\0';
  return 0;
}

static int read_identity(struct context *ctx, const char *path, struct identity *identity)
{
  char text[128], boot_id[sizeof(identity->boot_id)];
  if (read_text(path, text, sizeof(text)) < 0)
    return fail(ctx, errno, "%s", path);
  if (sscanf(text, "%d %" SCNu64 " %39s", &identity->pid, &identity->start_time, identity->boot_id) != 3 ||
      identity->pid <= 0)
    return fail(ctx, EINVAL, "%s names no process", path);
  if (read_boot_id(ctx, boot_id, sizeof(boot_id)) < 0)
    return -1;
  return strcmp(boot_id, identity->boot_id) == 0 ? 0 : fail(ctx, ESRCH, "%s is of an earlier boot", path);
}

int identity_write(struct context *ctx, const char *path, pid_t pid)
{
  char boot_id[40];
  if (read_boot_id(ctx, boot_id, sizeof(boot_id)) < 0)
    return -1;
  const char *text = scratch_printf(ctx, "%d %" PRIu64 " %s\n", pid, process_start_time(pid), boot_id);
  return replace_file(ctx, path, 0600, (struct bytes){ text, strlen(text) });
}

int identity_open(struct context *ctx, const char *path, struct identity *identity, int *pidfd)
{
  if (read_identity(ctx, path, identity) < 0)
    return -1;
  cleanup_fd int fd = (int)syscall(SYS_pidfd_open, identity->pid, 0);
  /* Kernels before 6.15 say EINVAL where the number is only that of a process group or session that is still there. */
  if (fd < 0)
    return fail(ctx, errno == EINVAL ? ESRCH : errno, "process %d", identity->pid);
  /* With the pidfd open, the pid cannot become another process unseen. */
  if (process_start_time(identity->pid) != identity->start_time)
    return fail(ctx, ESRCH, "process %d is another one by now", identity->pid);
  *pidfd = steal_fd(&fd);
  return 0;
}

int step_open_process(struct context *ctx, const struct step *step)
{
  struct identity identity;
  int pidfd;
  if (identity_open(ctx, operand_text(ctx, step, 0), &identity, &pidfd) < 0)
    return -1;
  output_int(ctx, step, 2, identity.pid);
  output_fd(ctx, step, 1, pidfd);
  return 0;
}

int step_signal(struct context *ctx, const struct step *step)
{
  struct identity identity;
  int number = (int)operand_int(ctx, step, 1);
  cleanup_fd int pidfd = -1;
  if (identity_open(ctx, operand_text(ctx, step, 0), &identity, &pidfd) < 0)
    return -1;
  if (syscall(SYS_pidfd_send_signal, pidfd, number, NULL, 0) < 0)
    return fail(ctx, errno, "signal %d to process %d", number, identity.pid);
  return 0;
}

int step_await_exit(struct context *ctx, const struct step *step)
{
  struct identity identity;
  int64_t timeout = operand_int(ctx, step, 1);
  cleanup_fd int pidfd = -1;
  if (identity_open(ctx, operand_text(ctx, step, 0), &identity, &pidfd) < 0)
    return ctx->failure.error == ESRCH || ctx->failure.error == ENOENT ? 0 : -1;
  int ready = wait_for(ctx, pidfd, POLLIN, timeout == 0 ? -1 : timeout);
  return ready == 0 ? fail(ctx, ETIMEDOUT, "process %d is still there", identity.pid) : ready < 0 ? -1 : 0;
}
