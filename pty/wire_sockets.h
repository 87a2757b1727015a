/* Between a modem's WIPsoft and the sockets beyond it: entries into the modem, which the
 * trace has, and counters. */
#pragma once

#include <stdbool.h>

#include "host/net/sockets.h"

struct loop;
struct trace;
struct wire;
struct wire_sockets;

/* net: as of wire_options; NULL: nothing is there beyond the modem, and the result is
 * NULL. trace: NULL for none. Both must outlive it, as must w. */
struct wire_sockets *wire_sockets_new(struct loop *l, const struct net_options *net,
	struct trace *trace, struct wire *w);
void wire_sockets_free(struct wire_sockets *s); /* NULL is allowed, here and below */

/* For struct ports; all NULL without a network. */
struct socket_ports wire_sockets_ports(struct wire_sockets *s);

/* The modem is made anew: all end. */
void wire_sockets_clear(struct wire_sockets *s);

/* False if there is no network: all counts are 0. */
bool wire_sockets_count(const struct wire_sockets *s, struct sockets_counts *out);
