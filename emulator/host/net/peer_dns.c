#include "host/net/peer_dns.h"

#include <string.h>

#define HEADER      12
#define LABEL_MAX   63
#define CLASS_IN    1
#define ANSWER_SIZE 16 /* a pointer to the name, type, class, TTL, length, address */
#define POINTER     0xc0
#define TTL         60 /* s; any value does: nothing changes while a modem runs */

enum { /* the first octet of flags */
	QR = 0x80,
	OPCODE = 0x78,
	RD = 0x01,
};
#define RA 0x80 /* the second */

static unsigned get16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static void put16(uint8_t *p, unsigned value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

/* Reads the name at *at, which has no pointers, as text with dots. A dot or a zero within
 * a label is refused. Returns false if it is wrong. */
static bool read_name(const uint8_t *p, size_t len, size_t *at, char out[DNS_NAME])
{
	size_t n = 0, label;

	while (*at < len && p[*at]) {
		label = p[(*at)++];
		if (label > LABEL_MAX || label > len - *at || n + label + 2 > DNS_NAME ||
			memchr(p + *at, '.', label) || memchr(p + *at, '\0', label))
			return false;
		if (n)
			out[n++] = '.';
		memcpy(out + n, p + *at, label);
		n += label;
		*at += label;
	}
	out[n] = '\0';
	return (*at)++ < len;
}

/* Steps over a name, which may end in a pointer. */
static bool skip_name(const uint8_t *p, size_t len, size_t *at)
{
	while (*at < len && p[*at] && p[*at] < POINTER)
		*at += 1u + p[*at];
	if (*at < len)
		*at += p[*at] ? 2 : 1;
	return *at <= len;
}

static void read_answers(struct dns *out, const uint8_t *p, size_t len, size_t at)
{
	unsigned n = get16(p + 6);
	size_t data;

	for (; n && skip_name(p, len, &at) && len - at >= 10; n--) {
		data = get16(p + at + 8);
		if (data > len - at - 10)
			return;
		if (get16(p + at) == DNS_TYPE_A && data == 4) {
			memcpy(out->address, p + at + 10, 4);
			out->found = true;
			return;
		}
		at += 10 + data;
	}
}

bool dns_read(struct dns *out, const uint8_t *p, size_t len)
{
	size_t at = HEADER;

	*out = (struct dns){ .code = DNS_OK };
	if (len < HEADER)
		return false;
	out->id = (uint16_t)get16(p);
	out->answer = p[2] & QR;
	out->recursion = p[2] & RD;
	if (out->answer)
		out->code = (enum dns_code)(p[3] & 0xf);
	if (p[2] & OPCODE) {
		out->code = DNS_NOT_IMPLEMENTED;
		return true;
	}
	if (get16(p + 4) != 1 || !read_name(p, len, &at, out->name) || !out->name[0] ||
		len - at < 4 || get16(p + at + 2) != CLASS_IN) {
		out->name[0] = '\0';
		if (out->code == DNS_OK)
			out->code = DNS_FORMAT_ERROR;
		return true;
	}
	out->type = (uint16_t)get16(p + at);
	if (out->answer)
		read_answers(out, p, len, at + 4);
	return true;
}

/* Writes a name; returns its length, 0 if it is not one. */
static size_t put_name(const char *name, uint8_t *out, size_t max)
{
	size_t n = 0, label;

	while (*name) {
		label = strcspn(name, ".");
		if (!label || label > LABEL_MAX || n + label + 2 > max)
			return 0;
		out[n++] = (uint8_t)label;
		memcpy(out + n, name, label);
		n += label;
		name += label + (name[label] == '.');
	}
	out[n++] = 0;
	return n;
}

size_t dns_make(const struct dns *d, uint8_t out[DNS_MAX])
{
	size_t n = HEADER, name = 0;

	memset(out, 0, HEADER);
	put16(out, d->id);
	out[2] = (uint8_t)((d->answer ? QR : 0) | (d->recursion ? RD : 0));
	out[3] = (uint8_t)((d->answer ? RA : 0) | (unsigned)d->code);
	if (d->name[0]) {
		name = put_name(d->name, out + n, DNS_MAX - HEADER - 4 - ANSWER_SIZE);
		if (!name)
			return 0;
		n += name;
		put16(out + 4, 1);
		put16(out + n, d->type);
		put16(out + n + 2, CLASS_IN);
		n += 4;
	}
	if (d->found) {
		put16(out + 6, 1);
		put16(out + n, POINTER << 8 | HEADER);
		put16(out + n + 2, DNS_TYPE_A);
		put16(out + n + 4, CLASS_IN);
		put16(out + n + 6, 0);
		put16(out + n + 8, TTL);
		put16(out + n + 10, 4);
		memcpy(out + n + 12, d->address, 4);
		n += ANSWER_SIZE;
	}
	return n;
}
