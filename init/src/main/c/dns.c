#include "dns.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { MAX_LABEL = 63, CLASS_IN = 1, TTL = 0, NAME_ASKED_FOR = 0xc000 | DNS_HEADER };

static uint16_t get(const uint8_t *at)
{
  return (uint16_t)(at[0] << 8 | at[1]);
}

static void put(uint8_t *at, unsigned value)
{
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

uint16_t dns_id(const uint8_t *message)
{
  return get(message);
}

void dns_set_id(uint8_t *message, uint16_t id)
{
  put(message, id);
}

bool dns_parse(const uint8_t *message, size_t length, struct dns_question *question)
{
  /* A query (QR 0, OPCODE 0) with one question and no answers; what is behind, such as EDNS, may be there. */
  if (length < DNS_HEADER || length > DNS_MAX || (message[2] & 0xf8) != 0 || get(message + 4) != 1 ||
      get(message + 6) != 0)
    return false;
  size_t at = DNS_HEADER, written = 0;
  for (;;) {
    if (at >= length)
      return false;
    size_t label = message[at++];
    if (label == 0)
      break;
    /* A question's name has nothing to refer to. */
    if (label > MAX_LABEL || at + label > length || written + label + 1 >= DNS_MAX_NAME)
      return false;
    if (written > 0)
      question->name[written++] = '.';
    for (size_t i = 0; i < label; i++) {
      unsigned char c = message[at + i];
      /* What would look like another name is one that nobody has. */
      question->name[written++] = c == '.' || c <= ' ' || c > '~' ? '?' : (char)tolower(c);
    }
    at += label;
  }
  question->name[written] = '\0';
  if (at + 4 > length)
    return false;
  question->type = get(message + at);
  question->class = get(message + at + 2);
  question->end = at + 4;
  return question->class == CLASS_IN;
}

bool dns_answers(const uint8_t *message, size_t length, const uint8_t *query, size_t question_end)
{
  return length >= question_end && (message[2] & 0x80) != 0 && get(message + 4) == 1 &&
         memcmp(message + DNS_HEADER, query + DNS_HEADER, question_end - DNS_HEADER) == 0;
}

void dns_begin(struct dns_answer *answer, uint8_t *buffer, size_t size, const uint8_t *query, size_t question_end,
               int code)
{
  *answer = (struct dns_answer){ buffer, question_end, size };
  memcpy(buffer, query, question_end);
  buffer[2] = (uint8_t)(0x80 | (query[2] & 0x01) | (code == DNS_OK ? 0x04 : 0)); /* an answer, RD as asked, AA */
  buffer[3] = (uint8_t)(0x80 | code);                                            /* recursion is there */
  memset(buffer + 6, 0, DNS_HEADER - 6);
}

bool dns_add(struct dns_answer *answer, uint16_t type, const uint8_t *data, size_t length)
{
  uint8_t *at = answer->message + answer->length;
  if (answer->length + 12 + length > answer->size || length > DNS_MAX)
    return false;
  put(at, NAME_ASKED_FOR);
  put(at + 2, type);
  put(at + 4, CLASS_IN);
  put(at + 6, TTL >> 16);
  put(at + 8, TTL & 0xffff);
  put(at + 10, (unsigned)length);
  memcpy(at + 12, data, length);
  answer->length += 12 + length;
  put(answer->message + 6, get(answer->message + 6) + 1u);
  return true;
}

bool dns_add_name(struct dns_answer *answer, const char *name)
{
  uint8_t encoded[DNS_MAX_NAME + 2];
  size_t at = 0;
  while (*name != '\0') {
    size_t label = strcspn(name, ".");
    if (label == 0 || label > MAX_LABEL || at + label + 2 > sizeof(encoded))
      return false;
    encoded[at++] = (uint8_t)label;
    memcpy(encoded + at, name, label);
    at += label;
    name += label + (name[label] == '.');
  }
  encoded[at++] = 0;
  return dns_add(answer, DNS_PTR, encoded, at);
}

static int reverse4(const char *name, uint8_t address[16])
{
  for (int i = 3; i >= 0; i--) {
    char *end;
    if (!isdigit((unsigned char)*name))
      return 0;
    unsigned long part = strtoul(name, &end, 10);
    if (part > 255 || end - name > 3 || *end != '.')
      return 0;
    address[i] = (uint8_t)part;
    name = end + 1;
  }
  return strcmp(name, "in-addr.arpa") == 0 ? AF_INET : 0;
}

static int reverse6(const char *name, uint8_t address[16])
{
  if (strlen(name) != 64 + strlen("ip6.arpa") || strcmp(name + 64, "ip6.arpa") != 0)
    return 0;
  for (int i = 0; i < 32; i++) {
    char digit = name[2 * i];
    if (!isxdigit((unsigned char)digit) || name[2 * i + 1] != '.')
      return 0;
    uint8_t value = (uint8_t)(isdigit((unsigned char)digit) ? digit - '0' : tolower(digit) - 'a' + 10);
    uint8_t *byte = &address[15 - i / 2];
    *byte = (uint8_t)(i % 2 == 0 ? value : *byte | value << 4);
  }
  return AF_INET6;
}

int dns_reverse(const char *name, uint8_t address[16])
{
  int family = reverse4(name, address);
  return family != 0 ? family : reverse6(name, address);
}
