/* hardway-oci: `state`, `start`, `pause`, `resume`, `kill` and `delete` are done here, with what `create` has stored in the container's directory; every other
   command line, and each of those that is not plain, goes to the planner. */
#include "oci.h"

#include "io.h"
#include "planner.h"
#include "report.h"
#include "step.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { MAX_ID = 1024, MAX_STATE = 1 << 20 };

enum status { CREATING, CREATED, RUNNING, PAUSED, STOPPED };

static const char *const status_names[] = { "creating", "created", "running", "paused", "stopped" };

/* What a command line says that can be understood without the planner. */
struct command {
  const char *root;
  const char *log;
  bool json;
  const char *verb;
  const char *id;
  const char *signal;
  bool all;
  bool force;
};

struct container {
  struct context ctx;
  const char *id;
  char *directory;
  int lock;
  enum status status;
  pid_t pid;
  int pidfd;
};

static char *path_in(const struct container *container, const char *name)
{
  char *path;
  if (asprintf(&path, "%s/%s", container->directory, name) < 0)
    die("no memory");
  return path;
}

static bool has(const struct container *container, const char *name)
{
  cleanup_free char *path = path_in(container, name);
  return access(path, F_OK) == 0;
}

/* A process that has ended and has not been waited for is gone. */
static bool is_zombie(pid_t pid)
{
  char path[32], text[512];
  snprintf(path, sizeof(path), "/proc/%d/stat", pid);
  cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : read_full(fd, text, sizeof(text) - 1);
  text[n < 0 ? 0 : n] = '\0';
  const char *name = strrchr(text, ')'); /* the name before it may hold anything */
  return name == NULL || name[1] != ' ' || name[2] == 'Z' || name[2] == 'X';
}

/* The link leads to the file of the control group that says so: FROZEN or 1. */
static bool is_frozen(struct container *container)
{
  cleanup_free char *path = path_in(container, "frozen");
  const char *value = read_value(&container->ctx, AT_FDCWD, path, "");
  bool frozen = value != NULL && (strncmp(value, "FR", 2) == 0 || strcmp(value, "1") == 0);
  scratch_free(&container->ctx);
  return frozen;
}

static enum status find_status(struct container *container)
{
  struct identity identity;
  cleanup_free char *path = path_in(container, "identity");
  bool made = !has(container, "undo.plan"); /* what takes back a creation that has not ended */
  if (identity_open(&container->ctx, path, &identity, &container->pidfd) < 0)
    return made ? STOPPED : CREATING;
  if (is_zombie(identity.pid)) {
    close(container->pidfd);
    container->pidfd = -1;
    return STOPPED;
  }
  container->pid = identity.pid;
  if (!made)
    return CREATING;
  if (has(container, "start.sock"))
    return CREATED;
  return is_frozen(container) ? PAUSED : RUNNING;
}

static __attribute__((format(printf, 1, 2))) int refuse(const char *format, ...)
{
  char text[MAX_ID + 200], whole[MAX_ID + 300];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  snprintf(whole, sizeof(whole), "%s: %s\n", report_program(), text);
  report_write(whole);
  return 1;
}

static int perform_in(struct container *container, const char *name)
{
  struct plan plan;
  char message[300];
  cleanup_free char *path = path_in(container, name);
  if (plan_load(&plan, path, message, sizeof(message)) < 0)
    return refuse("%s: %s", path, errno != 0 ? strerrordesc_np(errno) : message);
  context_init(&container->ctx, report_program());
  int code = perform_plan(&container->ctx, &plan);
  return container->ctx.failed ? 1 : code;
}

static int state(struct container *container)
{
  cleanup_free char *path = path_in(container, "state.json"), *text = malloc(MAX_STATE + 1);
  cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 || text == NULL ? -1 : read_full(fd, text, MAX_STATE);
  if (n < 0)
    return refuse("%s: %s", path, strerrordesc_np(errno));
  text[n] = '\0';
  char *members = strchr(text, '\n'); /* behind the brace */
  printf("{\n  \"status\": \"%s\",\n  \"pid\": %d,%s", status_names[container->status],
         container->status == STOPPED ? 0 : container->pid, members != NULL ? members : "");
  return fflush(stdout) == EOF ? refuse("standard output: %s", strerrordesc_np(errno)) : 0;
}

