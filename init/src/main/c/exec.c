/* The container process becomes the program. */
#include "step.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char default_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

int step_environment(struct context *ctx, const struct step *step)
{
  const char *name = operand_text(ctx, step, 0), *value = operand_text(ctx, step, 1);
  size_t count = ctx->environment_count;
  char **entries = realloc(ctx->environment, (count + 1) * sizeof(*entries));
  bool *overrides = realloc(ctx->environment_override, (count + 1) * sizeof(*overrides));
  if (entries == NULL || overrides == NULL || asprintf(&entries[count], "%s=%s", name, value) < 0)
    die("no memory for the environment");
  overrides[count] = operand_int(ctx, step, 2) != 0;
  ctx->environment = entries;
  ctx->environment_override = overrides;
  ctx->environment_count = count + 1;
  return 0;
}

/* The entry of env with the same name, or the NULL at its end. */
static char **entry_named(char **env, const char *entry)
{
  size_t length = (size_t)(strchrnul(entry, '=') - entry);
  while (*env != NULL && (strncmp(*env, entry, length) != 0 || (*env)[length] != '='))
    env++;
  return env;
}

/* The environment of the operand and what `environment` steps added. */
static char **whole_environment(struct context *ctx, char **env)
{
  size_t count = 0;
  while (env[count] != NULL)
    count++;
  char **whole = scratch_alloc(ctx, (count + ctx->environment_count + 1) * sizeof(*whole));
  memcpy(whole, env, (count + 1) * sizeof(*whole));
  for (size_t i = 0; i < ctx->environment_count; i++) {
    char **entry = entry_named(whole, ctx->environment[i]);
    if (*entry == NULL)
      entry[1] = NULL;
    else if (!ctx->environment_override[i])
      continue;
    *entry = ctx->environment[i];
  }
  return whole;
}

/* Executes the first program of this name along the path; returns with the errno that tells most. */
static int execute_along(struct context *ctx, const char *path, char **argv, char **env)
{
  int error = ENOENT;
  for (const char *end; *path != '\0'; path = *end == '\0' ? end : end + 1) {
    end = strchrnul(path, ':');
    if (end == path)
      continue; /* not the current directory: a program must not be planted there */
    execve(scratch_printf(ctx, "%.*s/%s", (int)(end - path), path, argv[0]), argv, env);
    if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
      return errno;
    if (errno == EACCES)
      error = EACCES;
  }
  return error;
}

static const char *search_path(char **env, const char *path)
{
  if (*path != '\0')
    return path;
  char **entry = entry_named(env, "PATH");
  return *entry != NULL ? *entry + sizeof("PATH=") - 1 : default_path;
}

static int fail_execution(struct context *ctx, const char *program, const char *path, int error)
{
  int code = error == ENOENT || error == ENOTDIR ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
  if (strchr(program, '/') == NULL)
    return fail_with(ctx, code, error, "no `%s` that can be executed in %s", program, path);
  bool exists = error == ENOENT && access(program, F_OK) == 0;
  return fail_with(ctx, code, error, "%s%s", program, exists ? ", or the interpreter it names, is missing" : "");
}

/* 0, or what would keep it from being executed. */
static int executable_error(const char *path)
{
  struct stat st;
  if (stat(path, &st) < 0 || faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0)
    return errno;
  return S_ISREG(st.st_mode) ? 0 : EACCES;
}

/* In the words that engines look for in what their runtime says. */
static int fail_look_up(struct context *ctx, const char *program, int error)
{
  if (error == EACCES)
    return fail_with(ctx, EXIT_NOT_EXECUTABLE, 0, "exec: \"%s\": permission denied", program);
  if (strchr(program, '/') == NULL)
    return fail_with(ctx, EXIT_NOT_FOUND, 0, "exec: \"%s\": executable file not found in $PATH", program);
  if (error == ENOENT || error == ENOTDIR)
    return fail_with(ctx, EXIT_NOT_FOUND, 0, "exec: \"%s\": no such file or directory", program);
  return fail_with(ctx, EXIT_NOT_EXECUTABLE, error, "exec: \"%s\"", program);
}

/* Whether `exec` would find the program: who makes a container hears of it then, not when it is started. */
int step_look_up(struct context *ctx, const struct step *step)
{
  const char *program = operand_text(ctx, step, 0);
  const char *path = search_path(operand_list(ctx, step, 1), operand_text(ctx, step, 2));
  int error = ENOENT;
  if (strchr(program, '/') != NULL) {
    error = executable_error(program);
    return error == 0 ? 0 : fail_look_up(ctx, program, error);
  }
  for (const char *at = path, *end; *at != '\0' && *program != '\0'; at = *end == '\0' ? end : end + 1) {
    end = strchrnul(at, ':');
    int found = end == at ? ENOENT : executable_error(scratch_printf(ctx, "%.*s/%s", (int)(end - at), at, program));
    if (found == 0)
      return 0;
    error = found == EACCES ? EACCES : error;
  }
  return fail_look_up(ctx, program, error);
}

/* Ours have the flag already: this is for those that came to us. */
int close_others_at_exec(struct context *ctx)
{
  if (close_range(3u + (unsigned)ctx->keep, ~0u, CLOSE_RANGE_CLOEXEC) < 0)
    return fail(ctx, errno, "closing other descriptors");
  ctx->others_closed = true;
  return 0;
}

int step_exec(struct context *ctx, const struct step *step)
{
  char **argv = operand_list(ctx, step, 0), **env = whole_environment(ctx, operand_list(ctx, step, 1));
  const char *path = operand_text(ctx, step, 2);
  if (argv[0] == NULL || argv[0][0] == '\0')
    return fail_with(ctx, EXIT_NOT_FOUND, ENOENT, "no program is named");
  path = search_path(env, path);
  if (ctx->baton >= 0 && baton_send_slots(ctx) < 0)
    return -1;
  if (!parent_is_alive(ctx))
    return fail(ctx, ESRCH, "the parent is gone");
  make_undumpable(ctx);
  /* Not again where it is done: the program's filter holds by now, and need not let it pass. */
  if (!ctx->others_closed && close_others_at_exec(ctx) < 0)
    return -1;
  umask(ctx->umask);
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, &ctx->caller_mask, NULL);
  __atomic_store_n(&ctx->shared->executing, 1, __ATOMIC_RELEASE);
  bool lookup = strchr(argv[0], '/') == NULL;
  int error;
  if (lookup) {
    error = execute_along(ctx, path, argv, env);
  } else {
    execve(argv[0], argv, env);
    error = errno;
  }
  __atomic_store_n(&ctx->shared->executing, 0, __ATOMIC_RELEASE);
  return fail_execution(ctx, argv[0], path, error);
}
