/* codec/concat, codec/userdata and codec/cbm: texts of every length split and joined,
 * parts in any order, and cell broadcast pages. */
#include "unit.h"

#include <string.h>

#include "base/rand.h"
#include "codec/cbm.h"
#include "codec/concat.h"
#include "codec/gsm7.h"

#define MAX 1200

static struct tpdu parts[CONCAT_PARTS];

/* Splits into parts[], encoding and decoding each; returns their number. */
static size_t split(const uint32_t *cp, size_t n, enum concat_choice choice, bool wide)
{
	struct concat_split s;
	struct tpdu t;
	char mem[TPDU_MAX];
	struct buf out;
	size_t count = 0;

	tpdu_init(&t, TPDU_SUBMIT);
	assert_int_equal(address_parse(&t.address, "+33612345678", 12, 0), PDU_OK);
	assert_int_equal(concat_begin(&s, cp, n, choice, wide, 0x12c), PDU_OK);
	while (concat_next(&s, &t, DCS_NO_CLASS)) {
		buf_init(&out, mem, sizeof(mem));
		assert_true(tpdu_encode(&t, &out));
		assert_int_equal(tpdu_decode(TPDU_SUBMIT, (uint8_t *)mem, out.len,
					 &parts[count++]),
			PDU_OK);
	}
	assert_int_equal(s.done, n);
	assert_int_equal(count, s.part.total);
	return count;
}

static void expect_joined(
	const struct concat *c, const struct tpdu *t, const uint32_t *cp, size_t n)
{
	static uint32_t back[MAX];
	struct text text;

	text_init(&text, back, MAX);
	assert_true(concat_text(c, t, &text));
	assert_int_equal(text.n, n);
	assert_memory_equal(back, cp, n * sizeof(*cp));
}

static void joins(const uint32_t *cp, size_t n, size_t count, struct rand *r)
{
	static struct concat_part kept[40];
	static struct tpdu shuffled[40];
	struct concat c;
	struct tpdu swap;
	size_t i, j;

	assert_in_range(count, 1, 40);
	memcpy(shuffled, parts, count * sizeof(*parts));
	for (i = count - 1; i > 0; i--) {
		j = rand_below(r, (uint32_t)i + 1);
		swap = shuffled[i];
		shuffled[i] = shuffled[j];
		shuffled[j] = swap;
	}
	memset(kept, 0, sizeof(kept));
	concat_init(&c, kept, 40);
	for (i = 0; i < count; i++)
		assert_int_equal(concat_add(&c, &shuffled[i]), count == 1 ? CONCAT_SINGLE
							       : i + 1 < count
								       ? CONCAT_WAITING
								       : CONCAT_COMPLETE);
	expect_joined(&c, &parts[0], cp, n);
}

static void texts_of_every_length_are_joined_again(void **state)
{
	static const uint32_t some[] = { 'a', '{', 0xe9, '@', 0x20ac, 'z' };
	static uint32_t gsm[1000], wide[1000];
	struct rand r;
	size_t n;

	(void)state;
	rand_init(&r, 1);
	for (n = 0; n < 1000; n++) {
		gsm[n] = some[rand_below(&r, 6)];
		wide[n] = rand_below(&r, 4) ? 0x4e00 + rand_below(&r, 200) : 0x1f600;
	}
	for (n = 0; n < 1000; n += n < 340 ? 1 : 41) {
		joins(gsm, n, split(gsm, n, CONCAT_AUTO, false), &r);
		joins(gsm, n, split(gsm, n, CONCAT_GSM7, true), &r);
		joins(wide, n, split(wide, n, CONCAT_AUTO, false), &r);
		joins(gsm, n, split(gsm, n, CONCAT_UCS2, true), &r);
	}
}

static void parts_are_as_long_as_the_reference_says(void **state)
{
	static const struct {
		enum concat_choice choice;
		bool wide;
		size_t single, part;
	} table[] = {
		{ CONCAT_GSM7, false, 160, 153 },
		{ CONCAT_GSM7, true, 160, 152 },
		{ CONCAT_UCS2, false, 70, 67 },
		{ CONCAT_UCS2, true, 70, 66 },
	};
	static uint32_t text[MAX];
	size_t i, n;

	(void)state;
	for (n = 0; n < MAX; n++)
		text[n] = 'a';
	for (i = 0; i < 4; i++) {
		n = table[i].part;
		assert_int_equal(
			split(text, table[i].single, table[i].choice, table[i].wide), 1);
		assert_false(parts[0].fo & TPDU_UDHI);
		assert_int_equal(parts[0].ud_octets, 140);
		assert_int_equal(
			split(text, table[i].single + 1, table[i].choice, table[i].wide),
			2);
		assert_true(parts[0].fo & TPDU_UDHI);
		assert_int_equal(split(text, 2 * n, table[i].choice, table[i].wide), 2);
		assert_int_equal(
			split(text, 2 * n + 1, table[i].choice, table[i].wide), 3);
	}
}

