/* hardway-init performs plans; called by another name it is the command, and has a planner make them. */
#include "oci.h"
#include "planner.h"
#include "step.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

static const char executor_name[] = "hardway-init";

/* 0, 1 and 2 must be something, or what is opened next becomes a standard stream. */
static void open_standard_streams(void)
{
  for (int fd = open("/dev/null", O_RDWR); fd >= 0; fd = dup(fd)) {
    if (fd > STDERR_FILENO) {
      close(fd);
      return;
    }
  }
}

static int check(const char *path)
{
  struct plan plan;
  char message[300];
  if (plan_load(&plan, path, message, sizeof(message)) < 0) {
    fprintf(stderr, "%s: %s: %s\n", executor_name, path, errno != 0 ? strerrordesc_np(errno) : message);
    return 1;
  }
  plan_free(&plan);
  return 0;
}

static int perform_file(const char *path, char **argv)
{
  struct context ctx;
  struct plan plan;
  char message[300];
  if (plan_load(&plan, path, message, sizeof(message)) < 0) {
    fprintf(stderr, "hardway: the plan %s: %s\n", path, errno != 0 ? strerrordesc_np(errno) : message);
    return 125;
  }
  if (plan.spawns && image_protect(argv) < 0)
    die("protecting the image of this program from containers: %s", strerrordesc_np(errno));
  context_init(&ctx, "hardway");
  return perform_plan(&ctx, &plan);
}

int main(int argc, char **argv)
{
  open_standard_streams();
  const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
  const char *name = slash != NULL ? slash + 1 : argc > 0 ? argv[0] : executor_name;
  if (strcmp(name, "hardway-oci") == 0)
    return oci_main(argv);
  if (strncmp(name, executor_name, sizeof(executor_name) - 1) != 0)
    return planner_main(argv, "");
  if (argc == 3 && strcmp(argv[1], "perform") == 0)
    return perform_file(argv[2], argv);
  if (argc == 3 && strcmp(argv[1], "--check") == 0)
    return check(argv[2]);
  if (argc == 2 && strcmp(argv[1], "--operations") == 0) {
    operations_print();
    return 0;
  }
  fprintf(stderr, "usage: %s perform FILE | --check FILE | --operations\n", executor_name);
  return 2;
}
