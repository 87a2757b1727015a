/* The control interface during a download: its events report the progress. */
#include "api_test.h"

#include "image_block.h"
#include "state/image.h"
#include "state/modem_state.h"

#define BLOCKS 60u

static struct port_events port;

static void type(const void *buf, size_t len)
{
	assert_int_equal(port.rx(port.ctx, buf, len), len);
}

/* Sends that many blocks of a firmware. */
static void send_blocks(uint32_t n)
{
	uint8_t b[BLOCK_LEN];
	struct dwl_header h;
	uint32_t i;

	port = wire_events(rig.wire, MODEM_UART1);
	port.dtr(port.ctx, true);
	type("AT+WDWL\r", 8);
	wire_step(rig.wire, SEC(2));
	assert_true(
		image_header(wire_modem(rig.wire)->fw, DWL_FIRMWARE, BLOCKS * BLOCK, &h));
	h.crc = dwl_body_crc(&h);
	for (i = 1; i <= n; i++) {
		image_block(&h, i, b);
		type(b, sizeof(b));
	}
}

static unsigned count(const char *words)
{
	const char *p = answer->body;
	unsigned n = 0;

	while ((p = strstr(p, words))) {
		p++;
		n++;
	}
	return n;
}

static void each_twentieth_of_a_file_is_reported(void **state)
{
	(void)state;
	send_blocks(BLOCKS);
	type("\4", 1);
	get(ONE "/events", "since=0");
	assert_has("\"text\":\"waiting\",\"value\":0}");
	assert_has("\"text\":\"receiving\",\"value\":0,\"file\":{\"kind\":"
		   "\"firmware\",\"block\":0,\"bytes\":0,\"total\":61440}}");
	assert_has("\"text\":\"progress\",\"value\":3072,\"file\":{\"kind\":"
		   "\"firmware\",\"block\":3,\"bytes\":3072,\"total\":61440}}");
	assert_has("\"text\":\"done\",\"value\":61440,\"file\":{\"kind\":"
		   "\"firmware\",\"block\":60,\"bytes\":61440,\"total\":61440}}");
	assert_int_equal(count("\"text\":\"progress\""), 20);
}

/* A user's own file does not state its length. */
static void without_a_length_every_64_kib_are_reported(void **state)
{
	/* the modem of the rig */
	struct modem *m = (struct modem *)(uintptr_t)wire_modem(rig.wire);
	struct flash_image image = { .kind = DWL_DOWNLOADER,
		.firmware = m->flash.firmware };
	uint8_t b[BLOCK_LEN] = { 0x02 };
	uint8_t number;

	(void)state;
	image_fingerprint(b + 3, DWL_HEADER, image.sha256);
	assert_true(flash_bind(&m->flash, &image));
	send_blocks(0);
	for (number = 1; number <= 129; number++) {
		b[1] = number;
		b[2] = (uint8_t)~number;
		type(b, sizeof(b));
	}
	get(ONE "/events", "since=0");
	assert_has("\"text\":\"progress\",\"value\":65536,\"file\":{\"kind\":"
		   "\"downloader\",\"block\":64,\"bytes\":65536,\"total\":null}}");
	assert_int_equal(count("\"text\":\"progress\""), 2);
}

static void the_progress_can_also_be_queried(void **state)
{
	(void)state;
	send_blocks(7);
	get(ONE, NULL);
	assert_has("\"download\":{\"state\":\"between blocks\",\"kind\":"
		   "\"firmware\",\"block\":7,\"bytes\":7168,\"total\":61440}");
	type("\x18\x18", 2);
	get(ONE "/events", "since=0");
	assert_has("\"text\":\"failed\",\"value\":7168,\"file\":{\"kind\":"
		   "\"firmware\",\"block\":7");
	get(ONE, NULL);
	assert_has("\"download\":{\"state\":\"start\",\"kind\":null,\"block\":0,"
		   "\"bytes\":0,\"total\":null}");
}

static void a_refused_file_has_no_progress(void **state)
{
	static const uint8_t none[3 + 128 + 1] = { 0x01, 0x01, 0xfe };

	(void)state;
	send_blocks(0);
	type(none, sizeof(none));
	get(ONE "/events", "since=0");
	assert_has("\"event\":\"download\",\"text\":\"refused\"");
	assert_null(strstr(answer->body, "\"file\":"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_twentieth_of_a_file_is_reported),
		TEST(without_a_length_every_64_kib_are_reported),
		TEST(the_progress_can_also_be_queried),
		TEST(a_refused_file_has_no_progress),
	};
	int status = cmocka_run_group_tests(tests, NULL, NULL);

	if (answer)
		free(answer->body);
	return status;
}
