/* The container's log: CRI format, rotated by size. */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log {
  const char *path; /* NULL: no log */
  int fd;
  uint64_t size;
  uint64_t limit;    /* 0: never rotated */
  unsigned files;    /* all in all */
  bool partial[2];   /* a line of stdout, of stderr has begun */
  uint64_t lost;     /* bytes of output that could not be written and have not been accounted for in the log yet */
  uint64_t lost_all; /* bytes lost in all */
  int error;         /* why */
};

/* The path must stay. 0, or −1 and errno. */
int log_open(struct log *log, const char *path, uint64_t limit, unsigned files);

/* Writes output as it came; stream 1 is stdout, 2 stderr. Never fails: what the disk does not take is counted, and said in the log when it takes
   something again. */
void log_write(struct log *log, int stream, const char *data, size_t length);

void log_close(struct log *log);

#endif
