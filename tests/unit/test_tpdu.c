/* codec/tpdu with address, timestamp, dcs and userdata: published messages octet by
 * octet, every malformed one refused with its reason, and each kind encodes as it was
 * decoded. */
#include "unit.h"

#include <string.h>

#include "codec/hex.h"
#include "codec/tpdu.h"
#include "codec/userdata.h"

static enum pdu_error decode_hex(enum tpdu_kind kind, const char *hex, struct tpdu *t)
{
	uint8_t data[300];
	size_t n;

	assert_true(hex_decode(hex, strlen(hex), data, sizeof(data), &n));
	return tpdu_decode(kind, data, n, t);
}

/* Decodes a PDU of 27.005 and returns the message, which must encode to the same digits.
 */
static struct tpdu expect_pdu(enum tpdu_kind kind, const char *hex, size_t length)
{
	struct address smsc;
	struct tpdu t;
	char mem[400];
	struct buf out;
	size_t back;

	assert_int_equal(tpdu_read(kind, hex, strlen(hex), length, &smsc, &t), PDU_OK);
	buf_init(&out, mem, sizeof(mem));
	assert_true(tpdu_write(&smsc, &t, &out, &back));
	assert_int_equal(back, length);
	buf_putc(&out, 0);
	assert_string_equal(mem, hex);
	return t;
}

static void expect_address(const struct address *a, const char *text, uint8_t type)
{
	char mem[64];
	uint32_t cp[32];
	struct text t;
	struct buf out;

	text_init(&t, cp, 32);
	assert_true(address_text(a, &t));
	buf_init(&out, mem, sizeof(mem));
	assert_true(utf8_encode(t.cp, t.n, &out));
	buf_putc(&out, 0);
	assert_string_equal(mem, text);
	assert_int_equal(a->type, type);
}

static void expect_text(const struct tpdu *t, const char *utf8)
{
	char mem[512];
	uint32_t cp[200];
	struct text text;
	struct buf out;

	text_init(&text, cp, 200);
	assert_true(userdata_text(t, &text));
	buf_init(&out, mem, sizeof(mem));
	assert_true(utf8_encode(text.cp, text.n, &out));
	buf_putc(&out, 0);
	assert_string_equal(mem, utf8);
}

static void expect_time(const uint8_t octets[TIMESTAMP_OCTETS], const char *text)
{
	struct timestamp t, back;
	uint8_t again[TIMESTAMP_OCTETS];
	char mem[32];
	struct buf out;

	assert_int_equal(timestamp_get(octets, &t), PDU_OK);
	buf_init(&out, mem, sizeof(mem));
	assert_true(timestamp_print(&t, &out));
	buf_putc(&out, 0);
	assert_string_equal(mem, text);
	assert_int_equal(timestamp_parse(text, strlen(text), &back), PDU_OK);
	timestamp_put(&back, again);
	assert_memory_equal(again, octets, sizeof(again));
	timestamp_from_unix(timestamp_unix(&t), t.zone, &back);
	assert_memory_equal(&back, &t, sizeof(t));
}

static void a_submit_is_read_field_by_field(void **state)
{
	struct tpdu t = expect_pdu(
		TPDU_SUBMIT, "0011000B913316325476F80000A705C8329BFD06", 19);

	(void)state;
	assert_int_equal(t.fo, 0x11);
	assert_int_equal(tpdu_validity(&t), VALIDITY_RELATIVE);
	assert_int_equal(validity_seconds(VALIDITY_RELATIVE, &t.vp, 0), 24 * 3600);
	expect_address(&t.address, "+33612345678", ADDRESS_INTERNATIONAL);
	expect_text(&t, "Hello");

	t = expect_pdu(TPDU_SUBMIT, "0031000B913316325476F80000A705C8329BFD06", 19);
	assert_true(t.fo & TPDU_SRR);
	t = expect_pdu(TPDU_SUBMIT, "0001030691214365000004C9E9340B", 14);
	assert_int_equal(t.mr, 3);
	expect_address(&t.address, "+123456", ADDRESS_INTERNATIONAL);
	expect_text(&t, "ISSY");
	t = expect_pdu(TPDU_SUBMIT, "0001000A816021436587000806004800E920AC", 18);
	expect_address(&t.address, "0612345678", ADDRESS_UNKNOWN);
	expect_text(&t, "H\xc3\xa9\xe2\x82\xac");
}

