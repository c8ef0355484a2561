/* Performs a plan: one step after the other, each by its actor. */
#include "step.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

enum { MAX_PAUSE_MS = 50 };

uint64_t clock_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int64_t remaining_ms(uint64_t deadline)
{
  uint64_t now = clock_ns();
  return now >= deadline ? 0 : (int64_t)((deadline - now + 999999) / 1000000);
}

void context_init(struct context *ctx, const char *program)
{
  *ctx = (struct context){
    .actor = ACTOR_PARENT, .program = program, .baton = -1, .pidfd = -1, .caller = -1, .gate = -1, .dumpable = true
  };
  for (int fd = STDERR_FILENO + 1; fd < (int)(sizeof(ctx->inherited) / sizeof(*ctx->inherited)); fd++)
    ctx->inherited[fd] = fcntl(fd, F_GETFD) >= 0;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  sigaddset(&set, SIGQUIT);
  if (sigprocmask(SIG_BLOCK, &set, &ctx->caller_mask) < 0)
    die("blocking signals: %s", strerrordesc_np(errno));
  ctx->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (ctx->signals < 0)
    die("signalfd: %s", strerrordesc_np(errno));
  signal(SIGPIPE, SIG_IGN);
  ctx->umask = umask(0); /* modes in plans are exact */
}

void context_forget(struct context *ctx)
{
  munmap(ctx->shared, ctx->shared_size);
  ctx->shared = NULL;
  ctx->baton = -1;
  if (close_range(3, ~0u, 0) < 0)
    die("close_range: %s", strerrordesc_np(errno));
}

/* Whether a signal that ends plans has arrived; the supervisor takes them over when the program runs. */
static int check_interrupted(struct context *ctx)
{
  struct signalfd_siginfo info;
  if (ctx->signals < 0 || ctx->executed || ctx->undoing || read(ctx->signals, &info, sizeof(info)) != sizeof(info))
    return 0;
  ctx->interrupted = (int)info.ssi_signo;
  return fail_with(ctx, 128 + ctx->interrupted, EINTR, "SIG%s", sigabbrev_np(ctx->interrupted));
}

int wait_for(struct context *ctx, int fd, short events, int64_t timeout_ms)
{
  uint64_t deadline = timeout_ms < 0 ? 0 : clock_ns() + (uint64_t)timeout_ms * 1000000;
  bool interruptible = ctx->signals >= 0 && !ctx->executed && !ctx->undoing;
  for (;;) {
    struct pollfd fds[] = { { .fd = fd, .events = events },
                            { .fd = interruptible ? ctx->signals : -1, .events = POLLIN } };
    int64_t timeout = timeout_ms < 0 ? -1 : remaining_ms(deadline);
    int n = timeout < 0 ? idle_poll(fds, 2) : poll(fds, 2, timeout > INT32_MAX ? INT32_MAX : (int)timeout);
    if (n < 0 && errno != EINTR)
      return fail(ctx, errno, "poll");
    if (n > 0 && fds[1].revents != 0 && check_interrupted(ctx) < 0)
      return -1;
    if (n > 0 && fds[0].revents != 0)
      return 1;
    if (timeout_ms >= 0 && remaining_ms(deadline) == 0)
      return 0;
  }
}

static bool is_ignored(const struct step *step, int error)
{
  for (unsigned i = 0; i < step->ignored_count; i++)
    if (read_u16(step->ignored + (size_t)i * 2) == error)
      return true;
  return false;
}

/* Outputs that a tolerated failure left out get their absent value. */
static void set_absent(struct context *ctx, const struct step *step)
{
  for (int i = 0; i < step->operand_count; i++) {
    if (step->operation->signature[i] != 'o' || operand_is_none(step, i))
      continue;
    uint32_t number = operand_slot(step, i);
    if (ctx->slots[number].set)
      continue;
    if (ctx->slots[number].type == SLOT_TEXT)
      slot_set_text(ctx, number, "");
    else if (ctx->slots[number].type == SLOT_INT)
      slot_set_int(ctx, number, -1);
    else
      slot_set_fd(ctx, number, -1);
  }
}

