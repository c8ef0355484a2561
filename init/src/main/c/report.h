/* What is said when a command fails, and who says it. */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

/* Reports begin with this name, and commands that fail end with this code (0: with the code of what failed). They also go to the end of the
   file at log, where that is not NULL, as a line of JSON or of logfmt. */
void report_as(const char *program, int exit_code, const char *log, bool json);

/* The name. */
const char *report_program(void);

/* The exit code of what failed with this one. */
int report_exit_code(int exit_code);

/* Writes text to stderr, and to the log what follows the name in it. */
void report_write(const char *text);

#endif
