/* link/xmodem: start characters, blocks, the end, and input that is not XMODEM. */
#include "xmodem_rig.h"

static void it_asks_with_nak_each_second_without_end(void **state)
{
	int i;

	(void)state;
	begin(&plain);
	TOLD("NAK");
	wait_for(MS(999));
	TOLD("");
	wait_for(MS(1));
	TOLD("NAK");
	for (i = 0; i < 1000; i++) {
		wait_for(SEC(1));
		TOLD("NAK");
	}
}

static void the_first_start_character_may_come_later(void **state)
{
	(void)state;
	begin(&plain);
	xmodem_start(&rig.x, &plain, MS(500));
	told();
	wait_for(MS(499));
	TOLD("");
	wait_for(MS(1));
	TOLD("NAK");
}

static void start_characters_come_in_turn_and_the_last_repeats(void **state)
{
	struct xmodem_conf conf = plain;

	(void)state;
	conf.start[0] = DWL_START_C;
	conf.start[1] = DWL_START_C;
	conf.start[2] = DWL_START_NAK;
	conf.starts = 3;
	begin(&conf);
	wait_for(SEC(4));
	TOLD("C C NAK NAK NAK");
}

static void blocks_of_both_sizes_may_be_mixed(void **state)
{
	(void)state;
	begin(&plain);
	send_block(1, 1024, 'a');
	send_block(2, 128, 'b');
	send_block(3, 1024, 'c');
	RX("\4");
	TOLD("NAK {first 1024 a} ACK {128 b} ACK {1024 c} ACK end ACK");
	assert_int_equal(rig.x.phase, XMODEM_OFF);
	wait_for(SEC(100));
	TOLD("");
}

static void it_takes_crc_where_it_asked_for_it(void **state)
{
	struct xmodem_conf conf = plain;

	(void)state;
	conf.start[0] = DWL_START_C;
	begin(&conf);
	send_block(1, 1024, 'a');
	send_block(2, 128, 'b');
	TOLD("C {first 1024 a} ACK {128 b} ACK");
}

static void a_checksum_is_not_taken_for_a_crc(void **state)
{
	struct xmodem_conf conf = plain;
	uint8_t raw[200];

	(void)state;
	conf.start[0] = DWL_START_C;
	begin(&conf);
	rx(raw, make(raw, 1, 128, false, 'a'));
	TOLD("C");
	wait_for(SEC(1));
	TOLD("NAK");
	begin(&plain);
	rx(raw, make(raw, 1, 128, true, 'a'));
	TOLD("NAK");
	wait_for(SEC(1));
	TOLD("NAK");
}

static void a_sender_may_begin_without_having_been_asked(void **state)
{
	struct xmodem_conf conf = plain;

	(void)state;
	begin(&conf);
	xmodem_start(&rig.x, &plain, SEC(3600));
	told();
	wait_for(SEC(60));
	send_block(1, 1024, 'a');
	TOLD("{first 1024 a} ACK");
}

static void one_byte_at_a_time_is_the_same(void **state)
{
	uint8_t raw[200];
	size_t i, len;

	(void)state;
	begin(&plain);
	len = make(raw, 1, 128, false, 'a');
	for (i = 0; i < len; i++) {
		rx(raw + i, 1);
		wait_for(MS(999));
	}
	RX("\4");
	TOLD("NAK {first 128 a} ACK end ACK");
}

static void block_numbers_go_round_after_255(void **state)
{
	int i;

	(void)state;
	begin(&plain);
	for (i = 1; i <= 600; i++) {
		told();
		send_block((uint8_t)i, 128, 'a');
		TOLD(i == 1 ? "{first 128 a} ACK" : "{128 a} ACK");
	}
	assert_int_equal(rig.x.blocks, 600);
}

static void typed_text_goes_to_its_reader_between_start_characters(void **state)
{
	(void)state;
	begin(&plain);
	RX("rx fw.bin\r");
	wait_for(SEC(1));
	TOLD("NAK r x   f w . b i n \r NAK");
	send_block(1, 128, 'a');
	RX("\4");
	RX("AT");
	TOLD("{first 128 a} ACK end ACK A T");
}

static void rubbish_between_blocks_is_purged_and_not_typed_text(void **state)
{
	(void)state;
	begin(&plain);
	send_block(1, 128, 'a');
	RX("AT\r");
	TOLD("NAK {first 128 a} ACK");
	wait_for(SEC(1));
	TOLD("NAK");
}

