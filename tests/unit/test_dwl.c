/* codec/dwl: the project's own image headers, their bodies, and the identification of
 * other files. */
#include "unit.h"

#include <string.h>

#include "codec/crc.h"
#include "codec/dwl.h"
#include "codec/dwl_identify.h"

static struct dwl_header sample(void)
{
	struct dwl_header h = {
		.kind = DWL_FIRMWARE,
		.firmware = "r74",
		.module = "Q2687H",
		.family = "r7",
		.accepted_by = { "r7", "r8" },
		.accepted = 2,
		.length = 5000,
	};

	h.crc = dwl_body_crc(&h);
	return h;
}

/* Changes a byte and corrects the CRC of the header. */
static enum dwl_result with(size_t at, uint8_t value)
{
	struct dwl_header h = sample();
	uint8_t raw[DWL_HEADER];
	uint32_t crc;
	int i;

	dwl_encode(&h, raw);
	raw[at] = value;
	crc = crc32_ieee(0, raw, 124);
	for (i = 0; i < 4; i++)
		raw[124 + i] = (uint8_t)(crc >> (8 * i));
	return dwl_parse(raw, sizeof(raw), &h);
}

static void a_header_comes_back_as_it_went(void **state)
{
	struct dwl_header h = sample(), back;
	uint8_t raw[DWL_HEADER];

	(void)state;
	dwl_encode(&h, raw);
	assert_int_equal(dwl_parse(raw, sizeof(raw), &back), DWL_OK);
	assert_int_equal(back.kind, DWL_FIRMWARE);
	assert_string_equal(back.firmware, "r74");
	assert_string_equal(back.module, "Q2687H");
	assert_string_equal(back.family, "r7");
	assert_int_equal(back.accepted, 2);
	assert_true(dwl_accepted_by(&back, "r8"));
	assert_false(dwl_accepted_by(&back, "r6"));
	assert_false(dwl_accepted_by(&back, ""));
	assert_int_equal(back.length, 5000);
	assert_int_equal(back.crc, h.crc);
}

static void the_name_of_an_application_comes_back(void **state)
{
	struct dwl_header h = sample(), back;
	uint8_t raw[DWL_HEADER], nameless[8], named[8];
	uint32_t crc = h.crc;

	(void)state;
	h.kind = DWL_APPLICATION;
	dwl_body(&h, 0, nameless, sizeof(nameless));
	memset(h.accepted_by, 0, sizeof(h.accepted_by));
	h.accepted = 0;
	strcpy(h.application, "a-name-with-thirty-one-letters-");
	dwl_body(&h, 0, named, sizeof(named));
	assert_memory_not_equal(nameless, named, sizeof(named));
	h.crc = dwl_body_crc(&h);
	assert_int_not_equal(h.crc, crc);
	dwl_encode(&h, raw);
	assert_int_equal(raw[16], 2);
	assert_int_equal(dwl_parse(raw, sizeof(raw), &back), DWL_OK);
	assert_string_equal(back.application, h.application);
	assert_int_equal(back.accepted, 0);
	/* only an application has one */
	assert_int_equal(with(16, 2), DWL_UNKNOWN_LAYOUT);
	assert_int_equal(with(16, 3), DWL_UNKNOWN_LAYOUT);
}

