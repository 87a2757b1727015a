/* TCP is RFC 9293, the side that listens, without what loss needs:
 *
 *              SYN            ACK             our FIN        ACK of it, and the host's FIN
 *      free ----------> opening ------> open ----------> ending ----------> free
 *        ^ RST                                                     either order
 */
#include "host/net/peer.h"

#include <string.h>
#include <strings.h>

#include "host/net/peer_dns.h"

#define ISN_STEP    64000
#define MSS_DEFAULT 536
#define BURST       32 /* most segments with data that answer one of the host's */

static const uint8_t gateway[4] = { 10, 0, 2, 2 }, name_server[4] = { 10, 0, 2, 3 };

static const struct peer_host fixed[] = {
	{ PEER_NAME, { 10, 0, 2, 2 } },
};

const char peer_page[] = "This page comes from memory.\n";

/* ---- services -------------------------------------------------------------------- */

struct peer_service {
	uint16_t port;
	bool buffers; /* the window is the room that is left in `out` */
	void (*hear)(struct peer_connection *c, const uint8_t *data, size_t len);
};

static void say(struct peer_connection *c, const void *data, size_t len)
{
	size_t room = sizeof(c->out) - c->len, n = len < room ? len : room;

	memcpy(c->out + c->len, data, n);
	c->len += n;
}

static void echo(struct peer_connection *c, const uint8_t *data, size_t len)
{
	say(c, data, len);
}

static void discard(struct peer_connection *c, const uint8_t *data, size_t len)
{
	(void)c;
	(void)data;
	(void)len;
}

/* The page follows the end of the first head, whatever was asked for. */
static void http(struct peer_connection *c, const uint8_t *data, size_t len)
{
	static const char end[] = "\r\n\r\n";
	static const char head[] = "HTTP/1.0 200 OK\r\n"
				   "Content-Type: text/plain\r\n"
				   "\r\n";

	for (; len && c->matched < sizeof(end) - 1; data++, len--) {
		if (*data == (uint8_t)end[c->matched])
			c->matched++;
		else
			c->matched = *data == '\r';
		if (c->matched == sizeof(end) - 1) {
			say(c, head, sizeof(head) - 1);
			say(c, peer_page, strlen(peer_page));
			c->finish = true;
		}
	}
}

static const struct peer_service services[] = {
	{ 7, true, echo },
	{ 9, false, discard },
	{ 80, false, http },
	{ 0, false, NULL },
};

static const struct peer_service *service_at(uint16_t port)
{
	const struct peer_service *s = services;

	while (s->port && s->port != port)
		s++;
	return s->port ? s : NULL;
}

/* ---- addresses ------------------------------------------------------------------- */

static bool same(const uint8_t a[4], const uint8_t b[4])
{
	return !memcmp(a, b, 4);
}

static bool is_here(const struct peer *p, const uint8_t address[4])
{
	static const uint8_t none[4];
	size_t i;

	if (same(address, none))
		return false;
	if (same(address, gateway) || same(address, name_server) ||
		same(address, p->link.peer) || same(address, p->link.dns[0]) ||
		same(address, p->link.dns[1]))
		return true;
	for (i = 0; i < p->n_hosts; i++)
		if (same(address, p->hosts[i].address))
			return true;
	return false;
}

static bool resolve(const struct peer_host *hosts, size_t n, struct dns *d)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcasecmp(hosts[i].name, d->name) != 0)
			continue;
		d->found = d->type == DNS_TYPE_A;
		memcpy(d->address, hosts[i].address, sizeof(d->address));
		return true;
	}
	return false;
}

/* ---- answers --------------------------------------------------------------------- */

/* Sends an answer to `in`, whose addresses and ports are swapped. */
static void answer(struct peer *p, const struct ip4 *in, struct ip4 *out)
{
	uint8_t packet[IP4_MAX];
	size_t len;

	memcpy(out->source, in->dest, sizeof(out->source));
	memcpy(out->dest, in->source, sizeof(out->dest));
	out->source_port = in->dest_port;
	out->dest_port = in->source_port;
	out->protocol = in->protocol;
	len = ip4_make(out, packet);
	if (len && len <= p->link.mtu)
		p->send(p->ctx, packet, len);
}

