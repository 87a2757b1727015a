/* codec/mux_frame: the frames of mux.md, lengths, damage. */
#include "unit.h"

#include <string.h>

#include "codec/mux_frame.h"
#include "octets.h"

#define CR true
#define PF true

/* mux.md Opening bytes, other frames: what each holds. */
static const struct {
	const char *bytes;
	struct mux_frame f;
	const char *info;
} known[] = {
	{ "F9 03 3F 01 1C F9", { MUX_SABM, 0, CR, PF }, "" },
	{ "F9 03 73 01 D7 F9", { MUX_UA, 0, CR, PF }, "" },
	{ "F9 07 3F 01 DE F9", { MUX_SABM, 1, CR, PF }, "" },
	{ "F9 07 73 01 15 F9", { MUX_UA, 1, CR, PF }, "" },
	{ "F9 0B 3F 01 59 F9", { MUX_SABM, 2, CR, PF }, "" },
	{ "F9 0B 73 01 92 F9", { MUX_UA, 2, CR, PF }, "" },
	{ "F9 0F 3F 01 9B F9", { MUX_SABM, 3, CR, PF }, "" },
	{ "F9 0F 73 01 50 F9", { MUX_UA, 3, CR, PF }, "" },
	{ "F9 13 3F 01 96 F9", { MUX_SABM, 4, CR, PF }, "" },
	{ "F9 13 73 01 5D F9", { MUX_UA, 4, CR, PF }, "" },
	{ "F9 03 EF 09 E3 05 07 0D FB F9", { MUX_UIH, 0, CR, 0, 4 }, "E3 05 07 0D" },
	{ "F9 01 EF 09 E1 05 07 0D 9A F9", { MUX_UIH, 0, 0, 0, 4 }, "E1 05 07 0D" },
	{ "F9 01 EF 09 E3 05 07 0D 9A F9", { MUX_UIH, 0, 0, 0, 4 }, "E3 05 07 0D" },
	{ "F9 03 EF 09 E1 05 07 0D FB F9", { MUX_UIH, 0, CR, 0, 4 }, "E1 05 07 0D" },
	{ "F9 07 EF 07 41 54 0D D3 F9", { MUX_UIH, 1, CR, 0, 3 }, "41 54 0D" },
	{ "F9 05 EF 07 41 54 0D B2 F9", { MUX_UIH, 1, 0, 0, 3 }, "41 54 0D" },
	{ "F9 05 EF 0D 0D 0A 4F 4B 0D 0A 5F F9", { MUX_UIH, 1, 0, 0, 6 },
		"0D 0A 4F 4B 0D 0A" },
	{ "F9 03 EF 05 C3 01 F2 F9", { MUX_UIH, 0, CR, 0, 2 }, "C3 01" },
	{ "F9 01 EF 05 C1 01 93 F9", { MUX_UIH, 0, 0, 0, 2 }, "C1 01" },
	{ "F9 03 53 01 FD F9", { MUX_DISC, 0, CR, PF }, "" },
	{ "F9 17 3F 01 54 F9", { MUX_SABM, 5, CR, PF }, "" },
	{ "F9 17 1F 01 7E F9", { MUX_DM, 5, CR, PF }, "" },
	{ "F9 07 53 01 3F F9", { MUX_DISC, 1, CR, PF }, "" },
	{ "F9 03 1F 01 36 F9", { MUX_DM, 0, CR, PF }, "" },
	{ "F9 03 EF 15 83 11 01 00 07 0A 1F 00 03 00 EE F9", { MUX_UIH, 0, CR, 0, 10 },
		"83 11 01 00 07 0A 1F 00 03 00" },
	{ "F9 01 EF 15 81 11 01 00 07 0A 1F 00 03 00 8F F9", { MUX_UIH, 0, 0, 0, 10 },
		"81 11 01 00 07 0A 1F 00 03 00" },
	{ "F9 03 EF 05 43 01 F2 F9", { MUX_UIH, 0, CR, 0, 2 }, "43 01" },
	{ "F9 01 EF 05 41 01 93 F9", { MUX_UIH, 0, 0, 0, 2 }, "41 01" },
	{ "F9 03 EF 0D 23 09 50 49 4E 47 FC F9", { MUX_UIH, 0, CR, 0, 6 },
		"23 09 50 49 4E 47" },
	{ "F9 01 EF 0D 21 09 50 49 4E 47 9D F9", { MUX_UIH, 0, 0, 0, 6 },
		"21 09 50 49 4E 47" },
	{ "F9 01 EF 07 11 03 63 70 F9", { MUX_UIH, 0, 0, 0, 3 }, "11 03 63" },
};

