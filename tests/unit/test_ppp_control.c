/* codec/ppp_control: headers, packets, options. */
#include "unit.h"

#include <string.h>

#include "codec/ppp_control.h"

static void a_header_may_be_compressed(void **state)
{
	static const struct {
		size_t len;
		uint8_t frame[6];
		size_t head;
		unsigned protocol;
	} cases[] = {
		{ 5, { 0xff, 0x03, 0xc0, 0x21, 1 }, 4, PPP_LCP },
		{ 5, { 0xff, 0x03, 0x00, 0x21, 1 }, 4, PPP_IP },
		{ 4, { 0xff, 0x03, 0x21, 1 }, 3, PPP_IP },
		{ 3, { 0x00, 0x21, 1 }, 2, PPP_IP }, { 2, { 0x21, 1 }, 1, PPP_IP },
		{ 1, { 0x21 }, 1, PPP_IP }, { 3, { 0x80, 0x21, 1 }, 2, PPP_IPCP },
		{ 0, { 0 }, 0, 0 }, { 1, { 0xff }, 0, 0 }, { 2, { 0xff, 0x03 }, 0, 0 },
		{ 3, { 0xff, 0x04, 0x21 }, 0, 0 }, { 1, { 0x80 }, 0, 0 },
		{ 2, { 0x80, 0x20 }, 0, 0 }, /* no protocol is even */
	};
	unsigned protocol;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		protocol = 0;
		assert_int_equal(ppp_header_read(cases[i].frame, cases[i].len, &protocol),
			cases[i].head);
		if (cases[i].head)
			assert_int_equal(protocol, cases[i].protocol);
	}
}

static void a_header_is_written_as_negotiated(void **state)
{
	uint8_t out[4];

	(void)state;
	assert_int_equal(ppp_header_write(out, PPP_IP, false, false), 4);
	assert_memory_equal(out, "\xff\x03\x00\x21", 4);
	assert_int_equal(ppp_header_write(out, PPP_IP, true, false), 2);
	assert_memory_equal(out, "\x00\x21", 2);
	assert_int_equal(ppp_header_write(out, PPP_IP, true, true), 1);
	assert_memory_equal(out, "\x21", 1);
	assert_int_equal(ppp_header_write(out, PPP_LCP, true, true), 2);
	assert_memory_equal(out, "\xc0\x21", 2);
}

static void a_packet_is_as_long_as_it_says(void **state)
{
	static const uint8_t good[] = { 9, 7, 0, 6, 0xaa, 0xbb, 0x00, 0x00 };
	struct ppp_control packet;

	(void)state;
	assert_true(ppp_control_read(good, sizeof(good), &packet));
	assert_int_equal(packet.code, 9);
	assert_int_equal(packet.id, 7);
	assert_int_equal(packet.len, 2); /* the rest is padding */
	assert_memory_equal(packet.data, good + 4, 2);
	assert_false(ppp_control_read(good, 5, &packet));
	assert_false(ppp_control_read(good, 3, &packet));
	assert_false(ppp_control_read((const uint8_t *)"\1\1\0\3", 4, &packet));
}

static void options_that_are_not_whole_are_found(void **state)
{
	static const uint8_t data[] = { 1, 4, 5, 0xdc, 7, 2, 3, 4, 0xc0, 0x23 };
	struct ppp_control packet = { 1, 1, data, sizeof(data) };
	struct ppp_option option;
	size_t at = 0;

	(void)state;
	assert_true(ppp_options_whole(&packet));
	assert_true(ppp_option_next(&packet, &at, &option));
	assert_int_equal(option.type, 1);
	assert_int_equal(option.len, 2);
	assert_true(ppp_option_next(&packet, &at, &option));
	assert_int_equal(option.len, 0);
	assert_true(ppp_option_next(&packet, &at, &option));
	assert_int_equal(ppp_get16(option.value), PPP_PAP);
	assert_false(ppp_option_next(&packet, &at, &option));
	packet.len = 9;
	assert_false(ppp_options_whole(&packet));
	packet.len = 7;
	assert_false(ppp_options_whole(&packet));
	packet = (struct ppp_control){ 1, 1, (const uint8_t *)"\7\1", 2 };
	assert_false(ppp_options_whole(&packet));
	packet.len = 0;
	assert_true(ppp_options_whole(&packet));
}

static void what_does_not_fit_is_not_written(void **state)
{
	const struct ppp_control packet = { 1, 2, (const uint8_t *)"abc", 3 };
	const struct ppp_option option = { 3, (const uint8_t *)"abcd", 4 };
	char mem[8];
	struct buf b;

	(void)state;
	buf_init(&b, mem, 7);
	assert_true(ppp_control_write(&b, &packet));
	assert_memory_equal(mem, "\1\2\0\7abc", 7);
	buf_init(&b, mem, 6);
	assert_false(ppp_control_write(&b, &packet));
	assert_int_equal(b.len, 0);
	assert_true(ppp_option_write(&b, &option));
	assert_memory_equal(mem, "\3\6abcd", 6);
	assert_false(ppp_option_write(&b, &option));
	assert_int_equal(b.len, 6);
}

static const struct CMUnitTest tests[] = {
	UNIT(a_header_may_be_compressed),
	UNIT(a_header_is_written_as_negotiated),
	UNIT(a_packet_is_as_long_as_it_says),
	UNIT(options_that_are_not_whole_are_found),
	UNIT(what_does_not_fit_is_not_written),
};

UNIT_MAIN(tests)
