#include "host/field/record_check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "base/names.h"
#include "conf/must.h"
#include "host/cli.h"
#include "host/field/pin_mask.h"
#include "host/field/shadow.h"
#include "host/loop.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"

#define SEED 1

struct record_check {
	struct record_check_options o;
	struct loop_clock *clock;
	struct library *library;
	struct profile *profile;
	struct shadow *shadow;
	json_t *differences, *urcs;
};

/* ---- what the shadow says --------------------------------------------------------- */

static void say(const struct shadow_pair *p, const char *command)
{
	const struct difference *d = &p->difference;

	if (d->kind == DIFFERENCE_ECHO)
		fprintf(stderr, "fauxtrack record: %s: echo: %s\n", command,
			"one of them has sent it back, the other has not");
	else
		fprintf(stderr, "fauxtrack record: %s: real: %s; ours: %s\n", command,
			d->real, d->ours);
}

/* Bytes of a modem need not be UTF-8; the exchange has made them visible. */
static json_t *text(const char *s)
{
	json_t *j = json_string(s);

	return j ? j : json_string("?");
}

static void on_pair(void *ctx, const struct shadow_pair *p)
{
	struct record_check *c = ctx;
	const struct difference *d = &p->difference;
	struct pin_mask mask = { .secret = NULL };
	char *command;

	if (d->kind == DIFFERENCE_NONE)
		return;
	command = must(strdup(p->command));
	pin_mask(&mask, command, strlen(command));
	if (!c->o.quiet)
		say(p, command);
	json_array_append_new(c->differences,
		json_pack("{s:o,s:s,s:o,s:o,s:I}", "command", text(command), "kind",
			name_of(difference_names, (int)d->kind), "real", text(d->real),
			"ours", text(d->ours), "at", (json_int_t)p->at));
	free(command);
}

static void on_urc(void *ctx, const struct shadow_urc *u)
{
	struct record_check *c = ctx;

	if (!c->o.urcs)
		return;
	if (!c->o.quiet)
		fprintf(stderr, "fauxtrack record: unsolicited, %s: %s\n",
			u->ours ? "ours" : "real", u->text);
	json_array_append_new(
		c->urcs, json_pack("{s:s,s:o,s:I}", "of", u->ours ? "ours" : "real",
				 "text", text(u->text), "at", (json_int_t)u->at));
}

/* ---- the loop --------------------------------------------------------------------- */

static void arm(struct record_check *c)
{
	loop_arm(c->clock, shadow_next(c->shadow));
}

static void on_due(void *ctx, usec_t now)
{
	struct record_check *c = ctx;

	shadow_advance(c->shadow, now);
	arm(c);
}

void record_check_passed(struct record_check *c, char side, const void *buf, size_t len)
{
	shadow_bytes(c->shadow, loop_now(c->clock), side, buf, len);
	arm(c);
}

static bool not_written(const struct record_check *c)
{
	fprintf(stderr,
		"fauxtrack record: %s: cannot be written: %s; choose another "
		"--report-json\n",
		c->o.json, strerror(errno));
	return false;
}

/* ---- life ------------------------------------------------------------------------- */

static bool load(struct record_check *c)
{
	struct doc_errors e;

	doc_errors_init(&e);
	c->library = library_new(NULL);
	library_hook(c->library, &tables_hook);
	c->profile = profile_load(c->library, c->o.profile, c->o.set, c->o.sets, &e);
	doc_errors_print(&e, stderr);
	doc_errors_clear(&e);
	if (c->profile)
		tables_build(c->profile);
	return c->profile;
}

struct record_check *record_check_new(
	struct loop *l, const struct record_check_options *o)
{
	struct record_check *c = must(calloc(1, sizeof(*c)));
	struct shadow_options shadow = { .seed = SEED,
		.clock = time(NULL),
		.pair = on_pair,
		.urc = on_urc,
		.ctx = c };

	c->o = *o;
	c->differences = must(json_array());
	c->urcs = must(json_array());
	if ((o->json && !cli_writable(o->json) && !not_written(c)) || !load(c)) {
		record_check_free(c);
		return NULL;
	}
	shadow.profile = c->profile;
	c->shadow = shadow_new(&shadow);
	c->clock = must(loop_clock_new(l, 1, on_due, c));
	arm(c);
	return c;
}

static bool write_report(struct record_check *c, const struct shadow_count *n)
{
	json_t *j = json_pack("{s:s,s:s,s:i,s:I,s:I,s:I,s:I,s:I,s:O}", "version",
		FAUXTRACK_VERSION, "profile", c->o.profile, "seed", SEED, "commands",
		(json_int_t)n->commands, "differ", (json_int_t)n->differ, "own",
		(json_int_t)n->own, "interrupted", (json_int_t)n->interrupted, "alone",
		(json_int_t)n->alone, "differences", c->differences);
	FILE *f = fopen(c->o.json, "w");
	bool written;

	if (c->o.urcs)
		json_object_set(j, "unsolicited", c->urcs);
	written = f && !json_dumpf(j, f, JSON_INDENT(2)) && fputc('\n', f) != EOF;
	if (f && fclose(f))
		written = false;
	json_decref(j);
	return written || not_written(c);
}

bool record_check_end(struct record_check *c)
{
	const struct shadow_count *n = shadow_counted(c->shadow);

	shadow_end(c->shadow);
	fprintf(stderr,
		"fauxtrack record: %s: %lu commands, %lu answered otherwise; of %lu a "
		"part "
		"was not compared (it belongs to the unit), %lu were interrupted\n",
		c->o.profile, n->commands, n->differ, n->own, n->interrupted);
	return !c->o.json || write_report(c, n);
}

void record_check_free(struct record_check *c)
{
	if (!c)
		return;
	shadow_free(c->shadow);
	loop_clock_free(c->clock);
	if (c->profile)
		tables_free(c->profile);
	profile_free(c->profile);
	library_free(c->library);
	json_decref(c->differences);
	json_decref(c->urcs);
	free(c);
}
