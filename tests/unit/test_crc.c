/* codec/crc: the published check values, and that a stream may be split anywhere. */
#include "unit.h"

#include "codec/crc.h"

static const char check[] = "123456789";

static void the_check_values_are_the_published_ones(void **state)
{
	(void)state;
	assert_int_equal(crc16_xmodem(0, check, 9), 0x31c3);
	assert_int_equal(crc32_ieee(0, check, 9), 0xcbf43926);
	assert_int_equal(sum8(0, check, 9), 0xdd);
}

static void no_bytes_sum_to_zero(void **state)
{
	(void)state;
	assert_int_equal(crc16_xmodem(0, NULL, 0), 0);
	assert_int_equal(crc32_ieee(0, NULL, 0), 0);
	assert_int_equal(sum8(7, NULL, 0), 7);
}

static void a_stream_may_be_cut_anywhere(void **state)
{
	size_t cut;

	(void)state;
	for (cut = 0; cut <= 9; cut++) {
		assert_int_equal(
			crc16_xmodem(crc16_xmodem(0, check, cut), check + cut, 9 - cut),
			0x31c3);
		assert_int_equal(
			crc32_ieee(crc32_ieee(0, check, cut), check + cut, 9 - cut),
			0xcbf43926);
	}
}

static void a_block_followed_by_its_crc_sums_to_zero(void **state)
{
	static const uint8_t block[] = { '1', '2', '3', '4', '5', '6', '7', '8', '9',
		0x31, 0xc3 };

	(void)state;
	assert_int_equal(crc16_xmodem(0, block, sizeof(block)), 0);
}

static const struct CMUnitTest tests[] = {
	UNIT(the_check_values_are_the_published_ones),
	UNIT(no_bytes_sum_to_zero),
	UNIT(a_stream_may_be_cut_anywhere),
	UNIT(a_block_followed_by_its_crc_sums_to_zero),
};

UNIT_MAIN(tests)