static void no_character_is_cut_in_two(void **state)
{
	static uint32_t text[200];
	uint8_t septets[USERDATA_SEPTETS];
	size_t n;

	(void)state;
	for (n = 0; n < 200; n++)
		text[n] = 'a';
	text[152] = '{'; /* septets 152 and 153 of 153 */
	assert_int_equal(split(text, 200, CONCAT_AUTO, false), 2);
	assert_int_equal(userdata_septets(&parts[0], septets), 152);
	assert_int_equal(userdata_septets(&parts[1], septets), 49);
	assert_int_equal(septets[0], GSM7_ESC);
	text[66] = 0x1f600;
	assert_int_equal(split(text, 130, CONCAT_AUTO, false), 2);
	assert_int_equal(parts[0].ud_octets, 6 + 132);
}

static void the_alphabet_follows_the_text_unless_forced(void **state)
{
	static const uint32_t plain[] = { 'a', 0x20ac }, foreign[] = { 'a', 0x4e2d };
	static uint32_t endless[256 * 153];
	struct concat_split s;
	size_t n;

	(void)state;
	assert_int_equal(concat_begin(&s, plain, 2, CONCAT_AUTO, false, 0), PDU_OK);
	assert_int_equal(s.alphabet, DCS_GSM7);
	assert_int_equal(concat_begin(&s, plain, 2, CONCAT_UCS2, false, 0), PDU_OK);
	assert_int_equal(s.alphabet, DCS_UCS2);
	assert_int_equal(concat_begin(&s, foreign, 2, CONCAT_AUTO, false, 0), PDU_OK);
	assert_int_equal(s.alphabet, DCS_UCS2);
	assert_int_equal(
		concat_begin(&s, foreign, 2, CONCAT_GSM7, false, 0), PDU_TEXT_CHARACTER);
	for (n = 0; n < 256 * 153; n++)
		endless[n] = 'a';
	assert_int_equal(
		concat_begin(&s, endless, 255 * 153, CONCAT_AUTO, false, 0), PDU_OK);
	assert_int_equal(s.part.total, 255);
	assert_int_equal(concat_begin(&s, endless, 255 * 153 + 1, CONCAT_AUTO, false, 0),
		PDU_TEXT_LENGTH);
}

static void duplicates_and_strangers_do_not_mix(void **state)
{
	static uint32_t text[400];
	struct concat_part kept[4];
	struct concat c;
	struct tpdu other;
	size_t n;

	(void)state;
	for (n = 0; n < 400; n++)
		text[n] = 'a' + (uint32_t)(n % 26);
	assert_int_equal(split(text, 400, CONCAT_AUTO, false), 3);
	memset(kept, 0, sizeof(kept));
	concat_init(&c, kept, 4);
	assert_null(concat_oldest(&c));
	assert_int_equal(concat_add(&c, &parts[2]), CONCAT_WAITING);
	assert_int_equal(concat_add(&c, &parts[2]), CONCAT_DUPLICATE);
	other = parts[0];
	assert_int_equal(address_parse(&other.address, "+33612345679", 12, 0), PDU_OK);
	assert_int_equal(concat_add(&c, &other), CONCAT_WAITING);
	other = parts[0];
	other.ud[3]++; /* the reference */
	assert_int_equal(concat_add(&c, &other), CONCAT_WAITING);
	assert_int_equal(concat_add(&c, &parts[0]), CONCAT_WAITING);
	assert_int_equal(concat_count(&c, &parts[1]), 2);
	assert_null(concat_get(&c, &parts[0], 2));
	assert_int_equal(concat_add(&c, &parts[1]), CONCAT_FULL);

	/* without the missing part */
	memmove(text + 153, text + 306, 94 * sizeof(*text));
	expect_joined(&c, &parts[1], text, 153 + 94);

	concat_drop(&c, concat_oldest(&c));
	assert_int_equal(concat_count(&c, &parts[0]), 0);
	assert_int_equal(concat_count(&c, &other), 1);
	assert_int_equal(concat_add(&c, &parts[1]), CONCAT_WAITING);
}

