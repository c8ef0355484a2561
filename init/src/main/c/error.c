/* How a step fails, and what people read then. */
#include "report.h"
#include "step.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int record(struct context *ctx, int exit_code, int error, const char *format, va_list args)
{
  ctx->failure.error = error;
  ctx->failure.exit_code = exit_code;
  ctx->failure.detail[0] = '\0';
  if (format != NULL)
    vsnprintf(ctx->failure.detail, sizeof(ctx->failure.detail), format, args);
  return -1;
}

int fail(struct context *ctx, int error, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  record(ctx, EXIT_FAILED, error, format, args);
  va_end(args);
  return -1;
}

int fail_with(struct context *ctx, int exit_code, int error, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  record(ctx, exit_code, error, format, args);
  va_end(args);
  return -1;
}

void die(const char *format, ...)
{
  char text[512], whole[600];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  snprintf(whole, sizeof(whole), "%s: %s\n", report_program(), text);
  report_write(whole);
  _exit(report_exit_code(EXIT_FAILED));
}

__attribute__((format(printf, 3, 4))) static void append(char *text, size_t size, const char *format, ...)
{
  size_t used = strlen(text);
  va_list args;
  va_start(args, format);
  vsnprintf(text + used, size - used, format, args);
  va_end(args);
}

void report_print(struct context *ctx, int exit_code, const char *text)
{
  if (ctx->report != NULL)
    append(ctx->report, ctx->report_size, "%s", text);
  else if (ctx->caller >= 0)
    caller_failed(ctx, exit_code, text);
  else
    report_write(text);
}

int report_failure(struct context *ctx, const struct failure *failure, unsigned number)
{
  char text[4096];
  enum { ROOM = sizeof(text) - 1 }; /* for the newline */
  snprintf(text, ROOM, "%s: ", ctx->program);
  const char *hint = NULL;
  if (number > 0) {
    struct step step;
    size_t offset = ctx->plan->first_step;
    for (unsigned i = 1; i <= number; i++) {
      plan_step(ctx->plan, offset, i, &step);
      offset = step.next;
    }
    append(text, ROOM, "step %u of %u (%s): %s: ", number, ctx->plan->step_count, step.plugin, step.label);
    hint = step.hint;
  }
  if (failure->error != 0) {
    const char *name = strerrorname_np(failure->error), *meaning = strerrordesc_np(failure->error);
    append(text, ROOM, "%s: %s", name != NULL ? name : "errno", meaning != NULL ? meaning : "unknown error");
  }
  if (failure->detail[0] != '\0')
    append(text, ROOM, "%s%s", failure->error != 0 ? ": " : "", failure->detail);
  if (hint != NULL && failure->exit_code <= 128)
    append(text, ROOM, "; %s", hint);
  strcat(text, "\n");
  report_print(ctx, failure->exit_code, text);
  return failure->exit_code;
}
