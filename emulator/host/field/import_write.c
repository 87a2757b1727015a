/* The bug file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "conf/must.h"
#include "host/field/import_int.h"

#define PATIENCE SEC(4) /* a talk waits 5 s by itself */

/* ---- text ------------------------------------------------------------------------- */

/* Plain quotes where nothing in it would need an escape. */
char *import_quote(const char *text)
{
	char *out = must(malloc(2 * strlen(text) + 3)), *p = out;

	if (!strpbrk(text, "\"\\")) {
		sprintf(out, "\"%s\"", text);
		return out;
	}
	*p++ = '\'';
	for (; *text; text++) {
		if (*text == '\'')
			*p++ = '\'';
		*p++ = *text;
	}
	*p++ = '\'';
	*p = '\0';
	return out;
}

static char *visible(const void *bytes, size_t len)
{
	char *text = must(malloc(4 * len + 1));
	struct buf b;

	buf_init(&b, text, 4 * len);
	buf_put_visible(&b, bytes, len);
	text[b.len] = '\0';
	return text;
}

struct out {
	FILE *f;
	char *text;
	size_t len;
	bool talk, echo;
	usec_t within;
};

static int line_now(struct out *o)
{
	size_t i;
	int n = 1;

	fflush(o->f);
	for (i = 0; i < o->len; i++)
		n += o->text[i] == '\n';
	return n;
}

/* ---- rules ------------------------------------------------------------------------ */

static void put_rule(struct out *o, struct import_rule *r)
{
	r->line = line_now(o);
	fputs("  - ", o->f);
	if (r->when)
		fprintf(o->f, "when: %s\n    ", r->when);
	if (r->times)
		fprintf(o->f, "times: %d\n    ", r->times);
	fprintf(o->f, "%s\n", r->what);
}

static size_t count(const struct import *im, bool inject)
{
	size_t i, n = 0;

	for (i = 0; i < im->rules; i++)
		n += im->rule[i].inject == inject;
	return n;
}

static void put_rules(struct out *o, struct import *im)
{
	size_t i, pass;

	if (count(im, false))
		fputs("faults:\n", o->f);
	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < im->rules; i++)
			if (!im->rule[i].inject && im->rule[i].first == !pass)
				put_rule(o, &im->rule[i]);
	if (count(im, true))
		fputs("inject:\n", o->f);
	for (i = 0; i < im->rules; i++)
		if (im->rule[i].inject)
			put_rule(o, &im->rule[i]);
}

/* ---- the demo --------------------------------------------------------------------- */

static void begin_talk(struct out *o)
{
	if (!o->talk)
		fputs("  - talk: |\n", o->f);
	o->talk = true;
}

static void end_talk(struct out *o)
{
	if (o->talk && o->within)
		fprintf(o->f, "    within: %llds\n", (long long)(o->within / 1000000));
	o->talk = false;
	o->within = 0;
}

/* Whether a talk can have the text after its mark as it is. */
static bool talks(const char *text)
{
	size_t n = strlen(text);

	return n && text[0] != ' ' && text[n - 1] != ' ' && !strchr(text, '\t');
}

static void put_line(struct out *o, const char *mark, const char *text)
{
	begin_talk(o);
	fprintf(o->f, "      %s %s\n", mark, text);
}

static void put_typed(struct out *o, const struct import_step *s)
{
	char *text = visible(s->bytes, s->len), *longer, *quoted;

	if (s->echoed != o->echo) {
		end_talk(o);
		fprintf(o->f, "  - echo: %s\n", s->echoed ? "on" : "off");
		o->echo = s->echoed;
	}
	if (o->within)
		end_talk(o);
	if (talks(text)) {
		put_line(o, ">", text);
	} else {
		end_talk(o);
		if (asprintf(&longer, "%s\\r", text) < 0)
			out_of_memory();
		quoted = import_quote(longer);
		fprintf(o->f, "  - type: %s\n", quoted);
		if (s->echoed)
			fprintf(o->f, "  - raw: %s\n", quoted);
		free(longer);
		free(quoted);
	}
	free(text);
}