static int start(struct container *container)
{
  if (container->status == STOPPED)
    return refuse("cannot start a container that has stopped");
  if (container->status != CREATED)
    return refuse("cannot start an already %s container", status_names[container->status]);
  return perform_in(container, "start.plan");
}

static int pause_container(struct container *container)
{
  if (container->status != RUNNING && container->status != CREATED)
    return refuse("container not running or created: %s", status_names[container->status]);
  return perform_in(container, "pause.plan");
}

static int resume_container(struct container *container)
{
  if (container->status != PAUSED)
    return refuse("container not paused");
  return perform_in(container, "resume.plan");
}

/* By name or number, as kill(1) has it: KILL, SIGKILL, 9, RTMIN+3; 0 where there is none. */
static int parse_signal(const char *text)
{
  char *end;
  if (isdigit((unsigned char)*text)) {
    long number = strtol(text, &end, 10);
    return *end == '\0' && number < _NSIG ? (int)number : 0;
  }
  if (strncasecmp(text, "SIG", 3) == 0)
    text += 3;
  for (int number = 1; number < SIGRTMIN; number++) {
    const char *name = sigabbrev_np(number);
    if (name != NULL && strcasecmp(name, text) == 0)
      return number;
  }
  if (strncasecmp(text, "RTMIN", 5) != 0 && strncasecmp(text, "RTMAX", 5) != 0)
    return 0;
  bool from_end = (text[3] | 0x20) == 'a';
  long number = (from_end ? SIGRTMAX : SIGRTMIN) + (text[5] == '\0' ? 0 : strtol(text + 5, &end, 10));
  return number >= SIGRTMIN && number <= SIGRTMAX && (text[5] == '\0' || *end == '\0') ? (int)number : 0;
}

static int kill_container(struct container *container, const struct command *command)
{
  int number = parse_signal(command->signal);
  if (number == 0)
    return refuse("unknown signal \"%s\"", command->signal);
  bool whole = command->all || container->status == PAUSED; /* who stands still does not end */
  if (number == SIGKILL && whole && container->status != CREATING)
    return perform_in(container, "kill.plan");
  if (container->pidfd < 0)
    return refuse("container not running");
  if (syscall(SYS_pidfd_send_signal, container->pidfd, number, NULL, 0) < 0)
    return refuse(errno == ESRCH ? "container not running" : "signal %d to process %d: %s", number, container->pid,
                  strerrordesc_np(errno));
  return 0;
}

static int delete_container(struct container *container, bool force)
{
  if (container->status != STOPPED && container->status != CREATED && !force)
    return refuse("cannot delete container %s that is not stopped: %s", container->id, status_names[container->status]);
  if (has(container, "delete.plan"))
    return perform_in(container, "delete.plan");
  /* Somebody was killed who was at this already. */
  if (remove_tree(&container->ctx, container->directory) < 0)
    return refuse("%s: %s", container->directory, strerrordesc_np(container->ctx.failure.error));
  return 0;
}

/* An option's value, where the word is that option: --NAME VALUE, --NAME=VALUE; NULL where it is another. */
static const char *value_of(char ***at, const char *name)
{
  const char *word = **at;
  size_t length = strlen(name);
  if (strncmp(word, "--", 2) != 0 || strncmp(word + 2, name, length) != 0)
    return NULL;
  if (word[2 + length] == '=')
    return word + 2 + length + 1;
  return word[2 + length] == '\0' && (*at)[1] != NULL ? *++*at : NULL;
}

static bool is_either(const char *word, const char *one, const char *other)
{
  return strcmp(word, one) == 0 || strcmp(word, other) == 0;
}

/* The options before the verb. false: there is something else, which the planner understands or refuses. */
static bool parse_global(char ***at, struct command *command)
{
  for (; **at != NULL && ***at == '-'; ++*at) {
    const char *value;
    if ((value = value_of(at, "root")) != NULL && *value != '\0')
      command->root = value;
    else if ((value = value_of(at, "log-format")) != NULL && is_either(value, "json", "text"))
      command->json = strcmp(value, "json") == 0;
    else if ((value = value_of(at, "log")) != NULL)
      command->log = value;
    else if (((value = value_of(at, "rootless")) == NULL || strcmp(value, "auto") != 0) &&
             value_of(at, "criu") == NULL && !is_either(**at, "--debug", "--systemd-cgroup"))
      return false;
  }
  command->verb = **at;
  return command->verb != NULL;
}

