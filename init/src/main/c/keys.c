/* The keys that detach: see stream.h. */
#include "stream.h"

#include <string.h>

/* One key of docker's notation: a character, or ctrl- and one of a-z @ [ \ ] ^ _ */
static int parse_key(const char *text, size_t length, unsigned char *key)
{
  if (length == 1) {
    *key = (unsigned char)text[0];
    return 0;
  }
  if (length != 6 || strncmp(text, "ctrl-", 5) != 0)
    return -1;
  char c = text[5];
  if (c >= 'a' && c <= 'z')
    *key = (unsigned char)(c - 'a' + 1);
  else if (c == '@' || (c >= '[' && c <= '_'))
    *key = (unsigned char)(c - '@');
  else
    return -1;
  return 0;
}

int detach_keys_parse(struct detach_keys *keys, const char *text)
{
  *keys = (struct detach_keys){ 0 };
  if (*text == '\0')
    return 0;
  for (;;) {
    size_t length = strcspn(text, ",");
    if (keys->count == DETACH_KEYS_MAX || parse_key(text, length, &keys->keys[keys->count]) < 0)
      return -1;
    keys->count++;
    if (text[length] == '\0')
      return 0;
    text += length + 1;
  }
}

int detach_keys_filter(struct detach_keys *keys, const unsigned char *in, size_t length, unsigned char *out)
{
  int written = 0;
  for (size_t i = 0; i < length; i++) {
    unsigned char c = in[i];
    /* What is held back, and now c: let go of its first bytes until the rest is again a beginning of the keys. */
    while (keys->matched > 0 && keys->keys[keys->matched] != c) {
      unsigned drop = 1;
      while (drop < keys->matched && memcmp(keys->keys, keys->keys + drop, keys->matched - drop) != 0)
        drop++;
      memcpy(out + written, keys->keys, drop);
      written += (int)drop;
      keys->matched -= drop;
    }
    if (keys->count == 0 || keys->keys[keys->matched] != c)
      out[written++] = c;
    else if (++keys->matched == keys->count)
      return -1;
  }
  return written;
}
