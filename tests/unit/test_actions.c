/* Invalid actions are refused, with a remedy: bad arguments when they are read, all else
 * when the action is carried out. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/action.h"
#include "host/play/player.h"
#include "rig.h"

static const struct {
	const char *step, *want;
} bad[] = {
	{ "say: { port: uart1 }", "\"name\" is missing; add it: its name under says in the firmware or the application that runs" },
	{ "power: up", "\"to\" cannot be \"up\"; it can be off, on, cut" },
	{ "reset: now", "a reset is a mapping, not a single value; write KEY: VALUE lines" },
	{ "sim: { to: glitch, for: 1 }", "\"for\" has no unit; write 1ms or 1s" },
	{ "rack: ajar", "\"to\" cannot be \"ajar\"; it can be open, closed" },
	{ "voicemail: heard", "\"to\" cannot be \"heard\"; it can be none, waiting" },
	{ "diverted: { to: on, line: 5 }", "\"line\" cannot be 5; write a number from 1 to 4" },
	{ "signal: strong", "\"to\" cannot be \"strong\"; it can be given, usual, none" },
	{ "signal: {}", "no strength given; write rssi: 0 to 31, dbm: -113 to -51, ber: 0 to 7, none or usual" },
	{ "signal: { rssi: 32 }", "\"rssi\" cannot be 32; write a number from -1 to 31" },
	{ "signal: { rssi: 5, dbm: -90 }", "rssi and dbm mean the same; write one of them" },
	{ "signal: { dbm: -20 }", "outside the range of +CSQ; write a dbm of -113 to -51" },
	{ "signal: { to: none, ber: 3 }", "none and usual have no values; omit them" },
	{ "cell: { lac: 1 }", "\"ci\" is missing; add it: its identity: a cell of the profile, or a new one" },
	{ "cell: { ci: 0x10000 }", "\"ci\" cannot be 0x10000; write a number from 0 to 65535" },
	{ "cell: { ci: 1, plmn: \"2080\" }", "\"plmn\" is not a PLMN; write 5 or 6 digits in quotes, such as \"20801\"" },
	{ "operator: { plmn: abcde }", "\"plmn\" is not a PLMN; write 5 or 6 digits in quotes, such as \"20801\"" },
	{ "deregister: { cause: 128 }", "\"cause\" cannot be 128; write a number from 0 to 127" },
	{ "roaming: abroad", "\"to\" cannot be \"abroad\"; it can be off, on" },
	{ "nitz: { zone: 57 }", "\"zone\" cannot be 57; write a number from -49 to 56" },
	{ "nitz: { time: \"13/13/28,05:22:06\" }", "\"time\" is not a time; write \"yy/MM/dd,hh:mm:ss\"" },
	{ "packets: lost", "\"to\" cannot be \"lost\"; it can be usual, stalled, resets" },
	{ "packets: { loss: 101 }", "\"loss\" cannot be 101; write a number from 0 to 100" },
	{ "context: lost", "\"to\" cannot be \"lost\"; it can be dropped" },
	{ "socket: { protocol: 8, index: 1, to: reset }", "\"protocol\" cannot be 8; write a number from 1 to 7" },
	{ "socket: { protocol: 2, index: 1, to: lost }", "\"to\" cannot be \"lost\"; it can be shut, reset, refused, unreachable, no-name, port-taken, user, login, not-ready, no-parts" },
	{ "network: europe", "\"to\" cannot be \"europe\"; it can be usual" },
	{ "ring: somebody", "\"from\" is not a number; write digits, with + before an international one" },
	{ "ring: { as: video }", "\"as\" cannot be \"video\"; it can be usual, voice, data, fax, unsaid" },
	{ "answer: 1", "a far_answer is a mapping, not a single value; write KEY: VALUE lines" },
	{ "hangup: { call: 8 }", "\"call\" cannot be 8; write a number from 0 to 7" },
	{ "hangup: { cause: 0 }", "\"cause\" cannot be 0; write a number from 1 to 127" },
	{ "farend: { }", "nothing to send, or both given; write text or hex" },
	{ "farend: { text: a, hex: 41 }", "nothing to send, or both given; write text or hex" },
	{ "ussd: { dcs: 15 }", "\"text\" is missing; add it: the text, UTF-8" },
	{ "adc: { input: battery, mv: 1 }", "\"input\" cannot be \"battery\"; it can be supply, temperature, auxiliary" },
	{ "adc: { input: supply, mv: 9000 }", "\"mv\" cannot be 9000; write a number from -1 to 8000" },
	{ "clock: set", "time is missing; write time: \"yy/MM/dd,hh:mm:ss\", or lost" },
	{ "clock: { time: noon }", "time is missing; write time: \"yy/MM/dd,hh:mm:ss\", or lost" },
	{ "clock: { to: lost, time: \"10/01/01,12:00:00\" }", "a clock that is lost has no time; omit it" },
	{ "baud: fast", "\"speed\" is a whole number, not fast; write a number from -1 to 921600 without leading zeros" },
	{ "boot-pin: low", "\"to\" cannot be \"low\"; it can be released, asserted" },
	{ "cable: cut", "\"to\" cannot be \"cut\"; it can be unplugged, plugged" },
	{ "pin: { number: 45, level: high }", "\"number\" cannot be 45; write a number from 0 to 44" },
	{ "interrupt: { line: 2, level: low }", "\"line\" cannot be 2; write a number from 0 to 1" },
	{ "sms: { text: hi }", "the sender is missing; write from: NUMBER, or pdu: for a whole message" },
	{ "acknowledge: { message: 1, status: 48 }", "with status 32 to 63 the message is still on its way; acknowledge it at its end, or send a report of that" },
	{ "report: { status: 256 }", "\"status\" cannot be 256; write a number from 0 to 255" },
	{ "page: { text: hi }", "\"id\" is missing; add it: message identifier" },
	{ "flash: {}", "changes nothing; write firmware, downloader, application, objects, wopen or ad_size" },
	{ "keys: { first: 25 }", "\"first\" cannot be 25; write a number from -1 to 24" },
	{ "flash: { objects: some, fault: link }", "fault needs an application; write application, such as own" },
	{ "flash: { wopen: 2 }", "\"wopen\" cannot be 2; write a number from -1 to 1" },
	{ "fault: mute", "a fault is a mapping, not a single value; write KEY: VALUE lines" },
	{ "unfault: { name: busy }", "unknown key \"name\"; known keys: number" },
	{ "stk: {}", "nothing to do, or both given; write the name of a step, or end: true" },
	{ "stk: { step: text, end: true }", "nothing to do, or both given; write the name of a step, or end: true" },
	{ "sgnal: none", "unknown key \"sgnal\"; did you mean \"signal\"?" },
}, impossible[] = {
	{ "unfault: 9", "unfault: there is no such fault from outside; fauxtrack ctl faults lists them, unfault all removes all" },
	{ "unfault: busy", "unfault: there is no such fault from outside; fauxtrack ctl faults lists them, unfault all removes all" },
	{ "cell: { ci: 1 }", "cell: no cell here has this ci; a new one needs plmn, band and lac" },
	{ "cell: { ci: 1, plmn: \"20801\" }", "cell: a new cell needs band and lac too; write them, such as band: 900" },
	{ "cell: { ci: 1, plmn: \"99999\", band: 900, lac: 1 }", "cell: no operator here has this plmn; add it first: operator" },
	{ "cell: { ci: 1, plmn: \"20801\", band: 900, lac: 1, arfcn: 600 }", "cell: this arfcn is not in that band; omit it for a free one" },
	{ "cell: { ci: 0x1678, lac: 0 }", "cell: lac 0 is not valid; write 1 to 65534" },
	{ "cell: { ci: 1, to: silent }", "cell: no cell here has this ci; AT+CCED=0 lists those that are received" },
	{ "operator: { plmn: \"99999\" }", "operator: no operator here has this plmn; a new operator needs a long name" },
	{ "socket: { protocol: 2, index: 1, to: reset }", "socket: the socket is not in that state; AT+WIPCREATE opens one, and an open one can be shut or reset" },
	{ "socket: { protocol: 3, index: 5, to: reset }", "socket: TCP servers have 4 indexes, sessions one, others 8; write one of them" },
	{ "context: dropped", "context: no context is active; first AT+CGACT=1, or a PPP session" },
	{ "answer: {}", "answer: the modem is not calling anybody; dial first: ATD" },
	{ "hangup: {}", "hangup: there is no such call; AT+CLCC lists the calls" },
	{ "hangup: { call: 3 }", "hangup: there is no such call; AT+CLCC lists the calls" },
	{ "farend: hello", "farend: no data call is online; dial one, or resume it: ATO" },
	{ "farend: { hex: 4 }", "farend: hex has a bad digit or an odd number of them; write two hexadecimal digits for each byte" },
	{ "flash: { firmware: r99 }", "flash: no profile describes that firmware; write one of profiles/firmware, or none" },
	{ "flash: { downloader: r99 }", "flash: no profile describes the firmware of that downloader; write one of profiles/firmware" },
	{ "flash: { application: wipsof }", "flash: no file describes that application; write one of profiles/applications, a library such as \"AT v06.30\", own or none" },
	{ "voicemail: waiting", "voicemail: no CPHS SIM is in use; a SIM file with \"cphs\" is one" },
	{ "diverted: on", "diverted: no CPHS SIM is in use; a SIM file with \"cphs\" is one" },
	{ "say: nothing", "say: neither the firmware nor a running application has a line of that name; add it to its says" },
	{ "stk: text", "stk: the SIM has no toolkit; start with a SIM file that has one, such as --set sim=mpesa" },
	{ "report: {}", "report: the outbox has no such message; it keeps the newest 32" },
};

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define HEAD "name: a trial\nprofile: fastrack-supreme-20-r74\nsteps:\n  - "

static struct scenario *read_step(const char *step, struct doc_errors *e)
{
	char text[512];
	int n = snprintf(text, sizeof(text), HEAD "%s\n", step);

	return scenario_read(NULL, "t.yaml", text, (size_t)n, e);
}

static void compare(const char *step, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s\nexpected: %s\ngot:      %s", step, want, got);
	assert_true(strchr(got, ';') || strchr(got, '?')); /* the remedy follows it */
}

