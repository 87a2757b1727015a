#include "host/play/ppp_client.h"

#include <stdio.h>
#include <string.h>

#include "host/net/peer_dns.h"

#define FIRST_PORT 1024
#define ISN_STEP   100000
#define WINDOW     8192
#define MSS        (IP4_MAX - IP4_TCP_HEADER)
#define MSS_LEAST  64 /* bounds the number of packets */
#define PING_ID    0x4654u

static void begin(struct ppp_client *c, enum ip4_protocol protocol, const uint8_t to[4],
	uint16_t port)
{
	c->state = PPP_CLIENT_WAITS;
	c->protocol = protocol;
	memcpy(c->to, to, sizeof(c->to));
	c->port = port;
	c->id++;
	c->why[0] = '\0';
}

static void fail(struct ppp_client *c, const char *why)
{
	c->state = PPP_CLIENT_FAILED;
	snprintf(c->why, sizeof(c->why), "%s", why);
}

static uint16_t own_port(const struct ppp_client *c)
{
	return (uint16_t)(FIRST_PORT + c->id % FIRST_PORT);
}

static void send(struct ppp_client *c, struct ip4 *ip)
{
	uint8_t packet[IP4_MAX];
	size_t len;

	memcpy(ip->source, c->address, sizeof(ip->source));
	memcpy(ip->dest, c->to, sizeof(ip->dest));
	ip->protocol = c->protocol;
	ip->source_port = own_port(c);
	ip->dest_port = c->port;
	len = ip4_make(ip, packet);
	if (len)
		c->send(c->ctx, packet, len);
	else
		fail(c, "the packet would be too long");
}

/* ---- ping ------------------------------------------------------------------------ */

static uint8_t ping_octet(size_t i)
{
	return (uint8_t)i; /* all of them: frames have to escape some */
}

void ppp_client_ping(struct ppp_client *c, const uint8_t to[4], size_t len)
{
	uint8_t data[IP4_MAX];
	size_t i;

	begin(c, IP4_ICMP, to, 0);
	len = len < sizeof(data) ? len : sizeof(data);
	for (i = 0; i < len; i++)
		data[i] = ping_octet(i);
	c->len = len;
	send(c, &(struct ip4){ .type = ICMP_ECHO_REQUEST,
			.rest = PING_ID << 16 | c->id,
			.data = data,
			.len = len });
}

static void ping_reply(struct ppp_client *c, const struct ip4 *in)
{
	size_t i;

	if (in->type != ICMP_ECHO_REPLY || in->rest != (PING_ID << 16 | c->id))
		return;
	for (i = 0; i < in->len && in->data[i] == ping_octet(i); i++)
		;
	if (i != c->len)
		fail(c, "the reply has other octets than the request");
	else
		c->state = PPP_CLIENT_DONE;
}

/* ---- DNS ------------------------------------------------------------------------- */

void ppp_client_resolve(struct ppp_client *c, const uint8_t server[4], const char *name)
{
	struct dns d = { .recursion = true, .type = DNS_TYPE_A };
	uint8_t message[DNS_MAX];
	size_t len;

	begin(c, IP4_UDP, server, DNS_PORT);
	d.id = c->id;
	snprintf(d.name, sizeof(d.name), "%s", name);
	len = dns_make(&d, message);
	if (len)
		send(c, &(struct ip4){ .data = message, .len = len });
	else
		fail(c, "this is not a name");
}

static void dns_reply(struct ppp_client *c, const struct ip4 *in)
{
	struct dns d;

	if (in->source_port != c->port || in->dest_port != own_port(c) ||
		!dns_read(&d, in->data, in->len) || !d.answer || d.id != c->id)
		return;
	memcpy(c->found, d.address, sizeof(c->found));
	if (d.found)
		c->state = PPP_CLIENT_DONE;
	else
		fail(c, d.code == DNS_NO_SUCH_NAME ? "there is no such name"
						   : "the answer has no address");
}

/* ---- TCP ------------------------------------------------------------------------- */

