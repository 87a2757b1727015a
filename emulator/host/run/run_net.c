/* The network beyond a modem's PPP and WIPsoft, as options and profile name it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/ip.h"
#include "conf/must.h"
#include "host/module.h"
#include "host/net/curl_module.h"
#include "host/net/listeners.h"
#include "host/net/net.h"
#include "host/net/pcap.h"
#include "host/run/run_int.h"

static const struct slirp_ops *module(char *why, size_t size)
{
	return module_open(SLIRP_MODULE, SLIRP_OPS, SLIRP_PACKAGE, why, size);
}

static const struct curl_ops *curl(char *why, size_t size)
{
	return module_open(CURL_MODULE, CURL_OPS, CURL_PACKAGE, why, size);
}

/* Where programs of this machine reach a server of the modem. */
static bool listen_for(struct unit *u, const char *text, const struct forward *f)
{
	char why[200], addr[IP_ADDR_TEXT];
	unsigned port;

	if (!u->listeners)
		u->listeners = listeners_new(u->run->loop, &u->log);
	port = listeners_add(u->listeners, f, u->index, why, sizeof(why));
	if (port)
		fprintf(stderr,
			"fauxtrack: who %s %s:%u reaches %s port %u of modem %u\n",
			f->udp ? "sends to" : "connects to", ip_addr_text(f->to, addr),
			port, f->udp ? "UDP" : "TCP", f->port, u->number);
	else
		fprintf(stderr, "fauxtrack: --forward %s: %s\n", text, why);
	return port;
}

/* What the command line names has priority: it comes last. */
static bool add(struct unit *u, const char *from, const char *text)
{
	struct forward f;

	/* the texts were checked when they were read */
	if (!forward_read(text, &f) && f.listens)
		return listen_for(u, text, &f);
	if (!u->names)
		u->names = must(calloc(1, sizeof(*u->names)));
	if (names_add(u->names, &f))
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

	if ((!options_connects(&u->group->o) && !u->group->o.internet) ||
		module(why, sizeof(why)))
		return true;
	fprintf(stderr, "fauxtrack: %s: %s\n",
		u->group->o.internet ? "--internet" : "--forward", why);
	return false;
}

/* Name servers that the network tells its hosts. */
static void set_dns(struct net_options *net, const struct gprs_conf *gprs)
{
	size_t i;

	for (i = 0; i < gprs->n_dns && i < 2; i++)
		ip_addr_read(gprs->dns[i], strlen(gprs->dns[i]), net->dns[i]);
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
	u->net->curl = curl;
	set_dns(u->net, &network->gprs);
	u->net->log = &u->log;
	for (i = 0; i < network->hosts.n; i++)
		if (!add(u, "network.hosts", network->hosts.text[i]))
			return false;
	for (i = 0; i < o->n_forwards; i++)
		if (!add(u, "--forward", o->forwards[i]))
			return false;
	u->net->names = u->names;
	u->net->listeners = u->listeners;
	announce(u);
	return check_module(u);
}

void run_net_close(struct unit *u)
{
	pcap_close(u->pcap);
	listeners_free(u->listeners);
	free(u->names);
	free(u->net);
}
