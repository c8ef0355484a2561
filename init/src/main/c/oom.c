/* The kernel tells of version 2 when the counter has changed. Of version 1 it tells when memory is out, before it kills: then we look at the counter
   for about a second, less and less often. */
#include "oom.h"

#include "step.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

enum { LOOKS = 10 };

static const uint64_t FIRST_LOOK_NS = 1000000;

/* −1 where the group is gone. Reading from its start also makes the file ready for the next poll(). */
static int64_t read_count(const struct oom *oom)
{
  char text[4096];
  size_t length = strlen(oom->key);
  ssize_t n = pread(oom->counter, text, sizeof(text) - 1, 0);
  if (n < 0)
    return -1;
  text[n] = '\0';
  for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
    line += *line == '\n';
    if (strncmp(line, oom->key, length) == 0 && line[length] == ' ')
      return strtoll(line + length, NULL, 10);
  }
  return 0;
}

static void stop(struct oom *oom)
{
  close(oom->counter);
  if (oom->notice >= 0)
    close(oom->notice);
  oom->counter = oom->notice = -1;
  oom->looks = 0;
}

int oom_watch(struct oom *oom, const char *counter, const char *key, const char *control)
{
  *oom = (struct oom){ .counter = open(counter, O_RDONLY | O_CLOEXEC), .notice = -1, .key = strdup(key) };
  if (oom->counter < 0 || oom->key == NULL)
    return -1;
  if (*control == '\0')
    return 0;
  cleanup_fd int fd = open(control, O_WRONLY | O_CLOEXEC);
  oom->notice = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd >= 0 && oom->notice >= 0 && dprintf(fd, "%d %d", oom->notice, oom->counter) > 0)
    return 0;
  int error = errno;
  stop(oom);
  errno = error;
  return -1;
}

struct pollfd oom_poll(const struct oom *oom)
{
  return oom->notice >= 0 ? (struct pollfd){ .fd = oom->notice, .events = POLLIN }
                          : (struct pollfd){ .fd = oom->counter, .events = POLLPRI };
}

int oom_timeout(const struct oom *oom)
{
  return oom->looks == 0 ? -1 : (int)remaining_ms(oom->look_at);
}

static void look_later(struct oom *oom, unsigned looks)
{
  oom->looks = looks;
  oom->look_at = clock_ns() + (FIRST_LOOK_NS << (LOOKS - looks));
}

bool oom_has_grown(struct oom *oom, short events)
{
  eventfd_t ignored;
  bool due = oom->looks > 0 && remaining_ms(oom->look_at) == 0;
  if (oom->counter < 0 || (events == 0 && !due))
    return false;
  int64_t before = oom->count, now = read_count(oom);
  oom->count = now < 0 ? before : now;
  if (now < 0)
    stop(oom);
  else if (oom->notice >= 0 && events != 0 && eventfd_read(oom->notice, &ignored) == 0)
    look_later(oom, LOOKS);
  else if (due)
    look_later(oom, oom->looks - 1);
  return oom->count > before;
}
