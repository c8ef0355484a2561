/* Starts the planner (a JVM), performs what it asks for, and ends it before the final plan is performed. docs/plan-format.md, "The channel". */
#include "planner.h"

#include "installation.h"
#include "io.h"
#include "report.h"
#include "step.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum frame_type { FRAME_PERFORM = 1, FRAME_RESULT = 2, FRAME_FINAL = 3 };

enum {
  CHANNEL_IN = 3,
  CHANNEL_OUT = 4,
  PLANNER_LIB = 5, /* the class path is below /proc/self/fd/5: one that exists wherever the installation lies */
  MAX_FRAME = PLAN_MAX_BYTES + (1 << 20),
  MAX_ARGUMENTS = 1024,
  MAX_REPORT = 16 << 10,
};

static const char home_variable[] = "HARDWAY_HOME=";
static const char channel_variable[] = "HARDWAY_CHANNEL=";
static const char program_variable[] = "HARDWAY_PROGRAM=";
static const char argv_file[] = "planner.argv";
static const char oci_argv_file[] = "planner-oci.argv";

/* What the JVM would obey; the planner finds the caller's value under another name. */
static const char *const renamed[] = { "JAVA_TOOL_OPTIONS=", "_JAVA_OPTIONS=", "JDK_JAVA_OPTIONS=", "CLASSPATH=",
                                       "LC_ALL=" };

/* In another locale the JVM would take the arguments, the environment and the names of files for something else than UTF-8. */
static char locale[] = "LC_ALL=C.UTF-8";

struct planner {
  pid_t pid;
  int from; /* frames from it */
  int to;   /* results to it */
};

static bool has_prefix(const char *text, const char *prefix)
{
  return strncmp(text, prefix, strlen(prefix)) == 0;
}

static char *format_or_die(const char *format, const char *a, const char *b)
{
  char *text;
  if (asprintf(&text, format, a, b) < 0)
    die("no memory");
  return text;
}

