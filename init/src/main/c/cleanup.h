/* Resources freed by scope. */
#ifndef CLEANUP_H
#define CLEANUP_H

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_close(const int *fd)
{
  if (*fd >= 0) {
    int saved = errno;
    close(*fd);
    errno = saved;
  }
}

static inline void cleanup_freep(void *p)
{
  int saved = errno;
  free(*(void **)p);
  errno = saved;
}

static inline void cleanup_closedirp(DIR **dir)
{
  if (*dir != NULL) {
    int saved = errno;
    closedir(*dir);
    errno = saved;
  }
}

#define cleanup_fd __attribute__((cleanup(cleanup_close)))
#define cleanup_free __attribute__((cleanup(cleanup_freep)))
#define cleanup_dir __attribute__((cleanup(cleanup_closedirp)))

/* Takes a descriptor out of its scope. */
static inline int steal_fd(int *fd)
{
  int taken = *fd;
  *fd = -1;
  return taken;
}

#endif