static void icmp(struct peer *p, const struct ip4 *in)
{
	struct ip4 out = *in;

	if (in->type != ICMP_ECHO_REQUEST)
		return;
	out.type = ICMP_ECHO_REPLY;
	answer(p, in, &out);
}

static void dns(struct peer *p, const struct ip4 *in)
{
	uint8_t message[DNS_MAX];
	struct ip4 out = { .data = message };
	struct dns d;

	if (!dns_read(&d, in->data, in->len) || d.answer)
		return;
	d.answer = true;
	if (d.code == DNS_OK && !resolve(fixed, sizeof(fixed) / sizeof(fixed[0]), &d) &&
		!resolve(p->hosts, p->n_hosts, &d))
		d.code = DNS_NO_SUCH_NAME;
	out.len = dns_make(&d, message);
	if (out.len)
		answer(p, in, &out);
}

static void udp(struct peer *p, const struct ip4 *in)
{
	struct ip4 out = *in;

	if (in->dest_port == DNS_PORT)
		dns(p, in);
	else if (in->dest_port == 7)
		answer(p, in, &out);
}

/* ---- TCP ------------------------------------------------------------------------- */

/* Whether a is before b, counted modulo 2^32. */
static bool before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static size_t window(const struct peer_connection *c)
{
	return c->service->buffers ? sizeof(c->out) - c->len : sizeof(c->out);
}

static void segment(struct peer *p, struct peer_connection *c, const struct ip4 *in,
	unsigned flags, size_t len)
{
	struct ip4 out = { .seq = c->next,
		.ack = c->expected,
		.flags = (uint8_t)(flags | TCP_ACK),
		.data = c->out,
		.len = len };
	uint8_t sent[PEER_BUFFER];

	if (len) { /* what is sent makes room first: the window says so */
		memcpy(sent, c->out, len);
		c->len -= len;
		memmove(c->out, c->out + len, c->len);
		out.data = sent;
	}
	out.window = (uint16_t)window(c);
	if (flags & TCP_SYN)
		out.mss = (uint16_t)(p->link.mtu > IP4_TCP_HEADER
					     ? p->link.mtu - IP4_TCP_HEADER
					     : MSS_DEFAULT);
	c->next += (uint32_t)len + !!(flags & (TCP_SYN | TCP_FIN));
	answer(p, in, &out);
}

/* RFC 9293 clause 3.10.7.1 */
static void reset(struct peer *p, const struct ip4 *in)
{
	struct ip4 out = { .flags = TCP_RST };

	if (in->flags & TCP_RST)
		return;
	if (in->flags & TCP_ACK) {
		out.seq = in->ack;
	} else {
		out.flags |= TCP_ACK;
		out.ack = in->seq + (uint32_t)in->len + !!(in->flags & TCP_SYN) +
			  !!(in->flags & TCP_FIN);
	}
	answer(p, in, &out);
}

static struct peer_connection *find(struct peer *p, const struct ip4 *in)
{
	struct peer_connection *c;

	for (c = p->connection; c < p->connection + PEER_CONNECTIONS; c++)
		if (c->state != PEER_FREE && same(c->local, in->dest) &&
			c->service->port == in->dest_port &&
			c->host_port == in->source_port)
			return c;
	return NULL;
}

static void open_connection(struct peer *p, const struct ip4 *in)
{
	const struct peer_service *service = service_at(in->dest_port);
	struct peer_connection *c = p->connection;
	size_t most = p->link.mtu > IP4_TCP_HEADER ? p->link.mtu - IP4_TCP_HEADER : 1;
	size_t mss = in->mss ? in->mss : MSS_DEFAULT;

	while (c < p->connection + PEER_CONNECTIONS && c->state != PEER_FREE)
		c++;
	if (!service || c == p->connection + PEER_CONNECTIONS) {
		reset(p, in);
		return;
	}
	p->isn += ISN_STEP;
	*c = (struct peer_connection){ .state = PEER_OPENING,
		.host_port = in->source_port,
		.service = service,
		.next = p->isn,
		.limit = p->isn + in->window,
		.expected = in->seq + 1,
		.mss = (uint16_t)(mss < most ? mss : most) };
	memcpy(c->local, in->dest, sizeof(c->local));
	segment(p, c, in, TCP_SYN, 0);
}

