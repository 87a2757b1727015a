#include "wire_net.h"

#include <stdlib.h>

#include "conf/must.h"
#include "host/net/pcap.h"
#include "host/trace/trace.h"
#include "modem.h"

struct wire_net {
	struct wire_net_options o;
	struct loop *loop;
	void (*ready)(void *ctx);
	void *ctx;
	struct net *net; /* NULL: no link was ever up */
};

struct wire_net *wire_net_new(struct loop *l, const struct wire_net_options *options,
	void (*ready)(void *ctx), void *ctx)
{
	struct wire_net *n;

	if (!options->net)
		return NULL;
	n = must(calloc(1, sizeof(*n)));
	*n = (struct wire_net){ .o = *options, .loop = l, .ready = ready, .ctx = ctx };
	return n;
}

void wire_net_free(struct wire_net *n)
{
	if (!n)
		return;
	net_free(n->net);
	free(n);
}

void wire_net_link(struct wire_net *n, const struct packet_link *link)
{
	if (!n || (!link && !n->net))
		return;
	if (!n->net)
		n->net = net_new(n->loop, n->o.net, n->ready, n->ctx);
	net_link(n->net, link);
}

static void passed(struct wire_net *n, const struct modem *m, usec_t at, char direction,
	const void *p, size_t len)
{
	trace_packet(n->o.trace, at, direction, p, len);
	pcap_packet(n->o.pcap, modem_epoch(m) * 1000000 + (int64_t)at, p, len);
}

void wire_net_packet(struct wire_net *n, const struct modem *m, const void *p, size_t len)
{
	if (!n || !n->net)
		return;
	passed(n, m, modem_now(m), TRACE_PACKET_OUT, p, len);
	net_packet(n->net, p, len);
}

void wire_net_pump(struct wire_net *n, struct modem *m, usec_t now)
{
	const uint8_t *p;
	size_t len;

	if (!n || !n->net)
		return;
	while ((p = net_first(n->net, &len)) && modem_packet(m, now, p, len)) {
		passed(n, m, now, TRACE_PACKET_IN, p, len);
		net_taken(n->net);
	}
	pcap_flush(n->o.pcap);
}

bool wire_net_count(const struct wire_net *n, struct net_counts *out)
{
	*out = (struct net_counts){ .out = 0 };
	if (n && n->net)
		net_count(n->net, out);
	return n;
}
