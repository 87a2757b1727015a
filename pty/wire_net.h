/* Between a modem's packets and the network beyond it: the network is made when a link
 * first comes up, and packets go into the trace and the --pcap file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "host/net/net.h"

struct loop;
struct modem;
struct pcap;
struct trace;

struct wire_net_options {
	/* NULL: nothing is there beyond the modem. Must outlive the wire. */
	const struct net_options *net;
	struct pcap *pcap;   /* NULL: none; must outlive the wire */
	struct trace *trace; /* the same */
};

struct wire_net;

/* NULL if there is no network. ready(): call wire_net_pump(). */
struct wire_net *wire_net_new(struct loop *l, const struct wire_net_options *options,
	void (*ready)(void *ctx), void *ctx);
void wire_net_free(struct wire_net *n); /* NULL is allowed, here and below */

/* What the modem calls (struct ports). */
void wire_net_link(struct wire_net *n, const struct packet_link *link);
void wire_net_packet(
	struct wire_net *n, const struct modem *m, const void *p, size_t len);

/* Passes packets to the modem as long as it takes them. Never within an entry of it. */
void wire_net_pump(struct wire_net *n, struct modem *m, usec_t now);

/* False if there is no network; all counts are 0 before the first link. */
bool wire_net_count(const struct wire_net *n, struct net_counts *out);
