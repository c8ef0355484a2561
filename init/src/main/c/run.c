/* The step `run`: see run.h. */
#include "run.h"

#include "io.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* Where a child's attempt ended: it tells through a pipe that closes when the program is executed. */
enum stage { STAGE_DIRECTORY = 1, STAGE_STREAMS, STAGE_EXECUTE };

struct attempt {
  int stage;
  int error;
};

/* A file that holds what is to be read, so that nobody has to write while the program runs. */
static int open_input(struct bytes data)
{
  if (data.length == 0)
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
  cleanup_fd int fd = memfd_create("stdin", MFD_CLOEXEC);
  if (fd < 0 || write_full(fd, data.data, data.length) < 0 || lseek(fd, 0, SEEK_SET) < 0)
    return -1;
  return steal_fd(&fd);
}

static int open_output(const char *path)
{
  if (path == NULL || *path == '\0')
    return open("/dev/null", O_WRONLY | O_CLOEXEC);
  return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0600);
}

static const char *program_of(const struct helper *helper)
{
  return helper->program != NULL && *helper->program != '\0' ? helper->program : helper->argv[0];
}

static __attribute__((noreturn)) void give_up(int fd, enum stage stage)
{
  struct attempt attempt = { .stage = stage, .error = errno };
  (void)!write(fd, &attempt, sizeof(attempt));
  _exit(127);
}

static __attribute__((noreturn)) void execute(struct context *ctx, const struct helper *helper, int in, int out,
                                              int report)
{
  if (ctx->actor == ACTOR_CONTAINER)
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL); /* or it would go on while somebody cleans up */
  setpgid(0, 0);
  if (helper->directory != NULL && *helper->directory != '\0' && chdir(helper->directory) < 0)
    give_up(report, STAGE_DIRECTORY);
  if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || close_range(3, ~0u, CLOSE_RANGE_CLOEXEC) < 0)
    give_up(report, STAGE_STREAMS);
  umask(ctx->umask);
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, &ctx->caller_mask, NULL);
  execvpe(program_of(helper), helper->argv, helper->env != NULL ? helper->env : environ);
  give_up(report, STAGE_EXECUTE);
}

static int fail_attempt(struct context *ctx, const struct helper *helper, const struct attempt *attempt)
{
  if (attempt->stage == STAGE_DIRECTORY)
    return fail(ctx, attempt->error, "the directory %s for %s", helper->directory, program_of(helper));
  return fail(ctx, attempt->error, "%s%s", program_of(helper), attempt->stage == STAGE_STREAMS ? ": its streams" : "");
}

int helper_run(struct context *ctx, const struct helper *helper, int *status)
{
  int ends[2], result;
  struct attempt attempt;
  if (helper->argv[0] == NULL)
    return fail(ctx, EINVAL, "no program is named");
  cleanup_fd int in = open_input(helper->input);
  if (in < 0)
    return fail(ctx, errno, "what %s reads", program_of(helper));
  cleanup_fd int out = open_output(helper->capture);
  if (out < 0)
    return fail(ctx, errno, "%s", helper->capture);
  if (pipe2(ends, O_CLOEXEC) < 0)
    return fail(ctx, errno, "pipe");
  cleanup_fd int from = ends[0];
  cleanup_fd int to = ends[1];
  pid_t pid = fork();
  if (pid < 0)
    return fail(ctx, errno, "fork");
  if (pid == 0)
    execute(ctx, helper, in, out, to);
  setpgid(pid, pid); /* also here: whoever is first */
  close(steal_fd(&to));
  cleanup_fd int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
  bool executed = read_full(from, &attempt, sizeof(attempt)) != sizeof(attempt);
  int ready = pidfd < 0 ? fail(ctx, errno, "pidfd_open")
                        : wait_for(ctx, pidfd, POLLIN, helper->timeout_ms > 0 ? helper->timeout_ms : -1);
  if (ready <= 0)
    kill(-pid, SIGKILL);
  while (waitpid(pid, &result, 0) < 0 && errno == EINTR)
    ;
  if (ready < 0)
    return -1;
  if (!executed)
    return fail_attempt(ctx, helper, &attempt);
  if (ready == 0)
    return fail(ctx, ETIMEDOUT, "%s took more than %lld ms", program_of(helper), (long long)helper->timeout_ms);
  *status = WIFSIGNALED(result) ? 128 + WTERMSIG(result) : WEXITSTATUS(result);
  return 0;
}

int step_run(struct context *ctx, const struct step *step)
{
  struct helper helper = {
    .argv = operand_list(ctx, step, 0),
    .env = operand_list(ctx, step, 1),
    .input = operand_bytes(ctx, step, 2),
    .capture = operand_text(ctx, step, 3),
    .directory = operand_text(ctx, step, 4),
    .timeout_ms = operand_int(ctx, step, 5),
    .program = operand_text(ctx, step, 6),
  };
  int status;
  if (helper_run(ctx, &helper, &status) < 0)
    return -1;
  if (status != 0 && operand_is_none(step, 7))
    return status > 128 ? fail(ctx, 0, "%s was ended by signal %d", program_of(&helper), status - 128)
                        : fail(ctx, 0, "%s ended with status %d", program_of(&helper), status);
  output_int(ctx, step, 7, status);
  return 0;
}