/* "\r\n" text "\r\n" is a line of a talk, text "\r\n" one more of its block; the rest is
 * bytes. Returns the length of what was written. */
static size_t put_block(struct out *o, const char *p, size_t len, bool more)
{
	size_t start = len > 2 && p[0] == '\r' && p[1] == '\n' ? 2 : 0, end = start;
	bool line;
	char *text;

	while (end < len && p[end] != '\r' && p[end] != '\n')
		end++;
	line = end + 1 < len && p[end] == '\r' && p[end + 1] == '\n' && end > start &&
	       (start || more);
	if (!line && end == start)
		end = len;
	text = visible(p + (line ? start : 0), end - (line ? start : 0));
	if (line && talks(text)) {
		put_line(o, start ? "<" : "<|", text);
		end += 2;
	} else {
		free(text);
		if (end + 1 < len && p[end] == '\r' && p[end + 1] == '\n')
			end += 2;
		text = visible(p, end);
		put_line(o, "=", text);
	}
	free(text);
	return end;
}

static void put_heard(struct out *o, const struct import_step *s)
{
	size_t at = 0;

	if (s->time > PATIENCE) {
		/* the line that was typed stays in its own step */
		end_talk(o);
		o->within = (s->time / 1000000 + 1) * 1000000 * 3 / 2;
		o->within = o->within / 1000000 * 1000000;
	}
	while (at < s->len)
		at += put_block(o, s->bytes + at, s->len - at, at > 0);
	if (s->time > PATIENCE)
		end_talk(o);
}

static void put_keys(struct out *o, const struct import_step *s)
{
	char *text = visible(s->bytes, s->len), *quoted = import_quote(text);

	end_talk(o);
	fprintf(o->f, "  - type: %s\n", quoted);
	free(quoted);
	free(text);
}

static void put_wait(struct out *o, const struct import_step *s)
{
	end_talk(o);
	if (s->time % 1000000 == 0)
		fprintf(o->f, "  - wait: %llds\n", (long long)(s->time / 1000000));
	else
		fprintf(o->f, "  - wait: %lldms\n", (long long)(s->time / 1000));
}

static void put_demo(struct out *o, struct import *im)
{
	size_t i;

	fputs("demo:\n", o->f);
	free(im->step_line);
	im->step_line = must(calloc(im->steps + 1, sizeof(*im->step_line)));
	o->echo = true;
	for (i = 0; i < im->steps; i++) {
		const struct import_step *s = &im->step[i];

		im->step_line[i] = line_now(o);
		switch (s->kind) {
		case DEMO_TYPE:
			put_typed(o, s);
			break;
		case DEMO_KEYS:
			put_keys(o, s);
			break;
		case DEMO_HEAR:
			put_heard(o, s);
			break;
		case DEMO_WAIT:
			put_wait(o, s);
			break;
		case DEMO_OTHER:
			end_talk(o);
			fprintf(o->f, "  - %.*s\n", (int)s->len, s->bytes);
		}
	}
	end_talk(o);
}

/* ---- remarks ---------------------------------------------------------------------- */

/* A command, or what came unasked. */
static const char *heading(const struct turn *t)
{
	if (t->x->command[0])
		return t->x->command;
	return t->x->n ? t->x->line[0].text : "";
}

static void put_unsaid(struct out *o, const struct import *im)
{
	bool any = false;
	size_t i;

	for (i = 0; i < im->n; i++) {
		const struct turn *t = &im->turn[i];

		if (t->how == TURN_LOGGED)
			continue;
		if (!any)
			fputs("# What the rules cannot say:\n", o->f);
		any = true;
		fprintf(o->f, "# line %lu: %.120s%s: %s\n", t->x->where, heading(t),
			t->how == TURN_CUT ? " (not in the demo)" : "", t->why);
	}
}

static void put_remarks(struct out *o, const struct import *im)
{
	size_t i;

	put_unsaid(o, im);
	if (im->remarks)
		fputs("# What was not sure in the log:\n", o->f);
	for (i = 0; i < im->remarks; i++)
		fprintf(o->f, "# %s\n", im->remark[i]);
}

