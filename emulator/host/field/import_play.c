/* The host of the log at our modem, in virtual time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "conf/must.h"
#include "host/field/import_stage.h"

#define LEAST_GAP MS(100)   /* shorter ones are no waits */
#define MOST_GAP  SEC(3600) /* longer ones are cut */
#define NO_ANSWER SEC(2)    /* where the log has none */
#define SAY_LATER MS(50)
#define TOGETHER  MS(500) /* lines of one moment */

/* What is typed at the prompt; without a text in the log the prompt is left. */
static void text(struct stage *s, const struct exchange *x)
{
	size_t len;
	char *bytes;

	if (x->text) {
		bytes = stage_bytes(x->text, &len, x->cancelled ? "\x1b" : "\x1a");
		stage_keys(s, bytes, len);
		free(bytes);
	} else {
		stage_keys(s, "\x1b", 1);
	}
	stage_wait(s, STAGE_ANSWER);
}

/* The host of the log has not waited for a prompt. */
static void text_anyway(struct stage *s, const struct exchange *x)
{
	size_t len;
	char *bytes = stage_bytes(x->text, &len, "\x1a\r");

	stage_keys(s, bytes, len);
	free(bytes);
	stage_pass(s, STAGE_SETTLED);
}

static bool at_prompt(const struct stage *s)
{
	size_t end = stage_answer_end(s), len;
	const char *p = play_live_heard(s->live, &len);

	return end > 1 && p[end - 1] == ' ' && p[end - 2] == '>';
}

static usec_t patience(const struct exchange *x)
{
	return x->result || x->prompted ? STAGE_ANSWER : NO_ANSWER;
}

static void set_numeric(struct stage *s, const char *command)
{
	if (strcasestr(command, "V0"))
		s->numeric = true;
	else if (strcasestr(command, "V1") || strcasestr(command, "&F"))
		s->numeric = false;
}

static bool ours_connects(const struct stage *s)
{
	return s->answer && s->answer->result &&
	       !strncmp(s->answer->result, "CONNECT", 7);
}

/* Octets up to the end of CONNECT: what follows belongs to the session. */
static size_t heard_now(const struct stage *s)
{
	size_t end = stage_answer_end(s), len;
	const char *p = play_live_heard(s->live, &len);
	size_t i;

	for (i = 0; i + 9 <= end; i++)
		if (!memcmp(p + i, "\r\nCONNECT", 9))
			return end;
	return len;
}

static bool command(struct stage *s)
{
	struct turn *t = &s->im->turn[s->turn];
	struct exchange none = { .command = t->x->command };
	usec_t took;
	bool online, changed, unprompted;

	exchange_free(s->answer);
	s->answer = NULL;
	set_numeric(s, t->x->command);
	if (!stage_line(s, t->x->command))
		return true;
	stage_wait(s, patience(t->x));
	took = t->took;
	if (at_prompt(s)) {
		stage_hear(s, SIZE_MAX, took);
		text(s, t->x);
		took = t->took;
	}
	stage_hear(s, heard_now(s), took);
	exchanges_end(s->parser);
	online = ours_connects(s);
	unprompted = t->x->text && !t->x->prompted && !(s->answer && s->answer->prompted);
	changed = rules_compare(s->im, s->turn, s->answer ? s->answer : &none);
	if (changed)
		return false;
	if (unprompted)
		text_anyway(s, t->x);
	return !online || stage_data(s);
}

/* Whether all that was said has this line; takes it out. */
static bool was_said(struct stage *s, const char *line)
{
	size_t n = strlen(line);
	char *p = s->said;

	while (p && *p) {
		if (!strncmp(p, line, n) && p[n] == '\n') {
			memmove(p, p + n + 1, strlen(p + n + 1) + 1);
			return true;
		}
		p += strcspn(p, "\n") + 1;
	}
	return false;
}

/* Adds a line, framed, to what a rule has to say. */
static void add_line(char **all, const char *line)
{
	char *more;

	if (asprintf(&more, "%s\\r\\n%s\\r\\n", *all ? *all : "", line) < 0)
		out_of_memory();
	free(*all);
	*all = more;
}

/* Unasked lines of the log in a turn, which our modem has not said. */
static char *missing(struct stage *s, const struct exchange *x)
{
	char *all = NULL;
	size_t i;

	for (i = 0; i < x->n; i++)
		if (x->line[i].unsolicited && !was_said(s, x->line[i].text))
			add_line(&all, x->line[i].text);
	return all;
}

/* The turn with a command before this one. */
static long asked_before(const struct import *im, size_t turn)
{
	long i;

	for (i = (long)turn; i >= 0; i--)
		if (im->turn[i].x->command[0] && im->turn[i].how != TURN_CUT)
			return i;
	return -1;
}

