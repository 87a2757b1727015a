/* What is typed at our modem, and what comes, as steps of a demo. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "conf/must.h"
#include "host/field/import_stage.h"

/* ---- the demo --------------------------------------------------------------------- */

static struct import_step *note(
	struct stage *s, int kind, const void *bytes, size_t len, usec_t time)
{
	struct import *im = s->im;
	struct import_step *step;

	im->step = must(realloc(im->step, (im->steps + 1) * sizeof(*im->step)));
	step = &im->step[im->steps++];
	*step = (struct import_step){
		.kind = kind, .len = len, .time = time, .turn = s->turn
	};
	step->bytes = must(malloc(len + 1));
	if (len)
		memcpy(step->bytes, bytes, len);
	step->bytes[len] = '\0';
	return step;
}

void stage_forget(struct import *im)
{
	while (im->steps)
		free(im->step[--im->steps].bytes);
}

/* ---- what comes ------------------------------------------------------------------- */

void stage_take(void *ctx, const struct exchange *x)
{
	struct stage *s = ctx;
	char *more;
	size_t i;

	if (x->command[0]) {
		exchange_free(s->answer);
		s->answer = exchange_copy(x);
	}
	for (i = 0; i < x->n; i++) {
		if (!x->line[i].unsolicited)
			continue;
		if (asprintf(&more, "%s%s\n", s->said ? s->said : "", x->line[i].text) <
			0)
			out_of_memory();
		free(s->said);
		s->said = more;
	}
}

/* Takes the first len octets of what has come; the echo of a line, if it is all there,
 * belongs to that line. */
void stage_hear(struct stage *s, size_t most, usec_t took)
{
	size_t len;
	const char *heard = play_live_heard(s->live, &len);

	if (len > most)
		len = most;
	if (!len)
		return;
	exchanges_bytes(s->parser, play_live_now(s->live), '<', heard, len, 0);
	note(s, DEMO_HEAR, heard, len, took);
	play_live_take(s->live, len);
}

void stage_pass(struct stage *s, usec_t time)
{
	play_live_wait(s->live, time, NULL, NULL);
	note(s, DEMO_WAIT, "", 0, time);
	stage_hear(s, SIZE_MAX, 0);
}

static bool is_numeric(const char *line, size_t n)
{
	return n == 1 && line[0] >= '0' && line[0] <= '8';
}

/* The end of the first line that ends the command, 0: none yet. CONNECT ends it too, and
 * so does the prompt. */
size_t stage_answer_end(const struct stage *s)
{
	size_t len, i, start = 0;
	const char *p = play_live_heard(s->live, &len);
	char line[64];

	for (i = 0; i < len; i++) {
		if (p[i] == ' ' && i == start + 1 && p[start] == '>')
			return i + 1;
		if (p[i] != '\r' && p[i] != '\n')
			continue;
		if (p[i] == '\r' && i + 1 < len && p[i + 1] == '\n' && i > start)
			continue;
		snprintf(line, sizeof(line), "%.*s", (int)(i - start), p + start);
		line[strcspn(line, "\r")] = '\0';
		start = i + 1;
		if (exchange_is_result(line) ||
			(s->numeric && is_numeric(line, strlen(line))))
			return start;
	}
	return 0;
}

static bool answered(void *ctx)
{
	return stage_answer_end(ctx) > 0;
}

void stage_wait(struct stage *s, usec_t limit)
{
	usec_t begun = play_live_now(s->live);

	play_live_wait(s->live, limit, answered, s);
	if (!stage_answer_end(s))
		note(s, DEMO_WAIT, "", 0, limit);
	s->im->turn[s->turn].took = play_live_now(s->live) - begun;
}

/* ---- typing ----------------------------------------------------------------------- */

char *stage_bytes(const char *visible, size_t *len, const char *end)
{
	char *bytes = must(malloc(strlen(visible) + strlen(end) + 1));
	struct buf b;

	buf_init(&b, bytes, strlen(visible) + strlen(end));
	buf_put_escaped(&b, visible);
	buf_puts(&b, end);
	*len = b.len;
	return bytes;
}

bool stage_keys(struct stage *s, const void *bytes, size_t len)
{
	exchanges_bytes(s->parser, play_live_now(s->live), '>', bytes, len, 0);
	note(s, DEMO_KEYS, bytes, len, 0);
	s->dead |= !play_live_type(s->live, bytes, len);
	return !s->dead;
}

/* A line with its CR; its echo comes at once, or not at all. */
bool stage_line(struct stage *s, const char *command)
{
	size_t len, heard;
	char *bytes = stage_bytes(command, &len, "\r");
	struct import_step *step;
	const char *p;

	exchanges_bytes(s->parser, play_live_now(s->live), '>', bytes, len, 0);
	step = note(s, DEMO_TYPE, bytes, len - 1, 0);
	s->dead |= !play_live_type(s->live, bytes, len);
	p = play_live_heard(s->live, &heard);
	step->echoed = heard >= len && !memcmp(p, bytes, len);
	if (step->echoed) {
		exchanges_bytes(s->parser, play_live_now(s->live), '<', p, len, 0);
		play_live_take(s->live, len);
	}
	free(bytes);
	return !s->dead;
}

/* ---- steps of YAML ---------------------------------------------------------------- */

bool stage_do(struct stage *s, const char *yaml)
{
	char *text;
	struct doc_errors e;
	struct scenario *one;
	bool done = false;

	if (s->owners == sizeof(s->owner) / sizeof(s->owner[0]))
		return false;
	if (asprintf(&text, "name: one step\nprofile: %s\nsteps:\n  - %s\n",
		    s->im->guess.profile, yaml) < 0)
		out_of_memory();
	doc_errors_init(&e);
	one = scenario_read(s->im->library, "a step", text, strlen(text), &e);
	doc_errors_clear(&e);
	free(text);
	if (!one)
		return false;
	s->owner[s->owners++] = one;
	note(s, DEMO_OTHER, yaml, strlen(yaml), 0);
	done = play_live_step(s->live, one->steps);
	s->dead |= !done;
	return done;
}
