#include "report.h"

#include "cleanup.h"
#include "io.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *program = "hardway";
static int failed_code;
static const char *log_path;
static bool log_json;

void report_as(const char *name, int exit_code, const char *log, bool json)
{
  program = name;
  failed_code = exit_code;
  log_path = log;
  log_json = json;
}

const char *report_program(void)
{
  return program;
}

int report_exit_code(int exit_code)
{
  return failed_code != 0 ? failed_code : exit_code;
}

/* As JSON and logfmt both quote it. */
static void print_quoted(FILE *file, const char *text, size_t length)
{
  putc('"', file);
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c == '"' || c == '\\')
      fprintf(file, "\\%c", c);
    else if (c < ' ' || c == 0x7f)
      fprintf(file, "\\u%04x", c);
    else
      putc(c, file);
  }
  putc('"', file);
}

static void write_log(const char *text, size_t length)
{
  char when[32];
  time_t now = time(NULL);
  struct tm parts;
  strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));
  int fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644);
  FILE *file = fd < 0 ? NULL : fdopen(fd, "a");
  if (file == NULL)
    return; /* stderr has it */
  fputs(log_json ? "{\"level\":\"error\",\"msg\":" : "time=", file);
  if (!log_json)
    fprintf(file, "\"%s\" level=error msg=", when);
  print_quoted(file, text, length);
  if (log_json)
    fprintf(file, ",\"time\":\"%s\"}", when);
  putc('\n', file);
  fclose(file);
}

void report_write(const char *text)
{
  size_t length = strlen(text), name = strlen(program);
  (void)!write_full(STDERR_FILENO, text, length);
  if (log_path == NULL)
    return;
  if (strncmp(text, program, name) == 0 && strncmp(text + name, ": ", 2) == 0) {
    text += name + 2;
    length -= name + 2;
  }
  while (length > 0 && text[length - 1] == '\n')
    length--;
  write_log(text, length);
}
