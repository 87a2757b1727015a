/* A thousand random lines in each state of a modem, and on one modem of each family:
 * every line gets one answer of the right form, and the same one each time. Also random
 * text at a prompt and random lines during a download. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at/tables.h"
#include "describe/describe.h"
#include "rig.h"

#define LINES   1000
#define PATIENT SEC(400) /* no command of the tables takes longer */

/* ---- random lines ---------------------------------------------------------------- */

static uint64_t seed, states;

static unsigned pick(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

struct line {
	char text[600];
	size_t len;
	bool garbage; /* not a command of the tables, except by chance */
};

static void put(struct line *l, const char *text)
{
	size_t n = strlen(text);

	if (l->len + n < sizeof(l->text)) {
		memcpy(l->text + l->len, text, n + 1);
		l->len += n;
	}
}

/* A number in "(0-3,99)", or outside of it. */
static void put_number(struct line *l, const char *values)
{
	static const int odd[] = { 0, 1, 2, 3, 7, 9, 16, 65, 128, 255, 256, 65535 };
	unsigned long lo = odd[pick(12)], hi = lo;
	const char *p = values ? strpbrk(values, "0123456789") : NULL;
	char text[24], *end;

	if (p && pick(8)) {
		lo = hi = strtoul(p, &end, 10);
		if (*end == '-')
			hi = strtoul(end + 1, NULL, 10);
		lo += hi > lo ? pick((unsigned)(hi - lo + 1)) : 0;
		if (!pick(6))
			lo = hi + 1;
	}
	snprintf(text, sizeof(text), "%lu", lo);
	put(l, text);
}

static void put_value(struct line *l, const struct at_entry *e, size_t i)
{
	static const char *const words[] = { "\"\"", "\"x\"", "\"+905321112233\"", "A5",
		"\"IP\"", "\"00/06/09,17:33:00\"", "\"0123\"", "\"20801\"", "\"a,b;c\"",
		"*#06#", "\"", "\"SC\"", "-1", "99999999999", "\"\xe9\xff\"", " 1 ",
		"1234", "\"SM\"", "\"GSM\"" };
	const char *choice;
	char text[64];
	size_t len;

	switch (pick(12)) {
	case 0:
		return;
	case 1:
		put(l, words[pick(sizeof(words) / sizeof(words[0]))]);
		return;
	default:
		break;
	}
	if (i >= AT_PARAMS || !e->cmd->param[i].name || e->cmd->param[i].type == AT_INT) {
		put_number(l, i < AT_PARAMS ? e->values[i] : NULL);
		return;
	}
	choice = e->values[i] ? at_values_text(e->values[i], (int)pick(4), &len) : NULL;
	if (choice) {
		snprintf(text, sizeof(text), "\"%.*s\"", (int)len, choice);
		put(l, text);
	} else {
		put(l, words[pick(sizeof(words) / sizeof(words[0]))]);
	}
}

static void put_command(struct line *l, const struct at_entry *e)
{
	size_t params = 0, i;
	char digit[2] = { (char)('0' + pick(10)), 0 };

	while (params < AT_PARAMS && e->cmd->param[params].name)
		params++;
	put(l, e->cmd->name);
	switch (pick(6)) {
	case 0:
		break;
	case 1:
		put(l, "?");
		break;
	case 2:
		put(l, "=?");
		break;
	default:
		if (e->cmd->name[0] != '+' && pick(3)) {
			put(l, digit);
			break;
		}
		put(l, "=");
		for (i = 0; i < params + !pick(6) && (!i || pick(7)); i++) {
			put(l, i ? "," : "");
			put_value(l, e, i);
		}
		break;
	}
}

static void random_line(struct line *l, const struct at_set *set)
{
	unsigned commands = pick(5) ? 1 : 1 + pick(3), i;

	l->len = 0;
	l->text[0] = '\0';
	put(l, "AT");
	l->garbage = !pick(15);
	if (l->garbage) {
		for (i = pick(40); i > 0; i--) {
			char any[2] = { (char)(0x20 + pick(0x5f)), 0 };

			put(l, any);
		}
		return;
	}
	for (i = 0; i < commands; i++) {
		put(l, i ? ";" : "");
		put_command(l, &set->entry[pick((unsigned)set->n)]);
	}
}

/* ---- the states ------------------------------------------------------------------ */

static struct rig rig;
static char result[64]; /* the last final result */
static unsigned results;
static bool restarted;

static void on_notice(struct rig *r, const struct notice *n)
{
	(void)r;
	if (n->kind == NOTICE_POWER)
		restarted = true;
	if (n->kind != NOTICE_RESULT)
		return;
	results++;
	snprintf(result, sizeof(result), "%s", n->text);
}

static void type(const char *text)
{
	rig_type(&rig, text, strlen(text));
	rig_pass(&rig, SEC(3));
}

static void at_rest(void)
{
	rig_boot(&rig);
}

static void files_loading(void)
{
	modem_power(rig.modem, rig.now, true);
	rig_pass(&rig, MS(2100));
}

static void assert_state(const char *path, const char *value)
{
	char mem[MODEM_STATE_TEXT];

	assert_string_equal(modem_state(rig.modem, path, mem), value);
}

static void stopped(void)
{
	rig_boot(&rig);
	type("AT+CFUN=0\r");
}

/* No cell of Europe is in the bands of the Americas. */
static void without_cells(void)
{
	rig_boot(&rig);
	type("AT+WMBS=4,1\r");
	rig_pass(&rig, SEC(10));
	assert_state("registration", "searching");
}

static void puk_wanted(void)
{
	int i;

	rig_boot(&rig);
	for (i = 0; i < 3; i++)
		type("AT+CPIN=0000\r");
	assert_state("sim", "PUK");
}

static void in_a_call(void)
{
	rig_boot(&rig);
	type("ATD0146290800;\r");
	rig_pass(&rig, SEC(5));
	assert_state("led", "quick");
}

/* This subscriber calls back, and rings for half a minute. */
static void while_it_rings(void)
{
	rig_boot(&rig);
	type("ATD0146290810;\r");
	rig_pass(&rig, SEC(5));
	type("ATH\r");
	rig_pass(&rig, SEC(5));
	rig_clear(&rig);
	rig_pass(&rig, SEC(6));
	assert_non_null(memmem(rig.out, rig.len, "RING", 4));
}

static void downloading(void)
{
	rig_boot(&rig);
	type("AT+WDWL\r");
	assert_state("power", "download");
}

/* After a header that no downloader accepts, only the few commands of the downloader are
 * left. */
static void restricted(void)
{
	unsigned char block[132] = { 1, 1, 254 };

	rig_boot(&rig);
	type("AT+WDWL\r");
	rig_type(&rig, block, sizeof(block));
	rig_pass(&rig, SEC(3));
	assert_state("power", "no-firmware");
}

/* ---- answers --------------------------------------------------------------------- */

static void fail_line(const struct line *l, const char *why)
{
	print_error("\"%s\": %s; the output is:\n%.*s\n", l->text, why,
		(int)(rig.len < 2000 ? rig.len : 2000), rig.out);
	fail();
}

/* Checks for "CR LF text CR LF [text CR LF] ..." up to the end: an empty line starts a
 * block, and there are never two in a row. */
static void check_blocks(const struct line *l, const char *p, const char *end)
{
	bool opened = false, empty = false;

	while (p < end) {
		const char *eol = p;

		while (eol < end && *eol != '\r')
			eol++;
		if (end - eol < 2 || eol[1] != '\n')
			fail_line(l, "a line does not end with CR LF");
		if (eol == p && empty)
			fail_line(l, "two empty lines in a row");
		empty = eol == p;
		opened = opened || empty;
		if (!opened)
			fail_line(l, "text without an empty line before it");
		for (; p < eol; p++)
			if ((unsigned char)*p < 0x20 || *p == 0x7f)
				fail_line(l, "a control character");
		p = eol + 2;
	}
	if (empty)
		fail_line(l, "an empty block");
}

static bool is_final(const char *text)
{
	static const char *const finals[] = { "OK", "ERROR", "NO CARRIER", "BUSY",
		"NO ANSWER", "NO DIALTONE", "CONNECT" };
	size_t i;

	for (i = 0; i < sizeof(finals) / sizeof(finals[0]); i++)
		if (!strncmp(text, finals[i], strlen(finals[i])))
			return true;
	return !strncmp(text, "+CME ERROR: ", 12) || !strncmp(text, "+CMS ERROR: ", 12);
}

/* AT+CPIN? and AT+WDWL have no result, and a command that changes the line protocol
 * answers in its new form. */
static bool has_own_rules(const struct line *l)
{
	static const char *const names[] = { "+CPIN", "+WDWL", "ATE", "ATV", "ATQ", "ATS",
		";E", ";V", ";Q", ";S", "&F", "Z", "+IPR", "+WRST", "+CFUN", "+CPOF",
		"+CMUX", "+WMUX" };
	size_t i;

	if (l->garbage)
		return true;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strstr(l->text, names[i]))
			return true;
	return false;
}

