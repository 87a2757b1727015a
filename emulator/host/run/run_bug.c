/* Field bugs on running modems: the modem is made anew as `run --bug NAME` makes it, at the
 * same port. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/play/bug.h"
#include "host/read/list_int.h"
#include "host/run/run_int.h"
#include "host/trace/trace.h"
#include "wire.h"

/* What a modem was made from; kept until the end, since others may still read it. */
struct armed {
	struct armed *next;
	struct group group;
	char name[96];
};

static json_t *list(void *ctx)
{
	const struct run *r = ctx;
	json_t *all = json_array();
	struct bug_entry *entries;
	struct doc_errors e;
	struct scenario *s;
	size_t n = bug_list(r->library, &entries), i;

	for (i = 0; i < n; i++) {
		doc_errors_init(&e);
		s = scenario_load(r->library, entries[i].path, &e);
		if (s)
			json_array_append_new(all, list_bug_json(entries[i].name, s));
		doc_errors_clear(&e);
		scenario_free(s);
	}
	free(entries);
	return all;
}

/* The options of the unit's group with the bug's own profile, seed and boot. What a user has
 * set in the first profile need not fit. */
static struct armed *load(const struct unit *u, const char *bug, char *why, size_t size)
{
	struct armed *a = calloc(1, sizeof(*a));
	struct doc_errors e;
	int status;

	must(a);
	snprintf(a->name, sizeof(a->name), "%s", bug);
	a->group.name = u->group->name;
	a->group.first = u->group->first;
	a->group.o = u->group->o;
	a->group.o.bug = a->name;
	a->group.o.profile = NULL;
	a->group.o.seed = 0;
	a->group.o.boot = OPTIONS_BOOT;
	a->group.o.n_sets = 0;
	doc_errors_init(&e);
	status = group_load(&a->group, u->run->library, &e);
	if (status)
		snprintf(why, size, "%s",
			e.n ? e.item[0].text
			    : "it cannot be loaded; see fauxtrack check");
	doc_errors_clear(&e);
	if (!status)
		return a;
	group_clear(&a->group);
	free(a);
	return NULL;
}

static const struct group *start_of(const struct unit *u)
{
	const struct run *r = u->run;
	size_t i;

	for (i = r->n_groups - 1; r->groups[i].first > u->number; i--)
		;
	return &r->groups[i];
}

static void make_anew(struct unit *u, const struct group *g)
{
	char own[sizeof(u->numbers.own)];
	struct wire_renewal renewal = {
		.profile = group_profile(g, u->index),
		.cold = g->o.boot == OPTIONS_COLD,
		.seed = g->o.seed,
		.numbers = &u->numbers,
		.images = g->images,
		.n_images = g->o.n_images,
		.faults = g->bug ? g->bug->own.rules : NULL,
		.n_faults = g->bug ? g->bug->own.faults.n : 0,
	};

	memcpy(own, u->numbers.own, sizeof(own));
	u->group = g;
	u->numbers = group_numbers(g, u->index);
	if (u->run->exchange) /* which knows it by its number */
		memcpy(u->numbers.own, own, sizeof(own));
	trace_note(u->trace, MODEM_UART1, wire_now(u->wire), "bug: %s",
		g->o.bug ? g->o.bug : "none");
	wire_renew(u->wire, &renewal);
}

static bool arm(void *ctx, unsigned id, const char *bug, const struct profile **profile,
	const char **profile_name, const char **armed, char *why, size_t size)
{
	struct run *r = ctx;
	struct unit *u = &r->units[id - 1];
	const struct group *g = start_of(u);
	struct armed *a = NULL;

	if (u->nv) {
		snprintf(why, size,
			"this modem keeps its memory in a directory, which would be "
			"erased; start another one: fauxtrack run --bug %s",
			bug ? bug : "NAME");
		return false;
	}
	if (bug && !(a = load(u, bug, why, size)))
		return false;
	if (a && a->group.o.ports & ~g->o.ports) {
		snprintf(why, size,
			"this bug needs another port, which a running modem cannot get; "
			"start fauxtrack run --bug %s",
			bug);
		group_clear(&a->group);
		free(a);
		return false;
	}
	if (a) {
		a->next = r->armed;
		r->armed = a;
		g = &a->group;
	}
	make_anew(u, g);
	*profile = g->profile;
	*profile_name = g->o.profile;
	*armed = g->o.bug;
	return true;
}

struct api_bugs run_bugs(struct run *r)
{
	return (struct api_bugs){ r, list, arm };
}

void run_bugs_forget(struct run *r)
{
	struct armed *a;

	while ((a = r->armed)) {
		r->armed = a->next;
		group_clear(&a->group);
		free(a);
	}
}
