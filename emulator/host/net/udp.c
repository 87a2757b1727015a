/* Datagrams to named ports: a connected socket for each conversation. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conf/must.h"
#include "host/net/net_int.h"

#define BATCH 32 /* answers in one turn of the loop */

static void end(struct udp_relay *r)
{
	if (!r->used)
		return;
	loop_fd_free(r->watch);
	close(r->fd);
	r->used = false;
	r->net->counts.relays--;
}

static void on_answer(void *ctx)
{
	struct udp_relay *r = ctx;
	struct net *n = r->net;
	uint8_t data[IP_MAX], packet[IP_MAX];
	size_t len;
	ssize_t got;
	int i;

	for (i = 0; i < BATCH; i++) {
		got = recv(r->fd, data, sizeof(data), MSG_DONTWAIT | MSG_TRUNC);
		if (got < 0 && errno == ECONNREFUSED)
			net_refuse(n, NET_FAILED);
		if (got < 0)
			break;
		/* what is longer than a packet of the link is lost */
		len = (size_t)got > sizeof(data) ? 0
						 : ip_make_udp(packet, n->link.mtu,
							   &r->back, data, (size_t)got);
		if (len)
			net_send(n, packet, len);
		else
			net_refuse(n, NET_OVERFLOW);
	}
	r->last = loop_real_now();
	net_settle(n);
}

static struct udp_relay *find(struct net *n, const struct ip_ends *back)
{
	size_t i;

	for (i = 0; n->relay && i < UDP_RELAYS; i++)
		if (n->relay[i].used && !memcmp(&n->relay[i].back, back, sizeof(*back)))
			return &n->relay[i];
	return NULL;
}

/* A free one, or the one that was silent for longest. */
static struct udp_relay *place(struct net *n)
{
	struct udp_relay *best = NULL, *r;

	if (!n->relay)
		n->relay = must(calloc(UDP_RELAYS, sizeof(*n->relay)));
	for (r = n->relay; r < n->relay + UDP_RELAYS; r++) {
		if (!r->used)
			return r;
		if (!best || r->last < best->last)
			best = r;
	}
	end(best);
	return best;
}

static struct udp_relay *begin(
	struct net *n, const struct ip_ends *back, const struct forward *f)
{
	int fd = net_connect(f, SOCK_DGRAM);
	struct udp_relay *r;

	if (fd < 0)
		return NULL;
	r = place(n);
	*r = (struct udp_relay){ .net = n, .used = true, .fd = fd, .back = *back };
	r->watch = loop_fd_new(n->loop, fd, on_answer, r);
	n->counts.relays++;
	if (r->watch)
		return r;
	end(r);
	return NULL;
}

void udp_datagram(struct net *n, const struct ip *p, const struct forward *f)
{
	const struct ip_ends back = ip_back(p);
	struct udp_relay *r = find(n, &back);
	ssize_t sent;

	if (!r)
		r = begin(n, &back, f);
	if (!r) {
		net_refuse(n, NET_FAILED);
		return;
	}
	r->last = loop_real_now();
	sent = send(r->fd, p->payload, p->payload_len, MSG_DONTWAIT | MSG_NOSIGNAL);
	/* the error of an earlier datagram: its port is closed */
	if (sent < 0 && errno == ECONNREFUSED)
		sent = send(
			r->fd, p->payload, p->payload_len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent < 0)
		net_refuse(n, NET_FAILED);
}

usec_t udp_expire(struct net *n, usec_t now)
{
	usec_t next = USEC_NEVER, left;
	struct udp_relay *r;

	if (!n->relay || !n->counts.relays)
		return USEC_NEVER;
	for (r = n->relay; r < n->relay + UDP_RELAYS; r++) {
		if (!r->used)
			continue;
		left = r->last + UDP_IDLE > now ? r->last + UDP_IDLE - now : 0;
		if (!left)
			end(r);
		else if (left < next)
			next = left;
	}
	return next;
}

void udp_clear(struct net *n)
{
	size_t i;

	for (i = 0; n->relay && i < UDP_RELAYS; i++)
		end(&n->relay[i]);
	free(n->relay);
	n->relay = NULL;
}