/* Waits for the result; enters no text at a prompt. */
static void wait_result(void)
{
	usec_t end = rig.now + PATIENT;

	while (!results && rig.now < end) {
		rig_pass(&rig, SEC(1));
		if (rig.len >= 4 && !memcmp(rig.out + rig.len - 4, "\r\n> ", 4)) {
			rig.len -= 4; /* the prompt is not a block */
			rig_type(&rig, "\x1b", 1);
		}
	}
}

static void check_answer(const struct line *l)
{
	const char *end = rig.out + rig.len;
	const char *answer = rig.out + l->len + 1;
	char framed[80];
	size_t n;

	if (rig.len < l->len + 1 || memcmp(rig.out, l->text, l->len) != 0 ||
		rig.out[l->len] != '\r')
		fail_line(l, "the echo is wrong");
	if (results != 1)
		fail_line(l, results ? "more than one result" : "no result");
	if (!is_final(result))
		fail_line(l, "the last line is not a final result");
	n = (size_t)snprintf(framed, sizeof(framed), "\r\n%s\r\n", result);
	for (; end - answer >= (long)n; answer++)
		if (!memcmp(answer, framed, n) &&
			(answer[-1] == '\r' || answer[-1] == '\n'))
			break;
	if (end - answer < (long)n)
		fail_line(l, "the final result is missing in the output");
	/* after CONNECT comes data */
	if (!strncmp(result, "CONNECT", 7))
		end = answer + n;
	check_blocks(l, rig.out + l->len + 1, end);
}