/* ---- the head --------------------------------------------------------------------- */

/* How much an exchange looks like the failure. */
static int strangeness(const struct turn *t)
{
	if (!t->x->command[0])
		return 2;
	if (!t->x->result)
		return t->x->n ? 3 : 4;
	return strcmp(t->x->result, "OK") != 0 ? 5 : 1;
}

/* What the host sees: the first of the strangest exchanges that need a rule. */
static void put_symptom(struct out *o, const struct import *im)
{
	const struct turn *t = NULL, *of;
	char text[500], *quoted;
	size_t i;

	for (i = 0; i < im->rules; i++) {
		of = &im->turn[im->rule[i].turn];
		if (!t || strangeness(of) > strangeness(t))
			t = of;
	}
	if (!t)
		snprintf(text, sizeof(text),
			"Our modem answers as in the log; no rule was needed.");
	else if (!t->x->command[0])
		snprintf(text, sizeof(text), "The modem says %.200s unasked.",
			t->x->n ? t->x->line[0].text : "nothing");
	else
		snprintf(text, sizeof(text), "%.200s is answered by %.200s.",
			t->x->command, t->x->result ? t->x->result : "no final result");
	quoted = import_quote(text);
	fprintf(o->f, "  symptom: %s\n", quoted);
	free(quoted);
}

static void put_text(struct out *o, const char *key, const char *text)
{
	char *quoted = import_quote(text);

	fprintf(o->f, "%s: %s\n", key, quoted);
	free(quoted);
}

static void put_memory(struct out *o, const struct import *im)
{
	const char *comma = "";

	if (!im->memory_echo && im->memory_text < 0 && !im->memory_cme && !im->wipsoft)
		return;
	fputs("memory: {", o->f);
	if (im->memory_echo) {
		fputs(" \"E\": 0", o->f);
		comma = ",";
	}
	if (im->memory_text >= 0) {
		fprintf(o->f, "%s \"+CMGF\": %d", comma, im->memory_text);
		comma = ",";
	}
	if (im->memory_cme) {
		fprintf(o->f, "%s \"+CMEE\": 1", comma);
		comma = ",";
	}
	if (im->wipsoft)
		fprintf(o->f, "%s \"+WOPEN\": 1", comma);
	fputs(" }\n", o->f);
}

static void put_head(struct out *o, const struct import *im)
{
	char text[600];

	fputs("# yaml-language-server: "
	      "$schema=/usr/local/share/fauxtrack/schema/scenario.json\n",
		o->f);
	if (im->options->name)
		snprintf(text, sizeof(text), "%.150s", im->options->name);
	else
		snprintf(text, sizeof(text), "Imported from %.120s", im->options->source);
	put_text(o, "name", text);
	fputs("bug:\n  evidence: transcript\n", o->f);
	snprintf(text, sizeof(text), "%.200s (%s)", im->options->source, im->log->format);
	put_text(o, "  source", text);
	snprintf(text, sizeof(text), "played as %s", im->guess.profile);
	put_text(o, "  models", text);
	put_symptom(o, im);
	put_text(o, "  host", "To be written: what a good host does about it.");
	snprintf(text, sizeof(text), "The profile (%s): %.300s.", im->guess.sure,
		im->guess.why);
	put_text(o, "  inferred", text);
	fprintf(o->f, "profile: %s\n", im->guess.profile);
	if (im->wipsoft)
		fputs("set: { application: wipsoft }\n", o->f);
	put_memory(o, im);
}

char *import_write(struct import *im, bool demo, size_t *len)
{
	struct out o = { .text = NULL };

	o.f = must(open_memstream(&o.text, &o.len));
	put_head(&o, im);
	put_rules(&o, im);
	if (demo && im->steps)
		put_demo(&o, im);
	else
		fputs("demo:\n  - wait: 1s\n", o.f); /* a scenario needs a step */
	if (demo)
		put_remarks(&o, im);
	fclose(o.f);
	*len = o.len;
	return o.text;
}
