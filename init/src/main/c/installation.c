/* The planner's command line, and whether its ahead-of-time cache still belongs to its jars. */
#include "installation.h"

#include "cleanup.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum {
  MAX_TEXT = 1 << 20,
  MAX_DIRECTORY = 8 << 20,
  END_RECORD = 22, /* of a zip file without a comment, as all of ours are */
};

static const char HOME[] = "@HOME@";
static const char CACHE[] = "-XX:AOTCache=";

static char *read_file(int dir, const char *name)
{
  cleanup_fd int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
  struct stat file;

  if (fd < 0 || fstat(fd, &file) < 0)
    return NULL;
  if (!S_ISREG(file.st_mode) || file.st_size > MAX_TEXT) {
    errno = EINVAL;
    return NULL;
  }
  cleanup_free char *text = malloc((size_t)file.st_size + 1);
  if (text == NULL)
    return NULL;
  ssize_t length = pread(fd, text, (size_t)file.st_size, 0);
  if (length < 0)
    return NULL;
  text[length] = '\0';
  char *result = text;
  text = NULL;
  return result;
}

static uint32_t little_endian(const unsigned char *p)
{
  return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* FNV-1a over words of 8 bytes, the last one filled up with zeros. io.hardway.distribution.JarDigest computes the same. */
static uint64_t digest(const unsigned char *bytes, size_t length)
{
  uint64_t hash = 0xcbf29ce484222325u;

  for (size_t i = 0; i < length; i += 8) {
    uint64_t word = 0;
    for (size_t j = 0; j < 8 && i + j < length; j++)
      word |= (uint64_t)bytes[i + j] << (8 * j);
    hash = (hash ^ word) * 0x100000001b3u;
    hash ^= hash >> 32;
  }
  return hash;
}

/*
 * Whether the jar's table of contents is the wanted one. The table holds name, size and CRC-32 of every entry, so that a jar
 * with other content has another table; it is read in a tenth of a millisecond, where the whole content takes ten.
 */
static bool has_contents(int dir, const char *jar, uint64_t size, uint64_t wanted)
{
  cleanup_fd int fd = openat(dir, jar, O_RDONLY | O_CLOEXEC);
  struct stat file;
  unsigned char end[END_RECORD];

  if (fd < 0 || fstat(fd, &file) < 0 || (uint64_t)file.st_size != size || size < END_RECORD)
    return false;
  if (pread(fd, end, sizeof(end), (off_t)size - END_RECORD) != END_RECORD || memcmp(end, "PK\5\6", 4) != 0)
    return false;

  uint64_t offset = little_endian(end + 16);
  if (offset > size - END_RECORD || size - offset > MAX_DIRECTORY)
    return false;
  size_t length = (size_t)(size - offset);
  cleanup_free unsigned char *table = malloc(length);
  if (table == NULL || pread(fd, table, length, (off_t)offset) != (ssize_t)length)
    return false;
  return digest(table, length) == wanted;
}

/* lib/planner.jars has a line `SIZE DIGEST NAME` for each jar of the class path. */
static bool jars_unchanged(int lib)
{
  cleanup_free char *list = read_file(lib, "planner.jars");
  char *rest = list;

  if (list == NULL)
    return false;
  for (char *line = strsep(&rest, "\n"); line != NULL && *line != '\0'; line = strsep(&rest, "\n")) {
    char *name;
    uint64_t size = strtoull(line, &name, 10);
    uint64_t wanted = strtoull(name, &name, 16);
    if (*name != ' ' || !has_contents(lib, name + 1, size, wanted))
      return false;
  }
  return true;
}

/* The text with each @HOME@ replaced, malloc'ed. */
static char *with_home(const char *text, const char *home)
{
  size_t count = 0;

  for (const char *at = strstr(text, HOME); at != NULL; at = strstr(at + sizeof(HOME) - 1, HOME))
    count++;
  char *result = malloc(strlen(text) + count * strlen(home) + 1);
  if (result == NULL)
    return NULL;

  char *to = result;
  const char *from = text;
  for (const char *at = strstr(from, HOME); at != NULL; at = strstr(from, HOME)) {
    to = mempcpy(to, from, (size_t)(at - from));
    to = stpcpy(to, home);
    from = at + sizeof(HOME) - 1;
  }
  strcpy(to, from);
  return result;
}

char **installation_planner(const char *home, const char *file)
{
  cleanup_free char *path = malloc(strlen(home) + sizeof("/lib"));
  if (path == NULL)
    return NULL;
  stpcpy(stpcpy(path, home), "/lib");
  cleanup_fd int lib = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (lib < 0)
    return NULL;
  cleanup_free char *text = read_file(lib, file);
  if (text == NULL)
    return NULL;

  bool cache = jars_unchanged(lib);
  size_t lines = 1;
  for (const char *p = text; *p != '\0'; p++)
    lines += *p == '\n';
  char **arguments = calloc(lines + 1, sizeof(*arguments));
  if (arguments == NULL)
    return NULL;

  size_t count = 0;
  char *rest = text;
  for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
    if (*line == '\0' || (!cache && strncmp(line, CACHE, sizeof(CACHE) - 1) == 0))
      continue;
    arguments[count] = with_home(line, home);
    if (arguments[count++] == NULL)
      return NULL;
  }
  return arguments;
}