/* Performs one step with its attributes. The failure stays recorded where it was tolerated: the trace shows it. */
static int perform_step(struct context *ctx, const struct step *step)
{
  uint64_t deadline = step->retry_ms == 0 ? 0 : clock_ns() + (uint64_t)step->retry_ms * 1000000;
  int64_t pause = 1;
  for (;;) {
    ctx->failure.error = 0;
    int result = step->operation->perform(ctx, step);
    scratch_free(ctx);
    if (result == 0)
      return 0;
    if (ctx->interrupted != 0 || ctx->failed_step != 0)
      return -1;
    if (is_ignored(step, ctx->failure.error))
      break;
    int64_t left = step->retry_ms == 0 ? 0 : remaining_ms(deadline);
    if (left > 0) {
      struct failure last = ctx->failure;
      if (wait_for(ctx, -1, 0, pause < left ? pause : left) < 0)
        return -1;
      ctx->failure = last;
      pause = pause * 2 > MAX_PAUSE_MS ? MAX_PAUSE_MS : pause * 2;
      continue;
    }
    if (!step->best_effort)
      return -1;
    if (step->warns)
      report_failure(ctx, &ctx->failure, step->number);
    break;
  }
  set_absent(ctx, step);
  return 0;
}

/* The loop, as either actor sees it: steps of the other one are passed over. `spawn` returns twice, as fork does. */
static int perform_steps(struct context *ctx, unsigned *number)
{
  struct step step;
  size_t offset = ctx->plan->first_step;
  for (*number = 1; *number <= ctx->plan->step_count; ++*number, offset = step.next) {
    plan_step(ctx->plan, offset, *number, &step);
    if (step.actor != ctx->actor)
      continue;
    if (check_interrupted(ctx) < 0)
      return -1;
    if (ctx->actor == ACTOR_CONTAINER)
      __atomic_store_n(&ctx->shared->step, *number, __ATOMIC_RELEASE);
    struct stamp *stamp = ctx->plan->traced ? &ctx->shared->stamps[*number - 1] : NULL;
    if (stamp != NULL)
      stamp->start = clock_ns();
    ctx->passed = 0;
    int result = perform_step(ctx, &step);
    if (stamp != NULL && step.actor == ctx->actor) {
      stamp->duration = (ctx->passed != 0 ? ctx->passed : clock_ns()) - stamp->start;
      stamp->error = ctx->failure.error;
      stamp->done = 1;
    }
    if (result < 0)
      return -1;
  }
  return 0;
}

static void write_trace(struct context *ctx)
{
  cleanup_fd int fd = open(ctx->plan->trace, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600);
  FILE *file = fd < 0 ? NULL : fdopen(fd, "we");
  if (file == NULL) {
    dprintf(STDERR_FILENO, "%s: writing the trace %s: %s\n", ctx->program, ctx->plan->trace, strerrordesc_np(errno));
    return;
  }
  steal_fd(&fd);
  struct step step;
  size_t offset = ctx->plan->first_step;
  for (unsigned i = 1; i <= ctx->plan->step_count; i++, offset = step.next) {
    plan_step(ctx->plan, offset, i, &step);
    const struct stamp *stamp = &ctx->shared->stamps[i - 1];
    if (stamp->done)
      fprintf(file, "%u %d %llu %llu %d\n", i, step.actor, (unsigned long long)stamp->start,
              (unsigned long long)stamp->duration, stamp->error);
  }
  fclose(file);
}

bool plan_has_later(const struct step *step, int (*handler)(struct context *ctx, const struct step *step))
{
  struct step later;
  size_t offset = step->next;
  for (unsigned i = step->number + 1; i <= step->plan->step_count; i++, offset = later.next) {
    plan_step(step->plan, offset, i, &later);
    if (later.operation->perform == handler)
      return true;
  }
  return false;
}

