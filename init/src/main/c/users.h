/* The lines of etc/passwd and etc/group: passwd(5), group(5). */
#ifndef USERS_H
#define USERS_H

#include <stdbool.h>
#include <stdint.h>

struct user_entry {
  const char *name;
  uint32_t uid;
  uint32_t gid;
  const char *home;
};

struct group_entry {
  const char *name;
  uint32_t gid;
  char *members; /* names with commas between them */
};

/* Cuts the next line off the text that rest points to; NULL at its end. */
char *users_line(char **rest);

/* Take a line apart, in place; false where it is no entry. */
bool users_parse_user(char *line, struct user_entry *entry);
bool users_parse_group(char *line, struct group_entry *entry);

bool users_has_member(const struct group_entry *entry, const char *name);

/* A user's or group's number, 0 to 2^31 − 1; false where the text is none. */
bool users_parse_id(const char *text, uint32_t *id);

#endif
