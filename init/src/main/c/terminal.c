/* Terminals: see terminal.h, and the steps `pty` and `terminal`. */
#include "terminal.h"

#include "step.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <termios.h>

static struct termios saved;
static bool is_raw;
static struct winsize remembered;

void terminal_raw(void)
{
  struct termios raw;
  if (tcgetattr(STDIN_FILENO, is_raw ? &raw : &saved) < 0)
    return;
  raw = saved;
  cfmakeraw(&raw);
  if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) < 0)
    return;
  if (!is_raw)
    atexit(terminal_restore);
  is_raw = true;
}

void terminal_restore(void)
{
  if (!is_raw)
    return;
  is_raw = false;
  sigset_t stop, mask; /* by now in the background, perhaps */
  sigemptyset(&stop);
  sigaddset(&stop, SIGTTOU);
  sigprocmask(SIG_BLOCK, &stop, &mask);
  tcsetattr(STDIN_FILENO, TCSANOW, &saved);
  sigprocmask(SIG_SETMASK, &mask, NULL);
}

static bool caller_size(struct winsize *size)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (ioctl(fd, TIOCGWINSZ, size) == 0 && size->ws_row > 0 && size->ws_col > 0)
      return true;
  return false;
}

bool terminal_size(uint16_t *rows, uint16_t *columns)
{
  struct winsize size;
  if (!caller_size(&size))
    return false;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return true;
}

void terminal_remember_size(void)
{
  if (!caller_size(&remembered))
    remembered = (struct winsize){ 0 };
}

void terminal_resize(int master, uint16_t rows, uint16_t columns)
{
  struct winsize size = { .ws_row = rows, .ws_col = columns };
  ioctl(master, TIOCSWINSZ, &size);
}

int step_pty(struct context *ctx, const struct step *step)
{
  int dir = operand_dir(ctx, step, 0);
  if (dir == -1)
    return -1;
  const char *path = operand_text(ctx, step, 1);
  struct winsize size = { .ws_row = (unsigned short)operand_int(ctx, step, 2),
                          .ws_col = (unsigned short)operand_int(ctx, step, 3) };
  cleanup_fd int place = open_inside(dir, path, O_PATH, 0);
  struct stat st;
  if (place < 0 || fstat(place, &st) < 0)
    return fail(ctx, errno, "%s", path);
  /* Opening another device may have effects. */
  if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(5, 2))
    return fail(ctx, EINVAL, "%s is not the multiplexer of a devpts", path);
  cleanup_fd int master = open_inside(dir, path, O_RDWR | O_NOCTTY, 0);
  if (master < 0)
    return fail(ctx, errno, "%s", path);
  int unlock = 0;
  if (ioctl(master, TIOCSPTLCK, &unlock) < 0)
    return fail(ctx, errno, "unlocking the terminal of %s", path);
  cleanup_fd int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (slave < 0)
    return fail(ctx, errno, "the terminal of %s", path);
  if (size.ws_row == 0 || size.ws_col == 0) {
    size = remembered;
    if (size.ws_row == 0 && !caller_size(&size))
      size = (struct winsize){ 0 };
  }
  if (size.ws_row > 0)
    ioctl(master, TIOCSWINSZ, &size);
  output_fd(ctx, step, 4, steal_fd(&master));
  output_fd(ctx, step, 5, steal_fd(&slave));
  return 0;
}

/* The terminal becomes /dev/console of our root. */
static int bind_console(struct context *ctx, int slave)
{
  cleanup_fd int target = open_place(AT_FDCWD, "/dev/console", PLACE_FILE, 0600);
  if (target < 0)
    return fail(ctx, errno, "/dev/console");
  cleanup_fd int tree = (int)syscall(SYS_open_tree, slave, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
  if (tree < 0)
    return fail(ctx, errno, "the terminal's mount");
  if (syscall(SYS_move_mount, tree, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
    return fail(ctx, errno, "the terminal on /dev/console");
  return 0;
}

int step_terminal(struct context *ctx, const struct step *step)
{
  int slave = operand_fd(ctx, step, 0);
  if (!isatty(slave))
    return fail(ctx, errno, "descriptor %d", slave);
  if (operand_int(ctx, step, 1) != 0 && bind_console(ctx, slave) < 0)
    return -1;
  if (setsid() < 0 && getsid(0) != getpid())
    return fail(ctx, errno, "setsid");
  if (ioctl(slave, TIOCSCTTY, 0) < 0)
    return fail(ctx, errno, "taking the controlling terminal");
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (dup2(slave, fd) < 0)
      return fail(ctx, errno, "dup2");
  return 0;
}