/* What is behind the verb. false: there is something else. */
static bool parse_verb(char **at, struct command *command)
{
  bool kills = strcmp(command->verb, "kill") == 0, deletes = strcmp(command->verb, "delete") == 0;
  if (!kills && !deletes && !is_either(command->verb, "state", "start") && !is_either(command->verb, "pause", "resume"))
    return false;
  command->signal = "TERM";
  int count = 0;
  while (*++at != NULL) {
    if (kills && is_either(*at, "--all", "-a"))
      command->all = true;
    else if (deletes && is_either(*at, "--force", "-f"))
      command->force = true;
    else if (**at == '-')
      return false;
    else if (count++ == 0)
      command->id = *at;
    else if (kills && count == 2)
      command->signal = *at;
    else
      return false;
  }
  /* To signal every process takes a look at the group. */
  return count > 0 && (!command->all || parse_signal(command->signal) == SIGKILL);
}

static bool is_id(const char *id)
{
  size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-.");
  return length > 0 && length <= MAX_ID && id[length] == '\0' && id[0] != '.';
}

static char *default_root(void)
{
  const char *runtime = getenv("XDG_RUNTIME_DIR");
  char *root = NULL;
  if (geteuid() != 0 && (runtime == NULL || *runtime != '/' || asprintf(&root, "%s/hardway-oci", runtime) < 0))
    return NULL;
  return geteuid() != 0 ? root : strdup("/run/hardway-oci");
}

static int no_such_container(const struct command *command)
{
  if (strcmp(command->verb, "delete") == 0 && command->force)
    return 0;
  return refuse("container does not exist: %s", command->id);
}

static int act(struct container *container, const struct command *command)
{
  cleanup_free char *lock = path_in(container, "lock");
  bool changes = strcmp(command->verb, "start") == 0 || strcmp(command->verb, "delete") == 0;
  if (changes)
    while ((container->lock = lock_file(lock, 0)) < 0 && errno == EAGAIN)
      usleep(1000);
  if (changes && container->lock < 0)
    return errno == ENOENT ? no_such_container(command) : refuse("%s: %s", lock, strerrordesc_np(errno));
  container->status = find_status(container);
  if (strcmp(command->verb, "state") == 0)
    return state(container);
  if (strcmp(command->verb, "start") == 0)
    return start(container);
  if (strcmp(command->verb, "pause") == 0)
    return pause_container(container);
  if (strcmp(command->verb, "resume") == 0)
    return resume_container(container);
  if (strcmp(command->verb, "kill") == 0)
    return kill_container(container, command);
  return delete_container(container, command->force);
}

int oci_main(char **argv)
{
  struct command command = { 0 };
  char **at = argv + 1;
  bool understood = parse_global(&at, &command);
  report_as("hardway-oci", understood && strcmp(command.verb, "exec") == 0 ? 255 : 1, command.log, command.json);
  cleanup_free char *root = command.root != NULL ? strdup(command.root) : default_root();
  if (!understood || !parse_verb(at, &command) || root == NULL || !is_id(command.id))
    return planner_main(argv, "hardway-oci");
  struct container container = { .id = command.id, .lock = -1, .pidfd = -1 };
  if (asprintf(&container.directory, "%s/%s", root, command.id) < 0)
    die("no memory");
  if (access(container.directory, F_OK) < 0)
    return errno == ENOENT || errno == ENOTDIR ? no_such_container(&command)
                                               : refuse("%s: %s", container.directory, strerrordesc_np(errno));
  /* While it is made, who makes it decides. */
  bool is_made = !has(&container, "undo.plan");
  bool stops = is_either(command.verb, "pause", "resume");
  if (strcmp(command.verb, "delete") == 0 && command.force && !is_made)
    return planner_main(argv, "hardway-oci");
  /* Without a control group it cannot stand still, and the planner says why. */
  if (stops && is_made && !has(&container, "pause.plan"))
    return planner_main(argv, "hardway-oci");
  return act(&container, &command);
}
