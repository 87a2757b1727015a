/* Differences between the log and our modem, as rules of a field bug. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "conf/must.h"
#include "faults/fault_check.h"
#include "host/field/import_int.h"
#include "state/fault.h"

#define LINE_TEXT   (sizeof(((struct fault_trigger *)0)->text) - 1)
#define BYTES_TEXT  (sizeof(((struct fault_rule *)0)->answer.bytes) - 1)
#define SLOWER_THAN SEC(1) /* what a rule is made for */

/* ---- the command ------------------------------------------------------------------ */

static char *commands(const struct import_command *c, bool parameters)
{
	char *text, *quoted;

	text = import_print("commands: [\"%s%s\"]%s", c->name[0] == '\\' ? "\\" : "",
		c->name, c->unknown ? ", unknown: true" : "");
	if (c->form) {
		quoted = import_print("%s, form: [%s]", text, c->form);
		free(text);
		text = quoted;
	}
	if (parameters && c->parameters[0]) {
		char *value = import_quote(c->parameters);

		quoted = import_print("%s, parameters: %s", text, value);
		free(value);
		free(text);
		text = quoted;
	}
	return text;
}

static bool same_command(const struct turn *a, const struct turn *b)
{
	const struct import_command *x = &a->command, *y = &b->command;

	if (strcmp(x->name, y->name) != 0 || x->single != y->single ||
		!x->form != !y->form || (x->form && strcmp(x->form, y->form) != 0))
		return false;
	return x->prompts || !strcmp(x->parameters, y->parameters);
}

/* Which time this command, or this line, is typed. */
static int nth_command(const struct import *im, size_t turn)
{
	int n = 1;
	size_t i;

	for (i = 0; i < turn; i++)
		n += im->turn[i].how != TURN_CUT && im->turn[i].command.single &&
		     same_command(&im->turn[i], &im->turn[turn]);
	return n;
}

/* ---- what differs ----------------------------------------------------------------- */

static bool next_info(const struct exchange *x, size_t *i, const char **text)
{
	for (; *i < x->n; ++*i)
		if (!x->line[*i].unsolicited) {
			*text = x->line[(*i)++].text;
			return true;
		}
	return false;
}

static bool same_info(const struct exchange *x, const struct exchange *y)
{
	const char *a = NULL, *b = NULL;
	size_t i = 0, k = 0;
	bool more;

	do {
		more = next_info(x, &i, &a);
		if (more != next_info(y, &k, &b) || (more && strcmp(a, b) != 0))
			return false;
	} while (more);
	return true;
}

static bool connects(const struct exchange *x)
{
	return x->result && !strncmp(x->result, "CONNECT", 7);
}

static bool same_result(const struct exchange *x, const struct exchange *y)
{
	if (!x->result || !y->result)
		return x->result == y->result;
	if (connects(x))
		return connects(y);
	return !strcmp(x->result, y->result);
}

static bool has_info(const struct exchange *x)
{
	const char *text;
	size_t i = 0;

	return next_info(x, &i, &text);
}

/* The log's lines for `lines`, quoted; NULL: too long. */
static char *info(const struct exchange *x, size_t most)
{
	char *all = must(strdup("")), *longer;
	const char *text;
	size_t i = 0;

	while (next_info(x, &i, &text)) {
		longer = import_print("%s%s%s", all, all[0] ? "\\n" : "", text);
		free(all);
		all = longer;
	}
	if (strlen(all) > most) {
		free(all);
		return NULL;
	}
	longer = import_quote(all);
	free(all);
	return longer;
}

/* ---- answers ---------------------------------------------------------------------- */

struct difference {
	const struct exchange *x, *y; /* of the log, of ours */
	struct turn *turn;
	usec_t delay; /* 0: as it is */
	bool whole;   /* the line has several commands: the answer ends it */
	bool forced;  /* it is not to be carried out: the result is ours to say */
	bool again;   /* the lines are those of a rule already */
};

/* The final result, as a key of `answer`; "": the command's own. */
static char *result_key(const struct difference *d)
{
	const char *result = d->x->result;
	char *value, *text;

	if (!result)
		return must(strdup("result: none"));
	if (same_result(d->x, d->y) && !d->turn->command.unknown && !d->whole &&
		!d->forced)
		return must(strdup(""));
	if (fault_wrong_result(result) || (d->whole && !strcmp(result, "OK"))) {
		value = import_print("\\r\\n%s\\r\\n", result);
		text = strlen(value) > BYTES_TEXT ? NULL : import_quote(value);
		free(value);
		value = text ? import_print("bytes: %s", text) : NULL;
		free(text);
		return value;
	}
	text = import_quote(result);
	value = import_print("result: %s", text);
	free(text);
	return value;
}

