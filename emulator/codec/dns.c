#include "codec/dns.h"

#include <string.h>

#define HEADER    12
#define LABEL_MAX 63
#define TTL       60 /* seconds; short, so that a new run is soon believed */

enum { /* the third and fourth octet of the header */
	QR = 0x80,
	OPCODE = 0x78,
	AA = 0x04,
	RD = 0x01,
	RA = 0x80,
};

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static void put16(uint8_t *p, unsigned n)
{
	p[0] = (uint8_t)(n >> 8);
	p[1] = (uint8_t)n;
}

/* Reads the name at p[at]. Returns the position after it, 0 if it is malformed; a question
 * has nothing that it could point back to. */
static size_t read_name(const uint8_t *p, size_t len, size_t at, char name[DNS_NAME])
{
	size_t out = 0, n;

	while (at < len && (n = p[at++])) {
		if (n > LABEL_MAX || n > len - at || out + n + 2 > DNS_NAME)
			return 0;
		if (out)
			name[out++] = '.';
		for (; n; n--, at++) {
			if (p[at] <= ' ' || p[at] >= 0x7f || p[at] == '.')
				return 0;
			name[out++] = (char)(p[at] >= 'A' && p[at] <= 'Z'
						     ? p[at] - 'A' + 'a'
						     : p[at]);
		}
	}
	name[out] = '\0';
	return at <= len && at && !p[at - 1] ? at : 0;
}

bool dns_read(const void *query, size_t len, struct dns_question *out, int *code)
{
	const uint8_t *p = query;
	size_t at;

	*code = -1;
	*out = (struct dns_question){ .id = 0 };
	if (len < HEADER || p[2] & QR)
		return false;
	*code = DNS_NOT_DONE;
	if (p[2] & OPCODE)
		return false;
	*code = DNS_FORMAT;
	if (get16(p + 4) != 1)
		return false;
	at = read_name(p, len, HEADER, out->name);
	if (!at || len - at < 4 || at + 4 > DNS_MAX - 16)
		return false;
	out->id = get16(p);
	out->recursion = p[2] & RD;
	out->type = get16(p + at);
	out->class = get16(p + at + 2);
	out->len = at + 4;
	*code = DNS_GOOD;
	return true;
}

size_t dns_answer(const void *query, const struct dns_question *q, int code,
	const uint8_t addr[4], uint8_t out[DNS_MAX])
{
	/* the name is that of the question; A, IN, TTL, 4 octets */
	static const uint8_t record[] = { 0xc0, HEADER, 0, DNS_A, 0, DNS_IN, 0, 0, 0, TTL,
		0, 4 };
	size_t len = q ? q->len : HEADER;

	memcpy(out, query, len);
	out[2] = (uint8_t)(QR | AA | (out[2] & (OPCODE | RD)));
	out[3] = (uint8_t)(RA | code);
	put16(out + 4, q ? 1 : 0);
	put16(out + 6, addr ? 1 : 0);
	put16(out + 8, 0);
	put16(out + 10, 0);
	if (!addr)
		return len;
	memcpy(out + len, record, sizeof(record));
	memcpy(out + len + sizeof(record), addr, 4);
	return len + sizeof(record) + 4;
}

/* ---- the asking side ----------------------------------------------------------------- */

/* As read_name() reads it back. */
static bool is_plain(const char *label, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (label[i] <= ' ' || label[i] >= 0x7f ||
			(label[i] >= 'A' && label[i] <= 'Z'))
			return false;
	return true;
}

size_t dns_ask(uint16_t id, const char *name, uint8_t out[DNS_MAX])
{
	size_t at = HEADER, len;

	memset(out, 0, HEADER);
	put16(out, id);
	out[2] = RD;
	put16(out + 4, 1);
	if (!*name || strlen(name) > DNS_NAME - 2)
		return 0;
	for (; *name; name += len + (name[len] == '.')) {
		len = strcspn(name, ".");
		if (!len || len > LABEL_MAX || !is_plain(name, len))
			return 0;
		out[at++] = (uint8_t)len;
		memcpy(out + at, name, len);
		at += len;
	}
	out[at++] = 0;
	put16(out + at, DNS_A);
	put16(out + at + 2, DNS_IN);
	return at + 4;
}

/* The position after a name that may end in a pointer; 0 if it is malformed. */
static size_t skip_name(const uint8_t *p, size_t len, size_t at)
{
	while (at < len) {
		if (!p[at])
			return at + 1;
		if (p[at] >= 0xc0)
			return at + 2;
		if (p[at] > LABEL_MAX)
			return 0;
		at += 1u + p[at];
	}
	return 0;
}

/* Whose records they are is the name server's word: it was asked for one name only. */
static bool first_address(const uint8_t *p, size_t len, size_t at, uint8_t addr[4])
{
	unsigned records = get16(p + 6);
	size_t size;

	for (; records; records--, at += size) {
		at = skip_name(p, len, at);
		if (!at || at + 10 > len)
			return false;
		size = get16(p + at + 8);
		if (at + 10 + size > len)
			return false;
		if (get16(p + at) == DNS_A && get16(p + at + 2) == DNS_IN && size == 4) {
			memcpy(addr, p + at + 10, 4);
			return true;
		}
		at += 10;
	}
	return false;
}

bool dns_ask_reply(const void *reply, size_t len, uint16_t id, const char *name,
	uint8_t addr[4], int *code)
{
	const uint8_t *p = reply;
	char asked[DNS_NAME];
	size_t at;

	*code = -1;
	if (len < HEADER || get16(p) != id || !(p[2] & QR) || get16(p + 4) != 1)
		return false;
	at = read_name(p, len, HEADER, asked);
	if (!at || strcmp(asked, name) != 0 || len - at < 4 || get16(p + at) != DNS_A ||
		get16(p + at + 2) != DNS_IN)
		return false;
	*code = p[3] & 15;
	if (*code == DNS_GOOD && !first_address(p, len, at + 4, addr))
		*code = DNS_NO_NAME;
	return *code == DNS_GOOD;
}
