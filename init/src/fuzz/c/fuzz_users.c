/* A container's passwd and group files. */
#include "users.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *copy(const uint8_t *data, size_t size)
{
  char *text = malloc(size + 1);
  memcpy(text, data, size);
  text[size] = '\0';
  return text;
}

static void require(bool condition)
{
  if (!condition)
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *text = copy(data, size), *rest = text, *line;
  size_t length = strlen(text), seen = 0;
  struct user_entry user;
  while ((line = users_line(&rest)) != NULL) {
    seen += strlen(line) + 1;
    if (users_parse_user(line, &user))
      require(*user.name != '\0' && user.uid <= INT32_MAX && user.gid <= INT32_MAX && strchr(user.home, ':') == NULL);
  }
  require(seen == length || seen == length + 1);
  free(text);
  text = rest = copy(data, size);
  struct group_entry group;
  while ((line = users_line(&rest)) != NULL) {
    if (!users_parse_group(line, &group))
      continue;
    require(group.gid <= INT32_MAX && strchr(group.name, ':') == NULL);
    const char *last = strrchr(group.members, ',');
    const char *member = last != NULL ? last + 1 : group.members;
    require(*member == '\0' || users_has_member(&group, member));
  }
  free(text);
  return 0;
}