/* The information, as a key of `answer`. */
static char *info_key(const struct difference *d, const char *result)
{
	char *lines, *text;

	if (same_info(d->x, d->y) && !*result && !d->again)
		return must(strdup(""));
	if (!has_info(d->x))
		return must(strdup(
			(has_info(d->y) || d->again) && !*result ? "info: drop" : ""));
	lines = info(d->x, FAULT_TEXT - 1);
	if (!lines)
		return NULL;
	text = import_print("lines: %s", lines);
	free(lines);
	return text;
}

static char *delay_key(const struct difference *d)
{
	return d->delay ? import_print("delay: %lldms", (long long)(d->delay / 1000))
			: must(strdup(""));
}

static const char *comma(const char *text)
{
	return *text ? ", " : "";
}

/* "answer: { ... }"; NULL: not sayable, the turn says why. */
static char *answer(const struct difference *d, bool parameters)
{
	char *of = commands(&d->turn->command, parameters), *result = result_key(d);
	char *lines = result ? info_key(d, result) : NULL, *late = delay_key(d);
	char *text = NULL;

	if (!result)
		turn_give_up(d->turn, TURN_LOOSE, "its result is too long for a rule: %s",
			d->x->result);
	else if (!lines)
		turn_give_up(d->turn, TURN_LOOSE,
			"its information is longer than %d characters, which a rule may "
			"have",
			FAULT_TEXT - 1);
	else
		text = import_print("answer: { %s%s%s%s%s%s%s }", of, comma(result),
			result, comma(lines), lines, comma(late), late);
	free(of);
	free(result);
	free(lines);
	free(late);
	return text;
}

static char *key_of(const struct import_command *c, const char *what)
{
	return import_print("%s %s %s %s", what, c->name, c->form ? c->form : "",
		c->prompts ? "" : c->parameters);
}

/* Ours may be the answer of a rule of that key: then the new rule has to say all of it. */
static void know_rule(struct difference *d, const struct import_rule *last)
{
	d->forced |= last &&
		     (strstr(last->what, "result: ") || strstr(last->what, "bytes: "));
	d->again = last &&
		   (strstr(last->what, "lines: ") || strstr(last->what, "info: "));
}

static bool single_rule(struct import *im, size_t turn, struct difference *d)
{
	const struct import_command *c = &d->turn->command;
	char *key = key_of(c, "answer"), *what, *of, *same;

	know_rule(d, rule_last(im, key));
	what = answer(d, !c->prompts);
	if (!what) {
		free(key);
		return false;
	}
	of = commands(c, !c->prompts);
	same = import_print("answer: { %s }", of);
	free(of);
	rules_take_turns(im, key, what, same, nth_command(im, turn), turn);
	return true;
}

/* Whether all later lines of that kind are answered in this way. */
static bool goes_on(const struct import *im, size_t turn,
	bool (*like)(const struct turn *a, const struct turn *b))
{
	const struct turn *t = &im->turn[turn];
	size_t i;

	for (i = turn + 1; i < im->n; i++)
		if (like(&im->turn[i], t) && (!same_result(im->turn[i].x, t->x) ||
						     !same_info(im->turn[i].x, t->x)))
			return false;
	return true;
}

static bool same_line(const struct turn *a, const struct turn *b)
{
	return !strcasecmp(a->x->command, b->x->command);
}

static bool both_prompted(const struct turn *a, const struct turn *b)
{
	return a->x->prompted && b->x->prompted &&
	       !strcmp(a->command.name, b->command.name);
}

/* "nth: 2", "from: 2", or nothing, for a trigger. */
static char *occurrence(const struct import *im, size_t turn, int nth,
	bool (*like)(const struct turn *a, const struct turn *b))
{
	if (!goes_on(im, turn, like))
		return import_print(", nth: %d", nth);
	return nth > 1 ? import_print(", from: %d", nth) : must(strdup(""));
}

