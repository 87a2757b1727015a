/* codec/gsm7, codec/unicode and codec/hex: every character, every length, the published
 * octets. */
#include "unit.h"

#include <string.h>

#include "codec/gsm7.h"
#include "codec/hex.h"

/* Packs UTF-8 text and compares it with octets in hexadecimal. */
static void expect_packed(const char *utf8, size_t septets, const char *hex)
{
	uint32_t cp[256];
	char mem[512], text[512];
	uint8_t octets[256], back[256];
	struct text t;
	struct buf codes, out;
	size_t n;

	text_init(&t, cp, 256);
	assert_true(utf8_decode(utf8, strlen(utf8), &t));
	buf_init(&codes, mem, sizeof(mem));
	assert_true(gsm7_encode(t.cp, t.n, &codes));
	assert_int_equal(codes.len, septets);
	assert_true(gsm7_count(t.cp, t.n, &n));
	assert_int_equal(n, septets);
	n = gsm7_pack((uint8_t *)codes.data, codes.len, 0, octets);
	buf_init(&out, text, sizeof(text));
	assert_true(hex_put(&out, octets, n));
	buf_putc(&out, 0);
	assert_string_equal(text, hex);

	gsm7_unpack(octets, septets, 0, back);
	text_init(&t, cp, 256);
	assert_true(gsm7_decode(back, septets, &t));
	buf_init(&out, text, sizeof(text));
	assert_true(utf8_encode(t.cp, t.n, &out));
	assert_int_equal(out.len, strlen(utf8));
	assert_memory_equal(text, utf8, out.len);
}

static void published_texts_pack_to_their_bytes(void **state)
{
	(void)state;
	expect_packed("Hello", 5, "C8329BFD06");
	expect_packed("Hi", 2, "C834");
	expect_packed("t", 1, "74");
	expect_packed("ISSY", 4, "C9E9340B");
	expect_packed("WAVECOM", 7, "D7A0B5387C3601");
	expect_packed("AT:TEST", 7, "41AA8E5A9C5201");
	expect_packed("Price [5\xe2\x82\xac]", 13, "50797A5C066D78B54D79E303");
	expect_packed("hellohello", 10, "E8329BFD4697D9EC37");
}

static void every_septet_is_one_character_and_back(void **state)
{
	uint8_t code[2], septet;
	size_t used;

	(void)state;
	for (septet = 0; septet < 128; septet++) {
		if (septet == GSM7_ESC)
			continue;
		assert_int_equal(gsm7_septets(gsm7_unicode(septet), code), 1);
		assert_int_equal(code[0], septet);
		assert_int_equal(gsm7_next(&septet, 1, &used), gsm7_unicode(septet));
		assert_int_equal(used, 1);
	}
}

static void every_extension_character_is_two_septets_and_back(void **state)
{
	static const struct {
		uint8_t code;
		uint32_t cp;
	} table[] = { { 0x0a, 0x0c }, { 0x14, '^' }, { 0x28, '{' }, { 0x29, '}' },
		{ 0x2f, '\\' }, { 0x3c, '[' }, { 0x3d, '~' }, { 0x3e, ']' },
		{ 0x40, '|' }, { 0x65, 0x20ac } };
	uint8_t code[2], pair[2] = { GSM7_ESC, 0 };
	size_t i, used, found = 0;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(gsm7_septets(table[i].cp, code), 2);
		assert_int_equal(code[0], GSM7_ESC);
		assert_int_equal(code[1], table[i].code);
		assert_int_equal(gsm7_next(code, 2, &used), table[i].cp);
		assert_int_equal(used, 2);
	}
	for (pair[1] = 0; pair[1] < 128; pair[1]++)
		found += gsm7_extension(pair[1]) != 0;
	assert_int_equal(found, i);
}

static void an_escape_to_nothing_shows_the_default_table(void **state)
{
	static const uint8_t unknown[] = { GSM7_ESC, 'A' },
			     twice[] = { GSM7_ESC, GSM7_ESC };
	size_t used;

	(void)state;
	assert_int_equal(gsm7_next(unknown, 2, &used), 'A');
	assert_int_equal(used, 2);
	assert_int_equal(gsm7_next(twice, 2, &used), ' ');
	assert_int_equal(used, 2);
	assert_int_equal(gsm7_next(unknown, 1, &used), 0xa0);
	assert_int_equal(used, 1);
}