static void a_deliver_is_read_field_by_field(void **state)
{
	struct tpdu t = expect_pdu(TPDU_DELIVER,
		"07913306091093F0040B913316325476F800001130512103544005C8329BFD06", 24);

	(void)state;
	assert_true(t.fo & TPDU_MMS);
	expect_address(&t.address, "+33612345678", ADDRESS_INTERNATIONAL);
	expect_time(t.scts, "11/03/15,12:30:45+04");
	expect_text(&t, "Hello");

	t = expect_pdu(TPDU_DELIVER,
		"07913306091093F0040DD0D7A0B5387C360100001130512103544002C834", 22);
	expect_address(&t.address, "WAVECOM", ADDRESS_ALPHANUMERIC);
	expect_text(&t, "Hi");
}

static void messages_of_the_field_are_read(void **state)
{
	struct tpdu t = expect_pdu(TPDU_DELIVER,
		"07912394052035F0240B912374466714F00000909010413061800174", 20);

	(void)state;
	assert_int_equal(t.fo, 0x24);
	expect_address(&t.address, "+32476476410", ADDRESS_INTERNATIONAL);
	expect_time(t.scts, "09/09/01,14:03:16+08");
	expect_text(&t, "t");

	t = expect_pdu(TPDU_DELIVER,
		"07913366003000F3040B913366920547F40013001190412530400741AA8E5A9C5201",
		26);
	assert_int_equal(dcs_sms(t.dcs).class, 3);
	expect_text(&t, "AT:TEST");
}

static void data_of_8_bits_is_not_text(void **state)
{
	struct tpdu t = expect_pdu(
		TPDU_SUBMIT, "0011000A8160214365870004A704DEADBEEF", 17);
	struct text none = { NULL, 0, 0, false };
	const uint8_t *data;
	size_t n;

	(void)state;
	data = userdata_octets(&t, &n);
	assert_int_equal(n, 4);
	assert_memory_equal(data, "\xde\xad\xbe\xef", 4);
	assert_false(userdata_text(&t, &none));
}

static void a_status_report_is_read_field_by_field(void **state)
{
	struct tpdu t = expect_pdu(TPDU_STATUS_REPORT,
		"07913306091093F006070B913316325476F8113051210354401130512103954000", 25);

	(void)state;
	assert_int_equal(t.mr, 7);
	assert_int_equal(t.st, 0);
	assert_false(t.has_pi);
	expect_time(t.scts, "11/03/15,12:30:45+04");
	expect_time(t.dt, "11/03/15,12:30:59+04");
	/* with all optional fields */
	t = expect_pdu(TPDU_STATUS_REPORT,
		"0006070B913316325476F811305121035440113051210395404107000002C834", 31);
	assert_int_equal(t.st, 0x41);
	expect_text(&t, "Hi");
}

static void the_parts_of_a_message_are_reported(void **state)
{
	struct tpdu t = expect_pdu(TPDU_SUBMIT,
		"0051000B913316325476F80000A7100500032A0201A061391DF4769741", 28);
	struct userdata_concat c;
	struct userdata_ie ie;
	size_t at = 0;

	(void)state;
	expect_text(&t, "Part one ");
	assert_true(userdata_get_concat(&t, &c));
	assert_int_equal(c.ref, 0x2a);
	assert_int_equal(c.total, 2);
	assert_int_equal(c.at, 1);
	assert_false(c.wide);
	assert_true(userdata_next(&t, &at, &ie));
	assert_int_equal(ie.id, USERDATA_CONCAT8);
	assert_false(userdata_next(&t, &at, &ie));

	t = expect_pdu(TPDU_SUBMIT,
		"0051000B913316325476F80000A70F0500032A0202E061391D44BFBF01", 28);
	expect_text(&t, "part two");
	assert_true(userdata_get_concat(&t, &c));
	assert_int_equal(c.at, 2);
}

