#include "host/field/import.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/field/import_int.h"
#include "host/play/scenario.h"
#include "host/read/library.h"
#include "host/read/rules_check.h"
#include "host/trace/trace.h"

#define MOST_PLAYS 400

static void remark(struct import *im, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void remark(struct import *im, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		out_of_memory();
	va_end(ap);
	im->remark = must(realloc(im->remark, (im->remarks + 1) * sizeof(*im->remark)));
	im->remark[im->remarks++] = text;
}

/* ---- before it is played ---------------------------------------------------------- */

static void mask_all(struct import *im)
{
	struct exchange *x;
	size_t i, k;

	for (i = 0; i < im->n; i++)
		mask_exchange(im->mask, im->turn[i].x);
	for (i = 0; i < im->n; i++) {
		x = im->turn[i].x;
		mask_again(im->mask, x->command);
		mask_again(im->mask, x->text);
		for (k = 0; k < x->n; k++)
			mask_again(im->mask, x->line[k].text);
	}
}

static void guess(struct import *im)
{
	const struct exchange **x = must(calloc(im->n + 1, sizeof(*x)));
	const char *named = im->options->profile;
	size_t i;

	for (i = 0; i < im->n; i++)
		x[i] = im->turn[i].x;
	if (!named && im->log->profile) {
		named = im->log->profile;
		snprintf(im->guess.why, sizeof(im->guess.why), "the trace names it");
		im->guess.sure = "sure";
	} else if (named) {
		snprintf(im->guess.why, sizeof(im->guess.why), "it was asked for");
		im->guess.sure = "given";
	}
	if (named)
		snprintf(im->guess.profile, sizeof(im->guess.profile), "%s", named);
	else
		guess_profile(im->library, x, im->n, &im->guess);
	free(x);
}

static void first_error(const struct doc_errors *e, char *why, size_t size)
{
	if (e->item[0].line)
		snprintf(why, size, "%s:%d: %s", e->item[0].file, e->item[0].line,
			e->item[0].text);
	else
		snprintf(why, size, "%s: %s", e->item[0].file, e->item[0].text);
}

/* The profile with the settings of the scenario; NULL, with the error in why. */
static const struct profile *profile_of(
	struct import *im, const struct scenario *s, char *why, size_t size)
{
	const struct profile *p;
	struct doc_errors e;

	doc_errors_init(&e);
	p = profile_cache_get(im->profiles, s ? s->profile_file[0] : im->guess.profile,
		s ? s->own.kv : NULL, s ? s->own.n_kv : 0, &e);
	if (!p && e.n)
		first_error(&e, why, size);
	else if (!p)
		snprintf(why, size, "no profile %s; fauxtrack list profiles shows all",
			im->guess.profile);
	doc_errors_clear(&e);
	return p;
}

/* ---- trying ----------------------------------------------------------------------- */

/* Whether the rule is about a form that the firmware does not have: it is written again,
 * as one about an unknown command. */
static bool is_form_unknown(struct import *im, size_t rule, const char *why)
{
	struct import_command *c = &im->turn[im->rule[rule].turn].command;

	if (c->unknown || !strstr(why, "has that form of"))
		return false;
	c->unknown = true;
	return true;
}

static void drop(struct import *im, size_t rule, const char *why)
{
	size_t turn = im->rule[rule].turn;

	if (is_form_unknown(im, rule, why))
		im->turn[turn].tried = 0;
	else if (turn < im->n && im->turn[turn].how == TURN_LOGGED)
		turn_give_up(&im->turn[turn], TURN_LOOSE, "%s", why);
	rules_drop(im, rule);
}

static struct scenario *read_back(struct import *im, bool demo, char *why, size_t size)
{
	struct scenario *s;
	struct doc_errors e;
	const struct profile *p;
	size_t len;
	char *text = import_write(im, demo, &len);

	doc_errors_init(&e);
	s = scenario_read(im->library, "the bug", text, len, &e);
	if (s && !e.n && (p = profile_of(im, s, why, size)))
		rules_check(&s->own, &p, 1, &e);
	if (e.n) {
		first_error(&e, why, size);
		scenario_free(s);
		s = NULL;
	}
	doc_errors_clear(&e);
	free(text);
	return s;
}

/* Plays with the rules so far, makes more, and plays again, until nothing differs but
 * what was given up. */
static bool find_rules(struct import *im, char *why, size_t size)
{
	const struct profile *p;
	struct scenario *s;
	bool whole = false;
	int plays;

	for (plays = 0; plays < MOST_PLAYS && !whole; plays++) {
		s = read_back(im, false, why, size);
		if (!s && !im->rules)
			return false;
		if (!s) {
			drop(im, im->rules - 1, why);
			continue;
		}
		p = profile_of(im, s, why, size);
		if (!p) {
			scenario_free(s);
			return false;
		}
		whole = import_play(im, s, p);
		scenario_free(s);
	}
	if (!whole)
		snprintf(why, size, "the rules change again and again; report this log");
	return whole;
}

/* ---- the finished file ------------------------------------------------------------ */

/* The line in a message "the bug:LINE:COL: ...". */
static int line_of(const char *message)
{
	const char *p = message ? strchr(message, ':') : NULL;

	return p ? atoi(p + 1) : 0;
}

/* A rule that never acts is taken out; a step that does not play is cut, with all after
 * it. False: nothing could be done. */
static bool repair(struct import *im, const char *message)
{
	char text[200];
	int line = line_of(message);
	size_t i, step = im->steps;

	for (i = 0; i < im->rules; i++)
		if (im->rule[i].line == line) {
			drop(im, i, "its rule never acted");
			return true;
		}
	for (i = 0; i < im->steps; i++)
		if (im->step_line[i] && im->step_line[i] <= line)
			step = i;
	if (step == im->steps)
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(message, "\n"), message);
	for (i = im->step[step].turn; i < im->n; i++)
		if (im->turn[i].how != TURN_CUT)
			turn_give_up(&im->turn[i], TURN_CUT, "does not play: %s", text);
	return true;
}