/* The container process leaves its report where the parent finds it; without a parent, it tells who let it through the gate. */
static __attribute__((noreturn)) void container_exit(struct context *ctx, unsigned number)
{
  char report[4096] = "";
  if (ctx->shared->released) {
    ctx->report = ctx->gate >= 0 ? report : NULL;
    ctx->report_size = sizeof(report);
    report_failure(ctx, &ctx->failure, number);
    if (ctx->gate >= 0)
      (void)!send(ctx->gate, report, strlen(report), MSG_NOSIGNAL);
  }
  ctx->shared->failure = ctx->failure;
  __atomic_store_n(&ctx->shared->failed, 1, __ATOMIC_RELEASE);
  _exit(ctx->failure.exit_code);
}

/* Where this step, or one behind it, takes a lock, what the undo takes back is not ours yet. */
static bool owns_what_it_undoes(const struct context *ctx, unsigned number)
{
  struct step step;
  size_t offset = ctx->plan->first_step;
  for (unsigned i = 1; i <= ctx->plan->step_count; i++, offset = step.next) {
    plan_step(ctx->plan, offset, i, &step);
    if (i >= number && step.operation->perform == step_lock)
      return false;
  }
  return true;
}

/* Unlinks what was locked, where a later lock says that the undo is not ours yet: nobody must take it for what an owner left. */
static void give_up_locks(struct context *ctx, unsigned number)
{
  struct step step;
  size_t offset = ctx->plan->first_step;
  for (unsigned i = 1; i < number; i++, offset = step.next) {
    plan_step(ctx->plan, offset, i, &step);
    if (step.operation->perform == step_lock && lock_is_at(operand_fd(ctx, &step, 2), operand_text(ctx, &step, 0)))
      unlink(operand_text(ctx, &step, 0));
  }
  scratch_free(ctx);
}

/* Takes back what is there before the undo is stored: the directory it was to lie in, and the file that was locked. */
static void give_up_claim(struct context *ctx)
{
  struct step step;
  const char *locked = NULL;
  size_t offset = ctx->plan->first_step;
  for (unsigned i = 1; i <= ctx->plan->step_count; i++, offset = step.next) {
    plan_step(ctx->plan, offset, i, &step);
    if (step.operation->perform == step_lock)
      locked = operand_text(ctx, &step, 0);
  }
  const char *slash = strrchr(ctx->plan->undo, '/');
  if (locked != NULL && slash != NULL &&
      remove_tree(ctx, scratch_printf(ctx, "%.*s", (int)(slash - ctx->plan->undo), ctx->plan->undo)) == 0)
    unlink(locked);
  scratch_free(ctx);
}

static int report_and_undo(struct context *ctx, unsigned number)
{
  struct failure failure = ctx->failure;
  /* What is taken back is of the namespace it was made in. */
  if (ctx->own_network > 0)
    setns(ctx->own_network, CLONE_NEWNET);
  bool waiting = ctx->caller >= 0; /* who waits may go on when all is taken back */
  if (!waiting)
    report_failure(ctx, &failure, number);
  if (ctx->plan->undo != NULL && owns_what_it_undoes(ctx, number)) {
    bool undoing = ctx->undoing;
    ctx->undoing = true;
    int undone = perform_stored(ctx, ctx->plan->undo);
    if (undone < 0 && errno == ENOENT) {
      if (!ctx->executed) /* else the container is nobody's to undo any more */
        give_up_claim(ctx);
    } else if (undone < 0) {
      struct failure unread = { .error = errno, .exit_code = 125 };
      snprintf(unread.detail, sizeof(unread.detail), "the plan that takes everything back: %s", ctx->plan->undo);
      report_failure(ctx, &unread, 0);
    }
    ctx->undoing = undoing;
  } else if (ctx->plan->undo != NULL) {
    give_up_locks(ctx, number);
  }
  if (waiting)
    report_failure(ctx, &failure, number);
  return failure.exit_code;
}

static void slots_free(struct context *ctx, bool keep_locks)
{
  for (uint32_t i = 0; i < ctx->plan->slot_count; i++) {
    struct slot *slot = &ctx->slots[i];
    free(slot->text);
    if (slot->type == SLOT_FD && slot->set && slot->number >= 0 && !(keep_locks && slot->lock))
      close((int)slot->number);
  }
  free(ctx->slots);
}

