/* TCP is RFC 9293, the side that listens, without what loss needs:
 *
 *              SYN            ACK             our FIN        ACK of it, and the host's FIN
 *      free ----------> opening ------> open ----------> ending ----------> free
 *        ^ RST                                                     either order
 */
#include "host/net/peer.h"

#include <string.h>
#include <strings.h>

#include "codec/dns.h"
#include "codec/ip.h"

#define ISN_STEP  64000
#define MSS       536 /* RFC 9293 clause 3.7.1 */
#define HEADERS   40
#define ECHO_PORT 7
#define DNS_PORT  53
#define BURST     32 /* most segments with data that answer one of the host's */

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
	{ ECHO_PORT, true, echo },
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

/* Finds the address of a name; false if it is not here. */
static bool resolve(const struct peer_host *hosts, size_t n, const char *name,
	const uint8_t **address)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcasecmp(hosts[i].name, name)) {
			*address = hosts[i].address;
			return true;
		}
	return false;
}

/* ---- answers --------------------------------------------------------------------- */

static void pass(struct peer *p, const uint8_t *packet, size_t len)
{
	if (len && len <= p->link.mtu)
		p->send(p->ctx, packet, len);
}

static void icmp(struct peer *p, const struct ip *in)
{
	uint8_t packet[IP_MAX];

	pass(p, packet, ip_make_echo_reply(packet, sizeof(packet), in));
}

/* Answers with a datagram. */
static void datagram(struct peer *p, const struct ip *in, const void *data, size_t len)
{
	const struct ip_ends back = ip_back(in);
	uint8_t packet[IP_MAX];

	pass(p, packet, ip_make_udp(packet, sizeof(packet), &back, data, len));
}

static void dns(struct peer *p, const struct ip *in)
{
	uint8_t answer[DNS_MAX];
	const uint8_t *address = NULL;
	struct dns_question q;
	int code;
	bool good = dns_read(in->payload, in->payload_len, &q, &code);

	if (!good && code < 0)
		return;
	if (good && !resolve(fixed, sizeof(fixed) / sizeof(fixed[0]), q.name, &address) &&
		!resolve(p->hosts, p->n_hosts, q.name, &address))
		code = DNS_NO_NAME;
	if (q.type != DNS_A || q.class != DNS_IN)
		address = NULL;
	datagram(p, in, answer,
		dns_answer(in->payload, good ? &q : NULL, code, address, answer));
}

