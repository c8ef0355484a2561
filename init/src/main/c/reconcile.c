/* Takes down what processes that are gone have left: an owner file that nobody has locked has no owner. */
#include "step.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Performs the undo in a process of its own, so that whatever it does to itself ends with it; its exit code. */
static int undo_apart(struct context *ctx, const char *plan)
{
  pid_t pid = fork();
  if (pid < 0)
    return fail(ctx, errno, "fork");
  if (pid == 0) {
    /* It shares the lock: if we are killed, nobody must think that it is somebody's container. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    ctx->undoing = true;
    ctx->caller = -1;
    int code = perform_stored(ctx, plan);
    if (code < 0 && errno != ENOENT)
      dprintf(STDERR_FILENO, "%s: %s: %s\n", ctx->program, plan, strerrordesc_np(errno));
    _exit(code < 0 ? (errno == ENOENT ? 0 : 125) : code);
  }
  int status;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    ;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* 0 where it is cleaned up, or has an owner. */
static int reconcile_one(struct context *ctx, const char *owners, const char *containers, const char *plan,
                         const char *id)
{
  const char *owner = scratch_printf(ctx, "%s/%s", owners, id),
             *container = scratch_printf(ctx, "%s/%s", containers, id);
  cleanup_fd int lock = lock_file(owner, 0);
  if (lock < 0)
    return errno == EAGAIN || errno == ENOENT ? 0 : fail(ctx, errno, "%s", owner);
  const char *undo = scratch_printf(ctx, "%s/%s", container, plan);
  bool planned = access(undo, F_OK) == 0;
  int code = planned ? undo_apart(ctx, undo) : 0;
  if (code != 0)
    return code < 0 ? -1 : fail(ctx, 0, "the plan that takes it down failed");
  /* A container that has become nobody's to own is left as it is. */
  bool made = !planned && access(scratch_printf(ctx, "%s/delete.plan", container), F_OK) == 0;
  if (!made && remove_tree(ctx, container) < 0)
    return -1;
  /* The undo may have removed it itself, and somebody else have made it anew. */
  if (!lock_is_at(lock, owner))
    return 0;
  return unlink(owner) < 0 ? fail(ctx, errno, "%s", owner) : 0;
}

int step_reconcile(struct context *ctx, const struct step *step)
{
  const char *owners = operand_text(ctx, step, 0), *containers = operand_text(ctx, step, 1),
             *plan = operand_text(ctx, step, 2);
  struct scratch *operands = ctx->scratch;
  cleanup_dir DIR *dir = opendir(owners);
  if (dir == NULL)
    return errno == ENOENT ? 0 : fail(ctx, errno, "%s", owners);
  struct stat st;
  if (fstat(dirfd(dir), &st) < 0 || st.st_uid != geteuid())
    return fail(ctx, EPERM, "%s belongs to another user", owners);
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    if (entry->d_name[0] == '.')
      continue;
    ctx->scratch = NULL;
    if (reconcile_one(ctx, owners, containers, plan, entry->d_name) < 0) {
      const char *name = ctx->failure.error != 0 ? strerrordesc_np(ctx->failure.error) : NULL;
      dprintf(STDERR_FILENO, "%s: cleaning up container %s: %s%s%s\n", ctx->program, entry->d_name, ctx->failure.detail,
              name != NULL ? ": " : "", name != NULL ? name : "");
    }
    scratch_free(ctx);
    ctx->scratch = operands;
  }
  return 0;
}