static uint64_t hash; /* of all output */

static void add_to_hash(void)
{
	size_t i;

	for (i = 0; i < rig.len; i++)
		hash = (hash ^ (unsigned char)rig.out[i]) * 0x100000001b3;
}

/* Types a line. False: the modem has left the state under test. */
static bool try_line(const struct line *l)
{
	bool own = has_own_rules(l);

	rig_clear(&rig);
	results = 0;
	restarted = false;
	rig_type(&rig, l->text, l->len);
	rig_type(&rig, "\r", 1);
	wait_result();
	rig_pass(&rig, SEC(1));
	add_to_hash();
	if (!own)
		check_answer(l);
	return !own && !restarted && strncmp(result, "CONNECT", 7) != 0;
}

/* ---- text at a prompt ------------------------------------------------------------ */

/* Opens a prompt; the random text after it ends with Ctrl-Z or ESC. */
static bool try_text(void)
{
	static const char *const open[] = { "AT+CMGW=\"0612345678\"\r",
		"AT+CMGS=\"0612345678\"\r", "AT+WCCS=1,0,0,3\r" };
	static const char ends[] = "\x1a\x1b";
	struct line l = { .len = 0 };
	unsigned i = pick(200);

	type(pick(8) ? "AT+CMGF=1\r" : "AT+CMGF=0\r");
	rig_clear(&rig);
	results = 0;
	type(open[pick(sizeof(open) / sizeof(open[0]))]);
	if (!results) {
		if (rig.len < 2 || memcmp(rig.out + rig.len - 2, "> ", 2) != 0)
			rig_clear(&rig); /* +WCCS has no prompt */
		for (; i > 0; i--) {
			char any[2] = { (char)(0x20 + pick(0xe0)), 0 };

			put(&l, pick(20) ? any : pick(2) ? "\r" : "\b");
		}
		put(&l, pick(30) ? (char[2]){ ends[pick(2)], 0 } : "\x1b");
		rig_type(&rig, l.text, l.len);
		wait_result();
	}
	rig_pass(&rig, SEC(1));
	add_to_hash();
	if (results != 1 || !is_final(result))
		fail_line(&l, "the text does not get exactly one result");
	rig_clear(&rig);
	type("AT\r");
	if (rig.len != 9 || memcmp(rig.out, "AT\r\r\nOK\r\n", 9) != 0)
		fail_line(&l, "after the text AT does not get OK");
	return pick(25);
}

/* ---- lines during a download ----------------------------------------------------- */

static bool restarts(const struct line *l)
{
	char text[sizeof(l->text)];
	size_t i, n = 0;

	for (i = 0; i < l->len; i++)
		if (l->text[i] != ' ')
			text[n++] = l->text[i];
	text[n] = '\0';
	return strcasestr(text, "+CFUN=") != NULL;
}

/* Only start characters answer, and AT+CFUN=1 with its restart. */
static bool unheard(const struct line *l)
{
	size_t i, n = 0;

	rig_clear(&rig);
	results = 0;
	rig_type(&rig, l->text, l->len);
	rig_type(&rig, "\r", 1);
	rig_pass(&rig, SEC(2));
	add_to_hash();
	if (restarts(l))
		return false;
	for (i = 0; i < rig.len; i++)
		if (rig.out[i] != 0x15)
			rig.out[n++] = rig.out[i];
	if (results || n != l->len + 1 || memcmp(rig.out, l->text, l->len) != 0)
		fail_line(l, "it got an answer during a download");
	return true;
}