static void acknowledgements_and_commands_keep_their_octets(void **state)
{
	struct tpdu t = expect_pdu(TPDU_DELIVER_ACK, "000000", 2);

	(void)state;
	assert_int_equal(t.pi, 0);
	t = expect_pdu(TPDU_DELIVER_ERROR, "0000FF00", 3);
	assert_int_equal(t.fcs, 0xff);
	t = expect_pdu(TPDU_DELIVER_ERROR, "0000D307000802004F", 8);
	assert_int_equal(t.dcs, 8);
	expect_text(&t, "O");
	expect_pdu(TPDU_SUBMIT_ACK, "00010011305121035440", 9);
	expect_pdu(TPDU_SUBMIT_ERROR, "0001C50011305121035440", 10);
	t = expect_pdu(TPDU_COMMAND, "002205000207049121430200FF", 12);
	assert_int_equal(t.mr, 5);
	assert_int_equal(t.ct, 2);
	assert_int_equal(t.mn, 7);
	assert_int_equal(t.ud_octets, 2);
}

static void the_first_octet_and_the_direction_tell_the_kind(void **state)
{
	(void)state;
	assert_int_equal(tpdu_kind(0x24, true, false), TPDU_DELIVER);
	assert_int_equal(tpdu_kind(0x00, false, true), TPDU_DELIVER_ACK);
	assert_int_equal(tpdu_kind(0x00, false, false), -1);
	assert_int_equal(tpdu_kind(0x31, false, false), TPDU_SUBMIT);
	assert_int_equal(tpdu_kind(0x01, true, true), TPDU_SUBMIT_ACK);
	assert_int_equal(tpdu_kind(0x06, true, false), TPDU_STATUS_REPORT);
	assert_int_equal(tpdu_kind(0x22, false, false), TPDU_COMMAND);
	assert_int_equal(tpdu_kind(0x03, true, false), -1);
}

static const struct {
	enum tpdu_kind kind;
	const char *hex;
	enum pdu_error error;
} malformed[] = {
	{ TPDU_SUBMIT, "", PDU_SHORT },
	{ TPDU_SUBMIT, "11", PDU_SHORT },
	{ TPDU_SUBMIT, "1000", PDU_TYPE },
	{ TPDU_SUBMIT, "13000B913316325476F80000A700", PDU_TYPE },
	{ TPDU_DELIVER, "0100", PDU_TYPE },
	{ TPDU_SUBMIT, "11000B913316325476F80000A705C8329BFD", PDU_SHORT },
	{ TPDU_SUBMIT, "11000B913316325476F80000A705C8329BFD0600", PDU_LONG },
	{ TPDU_SUBMIT, "11000B913316325476F80000A7", PDU_SHORT },
	/* 21 digits; no bit 7; filler inside; a digit instead of the filler */
	{ TPDU_SUBMIT, "01001591112233445566778899AABBF000000000", PDU_ADDRESS_LENGTH },
	{ TPDU_SUBMIT, "01000B113316325476F8000000", PDU_ADDRESS_TYPE },
	{ TPDU_SUBMIT, "01000B9133F6325476F8000000", PDU_ADDRESS_DIGIT },
	{ TPDU_SUBMIT, "01000B91331632547608000000", PDU_ADDRESS_FILLER },
	{ TPDU_SUBMIT, "01000A9133163254F6000000", PDU_ADDRESS_DIGIT },
	/* absolute validity: month 13, a letter as a digit, 30 February, too short */
	{ TPDU_SUBMIT, "19000491214300001131512103544000", PDU_VALIDITY },
	{ TPDU_SUBMIT, "190004912143000011A0512103544000", PDU_VALIDITY },
	{ TPDU_SUBMIT, "19000491214300001120032103544000", PDU_VALIDITY },
	{ TPDU_SUBMIT, "19000491214300001130512103544000", PDU_OK },
	{ TPDU_SUBMIT, "1900049121430000113051210354", PDU_SHORT },
	/* enhanced: reserved, 0 seconds, 6 minutes, 60 minutes, indicators without end */
	{ TPDU_SUBMIT, "09000491214300000700000000000000", PDU_VALIDITY },
	{ TPDU_SUBMIT, "09000491214300000200000000000000", PDU_VALIDITY },
	{ TPDU_SUBMIT, "09000491214300000300600000000000", PDU_OK },
	{ TPDU_SUBMIT, "09000491214300000300060000000000", PDU_VALIDITY },
	{ TPDU_SUBMIT, "09000491214300008080808080808000", PDU_VALIDITY },
	/* user data of 161 septets, 141 octets */
	{ TPDU_SUBMIT, "0100049121430000A1", PDU_USER_DATA },
	{ TPDU_SUBMIT, "01000491214300048D", PDU_USER_DATA },
	/* headers: missing, beyond the data, beyond the septets counted, an element past
	 * the end, half an element */
	{ TPDU_SUBMIT, "410004912143000400", PDU_HEADER_LENGTH },
	{ TPDU_SUBMIT, "410004912143000403050003", PDU_HEADER_LENGTH },
	{ TPDU_SUBMIT, "4100049121430000060500032A0201", PDU_HEADER_LENGTH },
	{ TPDU_SUBMIT, "41000491214300040403000302", PDU_HEADER_ELEMENT },
	{ TPDU_SUBMIT, "4100049121430004020100", PDU_HEADER_ELEMENT },
	{ TPDU_STATUS_REPORT, "06070491214311305121035440", PDU_SHORT },
	{ TPDU_DELIVER_ACK, "00", PDU_SHORT },
	{ TPDU_DELIVER_ACK, "0001", PDU_SHORT },
	{ TPDU_DELIVER_ACK, "000080", PDU_LONG },
	{ TPDU_COMMAND, "2205000207049121430200", PDU_SHORT },
};

