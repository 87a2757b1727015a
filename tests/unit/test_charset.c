/* codec/charset: every character of every set, and the handling of missing ones. */
#include "unit.h"

#include <string.h>

#include "codec/charset.h"
#include "codec/gsm7.h"

static struct charset set(enum charset_id id, enum charset_policy policy)
{
	struct charset cs = { .id = id, .policy = policy };

	return cs;
}

/* Converts TE text to septets, and compares. */
static void expect_septets(const struct charset *cs, const char *te, const char *septets)
{
	char mem[64];
	struct buf out;

	buf_init(&out, mem, sizeof(mem));
	assert_int_equal(charset_to_septets(cs, te, strlen(te), &out), CHARSET_OK);
	assert_int_equal(out.len, strlen(septets));
	assert_memory_equal(mem, septets, out.len);
}

static void expect_te(
	const struct charset *cs, const uint32_t *cp, size_t n, const char *te)
{
	char mem[64];
	struct buf out;

	buf_init(&out, mem, sizeof(mem));
	assert_int_equal(charset_from_unicode(cs, cp, n, &out), CHARSET_OK);
	assert_int_equal(out.len, strlen(te));
	assert_memory_equal(mem, te, out.len);
}

static enum charset_result septets_of(
	const struct charset *cs, const char *te, size_t len)
{
	char mem[16];
	struct buf out;

	buf_init(&out, mem, sizeof(mem));
	return charset_to_septets(cs, te, len, &out);
}

/* Every septet, alone and after an escape, survives writing and reading. */
static void septets_pass(const struct charset *cs, bool extension, const char *missing)
{
	uint8_t code[2] = { GSM7_ESC, 0 };
	char te[16], mem[4];
	struct buf out, back;
	unsigned i;

	for (i = 0; i < 128; i++) {
		if (i == GSM7_ESC || strchr(missing, (int)i + 1))
			continue;
		code[1] = (uint8_t)i;
		buf_init(&out, te, sizeof(te));
		assert_int_equal(charset_from_septets(cs, code + 1, 1, &out), CHARSET_OK);
		buf_init(&back, mem, sizeof(mem));
		assert_int_equal(charset_to_septets(cs, te, out.len, &back), CHARSET_OK);
		assert_int_equal(back.len, 1);
		assert_memory_equal(mem, code + 1, 1);
		if (!extension || !gsm7_extension((uint8_t)i))
			continue;
		buf_init(&out, te, sizeof(te));
		assert_int_equal(charset_from_septets(cs, code, 2, &out), CHARSET_OK);
		buf_init(&back, mem, sizeof(mem));
		assert_int_equal(charset_to_septets(cs, te, out.len, &back), CHARSET_OK);
		assert_int_equal(back.len, 2);
		assert_memory_equal(mem, code, 2);
	}
}

static void gsm_hex_and_ucs2_have_the_whole_alphabet(void **state)
{
	struct charset cs = set(CHARSET_GSM, CHARSET_REFUSE);

	(void)state;
	septets_pass(&cs, true, "");
	cs.id = CHARSET_HEX;
	septets_pass(&cs, true, "");
	cs.id = CHARSET_UCS2;
	septets_pass(&cs, true, "");
}

/* Septets are written plus one, so that 0 can be among them. */
static const char not_in_437[] = { 0x0b + 1, 0x0c + 1, 0x10 + 1, 0x14 + 1, 0x16 + 1,
	0x17 + 1, 0x1a + 1, 0x24 + 1, 0x5f + 1, 0 };

static void code_page_437_has_most_of_the_alphabet(void **state)
{
	struct charset cs = set(CHARSET_PCCP437, CHARSET_REFUSE);
	char mem[4];
	struct buf out;
	uint8_t code;
	size_t i;

	(void)state;
	buf_init(&out, mem, sizeof(mem));
	for (code = 0; code < 128; code++) {
		if (!strchr(not_in_437, code + 1))
			continue;
		/* those listed as missing are missing */
		assert_int_equal(
			charset_from_septets(&cs, &code, 1, &out), CHARSET_UNKNOWN);
	}
	septets_pass(&cs, false, not_in_437);
	for (i = 0; i < 2; i++) /* braces are ASCII there */
		expect_septets(&cs, i ? "{" : "^", i ? "\x1b\x28" : "\x1b\x14");
}

