/* Loading what run and exec start: the groups of modems, with their profiles. */
#include <stdio.h>
#include <string.h>

#include "host/read/command_tables.h"
#include "host/read/library.h"
#include "host/run/run_int.h"
#include "state/application.h"

/* Without --fleet all modems are one group. */
static bool find_groups(struct run *r, struct doc_errors *errors)
{
	if (r->o.fleet) {
		r->fleet = fleet_read(r->o.fleet, &r->o, errors);
		r->groups = r->fleet ? r->fleet->groups : NULL;
		r->n_groups = r->fleet ? r->fleet->n : 0;
		r->count = r->fleet ? r->fleet->count : 0;
		return r->fleet;
	}
	r->only.o = r->o;
	r->only.first = 1;
	r->groups = &r->only;
	r->n_groups = 1;
	r->count = r->o.count;
	return true;
}

/* What is wrong with file i of the firmwares and applications; false after the last. NULL:
 * nothing is known. */
static bool flaw_at(const struct profile *p, size_t i, const char **flaw)
{
	const struct application_shelf *a = p->applications;

	if (i < p->shelf->n)
		*flaw = p->shelf->slot[i].flaw;
	else if (i - p->shelf->n < a->n)
		*flaw = a->slot[i - p->shelf->n].flaw;
	else
		return false;
	return true;
}

static bool is_broken(const struct profile *p, const char *flaw)
{
	const char *other;
	size_t i;

	for (i = 0; flaw_at(p, i, &other); i++)
		if (other && !strcmp(other, flaw))
			return true;
	return false;
}

/* Other firmwares and applications are not read now. A file that cannot be is named, and
 * the modems run. */
static void report_unreadable(const struct run *r, const struct group *g)
{
	const struct profile *first = r->groups[0].profile;
	const char *flaw;
	size_t i;

	for (i = 0; g->profile && flaw_at(g->profile, i, &flaw); i++)
		if (flaw && (g->profile == first || !first || !is_broken(first, flaw)))
			fprintf(stderr, "fauxtrack: %s (its images will be refused)\n",
				flaw);
}

int run_load(struct run *r)
{
	struct doc_errors errors;
	struct library *l;
	int status = EXITS_DONE, one;
	size_t i;

	doc_errors_init(&errors);
	if (!find_groups(r, &errors))
		status = EXITS_FAILED;
	l = r->library = library_new(NULL);
	library_hook(l, &tables_hook);
	for (i = 0; i < r->n_groups; i++) {
		one = group_load(&r->groups[i], l, &errors);
		if (one && !status) /* a fleet file is no usage of the command line */
			status = r->fleet ? EXITS_FAILED : one;
		if (!one)
			report_unreadable(r, &r->groups[i]);
	}
	doc_errors_print(&errors, stderr);
	doc_errors_clear(&errors);
	return status;
}
