/* link/xmodem: damage, repetition, wrong order, silence and cancelling. */
#include "xmodem_rig.h"

static void a_repeated_block_is_acknowledged_and_not_stored(void **state)
{
	(void)state;
	begin(&plain);
	send_block(1, 128, 'a');
	wait_for(SEC(5));
	send_block(1, 128, 'a');
	send_block(2, 128, 'b');
	send_block(2, 128, 'b');
	TOLD("NAK {first 128 a} ACK ACK {128 b} ACK ACK");
}

static void a_damaged_repetition_is_asked_for_again(void **state)
{
	(void)state;
	begin(&plain);
	send_block(1, 128, 'a');
	send_bad(1, 'a');
	TOLD("NAK {first 128 a} ACK");
	wait_for(SEC(1));
	TOLD("NAK");
}

static void a_block_out_of_order_ends_it_with_three_cans(void **state)
{
	(void)state;
	begin(&plain);
	send_block(1, 128, 'a');
	send_block(3, 128, 'c');
	TOLD("NAK {first 128 a} ACK CAN CAN CAN block out of order");
	begin(&plain);
	send_block(2, 128, 'b');
	TOLD("NAK CAN CAN CAN block out of order");
	begin(&plain);
	send_block(0, 128, 'b');
	TOLD("NAK CAN CAN CAN block out of order");
	begin(&plain);
	send_block(1, 128, 'a');
	send_block(2, 128, 'b');
	send_block(1, 128, 'a');
	TOLD("NAK {first 128 a} ACK {128 b} ACK CAN CAN CAN block out of order");
}

static void a_bad_block_is_refused_when_the_line_is_idle(void **state)
{
	(void)state;
	begin(&plain);
	send_block(1, 128, 'a');
	told();
	send_bad(2, 'b');
	wait_for(MS(600));
	RX("rubbish\1\2\3\4");
	wait_for(MS(999));
	TOLD("");
	wait_for(MS(1));
	TOLD("NAK");
	send_block(2, 128, 'b');
	TOLD("{128 b} ACK");
}

static void a_bad_complement_is_a_bad_block(void **state)
{
	uint8_t raw[200];
	size_t len;

	(void)state;
	begin(&plain);
	len = make(raw, 1, 128, false, 'a');
	raw[2] ^= 1;
	rx(raw, len);
	TOLD("NAK");
	wait_for(SEC(1));
	TOLD("NAK");
	raw[2] ^= 1;
	rx(raw, len);
	TOLD("{first 128 a} ACK");
}

static void a_short_block_is_a_bad_block_after_a_second(void **state)
{
	uint8_t raw[200];
	size_t len;

	(void)state;
	begin(&plain);
	len = make(raw, 1, 128, false, 'a');
	rx(raw, len - 1);
	told();
	wait_for(MS(999));
	TOLD("");
	wait_for(MS(1));
	TOLD("NAK");
	rx(raw, len);
	TOLD("{first 128 a} ACK");
}

static void a_bad_first_block_is_not_followed_by_more_start_characters(void **state)
{
	struct xmodem_conf conf = plain;

	(void)state;
	conf.start[0] = DWL_START_C;
	conf.start[1] = DWL_START_NAK;
	conf.starts = 2;
	begin(&conf);
	send_bad(1, 'a');
	wait_for(SEC(1));
	TOLD("C NAK");
	wait_for(SEC(9));
	TOLD("");
	/* the NAK requested the block, not checksums */
	send_block(1, 128, 'a');
	TOLD("{first 128 a} ACK");
	begin(&conf);
	send_bad(1, 'a');
	wait_for(SEC(1));
	wait_for(SEC(10));
	TOLD("C NAK NAK");
	assert_false(rig.x.crc);
}

static void after_ten_refusals_it_gives_up(void **state)
{
	int i;

	(void)state;
	begin(&plain);
	send_block(1, 128, 'a');
	told();
	for (i = 0; i < 10; i++) {
		send_bad(2, 'b');
		wait_for(SEC(1));
		TOLD("NAK");
	}
	send_bad(2, 'b');
	wait_for(SEC(1));
	TOLD("CAN CAN too many retries");
	wait_for(SEC(100));
	TOLD("");
}

static void a_good_block_starts_the_count_again(void **state)
{
	int n, i;

	(void)state;
	begin(&plain);
	for (n = 1; n < 5; n++) {
		for (i = 0; i < 10; i++) {
			send_bad((uint8_t)n, 'b');
			wait_for(SEC(1));
		}
		told();
		send_block((uint8_t)n, 128, 'a');
		TOLD(n == 1 ? "{first 128 a} ACK" : "{128 a} ACK");
	}
}

