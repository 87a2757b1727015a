/* What is personal in a log: where it is found, and what comes in its place. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/tpdu.h"
#include "host/field/mask.h"
#include "host/field/mask_int.h"
#include "host/field/pin_mask.h"

/* One line after a command; the result lives until the next call. */
static char *kept; /* the last text that these return */

static const char *line(struct mask *m, const char *command, const char *text)
{
	struct exchange_line one = { strdup(text), 0, false };
	struct exchange x = { .command = strdup(command), .line = &one, .n = 1 };

	mask_exchange(m, &x);
	free(x.command);
	free(kept);
	kept = one.text;
	return kept;
}

static const char *typed(struct mask *m, const char *command)
{
	struct exchange x = { .command = strdup(command) };

	mask_exchange(m, &x);
	free(kept);
	kept = x.command;
	return kept;
}

static const char *text_of(struct mask *m, const char *text)
{
	struct exchange x = { .command = strdup("AT+CMGS=1"), .text = strdup(text) };

	mask_exchange(m, &x);
	free(x.command);
	free(kept);
	kept = x.text;
	return kept;
}

static void a_number_is_the_same_invention_everywhere(void **state)
{
	struct mask *m = mask_new(false);

	(void)state;
	assert_string_equal(
		typed(m, "AT+CMGS=\"+33612345678\""), "AT+CMGS=\"+33655000001\"");
	assert_string_equal(typed(m, "ATD0612345678;"), "ATD0655000001;");
	assert_string_equal(line(m, "", "+CLIP: \"0612345678\",129,,,\"\",0"),
		"+CLIP: \"0655000001\",129,,,\"\",0");
	assert_string_equal(line(m, "AT+CCFC=0,2", "+CCFC: 1,1,\"+33698765432\",145"),
		"+CCFC: 1,1,\"+33655000002\",145");
	assert_string_equal(line(m, "AT+CSCA?", "+CSCA: \"+33612345678\",145"),
		"+CSCA: \"+33655000001\",145");
	assert_string_equal(typed(m, "ATD**21*0612345678#"), "ATD**21*0655000001#");
	mask_free(m);
}

static void short_codes_stay(void **state)
{
	struct mask *m = mask_new(false);

	(void)state;
	assert_string_equal(typed(m, "ATD112;"), "ATD112;");
	assert_string_equal(typed(m, "AT+CMGS=\"12345\""), "AT+CMGS=\"12345\"");
	assert_string_equal(typed(m, "AT+CUSD=1,\"*100#\",15"), "AT+CUSD=1,\"*100#\",15");
	mask_free(m);
}

static void identities_keep_their_form_and_check_digit(void **state)
{
	struct mask *m = mask_new(false);
	const char *is;

	(void)state;
	is = line(m, "AT+CGSN", "490154203237518");
	assert_string_equal(is, "490154200000018");
	assert_int_equal(is[14], mask_check_digit(is, 14));
	assert_string_equal(
		line(m, "ATI5", "IMEI 490154203237518"), "IMEI 490154200000018");
	assert_string_equal(line(m, "AT+CIMI", "208013302266099"), "208010000000001");
	assert_string_equal(line(m, "AT+CIMI", "310260123456789"), "310260000000002");
	is = line(m, "AT+CCID", "+CCID: \"8933012345678901234\"");
	assert_memory_equal(is, "+CCID: \"893301200000000001", 26);
	assert_int_equal(is[26], mask_check_digit(is + 8, 18));
	mask_free(m);
}

static void versions_are_no_numbers(void **state)
{
	static const char *const lines[] = {
		"R7.47.4.201208311102.FXT009 2221264 083112 11:02",
		"651_09gg.Q2406B 1478872 070705 14:15", NULL
	};
	struct mask *m = mask_new(false);
	size_t i;

	(void)state;
	for (i = 0; lines[i]; i++)
		assert_string_equal(line(m, "AT+CGMR", lines[i]), lines[i]);
	assert_string_equal(line(m, "AT+CREG?", "+CREG: 2,1,\"00A1\",\"01234567\""),
		"+CREG: 2,1,\"00A1\",\"01234567\"");
	mask_free(m);
}

