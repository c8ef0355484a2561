/* See users.h. */
#include "users.h"

#include <string.h>

enum { MAX_ID = INT32_MAX };

char *users_line(char **rest)
{
  char *line = *rest;
  if (line == NULL || *line == '\0')
    return NULL;
  char *end = strchrnul(line, '\n');
  *rest = *end == '\0' ? end : end + 1;
  *end = '\0';
  return line;
}

bool users_parse_id(const char *text, uint32_t *id)
{
  uint64_t value = 0;
  if (*text == '\0')
    return false;
  for (; *text != '\0'; text++) {
    if (*text < '0' || *text > '9')
      return false;
    value = value * 10 + (uint64_t)(*text - '0');
    if (value > MAX_ID)
      return false;
  }
  *id = (uint32_t)value;
  return true;
}

/* The next field between colons; empty fields count. */
static char *next_field(char **rest)
{
  char *field = *rest;
  if (field == NULL)
    return NULL;
  char *colon = strchr(field, ':');
  *rest = colon == NULL ? NULL : colon + 1;
  if (colon != NULL)
    *colon = '\0';
  return field;
}

bool users_parse_user(char *line, struct user_entry *entry)
{
  char *rest = line;
  const char *name = next_field(&rest);
  next_field(&rest); /* password */
  const char *uid = next_field(&rest), *gid = next_field(&rest);
  next_field(&rest); /* comment */
  const char *home = next_field(&rest);
  entry->name = name;
  entry->home = home != NULL ? home : "";
  return name != NULL && *name != '\0' && gid != NULL && users_parse_id(uid, &entry->uid) &&
         users_parse_id(gid, &entry->gid);
}

bool users_parse_group(char *line, struct group_entry *entry)
{
  static char nobody[] = "";
  char *rest = line;
  const char *name = next_field(&rest);
  next_field(&rest); /* password */
  const char *gid = next_field(&rest);
  char *members = next_field(&rest);
  entry->name = name;
  entry->members = members != NULL ? members : nobody;
  return name != NULL && *name != '\0' && gid != NULL && users_parse_id(gid, &entry->gid);
}

bool users_has_member(const struct group_entry *entry, const char *name)
{
  size_t length = strlen(name);
  for (const char *member = entry->members; *member != '\0';) {
    size_t size = strcspn(member, ",");
    if (size == length && memcmp(member, name, length) == 0)
      return true;
    member += size + (member[size] == ',');
  }
  return false;
}
