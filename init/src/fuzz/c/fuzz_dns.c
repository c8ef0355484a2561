/* What a container sends for a name: it is understood or not, and what is made of it is within its room and an answer to it. */
#include "dns.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void answer(const uint8_t *query, const struct dns_question *question, size_t room)
{
  uint8_t *buffer = malloc(room), address[16] = { 1, 2, 3, 4 };
  struct dns_answer answer;
  dns_begin(&answer, buffer, room, query, question->end, DNS_OK);
  dns_add_name(&answer, question->name);
  while (dns_add(&answer, DNS_AAAA, address, sizeof(address)))
    ;
  if (answer.length > room || !dns_answers(buffer, answer.length, query, question->end) ||
      dns_id(buffer) != dns_id(query))
    abort();
  free(buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct dns_question question;
  uint8_t address[16];
  if (!dns_parse(data, size, &question))
    return 0;
  if (question.end > size || strlen(question.name) >= DNS_MAX_NAME)
    abort();
  dns_reverse(question.name, address);
  answer(data, &question, question.end);
  answer(data, &question, question.end + 512);
  return 0;
}
