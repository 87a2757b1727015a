/* Questions to a name server and their answers (RFC 1035). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_NAME 256 /* the longest name as text, and a zero */
#define DNS_MAX  512 /* the longest message over UDP */

enum dns_code {
	DNS_GOOD = 0,
	DNS_FORMAT = 1,
	DNS_NO_NAME = 3, /* NXDOMAIN */
	DNS_NOT_DONE = 4,
	DNS_REFUSED = 5,
};

struct dns_question {
	uint16_t id;
	bool recursion;      /* desired */
	char name[DNS_NAME]; /* in small letters, without a dot at the end; "" the root */
	int type, class;
	size_t len; /* of header and question */
};

enum {
	DNS_A = 1,
	DNS_IN = 1,
};

/* Reads a query. False if it is none that can be answered; *code is then the code to
 * answer with, or -1 for no answer at all. */
bool dns_read(const void *query, size_t len, struct dns_question *out, int *code);

/* Makes the answer to a query in out (DNS_MAX octets): this code, and addr if it is not
 * NULL. Returns its length. q: NULL if the query was not read. */
size_t dns_answer(const void *query, const struct dns_question *q, int code,
	const uint8_t addr[4], uint8_t out[DNS_MAX]);

/* Makes the question for the A record of a name (as in struct dns_question) in out.
 * Returns its length, 0: it is no name that can be asked for. */
size_t dns_ask(uint16_t id, const char *name, uint8_t out[DNS_MAX]);

/* Reads the answer to a question of dns_ask(): the first address of the name, or of what
 * it is another name for. False if it is not that answer; *code is then -1, else it is the
 * name server's code, DNS_NO_NAME also if it knows no address. */
bool dns_ask_reply(const void *reply, size_t len, uint16_t id, const char *name,
	uint8_t addr[4], int *code);