static void malformed_messages_are_refused_by_name(void **state)
{
	struct tpdu t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		enum pdu_error error = decode_hex(
			malformed[i].kind, malformed[i].hex, &t);

		if (error != malformed[i].error)
			fail_msg("%s: %s, not %s", malformed[i].hex,
				name_of(pdu_error_names, error),
				name_of(pdu_error_names, malformed[i].error));
	}
}

static void every_cut_of_a_message_is_too_short(void **state)
{
	static const struct {
		enum tpdu_kind kind;
		const char *hex;
	} whole[] = {
		{ TPDU_SUBMIT,
			"51000B913316325476F80000A7100500032A0201A061391DF4769741" },
		{ TPDU_SUBMIT, "190004912143000411305121035440021234" },
		{ TPDU_DELIVER, "040B913316325476F800001130512103544005C8329BFD06" },
		{ TPDU_STATUS_REPORT, "06070B913316325476F8113051210354401130512103954041"
				      "07000002C834" },
		{ TPDU_DELIVER_ERROR, "00D307000802004F" },
		{ TPDU_SUBMIT_ERROR, "01C5041130512103544000" },
		{ TPDU_COMMAND, "2205000207049121430200FF" },
	};
	uint8_t data[100];
	size_t i, n, cut, optional;
	struct tpdu t;

	(void)state;
	for (i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		assert_true(hex_decode(
			whole[i].hex, strlen(whole[i].hex), data, sizeof(data), &n));
		assert_int_equal(tpdu_decode(whole[i].kind, data, n, &t), PDU_OK);
		/* a status report may end before its optional fields */
		optional = whole[i].kind == TPDU_STATUS_REPORT ? 25 : n;
		for (cut = 0; cut < n; cut++)
			assert_int_equal(tpdu_decode(whole[i].kind, data, cut, &t),
				cut == optional ? PDU_OK : PDU_SHORT);
		data[n] = 0;
		assert_int_equal(tpdu_decode(whole[i].kind, data, n + 1, &t), PDU_LONG);
	}
}