static void udp(struct peer *p, const struct ip *in)
{
	if (in->dport == DNS_PORT)
		dns(p, in);
	else if (in->dport == ECHO_PORT)
		datagram(p, in, in->payload, in->payload_len);
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

/* Answers with a segment: the first len octets of `out`, whose room is free then. */
static void segment(struct peer *p, struct peer_connection *c, const struct ip *in,
	unsigned flags, size_t len)
{
	const struct ip_ends back = ip_back(in);
	struct ip_segment s = {
		.seq = c->next, .ack = c->expected, .flags = flags | IP_TCP_ACK
	};
	uint8_t data[MSS], packet[IP_MAX];

	memcpy(data, c->out, len);
	c->len -= len;
	memmove(c->out, c->out + len, c->len);
	s.window = (uint16_t)window(c);
	c->next += (uint32_t)len + !!(flags & (IP_TCP_SYN | IP_TCP_FIN));
	pass(p, packet, ip_make_tcp(packet, sizeof(packet), &back, &s, data, len));
}

static void reset(struct peer *p, const struct ip *in)
{
	uint8_t packet[IP_MAX];

	pass(p, packet, ip_make_reset(packet, sizeof(packet), in));
}

static struct peer_connection *find(struct peer *p, const struct ip *in)
{
	struct peer_connection *c;

	for (c = p->connection; c < p->connection + PEER_CONNECTIONS; c++)
		if (c->state != PEER_FREE && same(c->local, in->dst) &&
			c->service->port == in->dport && c->host_port == in->sport)
			return c;
	return NULL;
}

static void open_connection(struct peer *p, const struct ip *in)
{
	const struct peer_service *service = service_at(in->dport);
	struct peer_connection *c = p->connection;

	while (c < p->connection + PEER_CONNECTIONS && c->state != PEER_FREE)
		c++;
	if (!service || c == p->connection + PEER_CONNECTIONS) {
		reset(p, in);
		return;
	}
	p->isn += ISN_STEP;
	*c = (struct peer_connection){ .state = PEER_OPENING,
		.host_port = in->sport,
		.service = service,
		.next = p->isn,
		.limit = p->isn + in->tcp.window,
		.expected = in->tcp.seq + 1 };
	memcpy(c->local, in->dst, sizeof(c->local));
	segment(p, c, in, IP_TCP_SYN, 0);
}

/* No MSS option is sent or read, so that a segment has what every host takes. */
static size_t mss(const struct peer *p)
{
	return p->link.mtu >= HEADERS + MSS ? MSS
	       : p->link.mtu > HEADERS      ? p->link.mtu - HEADERS
					    : 0;
}

/* Sends what the host's window allows. True if something was sent. */
static bool send_on(struct peer *p, struct peer_connection *c, const struct ip *in)
{
	size_t most = mss(p), len;
	uint32_t was = c->next;
	int n;

	for (n = 0; n < BURST && most && c->len && before(c->next, c->limit); n++) {
		len = c->limit - c->next;
		len = len < most ? len : most;
		segment(p, c, in, IP_TCP_PSH, len < c->len ? len : c->len);
	}
	if (c->state == PEER_OPEN && c->finish && !c->len) {
		c->state = PEER_ENDING;
		segment(p, c, in, IP_TCP_FIN, 0);
	}
	return c->next != was;
}

/* Takes the data and the FIN of a segment that is next. */
static void take(struct peer_connection *c, const struct ip *in)
{
	size_t room = window(c), n = in->payload_len < room ? in->payload_len : room;

	if (in->tcp.seq != c->expected || c->host_done)
		return;
	c->service->hear(c, in->payload, n);
	c->expected += (uint32_t)n;
	if (in->tcp.flags & IP_TCP_FIN && n == in->payload_len) {
		c->expected++;
		c->host_done = c->finish = true;
	}
}

static void connected(struct peer *p, struct peer_connection *c, const struct ip *in)
{
	unsigned flags = in->tcp.flags;
	uint32_t limit = in->tcp.ack + in->tcp.window;

	if (flags & IP_TCP_RST) {
		if (in->tcp.seq == c->expected)
			c->state = PEER_FREE;
		return;
	}
	/* an old or a wrong segment: say where we are */
	if (flags & IP_TCP_SYN || !(flags & IP_TCP_ACK) || before(c->next, in->tcp.ack)) {
		segment(p, c, in, 0, 0);
		return;
	}
	if (before(c->limit, limit))
		c->limit = limit;
	if (c->state == PEER_OPENING && in->tcp.ack == c->next)
		c->state = PEER_OPEN;
	if (c->state == PEER_OPENING)
		return;
	take(c, in);
	if (!send_on(p, c, in) && (in->payload_len || flags & IP_TCP_FIN))
		segment(p, c, in, 0, 0);
	if (c->state == PEER_ENDING && c->host_done && in->tcp.ack == c->next)
		c->state = PEER_FREE;
}

static void tcp(struct peer *p, const struct ip *in)
{
	struct peer_connection *c = find(p, in);
	unsigned flags = in->tcp.flags;

	if (c)
		connected(p, c, in);
	else if ((flags & (IP_TCP_SYN | IP_TCP_ACK | IP_TCP_RST)) == IP_TCP_SYN)
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
	struct ip in;

	/* a network takes only packets from the address that it gave */
	if (!p->up || len > IP_MAX || !ip_read(packet, len, &in) || in.fragment ||
		!same(in.src, p->link.host) || !is_here(p, in.dst))
		return;
	if (in.protocol == IP_ICMP)
		icmp(p, &in);
	else if (in.protocol == IP_TCP)
		tcp(p, &in);
	else if (in.protocol == IP_UDP)
		udp(p, &in);
}
