/* --report-json: how COMMAND ended, the complaints of the modems, what a sweep broke, and
 * everything needed to reproduce it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/run/exec_int.h"

static json_t *number_or_null(bool known, int number)
{
	return known ? json_integer(number) : json_null();
}

static void set_end(json_t *j, const struct outcome *o)
{
	json_object_set_new(
		j, "status", number_or_null(o->ran && !o->signal, o->command));
	json_object_set_new(j, "signal", number_or_null(o->signal, o->signal));
}

void record_gap(struct exec *e, unsigned at, const struct outcome *o)
{
	json_t *j = json_pack(
		"{s:i,s:s?}", "at", (int)at, "gap", e->gap[0] ? e->gap : NULL);

	set_end(j, o);
	json_object_set_new(j, "findings", report_json(&e->report, &e->base));
	json_object_set_new(j, "more", json_integer((json_int_t)e->report.more));
	if (!e->broken)
		e->broken = json_array();
	json_array_append_new(e->broken, j);
}

static json_t *sweep_json(const struct exec *e)
{
	const struct modem_sweep *s = &e->r.sweep;

	if (!s->kind)
		return json_null();
	return json_pack("{s:s,s:s?,s:i,s:o}", "kind", name_of(sweep_names, (int)s->kind),
		"text", s->kind == SWEEP_URC ? s->text : NULL, "gaps", (int)e->gaps,
		"broken", e->broken ? json_incref(e->broken) : json_array());
}

/* The rules of all groups, in their order. */
static json_t *rules_json(const struct exec *e)
{
	json_t *all = json_array(), *own;
	size_t i;

	for (i = 0; i < e->r.n_groups; i++) {
		own = fault_tally_json(&e->rules[i]);
		json_array_extend(all, own);
		json_decref(own);
	}
	return all;
}

bool record_write(const struct exec *e, const struct outcome *o)
{
	const struct options *options = &e->r.o, *first = &e->r.groups[0].o;
	json_t *command = json_array(), *j;
	char **word;
	bool ok;

	for (word = e->command; *word; word++)
		json_array_append_new(
			command, json_stringn_nocheck(*word, strlen(*word)));
	j = json_pack("{s:s,s:s,s:s?,s:I,s:o,s:i}", "version", FAUXTRACK_VERSION,
		"profile", first->profile, "bug", first->bug, "seed",
		(json_int_t)first->seed, "command", command, "exit", o->status);
	set_end(j, o);
	json_object_set_new(j, "findings", report_json(&e->base, NULL));
	json_object_set_new(j, "more", json_integer((json_int_t)e->base.more));
	json_object_set_new(j, "rules", rules_json(e));
	json_object_set_new(j, "sweep", sweep_json(e));
	ok = !json_dump_file(j, options->report_json, JSON_INDENT(2));
	if (!ok)
		fprintf(stderr,
			"fauxtrack exec: --report-json: cannot write %s: %s; check that "
			"its folder exists, is writable and has space\n",
			options->report_json, strerror(errno));
	json_decref(j);
	return ok;
}
