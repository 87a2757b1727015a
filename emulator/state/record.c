#include "state/record.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "codec/hex.h"

void record_begin(struct buf *b, const char *name, int version)
{
	buf_printf(b, "fauxtrack %s %d\n", name, version);
}

void record_put(struct buf *b, const char *key, int64_t value)
{
	buf_printf(b, "%s %lld\n", key, (long long)value);
}

void record_put_text(struct buf *b, const char *key, const char *value)
{
	buf_printf(b, "%s %s\n", key, value);
}

void record_put_hex(struct buf *b, const char *key, const void *data, size_t len)
{
	buf_printf(b, "%s ", key);
	hex_put(b, data, len);
	buf_puts(b, "\n");
}

bool record_open(
	struct record *r, const void *data, size_t len, const char *name, int version)
{
	char first[80];
	size_t n = (size_t)snprintf(
		first, sizeof(first), "fauxtrack %s %d\n", name, version);

	*r = (struct record){ .p = data, .end = (const char *)data + len };
	if (len < n || memcmp(data, first, n) != 0)
		return false;
	r->p += n;
	return true;
}

bool record_next(struct record *r)
{
	const char *eol = r->p < r->end ? memchr(r->p, '\n', (size_t)(r->end - r->p))
					: NULL;
	const char *blank = eol ? memchr(r->p, ' ', (size_t)(eol - r->p)) : NULL;
	size_t n = blank ? (size_t)(blank - r->p) : 0;

	if (!n || n >= sizeof(r->key))
		return false;
	memcpy(r->key, r->p, n);
	r->key[n] = '\0';
	r->value = blank + 1;
	r->len = (size_t)(eol - r->value);
	r->p = eol + 1;
	return true;
}

bool record_int(const struct record *r, int64_t *out)
{
	bool minus = r->len && r->value[0] == '-';
	size_t i = minus;
	int64_t n = 0;

	if (i == r->len || r->len - i > 18)
		return false;
	for (; i < r->len; i++) {
		if (!isdigit((unsigned char)r->value[i]))
			return false;
		n = n * 10 + (r->value[i] - '0');
	}
	*out = minus ? -n : n;
	return true;
}

bool record_text(const struct record *r, char *out, size_t size)
{
	if (r->len >= size)
		return false;
	memcpy(out, r->value, r->len);
	out[r->len] = '\0';
	return true;
}

bool record_hex(const struct record *r, void *out, size_t len)
{
	size_t n;

	return r->len == 2 * len && hex_decode(r->value, r->len, out, len, &n);
}
