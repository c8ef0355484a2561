/* Reading and writing whole amounts. */
#ifndef IO_H
#define IO_H

#include <errno.h>
#include <stddef.h>
#include <sys/types.h>
#include <unistd.h>

/* Reads until the buffer is full or the file ends; the number of bytes, or −1. */
static inline ssize_t read_full(int fd, void *buffer, size_t size)
{
  size_t done = 0;
  while (done < size) {
    ssize_t n = read(fd, (char *)buffer + done, size - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    if (n == 0)
      break;
    done += (size_t)n;
  }
  return (ssize_t)done;
}

/* Writes all of it; 0 or −1. */
static inline int write_full(int fd, const void *buffer, size_t size)
{
  size_t done = 0;
  while (done < size) {
    ssize_t n = write(fd, (const char *)buffer + done, size - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    done += (size_t)n;
  }
  return 0;
}

#endif
