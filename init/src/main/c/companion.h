/* A process beside the parent of a container, for what the kernel has no rule for. It speaks with whoever comes, so it has nothing to lose: no
   privileges, files, or other descriptors than those it was made for, few system calls, and it ends with its parent. */
#ifndef COMPANION_H
#define COMPANION_H

#include <sys/types.h>

/* How many descriptors it may keep. */
enum { COMPANION_FDS = 512 };

/* A process that ends with this one; 0 in it. Without privileges to give up: a companion's own helper. */
pid_t companion_fork(void);

/* Gives up all but these descriptors, which are moved. −1 where something cannot be given up. The parent is who it ends with; 0: nobody. */
int companion_give_up(int *fds, int count, pid_t parent);

#endif
