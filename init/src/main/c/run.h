/* Programs of the host that steps run. */
#ifndef RUN_H
#define RUN_H

#include "step.h"

struct helper {
  char **argv;           /* found along PATH where it has no slash */
  const char *program;   /* what is executed; NULL or empty: the first argument */
  char **env;            /* NULL: ours */
  struct bytes input;    /* what it reads; no data: nothing */
  const char *capture;   /* the file for what it prints; NULL or empty: none */
  const char *directory; /* NULL or empty: ours */
  int64_t timeout_ms;    /* after which its process group is killed; 0: never */
};

/* Runs it to its end: 0 and its exit code, or 128 + signal; −1 after fail() where it could not be executed, was too slow or was interrupted. */
int helper_run(struct context *ctx, const struct helper *helper, int *status);

#endif