static void silence_between_blocks_is_asked_ten_times(void **state)
{
	int i;

	(void)state;
	begin(&plain);
	send_block(1, 128, 'a');
	told();
	for (i = 0; i < 10; i++) {
		wait_for(SEC(10) - 1);
		TOLD("");
		wait_for(1);
		TOLD("NAK");
	}
	wait_for(SEC(10));
	TOLD("CAN CAN too many retries");
}

static void two_cans_cancel_and_one_does_not(void **state)
{
	(void)state;
	begin(&plain);
	RX("\x18");
	send_block(1, 128, 'a');
	RX("\x18");
	send_block(2, 128, 'b');
	TOLD("NAK {first 128 a} ACK {128 b} ACK");
	RX("\x18");
	wait_for(SEC(2));
	RX("\x18");
	TOLD("cancelled by the sender");
	wait_for(SEC(100));
	TOLD("");
}

static void two_cans_cancel_before_the_first_block(void **state)
{
	(void)state;
	begin(&plain);
	RX("\x18x\x18");
	TOLD("NAK x");
	RX("\x18");
	TOLD("cancelled by the sender");
}

static void the_end_of_a_cancel_is_swallowed(void **state)
{
	(void)state;
	begin(&plain);
	rig.restart = true;
	RX("\x18\x18\x18\x18\x18\x18\x18\x18\x18\x18\b\b\b\b\b\b\b\b\b\bA");
	TOLD("NAK cancelled by the sender A");
	wait_for(SEC(1));
	TOLD("NAK");
	RX("\x18\x18\b");
	TOLD("cancelled by the sender");
}

static void a_cancel_within_a_block_is_seen_when_the_line_is_idle(void **state)
{
	uint8_t raw[200];

	(void)state;
	begin(&plain);
	make(raw, 1, 128, false, 'a');
	rx(raw, 60);
	RX("\x18\b\b");
	wait_for(SEC(1));
	TOLD("NAK NAK");
	rx(raw, 60);
	RX("\x18\x18\b\b");
	TOLD("");
	wait_for(SEC(1));
	TOLD("cancelled by the sender");
}

static void a_cancel_in_rubbish_counts_only_at_its_end(void **state)
{
	(void)state;
	begin(&plain);
	send_block(1, 128, 'a');
	send_bad(2, 'b');
	RX("\x18\x18x");
	told();
	wait_for(SEC(1));
	TOLD("NAK");
	send_bad(2, 'b');
	RX("\x18\b\x18");
	wait_for(SEC(1));
	TOLD("NAK");
	send_bad(2, 'b');
	RX("\x18\x18\b\b");
	wait_for(SEC(1));
	TOLD("cancelled by the sender");
}

static void cans_in_a_block_are_data(void **state)
{
	(void)state;
	begin(&plain);
	send_block(1, 128, '\x18');
	send_block(2, 128, '\4');
	assert_int_equal(rig.x.blocks, 2);
}

static void a_sender_on_a_bad_line_gets_its_file_across(void **state)
{
	struct rand r;
	int n = 1, sent = 0;

	(void)state;
	rand_init(&r, 5);
	begin(&plain);
	while (n <= 300) {
		assert_true(++sent < 1000);
		told();
		if (rand_below(&r, 1000) < 300) {
			send_bad((uint8_t)n, 'a');
			wait_for(SEC(1));
			TOLD("NAK");
			continue;
		}
		send_block((uint8_t)n, rand_below(&r, 1000) < 500 ? 128 : 1024, 'a');
		if (rand_below(&r, 1000) < 900) /* otherwise the ACK is lost */
			n++;
	}
	assert_int_equal(rig.x.blocks, 300);
}

static void want(enum xmodem_moment at, enum xmodem_answer how, int times)
{
	rig.how[at] = how;
	rig.times = times;
}

static void its_user_may_refuse(void **state)
{
	(void)state;
	begin(&plain);
	want(XMODEM_AT_BLOCK, XMODEM_REFUSE, 2);
	send_block(1, 128, 'a');
	wait_for(SEC(1));
	send_block(1, 128, 'a');
	wait_for(SEC(1));
	send_block(1, 128, 'a');
	TOLD("NAK NAK NAK {first 128 a} ACK");
	want(XMODEM_AT_EOT, XMODEM_REFUSE, 1);
	RX("\4\4");
	TOLD("NAK end ACK");
	begin(&plain);
	want(XMODEM_AT_ASK, XMODEM_REFUSE, 1);
	wait_for(SEC(1));
	TOLD("NAK NAK");
}

