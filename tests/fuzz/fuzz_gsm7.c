/* Exercises codec/gsm7, codec/charset and codec/unicode: unpacking returns the packed
 * septets for every fill, decoded text encodes and decodes to the same, and every set
 * reads what it writes. The first byte chooses set, policy and fill. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec/charset.h"
#include "codec/gsm7.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX 300

static void check(bool is)
{
	if (!is)
		abort();
}

static void packing(const uint8_t *data, size_t n, unsigned fill)
{
	uint8_t septets[8 * MAX / 7 + 1], octets[MAX + 2], back[8 * MAX / 7 + 2];
	size_t i, count = n ? (8 * n - fill) / 7 : 0, len;

	gsm7_unpack(data, count, fill, septets);
	for (i = 0; i < count; i++)
		check(septets[i] < 128);
	len = gsm7_pack(septets, count, fill, octets);
	gsm7_unpack(octets, count, fill, back);
	check(len == (count || fill ? gsm7_octets(count, fill) : 0));
	check(!memcmp(septets, back, count));
}

static void alphabet(const uint8_t *data, size_t n)
{
	uint8_t septets[MAX];
	char codes[2 * MAX];
	uint32_t once[MAX], twice[MAX];
	struct text a, b;
	struct buf out;
	size_t i;

	for (i = 0; i < n; i++)
		septets[i] = data[i] & 0x7f;
	text_init(&a, once, MAX);
	check(gsm7_decode(septets, n, &a));
	buf_init(&out, codes, sizeof(codes));
	if (!gsm7_encode(a.cp, a.n, &out))
		return; /* an escape at the end of the text is a space of its own */
	text_init(&b, twice, MAX);
	check(gsm7_decode((uint8_t *)codes, out.len, &b));
	check(a.n == b.n && !memcmp(once, twice, a.n * sizeof(once[0])));
}

static void sets(const struct charset *cs, const char *te, size_t n)
{
	uint32_t once[2 * MAX], twice[4 * MAX];
	char codes[4 * MAX], back[8 * MAX];
	struct text a, b;
	struct buf out;

	buf_init(&out, codes, sizeof(codes));
	if (charset_to_septets(cs, te, n, &out) == CHARSET_OK) {
		struct buf again;

		buf_init(&again, back, sizeof(back));
		charset_from_septets(cs, (uint8_t *)codes, out.len, &again);
		check(again.len <= 4 * out.len);
	}
	text_init(&a, once, 2 * MAX);
	if (charset_to_unicode(cs, te, n, &a) != CHARSET_OK)
		return;
	buf_init(&out, back, sizeof(back));
	if (charset_from_unicode(cs, a.cp, a.n, &out) != CHARSET_OK)
		return;
	/* a set reads what it has written, unchanged if nothing was replaced */
	text_init(&b, twice, 4 * MAX);
	check(charset_to_unicode(cs, back, out.len, &b) == CHARSET_OK);
	if (cs->policy == CHARSET_REFUSE && cs->id != CHARSET_CUSTOM)
		check(a.n == b.n && !memcmp(once, twice, a.n * sizeof(once[0])));
}

static void unicode(const uint8_t *data, size_t n)
{
	uint32_t once[MAX], twice[MAX];
	char bytes[3 * MAX + 4];
	struct text a, b;
	struct buf out;

	text_init(&a, once, MAX);
	check(utf8_decode((const char *)data, n, &a));
	buf_init(&out, bytes, sizeof(bytes));
	check(utf8_encode(a.cp, a.n, &out));
	text_init(&b, twice, MAX);
	check(utf8_decode(bytes, out.len, &b));
	check(a.n == b.n && !memcmp(once, twice, a.n * sizeof(once[0])));

	text_init(&a, once, MAX);
	check(utf16_decode(data, n, &a));
	buf_init(&out, bytes, sizeof(bytes));
	check(utf16_encode(a.cp, a.n, &out));
	check(out.len == n / 2 * 2 && !memcmp(bytes, data, out.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct charset_custom custom;
	struct charset cs = { .custom = &custom };

	if (!size || size > MAX)
		return 0;
	charset_custom_init(&custom);
	cs.id = (enum charset_id)(data[0] % 6);
	cs.policy = (enum charset_policy)(data[0] / 6 % 5);
	cs.no_extension = data[0] & 0x80;
	packing(data + 1, size - 1, data[0] % 7);
	alphabet(data + 1, size - 1);
	sets(&cs, (const char *)data + 1, size - 1);
	unicode(data + 1, size - 1);
	return 0;
}
