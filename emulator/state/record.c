/* Writing and reading text records, and their checksum. */
#include "state/record.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "codec/crc.h"
#include "codec/hex.h"
#include "state/ports.h"

#define HEAD_MAX 80
#define SUM_LEN  8 /* hexadecimal digits of the checksum, before the line's end */

/* "fauxtrack sim 2", the beginning of both kinds of first line. */
static size_t title(char out[HEAD_MAX], const char *name, int version)
{
	return (size_t)snprintf(out, HEAD_MAX, "fauxtrack %s %d", name, version);
}

size_t record_begin(struct buf *b, const struct record_kind *kind)
{
	size_t begun = b->len;

	buf_printf(b, "fauxtrack %s %d %08u %08x\n", kind->name, kind->version, 0u, 0u);
	return begun;
}

/* Checksum of the whole record except the digits of the checksum, which end the head. */
static uint32_t sum(const char *record, size_t head, size_t len)
{
	uint32_t crc = crc32_ieee(0, record, head - SUM_LEN - 1);

	return crc32_ieee(crc, record + head - 1, len - head + 1);
}

void record_end(struct buf *b, size_t begun)
{
	char *record = b->data + begun;
	size_t len = b->len - begun;
	const char *eol = len ? memchr(record, '\n', len) : NULL;
	size_t head;
	char digits[2 * SUM_LEN + 2];

	if (b->full || !eol)
		return;
	head = (size_t)(eol + 1 - record);
	snprintf(digits, sizeof(digits), "%08u ", (unsigned)(len - head));
	memcpy(record + head - 2 * SUM_LEN - 2, digits, SUM_LEN + 1);
	snprintf(digits, sizeof(digits), "%08x", (unsigned)sum(record, head, len));
	memcpy(record + head - SUM_LEN - 1, digits, SUM_LEN);
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

/* Reads the eight digits at p as a number in that base; false when one is not a digit. */
static bool eight(const char *p, unsigned base, uint32_t *out)
{
	static const char digits[] = "0123456789abcdef";
	const char *at;
	int i;

	*out = 0;
	for (i = 0; i < SUM_LEN; i++) {
		at = memchr(digits, p[i], base);
		if (!at)
			return false;
		*out = *out * base + (uint32_t)(at - digits);
	}
	return true;
}

/* Checks the head of a record whose title is followed by length and checksum. */
static const char *open_summed(
	struct record *r, const char *record, size_t titled, size_t len)
{
	size_t head = titled + 2 * SUM_LEN + 3;
	uint32_t length, crc;

	if (len < head)
		return "is cut short within its first line";
	if (record[titled] != ' ' || record[titled + SUM_LEN + 1] != ' ' ||
		record[head - 1] != '\n' || !eight(record + titled + 1, 10, &length) ||
		!eight(record + titled + SUM_LEN + 2, 16, &crc))
		return "has a damaged first line";
	if (len - head < length)
		return "is cut short";
	if (len - head > length)
		return "has something after its end";
	if (sum(record, head, len) != crc)
		return "is damaged: its checksum does not match";
	r->p = record + head;
	return NULL;
}

/* Opens a stored record: NULL when it is whole, else what is wrong with it, in words that
 * follow the record's name ("is cut short"). */
static const char *open_record(
	struct record *r, const void *data, size_t len, const struct record_kind *kind)
{
	const char *record = data;
	char first[HEAD_MAX];
	int version;
	size_t n;

	*r = (struct record){ .p = record, .end = record + len };
	if (!len)
		return "is empty";
	for (version = kind->version; version >= kind->plain; version--) {
		n = title(first, kind->name, version);
		if (len <= n || memcmp(record, first, n) != 0)
			continue;
		r->version = version;
		if (version > kind->plain) {
			if (record[n] == ' ')
				return open_summed(r, record, n, len);
			continue;
		}
		if (record[n] != '\n')
			continue;
		r->plain = true;
		r->p += n + 1;
		return record[len - 1] == '\n' ? NULL : "is cut short within a line";
	}
	n = (size_t)snprintf(first, sizeof(first), "fauxtrack %s ", kind->name);
	if (len > n && memcmp(record, first, n) == 0)
		return "has a damaged first line, or was written by a newer fauxtrack";
	return "does not begin with its name";
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

bool record_read(const struct record *r)
{
	return r->p == r->end;
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

bool record_int_in(const struct record *r, int min, int max, int *out)
{
	int64_t n;

	if (!record_int(r, &n) || n < min || n > max)
		return false;
	*out = (int)n;
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

/* through the memory's callbacks */

void record_report(const struct nv_ops *memory, const struct log *log,
	const struct record_kind *kind, const char *what)
{
	if (memory->damaged)
		memory->damaged(memory->ctx, kind->name, what, kind->holds);
	else
		log_error(log, LOG_NV, "the record \"%s\" %s; it holds: %s", kind->name,
			what, kind->holds);
}

bool record_report_line(const struct nv_ops *memory, const struct log *log,
	const struct record_kind *kind, const struct record *r)
{
	char what[96];

	snprintf(what, sizeof(what), "has a bad line: %.40s",
		r->key[0] ? r->key : "the first one");
	record_report(memory, log, kind, what);
	return false;
}

enum record_found record_load(const struct nv_ops *memory, const struct log *log,
	const struct record_kind *kind, void *mem, size_t size, struct record *r)
{
	long len = memory->load(memory->ctx, kind->name, mem, size);
	const char *wrong;

	if (len == NV_ABSENT)
		return RECORD_ABSENT;
	if (len == NV_UNREADABLE)
		return RECORD_BAD;
	wrong = len < 0 ? "is too long" : open_record(r, mem, (size_t)len, kind);
	if (!wrong)
		return RECORD_FOUND;
	record_report(memory, log, kind, wrong);
	return RECORD_BAD;
}
