/* The network beyond a modem's PPP, as options and profile name it. */
#include <stdio.h>
#include <stdlib.h>

#include "conf/must.h"
#include "host/module.h"
#include "host/net/net.h"
#include "host/net/pcap.h"
#include "host/run/run_int.h"

#define PACKAGE "libslirp0"

static const struct slirp_ops *module(char *why, size_t size)
{
	return module_open(SLIRP_MODULE, SLIRP_OPS, PACKAGE, why, size);
}

/* What the command line names has priority: it comes last. */
static bool add(struct unit *u, const char *from, const char *text)
{
	struct forward f;

	if (!u->names)
		u->names = must(calloc(1, sizeof(*u->names)));

	/* the texts were checked when they were read */
	if (!forward_read(text, &f) && names_add(u->names, &f))
		return true;
	fprintf(stderr,
		"fauxtrack: %s: more than %d names or %d ports; leave some out: %s\n",
		from, NAMES, FORWARDS, text);
	return false;
}

/* One line that says so, for all modems. */
static void announce(const struct unit *u)
{
	static bool said;

	if (u->group->o.internet && !said)
		fputs("fauxtrack: --internet: hosts of this modem reach all that this "
		      "machine reaches, except its loopback\n",
			stderr);
	said |= u->group->o.internet;
}

/* A network that was asked for must work: the module is tried at once. */
static bool check_module(const struct unit *u)
{
	char why[600];

	if ((!u->group->o.n_forwards && !u->group->o.internet) ||
		module(why, sizeof(why)))
		return true;
	fprintf(stderr, "fauxtrack: %s: %s\n",
		u->group->o.internet ? "--internet" : "--forward", why);
	return false;
}

bool run_net_open(struct unit *u)
{
	const struct network *network = &group_profile(u->group, u->index)->network;
	const struct options *o = &u->group->o;
	char mem[4096];
	const char *name = options_name(o->pcap, u->index, mem, sizeof(mem));
	size_t i;

	if (name && !(u->pcap = pcap_open(name, &u->log)))
		return false;
	u->net = must(calloc(1, sizeof(*u->net)));
	u->net->internet = o->internet;
	u->net->slirp = module;
	u->net->log = &u->log;
	for (i = 0; i < network->hosts.n; i++)
		if (!add(u, "network.hosts", network->hosts.text[i]))
			return false;
	for (i = 0; i < o->n_forwards; i++)
		if (!add(u, "--forward", o->forwards[i]))
			return false;
	u->net->names = u->names;
	announce(u);
	return check_module(u);
}

void run_net_close(struct unit *u)
{
	pcap_close(u->pcap);
	free(u->names);
	free(u->net);
}