static void typed_text_may_stop_it(void **state)
{
	(void)state;
	begin(&plain);
	rig.stop_on_other = true;
	RX("x\1\2");
	TOLD("NAK x \1 \2");
	wait_for(SEC(10));
	TOLD("");
}

static void a_lost_ack_of_eot_is_repeated(void **state)
{
	(void)state;
	begin(&plain);
	send_block(1, 128, 'a');
	RX("\4");
	wait_for(SEC(60));
	RX("\4");
	TOLD("NAK {first 128 a} ACK end ACK ACK");
	xmodem_start(&rig.x, &plain, 0);
	RX("\4");
	TOLD("ACK");
	send_block(1, 128, 'b');
	RX("\4");
	TOLD("{first 128 b} ACK end ACK");
	xmodem_stop(&rig.x);
	RX("\4");
	TOLD("eot");
}

static void an_end_without_a_block_is_not_acknowledged(void **state)
{
	(void)state;
	begin(&plain);
	RX("\4\4\4");
	TOLD("NAK");
	wait_for(SEC(1));
	TOLD("NAK");
}

static void the_first_eot_may_be_refused_on_request(void **state)
{
	struct xmodem_conf conf = plain;

	(void)state;
	conf.nak_eot = true;
	begin(&conf);
	send_block(1, 128, 'a');
	RX("\4");
	TOLD("NAK {first 128 a} ACK NAK");
	RX("\4");
	TOLD("end ACK");
}

static void a_refused_block_stops_it_without_a_word(void **state)
{
	(void)state;
	begin(&plain);
	rig.refuse_block = true;
	send_block(1, 128, 'a');
	RX("\x18\x18\x18\b\bA");
	TOLD("NAK {first 128 a} A");
	wait_for(SEC(100));
	TOLD("");
}

static void a_refused_end_stops_it_without_an_ack(void **state)
{
	(void)state;
	begin(&plain);
	rig.refuse_end = true;
	send_block(1, 128, 'a');
	RX("\4\4");
	TOLD("NAK {first 128 a} ACK end eot");
}

static void a_profile_without_xmodem_gets_the_usual_values(void **state)
{
	static struct firmware f;
	struct xmodem_conf conf;

	(void)state;
	conf = xmodem_conf_of(&f);
	assert_int_equal(conf.start[0], DWL_START_NAK);
	assert_int_equal(conf.starts, 1);
	assert_int_equal(conf.start_period, SEC(1));
	assert_int_equal(conf.block_gap, SEC(1));
	assert_int_equal(conf.block_wait, SEC(10));
	assert_int_equal(conf.retries, 10);
	assert_false(conf.nak_eot);
	f.xmodem.start[0] = DWL_START_C;
	f.xmodem.starts = 2;
	f.xmodem.nak_eot = true;
	f.dwl.start_period = SEC(3);
	f.dwl.block_gap = SEC(2);
	conf = xmodem_conf_of(&f);
	assert_int_equal(conf.start[0], DWL_START_C);
	assert_int_equal(conf.start[1], DWL_START_NAK);
	assert_int_equal(conf.starts, 2);
	assert_int_equal(conf.start_period, SEC(3));
	assert_int_equal(conf.block_gap, SEC(2));
	assert_true(conf.nak_eot);
}

static const struct CMUnitTest tests[] = {
	UNIT(it_asks_with_nak_each_second_without_end),
	UNIT(the_first_start_character_may_come_later),
	UNIT(start_characters_come_in_turn_and_the_last_repeats),
	UNIT(blocks_of_both_sizes_may_be_mixed),
	UNIT(it_takes_crc_where_it_asked_for_it),
	UNIT(a_checksum_is_not_taken_for_a_crc),
	UNIT(a_sender_may_begin_without_having_been_asked),
	UNIT(one_byte_at_a_time_is_the_same),
	UNIT(block_numbers_go_round_after_255),
	UNIT(typed_text_goes_to_its_reader_between_start_characters),
	UNIT(rubbish_between_blocks_is_purged_and_not_typed_text),
	UNIT(typed_text_may_stop_it),
	UNIT(a_lost_ack_of_eot_is_repeated),
	UNIT(an_end_without_a_block_is_not_acknowledged),
	UNIT(the_first_eot_may_be_refused_on_request),
	UNIT(a_refused_block_stops_it_without_a_word),
	UNIT(a_refused_end_stops_it_without_an_ack),
	UNIT(a_profile_without_xmodem_gets_the_usual_values),
};

UNIT_MAIN(tests)
