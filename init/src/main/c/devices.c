/* Rules about devices with cgroup version 2: an eBPF program at the group, which the kernel asks at each open and mknod of a device. */
#include "io.h"
#include "step.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>

enum { MAX_ATTACHED = 64, LOG_SIZE = 1 << 18 };

/* By this name we know a program as ours again. */
static const char program_name[BPF_OBJ_NAME_LEN] = "hardway";

static int bpf(enum bpf_cmd command, union bpf_attr *attr)
{
  return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* The line of the verifier's log that says what is wrong: the last one before its statistics. */
static const char *verdict(char *log)
{
  char *end = strstr(log, "\nprocessed ");
  if (end == NULL)
    end = log + strlen(log);
  while (end > log && end[-1] == '\n')
    end--;
  *end = '\0';
  const char *line = strrchr(log, '\n');
  return line == NULL ? log : line + 1;
}

/* Its descriptor; −1 after fail(). */
static int load(struct context *ctx, struct bytes program)
{
  union bpf_attr attr;
  memset(&attr, 0, sizeof(attr));
  attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  attr.insns = (uintptr_t)program.data;
  attr.insn_cnt = (uint32_t)(program.length / sizeof(struct bpf_insn));
  attr.license = (uintptr_t) "Apache-2.0";
  memcpy(attr.prog_name, program_name, sizeof(program_name));
  int fd = bpf(BPF_PROG_LOAD, &attr);
  if (fd >= 0)
    return fd;
  /* Again, since the verifier gives its reasons only when asked; a signal may have been the reason. */
  int error = errno;
  char *log = scratch_alloc(ctx, LOG_SIZE);
  log[0] = '\0';
  attr.log_level = 1;
  attr.log_buf = (uintptr_t)log;
  attr.log_size = LOG_SIZE;
  fd = bpf(BPF_PROG_LOAD, &attr);
  return fd >= 0 ? fd : fail(ctx, error, "loading the program%s%s", log[0] != '\0' ? ": " : "", verdict(log));
}

/* Finds the program that we have attached to the group before; −1: there is none. 0, or −1 after fail(). */
static int find_attached(struct context *ctx, int group, int *found)
{
  uint32_t ids[MAX_ATTACHED];
  union bpf_attr query, attr;
  memset(&query, 0, sizeof(query));
  query.query.target_fd = (uint32_t)group;
  query.query.attach_type = BPF_CGROUP_DEVICE;
  query.query.prog_ids = (uintptr_t)ids;
  query.query.prog_cnt = MAX_ATTACHED;
  *found = -1;
  if (bpf(BPF_PROG_QUERY, &query) < 0)
    return fail(ctx, errno, "asking what is attached to the group");
  for (uint32_t i = 0; i < query.query.prog_cnt && *found < 0; i++) {
    struct bpf_prog_info info;
    memset(&info, 0, sizeof(info));
    memset(&attr, 0, sizeof(attr));
    attr.prog_id = ids[i];
    cleanup_fd int program = bpf(BPF_PROG_GET_FD_BY_ID, &attr);
    if (program < 0 && errno == ENOENT)
      continue;
    memset(&attr, 0, sizeof(attr));
    attr.info.bpf_fd = (uint32_t)program;
    attr.info.info_len = sizeof(info);
    attr.info.info = (uintptr_t)&info;
    if (program < 0 || bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) < 0)
      return fail(ctx, errno, "looking at program %u, which is attached to the group", ids[i]);
    if (memcmp(info.name, program_name, sizeof(program_name)) == 0)
      *found = steal_fd(&program);
  }
  return 0;
}

int step_device_program(struct context *ctx, const struct step *step)
{
  const char *directory = operand_text(ctx, step, 0);
  cleanup_fd int group = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (group < 0)
    return fail(ctx, errno, "%s", directory);
  cleanup_fd int program = load(ctx, operand_bytes(ctx, step, 1));
  cleanup_fd int old = -1;
  if (program < 0 || find_attached(ctx, group, &old) < 0)
    return -1;
  union bpf_attr attr;
  memset(&attr, 0, sizeof(attr));
  attr.target_fd = (uint32_t)group;
  attr.attach_bpf_fd = (uint32_t)program;
  attr.attach_type = BPF_CGROUP_DEVICE;
  attr.attach_flags = BPF_F_ALLOW_MULTI | (old >= 0 ? BPF_F_REPLACE : 0);
  attr.replace_bpf_fd = old >= 0 ? (uint32_t)old : 0;
  return bpf(BPF_PROG_ATTACH, &attr) < 0 ? fail(ctx, errno, "attaching the program to %s", directory) : 0;
}