static void a_foreign_character_is_named_by_the_count(void **state)
{
	static const uint32_t text[] = { 'a', 0x20ac, 0x4e2d, 'b' };
	char mem[8];
	struct buf out;
	size_t n;

	(void)state;
	assert_false(gsm7_count(text, 4, &n));
	assert_int_equal(n, 4);
	buf_init(&out, mem, sizeof(mem));
	assert_false(gsm7_encode(text, 4, &out));
	assert_int_equal(out.len, 3);
}

static void every_length_and_fill_survives_packing(void **state)
{
	uint8_t septets[181], octets[160], back[181];
	size_t n, i, len;
	unsigned fill;

	(void)state;
	for (n = 0; n <= 180; n++) {
		for (fill = 0; fill <= 6; fill++) {
			for (i = 0; i < n; i++)
				septets[i] = (uint8_t)((i * 37 + n + fill) % 128);
			memset(octets, 0xee, sizeof(octets));
			len = gsm7_pack(septets, n, fill, octets);
			if (n || !fill)
				assert_int_equal(len, gsm7_octets(n, fill));
			assert_int_equal(octets[len], 0xee);
			if (n && fill)
				assert_int_equal(octets[0] & ((1u << fill) - 1), 0);
			memset(back, 0xee, sizeof(back));
			gsm7_unpack(octets, n, fill, back);
			assert_memory_equal(back, septets, n);
			assert_int_equal(back[n], 0xee);
		}
	}
}

static void every_septet_value_survives_every_bit_position(void **state)
{
	uint8_t septets[9], octets[9], back[9];
	size_t at;
	uint8_t value;

	(void)state;
	for (at = 0; at < 9; at++) {
		for (value = 0; value < 128; value++) {
			memset(septets, 0x55, sizeof(septets));
			septets[at] = value;
			gsm7_pack(septets, 9, 0, octets);
			gsm7_unpack(octets, 9, 0, back);
			assert_memory_equal(back, septets, 9);
		}
	}
}

static void text_after_a_header_starts_on_a_septet(void **state)
{
	static const unsigned fill[] = { 0, 6, 5, 4, 3, 2, 1, 0, 6 };
	size_t header;

	(void)state;
	for (header = 0; header < 9; header++)
		assert_int_equal(gsm7_fill(header), fill[header]);
	for (header = 0; header <= 140; header++)
		assert_int_equal((8 * header + gsm7_fill(header)) % 7, 0);
}

static void what_looks_like_a_character_is_in_the_alphabet(void **state)
{
	uint8_t code[2];
	uint32_t cp, near;

	(void)state;
	for (cp = 1; cp < 0x3000; cp++) {
		near = gsm7_nearest(cp);
		if (near)
			assert_int_not_equal(gsm7_septets(near, code), 0);
		if (gsm7_septets(cp, code))
			assert_int_equal(near, cp);
	}
	assert_int_equal(gsm7_nearest(0xea), 'e');
	assert_int_equal(gsm7_nearest(0xe7), 0xc7);
	assert_int_equal(gsm7_nearest(0x2019), '\'');
	assert_int_equal(gsm7_nearest(0xc0), 'A');
	assert_int_equal(gsm7_nearest(0x4e2d), 0);
}

static void every_code_point_survives_utf8_and_utf16(void **state)
{
	struct buf out;
	struct text t;
	char mem[8];
	uint32_t cp, back[4];
	size_t used;

	(void)state;
	for (cp = 0; cp <= 0x10ffff; cp++) {
		buf_init(&out, mem, sizeof(mem));
		assert_true(utf16_encode(&cp, 1, &out));
		text_init(&t, back, 4);
		assert_true(utf16_decode((uint8_t *)mem, out.len, &t));
		assert_int_equal(t.n, 1);
		assert_int_equal(back[0], cp);
		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		buf_init(&out, mem, sizeof(mem));
		assert_true(utf8_encode(&cp, 1, &out));
		assert_int_equal(utf8_next(mem, out.len, &used), cp);
		assert_int_equal(used, out.len);
	}
}

