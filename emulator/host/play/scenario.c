#include "host/play/scenario_int.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/dwl.h"
#include "conf/action_conf.h"
#include "conf/fault_conf.h"
#include "conf/state_conf.h"
#include "host/read/doc_yaml.h"
#include "host/read/library.h"

/* ---- talk ------------------------------------------------------------------------ */

/* The start of line `number` of the file, from 1; the end if the file is shorter. */
static const char *line_start(const struct scenario_reader *r, int number)
{
	const char *p = r->text, *end = r->text + r->len, *eol;

	for (; number > 1 && p < end; number--) {
		eol = memchr(p, '\n', (size_t)(end - p));
		p = eol ? eol + 1 : end;
	}
	return p;
}

/* The place of the first non-blank character of a line. */
static struct doc_place line_place(const struct scenario_reader *r, int number)
{
	struct doc_place at = { r->s->path, number, 1 };
	const char *p = line_start(r, number);

	for (; p < r->text + r->len && *p == ' '; p++)
		at.col++;
	return at;
}

/* Whether a | or > is there, with the lines of the scalar below it. */
static bool is_block(const struct scenario_reader *r, struct doc_place at)
{
	const char *p = line_start(r, at.line) + at.col - 1;

	return p < r->text + r->len && (*p == '|' || *p == '>');
}

static const char *take_time(struct talk_line *line, const char *p)
{
	const char *end = strchr(p, ' ');
	char time[24];
	size_t len = end ? (size_t)(end - p) : strlen(p);

	if (len >= sizeof(time))
		return NULL;
	memcpy(time, p, len);
	time[len] = '\0';
	if (!schema_time(time, &line->time))
		return NULL;
	line->timed = true;
	return p + len;
}

/* Reads one line; false, with an error, when its beginning is unknown. */
static bool take_line(
	const struct scenario_reader *r, struct talk_line *line, const char *text)
{
	const char *p = text + strspn(text, " ");

	if (*p == '>') {
		line->kind = LINE_TYPE;
		p++;
	} else if (p[0] == '<' && p[1] == '|') {
		line->kind = LINE_MORE;
		p += 2;
	} else if (*p == '=') {
		line->kind = LINE_RAW;
		p++;
	} else if (*p == '<') {
		line->kind = LINE_BLOCK;
		p++;
		if (*p == '@')
			p = take_time(line, p + 1);
	} else {
		p = NULL;
	}
	if (!p || (*p && *p != ' ')) {
		doc_error(r->errors, line->at,
			"\"%s\" is not a line of a talk; begin it with \"> \", \"< \", "
			"\"<| \", \"<@TIME \", \"= \" or #",
			text);
		return false;
	}
	line->text = *p ? p + 1 : p;
	return true;
}

static bool take_talk(
	const struct scenario_reader *r, struct step *step, const struct doc *d)
{
	struct doc_pool *pool = r->s->pool;
	const char *p, *end;
	int number = d->at.line + is_block(r, d->at);
	bool ok = true;

	for (p = d->text; *p; p = *end ? end + 1 : end) {
		struct talk_line line = { .at = line_place(r, number++) };
		const char *text;

		end = p + strcspn(p, "\n");
		text = doc_pool_text(pool, p, (size_t)(end - p));
		if (text[strspn(text, " ")] == '\0' || text[strspn(text, " ")] == '#')
			continue;
		if (!take_line(r, &line, text)) {
			ok = false;
			continue;
		}
		step->lines = realloc(
			step->lines, (step->n_lines + 1) * sizeof(*step->lines));
		if (!step->lines) {
			fputs("fauxtrack: out of memory\n", stderr);
			exit(EXIT_FAILURE);
		}
		step->lines[step->n_lines++] = line;
	}
	if (ok && !step->n_lines) {
		doc_error(r->errors, d->at,
			"the talk is empty, so nothing would be tested; write lines such "
			"as \"> AT\" and \"< OK\"");
		ok = false;
	}
	return ok;
}

/* ---- steps ----------------------------------------------------------------------- */

/* Whether the key is a kind of step; if so, sets the kind. */
static bool makes_step(struct step *step, const char *key)
{
	const struct name *own = name_find(scenario_step_names, key);
	const struct action_row *row = own ? NULL : action_find(key);

	if (!own && !row)
		return false;
	step->kind = own ? (enum step_kind)own->value : STEP_ACTION;
	step->action.row = row;
	return true;
}

