/* What the modems of a process need of the system. */
#include <stdio.h>

#include "host/run/limits.h"
#include "host/run/run_int.h"

bool run_has_pty(const struct options *o)
{
	return !o->listen.kind || o->link;
}

/* Of all modems of the group. */
static unsigned count_ports(const struct options *o)
{
	unsigned n = 0;
	int port;

	for (port = options_next_port(o, -1); port >= 0;
		port = options_next_port(o, port))
		n += o->count;
	return n;
}

bool run_check_limits(const struct run *r)
{
	struct limits_need need = { .modems = r->count };
	const struct group *g;
	unsigned ports;
	char why[600];
	size_t i, k;

	for (i = 0; i < r->n_groups; i++) {
		g = &r->groups[i];
		ports = count_ports(&g->o);
		need.ptys += run_has_pty(&g->o) ? ports : 0;
		need.streams += g->o.listen.kind ? ports : 0;
		need.links += g->o.link ? ports : 0;
		need.states += g->o.state ? g->o.count : 0;
		need.traces += g->o.trace ? g->o.count : 0;
		need.traces += g->o.pcap ? g->o.count : 0;
		need.lines += g->o.lines ? ports : 0;
		need.listeners += options_listeners(&g->o) * g->o.count;
		if (options_connects(&g->o) || g->o.internet)
			need.networks += g->o.count;
		for (k = 0; k < g->o.n_numbers; k++)
			if (option_number_listens(&g->o.numbers[k]))
				need.callers += g->o.count;
	}
	if (limits_check(&need, why, sizeof(why)))
		return true;
	fprintf(stderr, "fauxtrack: %s\n", why);
	return false;
}
