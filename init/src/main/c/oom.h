/* A cgroup's counter of processes killed for lack of memory, watched without being asked again and again. */
#ifndef OOM_H
#define OOM_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

struct oom {
  int counter; /* the file; −1: nothing is watched */
  int notice;  /* version 1: an eventfd; else −1 */
  char *key;
  int64_t count;
  unsigned looks;   /* version 1: how often to look again */
  uint64_t look_at; /* when, on clock_ns() */
};

/* Watches the number after the key in a file. The control is version 1's cgroup.event_control; empty: the file can be polled itself. Where that cannot
   be done nothing is watched: 0, or −1 and errno. */
int oom_watch(struct oom *oom, const char *counter, const char *key, const char *control);

/* What to poll for, and for how many milliseconds at most (−1: no bound of ours). */
struct pollfd oom_poll(const struct oom *oom);
int oom_timeout(const struct oom *oom);

/* Whether the number has grown since it was read last; after poll() gave these events. Does nothing where there are none and no look is due. */
bool oom_has_grown(struct oom *oom, short events);

#endif