static void the_pdu_of_a_command_is_checked_in_order(void **state)
{
	static const struct {
		const char *hex;
		size_t length;
		enum pdu_error error;
	} table[] = {
		{ "0011000B913316325476F80000A705C8329BFD06", 19, PDU_OK },
		{ "0011000b913316325476f80000a705c8329bfd06", 19, PDU_OK },
		{ "0011000B913316325476F80000A705C8329BFD06", 20, PDU_COUNT },
		{ "0011000B913316325476F80000A705C8329BFD06", 18, PDU_COUNT },
		{ "0011000B913316325476F80000A705C8329BFD0", 19, PDU_DIGITS },
		{ "0011000B913316325476F80000A705C8329BFDG6", 19, PDU_DIGITS },
		{ "0011000B913316325476F80000A705C8329BFD0 ", 19, PDU_DIGITS },
		{ "01910001", 2, PDU_SMSC_LENGTH },
		{ "0C91112233445566778899AABB0001", 2, PDU_SMSC_LENGTH },
		{ "039121430001", 2, PDU_TYPE },
		{ "0391F1430001", 2, PDU_ADDRESS_DIGIT },
		{ "03912F430001", 2, PDU_ADDRESS_DIGIT },
		{ "031121430001", 2, PDU_ADDRESS_TYPE },
		{ "03D021430001", 2, PDU_ADDRESS_TYPE },
		{ "", 0, PDU_SHORT },
		{ "00", 0, PDU_SHORT },
	};
	char digits[600];
	struct address smsc;
	struct tpdu t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		enum pdu_error error = tpdu_read(TPDU_SUBMIT, table[i].hex,
			strlen(table[i].hex), table[i].length, &smsc, &t);

		if (error != table[i].error)
			fail_msg("%s: %s, not %s", table[i].hex,
				name_of(pdu_error_names, error),
				name_of(pdu_error_names, table[i].error));
	}
	memset(digits, '0', sizeof(digits));
	assert_int_equal(tpdu_read(TPDU_SUBMIT, digits, 600, 299, &smsc, &t), PDU_LONG);
}

static void every_number_of_digits_survives(void **state)
{
	static const char all[] = "0123456789*#abc01234";
	struct address a, b;
	struct pdu_in in;
	char mem[16];
	struct buf out;
	size_t n;

	(void)state;
	for (n = 1; n <= ADDRESS_DIGITS; n++) {
		assert_int_equal(address_parse(&a, all, n, 0), PDU_OK);
		assert_int_equal(a.type, ADDRESS_UNKNOWN);
		buf_init(&out, mem, sizeof(mem));
		assert_true(address_put(&out, &a));
		in = (struct pdu_in){ (uint8_t *)mem, out.len };
		assert_int_equal(address_get(&in, &b), PDU_OK);
		assert_int_equal(in.left, 0);
		assert_true(address_equal(&a, &b));
		assert_string_equal(b.text, a.text);

		buf_init(&out, mem, sizeof(mem));
		assert_true(address_put_smsc(&out, &a));
		in = (struct pdu_in){ (uint8_t *)mem, out.len };
		assert_int_equal(address_get_smsc(&in, &b), PDU_OK);
		assert_true(address_equal(&a, &b));
	}
}

static void every_length_of_a_name_survives(void **state)
{
	static const char all[] = "\0A\x7f@ x\x1b\x65\0\0\0";
	struct address a, b;
	struct pdu_in in;
	char mem[16];
	struct buf out;
	size_t n;

	(void)state;
	for (n = 0; n <= ADDRESS_SEPTETS; n++) {
		assert_int_equal(address_parse(&a, all, n, ADDRESS_ALPHANUMERIC), PDU_OK);
		buf_init(&out, mem, sizeof(mem));
		assert_true(address_put(&out, &a));
		assert_in_range(out.len, 2, ADDRESS_OCTETS);
		in = (struct pdu_in){ (uint8_t *)mem, out.len };
		assert_int_equal(address_get(&in, &b), PDU_OK);
		assert_int_equal(in.left, 0);
		assert_true(address_equal(&a, &b));
	}
	assert_int_equal(
		address_parse(&a, all, 12, ADDRESS_ALPHANUMERIC), PDU_ADDRESS_LENGTH);
}

