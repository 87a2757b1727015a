/* What a scenario does with the far sides of the modem's sockets, and asks of them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "codec/ip.h"
#include "host/play/peers_int.h"

static bool meant(const struct peers *p, const struct peers_far *f, const char *host)
{
	uint8_t addr[4];

	if (!*host || !strcasecmp(f->host, host))
		return true;
	return (peers_knows(p, host, addr) || ip_addr_read(host, strlen(host), addr)) &&
	       !memcmp(addr, f->peer.addr, 4);
}

struct peers_far *peers_find(struct peers *p, const char *host, uint16_t port)
{
	struct peers_far *f, *found = NULL;

	for (f = p->far; f < p->far + PEERS_FARS; f++)
		if (f->used && f->kind != SOCKET_SERVER &&
			(!port || f->peer.port == port) && meant(p, f, host) &&
			(!found || f->order > found->order))
			found = f;
	return found;
}

/* A client of the world may send before the modem has accepted it. */
static bool sends(const struct peers_far *f)
{
	return !f->finish && (f->state == PEERS_OPEN || f->state == PEERS_HALF ||
				     f->news == FAR_ACCEPTS);
}

bool peers_send(struct peers *p, struct peers_far *f, const void *data, size_t len)
{
	(void)p;
	if (!sends(f))
		return false;
	if (f->kind == SOCKET_UDP)
		peers_parcel(&f->in_first, &f->peer, data, len);
	else
		octets_add(&f->out, data, len);
	return true;
}

static struct peers_far *bound_to(struct peers *p, bool udp, uint16_t port)
{
	struct peers_far *f;

	for (f = p->far; f < p->far + PEERS_FARS; f++)
		if (f->used && !f->detached && f->local == port &&
			f->state == PEERS_OPEN &&
			f->kind == (udp ? SOCKET_UDP : SOCKET_SERVER))
			return f;
	return NULL;
}

bool peers_datagram(struct peers *p, const struct socket_peer *from, uint16_t to,
	const void *data, size_t len)
{
	struct peers_far *f = bound_to(p, true, to);

	if (!f)
		return false;
	/* a socket that is bound to a peer hears only that one */
	if (!*f->host ||
		(!memcmp(f->peer.addr, from->addr, 4) && f->peer.port == from->port))
		peers_parcel(&f->in_first, from, data, len);
	return true;
}

bool peers_connect(struct peers *p, const struct socket_peer *from, uint16_t to)
{
	const struct peers_far *server = bound_to(p, false, to);
	struct peers_far *f;
	unsigned id;

	if (!server)
		return false;
	id = server->id;
	f = peers_far_new(p);
	f->id = id;
	f->detached = true; /* until the modem has accepted it */
	f->kind = SOCKET_TCP;
	f->state = PEERS_CONNECTING;
	f->peer = *from;
	ip_addr_text(from->addr, f->host);
	f->news = FAR_ACCEPTS;
	return true;
}

void peers_shut(struct peers *p, struct peers_far *f)
{
	(void)p;
	f->finish = true;
}

void peers_reset(struct peers *p, struct peers_far *f)
{
	(void)p;
	if (!f->detached)
		peers_fail(f, SOCKET_RESET);
	f->state = PEERS_RESET;
}

void peers_stall(struct peers *p, struct peers_far *f, bool stalls)
{
	f->stalls = stalls;
	if (stalls)
		return;
	f->held = 0;
	p->ready = true;
}

const char *peers_got(const struct peers_far *f, size_t *len)
{
	if (f->kind == SOCKET_UDP) {
		*len = f->got_first ? f->got_first->len : 0;
		return f->got_first ? f->got_first->data : "";
	}
	*len = f->got.len - f->heard;
	return *len ? f->got.data + f->heard : "";
}

void peers_heard(struct peers_far *f, size_t len)
{
	struct parcel *first = f->got_first;

	f->heard += f->kind == SOCKET_UDP ? 0 : len;
	if (f->kind != SOCKET_UDP || !first)
		return;
	f->got_first = first->next;
	free(first);
}

enum peers_state peers_state(const struct peers_far *f)
{
	return f->state;
}

const char *peers_asked(const struct peers_far *f)
{
	return f->asked;
}
