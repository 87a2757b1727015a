#include "host/play/ppp_client.h"

#include <stdio.h>
#include <string.h>

#include "codec/dns.h"

#define FIRST_PORT 1024
#define ISN_STEP   100000
#define WINDOW     8192
#define MSS        536 /* RFC 9293 clause 3.7.1: no MSS option is sent or read */
#define PING_ID    0x4654u
#define DNS_PORT   53

static void begin(struct ppp_client *c, enum ip_protocol protocol, const uint8_t to[4],
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

static struct ip_ends ends(const struct ppp_client *c)
{
	struct ip_ends e = { .sport = (uint16_t)(FIRST_PORT + c->id % FIRST_PORT),
		.dport = c->port };

	memcpy(e.src, c->address, sizeof(e.src));
	memcpy(e.dst, c->to, sizeof(e.dst));
	return e;
}

static bool for_us(const struct ppp_client *c, const struct ip *in)
{
	const struct ip_ends e = ends(c);

	return in->sport == e.dport && in->dport == e.sport;
}

static void pass(struct ppp_client *c, const uint8_t *packet, size_t len)
{
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
	uint8_t data[IP_MAX], packet[IP_MAX];
	struct ip_ends e;
	size_t i;

	begin(c, IP_ICMP, to, 0);
	e = ends(c);
	len = len < sizeof(data) ? len : sizeof(data);
	for (i = 0; i < len; i++)
		data[i] = ping_octet(i);
	c->len = len;
	pass(c, packet,
		ip_make_icmp(packet, sizeof(packet), &e, IP_ICMP_ECHO, 0,
			PING_ID << 16 | c->id, data, len));
}

static void ping_reply(struct ppp_client *c, const struct ip *in)
{
	bool ours = in->sport == PING_ID && in->data[6] == c->id >> 8 &&
		    in->data[7] == (c->id & 0xff);
	size_t i;

	if (in->icmp.type != IP_ICMP_ECHO_REPLY || !ours)
		return;
	for (i = 0; i < in->payload_len && in->payload[i] == ping_octet(i); i++)
		;
	if (i != c->len || i != in->payload_len)
		fail(c, "the reply has other octets than the request");
	else
		c->state = PPP_CLIENT_DONE;
}

/* ---- DNS ------------------------------------------------------------------------- */

#define DNS_HEADER 12
#define LABEL_MAX  63

/* Writes a name; returns its length, 0 if it is not one. */
static size_t put_name(uint8_t *out, size_t max, const char *name)
{
	size_t n = 0, label;

	while (*name) {
		label = strcspn(name, ".");
		if (!label || label > LABEL_MAX || n + label + 2 > max)
			return 0;
		out[n++] = (uint8_t)label;
		memcpy(out + n, name, label);
		n += label;
		name += label + (name[label] == '.');
	}
	out[n++] = 0;
	return n;
}

void ppp_client_resolve(struct ppp_client *c, const uint8_t server[4], const char *name)
{
	/* one question, recursion desired; then its type and class */
	uint8_t query[DNS_MAX] = { 0, 0, 1, 0, 0, 1 }, packet[IP_MAX];
	static const uint8_t a_in[] = { 0, DNS_A, 0, DNS_IN };
	size_t len = put_name(query + DNS_HEADER, DNS_NAME, name);
	struct ip_ends e;

	begin(c, IP_UDP, server, DNS_PORT);
	if (!len) {
		fail(c, "this is not a name");
		return;
	}
	e = ends(c);
	query[0] = (uint8_t)(c->id >> 8);
	query[1] = (uint8_t)c->id;
	memcpy(query + DNS_HEADER + len, a_in, sizeof(a_in));
	c->len = DNS_HEADER + len + sizeof(a_in);
	pass(c, packet, ip_make_udp(packet, sizeof(packet), &e, query, c->len));
}

/* Steps over a name, which may end in a pointer. */
static size_t skip_name(const uint8_t *p, size_t len, size_t at)
{
	while (at < len && p[at] && p[at] <= LABEL_MAX)
		at += 1u + p[at];
	return at < len && p[at] ? at + 2 : at + 1;
}

/* The answers begin where the question has ended. */
static void dns_reply(struct ppp_client *c, const struct ip *in)
{
	const uint8_t *p = in->payload;
	size_t len = in->payload_len, at;

	if (!for_us(c, in) || len < DNS_HEADER || (p[0] << 8 | p[1]) != c->id ||
		!(p[2] & 0x80))
		return;
	for (at = skip_name(p, len, c->len); at + 10 <= len;
		at = skip_name(p, len, at + 10 + ((size_t)p[at + 8] << 8 | p[at + 9]))) {
		if (p[at + 1] != DNS_A || p[at + 9] != 4 || at + 14 > len)
			continue;
		memcpy(c->found, p + at + 10, sizeof(c->found));
		c->state = PPP_CLIENT_DONE;
		return;
	}
	fail(c, (p[3] & 15) == DNS_NO_NAME ? "there is no such name"
					   : "the answer has no address");
}

/* ---- TCP ------------------------------------------------------------------------- */

static bool before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static void segment(struct ppp_client *c, unsigned flags, size_t len)
{
	const struct ip_segment s = {
		.seq = c->next, .ack = c->expected, .flags = flags, .window = WINDOW
	};
	const struct ip_ends e = ends(c);
	uint8_t packet[IP_MAX];
	size_t total = ip_make_tcp(packet, sizeof(packet), &e, &s, c->out + c->sent, len);

	c->next += (uint32_t)len + !!(flags & (IP_TCP_SYN | IP_TCP_FIN));
	c->sent += len;
	pass(c, packet, total);
}

void ppp_client_connect(struct ppp_client *c, const uint8_t to[4], uint16_t port,
	const void *out, size_t len, struct buf *in, size_t want)
{
	begin(c, IP_TCP, to, port);
	c->tcp = PPP_CLIENT_OPENING;
	c->next = c->id * (uint32_t)ISN_STEP;
	c->expected = 0;
	c->out = out;
	c->len = len;
	c->sent = 0;
	c->want = want;
	c->in = in;
	c->other_done = false;
	segment(c, IP_TCP_SYN, 0);
}

static void opened(struct ppp_client *c, const struct ip *in)
{
	unsigned both = IP_TCP_SYN | IP_TCP_ACK;

	if ((in->tcp.flags & both) != both || in->tcp.ack != c->next)
		return;
	c->tcp = PPP_CLIENT_OPEN;
	c->expected = in->tcp.seq + 1;
	c->limit = in->tcp.ack + in->tcp.window;
	segment(c, IP_TCP_ACK, 0);
}

/* Sends what the window allows, and at the end a FIN. True if something was sent. */
static bool send_on(struct ppp_client *c)
{
	uint32_t was = c->next;
	size_t len, room;

	while (c->sent < c->len && before(c->next, c->limit)) {
		room = c->limit - c->next;
		len = c->len - c->sent;
		len = len < MSS ? len : MSS;
		segment(c, IP_TCP_ACK | IP_TCP_PSH, len < room ? len : room);
	}
	if (c->tcp == PPP_CLIENT_OPEN && c->sent == c->len &&
		(c->other_done || (c->want && c->in->len >= c->want))) {
		c->tcp = PPP_CLIENT_ENDING;
		segment(c, IP_TCP_ACK | IP_TCP_FIN, 0);
	}
	return c->next != was;
}

/* Takes the data and the FIN of a segment that is next; false: there is no room. */
static bool take(struct ppp_client *c, const struct ip *in)
{
	bool fin = in->tcp.flags & IP_TCP_FIN;

	if (in->tcp.seq != c->expected || c->other_done)
		return true;
	if (!buf_put(c->in, in->payload, in->payload_len))
		return false;
	c->expected += (uint32_t)in->payload_len + fin;
	c->other_done = fin;
	return true;
}

static void tcp_packet(struct ppp_client *c, const struct ip *in)
{
	bool owes = in->payload_len || in->tcp.flags & IP_TCP_FIN;
	uint32_t limit = in->tcp.ack + in->tcp.window;

	if (!for_us(c, in))
		return;
	if (in->tcp.flags & IP_TCP_RST) {
		fail(c, c->tcp == PPP_CLIENT_OPENING ? "the connection is refused"
						     : "the connection is reset");
		return;
	}
	if (c->tcp == PPP_CLIENT_OPENING)
		opened(c, in);
	if (c->tcp == PPP_CLIENT_OPENING || !(in->tcp.flags & IP_TCP_ACK) ||
		before(c->next, in->tcp.ack))
		return;
	if (before(c->limit, limit))
		c->limit = limit;
	if (!take(c, in)) {
		fail(c, "more comes than was expected");
		return;
	}
	if (!send_on(c) && owes)
		segment(c, IP_TCP_ACK, 0);
	if (c->tcp == PPP_CLIENT_ENDING && c->other_done && in->tcp.ack == c->next)
		c->state = PPP_CLIENT_DONE;
}

void ppp_client_packet(struct ppp_client *c, const void *packet, size_t len)
{
	struct ip in;

	if (c->state != PPP_CLIENT_WAITS || !ip_read(packet, len, &in) || in.fragment ||
		in.protocol != (int)c->protocol ||
		memcmp(in.src, c->to, sizeof(c->to)) != 0 ||
		memcmp(in.dst, c->address, sizeof(c->address)) != 0)
		return;
	if (in.protocol == IP_ICMP)
		ping_reply(c, &in);
	else if (in.protocol == IP_UDP)
		dns_reply(c, &in);
	else if (in.protocol == IP_TCP)
		tcp_packet(c, &in);
}
