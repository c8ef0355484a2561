/* The log: see log.h. One write holds whole lines only, and is taken back where it came out short. */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { LOG_MODE = 0640, BATCH_LINES = 128, PARTS = 3 /* of a line: stamp and tag, text, newline */, STAMP = 36 };

/* Lines that are written together; all of one reading, so of one time and stream. */
struct batch {
  struct iovec parts[BATCH_LINES * PARTS];
  int lines;
  size_t size;
  char full[64];
  char piece[64];
};

static int open_file(const char *path, int flags)
{
  return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | flags, LOG_MODE);
}

/* A line that a killed supervisor left torn gets its end, so that the next one stands alone. */
static void mend(struct log *log)
{
  char last;
  int fd = open(log->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return;
  if (pread(fd, &last, 1, (off_t)log->size - 1) == 1 && last != '\n' && write(log->fd, "\n", 1) == 1)
    log->size++;
  close(fd);
}

int log_open(struct log *log, const char *path, uint64_t limit, unsigned files)
{
  *log = (struct log){ .path = path, .limit = limit, .files = files > 0 ? files : 1 };
  log->fd = open_file(path, 0);
  struct stat st;
  if (log->fd < 0 || fstat(log->fd, &st) < 0)
    return -1;
  log->size = (uint64_t)st.st_size;
  if (log->size > 0)
    mend(log);
  return 0;
}

/* log becomes log.1, log.1 becomes log.2, the last one goes. Where that fails, the file goes on growing. */
static void rotate(struct log *log)
{
  char from[PATH_MAX], to[PATH_MAX];
  snprintf(from, sizeof(from), "%s.new", log->path);
  int fd = open_file(from, O_TRUNC);
  if (fd < 0)
    return;
  for (unsigned i = log->files - 1; i > 0; i--) {
    snprintf(to, sizeof(to), "%s.%u", log->path, i);
    if (i > 1)
      snprintf(from, sizeof(from), "%s.%u", log->path, i - 1);
    if (rename(i > 1 ? from : log->path, to) < 0 && errno != ENOENT)
      break;
  }
  snprintf(from, sizeof(from), "%s.new", log->path);
  if ((log->files > 1 && access(log->path, F_OK) == 0) || rename(from, log->path) < 0) {
    unlink(from);
    close(fd);
    return;
  }
  close(log->fd);
  log->fd = fd;
  log->size = 0;
}

/* Written whole or, as far as it is not whole lines, not at all. */
static void write_batch(struct log *log, struct batch *batch)
{
  ssize_t n = writev(log->fd, batch->parts, batch->lines * PARTS);
  int error = n < 0 ? errno : ENOSPC;
  size_t written = n < 0 ? 0 : (size_t)n, whole = 0;
  for (int line = 0; line < batch->lines && written < batch->size; line++) {
    const struct iovec *part = &batch->parts[line * PARTS];
    size_t length = part[0].iov_len + part[1].iov_len + part[2].iov_len;
    if (whole + length <= written) {
      whole += length;
      continue;
    }
    for (; line < batch->lines; line++) {
      part = &batch->parts[line * PARTS];
      size_t lost = part[1].iov_len + (part[0].iov_base == batch->full); /* the line's end is output too */
      log->lost += lost;
      log->lost_all += lost;
    }
    log->error = error;
    if (written > whole && ftruncate(log->fd, (off_t)(log->size + whole)) < 0)
      whole = written;
    written = whole;
  }
  log->size += written;
  batch->lines = 0;
  batch->size = 0;
}

/* Seconds to date and time, without the time zone data that libc would read. */
static void stamp(char *text, size_t size)
{
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  long days = now.tv_sec / 86400, seconds = now.tv_sec % 86400;
  /* Years from March on: the leap day is the last one. 719468 days lie between 0000-03-01 and 1970-01-01. */
  long shifted = days + 719468, era = shifted / 146097, day = shifted % 146097;
  long year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
  day -= 365 * year + year / 4 - year / 100;
  long month = (5 * day + 2) / 153;
  day -= (153 * month + 2) / 5 - 1;
  year += era * 400 + (month >= 10);
  month = month < 10 ? month + 3 : month - 9;
  snprintf(text, size, "%04u-%02u-%02uT%02u:%02u:%02u.%09uZ", (unsigned)year % 10000, (unsigned)month % 100,
           (unsigned)day % 100, (unsigned)(seconds / 3600) % 100, (unsigned)(seconds / 60) % 60, (unsigned)seconds % 60,
           (unsigned)now.tv_nsec % 1000000000);
}

static void add_line(struct log *log, struct batch *batch, const char *tag, const char *text, size_t length)
{
  size_t tag_length = strlen(tag);
  bool pending = log->partial[0] || log->partial[1];
  uint64_t size = log->size + batch->size;
  /* Not between the pieces of a line, unless the line is endless. */
  if (log->limit > 0 && size > 0 && size + tag_length + length + 1 > log->limit &&
      (!pending || size > 2 * log->limit)) {
    write_batch(log, batch);
    rotate(log);
  } else if (batch->lines == BATCH_LINES) {
    write_batch(log, batch);
  }
  struct iovec *part = &batch->parts[batch->lines++ * PARTS];
  part[0] = (struct iovec){ .iov_base = (void *)(uintptr_t)tag, .iov_len = tag_length };
  part[1] = (struct iovec){ .iov_base = (void *)(uintptr_t)text, .iov_len = length };
  part[2] = (struct iovec){ .iov_base = (void *)(uintptr_t) "\n", .iov_len = 1 };
  batch->size += tag_length + length + 1;
}

/* Says in the log how much is missing at this place. */
static void account(struct log *log, const char *when)
{
  char line[160];
  int n = snprintf(line, sizeof(line), "%s stderr F hardway: %llu bytes of output are missing here: %s\n", when,
                   (unsigned long long)log->lost, strerrordesc_np(log->error));
  ssize_t written = write(log->fd, line, (size_t)n);
  if (written == n) {
    log->size += (uint64_t)n;
    log->lost = 0;
  } else if (written > 0 && ftruncate(log->fd, (off_t)log->size) < 0) {
    log->size += (uint64_t)written;
  }
}

void log_write(struct log *log, int stream, const char *data, size_t length)
{
  if (log->path == NULL || length == 0)
    return;
  struct batch batch;
  char when[STAMP];
  batch.lines = 0;
  batch.size = 0;
  stamp(when, sizeof(when));
  snprintf(batch.full, sizeof(batch.full), "%s %s F ", when, stream == 1 ? "stdout" : "stderr");
  snprintf(batch.piece, sizeof(batch.piece), "%s %s P ", when, stream == 1 ? "stdout" : "stderr");
  if (log->lost > 0)
    account(log, when);
  while (length > 0) {
    const char *end = memchr(data, '\n', length);
    size_t line = end == NULL ? length : (size_t)(end - data);
    add_line(log, &batch, end == NULL ? batch.piece : batch.full, data, line);
    log->partial[stream - 1] = end == NULL;
    data += line + (end != NULL);
    length -= line + (end != NULL);
  }
  write_batch(log, &batch);
}

void log_close(struct log *log)
{
  if (log->path == NULL)
    return;
  if (log->lost > 0) {
    char when[STAMP];
    stamp(when, sizeof(when));
    account(log, when);
  }
  close(log->fd);
}