static void its_user_may_be_silent(void **state)
{
	(void)state;
	begin(&plain);
	want(XMODEM_AT_ASK, XMODEM_SILENT, 2);
	wait_for(SEC(3));
	TOLD("NAK NAK");
	want(XMODEM_AT_BLOCK, XMODEM_SILENT, 1);
	send_block(1, 128, 'a');
	TOLD("{first 128 a}");
	wait_for(SEC(10));
	send_block(1, 128, 'a');
	TOLD("NAK ACK");
	want(XMODEM_AT_EOT, XMODEM_SILENT, 1);
	RX("\4");
	TOLD("");
	wait_for(SEC(10));
	RX("\4");
	TOLD("NAK end ACK");
}

static void its_user_may_answer_later(void **state)
{
	(void)state;
	begin(&plain);
	want(XMODEM_AT_ASK, XMODEM_LATER, 1);
	wait_for(SEC(1));
	TOLD("NAK");
	xmodem_answer_now(&rig.x);
	TOLD("NAK");
	want(XMODEM_AT_BLOCK, XMODEM_LATER, 1);
	send_block(1, 128, 'a');
	TOLD("{first 128 a}");
	xmodem_answer_now(&rig.x);
	TOLD("ACK");
	want(XMODEM_AT_EOT, XMODEM_LATER, 1);
	RX("\4");
	TOLD("");
	xmodem_answer_now(&rig.x);
	TOLD("end ACK");
	xmodem_answer_now(&rig.x);
	TOLD("");
}

static void a_late_answer_brings_no_complaint_about_the_silence(void **state)
{
	(void)state;
	begin(&plain);
	wait_for(SEC(1));
	TOLD("NAK NAK");
	want(XMODEM_AT_BLOCK, XMODEM_LATER, 1);
	send_block(1, 128, 'a');
	wait_for(SEC(35));
	TOLD("{first 128 a}");
	/* a sender that has run out of patience gets one answer */
	send_block(1, 128, 'a');
	wait_for(SEC(9));
	TOLD("");
	xmodem_answer_now(&rig.x);
	TOLD("ACK");
	/* and from now on the timeout runs */
	wait_for(SEC(9));
	TOLD("");
	wait_for(SEC(1));
	TOLD("NAK");
	want(XMODEM_AT_EOT, XMODEM_LATER, 1);
	RX("\4");
	wait_for(SEC(35));
	RX("\4");
	TOLD("");
	xmodem_answer_now(&rig.x);
	TOLD("end ACK");
}

static void its_user_may_give_up(void **state)
{
	(void)state;
	begin(&plain);
	want(XMODEM_AT_ASK, XMODEM_GIVE_UP, 1);
	wait_for(SEC(1));
	TOLD("NAK CAN CAN given up");
	begin(&plain);
	want(XMODEM_AT_BLOCK, XMODEM_GIVE_UP, 1);
	send_block(1, 128, 'a');
	TOLD("NAK CAN CAN given up");
	begin(&plain);
	send_block(1, 128, 'a');
	want(XMODEM_AT_EOT, XMODEM_GIVE_UP, 1);
	RX("\4");
	TOLD("NAK {first 128 a} ACK CAN CAN given up");
}

static const struct CMUnitTest tests[] = {
	UNIT(a_repeated_block_is_acknowledged_and_not_stored),
	UNIT(a_damaged_repetition_is_asked_for_again),
	UNIT(a_block_out_of_order_ends_it_with_three_cans),
	UNIT(a_bad_block_is_refused_when_the_line_is_idle),
	UNIT(a_bad_complement_is_a_bad_block),
	UNIT(a_short_block_is_a_bad_block_after_a_second),
	UNIT(a_bad_first_block_is_not_followed_by_more_start_characters),
	UNIT(after_ten_refusals_it_gives_up),
	UNIT(a_good_block_starts_the_count_again),
	UNIT(silence_between_blocks_is_asked_ten_times),
	UNIT(two_cans_cancel_and_one_does_not),
	UNIT(two_cans_cancel_before_the_first_block),
	UNIT(the_end_of_a_cancel_is_swallowed),
	UNIT(a_cancel_within_a_block_is_seen_when_the_line_is_idle),
	UNIT(a_cancel_in_rubbish_counts_only_at_its_end),
	UNIT(cans_in_a_block_are_data),
	UNIT(a_sender_on_a_bad_line_gets_its_file_across),
	UNIT(its_user_may_refuse),
	UNIT(its_user_may_be_silent),
	UNIT(its_user_may_answer_later),
	UNIT(a_late_answer_brings_no_complaint_about_the_silence),
	UNIT(its_user_may_give_up),
};

UNIT_MAIN(tests)
