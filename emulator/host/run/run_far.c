/* The far ends of data calls: --number. */
#include <stdio.h>

#include "host/net/far_ends.h"
#include "host/run/run_int.h"

bool run_far_open(struct unit *u)
{
	u->far = far_ends_new(u->run->loop, &u->log, u->trace);
	return u->far;
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
		if (!listen_nth(&n->listen, u->number, &at, why, sizeof(why)) ||
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