/* The installation: above the directory of our image, or, where we run from a protected image, as we told ourselves before. */
static char *find_home(void)
{
  char path[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
  for (int up = 0; up < 2 && length > 0; up++)
    while (length > 0 && path[--length] != '/')
      ;
  if (length > 0) {
    path[length] = '\0';
    cleanup_free char *file = format_or_die("%s/lib/%s", path, argv_file);
    if (access(file, R_OK) == 0)
      return format_or_die("%s%s", path, "");
  }
  const char *told = getenv("HARDWAY_HOME");
  if (told == NULL)
    die("%s is not part of an installation: there is no lib/%s above it", path, argv_file);
  return format_or_die("%s%s", told, "");
}

/* The planner's command line: what the installation says for this program, then these arguments. */
static char **command_line(const char *home, const char *program, char *const *arguments)
{
  const char *file = *program == '\0' ? argv_file : oci_argv_file;
  char **argv = installation_planner(home, file);
  if (argv == NULL)
    die("%s/lib/%s: %s", home, file, strerrordesc_np(errno));
  size_t count = 0, more = 0;
  while (argv[count] != NULL)
    count++;
  while (arguments[more] != NULL)
    more++;
  argv = realloc(argv, (count + more + 1) * sizeof(*argv));
  if (argv == NULL || count == 0)
    die("%s/lib/%s names no planner", home, file);
  memcpy(argv + count, arguments, (more + 1) * sizeof(*argv));
  return argv;
}

static char **planner_environment(const char *home, const char *program, bool channel)
{
  size_t count = 0, used = 0;
  while (environ[count] != NULL)
    count++;
  char **env = calloc(count + 5, sizeof(*env));
  if (env == NULL)
    die("no memory");
  for (char **entry = environ; *entry != NULL; entry++) {
    if (has_prefix(*entry, home_variable) || has_prefix(*entry, channel_variable) ||
        has_prefix(*entry, program_variable))
      continue;
    env[used] = *entry;
    for (size_t i = 0; i < sizeof(renamed) / sizeof(renamed[0]); i++)
      if (has_prefix(*entry, renamed[i]))
        env[used] = format_or_die("HARDWAY_CALLER_%s%s", *entry, "");
    used++;
  }
  env[used++] = locale;
  env[used++] = format_or_die("%s%s", home_variable, home);
  if (*program != '\0')
    env[used++] = format_or_die("%s%s", program_variable, program);
  if (channel)
    env[used++] = format_or_die("%s%s", channel_variable, "3,4");
  return env;
}

/* In the child: nothing here returns or changes the parent's memory. */
static __attribute__((noreturn)) void become_planner(const struct context *ctx, char **argv, char **env, int lib,
                                                     int in, int out)
{
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  signal(SIGPIPE, SIG_DFL);
  umask(ctx->umask);
  sigprocmask(SIG_SETMASK, &ctx->caller_mask, NULL);
  /* They are above all of these, see start_planner(). */
  if (dup2(lib, PLANNER_LIB) < 0 || (in >= 0 && (dup2(in, CHANNEL_IN) < 0 || dup2(out, CHANNEL_OUT) < 0)))
    _exit(EXIT_FAILED);
  if (in < 0)
    close_range(CHANNEL_IN, CHANNEL_OUT, 0);
  close_range(PLANNER_LIB + 1, ~0u, 0);
  execve(argv[0], argv, env);
  dprintf(STDERR_FILENO, "hardway: the planner %s cannot be started: %s\n", argv[0], strerrordesc_np(errno));
  _exit(EXIT_FAILED);
}

/* The descriptor moved out of the way of those that the planner has. */
static int above_planners(int fd)
{
  int moved = fcntl(fd, F_DUPFD_CLOEXEC, PLANNER_LIB + 1);
  if (fd < 0 || moved < 0)
    die("a descriptor for the planner: %s", strerrordesc_np(errno));
  close(fd);
  return moved;
}

static pid_t start_planner(const struct context *ctx, const char *home, char **argv, char **env,
                           struct planner *planner)
{
  cleanup_free char *path = format_or_die("%s/%s", home, "lib");
  cleanup_fd int lib = above_planners(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
  int to[2] = { -1, -1 }, from[2] = { -1, -1 };
  if (planner != NULL && (pipe2(to, O_CLOEXEC) < 0 || pipe2(from, O_CLOEXEC) < 0))
    die("a pipe to the planner: %s", strerrordesc_np(errno));
  if (planner != NULL) {
    to[0] = above_planners(to[0]);
    from[1] = above_planners(from[1]);
    *planner = (struct planner){ .from = from[0], .to = to[1] };
  }
  pid_t pid = vfork();
  if (pid == 0)
    become_planner(ctx, argv, env, lib, to[0], from[1]);
  if (pid < 0)
    die("starting the planner: %s", strerrordesc_np(errno));
  if (planner != NULL) {
    close(to[0]);
    close(from[1]);
    planner->pid = pid;
  }
  return pid;
}

static int wait_status(pid_t pid)
{
  int status;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR)
      die("waiting for the planner: %s", strerrordesc_np(errno));
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void end_planner(struct planner *planner)
{
  kill(planner->pid, SIGKILL);
  wait_status(planner->pid);
  close(planner->from);
  close(planner->to);
}

/* Reads so many bytes, unless a signal comes first: 1, 0 at the end of the channel, or −1 when interrupted. */
static int receive(struct context *ctx, int fd, void *buffer, size_t size)
{
  for (size_t done = 0; done < size;) {
    if (wait_for(ctx, fd, POLLIN, -1) < 0)
      return -1;
    ssize_t n = read(fd, (char *)buffer + done, size - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      die("reading from the planner: %s", strerrordesc_np(errno));
    if (n == 0)
      return 0;
    done += (size_t)n;
  }
  return 1;
}

struct frame {
  uint32_t type;
  uint32_t length;
  uint8_t *payload; /* mapped */
};

static void frame_free(struct frame *frame)
{
  if (frame->payload != NULL)
    munmap(frame->payload, frame->length + 1u);
  frame->payload = NULL;
}

static int receive_frame(struct context *ctx, const struct planner *planner, struct frame *frame)
{
  uint8_t header[8];
  int result = receive(ctx, planner->from, header, sizeof(header));
  if (result <= 0)
    return result;
  frame->type = read_u32(header);
  frame->length = read_u32(header + 4);
  if (frame->length > MAX_FRAME)
    die("the planner sent a frame of %u bytes", frame->length);
  frame->payload = mmap(NULL, frame->length + 1u, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (frame->payload == MAP_FAILED)
    die("no memory for a frame of %u bytes", frame->length);
  return receive(ctx, planner->from, frame->payload, frame->length);
}

/* Performs a plan that lets its caller go in a process of its own: the planner here has more to do. The user has had the reports. */
static int perform_apart(const struct context *ctx, const struct plan *plan, const struct planner *planner)
{
  pid_t pid = fork();
  if (pid == 0) {
    struct context inner = *ctx;
    close(planner->from);
    close(planner->to);
    _exit(perform_plan(&inner, plan));
  }
  return pid < 0 ? EXIT_FAILED : wait_status(pid);
}

/* Performs a plan for the planner, which gets the reports. What it locks stays locked until we end. */
static int perform_for_planner(const struct context *ctx, const struct frame *frame, const struct planner *planner)
{
  char report[MAX_REPORT], message[300];
  struct context inner = *ctx;
  struct plan plan;
  report[0] = '\0';
  inner.report = report;
  inner.report_size = sizeof(report);
  inner.keep_locks = true;
  int code = EXIT_FAILED;
  if (plan_validate(&plan, frame->payload, frame->length, message, sizeof(message)) < 0)
    snprintf(report, sizeof(report), "hardway: the planner's plan: %s\n", message);
  else
    code = plan.detaches ? perform_apart(ctx, &plan, planner) : perform_plan(&inner, &plan);
  uint32_t answer[3] = { htole32(FRAME_RESULT), htole32(4 + (uint32_t)strlen(report)), htole32((uint32_t)code) };
  if (write_full(planner->to, answer, sizeof(answer)) == 0)
    write_full(planner->to, report, strlen(report));
  return inner.interrupted;
}

/* Takes the arguments of the command that follows the final plan out of its frame; NULL where there are none. */
static char **take_afterwards(const struct frame *frame, size_t *plan_offset)
{
  size_t at = 4;
  uint32_t count = frame->length < 4 ? UINT32_MAX : read_u32(frame->payload);
  if (count > MAX_ARGUMENTS)
    die("the planner sent a final plan with %u arguments", count);
  char **argv = calloc(count + 1, sizeof(*argv));
  for (uint32_t i = 0; i < count && argv != NULL; i++) {
    uint32_t length = frame->length - at < 4 ? UINT32_MAX : read_u32(frame->payload + at);
    if (length > frame->length - at - 4)
      die("the planner's final frame is too short");
    argv[i] = strndup((const char *)frame->payload + at + 4, length);
    at += 4 + length;
  }
  *plan_offset = at;
  if (count > 0)
    return argv;
  free(argv);
  return NULL;
}

static int perform_final(struct context *ctx, const struct frame *frame, const char *home, const char *program)
{
  struct plan plan;
  char message[300];
  size_t offset;
  char **afterwards = take_afterwards(frame, &offset);
  if (plan_validate(&plan, frame->payload + offset, frame->length - offset, message, sizeof(message)) < 0)
    die("the planner's plan: %s", message);
  int code = perform_plan(ctx, &plan);
  if (afterwards != NULL)
    wait_status(start_planner(ctx, home, command_line(home, program, afterwards),
                              planner_environment(home, program, false), NULL));
  return ctx->failed ? report_exit_code(code) : code;
}

int planner_main(char **argv, const char *program)
{
  struct context ctx;
  struct planner planner;
  char *home = find_home();
  cleanup_free char *cwd = getcwd(NULL, 0);
  if (cwd == NULL) /* no JVM starts there, nor would names mean anything */
    die("the current directory: %s: go to one that exists", strerrordesc_np(errno));
  if (setenv("HARDWAY_HOME", home, 1) < 0 || image_protect(argv) < 0)
    die("protecting the image of this program from containers: %s", strerrordesc_np(errno));
  context_init(&ctx, report_program());
  start_planner(&ctx, home, command_line(home, program, argv + 1), planner_environment(home, program, true), &planner);
  for (;;) {
    struct frame frame = { 0 };
    int received = receive_frame(&ctx, &planner, &frame);
    if (received < 0) {
      end_planner(&planner);
      return 128 + ctx.interrupted;
    }
    if (received == 0)
      return wait_status(planner.pid);
    if (frame.type == FRAME_FINAL) {
      end_planner(&planner);
      return perform_final(&ctx, &frame, home, program);
    }
    if (frame.type != FRAME_PERFORM)
      die("the planner sent a frame of unknown type %u", frame.type);
    int interrupted = perform_for_planner(&ctx, &frame, &planner);
    frame_free(&frame);
    if (interrupted != 0) {
      end_planner(&planner);
      return 128 + interrupted;
    }
  }
}
