/* DNS messages (RFC 1035): one question for one name, and its answer. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_PORT 53
#define DNS_MAX  512 /* octets of a message */
#define DNS_NAME 256 /* size of the longest name as text, with its zero */

enum dns_code { /* RCODE */
	DNS_OK = 0,
	DNS_FORMAT_ERROR = 1,
	DNS_NO_SUCH_NAME = 3,
	DNS_NOT_IMPLEMENTED = 4,
};

#define DNS_TYPE_A 1

struct dns {
	uint16_t id;
	bool answer;    /* else it is a question */
	bool recursion; /* RD, which an answer repeats */
	enum dns_code code;
	char name[DNS_NAME]; /* "" when the message has no readable question */
	uint16_t type;
	bool found; /* an answer has an address */
	uint8_t address[4];
};

/* Reads a message. False when it is too short to be answered; what is wrong otherwise is
 * in out->code: of a question, the code to answer with. Of several answers the first of
 * type A counts. */
bool dns_read(struct dns *out, const uint8_t *p, size_t len);

/* Writes a message; returns its length, 0 if the name is not one. */
size_t dns_make(const struct dns *d, uint8_t out[DNS_MAX]);