static void every_damaged_bit_of_a_header_is_noticed(void **state)
{
	struct dwl_header h = sample(), back;
	uint8_t raw[DWL_HEADER];
	size_t bit;

	(void)state;
	dwl_encode(&h, raw);
	for (bit = 0; bit < 8 * sizeof(raw); bit++) {
		raw[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_not_equal(dwl_parse(raw, sizeof(raw), &back), DWL_OK);
		raw[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void each_fault_of_a_header_has_its_name(void **state)
{
	struct dwl_header h = sample();
	uint8_t raw[DWL_HEADER];

	(void)state;
	dwl_encode(&h, raw);
	assert_int_equal(dwl_parse(raw, sizeof(raw) - 1, &h), DWL_NOT_AN_IMAGE);
	assert_int_equal(dwl_parse("", 0, &h), DWL_NOT_AN_IMAGE);
	raw[60] ^= 1;
	assert_int_equal(dwl_parse(raw, sizeof(raw), &h), DWL_BAD_HEADER_CRC);
	assert_int_equal(with(0, 'f'), DWL_NOT_AN_IMAGE);
	assert_int_equal(with(16, 2), DWL_UNKNOWN_LAYOUT);
	assert_int_equal(with(19, 1), DWL_UNKNOWN_LAYOUT);
	assert_int_equal(with(17, 0), DWL_UNKNOWN_KIND);
	assert_int_equal(with(17, 6), DWL_UNKNOWN_KIND);
	assert_int_equal(with(21, 0), DWL_OK); /* 5000 = 0x1388 becomes 136 */
	assert_int_equal(with(28, 0), DWL_BAD_TEXT);
	assert_int_equal(with(29, '\n'), DWL_BAD_TEXT);
	assert_int_equal(with(67, 'x'), DWL_BAD_TEXT);
	assert_int_equal(with(123, 'x'), DWL_BAD_TEXT);
	assert_string_equal(name_of(dwl_kind_names, DWL_E2P), "e2p");
}

static void a_length_below_the_header_is_refused(void **state)
{
	struct dwl_header h = sample();
	uint8_t raw[DWL_HEADER];
	uint32_t crc;
	int i;

	(void)state;
	h.length = DWL_HEADER;
	dwl_encode(&h, raw);
	assert_int_equal(dwl_parse(raw, sizeof(raw), &h), DWL_OK);
	raw[20] = DWL_HEADER - 1;
	crc = crc32_ieee(0, raw, 124);
	for (i = 0; i < 4; i++)
		raw[124 + i] = (uint8_t)(crc >> (8 * i));
	assert_int_equal(dwl_parse(raw, sizeof(raw), &h), DWL_BAD_LENGTH);
}

static void a_body_is_the_same_however_it_is_cut(void **state)
{
	struct dwl_header h = sample();
	uint8_t whole[300], piece[300];
	size_t cut;

	(void)state;
	dwl_body(&h, 0, whole, sizeof(whole));
	for (cut = 0; cut <= sizeof(whole); cut++) {
		dwl_body(&h, 0, piece, cut);
		dwl_body(&h, (uint32_t)cut, piece + cut, sizeof(whole) - cut);
		assert_memory_equal(whole, piece, sizeof(whole));
	}
}

static void a_body_has_every_byte_and_its_own_for_each_image(void **state)
{
	struct dwl_header h = sample(), other = sample();
	uint8_t body[5000 - DWL_HEADER], second[sizeof(body)];
	bool seen[256] = { false };
	size_t i;

	(void)state;
	dwl_body(&h, 0, body, sizeof(body));
	assert_int_equal(crc32_ieee(0, body, sizeof(body)), h.crc);
	for (i = 0; i < sizeof(body); i++)
		seen[body[i]] = true;
	for (i = 0; i < 256; i++)
		assert_true(seen[i]);
	other.kind = DWL_APPLICATION;
	dwl_body(&other, 0, second, sizeof(second));
	assert_memory_not_equal(body, second, sizeof(body));
	strcpy(h.firmware, "r73");
	dwl_body(&h, 0, second, sizeof(second));
	assert_memory_not_equal(body, second, sizeof(body));
}

static struct dwl_identity look(const void *data, size_t len, const char *name)
{
	struct dwl_identity id;

	dwl_identify(data, len, name, &id);
	return id;
}

#define LOOK(text) look(text, sizeof(text) - 1, NULL)

static void identity_strings_are_found_with_version_and_module(void **state)
{
	static const struct {
		const char *text, *version, *module;
		enum dwl_mark mark;
	} known[] = {
		{ "663_09gg.Q2687H", "6.63", "Q2687H", DWL_MARK_R6 },
		{ "657e09gg.Q24PL001", "6.57", "Q24PL001", DWL_MARK_R6 },
		{ "R74_00gg.Q2687H", "7.4", "Q2687H", DWL_MARK_R6 },
		{ "R7.47.4.201208311102.Q26CL702", "7.47", "Q26CL702", DWL_MARK_R7 },
		{ "R7.50.0.A2.201302191346.FX100", "7.50", "FX100", DWL_MARK_R7 },
		{ "V06.0B", "V06.0B", "", DWL_MARK_LOADER },
		{ "V08b0k", "V08b0k", "", DWL_MARK_LOADER },
	};
	struct dwl_identity id;
	char data[100];
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		len = strlen(known[i].text);
		memset(data, 0, sizeof(data));
		memcpy(data + 9, known[i].text, len);
		id = look(data, 9 + len + i % 2, NULL);
		assert_int_equal(id.finds, 1);
		assert_int_equal(id.find[0].offset, 9);
		assert_int_equal(id.find[0].mark, known[i].mark);
		assert_string_equal(id.find[0].text, known[i].text);
		assert_string_equal(id.find[0].version, known[i].version);
		assert_string_equal(id.find[0].module, known[i].module);
	}
}

static void a_string_is_told_once_and_no_more_than_fit(void **state)
{
	char data[400] = { 0 };
	struct dwl_identity id;
	size_t i;

	(void)state;
	id = LOOK("\0V08b13\0"
		  "663_09gg.Q2687H\0V08b13\0");
	assert_int_equal(id.finds, 2);
	assert_string_equal(id.find[0].text, "V08b13");
	for (i = 0; i < 20; i++) {
		memcpy(data + 1 + 10 * i, "V08b00", 6);
		data[5 + 10 * i] = (char)('0' + i / 10);
		data[6 + 10 * i] = (char)('0' + i % 10);
	}
	assert_int_equal(look(data, sizeof(data), NULL).finds, DWL_FINDS);
}

static void what_only_looks_like_an_identity_is_left_alone(void **state)
{
	(void)state;
	assert_int_equal(LOOK("\0xV08b13\0").finds, 0);
	assert_int_equal(LOOK("\0V08b134\0").finds, 0);
	assert_int_equal(LOOK("\0"
			      "663_09gg.")
				 .finds,
		0);
	assert_int_equal(LOOK("\0"
			      "663_09gg.Q2")
				 .finds,
		0);
	assert_int_equal(LOOK("\0"
			      "1663_09gg.Q2687H")
				 .finds,
		0);
	assert_int_equal(LOOK("\0R7.47.4.20120831110.FXT009").finds, 0);
	assert_int_equal(LOOK("\0"
			      "663_09gg.Q2687HQ2687HQ2687HQ2687H")
				 .finds,
		0);
}

static void containers_are_told_apart(void **state)
{
	(void)state;
	assert_int_equal(LOOK("").format, DWL_FORMAT_EMPTY);
	assert_int_equal(LOOK("FAUXTRACK-DWL").format, DWL_FORMAT_IMAGE);
	assert_int_equal(LOOK("\x1f\x8b\x08").format, DWL_FORMAT_GZIP);
	assert_int_equal(LOOK("PK\3\4").format, DWL_FORMAT_ZIP);
	assert_int_equal(LOOK("\x7f"
			      "ELF\1")
				 .format,
		DWL_FORMAT_ELF);
	assert_int_equal(LOOK(":10000000").format, DWL_FORMAT_HEX);
	assert_int_equal(LOOK("<html>\r\n").format, DWL_FORMAT_TEXT);
	assert_int_equal(LOOK("\x7f\x10").format, DWL_FORMAT_BINARY);
	assert_int_equal(look("x", 1, "R7.3_00-cus-Q26-01.WPK").format, DWL_FORMAT_WPK);
}

static void the_kind_is_guessed_from_name_and_content(void **state)
{
	(void)state;
	assert_int_equal(LOOK("\0V08b13").guess, DWL_DOWNLOADER);
	assert_int_equal(LOOK("\0"
			      "663_09gg.Q2687H")
				 .guess,
		DWL_FIRMWARE);
	assert_int_equal(look("\0", 1, "dota.e2p").guess, DWL_E2P);
	assert_int_equal(look("\0", 1, "hello.wpb.dwl").guess, DWL_APPLICATION);
	assert_int_equal(
		look("\0", 1, "x/657c_full_A&D_init_q2406b.dwl").guess, DWL_FIRMWARE_AD);
	assert_int_equal(look("\0", 1, "r7/dwl.dwl").guess, DWL_DOWNLOADER);
	assert_int_equal(look("\0", 1, "dwl.dwl/fw.dwl").guess, DWL_NONE);
	assert_int_equal(look("\0", 1, "Dwl.DWL").guess, DWL_DOWNLOADER);
	assert_int_equal(LOOK("\0").guess, DWL_NONE);
	assert_int_equal(LOOK("a page about V08b13").guess, DWL_NONE);
}

static const struct CMUnitTest tests[] = {
	UNIT(a_header_comes_back_as_it_went),
	UNIT(the_name_of_an_application_comes_back),
	UNIT(every_damaged_bit_of_a_header_is_noticed),
	UNIT(each_fault_of_a_header_has_its_name),
	UNIT(a_length_below_the_header_is_refused),
	UNIT(a_body_is_the_same_however_it_is_cut),
	UNIT(a_body_has_every_byte_and_its_own_for_each_image),
	UNIT(identity_strings_are_found_with_version_and_module),
	UNIT(a_string_is_told_once_and_no_more_than_fit),
	UNIT(what_only_looks_like_an_identity_is_left_alone),
	UNIT(containers_are_told_apart),
	UNIT(the_kind_is_guessed_from_name_and_content),
};

UNIT_MAIN(tests)
