/* Exercises codec/dns, the asking side: any answer of a name server is read within its
 * bounds, and a question that is made is the one that our own name server reads. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec/dns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool is)
{
	if (!is)
		abort();
}

static void ask(const char *name)
{
	uint8_t question[DNS_MAX], answer[DNS_MAX], addr[4] = { 0 };
	size_t len = dns_ask(0x1234, name, question);
	struct dns_question q;
	int code;

	if (!len)
		return;
	check(dns_read(question, len, &q, &code));
	check(q.id == 0x1234 && q.type == DNS_A && q.class == DNS_IN && q.recursion);
	/* a dot at the end is no part of the name */
	check(!strncmp(q.name, name, strlen(q.name)));
	len = dns_answer(question, &q, DNS_GOOD, (const uint8_t *)"\1\2\3\4", answer);
	check(dns_ask_reply(answer, len, 0x1234, q.name, addr, &code));
	check(!memcmp(addr, "\1\2\3\4", 4));
	check(!dns_ask_reply(answer, len, 0x1235, q.name, addr, &code) && code == -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* octets after the end would be noticed */
	uint8_t addr[4], *exact = malloc(size ? size : 1);
	char name[DNS_NAME];
	int code;

	check(exact);
	memcpy(exact, data, size);
	if (!dns_ask_reply(exact, size, 0x4142, "plc.example", addr, &code))
		check(code != DNS_GOOD);
	free(exact);
	if (size < sizeof(name)) {
		memcpy(name, data, size);
		name[size] = '\0';
		ask(name);
	}
	return 0;
}
