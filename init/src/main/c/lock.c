/* OFD locks: they exclude each other between processes of any kind, and live as long as the open file does. */
#include "step.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_PAUSE_MS = 5 };

/* Whether the open file is still the one at the path: who held the lock before us may have removed it. */
bool lock_is_at(int fd, const char *path)
{
  struct stat open_file, named;
  return fstat(fd, &open_file) == 0 && lstat(path, &named) == 0 && open_file.st_dev == named.st_dev &&
         open_file.st_ino == named.st_ino;
}

int lock_file(const char *path, int flags)
{
  for (;;) {
    cleanup_fd int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | flags, 0600);
    if (fd < 0)
      return -1;
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    if (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
      if (errno == EACCES)
        errno = EAGAIN;
      return -1;
    }
    if (lock_is_at(fd, path))
      return steal_fd(&fd);
  }
}

int step_lock(struct context *ctx, const struct step *step)
{
  const char *path = operand_text(ctx, step, 0);
  bool wait = operand_int(ctx, step, 1) != 0;
  int64_t pause = 1;
  int fd;
  /* Asked again and again rather than waited for in the kernel, where no signal that we block would end it. */
  while ((fd = lock_file(path, O_CREAT)) < 0 && errno == EAGAIN && wait) {
    if (wait_for(ctx, -1, 0, pause) < 0)
      return -1;
    pause = pause < MAX_PAUSE_MS ? pause + 1 : pause;
  }
  if (fd < 0)
    return fail(ctx, errno, "%s%s", path, errno == EAGAIN ? " is locked by another process" : "");
  uint32_t slot = operand_slot(step, 2);
  if (slot == PLAN_NONE)
    return 0; /* held until this process ends */
  slot_set_fd(ctx, slot, fd);
  ctx->slots[slot].lock = true;
  return 0;
}