/* A line of several commands: its first one is answered for all. */
static bool whole_rule(struct import *im, size_t turn, struct difference *d)
{
	const char *line = d->x->command + 2;
	char *what, *text, *which, *when;

	d->whole = true;
	if (strlen(line) > LINE_TEXT) {
		turn_give_up(d->turn, TURN_LOOSE, "the line is too long for a rule");
		return false;
	}
	what = answer(d, true);
	if (!what)
		return false;
	text = import_quote(line);
	which = occurrence(im, turn, turn_nth_line(im, turn), same_line);
	when = import_print("{ at: line, text: %s%s }", text, which);
	free(text);
	free(which);
	rule_add(im, (struct import_rule){ .key = import_print("line %s", line),
			     .when = when,
			     .what = what,
			     .times = 1,
			     .first = true,
			     .turn = turn });
	return true;
}

/* After a text: the prompt came, and what follows it differs. */
static bool message_rule(struct import *im, size_t turn, const struct difference *d)
{
	char *what, *which, *when;
	int nth = 1;
	size_t i;

	what = answer(d, false);
	if (!what)
		return false;
	for (i = 0; i < turn; i++)
		nth += im->turn[i].how != TURN_CUT && !im->turn[i].x->cancelled &&
		       both_prompted(&im->turn[i], d->turn);
	which = occurrence(im, turn, nth, both_prompted);
	when = import_print(
		"{ at: message, command: \"%s\"%s }", d->turn->command.name, which);
	free(which);
	rule_add(im, (struct import_rule){ .key = key_of(&d->turn->command, "message"),
			     .when = when,
			     .what = what,
			     .times = 1,
			     .first = true,
			     .turn = turn });
	return true;
}

/* How late it came, where the log's times say so and ours is much earlier; 0: not late. */
static usec_t lateness(
	const struct import *im, const struct turn *t, const struct exchange *ours)
{
	usec_t took = t->x->answered - t->x->asked, step = im->log->step;

	if (!t->timed || !t->x->result || t->x->data[1] || t->x->text ||
		took < SLOWER_THAN + 2 * step)
		return 0;
	if (ours->result &&
		(took < t->took + SLOWER_THAN + 2 * step || took < 2 * t->took))
		return 0;
	return took;
}

/* What cannot become a rule at all; NULL: it can. */
static const char *obstacle(const struct turn *t, const struct exchange *ours)
{
	const struct exchange *x = t->x;

	if (!t->command.sayable)
		return "it is no command that a rule can name";
	if (connects(x))
		return "only a call of our own can lead to CONNECT";
	if (x->prompted && !ours->prompted)
		return "no rule can make a prompt where our modem has none";
	return NULL;
}

/* The log may end, or be cut, before the result. */
static bool incomplete(const struct exchange *x, const struct exchange *ours)
{
	return !x->result && x->n && ours->result && ours->n >= x->n;
}

/* After some commands (+CFUN=1) our modem is deaf for a time where that of the log was
 * not: then it must not carry them out. */
static bool prevent_deafness(struct import *im, size_t turn, const struct exchange *ours)
{
	struct difference d = { .turn = NULL };
	struct turn *t;

	if (ours->result || ours->n || !im->turn[turn].x->result || !turn)
		return false;
	t = &im->turn[turn - 1];
	if (t->how != TURN_LOGGED || t->tried || !t->x->result || !t->command.single ||
		!t->command.sayable)
		return false;
	d = (struct difference){ .x = t->x, .y = t->x, .turn = t, .forced = true };
	return !rules_full(im, t) && single_rule(im, turn - 1, &d);
}

bool rules_compare(struct import *im, size_t turn, const struct exchange *ours)
{
	struct turn *t = &im->turn[turn];
	struct difference d = { .x = t->x, .y = ours, .turn = t };
	const char *why;

	if (t->how != TURN_LOGGED || !t->x->command[0])
		return false;
	if (connects(t->x) && connects(ours))
		return false; /* lines after it belong to the call */
	d.delay = lateness(im, t, ours);
	if (same_info(t->x, ours) && same_result(t->x, ours) &&
		t->x->prompted == ours->prompted && !d.delay)
		return false;
	if (prevent_deafness(im, turn, ours))
		return true;
	why = obstacle(t, ours);
	if (!why && incomplete(t->x, ours))
		why = "the log has no result of it; the demo has ours";
	if (why) {
		turn_give_up(t, TURN_LOOSE, "%s", why);
		return false;
	}
	if (rules_full(im, t))
		return false;
	if (!t->command.single)
		return whole_rule(im, turn, &d);
	if (t->x->prompted)
		return message_rule(im, turn, &d);
	return single_rule(im, turn, &d);
}