static void every_byte_of_code_page_437_comes_back(void **state)
{
	struct charset cs = set(CHARSET_PCCP437, CHARSET_REFUSE);
	struct buf out;
	struct text t;
	uint32_t cp[2];
	char byte, mem[2];
	int i;

	(void)state;
	for (i = 0; i < 256; i++) {
		byte = (char)i;
		text_init(&t, cp, 2);
		assert_int_equal(charset_to_unicode(&cs, &byte, 1, &t), CHARSET_OK);
		assert_int_equal(t.n, 1);
		assert_int_equal(cp437_byte(cp[0]), i);
		buf_init(&out, mem, sizeof(mem));
		assert_int_equal(charset_from_unicode(&cs, cp, 1, &out), CHARSET_OK);
		assert_int_equal(mem[0], byte);
	}
	assert_int_equal(cp437_unicode(0x82), 0xe9);
	assert_int_equal(cp437_unicode(0x9b), 0xa2);
	assert_int_equal(cp437_unicode(0xe1), 0xdf);
	assert_int_equal(cp437_byte(0x20ac), -1);
}

static void every_ascii_byte_is_itself_in_ira(void **state)
{
	struct charset cs = set(CHARSET_IRA, CHARSET_REFUSE);
	struct buf out;
	struct text t;
	uint32_t cp[2];
	char byte, mem[2];
	int i;

	(void)state;
	for (i = 0; i < 128; i++) {
		byte = (char)i;
		text_init(&t, cp, 2);
		assert_int_equal(charset_to_unicode(&cs, &byte, 1, &t), CHARSET_OK);
		assert_int_equal(cp[0], i);
		buf_init(&out, mem, sizeof(mem));
		assert_int_equal(charset_from_unicode(&cs, cp, 1, &out), CHARSET_OK);
		assert_int_equal(mem[0], byte);
	}
	byte = (char)0x80;
	text_init(&t, cp, 2);
	assert_int_equal(charset_to_unicode(&cs, &byte, 1, &t), CHARSET_UNKNOWN);
}

static void every_code_point_comes_back_from_ucs2(void **state)
{
	struct charset cs = set(CHARSET_UCS2, CHARSET_REFUSE);
	struct buf out;
	struct text t;
	uint32_t cp, back[2];
	char mem[8];

	(void)state;
	for (cp = 0; cp <= 0x10ffff; cp += cp < 0x10000 ? 1 : 257) {
		buf_init(&out, mem, sizeof(mem));
		assert_int_equal(charset_from_unicode(&cs, &cp, 1, &out), CHARSET_OK);
		assert_int_equal(out.len, cp < 0x10000 ? 4 : 8);
		text_init(&t, back, 2);
		assert_int_equal(charset_to_unicode(&cs, mem, out.len, &t), CHARSET_OK);
		assert_int_equal(t.n, 1);
		assert_int_equal(back[0], cp);
	}
}

static void ucs2_and_hex_are_written_in_capitals(void **state)
{
	static const uint32_t text[] = { 'H', 0xe9, 0x20ac };
	struct charset cs = set(CHARSET_UCS2, CHARSET_REFUSE);

	(void)state;
	expect_te(&cs, text, 3, "004800E920AC");
	expect_septets(&cs, "004800e920AC", "H\x05\x1b\x65");
	cs.id = CHARSET_HEX;
	expect_te(&cs, text, 3, "48051B65");
	expect_septets(&cs, "48051b65", "H\x05\x1b\x65");
}

static void digits_that_are_not_characters_are_refused(void **state)
{
	struct charset cs = set(CHARSET_HEX, CHARSET_QUESTION);

	(void)state;
	assert_int_equal(septets_of(&cs, "4", 1), CHARSET_DIGITS);
	assert_int_equal(septets_of(&cs, "4g", 2), CHARSET_DIGITS);
	assert_int_equal(septets_of(&cs, "80", 2), CHARSET_VALUE);
	cs.id = CHARSET_UCS2;
	assert_int_equal(septets_of(&cs, "004", 3), CHARSET_DIGITS);
	assert_int_equal(septets_of(&cs, "00 4", 4), CHARSET_DIGITS);
	assert_int_equal(septets_of(&cs, "004100", 6), CHARSET_DIGITS);
}

static void the_policy_decides_on_missing_characters(void **state)
{
	static const uint32_t text[] = { 'a', 0xea, 0x4e2d, 'z' };
	struct charset cs = set(CHARSET_PCCP437, CHARSET_REFUSE);
	char mem[8];
	struct buf out;

	(void)state;
	/* e with circumflex, then a box-drawing line */
	assert_int_equal(septets_of(&cs, "a\x88\xc4z", 4), CHARSET_UNKNOWN);
	cs.policy = CHARSET_DROP;
	expect_septets(&cs, "a\x88\xc4z", "az");
	cs.policy = CHARSET_SPACE;
	expect_septets(&cs, "a\x88\xc4z", "a  z");
	cs.policy = CHARSET_QUESTION;
	expect_septets(&cs, "a\x88\xc4z", "a\?\?z");
	cs.policy = CHARSET_NEAREST;
	expect_septets(&cs, "a\x88\xc4z", "ae?z");

	cs = set(CHARSET_IRA, CHARSET_REFUSE);
	buf_init(&out, mem, sizeof(mem));
	assert_int_equal(charset_from_unicode(&cs, text, 4, &out), CHARSET_UNKNOWN);
	cs.policy = CHARSET_DROP;
	expect_te(&cs, text, 4, "az");
	cs.policy = CHARSET_SPACE;
	expect_te(&cs, text, 4, "a  z");
	cs.policy = CHARSET_NEAREST;
	expect_te(&cs, text, 4, "ae?z");
}