/* ---- runs ------------------------------------------------------------------------ */

struct run {
	const char *name, *profile;
	void (*state)(void);
	enum {
		LINES_ARE_TYPED,
		TEXT_IS_TYPED,
		NOTHING_IS_HEARD
	} kind;
	bool pin; /* the SIM requires it, unlike in the profile */
};

static bool go(const struct run *r, const struct at_set *set)
{
	struct line l;

	if (r->kind == TEXT_IS_TYPED)
		return try_text();
	random_line(&l, set);
	if (r->kind == NOTHING_IS_HEARD)
		return unheard(&l);
	return try_line(&l) && pick(25);
}

static void run(const struct run *r, const struct profile *p, unsigned lines)
{
	const struct at_set *set = profile_at(p, p->installed)->at;
	bool alive = false;
	unsigned i;

	for (i = 0; i < lines; i++) {
		if (!alive) {
			rig_init(&rig, p);
			rig.notify = on_notice;
			r->state();
			if (r->kind != NOTHING_IS_HEARD && pick(4))
				type("AT+CMEE=1\r");
		}
		alive = go(r, set);
		if (!alive)
			rig_free(&rig);
	}
	if (alive)
		rig_free(&rig);
}

static void twice(void **state)
{
	const struct run *r = *state;
	const char *tests = getenv("FAUXTRACK_TESTS");
	unsigned lines = tests && !strcmp(tests, "full") ? 20 * LINES : LINES;
	struct profile *p = rig_profile(r->profile);
	uint64_t first;

	if (r->pin)
		p->sim.pin_enabled = true;
	states++;
	hash = 1;
	seed = 20260101 * states;
	run(r, p, lines);
	first = hash;
	hash = 1;
	seed = 20260101 * states;
	run(r, p, lines);
	assert_true(hash == first);
	rig_profile_free(p);
}

static const struct run runs[] = {
	{ "at rest on 7.4", "fastrack-supreme-20-r74", at_rest },
	{ "at rest on 6.63", "fastrack-supreme-20-r663", at_rest },
	{ "while files load", "fastrack-supreme-20-r74", files_loading },
	{ "while the PIN is wanted", "fastrack-supreme-20-r74-pin", at_rest },
	{ "without a SIM", "fastrack-supreme-20-r74-no-sim", at_rest },
	{ "while the PUK is wanted", "fastrack-supreme-20-r74-pin", puk_wanted },
	{ "without a network", "fastrack-supreme-20-r74", without_cells },
	{ "while the stack is stopped", "fastrack-supreme-20-r74", stopped },
	{ "with the downloader only", "fastrack-supreme-20-r663", restricted },
	{ "in a call", "fastrack-supreme-20-r74", in_a_call },
	{ "while it rings", "fastrack-supreme-20-r74", while_it_rings },
	{ "text at a prompt", "fastrack-supreme-20-r74", at_rest, TEXT_IS_TYPED },
	{ "in a download", "fastrack-supreme-20-r74", downloading, NOTHING_IS_HEARD },
	/* one of each family, and the most different ones within a family */
	{ "at rest on a Q24", "m1306b-r655", at_rest },
	{ "at rest on a Q24 of 6.40", "m1306b-r640", at_rest },
	{ "while the PIN is wanted on 6.40", "m1306b-r640", at_rest, .pin = true },
	{ "at rest on a clone", "q2406b-clone-r652a", at_rest },
	{ "at rest on a Q24 Plus", "q24pl001-r657", at_rest },
	{ "at rest on a Q2686", "q2686-r661", at_rest },
	{ "while the PUK is wanted on 6.63", "fastrack-supreme-20-r663", puk_wanted,
		.pin = true },
	{ "in a call on a Q24", "m1306b-r655", in_a_call },
	{ "text at a prompt on a Q24", "m1306b-r640", at_rest, TEXT_IS_TYPED },
	{ "in a download on 6.63", "fastrack-supreme-20-r663", downloading,
		NOTHING_IS_HEARD },
	{ "at rest on 7.44", "q2686rd-r744", at_rest },
	{ "at rest on 7.47", "fxt009-r7474", at_rest },
	{ "at rest on 7.52", "sl6087-r752", at_rest },
	{ "while it rings on 7.52", "sl6087-r752", while_it_rings },
	{ "with the downloader only on 7.52", "sl6087-r752", restricted },
};

#define RUNS (sizeof(runs) / sizeof(runs[0]))

int main(void)
{
	struct CMUnitTest tests[RUNS];
	size_t i;

	for (i = 0; i < RUNS; i++)
		tests[i] = (struct CMUnitTest){ .name = runs[i].name,
			.test_func = twice,
			.initial_state = (void *)&runs[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
