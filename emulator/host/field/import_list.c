/* The rules of an import, and lines that our modem says by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "conf/must.h"
#include "host/field/import_int.h"
#include "state/fault.h"

#define MOST_TRIES 3 /* rules for one exchange */
#define LINE_TEXT  (sizeof(((struct fault_trigger *)0)->text) - 1)

/* ---- the list --------------------------------------------------------------------- */

char *import_print(const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		out_of_memory();
	va_end(ap);
	return text;
}

static void clear(struct import_rule *r)
{
	free(r->key);
	free(r->when);
	free(r->what);
}

void rules_drop(struct import *im, size_t rule)
{
	clear(&im->rule[rule]);
	im->rules--;
	memmove(im->rule + rule, im->rule + rule + 1,
		(im->rules - rule) * sizeof(*im->rule));
}

void rules_clear(struct import *im)
{
	while (im->rules)
		rules_drop(im, im->rules - 1);
	free(im->rule);
}

/* Takes over the texts. */
void rule_add(struct import *im, struct import_rule r)
{
	im->rule = must(realloc(im->rule, (im->rules + 1) * sizeof(*im->rule)));
	im->rule[im->rules++] = r;
}

bool rules_full(struct import *im, struct turn *t)
{
	if (im->rules < FAULT_RULES - 1 && t->tried < MOST_TRIES) {
		t->tried++;
		return false;
	}
	turn_give_up(t, TURN_LOOSE, "%s",
		t->tried < MOST_TRIES
			? "a bug file has no room for another rule"
			: "the rules that were tried did not give this answer");
	return true;
}

struct import_rule *rule_last(struct import *im, const char *key)
{
	size_t i;

	for (i = im->rules; i-- > 0;)
		if (!strcmp(im->rule[i].key, key))
			return &im->rule[i];
	return NULL;
}

static int served(const struct import *im, const char *key)
{
	int sum = 0;
	size_t i;

	for (i = 0; i < im->rules; i++)
		if (!strcmp(im->rule[i].key, key))
			sum += im->rule[i].times;
	return sum;
}

/* Rules of one key take turns: each answers as often as the log has its answer, the last
 * one from then on. nth: which time this is. same: the rule that keeps the modem's own
 * answer. */
void rules_take_turns(
	struct import *im, char *key, char *what, char *same, int nth, size_t turn)
{
	struct import_rule *last = rule_last(im, key);
	int before = served(im, key);

	if (last && last->turn == turn) {
		/* it was made for this, and does not do */
		free(last->what);
		last->what = what;
		free(key);
		free(same);
		return;
	}
	if (!last && nth > 1)
		rule_add(im, (struct import_rule){ .key = must(strdup(key)),
				     .what = same,
				     .times = nth - 1,
				     .turn = turn - 1 });
	else
		free(same);
	last = rule_last(im, key);
	if (last && !last->times)
		last->times = nth - 1 > before ? nth - 1 - before : 1;
	rule_add(im, (struct import_rule){ .key = key, .what = what, .turn = turn });
}

int turn_nth_line(const struct import *im, size_t turn)
{
	int n = 1;
	size_t i;

	for (i = 0; i < turn; i++)
		n += im->turn[i].how != TURN_CUT &&
		     !strcasecmp(im->turn[i].x->command, im->turn[turn].x->command);
	return n;
}

/* ---- unasked ---------------------------------------------------------------------- */

/* The answer to the AT+CMGR of the message that +CMTI announces; NULL: the log does not read
 * it. */
static const struct exchange *announced(
	const struct import *im, size_t of, const char *bytes)
{
	char command[32];
	unsigned at;
	size_t i;

	if (sscanf(bytes, "\\r\\n+CMTI: \"%*[A-Z]\",%u", &at) != 1)
		return NULL;
	snprintf(command, sizeof(command), "AT+CMGR=%u", at);
	for (i = of; i < im->n; i++)
		if (!strcasecmp(im->turn[i].x->command, command))
			return im->turn[i].x->n == 2 ? im->turn[i].x : NULL;
	return NULL;
}

/* The action by which such a message arrives, so that it can be read, listed and deleted;
 * NULL: not known. */
static char *message(const struct import *im, size_t of, const char *bytes)
{
	const struct exchange *x = announced(im, of, bytes);
	char from[48], *text, *action;
	const char *pdu;
	unsigned centre;

	if (!x || strncmp(x->line[0].text, "+CMGR: ", 7) != 0)
		return NULL;
	if (sscanf(x->line[0].text, "+CMGR: \"REC %*[A-Z]\",\"%40[^\"]\"", from) == 1) {
		text = import_quote(x->line[1].text);
		action = import_print("sms: { from: \"%s\", text: %s }", from, text);
		free(text);
		return action;
	}
	/* in a PDU, the service centre's address comes first */
	pdu = x->line[1].text;
	if (x->line[0].text[7] > '1' || sscanf(pdu, "%2x", &centre) != 1 ||
		2 * (centre + 1) >= strlen(pdu))
		return NULL;
	return import_print("sms: { pdu: \"%s\" }", pdu + 2 * (centre + 1));
}

