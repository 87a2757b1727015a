/* --accept: writes what came as lines of a talk. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "conf/must.h"
#include "host/play/player_int.h"

#define QUIET SEC(1)

struct wait {
	struct player *p;
	const struct pattern *t;
};

static bool decided(void *ctx)
{
	struct wait *w = ctx;
	size_t n = pattern_match(w->p, w->p->seen, w->t);

	return n == w->t->n || w->p->seen + n < w->p->len;
}

static bool all_in_time(
	const struct player *p, const struct step *s, size_t from, size_t to)
{
	size_t at = p->seen;

	for (; from < to; from++) {
		struct pattern t = { NULL, 0 };

		play_pattern(s, from, from + 1, &t);
		at += t.n;
		pattern_clear(&t);
		if (s->lines[from].timed &&
			p->came[at - 1] - p->all->did != s->lines[from].time)
			return false;
	}
	return true;
}

static void put_time(FILE *f, usec_t t)
{
	if (t % 1000000 == 0)
		fprintf(f, "%llus", (unsigned long long)t / 1000000);
	else if (t % 1000 == 0)
		fprintf(f, "%llums", (unsigned long long)t / 1000);
	else
		fprintf(f, "%.6fs", (double)t / 1e6);
}

/* Prints the block at out[at] as lines; returns where it ends, 0 if it is not a block. */
static size_t put_block(struct player *p, FILE *f, size_t at, int indent, bool timed)
{
	const char *mark = "<";
	size_t end = at + 2;

	if (p->len - at < 4 || memcmp(p->out + at, "\r\n", 2) != 0)
		return 0;
	while (end < p->len && !(p->len - end >= 2 && !memcmp(p->out + end, "\r\n", 2))) {
		const char *eol = memmem(p->out + end, p->len - end, "\r\n", 2);
		char text[2048];
		struct buf b;

		if (!eol)
			return 0;
		buf_init(&b, text, sizeof(text));
		buf_put_visible(&b, p->out + end, (size_t)(eol - (p->out + end)));
		fprintf(f, "%*s%s", indent, "", mark);
		if (timed && mark[1] == '\0') {
			fputc('@', f);
			put_time(f, p->came[(size_t)(eol - p->out) + 1] - p->all->did);
		}
		fprintf(f, " %.*s\n", (int)b.len, text);
		mark = "<|";
		end = (size_t)(eol - p->out) + 2;
	}
	return end > at + 2 ? end : 0;
}

static void add_edit(struct player *p, int from, int to, char *text)
{
	struct play_result *r = p->all->result;

	r->edits = realloc(r->edits, (r->n_edits + 1) * sizeof(*r->edits));
	must(r->edits);
	r->edits[r->n_edits++] = (struct play_edit){ from, to, text };
}

static void replace(struct player *p, const struct step *s, size_t from, size_t to)
{
	const struct talk_line *near = &s->lines[from < to ? from : from - 1];
	int first = from < to ? near->at.line : near->at.line + 1;
	int last = from < to ? s->lines[to - 1].at.line : near->at.line;
	size_t at = p->seen, size;
	char *text = NULL;
	FILE *f = open_memstream(&text, &size);

	must(f);
	while (at && at < p->len)
		at = put_block(p, f, at, near->at.col - 1, from < to && near->timed);
	fclose(f);
	if (p->seen && !at) {
		play_fail(p, near->at,
			"\"%s\" is not framed as a V1 answer; write it by hand as a step "
			"raw:",
			play_visible(p->out + p->seen, p->len - p->seen));
		free(text);
		return;
	}
	p->seen = p->len;
	add_edit(p, first, last, text);
}

void play_accept(struct player *p, const struct step *s, size_t from, size_t to)
{
	struct pattern t = { NULL, 0 };
	struct wait w = { p, &t };
	usec_t end = p->all->now + s->within;
	size_t had;

	play_pattern(s, from, to, &t);
	if (from < to) {
		play_run(p->all, end, decided, &w);
		if (pattern_match(p, p->seen, &t) == t.n && all_in_time(p, s, from, to)) {
			p->seen += t.n;
			pattern_clear(&t);
			return;
		}
	}
	pattern_clear(&t);
	do {
		had = p->len;
		play_run(p->all, p->all->now + QUIET, NULL, NULL);
	} while (p->len > had && p->all->now < end);
	if (p->seen < p->len || from < to)
		replace(p, s, from, to);
}