static bool before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static void segment(struct ppp_client *c, unsigned flags, size_t len)
{
	struct ip4 ip = { .seq = c->next,
		.ack = c->expected,
		.flags = (uint8_t)flags,
		.window = WINDOW,
		.mss = flags & TCP_SYN ? MSS : 0,
		.data = c->out + c->sent,
		.len = len };

	c->next += (uint32_t)len + !!(flags & (TCP_SYN | TCP_FIN));
	c->sent += len;
	send(c, &ip);
}

void ppp_client_connect(struct ppp_client *c, const uint8_t to[4], uint16_t port,
	const void *out, size_t len, struct buf *in, size_t want)
{
	begin(c, IP4_TCP, to, port);
	c->tcp = PPP_CLIENT_OPENING;
	c->next = c->id * (uint32_t)ISN_STEP;
	c->expected = 0;
	c->out = out;
	c->len = len;
	c->sent = 0;
	c->want = want;
	c->in = in;
	c->other_done = false;
	segment(c, TCP_SYN, 0);
}

static void opened(struct ppp_client *c, const struct ip4 *in)
{
	if ((in->flags & (TCP_SYN | TCP_ACK)) != (TCP_SYN | TCP_ACK) ||
		in->ack != c->next)
		return;
	c->tcp = PPP_CLIENT_OPEN;
	c->expected = in->seq + 1;
	c->mss = in->mss && in->mss < MSS ? in->mss : MSS;
	c->mss = c->mss < MSS_LEAST ? MSS_LEAST : c->mss;
	c->limit = in->ack + in->window;
	segment(c, TCP_ACK, 0);
}

/* Sends what the window allows, and at the end a FIN. True if something was sent. */
static bool send_on(struct ppp_client *c)
{
	uint32_t was = c->next;
	size_t len, room;

	while (c->sent < c->len && before(c->next, c->limit)) {
		room = c->limit - c->next;
		len = c->len - c->sent;
		len = len < c->mss ? len : c->mss;
		segment(c, TCP_ACK | TCP_PSH, len < room ? len : room);
	}
	if (c->tcp == PPP_CLIENT_OPEN && c->sent == c->len &&
		(c->other_done || (c->want && c->in->len >= c->want))) {
		c->tcp = PPP_CLIENT_ENDING;
		segment(c, TCP_ACK | TCP_FIN, 0);
	}
	return c->next != was;
}

static void tcp_packet(struct ppp_client *c, const struct ip4 *in)
{
	bool owes = in->len || in->flags & TCP_FIN;

	if (in->source_port != c->port || in->dest_port != own_port(c))
		return;
	if (in->flags & TCP_RST) {
		fail(c, c->tcp == PPP_CLIENT_OPENING ? "the connection is refused"
						     : "the connection is reset");
		return;
	}
	if (c->tcp == PPP_CLIENT_OPENING)
		opened(c, in);
	if (c->tcp == PPP_CLIENT_OPENING || !(in->flags & TCP_ACK))
		return;
	if (before(c->limit, in->ack + in->window))
		c->limit = in->ack + in->window;
	if (owes && in->seq == c->expected && !c->other_done) {
		if (!buf_put(c->in, in->data, in->len)) {
			fail(c, "more comes than was expected");
			return;
		}
		c->expected += (uint32_t)in->len + !!(in->flags & TCP_FIN);
		c->other_done = in->flags & TCP_FIN;
	}
	if (!send_on(c) && owes)
		segment(c, TCP_ACK, 0);
	if (c->tcp == PPP_CLIENT_ENDING && c->other_done && in->ack == c->next)
		c->state = PPP_CLIENT_DONE;
}

void ppp_client_packet(struct ppp_client *c, const void *packet, size_t len)
{
	struct ip4 in;

	if (c->state != PPP_CLIENT_WAITS || !ip4_read(&in, packet, len) ||
		in.protocol != c->protocol || memcmp(in.source, c->to, 4) != 0 ||
		memcmp(in.dest, c->address, 4) != 0)
		return;
	switch (in.protocol) {
	case IP4_ICMP:
		ping_reply(c, &in);
		break;
	case IP4_UDP:
		dns_reply(c, &in);
		break;
	case IP4_TCP:
		tcp_packet(c, &in);
		break;
	}
}