int perform_plan(struct context *ctx, const struct plan *plan)
{
  ctx->plan = plan;
  ctx->slots = calloc(plan->slot_count + 1u, sizeof(*ctx->slots));
  ctx->shared_size = sizeof(struct shared) + (plan->traced ? plan->step_count * sizeof(struct stamp) : 0);
  ctx->shared = mmap(NULL, ctx->shared_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (ctx->slots == NULL || ctx->shared == MAP_FAILED)
    die("no memory for a plan of %zu bytes", plan->length);
  for (uint32_t i = 0; i < plan->slot_count; i++) {
    ctx->slots[i].type = plan->slot_types[i];
    ctx->slots[i].number = -1;
  }
  unsigned number;
  int code;
  if (perform_steps(ctx, &number) == 0) {
    container_kill(ctx);
    code = ctx->exit_code;
  } else {
    if (ctx->actor == ACTOR_CONTAINER)
      container_exit(ctx, number);
    struct failure failure = ctx->failure;
    container_kill(ctx);
    ctx->failure = failure;
    ctx->failed = true;
    code = report_and_undo(ctx, ctx->failed_step != 0 ? ctx->failed_step : number);
  }
  if (plan->traced)
    write_trace(ctx);
  slots_free(ctx, ctx->keep_locks);
  munmap(ctx->shared, ctx->shared_size);
  return code;
}

static int perform_inside(struct context *ctx, struct plan *plan)
{
  struct context inner = {
    .actor = ACTOR_PARENT,
    .program = ctx->undoing ? "hardway: undo" : ctx->program,
    .signals = ctx->signals,
    .caller_mask = ctx->caller_mask,
    .umask = ctx->umask,
    .undoing = ctx->undoing,
    .executed = ctx->executed,
    .report = ctx->report,
    .report_size = ctx->report_size,
    .baton = -1,
    .pidfd = -1,
    .caller = -1,
    .gate = -1,
    .dumpable = true,
  };
  int code = perform_plan(&inner, plan);
  plan_free(plan);
  return code;
}

int perform_stored(struct context *ctx, const char *path)
{
  struct plan plan;
  char message[300];
  if (plan_load(&plan, path, message, sizeof(message)) == 0)
    return perform_inside(ctx, &plan);
  if (errno != 0)
    return -1;
  dprintf(STDERR_FILENO, "%s: %s: %s\n", ctx->program, path, message);
  return 125;
}

int perform_bytes(struct context *ctx, struct bytes bytes)
{
  struct plan plan;
  char message[300];
  if (plan_validate(&plan, bytes.data, bytes.length, message, sizeof(message)) == 0)
    return perform_inside(ctx, &plan);
  dprintf(STDERR_FILENO, "%s: a plan inside of a plan: %s\n", ctx->program, message);
  return 125;
}

/* Somebody else may have performed it meanwhile, and removed it. */
static int perform_if_there(struct context *ctx, const char *path)
{
  int code = perform_stored(ctx, path);
  return code < 0 && errno == ENOENT ? 0 : code;
}

/* One that fails does not keep the others from being performed. */
static int perform_each(struct context *ctx, const char *directory, DIR *plans)
{
  int failed = 0;
  for (struct dirent *entry; (entry = readdir(plans)) != NULL;) {
    size_t length = strlen(entry->d_name);
    if (length > 5 && strcmp(entry->d_name + length - 5, ".plan") == 0)
      failed |= perform_if_there(ctx, scratch_printf(ctx, "%s/%s", directory, entry->d_name)) != 0;
  }
  return failed == 0 ? 0 : fail(ctx, 0, "a plan in %s failed", directory);
}

int step_perform(struct context *ctx, const struct step *step)
{
  const char *path = operand_text(ctx, step, 0);
  cleanup_dir DIR *plans = opendir(path);
  if (plans != NULL)
    return perform_each(ctx, path, plans);
  int code = perform_stored(ctx, path);
  if (code < 0)
    return fail(ctx, errno, "%s", path);
  return code == 0 ? 0 : fail_with(ctx, code, 0, "the plan %s failed", path);
}

int step_exit_with(struct context *ctx, const struct step *step)
{
  ctx->exit_code = (int)operand_int(ctx, step, 0) & 255;
  return 0;
}
