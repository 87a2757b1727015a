/* The network beyond PPP and WIPsoft: --forward, --internet, --pcap. */
#include <stdio.h>
#include <string.h>

#include "host/run/options_int.h"

bool options_take_forward(void *options, char *arg, char *why, size_t size)
{
	struct options *o = options;
	struct forward f;
	const char *wrong = forward_read(arg, &f);

	if (wrong) {
		snprintf(why, size, "\"%s\": %s", arg, wrong);
		return false;
	}
	if (o->n_forwards == OPTIONS_FORWARDS) {
		snprintf(why, size,
			"more than %d; name several ports of a fleet file's "
			"groups apart, or use --internet",
			OPTIONS_FORWARDS);
		return false;
	}
	o->forwards[o->n_forwards++] = arg;
	return true;
}

unsigned options_listeners(const struct options *o)
{
	struct forward f;
	unsigned n = 0;
	size_t i;

	for (i = 0; i < o->n_forwards; i++)
		n += !forward_read(o->forwards[i], &f) && f.listens;
	return n;
}

bool options_connects(const struct options *o)
{
	return o->n_forwards > options_listeners(o);
}

bool options_take_internet(void *options, char *arg, char *why, size_t size)
{
	struct options *o = options;

	(void)arg;
	(void)why;
	(void)size;
	o->internet = true;
	return true;
}

bool options_take_pcap(void *options, char *arg, char *why, size_t size)
{
	((struct options *)options)->pcap = arg;
	return cli_path(arg, why, size);
}
