/* What a step's handler sees: operands, slots, the two processes' shared state, and how to fail. */
#ifndef STEP_H
#define STEP_H

#include "cleanup.h"
#include "plan.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/types.h>

/* Where text is longer than this it is refused: slots travel in packets of the baton socket. */
enum { SLOT_MAX_TEXT = 64 << 10 };

struct slot {
  uint8_t type; /* enum slot_type */
  bool set;
  bool fresh;     /* set since the last handoff */
  bool lock;      /* fd: holds a lock, which may outlive the plan */
  int64_t number; /* int: the value; fd: the descriptor, −1 when absent */
  char *text;     /* owned; never NULL when a text slot is set */
};

struct bytes {
  const char *data; /* followed by a NUL */
  size_t length;
};

/* What fail() records. */
struct failure {
  int error;     /* 0: the detail says it all */
  int exit_code; /* 125, 126, 127 or 128 + signal */
  char detail[1000];
};

struct stamp {
  uint64_t start;
  uint64_t duration;
  int32_t error;
  uint32_t done;
};

/* Memory that the parent and the container process share until exec. */
struct shared {
  uint32_t step;      /* the container process is at this step */
  uint32_t failed;    /* it has failed at that step */
  uint32_t executing; /* it is about to execute the program */
  uint32_t released;  /* the parent may go, see gate.c */
  pid_t spawned;      /* pid of the container process, from the joiner */
  int32_t spawned_fd; /* its pidfd */
  struct failure failure;
  struct stamp stamps[]; /* one a step, where the plan is traced */
};

struct context {
  enum actor actor;
  const struct plan *plan;
  const char *program; /* the name in reports: hardway */
  struct slot *slots;
  struct shared *shared;
  size_t shared_size;
  struct failure failure; /* of the step that is being performed */
  int exit_code;          /* of the plan, from exit-with */
  bool failed;            /* parent: the plan has ended with a step that failed */
  unsigned failed_step;   /* parent: the container process failed at this step; 0: it did not */
  int interrupted;        /* the signal that ends the plan, or 0 */
  bool executed;          /* parent: the program runs; signals are the supervisor's from then on */
  bool undoing;           /* what takes things back is not interrupted */
  uint64_t passed;        /* when the baton was passed last */
  int signals; /* signalfd with SIGINT, SIGTERM, SIGHUP and SIGQUIT, which are blocked; −1 outside the parent */
  sigset_t caller_mask; /* the mask we were started with */
  mode_t umask;         /* the file mode creation mask we were started with; ours is 0 */
  int baton;            /* socket to the other actor, −1 when there is none (any more) */
  pid_t container;      /* parent: the container process until it has been reaped (supervise sets 0), else 0 */
  int pidfd;            /* parent: its pidfd, not owned */
  int caller;           /* parent after detach: the socket to the process that waits for `ready`, else −1 */
  bool detached;        /* parent: after detach */
  bool inherited[256];  /* which descriptors beyond the standard streams the caller had open */
  bool dumpable;        /* container: is still dumpable, see spawn.c */
  int own_network;      /* parent: the network namespace it was in before it joined another, else 0 */
  int gate; /* container: the connection that let it through its gate and hears what fails behind it, else −1 */
  int keep; /* container: close-others, how many descriptors from 3 on stay open */
  bool others_closed; /* container: all others have the flag to close at exec */
  char **environment; /* container: from `environment` steps, NAME=VALUE; owned */
  bool *environment_override;
  size_t environment_count;
  char *report; /* where reports go instead of stderr, or NULL; owned by who set it */
  size_t report_size;
  bool keep_locks;         /* parent: locks taken by this plan stay when it has ended */
  struct scratch *scratch; /* memory of the step that is being performed */
};

/* Operands, by position from 0. Text lives until the step ends. */
int64_t operand_int(struct context *ctx, const struct step *step, int n);
const char *operand_text(struct context *ctx, const struct step *step, int n);
struct bytes operand_bytes(struct context *ctx, const struct step *step, int n);
char **operand_list(struct context *ctx, const struct step *step, int n); /* NULL at the end */
int operand_fd(struct context *ctx, const struct step *step, int n);      /* −1 for none and absent */
bool operand_is_none(const struct step *step, int n);                     /* descriptor or output: no slot is named */
uint32_t operand_slot(const struct step *step, int n);                    /* PLAN_NONE for none */

/* A `dir` operand: the descriptor, AT_FDCWD where no slot is named; a slot that is absent fails with EBADF and gives −1, so that a path
   never falls back on the host's files. */