static void bad_arguments_are_refused(void **state)
{
	struct doc_errors e;
	size_t i;

	(void)state;
	for (i = 0; i < N(bad); i++) {
		doc_errors_init(&e);
		assert_null(read_step(bad[i].step, &e));
		assert_int_equal(e.n, 1);
		compare(bad[i].step, e.item[0].text, bad[i].want);
		doc_errors_clear(&e);
	}
}

static void every_action_refuses_something(void **state)
{
	const struct action_row *row;
	size_t i, k, len;

	(void)state;
	for (i = 0; (row = action_at(i)); i++) {
		len = strlen(row->name);
		for (k = 0; k < N(bad); k++)
			if (!strncmp(bad[k].step, row->name, len) &&
				bad[k].step[len] == ':')
				break;
		if (k == N(bad))
			fail_msg("%s has no bad example here; add one", row->name);
	}
}

static void play_step(struct profile *p, const char *step, struct play_result *result)
{
	const struct play_options options = { .mode = PLAY_COALESCED };
	struct doc_errors e;
	const struct profile *one = p;
	struct scenario *s;

	doc_errors_init(&e);
	s = read_step(step, &e);
	doc_errors_print(&e, stderr);
	assert_non_null(s);
	play(s, &one, &options, result);
	scenario_free(s);
	doc_errors_clear(&e);
}

static void impossible_actions_are_refused(void **state)
{
	struct profile *p = rig_profile("fastrack-supreme-20-r74");
	struct play_result result;
	char *why;
	size_t i;

	(void)state;
	for (i = 0; i < N(impossible); i++) {
		play_step(p, impossible[i].step, &result);
		assert_false(result.ok);
		/* "t.yaml:4:5: cell: why", and the log so far */
		why = strstr(result.message, ": ") + 2;
		*strchr(why, '\n') = '\0';
		compare(impossible[i].step, why, impossible[i].want);
		play_result_clear(&result);
	}
	rig_profile_free(p);
}

static const struct CMUnitTest tests[] = {
	UNIT(bad_arguments_are_refused),
	UNIT(every_action_refuses_something),
	UNIT(impossible_actions_are_refused),
};

UNIT_MAIN(tests)