/* A call, which rings as often as the log has it together. */
static char *call(const char *bytes)
{
	static const char ring[] = "\\r\\nRING\\r\\n", clip[] = "+CLIP: \"";
	const char *p = bytes, *number = strstr(bytes, clip);
	char from[48] = "+33655009999";
	size_t n = 0;

	if (strncmp(bytes, ring, strlen(ring)) != 0)
		return NULL;
	if (number)
		sscanf(number + strlen(clip), "%40[^\"]", from);
	for (; (p = strstr(p, ring)); p++)
		n++;
	return import_print("ring: { from: \"%s\", for: %zus }", from, 5 * n - 1);
}

/* What starts it: the line that was typed before, or that the port is opened. NULL: no rule
 * can name that line. */
static char *moment(const struct import *im, long turn)
{
	const struct turn *t = turn < 0 ? NULL : &im->turn[turn];
	char *text, *when;

	if (!t)
		return must(strdup("{ at: open }"));
	if (!t->command.name[0] || strlen(t->x->command) > LINE_TEXT)
		return NULL;
	if (!strcmp(t->command.name, "AT"))
		return import_print("{ at: command, command: AT, nth: %d }",
			turn_nth_line(im, (size_t)turn));
	text = import_quote(t->x->command + 2);
	when = import_print(
		"{ at: line, text: %s, nth: %d }", text, turn_nth_line(im, (size_t)turn));
	free(text);
	return when;
}

static char *say(const char *bytes)
{
	char *text = import_quote(bytes), *what;

	what = import_print("say: { text: %s, raw: true }", text);
	free(text);
	return what;
}

/* The action that was tried first has not made our modem say it. */
static void drop_action(struct import *im, size_t of)
{
	size_t i;

	for (i = im->rules; i-- > 0;)
		if (im->rule[i].inject && im->rule[i].turn == of)
			rules_drop(im, i);
}

bool rules_say(struct import *im, long turn, size_t of, const char *bytes, usec_t after)
{
	struct turn *t = &im->turn[of];
	struct import_rule r = { .times = 1, .turn = of };
	char *what = NULL, *late;

	if (strlen(bytes) >= FAULT_TEXT) {
		turn_give_up(t, TURN_LOOSE, "it is too long for a rule");
		return false;
	}
	r.when = moment(im, turn);
	if (!r.when) {
		turn_give_up(t, TURN_LOOSE, "no rule can name the line before it");
		return false;
	}
	if (rules_full(im, t)) {
		free(r.when);
		return false;
	}
	drop_action(im, of);
	if (t->tried == 1)
		what = message(im, of, bytes);
	if (t->tried == 1 && !what)
		what = call(bytes);
	r.inject = what;
	if (!what)
		what = say(bytes);
	late = after ? import_print("after: %lldms\n    ", (long long)(after / 1000))
		     : must(strdup(""));
	r.what = import_print("%s%s", late, what);
	r.key = import_print("say %zu", of);
	rule_add(im, r);
	free(what);
	free(late);
	return true;
}

/* "+WIND" of "+WIND: 4", "RING". */
static size_t prefix_length(const char *line)
{
	size_t n = strcspn(line, ":");

	return line[n] ? n + 1 : n;
}

static bool log_says(const struct import *im, const char *line, size_t n)
{
	size_t i, k;

	for (i = 0; i < im->n; i++)
		for (k = 0; k < im->turn[i].x->n; k++)
			if (im->turn[i].x->line[k].unsolicited &&
				!strncmp(im->turn[i].x->line[k].text, line, n))
				return true;
	return false;
}

bool rules_hush(struct import *im, size_t turn, const char *line)
{
	size_t n = prefix_length(line);
	char *key = import_print("hush %.*s", (int)n, line), *start, *text;

	if (n < 4 || n > 40 || log_says(im, line, n) || rule_last(im, key) ||
		im->rules >= FAULT_RULES - 1) {
		free(key);
		return false;
	}
	start = import_print("%.*s", (int)n, line);
	text = import_quote(start);
	rule_add(im, (struct import_rule){ .key = key,
			     .what = import_print("hush: %s", text),
			     .turn = turn });
	free(start);
	free(text);
	return true;
}