static void secrets_are_other_secrets(void **state)
{
	struct mask *m = mask_new(false);

	(void)state;
	assert_string_not_equal(typed(m, "AT+CPIN=\"4711\""), "AT+CPIN=\"4711\"");
	assert_null(strstr(typed(m, "AT+CPIN=4711;+CREG?"), "4711"));
	assert_non_null(strstr(typed(m, "AT+CPIN=4711;+CREG?"), ";+CREG?"));
	assert_null(strstr(typed(m, "AT+CPWD=\"SC\",\"4711\",\"4712\""), "4711"));
	assert_null(strstr(typed(m, "AT+CLCK=\"SC\",1,\"4711\""), "4711"));
	assert_null(strstr(typed(m, "AT+WIPBR=2,6,1,\"hunter\""), "hunter"));
	assert_non_null(strstr(typed(m, "AT+WIPBR=2,6,11,\"internet\""), "internet"));
	assert_null(strstr(
		typed(m, "AT+WIPCREATE=4,1,\"ftp.test\",21,\"u\",\"hunter\""), "hunter"));
	/* the port of a peer is no secret */
	assert_string_equal(typed(m, "AT+WIPCREATE=1,1,4001,\"192.0.2.5\",9191"),
		"AT+WIPCREATE=1,1,4001,\"192.0.2.5\",9191");
	assert_null(strstr(typed(m, "AT#FTPPW=\"hunter\""), "hunter"));
	assert_null(strstr(typed(m, "AT+CGAUTH=1,1,\"hunter\",\"pw\""), "hunter"));
	/* VERIFY CHV of 51.011, and what record has masked already */
	assert_null(strstr(
		typed(m, "AT+CSIM=26,\"A02000010834373131FFFFFFFF\""), "34373131"));
	assert_string_equal(typed(m, "AT+CPIN=\"0000\""), "AT+CPIN=\"0000\"");
	mask_free(m);
}

static void names_and_texts_keep_length_and_alphabet(void **state)
{
	struct mask *m = mask_new(false);
	const char *is;

	(void)state;
	is = line(m, "AT+CPBR=1", "+CPBR: 1,\"+33612345678\",145,\"Zoe Miller\"");
	assert_null(strstr(is, "Zoe"));
	assert_null(strstr(is, "Miller"));
	assert_int_equal(
		strlen(is), strlen("+CPBR: 1,\"+33612345678\",145,\"Zoe Miller\""));
	assert_null(
		strstr(line(m, "AT+CNUM", "+CNUM: \"Zoe\",\"0612345678\",129"), "Zoe"));
	is = text_of(m, "Meet me at 17:30, Zoe");
	assert_int_equal(strlen(is), strlen("Meet me at 17:30, Zoe"));
	assert_null(strstr(is, "Meet"));
	assert_null(strstr(is, "17:30"));
	assert_non_null(strchr(is, ':'));
	/* a text whose prompt the log does not have */
	assert_null(strstr(typed(m, "Night shift\x1a"), "Night"));
	mask_free(m);
}

static void only_the_lines_of_a_message_are_texts(void **state)
{
	struct mask *m = mask_new(false);

	(void)state;
	line(m, "AT+CMGR=1", "+CMGR: \"REC READ\",\"+33612345678\",,\"\"");
	assert_string_equal(line(m, "", "RING"), "RING");
	line(m, "", "+CMT: \"+33612345678\",,\"\"");
	assert_string_not_equal(line(m, "", "Zoe"), "Zoe");
	assert_string_equal(line(m, "", "RING"), "RING");
	mask_free(m);
}

static void ucs2_and_hex_are_read(void **state)
{
	struct mask *m = mask_new(false);
	const char *is;

	(void)state;
	typed(m, "AT+CSCS=\"UCS2\"");
	/* "Zoe", and the number 0612345678 */
	is = line(m, "AT+CNUM",
		"+CNUM: "
		"\"005A006F0065\",\"0030003600310032003300340035003600370038\",129");
	assert_null(strstr(is, "005A006F0065"));
	assert_non_null(strstr(is, "0030003600350035003000300030003000300031"));
	typed(m, "AT+CSCS=\"HEX\"");
	is = line(m, "AT+CNUM", "+CNUM: \"5A6F65\",\"30363132333435363738\",129");
	assert_null(strstr(is, "5A6F65"));
	assert_non_null(strstr(is, "30363535303030303031"));
	mask_free(m);
}

static void pdu_is_read_changed_and_written(void **state)
{
	static const char was[] = "07913306091093F0040B913316325476F80000010120214365000A"
				  "E8329BFD4697D9EC37";
	struct mask *m = mask_new(false);
	struct address smsc;
	struct tpdu t;
	char *is = strdup(was);

	(void)state;
	mask_message(m, is, strlen(is), false);
	assert_int_equal(strlen(is), strlen(was));
	assert_string_not_equal(is, was);
	assert_int_equal(tpdu_read_any(is, strlen(is), true, &smsc, &t), PDU_OK);
	assert_int_equal(t.kind, TPDU_DELIVER);
	assert_int_equal(t.udl, 10);
	/* the number of the PDU is the one of a text */
	assert_string_equal(t.address.text, "33655000002");
	assert_string_equal(
		line(m, "", "+CLIP: \"0661234567\",129"), "+CLIP: \"0655000003\",129");
	assert_string_equal(
		line(m, "", "+CLIP: \"0661234567\",129"), "+CLIP: \"0655000003\",129");
	free(is);
	mask_free(m);
}