/* Other senders cut at octet boundaries. */
static void characters_that_others_have_cut_are_joined(void **state)
{
	static const struct userdata_concat first = { 7, false, 2, 1 },
					    second = { 7, false, 2, 2 };
	static const uint32_t euro[] = { 'a', 0x20ac }, smile[] = { 'a', 0x1f600, 'b' };
	struct concat_part kept[2];
	struct concat c;
	struct tpdu t;
	uint8_t header[7];

	(void)state;
	tpdu_init(&t, TPDU_DELIVER);
	memset(kept, 0, sizeof(kept));
	concat_init(&c, kept, 2);
	userdata_set_septets(&t, header, userdata_concat_header(&first, header),
		(const uint8_t *)"a\x1b", 2);
	assert_int_equal(concat_add(&c, &t), CONCAT_WAITING);
	userdata_set_septets(&t, header, userdata_concat_header(&second, header),
		(const uint8_t *)"\x65", 1);
	assert_int_equal(concat_add(&c, &t), CONCAT_COMPLETE);
	expect_joined(&c, &t, euro, 2);

	concat_drop(&c, &t);
	t.dcs = 8;
	userdata_set_octets(&t, header, userdata_concat_header(&first, header),
		(const uint8_t *)"\0a\xd8\x3d", 4);
	assert_int_equal(concat_add(&c, &t), CONCAT_WAITING);
	userdata_set_octets(&t, header, userdata_concat_header(&second, header),
		(const uint8_t *)"\xde\0\0b", 4);
	assert_int_equal(concat_add(&c, &t), CONCAT_COMPLETE);
	expect_joined(&c, &t, smile, 3);
}

static void an_invalid_element_is_ignored(void **state)
{
	static const uint8_t bad[][6] = { { 5, 0, 3, 1, 0, 1 }, { 5, 0, 3, 1, 2, 0 },
		{ 5, 0, 3, 1, 2, 3 }, { 5, 8, 3, 1, 2, 1 }, { 5, 9, 3, 1, 2, 1 } };
	struct userdata_concat c;
	struct tpdu t;
	size_t i;

	(void)state;
	tpdu_init(&t, TPDU_DELIVER);
	for (i = 0; i < 5; i++) {
		assert_int_equal(userdata_set_septets(&t, bad[i], 6, NULL, 0), PDU_OK);
		assert_false(userdata_get_concat(&t, &c));
		assert_int_equal(t.udl, 7);
	}
}

static void user_data_that_is_too_much_is_refused(void **state)
{
	static const uint8_t data[200] = { 0 }, header[] = { 3, 0x70, 1, 2 },
			     broken[] = { 3, 0x70, 2, 2 };
	uint32_t text[161];
	struct tpdu t;
	size_t n;

	(void)state;
	tpdu_init(&t, TPDU_SUBMIT);
	assert_int_equal(userdata_set_septets(&t, NULL, 0, data, 160), PDU_OK);
	assert_int_equal(userdata_set_septets(&t, NULL, 0, data, 161), PDU_TEXT_LENGTH);
	assert_int_equal(t.udl, 160);
	assert_int_equal(userdata_set_septets(&t, header, 4, data, 155), PDU_OK);
	assert_int_equal(t.udl, 160);
	assert_int_equal(userdata_set_septets(&t, header, 4, data, 156), PDU_TEXT_LENGTH);
	assert_int_equal(userdata_set_septets(&t, header, 3, data, 1), PDU_HEADER_LENGTH);
	assert_int_equal(
		userdata_set_septets(&t, broken, 4, data, 1), PDU_HEADER_ELEMENT);
	t.dcs = 4;
	assert_int_equal(userdata_set_octets(&t, header, 4, data, 136), PDU_OK);
	assert_int_equal(userdata_set_octets(&t, header, 4, data, 137), PDU_TEXT_LENGTH);

	for (n = 0; n < 161; n++)
		text[n] = 'a';
	t.dcs = 0;
	assert_int_equal(userdata_set_text(&t, text, 160), PDU_OK);
	assert_int_equal(userdata_set_text(&t, text, 161), PDU_TEXT_LENGTH);
	t.dcs = 8;
	assert_int_equal(userdata_set_text(&t, text, 70), PDU_OK);
	assert_int_equal(userdata_set_text(&t, text, 71), PDU_TEXT_LENGTH);
	t.dcs = 4;
	assert_int_equal(userdata_set_text(&t, text, 1), PDU_TEXT_CHARACTER);
	t.dcs = 0;
	text[0] = 0x4e2d;
	assert_int_equal(userdata_set_text(&t, text, 1), PDU_TEXT_CHARACTER);
}

