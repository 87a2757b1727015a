/* The far ends of data calls: --number. */
#include <stdio.h>
#include <string.h>

#include "host/net/far_ends.h"
#include "host/run/run_int.h"

bool run_far_open(struct unit *u)
{
	u->far = far_ends_new(u->run->loop, &u->log, u->trace);
	return u->far;
}

static bool has(const struct group *g, const struct option_number *n)
{
	size_t i;

	for (i = 0; i < g->o.n_numbers; i++)
		if (option_number_listens(&g->o.numbers[i]) &&
			!strcmp(g->o.numbers[i].far, n->far))
			return true;
	return false;
}

/* Which of its ports the unit has: they count up over all groups with that option. */
static unsigned nth(const struct unit *u, const struct option_number *n)
{
	unsigned before = 0;
	const struct group *g;

	for (g = u->run->groups; g != u->group; g++)
		if (has(g, n))
			before += g->o.count;
	return before + u->index;
}

bool run_far_listen(const struct unit *u)
{
	const struct options *o = &u->group->o;
	const struct option_number *n;
	struct listen_addr at;
	char why[300], name[LISTEN_NAME];
	size_t i;

	for (i = 0; i < o->n_numbers; i++) {
		n = &o->numbers[i];
		if (!option_number_listens(n))
			continue;
		if (!listen_nth(&n->listen, nth(u, n), &at, why, sizeof(why)) ||
			!far_ends_listen(u->far, n->number, &at, why, sizeof(why))) {
			fprintf(stderr, "fauxtrack: --number %s: %s\n", n->far, why);
			return false;
		}
		listen_print(&at, name);
		fprintf(stderr, "fauxtrack: who connects to %s calls modem %u%s%s\n",
			name, u->number, n->number[0] ? " from " : "", n->number);
	}
	return true;
}