/* Sends what the host's window allows. True if something was sent. */
static bool send_on(struct peer *p, struct peer_connection *c, const struct ip4 *in)
{
	bool sent = false;
	int n;

	for (n = 0; n < BURST && c->len && before(c->next, c->limit); n++) {
		size_t len = c->limit - c->next;

		len = len < c->mss ? len : c->mss;
		segment(p, c, in, TCP_PSH, len < c->len ? len : c->len);
		sent = true;
	}
	if (c->state == PEER_OPEN && c->finish && !c->len) {
		c->state = PEER_ENDING;
		segment(p, c, in, TCP_FIN, 0);
		sent = true;
	}
	return sent;
}

/* Takes the data and the FIN of a segment that is next. */
static void take(struct peer_connection *c, const struct ip4 *in)
{
	size_t room = window(c), n = in->len < room ? in->len : room;

	if (in->seq != c->expected || c->host_done)
		return;
	c->service->hear(c, in->data, n);
	c->expected += (uint32_t)n;
	if (in->flags & TCP_FIN && n == in->len) {
		c->expected++;
		c->host_done = c->finish = true;
	}
}

static void connected(struct peer *p, struct peer_connection *c, const struct ip4 *in)
{
	if (in->flags & TCP_RST) {
		if (in->seq == c->expected)
			c->state = PEER_FREE;
		return;
	}
	/* an old or a wrong segment: say where we are */
	if (in->flags & TCP_SYN || !(in->flags & TCP_ACK) || before(c->next, in->ack)) {
		segment(p, c, in, 0, 0);
		return;
	}
	if (!before(in->ack + in->window, c->limit))
		c->limit = in->ack + in->window;
	if (c->state == PEER_OPENING && in->ack == c->next)
		c->state = PEER_OPEN;
	if (c->state == PEER_OPENING)
		return;
	take(c, in);
	if (!send_on(p, c, in) && (in->len || in->flags & TCP_FIN))
		segment(p, c, in, 0, 0);
	if (c->state == PEER_ENDING && c->host_done && in->ack == c->next)
		c->state = PEER_FREE;
}

static void tcp(struct peer *p, const struct ip4 *in)
{
	struct peer_connection *c = find(p, in);

	if (c)
		connected(p, c, in);
	else if ((in->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN)
		open_connection(p, in);
	else
		reset(p, in);
}

/* ---- the whole ------------------------------------------------------------------- */

void peer_init(struct peer *p, const struct peer_host *hosts, size_t n_hosts,
	void (*send)(void *ctx, const void *packet, size_t len), void *ctx)
{
	*p = (struct peer){
		.hosts = hosts, .n_hosts = n_hosts, .send = send, .ctx = ctx
	};
}

void peer_link(struct peer *p, const struct packet_link *link)
{
	size_t i;

	for (i = 0; i < PEER_CONNECTIONS; i++)
		p->connection[i].state = PEER_FREE;
	p->up = link != NULL;
	if (link)
		p->link = *link;
}

void peer_packet(struct peer *p, const void *packet, size_t len)
{
	struct ip4 in;

	/* a network takes only packets from the address that it gave */
	if (!p->up || !ip4_read(&in, packet, len) || !same(in.source, p->link.host) ||
		!is_here(p, in.dest))
		return;
	switch (in.protocol) {
	case IP4_ICMP:
		icmp(p, &in);
		break;
	case IP4_TCP:
		tcp(p, &in);
		break;
	case IP4_UDP:
		udp(p, &in);
		break;
	}
}
