/* The step `resolve-user`: who `USER[:GROUP]` is by the container's own files. */
#include "io.h"
#include "step.h"
#include "users.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_FILE = 8 << 20, MAX_GROUPS = 4096 };

static const char passwd_path[] = "/etc/passwd", group_path[] = "/etc/group";

struct identity_wanted {
  uint32_t uid;
  uint32_t gid;
  const char *name; /* of the entry, or NULL */
  const char *home;
  uint32_t groups[MAX_GROUPS];
  size_t count;
};

/* The whole of a regular file of the container's, empty where it is missing, or something else, like what hides it; NULL after fail(). */
static char *read_file(struct context *ctx, int dir, const char *path)
{
  struct stat st;
  cleanup_fd int fd = open_inside(dir, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
    return scratch_printf(ctx, "%s", "");
  if (fd < 0 || fstat(fd, &st) < 0) {
    fail(ctx, errno, "%s", path);
    return NULL;
  }
  if (!S_ISREG(st.st_mode))
    return scratch_printf(ctx, "%s", "");
  if (st.st_size > MAX_FILE) {
    fail(ctx, EINVAL, "%s is too large", path);
    return NULL;
  }
  char *text = scratch_alloc(ctx, (size_t)st.st_size + 1);
  ssize_t n = read_full(fd, text, (size_t)st.st_size);
  if (n < 0) {
    fail(ctx, errno, "%s", path);
    return NULL;
  }
  text[n] = '\0';
  return text;
}

static int add_group(struct context *ctx, struct identity_wanted *who, uint32_t gid)
{
  for (size_t i = 0; i < who->count; i++)
    if (who->groups[i] == gid)
      return 0;
  if (who->count == MAX_GROUPS)
    return fail(ctx, E2BIG, "more than %d groups", MAX_GROUPS);
  who->groups[who->count++] = gid;
  return 0;
}

static int find_user(struct context *ctx, struct identity_wanted *who, char *passwd, const char *user)
{
  struct user_entry entry;
  bool is_number = users_parse_id(user, &who->uid);
  for (char *line; (line = users_line(&passwd)) != NULL;) {
    if (!users_parse_user(line, &entry) || (is_number ? entry.uid != who->uid : strcmp(entry.name, user) != 0))
      continue;
    who->uid = entry.uid;
    who->gid = entry.gid;
    who->name = entry.name;
    if (*entry.home != '\0')
      who->home = entry.home;
    return 0;
  }
  return is_number ? 0 : fail(ctx, 0, "the container's %s has no user `%s`", passwd_path, user);
}

/* One pass over the groups: the user's memberships, or the numbers of those that are named. */
static int find_groups(struct context *ctx, struct identity_wanted *who, char *group, const char *primary, char **added)
{
  size_t names = 0;
  bool found = users_parse_id(primary, &who->gid);
  while (added[names] != NULL)
    names++;
  bool *done = scratch_alloc(ctx, names + 1);
  for (size_t i = 0; i < names; i++) {
    uint32_t gid;
    done[i] = users_parse_id(added[i], &gid);
    if (done[i] && add_group(ctx, who, gid) < 0)
      return -1;
  }
  struct group_entry entry;
  for (char *line; (line = users_line(&group)) != NULL;) {
    if (!users_parse_group(line, &entry))
      continue;
    if (!found && strcmp(entry.name, primary) == 0) {
      who->gid = entry.gid;
      found = true;
    }
    if (*primary == '\0' && who->name != NULL && users_has_member(&entry, who->name) &&
        add_group(ctx, who, entry.gid) < 0)
      return -1;
    for (size_t i = 0; i < names; i++) {
      if (done[i] || strcmp(entry.name, added[i]) != 0)
        continue;
      done[i] = true;
      if (add_group(ctx, who, entry.gid) < 0)
        return -1;
    }
  }
  if (!found && *primary != '\0')
    return fail(ctx, 0, "the container's %s has no group `%s`", group_path, primary);
  for (size_t i = 0; i < names; i++)
    if (!done[i])
      return fail(ctx, 0, "the container's %s has no group `%s`", group_path, added[i]);
  return 0;
}

int step_resolve_user(struct context *ctx, const struct step *step)
{
  int dir = operand_dir(ctx, step, 0);
  char *user = scratch_printf(ctx, "%s", operand_text(ctx, step, 1)), *colon = strchr(user, ':');
  char **added = operand_list(ctx, step, 2);
  if (dir == -1)
    return -1;
  if (colon != NULL)
    *colon = '\0';
  struct identity_wanted *who = scratch_alloc(ctx, sizeof(*who));
  *who = (struct identity_wanted){ .home = "/" };
  char *passwd = read_file(ctx, dir, passwd_path), *group = passwd == NULL ? NULL : read_file(ctx, dir, group_path);
  if (group == NULL || find_user(ctx, who, passwd, *user == '\0' ? "0" : user) < 0 ||
      find_groups(ctx, who, group, colon == NULL ? "" : colon + 1, added) < 0)
    return -1;
  char *text = scratch_alloc(ctx, who->count * 12 + 1), *end = text;
  *text = '\0';
  for (size_t i = 0; i < who->count; i++)
    end += sprintf(end, "%s%u", i > 0 ? "," : "", who->groups[i]);
  output_int(ctx, step, 3, who->uid);
  output_int(ctx, step, 4, who->gid);
  output_text(ctx, step, 5, text);
  output_text(ctx, step, 6, who->home);
  return 0;
}