/* The number of good frames; the last of them is left in d. */
static int feed(struct mux_decoder *d, const uint8_t *p, size_t len)
{
	int frames = 0;
	size_t i;

	for (i = 0; i < len; i++)
		frames += mux_decode(d, p[i]);
	return frames;
}

static void the_frames_of_the_reference_are_read_and_written(void **state)
{
	uint8_t line[64], info[64], mem[64];
	struct mux_decoder d;
	struct mux_frame f;
	struct buf b;
	size_t i, n;

	(void)state;
	mux_decoder_init(&d, 31);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		n = octets_of(known[i].bytes, line);
		f = known[i].f;
		assert_int_equal(octets_of(known[i].info, info), f.len);
		assert_int_equal(feed(&d, line, n), 1);
		assert_int_equal(d.frame.type, f.type);
		assert_int_equal(d.frame.dlci, f.dlci);
		assert_int_equal(d.frame.cr, f.cr);
		assert_int_equal(d.frame.pf, f.pf);
		assert_int_equal(d.frame.len, f.len);
		assert_memory_equal(d.frame.info, info, f.len);
		f.info = info;
		buf_init(&b, mem, sizeof(mem));
		assert_true(mux_encode(&b, &f));
		assert_int_equal(b.len, n);
		assert_memory_equal(mem, line, n);
	}
	assert_int_equal(d.faults, 0);
}

/* A data frame of DLC 1 with so many octets. */
static size_t frame(uint8_t *mem, size_t size, uint8_t type, size_t len)
{
	uint8_t info[MUX_INFO_MAX];
	struct buf b;
	size_t i;

	for (i = 0; i < len; i++)
		info[i] = (uint8_t)(i * 7);
	buf_init(&b, mem, size);
	mux_encode(&b, &(struct mux_frame){ type, 1, true, false, len, info });
	return b.len;
}

static void any_length_up_to_n1_is_read(void **state)
{
	uint8_t mem[MUX_FRAME_MAX];
	struct mux_decoder d;
	size_t len, n;

	(void)state;
	for (len = 0; len <= MUX_INFO_MAX; len++) {
		mux_decoder_init(&d, MUX_INFO_MAX);
		n = frame(mem, sizeof(mem), MUX_UIH, len);
		assert_int_equal(n, len + (len > 127 ? 7 : 6));
		assert_int_equal(feed(&d, mem, n), 1);
		assert_int_equal(d.frame.len, len);
	}
	assert_int_equal(d.frame.info[254], (uint8_t)(254 * 7));
}

static void a_frame_that_does_not_fit_is_not_written(void **state)
{
	uint8_t mem[MUX_FRAME_MAX];

	(void)state;
	assert_int_equal(frame(mem, 10, MUX_UIH, 5), 0);
	assert_int_equal(frame(mem, 11, MUX_UIH, 5), 11);
}

static void more_than_n1_is_skipped(void **state)
{
	uint8_t mem[2 * MUX_FRAME_MAX];
	struct mux_decoder d;
	size_t n;

	(void)state;
	mux_decoder_init(&d, 31);
	n = frame(mem, sizeof(mem), MUX_UIH, 32);
	assert_int_equal(feed(&d, mem, n), 0);
	assert_int_equal(d.faults, MUX_TOO_LONG);
	n = frame(mem, sizeof(mem), MUX_UIH, 200);
	assert_int_equal(feed(&d, mem, n), 0);
	n = frame(mem, sizeof(mem), MUX_UIH, 31);
	assert_int_equal(feed(&d, mem, n), 1);
}

static void a_flag_may_be_shared_or_repeated(void **state)
{
	uint8_t mem[64];
	struct mux_decoder d;
	size_t n;

	(void)state;
	mux_decoder_init(&d, 31);
	n = frame(mem, sizeof(mem), MUX_UIH, 5);
	assert_int_equal(feed(&d, mem, n), 1);
	assert_int_equal(feed(&d, mem + 1, n - 1), 1);
	assert_int_equal(feed(&d, (const uint8_t *)"\xf9\xf9\xf9", 3), 0);
	assert_int_equal(feed(&d, mem + 1, n - 1), 1);
	assert_int_equal(d.faults, 0);
}