static void a_modem_may_lack_the_extension_table(void **state)
{
	struct charset cs = set(CHARSET_PCCP437, CHARSET_REFUSE);

	(void)state;
	cs.no_extension = true;
	assert_int_equal(septets_of(&cs, "a[b", 3), CHARSET_UNKNOWN);
	cs.policy = CHARSET_DROP;
	expect_septets(&cs, "a[b]", "ab");
	cs.policy = CHARSET_NEAREST;
	expect_septets(&cs, "a[b]", "a?b?");
	cs = set(CHARSET_GSM, CHARSET_DROP);
	cs.no_extension = true;
	expect_septets(&cs, "a\x1b<b", "ab");
}

static void bytes_above_7f_mean_nothing_in_gsm(void **state)
{
	struct charset cs = set(CHARSET_GSM, CHARSET_REFUSE);

	(void)state;
	assert_int_equal(septets_of(&cs, "a\x80", 2), CHARSET_UNKNOWN);
	cs.policy = CHARSET_SPACE;
	expect_septets(&cs, "a\x80z", "a z");
	expect_septets(&cs, "a\x1b\x80", "a\x1b ");
}

/* The guides show bytes 120-130 of table 0 of +WCCS as 78797A2020202020097E05. */
static void the_custom_tables_start_as_code_page_437(void **state)
{
	struct charset_custom custom;
	struct charset cs = set(CHARSET_CUSTOM, CHARSET_REFUSE);

	(void)state;
	charset_custom_init(&custom);
	assert_memory_equal(custom.to_gsm + 120, "xyz     \x09\x7e\x05", 11);
	cs.custom = &custom;
	septets_pass(&cs, false, not_in_437);
	expect_septets(&cs, "\x82\x88", "\x05 ");
}

static void the_custom_tables_say_what_bytes_mean(void **state)
{
	static const uint32_t euro = 0x20ac;
	struct charset_custom custom;
	struct charset cs = set(CHARSET_CUSTOM, CHARSET_REFUSE);
	uint32_t cp[4];
	struct text t;

	(void)state;
	charset_custom_init(&custom);
	custom.to_gsm[0xa4] = 0x80 | 0x65;
	custom.extension[0x65] = 0xa4;
	cs.custom = &custom;
	expect_septets(&cs, "5\xa4", "5\x1b\x65");
	expect_te(&cs, &euro, 1, "\xa4");
	text_init(&t, cp, 4);
	assert_int_equal(charset_to_unicode(&cs, "\xa4", 1, &t), CHARSET_OK);
	assert_int_equal(t.n, 1);
	assert_int_equal(cp[0], euro);
}

static void a_text_longer_than_its_room_is_reported(void **state)
{
	struct charset cs = set(CHARSET_UCS2, CHARSET_REFUSE);
	struct text t;
	struct buf out;
	uint32_t cp[1];
	char mem[3];

	(void)state;
	buf_init(&out, mem, sizeof(mem));
	assert_int_equal(
		charset_from_septets(&cs, (const uint8_t *)"a", 1, &out), CHARSET_FULL);
	assert_int_equal(out.len, 0);
	text_init(&t, cp, 1);
	assert_int_equal(charset_to_unicode(&cs, "00410042", 8, &t), CHARSET_FULL);
	cs.id = CHARSET_GSM;
	assert_int_equal(charset_to_septets(&cs, "abcd", 4, &out), CHARSET_FULL);
}

static const struct CMUnitTest tests[] = {
	UNIT(gsm_hex_and_ucs2_have_the_whole_alphabet),
	UNIT(code_page_437_has_most_of_the_alphabet),
	UNIT(every_byte_of_code_page_437_comes_back),
	UNIT(every_ascii_byte_is_itself_in_ira),
	UNIT(every_code_point_comes_back_from_ucs2),
	UNIT(ucs2_and_hex_are_written_in_capitals),
	UNIT(digits_that_are_not_characters_are_refused),
	UNIT(the_policy_decides_on_missing_characters),
	UNIT(a_modem_may_lack_the_extension_table),
	UNIT(bytes_above_7f_mean_nothing_in_gsm),
	UNIT(the_custom_tables_start_as_code_page_437),
	UNIT(the_custom_tables_say_what_bytes_mean),
	UNIT(a_text_longer_than_its_room_is_reported),
};

UNIT_MAIN(tests)
