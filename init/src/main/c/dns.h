/* Messages of the Domain Name System, RFC 1035: as much as it takes to answer for some names, and to pass on what is asked of others. */
#ifndef DNS_H
#define DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DNS_HEADER = 12, DNS_MAX = 65535, DNS_MAX_NAME = 254, DNS_SMALL = 512 };
enum { DNS_A = 1, DNS_PTR = 12, DNS_AAAA = 28, DNS_ANY = 255 };
enum { DNS_OK = 0, DNS_FORMAT = 1, DNS_FAILURE = 2, DNS_NO_NAME = 3 };

struct dns_question {
  char name[DNS_MAX_NAME]; /* in lower case, labels with dots between; none: the root */
  uint16_t type;
  uint16_t class;
  size_t end; /* where the question ends in the message */
};

struct dns_answer {
  uint8_t *message;
  size_t length;
  size_t size;
};

uint16_t dns_id(const uint8_t *message);
void dns_set_id(uint8_t *message, uint16_t id);

/* The one question of a query; false: it is none, or asks in a way that nobody does. */
bool dns_parse(const uint8_t *message, size_t length, struct dns_question *question);

/* Whether a message is the answer to a query: its id may be another. */
bool dns_answers(const uint8_t *message, size_t length, const uint8_t *query, size_t question_end);

/* Begins an answer in a buffer of DNS_SMALL bytes at least, with the query's question. */
void dns_begin(struct dns_answer *answer, uint8_t *buffer, size_t size, const uint8_t *query, size_t question_end,
               int code);

/* Adds a record about the name that was asked for; false: it has no room. */
bool dns_add(struct dns_answer *answer, uint16_t type, const uint8_t *data, size_t length);

/* Adds a record that names something. */
bool dns_add_name(struct dns_answer *answer, const char *name);

/* The address whose name is asked for, `4.3.2.1.in-addr.arpa` or 32 digits and `ip6.arpa`; the family, 0 where it is no such name. */
int dns_reverse(const char *name, uint8_t address[16]);

#endif
