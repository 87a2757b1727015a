/* host/field: what was on a screen, and what people make of it in forums and mails. */
#include "log_rig.h"

#define SCREEN "1: a screen: what the host sent is known by its echo\n"

static void a_screen(void **state)
{
	(void)state;
	assert_log("Welcome to minicom 2.7\n"
		   "AT\r\r\nOK\r\n"
		   "at+csq\n+CSQ: 22,0\n\nOK\n"
		   "ATI\nWAVECOM MODEM\nMULTIBAND  900E  1800\n\nOK\n"
		   "\x1b[1mRING\x1b[0m\n",
		"screen: 11 of 11 lines understood\n" SCREEN "2 > - AT\\r\n"
		"2 < - AT\\r\n"
		"3 < - \\r\\nOK\\r\\n\n"
		"4 > - at+csq\\r\n"
		"4 < - at+csq\\r\n"
		"5 < - \\r\\n+CSQ: 22,0\\r\\n\n"
		"7 < - \\r\\nOK\\r\\n\n"
		"8 > - ATI\\r\n"
		"8 < - ATI\\r\n"
		"9 < - \\r\\nWAVECOM MODEM\\r\\n\n"
		"10 < - \\r\\nMULTIBAND  900E  1800\\r\\n\n"
		"12 < - \\r\\nOK\\r\\n\n"
		"13 < - \\r\\nRING\\r\\n\n");
}

static void a_transcript_in_a_forum(void **state)
{
	(void)state;
	assert_log("Attached is what I see\n"
		   "> AT [enter]\nOK\n"
		   "AT+CPIN=\xe2\x80\x9d"
		   "0000\xe2\x80\x9d\nERROR\n"
		   "so what?\n"
		   "AT+CGREG?\n+CGREG: 0,1 (attached)\nOK\n"
		   "AT+CPIN=0000 OK\n",
		"screen: 8 of 10 lines understood\n" SCREEN "1: not understood\n"
		"6: not understood\n"
		"2 > - AT\\r\n"
		"2 < - AT\\r\n"
		"3 < - \\r\\nOK\\r\\n\n"
		"4 > - AT+CPIN=\"0000\"\\r (typographic characters were replaced)\n"
		"4 < - AT+CPIN=\"0000\"\\r (typographic characters were replaced)\n"
		"5 < - \\r\\nERROR\\r\\n\n"
		"7 > - AT+CGREG?\\r\n"
		"7 < - AT+CGREG?\\r\n"
		"8 < - \\r\\n+CGREG: 0,1\\r\\n (a remark after the answer was left out)\n"
		"9 < - \\r\\nOK\\r\\n\n"
		"10 > - AT+CPIN=0000\\r\n"
		"10 < - AT+CPIN=0000\\r\n"
		"10 < - \\r\\nOK\\r\\n\n");
}

static void what_people_make_of_a_screen(void **state)
{
	(void)state;
	assert_log("AATT\n\nOK\n",
		"screen: 2 of 2 lines understood\n" SCREEN
		"1 > - AT\\r (each character stood twice; local echo, it seems)\n"
		"1 < - AT\\r (each character stood twice; local echo, it seems)\n"
		"3 < - \\r\\nOK\\r\\n\n");
	assert_log("> On Monday they wrote:\n> > AT+CGMM\n> > MULTIBAND\n> >\n> > OK\n",
		"screen: 4 of 5 lines understood\n" SCREEN "1: not understood\n"
		"2 > - AT+CGMM\\r\n"
		"2 < - AT+CGMM\\r\n"
		"3 < - \\r\\nMULTIBAND\\r\\n\n"
		"5 < - \\r\\nOK\\r\\n\n");
	assert_log("AT+CMGS=\"1\" returns nothing at all\nDoes it help?\n",
		"screen: 1 of 2 lines understood\n" SCREEN "2: not understood\n"
		"1 > - AT+CMGS=\"1\"\\r (what is after the command in the line was left "
		"out)\n"
		"1 < - AT+CMGS=\"1\"\\r (what is after the command in the line was left "
		"out)\n");
	assert_log("[14:02:06] AT\n[14:02:07] OK\n[00:02:07] RING\n",
		"screen: 3 of 3 lines understood\n" SCREEN "1 > 0.000000 AT\\r\n"
		"1 < 0.000000 AT\\r\n"
		"2 < 1.000000 \\r\\nOK\\r\\n\n"
		"3 < 36001.000000 \\r\\nRING\\r\\n\n");
}

static void echo_is_off_after_ate0(void **state)
{
	(void)state;
	assert_log("ATE0\nOK\nAT\nOK\n",
		"screen: 4 of 4 lines understood\n" SCREEN "1 > - ATE0\\r\n"
		"1 < - ATE0\\r\n"
		"2 < - \\r\\nOK\\r\\n\n"
		"3 > - AT\\r (shown although echo is off: typed there, it seems)\n"
		"4 < - \\r\\nOK\\r\\n\n");
}

static void texts_and_prompts(void **state)
{
	(void)state;
	assert_log("AT+CMGS=\"1\"\n> two\n> lines <ctrl-z>\n+CMGS: 4\nOK\n"
		   "AT+CMGS=\"1\"\nno prompt\n+CMS ERROR: 38\n",
		"screen: 8 of 8 lines understood\n" SCREEN "1 > - AT+CMGS=\"1\"\\r\n"
		"1 < - AT+CMGS=\"1\"\\r\n"
		"2 < - \\r\\n> \n"
		"2 > - two\\rlines<1A> (the end of the text is guessed)\n"
		"2 < - two\\rlines<1A> (the end of the text is guessed)\n"
		"4 < - \\r\\n+CMGS: 4\\r\\n\n"
		"5 < - \\r\\nOK\\r\\n\n"
		"6 > - AT+CMGS=\"1\"\\r\n"
		"6 < - AT+CMGS=\"1\"\\r\n"
		"7 < - \\r\\n>  (the prompt is not in the log before the text; assumed)\n"
		"7 > - no prompt<1A> (Ctrl-Z at the end of the text is assumed)\n"
		"7 < - no prompt<1A>\n"
		"8 < - \\r\\n+CMS ERROR: 38\\r\\n\n");
}

static void wrapped_lines(void **state)
{
	(void)state;
	assert_log("AT+CGDCONT=1,\"IP\",\n\"net.example\"\nOK\n"
		   "AT+CMGR=1\n+CMGR: 1,,22\n07913336990000F0040B9133369989\n"
		   "21F300009090104130618003C8321B\nOK\n",
		"screen: 8 of 8 lines understood\n" SCREEN
		"1 > - AT+CGDCONT=1,\"IP\",\"net.example\"\\r (wrapped lines were "
		"joined)\n"
		"1 < - AT+CGDCONT=1,\"IP\",\"net.example\"\\r (wrapped lines were "
		"joined)\n"
		"3 < - \\r\\nOK\\r\\n\n"
		"4 > - AT+CMGR=1\\r\n"
		"4 < - AT+CMGR=1\\r\n"
		"5 < - \\r\\n+CMGR: 1,,22\\r\\n\n"
		"6 < - \\r\\n07913336990000F0040B913336998921F300009090104130618003C8321B"
		"\\r\\n (wrapped lines were joined)\n"
		"8 < - \\r\\nOK\\r\\n\n");
}

static const struct CMUnitTest tests[] = {
	UNIT(a_screen),
	UNIT(a_transcript_in_a_forum),
	UNIT(what_people_make_of_a_screen),
	UNIT(echo_is_off_after_ate0),
	UNIT(texts_and_prompts),
	UNIT(wrapped_lines),
};

UNIT_MAIN(tests)