static void what_is_not_utf8_costs_one_byte(void **state)
{
	static const char *const bad[] = { "\x80", "\xc0\x80", "\xed\xa0\x80",
		"\xf4\x90\x80\x80", "\xe2\x82", "\xf8\x88\x80\x80\x80", "\xff", "\xc3(" };
	size_t i, used;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
			utf8_next(bad[i], strlen(bad[i]), &used), UNICODE_UNKNOWN);
		assert_int_equal(used, 1);
	}
}

static void a_lone_surrogate_is_kept_and_shown_as_unknown(void **state)
{
	static const uint8_t lone[] = { 0xd8, 0x3d, 0x00, 0x41 };
	struct text t;
	struct buf out;
	uint32_t cp[4];
	char mem[16];

	(void)state;
	text_init(&t, cp, 4);
	assert_true(utf16_decode(lone, sizeof(lone), &t));
	assert_int_equal(t.n, 2);
	assert_int_equal(cp[0], 0xd83d);
	buf_init(&out, mem, sizeof(mem));
	assert_true(utf8_encode(cp, 2, &out));
	assert_int_equal(out.len, 4);
	assert_memory_equal(mem,
		"\xef\xbf\xbd"
		"A",
		4);
}

static void what_does_not_fit_is_left_out_whole(void **state)
{
	static const uint32_t smile = 0x1f600;
	struct text t;
	struct buf out;
	uint32_t cp[1];
	char mem[3];

	(void)state;
	buf_init(&out, mem, sizeof(mem));
	assert_false(utf8_encode(&smile, 1, &out));
	assert_false(utf16_encode(&smile, 1, &out));
	assert_int_equal(out.len, 0);
	text_init(&t, cp, 1);
	assert_false(utf8_decode("ab", 2, &t));
	assert_true(t.full);
	assert_int_equal(t.n, 1);
}

static void hexadecimal_is_read_in_pairs_of_digits_only(void **state)
{
	struct buf out;
	uint8_t bytes[4];
	char mem[8];
	size_t n = 99;

	(void)state;
	assert_true(hex_decode("00fFA5", 6, bytes, 4, &n));
	assert_int_equal(n, 3);
	assert_memory_equal(bytes, "\x00\xff\xa5", 3);
	n = 99;
	assert_false(hex_decode("00f", 3, bytes, 4, &n));
	assert_false(hex_decode("0g", 2, bytes, 4, &n));
	assert_false(hex_decode("0 ", 2, bytes, 4, &n));
	assert_false(hex_decode("0011223344", 10, bytes, 4, &n));
	assert_int_equal(n, 99);
	buf_init(&out, mem, sizeof(mem));
	assert_true(hex_put(&out, "\x00\xff\xa5", 3));
	assert_false(hex_put(&out, "\x00\xff", 2));
	assert_int_equal(out.len, 6);
	assert_memory_equal(mem, "00FFA5", 6);
}

static const struct CMUnitTest tests[] = {
	UNIT(published_texts_pack_to_their_bytes),
	UNIT(every_septet_is_one_character_and_back),
	UNIT(every_extension_character_is_two_septets_and_back),
	UNIT(an_escape_to_nothing_shows_the_default_table),
	UNIT(a_foreign_character_is_named_by_the_count),
	UNIT(every_length_and_fill_survives_packing),
	UNIT(every_septet_value_survives_every_bit_position),
	UNIT(text_after_a_header_starts_on_a_septet),
	UNIT(what_looks_like_a_character_is_in_the_alphabet),
	UNIT(every_code_point_survives_utf8_and_utf16),
	UNIT(what_is_not_utf8_costs_one_byte),
	UNIT(a_lone_surrogate_is_kept_and_shown_as_unknown),
	UNIT(what_does_not_fit_is_left_out_whole),
	UNIT(hexadecimal_is_read_in_pairs_of_digits_only),
};

UNIT_MAIN(tests)