static void numbers_are_read_as_hosts_write_them(void **state)
{
	struct address a;
	char mem[24];
	struct buf out;

	(void)state;
	assert_int_equal(address_parse(&a, "+33612345678", 12, 0), PDU_OK);
	assert_int_equal(a.type, ADDRESS_INTERNATIONAL);
	buf_init(&out, mem, sizeof(mem));
	assert_true(address_print(&a, &out));
	assert_int_equal(out.len, 12);
	assert_memory_equal(mem, "+33612345678", 12);
	assert_int_equal(address_parse(&a, "33612345678", 11, 145), PDU_OK);
	buf_init(&out, mem, 12);
	assert_true(address_print(&a, &out));
	assert_memory_equal(mem, "+33612345678", 12);
	buf_init(&out, mem, 11);
	assert_false(address_print(&a, &out));
	assert_int_equal(out.len, 0);
	assert_int_equal(address_parse(&a, "+336", 4, 129), PDU_OK);
	assert_int_equal(a.type, ADDRESS_UNKNOWN);
	assert_int_equal(address_parse(&a, "*#ABC", 5, 0), PDU_OK);
	assert_string_equal(a.text, "*#abc");

	assert_int_equal(address_parse(&a, "", 0, 0), PDU_NUMBER);
	assert_int_equal(address_parse(&a, "+", 1, 0), PDU_NUMBER);
	assert_int_equal(address_parse(&a, "33+6", 4, 0), PDU_NUMBER);
	assert_int_equal(address_parse(&a, "0612 34", 7, 0), PDU_NUMBER);
	assert_int_equal(address_parse(&a, "06d", 3, 0), PDU_NUMBER);
	assert_int_equal(address_parse(&a,
				 "06\0"
				 "7",
				 4, 0),
		PDU_NUMBER);
	assert_int_equal(
		address_parse(&a, "123456789012345678901", 21, 0), PDU_ADDRESS_LENGTH);
}

static void the_service_centre_of_the_reference_is_coded_so(void **state)
{
	struct address a;
	char mem[16];
	struct buf out;

	(void)state;
	assert_int_equal(address_parse(&a, "+33609001390", 12, 0), PDU_OK);
	buf_init(&out, mem, sizeof(mem));
	assert_true(address_put_smsc(&out, &a));
	assert_int_equal(out.len, 8);
	assert_memory_equal(mem, "\x07\x91\x33\x06\x09\x10\x93\xf0", 8);
}

static void a_report_announces_the_text_it_is_given(void **state)
{
	static const uint32_t text[] = { 'O', 0x4e2d };
	struct tpdu t, back;
	char mem[TPDU_MAX];
	struct buf out;

	(void)state;
	tpdu_init(&t, TPDU_DELIVER_ERROR);
	t.fcs = 0xd3;
	t.dcs = dcs_sms_octet(DCS_UCS2, DCS_NO_CLASS);
	assert_int_equal(userdata_set_text(&t, text, 2), PDU_OK);
	buf_init(&out, mem, sizeof(mem));
	assert_true(tpdu_encode(&t, &out));
	assert_int_equal(
		tpdu_decode(TPDU_DELIVER_ERROR, (uint8_t *)mem, out.len, &back), PDU_OK);
	expect_text(&back, "O\xe4\xb8\xad");
}

static const struct CMUnitTest tests[] = {
	UNIT(a_submit_is_read_field_by_field),
	UNIT(a_deliver_is_read_field_by_field),
	UNIT(messages_of_the_field_are_read),
	UNIT(data_of_8_bits_is_not_text),
	UNIT(a_status_report_is_read_field_by_field),
	UNIT(the_parts_of_a_message_are_reported),
	UNIT(acknowledgements_and_commands_keep_their_octets),
	UNIT(the_first_octet_and_the_direction_tell_the_kind),
	UNIT(malformed_messages_are_refused_by_name),
	UNIT(every_cut_of_a_message_is_too_short),
	UNIT(the_pdu_of_a_command_is_checked_in_order),
	UNIT(a_report_announces_the_text_it_is_given),
	UNIT(every_number_of_digits_survives),
	UNIT(every_length_of_a_name_survives),
	UNIT(numbers_are_read_as_hosts_write_them),
	UNIT(the_service_centre_of_the_reference_is_coded_so),
};

UNIT_MAIN(tests)