static void a_flag_within_the_information_is_data(void **state)
{
	const uint8_t info[] = { 0xf9, 0xf9, 0x01, 0xf9 };
	uint8_t mem[32];
	struct mux_decoder d;
	struct buf b;

	(void)state;
	mux_decoder_init(&d, 31);
	buf_init(&b, mem, sizeof(mem));
	mux_encode(&b, &(struct mux_frame){ MUX_UIH, 1, true, false, 4, info });
	assert_int_equal(feed(&d, mem, b.len), 1);
	assert_memory_equal(d.frame.info, info, sizeof(info));
}

static void after_damage_the_next_frame_is_read(void **state)
{
	uint8_t mem[64], bad[64];
	struct mux_decoder d;
	size_t n, i;

	(void)state;
	n = frame(mem, sizeof(mem), MUX_UIH, 5);
	for (i = 0; i < n; i++) {
		if (i >= 4 && i < 9)
			continue; /* UIH does not protect its information */
		mux_decoder_init(&d, 31);
		memcpy(bad, mem, n);
		bad[i] ^= 0x10;
		feed(&d, bad, n);
		/* a wrong length may take the next frames with it: N1 limits how many */
		feed(&d, mem, n);
		feed(&d, mem, n);
		feed(&d, mem, n);
		feed(&d, mem, n);
		assert_int_equal(feed(&d, mem, n), 1);
	}
}

static void bytes_that_are_no_frame_do_not_take_the_next_one(void **state)
{
	uint8_t mem[64];
	struct mux_decoder d;
	size_t n = frame(mem, sizeof(mem), MUX_UIH, 5);

	(void)state;
	mux_decoder_init(&d, 31);
	assert_int_equal(feed(&d, mem, n), 1);
	/* in the place of an address, a control octet and a length */
	assert_int_equal(feed(&d, (const uint8_t *)"AT\r", 3), 0);
	assert_int_equal(d.faults, MUX_BROKEN);
	assert_int_equal(feed(&d, mem, n), 1);
	assert_int_equal(feed(&d, (const uint8_t *)"A", 1), 0);
	assert_int_equal(feed(&d, mem, n), 1);
}

static void a_ui_frame_protects_its_information(void **state)
{
	uint8_t mem[64];
	struct mux_decoder d;
	size_t n = frame(mem, sizeof(mem), MUX_UI, 5);

	(void)state;
	mux_decoder_init(&d, 31);
	assert_int_equal(feed(&d, mem, n), 1);
	mem[6] ^= 1;
	assert_int_equal(feed(&d, mem, n), 0);
	assert_int_equal(d.faults, MUX_BAD_FCS);
}

static void longer_addresses_and_open_ends_are_skipped(void **state)
{
	const uint8_t address[] = { 0xf9, 0x06, 0x3f, 0x01, 0xde, 0xf9 };
	uint8_t mem[64];
	struct mux_decoder d;
	const size_t n = 11;

	(void)state;
	assert_int_equal(frame(mem, sizeof(mem), MUX_UIH, 5), n);
	mux_decoder_init(&d, 31);
	assert_int_equal(feed(&d, address, sizeof(address)), 0);
	assert_int_equal(d.faults, MUX_BROKEN);
	mem[n - 1] = 'A'; /* not a flag */
	d.faults = 0;
	assert_int_equal(feed(&d, mem, n), 0);
	assert_int_equal(d.faults, MUX_BROKEN);
	mem[n - 1] = MUX_FLAG;
	assert_int_equal(feed(&d, mem, n), 1);
}

static const struct CMUnitTest tests[] = {
	UNIT(the_frames_of_the_reference_are_read_and_written),
	UNIT(any_length_up_to_n1_is_read),
	UNIT(a_frame_that_does_not_fit_is_not_written),
	UNIT(more_than_n1_is_skipped),
	UNIT(a_flag_may_be_shared_or_repeated),
	UNIT(a_flag_within_the_information_is_data),
	UNIT(after_damage_the_next_frame_is_read),
	UNIT(bytes_that_are_no_frame_do_not_take_the_next_one),
	UNIT(a_ui_frame_protects_its_information),
	UNIT(longer_addresses_and_open_ends_are_skipped),
};

UNIT_MAIN(tests)