static void broken_pdu_shows_nothing(void **state)
{
	struct mask *m = mask_new(false);
	char is[] = "0011000B913316325476F80000A7FFC8329BFD06";

	(void)state;
	mask_message(m, is, strlen(is), true);
	assert_null(strstr(is, "3316325476F8"));
	mask_free(m);
}

static void sim_files_are_known(void **state)
{
	struct mask *m = mask_new(false);
	const char *is;

	(void)state;
	typed(m, "AT+CRSM=176,12258,0,0,10"); /* 2FE2 */
	is = line(m, "AT+CRSM=176,12258,0,0,10", "+CRSM: 144,0,\"98331032547698103254\"");
	assert_memory_equal(is, "+CRSM: 144,0,\"983310020000000010", 31);
	is = line(m, "AT+CRSM=176,28423,0,0,9", "+CRSM: 144,0,\"082980103320620699\"");
	assert_memory_equal(is, "+CRSM: 144,0,\"0829801", 21);
	assert_null(strstr(is, "3320620699"));
	/* the same number as +CNUM's */
	is = line(m, "AT+CRSM=178,28480,1,4,28",
		"+CRSM: "
		"144,0,\"5A6F65FFFFFFFFFFFFFFFFFFFFFF07913316325476F8FFFFFFFFFFFF\"");
	assert_null(strstr(is, "5A6F65"));
	assert_non_null(strstr(is, "079133560500"));
	assert_null(strstr(is, "3316325476F8"));
	/* not personal */
	is = line(m, "AT+CRSM=176,28589,0,0,4", "+CRSM: 144,0,\"00000002\"");
	assert_string_equal(is, "+CRSM: 144,0,\"00000002\"");
	mask_free(m);
}

static void apdus_are_followed(void **state)
{
	struct mask *m = mask_new(false);
	const char *is;

	(void)state;
	typed(m, "AT+CSIM=14,\"A0A40000026F07\"");
	is = line(m, "AT+CSIM=10,\"A0B0000009\"", "+CSIM: 22,\"0829801033206206999000\"");
	assert_null(strstr(is, "33206206"));
	assert_non_null(strstr(is, "9000\""));
	mask_free(m);
}

/* The import and what record writes down know the same secrets. */
static void every_secret_place_is_hidden_by_both(void **state)
{
	const struct secret_place *p;
	size_t i, n;

	(void)state;
	for (p = secret_places; p->name; p++) {
		struct mask *m = mask_new(false);
		struct pin_mask pins = { .len = 0 };
		char command[128];

		n = (size_t)snprintf(command, sizeof(command), "AT%s", p->name);
		for (i = 0; p->args[i]; i++)
			n += (size_t)snprintf(command + n, sizeof(command) - n, "%s%s",
				i ? "," : "", p->args[i] == 's' ? "\"4711\"" : "\"SC\"");
		assert_null(strstr(typed(m, command), "4711"));
		pin_mask(&pins, command, n);
		assert_null(strstr(command, "4711"));
		assert_non_null(strstr(command, "0000"));
		mask_free(m);
	}
}

static void keep_keeps_all(void **state)
{
	struct mask *m = mask_new(true);

	(void)state;
	assert_string_equal(typed(m, "AT+CPIN=\"4711\""), "AT+CPIN=\"4711\"");
	assert_string_equal(text_of(m, "hello"), "hello");
	assert_string_equal(line(m, "AT+CGSN", "490154203237518"), "490154203237518");
	mask_free(m);
}

static void known_numbers_are_found_in_any_text(void **state)
{
	struct mask *m = mask_new(false);
	char text[] = "call 33612345678 back";

	(void)state;
	typed(m, "ATD0612345678;");
	mask_again(m, text);
	assert_string_equal(text, "call 33655000001 back");
	mask_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_the_same_invention_everywhere),
		cmocka_unit_test(short_codes_stay),
		cmocka_unit_test(identities_keep_their_form_and_check_digit),
		cmocka_unit_test(versions_are_no_numbers),
		cmocka_unit_test(secrets_are_other_secrets),
		cmocka_unit_test(names_and_texts_keep_length_and_alphabet),
		cmocka_unit_test(only_the_lines_of_a_message_are_texts),
		cmocka_unit_test(ucs2_and_hex_are_read),
		cmocka_unit_test(pdu_is_read_changed_and_written),
		cmocka_unit_test(broken_pdu_shows_nothing),
		cmocka_unit_test(sim_files_are_known),
		cmocka_unit_test(apdus_are_followed),
		cmocka_unit_test(every_secret_place_is_hidden_by_both),
		cmocka_unit_test(keep_keeps_all),
		cmocka_unit_test(known_numbers_are_found_in_any_text),
	};

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	free(kept);
	return failed;
}