/* Plays the file as `fauxtrack play` does. */
static bool plays(struct import *im, char *why, size_t size)
{
	const struct play_options options = { .mode = PLAY_COALESCED };
	struct scenario *s = read_back(im, true, why, size);
	struct play_result result = { .ok = true };
	const struct profile *p = s ? profile_of(im, s, why, size) : NULL;
	bool ok, go_on = true;

	if (s && p && s->n_steps)
		play(s, &p, &options, &result);
	ok = s && p && result.ok;
	if (!ok && result.message) {
		snprintf(why, size, "%.*s", (int)strcspn(result.message, "\n"),
			result.message);
		go_on = repair(im, result.message);
	} else if (!ok) {
		go_on = repair(im, why);
	}
	play_result_clear(&result);
	scenario_free(s);
	return ok || !go_on;
}

static bool finish(struct import *im, char *why, size_t size)
{
	int tries;

	for (tries = 0; tries < MOST_PLAYS; tries++) {
		why[0] = '\0';
		if (!find_rules(im, why, size))
			return false;
		why[0] = '\0';
		if (plays(im, why, size))
			return !why[0];
	}
	snprintf(why, size, "no demo of it plays; report this log");
	return false;
}

/* What the firmware, and the application, have. A modem for which there is no WIPsoft
 * does without. */
static bool know(struct import *im, char *why, size_t size)
{
	const struct profile *p;
	struct scenario *s = read_back(im, false, why, size);

	if (!s && im->wipsoft) {
		im->wipsoft = false;
		s = read_back(im, false, why, size);
	}
	p = s ? profile_of(im, s, why, size) : NULL;
	if (p)
		turns_know(im, p);
	scenario_free(s);
	return p;
}

/* ---- all -------------------------------------------------------------------------- */

/* What the log has beside the exchanges. */
static void remark_log(struct import *im)
{
	const char *doubt = NULL;
	size_t i;

	for (i = 0; i < im->log->notes; i++)
		remark(im, "line %lu: %s", im->log->note[i].line, im->log->note[i].text);
	for (i = 0; i < im->log->n; i++) {
		const struct field_piece *p = &im->log->piece[i];

		if (p->doubt && p->doubt != doubt)
			remark(im, "line %lu: %s", p->line, p->doubt);
		doubt = p->doubt;
	}
}

/* What a trace of this program has beside the bytes of the port. */
static void remark_trace(struct import *im)
{
	static const struct {
		char kind;
		const char *what;
	} left[] = {
		{ TRACE_PACKET_OUT,
			"IP packets of the host: the step ppp has none of them" },
		{ TRACE_PACKET_IN,
			"IP packets for the host: the step ppp has none of them" },
		{ TRACE_FAR, "pieces of a far end: the demo has what came of them" },
		{ TRACE_SOCKET, "pieces of a peer: the demo has what came of them" },
		{ TRACE_EVENT, "events from outside: the demo has what came of them" },
	};
	size_t count[sizeof(left) / sizeof(left[0])] = { 0 }, i;
	struct trace_reader *r;
	struct trace_item item;
	char why[200];

	r = strcmp(im->log->format, "trace") == 0
		    ? trace_read_open(im->options->path, why, sizeof(why))
		    : NULL;
	while (r && trace_read(r, &item) == 1)
		for (i = 0; i < sizeof(left) / sizeof(left[0]); i++)
			count[i] += item.kind == left[i].kind;
	trace_read_close(r);
	for (i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		if (count[i])
			remark(im, "%zu %s", count[i], left[i].what);
}

static void report(struct import *im, struct import_result *r)
{
	size_t i;
	int kind;

	r->yaml = import_write(im, true, &r->len);
	r->guess = im->guess;
	r->rules = im->rules;
	for (i = 0; i < im->n; i++) {
		r->exchanges += im->turn[i].x->command[0] != '\0';
		r->unsaid += im->turn[i].how != TURN_LOGGED;
	}
	for (kind = 0; kind < MASK_KINDS; kind++)
		r->masked += mask_count(im->mask, (enum mask_kind)kind);
}

static void clear(struct import *im)
{
	size_t i;

	turns_clear(im);
	rules_clear(im);
	for (i = 0; i < im->steps; i++)
		free(im->step[i].bytes);
	for (i = 0; i < im->remarks; i++)
		free(im->remark[i]);
	free(im->step);
	free(im->remark);
	free(im->step_line);
	mask_free(im->mask);
	profile_cache_free(im->profiles);
}

bool import_log(struct library *l, const struct field_log *log,
	const struct import_options *o, struct import_result *result, char *why,
	size_t size)
{
	struct import im = { .library = l, .options = o, .log = log };
	bool ok = false;
	size_t i;

	*result = (struct import_result){ .yaml = NULL };
	im.profiles = profile_cache_new(l);
	im.mask = mask_new(o->keep);
	turns_read(&im);
	guess(&im);
	mask_all(&im);
	for (i = 0; i < im.n; i++)
		turns_command(im.turn[i].x->command, &im.turn[i].command);
	remark_log(&im);
	remark_trace(&im);
	if (know(&im, why, size))
		ok = finish(&im, why, size);
	if (ok)
		report(&im, result);
	clear(&im);
	return ok;
}

void import_clear(struct import_result *r)
{
	free(r->yaml);
	r->yaml = NULL;
}