int operand_dir(struct context *ctx, const struct step *step, int n);

/* Outputs. A descriptor that nobody wants is closed; text is copied. */
void output_int(struct context *ctx, const struct step *step, int n, int64_t value);
void output_text(struct context *ctx, const struct step *step, int n, const char *text);
void output_fd(struct context *ctx, const struct step *step, int n, int fd);

/* Slots by number; they are of that type. */
void slot_set_int(struct context *ctx, uint32_t slot, int64_t value);
void slot_set_text(struct context *ctx, uint32_t slot, const char *text);
void slot_set_fd(struct context *ctx, uint32_t slot, int fd);

/* Memory of the step: freed when it ends. Never NULL: without memory the process ends with a report. */
void *scratch_alloc(struct context *ctx, size_t size);
char *scratch_printf(struct context *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));
void scratch_free(struct context *ctx);

/* What a command ends with that could not do what it was to do. */
enum { EXIT_FAILED = 125, EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127 };

/* Records errno and what the operand was; returns −1, for `return fail(...)`. The format may be NULL. */
int fail(struct context *ctx, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* As fail(), and the plan's exit code is this instead of 125. */
int fail_with(struct context *ctx, int exit_code, int error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Ends the process at once with a message: for what no plan can go on from (no memory). */
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* Prints text where the caller reads errors: stderr, or through the process that waits for `ready`. */
void report_print(struct context *ctx, int exit_code, const char *text);

/* Performs a validated plan; returns the exit code. */
int perform_plan(struct context *ctx, const struct plan *plan);

/* Whether a later step of the plan has this handler. */
bool plan_has_later(const struct step *step, int (*handler)(struct context *ctx, const struct step *step));

/* Prints what went wrong at a step (of a plan, from its number; 0: no step) and gives the exit code. */
int report_failure(struct context *ctx, const struct failure *failure, unsigned number);

/* Performs the stored plan at a path inside the plan that is being performed: own slots, own shared page, same caller. Returns the exit code, −1 and
   errno where there is no such plan. */
int perform_stored(struct context *ctx, const char *path);

/* The same with a plan in memory; 125 and a report where it is none. */
int perform_bytes(struct context *ctx, struct bytes bytes);

/* A context for the process that main() is in: blocks the signals that interrupt plans. */
void context_init(struct context *ctx, const char *program);

/* For pid 1 of `init`, which becomes something else than the program: unmaps what is shared with the parent and closes every descriptor but
   0, 1 and 2, the baton with them. */
void context_forget(struct context *ctx);

/* Waits until the descriptor (−1: none) is ready for these poll(2) events: 1; after the milliseconds (−1: never): 0; −1 after fail(), also
   when a signal interrupts the plan. */
int wait_for(struct context *ctx, int fd, short events, int64_t timeout_ms);

/* Milliseconds until a deadline of clock_ns(), at least 0. */
int64_t remaining_ms(uint64_t deadline);

/* The monotonic clock in nanoseconds. */
uint64_t clock_ns(void);

/* baton.c */
int baton_send_slots(struct context *ctx); /* the fresh ones, without the baton */
int baton_pass(struct context *ctx);       /* slots and the baton */
int baton_wait(struct context *ctx); /* until it comes back; in the parent also when the program has been executed */
void container_kill(struct context *ctx); /* parent: ends and reaps the container process, if there is one */

/* memory.c: lets go of the pages of our own image that the kernel can read again, before a long wait. */
void trim_memory(void);

/* poll() without a timeout; where nothing happens for a while, it goes on waiting in as little memory as can be. −1 when interrupted. */
int idle_poll(struct pollfd *fds, nfds_t count);

/* Waits for one of these blocked signals in as little memory as can be; its number, or negative when interrupted. */
int idle_signal(const sigset_t *set);

/* detach.c: the process that waits for `ready` prints the report and exits with the code. */
void caller_failed(struct context *ctx, int exit_code, const char *report);

/* remove.c: removes what is at the path with all below it, crossing no mount, following no link; missing is success. 0, or −1 after fail(). */
int remove_tree(struct context *ctx, const char *path);

/* protect.c: whether our image can be written by nobody in a container, and making it so by executing a protected one. Returns where it is
   not needed; 0, or −1 and errno where it cannot be done. */
bool image_is_protected(void);
int image_protect(char **argv);

/* lock.c: opens (with these more open(2) flags) and locks the file that is at the path when it is locked; −1 and errno, EAGAIN where another
   process holds the lock. */
int lock_file(const char *path, int flags);
bool lock_is_at(int fd, const char *path); /* still the file at the path */

/* files.c: writes aside, and renames */
int replace_file(struct context *ctx, const char *path, mode_t mode, struct bytes data);

/* identity.c */
struct identity {
  pid_t pid;
  uint64_t start_time;
  char boot_id[40];
};
uint64_t process_start_time(pid_t pid); /* 0 when it cannot be read */
int identity_open(struct context *ctx, const char *path, struct identity *identity, int *pidfd); /* ESRCH when gone */
int identity_write(struct context *ctx, const char *path, pid_t pid);

/* paths.c: places inside a directory, see docs/plan-format.md, "Paths". `dir` is a descriptor or AT_FDCWD, for the host. All give −1 and errno;
   descriptors are O_CLOEXEC. */
enum place { PLACE_EXISTING = 0, PLACE_DIRECTORY = 1, PLACE_FILE = 2 };
int open_inside(int dir, const char *path, int flags, mode_t mode);
/* The directory that a path's last component is in; the component goes to name. */
int open_parent(int dir, const char *path, char name[NAME_MAX + 1]);
/* A place (O_PATH), made with its missing parents where it is missing and wanted; links are followed inside the directory, also dangling ones. */
int open_place(int dir, const char *path, enum place kind, mode_t mode);
/* How /proc names a descriptor, for system calls that know paths only. */
struct fd_path {
  char text[32];
};
struct fd_path fd_path(int fd);

/* files.c: the content of a small file, trimmed; with a key that is not empty, what follows `key ` on its line. In scratch memory; NULL and errno. */
char *read_value(struct context *ctx, int dir, const char *path, const char *key);

/* spawn.c */
void make_undumpable(struct context *ctx);     /* the container process, before it can be seen or gives up privileges */
int close_others_at_exec(struct context *ctx); /* but those to keep; 0, or −1 after `fail` */
bool parent_is_alive(struct context *ctx);     /* as the baton tells; true where there is none any more */

/* Handlers. */
#define STEP(name) int step_##name(struct context *ctx, const struct step *step)

STEP(mkdir);
STEP(mkdirs);
STEP(write);
STEP(replace);
STEP(open);
STEP(close);
STEP(symlink);
STEP(mknod);
STEP(chown);
STEP(chmod);
STEP(rename);
STEP(unlink);
STEP(rmdir);
STEP(remove_tree);
STEP(lock);
STEP(read);
STEP(await);
STEP(write_fd);
STEP(clock);
STEP(mount);
STEP(bind);
STEP(clone_mount);
STEP(unlink_link);
STEP(propagation);
STEP(mount_attr);
STEP(umount);
STEP(pivot_root);
STEP(chroot);
STEP(mask);
STEP(read_only);
STEP(device);
STEP(copy_up);
STEP(spawn);
STEP(join);
STEP(unshare);
STEP(handoff);
STEP(run);
STEP(gate);
STEP(listen);
STEP(release);
STEP(let_go);
STEP(socket_pair);
STEP(keep_open);
STEP(criu);
STEP(connect);
STEP(send_fd);
STEP(look_up);
STEP(signal);
STEP(await_exit);
STEP(kill_group);
STEP(signal_group);
STEP(remove_group);
STEP(device_program);
STEP(open_process);
STEP(reconcile);
STEP(hostname);
STEP(domainname);
STEP(rlimit);
STEP(umask);
STEP(scheduler);
STEP(io_priority);
STEP(affinity);
STEP(memory_policy);
STEP(personality);
STEP(chdir);
STEP(resolve_user);
STEP(credentials);
STEP(bounding);
STEP(capabilities);
STEP(no_new_privileges);
STEP(seccomp);
STEP(parent_death_signal);
STEP(stdio);
STEP(pty);
STEP(terminal);
STEP(close_others);
STEP(session_keyring);
STEP(reset_signals);
STEP(stdio_owner);
STEP(netlink);
STEP(netlink_later);
STEP(netlink_else_run);
STEP(socket);
STEP(forward);
STEP(resolve);
STEP(forget_flows);
STEP(init);
STEP(setsid);
STEP(exec);
STEP(environment);
STEP(detach);
STEP(ready);
STEP(supervise);
STEP(pipe);
STEP(print);
STEP(exit_with);
STEP(perform);
STEP(attach);
STEP(await_record);
STEP(protect);

#endif
