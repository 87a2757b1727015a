/* codec/ppp_frame: a request captured from a Q2686, and damaged frames. */
#include "unit.h"

#include <string.h>

#include "codec/ppp_frame.h"

/* A dump from the field, and its contents without stuffing. */
static const uint8_t wire[] = { 0x7e, 0xff, 0x7d, 0x23, 0xc0, 0x21, 0x7d, 0x21, 0x7d,
	0x21, 0x7d, 0x20, 0x7d, 0x3c, 0x7d, 0x21, 0x7d, 0x24, 0x7d, 0x25, 0xdc, 0x7d,
	0x22, 0x7d, 0x26, 0x7d, 0x20, 0x7d, 0x20, 0x7d, 0x20, 0x7d, 0x20, 0x7d, 0x25,
	0x7d, 0x26, 0x7d, 0x20, 0x7d, 0x20, 0x7d, 0x20, 0x7d, 0x20, 0x7d, 0x27, 0x7d,
	0x22, 0x7d, 0x28, 0x7d, 0x22, 0x7d, 0x23, 0x7d, 0x24, 0xc0, 0x23, 0x89, 0x55,
	0x7e };
static const uint8_t plain[] = { 0xff, 0x03, 0xc0, 0x21, 0x01, 0x01, 0x00, 0x1c, 0x01,
	0x04, 0x05, 0xdc, 0x02, 0x06, 0x00, 0x00, 0x00, 0x00, 0x05, 0x06, 0x00, 0x00,
	0x00, 0x00, 0x07, 0x02, 0x08, 0x02, 0x03, 0x04, 0xc0, 0x23 };

static size_t feed(struct ppp_decoder *d, const uint8_t *data, size_t len)
{
	size_t i, got, last = 0;

	for (i = 0; i < len; i++) {
		got = ppp_decode(d, data[i]);
		if (got)
			last = got;
	}
	return last;
}

static void a_request_is_encoded_as_the_field_dump_has_it(void **state)
{
	uint8_t mem[128];
	struct buf b;

	(void)state;
	buf_init(&b, mem, sizeof(mem));
	assert_true(ppp_encode(&b, plain, sizeof(plain), PPP_ACCM_ALL));
	assert_int_equal(b.len, sizeof(wire));
	assert_memory_equal(mem, wire, sizeof(wire));
}

static void the_dump_is_decoded(void **state)
{
	struct ppp_decoder d;

	(void)state;
	ppp_decoder_init(&d);
	assert_int_equal(feed(&d, wire, sizeof(wire)), sizeof(plain));
	assert_memory_equal(d.data, plain, sizeof(plain));
}

static void one_flag_may_part_two_frames(void **state)
{
	struct ppp_decoder d;

	(void)state;
	ppp_decoder_init(&d);
	assert_int_equal(feed(&d, wire, sizeof(wire)), sizeof(plain));
	assert_int_equal(feed(&d, wire + 1, sizeof(wire) - 1), sizeof(plain));
}

static void what_is_damaged_or_between_frames_is_passed_over(void **state)
{
	uint8_t damaged[sizeof(wire)];
	struct ppp_decoder d;
	size_t i;

	(void)state;
	ppp_decoder_init(&d);
	assert_int_equal(feed(&d, wire + 1, sizeof(wire) - 1), 0);
	for (i = 1; i + 1 < sizeof(wire); i++) {
		memcpy(damaged, wire, sizeof(wire));
		damaged[i] ^= 0x40;
		ppp_decoder_init(&d);
		assert_int_equal(feed(&d, damaged, sizeof(damaged)), 0);
		assert_int_equal(feed(&d, wire, sizeof(wire)), sizeof(plain));
	}
}

static void an_overlong_frame_is_passed_over(void **state)
{
	struct ppp_decoder d;
	int i;

	(void)state;
	ppp_decoder_init(&d);
	ppp_decode(&d, 0x7e);
	for (i = 0; i < 2 * PPP_FRAME_MAX; i++)
		assert_int_equal(ppp_decode(&d, 0x55), 0);
	assert_int_equal(feed(&d, wire, sizeof(wire)), sizeof(plain));
}

static void every_octet_comes_back_with_any_map(void **state)
{
	static const uint32_t maps[] = { 0, 0x000a0000, PPP_ACCM_ALL };
	uint8_t all[256], mem[1024];
	struct ppp_decoder d;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	for (i = 0; i < 3; i++) {
		buf_init(&b, mem, sizeof(mem));
		assert_true(ppp_encode(&b, all, sizeof(all), maps[i]));
		ppp_decoder_init(&d);
		assert_int_equal(feed(&d, mem, b.len), sizeof(all));
		assert_memory_equal(d.data, all, sizeof(all));
	}
}

static void what_does_not_fit_is_left_out_whole(void **state)
{
	uint8_t mem[64];
	struct buf b;
	size_t cap;

	(void)state;
	for (cap = 0; cap < sizeof(wire); cap++) {
		buf_init(&b, mem, cap);
		assert_false(ppp_encode(&b, plain, sizeof(plain), PPP_ACCM_ALL));
		assert_int_equal(b.len, 0);
	}
}

/* RFC 1662 clause 7.1: XON and XOFF that the line adds, here also within an escape. */
static void control_characters_of_the_line_are_skipped(void **state)
{
	static const uint8_t noisy[] = { 0x7e, 0xff, 0x11, 0x7d, 0x13, 0x23, 0xc0, 0x21,
		0x7d, 0x31, 0x78, 0x11 };
	struct ppp_decoder d;

	(void)state;
	ppp_decoder_init(&d);
	d.accm = 0x000a0000;
	feed(&d, noisy, sizeof(noisy));
	assert_int_equal(d.len, 6);
	assert_memory_equal(d.data, "\xff\x03\xc0\x21\x11\x78", 6);
	d.accm = 0;
	feed(&d, noisy + 11, 1);
	assert_int_equal(d.len, 7);
}

static const struct CMUnitTest tests[] = {
	UNIT(a_request_is_encoded_as_the_field_dump_has_it),
	UNIT(the_dump_is_decoded),
	UNIT(one_flag_may_part_two_frames),
	UNIT(what_is_damaged_or_between_frames_is_passed_over),
	UNIT(an_overlong_frame_is_passed_over),
	UNIT(every_octet_comes_back_with_any_map),
	UNIT(what_does_not_fit_is_left_out_whole),
	UNIT(control_characters_of_the_line_are_skipped),
};

UNIT_MAIN(tests)
