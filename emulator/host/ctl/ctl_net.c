/* fauxtrack ctl net. */
#include <stdio.h>
#include <string.h>

#include "host/ctl/ctl_int.h"

static long long number(const json_t *j, const char *key)
{
	return (long long)json_integer_value(json_object_get(j, key));
}

static void print_sockets(const char *who, const json_t *s)
{
	if (!number(s, "opened") && !number(s, "accepted") && !number(s, "failed"))
		return;
	printf("%sWIPsoft: %lld UDP, %lld TCP, %lld servers; %lld were opened, %lld "
	       "accepted, %lld failed, of which %lld refused; %lld octets to peers, %lld "
	       "from them, %lld datagrams lost\n",
		who, number(s, "udp"), number(s, "tcp"), number(s, "servers"),
		number(s, "opened"), number(s, "accepted"), number(s, "failed"),
		number(s, "refused"), number(s, "to_peers_octets"),
		number(s, "from_peers_octets"), number(s, "datagrams_lost"));
}

static void print_exchange(const char *who, const json_t *x)
{
	if (!x)
		return;
	printf("%s--exchange (of all modems of the process): %s; %lld numbers; %lld "
	       "messages sent, %lld waiting, %lld published with repeats, %lld received, "
	       "%lld of others ignored\n",
		who,
		json_is_true(json_object_get(x, "connected")) ? "connected"
							      : "the broker is away",
		number(x, "numbers"), number(x, "sent"), number(x, "waiting"),
		number(x, "published"), number(x, "received"), number(x, "ignored"));
}

static void print_one(const char *who, const json_t *one)
{
	const json_t *x;
	size_t i;

	printf("%sfrom the host: %lld packets, %lld octets; to it: %lld, %lld\n", who,
		number(one, "from_host"), number(one, "from_host_octets"),
		number(one, "to_host"), number(one, "to_host_octets"));
	if (json_is_true(json_object_get(one, "internet")))
		printf("%s--internet: all that this machine reaches, except its "
		       "loopback\n",
			who);
	json_array_foreach(json_object_get(one, "names"), i, x)
	{
		printf("%s%s:%s:%lld (%s) leads to %s:%lld\n", who,
			ctl_text(x, "protocol"), ctl_text(x, "name"), number(x, "port"),
			ctl_text(x, "address"), ctl_text(x, "target"),
			number(x, "target_port"));
	}
	json_array_foreach(json_object_get(one, "listeners"), i, x)
	{
		printf("%s%s:%lld leads to %s port %lld of the modem%s\n", who,
			ctl_text(x, "address"), number(x, "address_port"),
			ctl_text(x, "protocol"), number(x, "port"),
			json_is_true(json_object_get(x, "served"))
				? ""
				: ", where no server is now");
	}
	print_sockets(who, json_object_get(one, "sockets"));
	print_exchange(who, json_object_get(one, "exchange"));
	json_array_foreach(json_object_get(one, "refused"), i, x)
	{
		if (number(x, "packets"))
			printf("%srefused: %lld %s: %s\n", who, number(x, "packets"),
				ctl_text(x, "why"), ctl_text(x, "help"));
	}
}

int ctl_net(struct ctl *c, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return ctl_each(c, "/net", print_one);
}
