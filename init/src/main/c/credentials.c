/* Who the container process is and what it may do, in the order in which privileges are given up. */
#include "step.h"

#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { MAX_CAPABILITY = 63, MAX_GROUPS = 65536 };

struct capability_sets {
  uint64_t effective;
  uint64_t permitted;
  uint64_t inheritable;
};

static int get_capabilities(struct capability_sets *sets)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) < 0)
    return -1;
  sets->effective = data[0].effective | (uint64_t)data[1].effective << 32;
  sets->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
  sets->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
  return 0;
}

static int set_capabilities(const struct capability_sets *sets)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct data[2];
  for (int i = 0; i < 2; i++) {
    data[i].effective = (uint32_t)(sets->effective >> 32 * i);
    data[i].permitted = (uint32_t)(sets->permitted >> 32 * i);
    data[i].inheritable = (uint32_t)(sets->inheritable >> 32 * i);
  }
  return (int)syscall(SYS_capset, &header, data);
}

/* Numbers with commas between them; the count, or −1. */
static int parse_groups(const char *text, gid_t *groups)
{
  int count = 0;
  while (*text != '\0') {
    char *end;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (errno != 0 || end == text || (*end != ',' && *end != '\0') || number >= UINT32_MAX || count == MAX_GROUPS) {
      errno = EINVAL;
      return -1;
    }
    groups[count++] = (gid_t)number;
    text = *end == ',' ? end + 1 : end;
  }
  return count;
}

static int change_groups(struct context *ctx, const char *text)
{
  size_t most = 1;
  for (const char *p = text; *p != '\0'; p++)
    most += *p == ',';
  gid_t *groups = scratch_alloc(ctx, most * sizeof(*groups));
  int count = parse_groups(text, groups);
  if (count < 0 || setgroups((size_t)count, groups) < 0)
    return fail(ctx, errno, "supplementary groups `%s`", text);
  return 0;
}

int step_credentials(struct context *ctx, const struct step *step)
{
  uid_t uid = (uid_t)operand_int(ctx, step, 0);
  gid_t gid = (gid_t)operand_int(ctx, step, 1);
  const char *groups = operand_text(ctx, step, 2);
  make_undumpable(ctx);
  if ((groups[0] != '-' || groups[1] != '\0') && change_groups(ctx, groups) < 0)
    return -1;
  if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
    return fail(ctx, errno, "keeping capabilities");
  if (setresgid(gid, gid, gid) < 0)
    return fail(ctx, errno, "group %u", gid);
  if (setresuid(uid, uid, uid) < 0)
    return fail(ctx, errno, "user %u", uid);
  /* Leaving user 0 took the effective set away; what follows needs it. */
  struct capability_sets sets;
  if (get_capabilities(&sets) < 0)
    return fail(ctx, errno, "capget");
  sets.effective = sets.permitted;
  return set_capabilities(&sets) < 0 ? fail(ctx, errno, "capset") : 0;
}

int step_bounding(struct context *ctx, const struct step *step)
{
  uint64_t mask = (uint64_t)operand_int(ctx, step, 0);
  make_undumpable(ctx);
  for (int cap = 0; cap <= MAX_CAPABILITY; cap++) {
    int has = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);
    if (has < 0)
      break; /* the kernel knows no more */
    if (has == 1 && !(mask >> cap & 1) && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
      return fail(ctx, errno, "capability %d", cap);
  }
  return 0;
}

/* The capabilities of a set that the bounding set has. */
static uint64_t bounded(uint64_t set)
{
  for (int cap = 0; cap <= MAX_CAPABILITY; cap++)
    if (set >> cap & 1 && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) != 1)
      set &= ~(UINT64_C(1) << cap);
  return set;
}

int step_capabilities(struct context *ctx, const struct step *step)
{
  struct capability_sets has, wanted = {
    .effective = (uint64_t)operand_int(ctx, step, 0),
    .permitted = (uint64_t)operand_int(ctx, step, 1),
    .inheritable = (uint64_t)operand_int(ctx, step, 2),
  };
  uint64_t ambient = (uint64_t)operand_int(ctx, step, 3);
  make_undumpable(ctx);
  if (get_capabilities(&has) < 0)
    return fail(ctx, errno, "capget");
  if (step->best_effort) {
    wanted.permitted &= has.permitted;
    wanted.effective &= wanted.permitted;
    wanted.inheritable = bounded(wanted.inheritable & (has.permitted | has.inheritable));
    ambient &= wanted.permitted & wanted.inheritable;
  } else if (wanted.permitted & ~has.permitted) {
    return fail(ctx, EPERM, "not permitted here: capabilities %#llx",
                (unsigned long long)(wanted.permitted & ~has.permitted));
  }
  if (set_capabilities(&wanted) < 0)
    return fail(ctx, errno, "capset");
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
    return fail(ctx, errno, "clearing ambient capabilities");
  for (int cap = 0; cap <= MAX_CAPABILITY; cap++)
    if (ambient >> cap & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
      return fail(ctx, errno, "ambient capability %d", cap);
  return 0;
}

int step_no_new_privileges(struct context *ctx, const struct step *step)
{
  (void)step;
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? fail(ctx, errno, NULL) : 0;
}