/* The key with the kind of step; NULL, with an error, unless there is exactly one. */
static const struct doc_item *find_kind(
	const struct scenario_reader *r, struct step *step, const struct doc *d)
{
	const struct doc_item *found = NULL;
	struct step other;
	size_t i;

	for (i = 0; d->kind == DOC_MAP && i < d->n; i++) {
		if (!makes_step(found ? &other : step, d->items[i].key))
			continue;
		if (found) {
			doc_error(r->errors, d->items[i].at,
				"a step does one thing, and this one already has \"%s\"; "
				"move \"%s\" to a separate step",
				found->key, d->items[i].key);
			return NULL;
		}
		found = &d->items[i];
	}
	if (!found) {
		doc_error(r->errors, d->at, "this step does nothing; add one of %s",
			scenario_step_keys());
		return NULL;
	}
	step->at = found->value->at;
	if (found->value->kind == DOC_SCALAR)
		step->bytes = found->value->text;
	return found;
}

static void check_send(const struct scenario_reader *r, const struct step *step)
{
	const struct send_conf *c = &step->send;

	bool image = c->firmware[0] || c->application[0];

	if (!image && !c->text[0])
		doc_error(r->errors, step->at,
			"there is nothing to send; write firmware: NAME or application: "
			"NAME, or text: for a file that is not an image");
	if (image && c->text[0])
		doc_error(r->errors, step->at,
			"a file is either an image or a text; remove one "
			"of them");
	if (image && c->size < DWL_HEADER)
		doc_error(r->errors, step->at,
			"an image has at least %d bytes; write a larger size",
			DWL_HEADER);
	if (c->cancel && !c->blocks)
		doc_error(r->errors, step->at,
			"cancel needs a number of blocks; add blocks: N");
}

const struct doc_item *scenario_verb(
	const struct doc *d, const struct name *verbs, int *verb, struct doc_errors *e)
{
	const struct doc_item *found = NULL, *i;
	const struct name *n;
	size_t k;

	for (k = 0; k < d->n; k++) {
		i = &d->items[k];
		n = name_find(verbs, i->key);
		if (!n)
			continue;
		if (found)
			doc_error(e, i->at,
				"a step does one thing, and this one already has \"%s\"; "
				"move \"%s\" to a separate step",
				found->key, i->key);
		found = i;
		*verb = n->value;
	}
	return found;
}

/* Reads a step `sent`, whose values are compared as texts. */
static void take_sent(
	const struct scenario_reader *r, struct step *step, const struct doc *d)
{
	const struct doc_item *i;
	size_t n;

	step->sent = d;
	if (d->kind != DOC_MAP || !d->n)
		doc_error(r->errors, d->at,
			"a mapping is needed here; write { to: \"+33612345678\", text: "
			"hi }");
	for (n = 0; d->kind == DOC_MAP && n < d->n; n++) {
		i = &d->items[n];
		if (!name_find(sent_names, i->key))
			doc_error(r->errors, i->at,
				"a message has no \"%s\"; see tests/scenario/README.md",
				i->key);
		else if (i->value->kind != DOC_SCALAR)
			doc_error(r->errors, i->at,
				"\"%s\" is compared as a text; write a single value",
				i->key);
	}
}

static void check_states(const struct scenario_reader *r, struct step *step)
{
	size_t i;

	for (i = 0; i < step->n_states; i++)
		state_possible(step->states[i].key, step->states[i].value, NULL, step->at,
			r->errors);
}