static usec_t say_after(const struct stage *s, long before, size_t turn)
{
	const struct turn *t = &s->im->turn[turn], *b;
	usec_t least, logged;

	if (before < 0)
		return SAY_LATER;
	b = &s->im->turn[before];
	if ((size_t)before == turn)
		return 0;
	least = b->took + SAY_LATER;
	logged = t->x->asked - b->x->asked;
	return t->timed && logged > least ? logged / 1000 * 1000 : least;
}

/* Lines of turns [from, to) that our modem has not said become a rule, if they came
 * together. False: one was made. */
static bool unsolicited(struct stage *s, size_t from, size_t to)
{
	struct turn *t = &s->im->turn[from];
	char *all = NULL, *some, *both;
	long before = asked_before(s->im, from);
	bool made;
	size_t i;

	for (i = from; i < to; i++) {
		some = s->im->turn[i].how == TURN_LOGGED ? missing(s, s->im->turn[i].x)
							 : NULL;
		if (some && asprintf(&both, "%s%s", all ? all : "", some) < 0)
			out_of_memory();
		if (!some)
			continue;
		if (!all)
			t = &s->im->turn[i];
		free(all);
		free(some);
		all = both;
	}
	if (!all)
		return true;
	i = (size_t)(t - s->im->turn);
	made = rules_say(s->im, before, i, all, say_after(s, before, i));
	free(all);
	return !made;
}

/* What our modem says, and the log has nowhere near. */
static bool surplus(struct stage *s, size_t turn)
{
	char *line = s->said, *end;
	bool made = false;

	while (line && *line && !made) {
		end = strchr(line, '\n');
		*end = '\0';
		made = !exchange_is_result(line) && rules_hush(s->im, turn, line);
		line = end + 1;
	}
	free(s->said);
	s->said = NULL;
	return !made;
}

static bool is_unasked(const struct import *im, size_t turn)
{
	return turn < im->n && !im->turn[turn].x->command[0];
}

/* The end of the lines that came within a moment of this one. */
static size_t together(const struct import *im, size_t i, size_t end)
{
	size_t next = i + 1;

	while (next < end && im->turn[next].x->asked - im->turn[i].x->asked < TOGETHER)
		next++;
	return next;
}

/* The lines that follow without a command between them. */
static bool unasked(struct stage *s)
{
	struct import *im = s->im;
	size_t first = s->turn, end = first, i, next;
	usec_t time = STAGE_SETTLED;

	while (is_unasked(im, end))
		end++;
	if (im->log->step && im->turn[end - 1].x->asked > im->turn[first].x->asked)
		time += im->turn[end - 1].x->asked - im->turn[first].x->asked;
	if (im->log->step && im->turn[first].gap > LEAST_GAP)
		time += im->turn[first].gap;
	stage_pass(s, time < MOST_GAP ? time / 1000 * 1000 : MOST_GAP);
	exchanges_end(s->parser);
	for (i = first; i < end; i = next) {
		next = together(im, i, end);
		if (!unsolicited(s, i, next))
			return false;
	}
	s->turn = end - 1;
	return true;
}

static bool one_turn(struct stage *s)
{
	struct turn *t = &s->im->turn[s->turn];

	if (t->how == TURN_CUT)
		return true;
	if (!t->x->command[0])
		return unasked(s);
	if (t->timed && s->turn && t->gap >= LEAST_GAP)
		stage_pass(s, t->gap < MOST_GAP ? t->gap / 1000 * 1000 : MOST_GAP);
	return command(s) && unsolicited(s, s->turn, s->turn + 1) &&
	       (is_unasked(s->im, s->turn + 1) || surplus(s, s->turn));
}

/* The modem cannot go on: the rest is not played. */
static void give_up(struct stage *s)
{
	size_t i;

	for (i = s->turn; i < s->im->n; i++)
		if (s->im->turn[i].how != TURN_CUT)
			turn_give_up(&s->im->turn[i], TURN_CUT,
				"our modem takes no more of it");
}

bool import_play(
	struct import *im, const struct scenario *scenario, const struct profile *p)
{
	const struct play_options options = { .mode = PLAY_COALESCED };
	struct stage s = { .im = im };
	bool whole = true;

	stage_forget(im);
	s.parser = exchanges_new(stage_take, &s);
	s.live = play_live_new(scenario, &p, &options);
	if (im->wipsoft)
		stage_peers(&s);
	for (; s.turn < im->n && whole; s.turn++) {
		if (im->options->progress)
			im->options->progress(im->options->progress_ctx, s.turn, im->n);
		whole = one_turn(&s);
		if (s.dead) {
			if (whole)
				give_up(&s);
			whole = false;
		}
	}
	exchanges_free(s.parser);
	play_live_free(s.live);
	while (s.owners)
		scenario_free(s.owner[--s.owners]);
	exchange_free(s.answer);
	free(s.said);
	return whole;
}
