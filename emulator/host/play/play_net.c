/* The network of the player's modem: the peer in memory, and packets that wait for room in
 * the modem. */
#include <stdlib.h>
#include <string.h>

#include "codec/forward.h"
#include "codec/ip.h"
#include "conf/must.h"
#include "host/net/names.h"
#include "host/net/peer.h"
#include "host/play/player_int.h"

#define WAITING 64 /* packets at most; more are lost, as in any router */

struct play_net {
	struct peer peer;
	struct names names;
	struct peer_host host[NAMES];
	struct packet {
		size_t len;
		uint8_t octets[IP_MAX];
	} waiting[WAITING];
	size_t first, n;
};

/* The peer answers at once, while the modem is still in the call that has sent. */
static void enqueue(void *ctx, const void *packet, size_t len)
{
	struct play_net *net = ctx;
	struct packet *p = &net->waiting[(net->first + net->n) % WAITING];

	if (net->n == WAITING)
		return;
	net->n++;
	p->len = len;
	memcpy(p->octets, packet, len);
}

/* The names of the profile, with the addresses that they have in real time too. */
static void name_hosts(struct play_net *net, const struct hosts_conf *hosts)
{
	struct forward f;
	size_t i;

	for (i = 0; i < hosts->n; i++)
		if (!forward_read(hosts->text[i], &f))
			names_add(&net->names, &f);
	for (i = 0; i < net->names.n_hosts; i++) {
		net->host[i].name = net->names.host[i].name;
		memcpy(net->host[i].address, net->names.host[i].addr,
			sizeof(net->host[i].address));
	}
}

void play_net_link(void *ctx, const struct packet_link *link)
{
	struct player *p = ctx;

	if (!p->net) {
		p->net = must(calloc(1, sizeof(*p->net)));
		name_hosts(p->net, &p->profile->network.hosts);
		peer_init(&p->net->peer, p->net->host, p->net->names.n_hosts, enqueue,
			p->net);
	}
	p->net->n = 0;
	peer_link(&p->net->peer, link);
}

void play_net_packet(void *ctx, const void *packet, size_t len)
{
	struct player *p = ctx;

	if (p->net)
		peer_packet(&p->net->peer, packet, len);
}

bool play_net_deliver(struct player *p)
{
	struct play_net *net = p->net;
	struct packet *packet;

	if (!net || !net->n)
		return false;
	packet = &net->waiting[net->first];
	if (!modem_packet(p->modem, p->all->now, packet->octets, packet->len))
		return false;
	/* the session may have ended in that call, and the queue with it */
	if (net->n) {
		net->first = (net->first + 1) % WAITING;
		net->n--;
	}
	return true;
}

void play_net_clear(struct player *p)
{
	if (p->net)
		play_net_link(p, NULL);
}

void play_net_free(struct player *p)
{
	free(p->net);
	p->net = NULL;
}