static void take_step(
	const struct scenario_reader *r, struct step *step, const struct doc *d)
{
	const struct doc_item *what;
	bool text;

	if (!schema_bind(scenario_step_schema(), d, step, false, r->errors))
		return;
	scenario_take_modem(r, step, d);
	what = find_kind(r, step, d);
	if (!what)
		return;
	text = step->kind == STEP_TALK || step->kind == STEP_RAW ||
	       step->kind == STEP_TYPE || step->kind == STEP_OUTBOX ||
	       step->kind == STEP_FAR_END;
	if (text && (!step->bytes || !*step->bytes))
		doc_error(r->errors, step->at,
			"a text is needed here; write \"...\", or | and lines below it");
	else if (step->kind == STEP_TALK)
		take_talk(r, step, doc_get(d, "talk"));
	else if (step->kind == STEP_STATE)
		check_states(r, step);
	else if (step->kind == STEP_SEND)
		check_send(r, step);
	else if (step->kind == STEP_SENT)
		take_sent(r, step, what->value);
	else if (step->kind == STEP_PPP)
		ppp_step_take(&step->ppp, what->value, r->errors);
	else if (step->kind == STEP_PEER)
		peer_step_take(&step->peer, what->value, r->errors);
	else if (step->kind == STEP_ACTION)
		action_bind(step->action.row, what->value, step->at, &step->action,
			r->errors);
}

static void take_steps(const struct scenario_reader *r, const struct doc *list)
{
	struct scenario *s = r->s;
	size_t i;

	if (list->kind != DOC_LIST || !list->n) {
		doc_error(r->errors, list->at,
			"the steps are a list; write lines that begin with \"- \"");
		return;
	}
	if (!list->n) {
		doc_error(r->errors, list->at,
			"the steps are empty, so nothing would be tested; write at least "
			"one");
		return;
	}
	s->steps = calloc(list->n, sizeof(*s->steps));
	if (!s->steps) {
		fputs("fauxtrack: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	s->n_steps = list->n;
	for (i = 0; i < list->n; i++)
		take_step(r, &s->steps[i], list->items[i].value);
}

static void take_script(const struct scenario_reader *r, const struct doc *d)
{
	const struct doc *steps = doc_get(d, "steps"), *demo = doc_get(d, "demo");

	r->s->is_bug = doc_get(d, "bug") != NULL;
	if (steps && demo)
		doc_error(r->errors, demo->at,
			"there are \"steps\" too; a field bug has a demo, a scenario has "
			"steps");
	else if (!steps && !demo && !r->s->own.faults.n)
		doc_error(r->errors, d->at,
			"nothing happens; write steps: or, in a field bug, faults: and "
			"demo:");
	else if (steps || demo)
		take_steps(r, steps ? steps : demo);
}

/* ---- the whole ------------------------------------------------------------------- */

static bool bind(struct scenario_reader *r)
{
	size_t before = r->errors->n;
	struct doc *d = doc_yaml(r->s->pool, r->s->path, r->text, r->len, r->errors);

	if (!d || !schema_bind(scenario_schema(), d, r->s, false, r->errors))
		return false;
	scenario_take_profiles(r, d);
	scenario_take_modems(r, d);
	take_script(r, d);
	return r->errors->n == before;
}

struct scenario *scenario_read(struct library *l, const char *name, const char *text,
	size_t len, struct doc_errors *e)
{
	struct scenario *s = calloc(1, sizeof(*s));
	struct scenario_reader r = { s, l, text, len, e };
	struct doc_pool *pool = doc_pool_new();

	if (!s) {
		fputs("fauxtrack: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	s->pool = pool;
	s->path = doc_pool_text(pool, name, strlen(name));
	if (bind(&r))
		return s;
	doc_errors_sort(e, NULL);
	scenario_free(s);
	return NULL;
}

struct scenario *scenario_load(struct library *l, const char *path, struct doc_errors *e)
{
	struct scenario *s = NULL;
	size_t len;
	char *text = doc_file_text(path, &len, e);

	if (text)
		s = scenario_read(l, path, text, len, e);
	free(text);
	return s;
}

bool scenario_is(const char *path)
{
	struct doc_pool *pool = doc_pool_new();
	const struct doc *d;
	struct doc_errors e;
	bool is;

	doc_errors_init(&e);
	d = doc_yaml_file(pool, path, &e);
	is = doc_find(d, "steps") || doc_find(d, "demo") || doc_find(d, "faults") ||
	     doc_find(d, "inject");
	doc_errors_clear(&e);
	doc_pool_free(pool);
	return is;
}

void scenario_free(struct scenario *s)
{
	size_t i;

	if (!s)
		return;
	for (i = 0; i < s->n_steps; i++) {
		free(s->steps[i].lines);
		action_clear(&s->steps[i].action);
	}
	free(s->steps);
	scenario_modems_clear(s);
	doc_pool_free(s->pool);
	free(s);
}