static struct cbm page_again(const struct cbm *c)
{
	struct cbm back;
	char mem[CBM_OCTETS];
	struct buf out;

	buf_init(&out, mem, sizeof(mem));
	assert_true(cbm_encode(c, &out));
	assert_int_equal(out.len, CBM_OCTETS);
	assert_int_equal(cbm_decode((uint8_t *)mem, CBM_OCTETS, &back), PDU_OK);
	assert_int_equal(back.serial, c->serial);
	assert_int_equal(back.id, c->id);
	assert_int_equal(back.dcs, c->dcs);
	assert_int_equal(back.page, c->page);
	assert_int_equal(back.pages, c->pages);
	assert_memory_equal(back.content, c->content, CBM_CONTENT);
	return back;
}

static void a_page_holds_a_text_of_every_length(void **state)
{
	struct cbm c = { .serial = 0x5553, .id = 50, .page = 2, .pages = 3 };
	uint32_t text[CBM_SEPTETS + 2], back[CBM_SEPTETS + 2];
	struct text t;
	size_t n, used, max;

	(void)state;
	assert_int_equal(c.serial, 0x5553);
	for (n = 0; n < CBM_SEPTETS + 2; n++)
		text[n] = 'a' + (uint32_t)(n % 26);
	for (c.dcs = 0; c.dcs <= 0x48; c.dcs += 0x48) {
		max = c.dcs ? CBM_CONTENT / 2 : CBM_SEPTETS;
		for (n = 0; n < CBM_SEPTETS + 2; n++) {
			assert_int_equal(cbm_set_text(&c, text, n, &used), PDU_OK);
			assert_int_equal(used, n < max ? n : max);
			c = page_again(&c);
			text_init(&t, back, CBM_SEPTETS + 2);
			assert_true(cbm_text(&c, &t));
			assert_int_equal(t.n, used);
			assert_memory_equal(back, text, used * sizeof(*text));
		}
	}
}

static void a_page_leaves_out_what_names_its_language(void **state)
{
	struct cbm c = { .page = 1, .pages = 1 };
	static const uint32_t text[] = { 'e', 'n', '\r', 'H', 'i' };
	uint32_t back[CBM_SEPTETS];
	struct text t;
	size_t used;

	(void)state;
	assert_int_equal(cbm_set_text(&c, text, 5, &used), PDU_OK);
	c.dcs = 0x10;
	text_init(&t, back, CBM_SEPTETS);
	assert_true(cbm_text(&c, &t));
	assert_int_equal(t.n, 2);
	assert_memory_equal(back, text + 3, 2 * sizeof(*text));

	c.dcs = 0x48;
	assert_int_equal(cbm_set_text(&c, text, 5, &used), PDU_OK);
	c.dcs = 0x11;
	text_init(&t, back, CBM_SEPTETS);
	assert_true(cbm_text(&c, &t));
	assert_int_equal(t.n, 4);

	c.dcs = 0x44;
	assert_false(cbm_text(&c, &t));
	assert_int_equal(cbm_set_text(&c, text, 5, &used), PDU_TEXT_CHARACTER);
}

static void a_page_of_another_size_is_refused(void **state)
{
	static const uint8_t data[CBM_OCTETS + 1] = { 0 };
	struct cbm c;

	(void)state;
	assert_int_equal(cbm_decode(data, CBM_OCTETS - 1, &c), PDU_SHORT);
	assert_int_equal(cbm_decode(data, CBM_OCTETS + 1, &c), PDU_LONG);
	assert_int_equal(cbm_decode(data, CBM_OCTETS, &c), PDU_OK);
	assert_int_equal(c.page, 1); /* 0 is page 1 of 1 */
	assert_int_equal(c.pages, 1);
}

static const struct CMUnitTest tests[] = {
	UNIT(texts_of_every_length_are_joined_again),
	UNIT(parts_are_as_long_as_the_reference_says),
	UNIT(no_character_is_cut_in_two),
	UNIT(the_alphabet_follows_the_text_unless_forced),
	UNIT(duplicates_and_strangers_do_not_mix),
	UNIT(characters_that_others_have_cut_are_joined),
	UNIT(an_invalid_element_is_ignored),
	UNIT(user_data_that_is_too_much_is_refused),
	UNIT(a_page_holds_a_text_of_every_length),
	UNIT(a_page_leaves_out_what_names_its_language),
	UNIT(a_page_of_another_size_is_refused),
};

UNIT_MAIN(tests)
