/* State: WIPsoft. */
#include "codec/ip.h"
#include "describe/rows.h"

static const struct wip *wip(const struct view *v)
{
	return &v->m->cold->wip.wip;
}

static const struct socket *at(const struct view *v)
{
	return &v->m->cold->wip.socket[v->i];
}

static bool stack(const struct view *v)
{
	return wip(v)->started;
}

static const char *bearer(const struct view *v, char *mem)
{
	(void)mem;
	return name_of(wip_bearer_states, (int)wip(v)->bearer.state);
}

static long long used(const struct view *v)
{
	return v->m->sockets.used;
}

static bool data(const struct view *v)
{
	unsigned i;

	for (i = 0; v->m->sockets.used && i < SOCKETS; i++)
		if (v->m->cold->wip.socket[i].on)
			return true;
	return false;
}

static const struct row wip_rows[] = {
	{ "stack", "AT+WIPCFG=1 has started it", .flag = stack },
	{ "bearer", "the GPRS bearer of WIPsoft", .text = bearer,
		.values = wip_bearer_states },
	{ "data", "a port is in the data phase of a socket", .flag = data },
	{ "sockets", "number of sockets and sessions", .number = used, .most = SOCKETS },
	{ NULL },
};

/* ---- each socket --------------------------------------------------------------------- */

static bool there(const struct view *v)
{
	return at(v)->state != SOCKET_FREE;
}

static long long protocol(const struct view *v)
{
	return at(v)->kind;
}

static long long number(const struct view *v)
{
	return at(v)->index;
}

static const char *state(const struct view *v, char *mem)
{
	(void)mem;
	return name_of(socket_states, (int)at(v)->state);
}

static const char *peer(const struct view *v, char *mem)
{
	const struct socket *s = at(v);
	char addr[IP_ADDR_TEXT];

	if (!s->peer.port)
		return s->host[0] ? s->host : NULL;
	snprintf(mem, MODEM_STATE_TEXT, "%s:%u", ip_addr_text(s->peer.addr, addr),
		s->peer.port);
	return mem;
}

static long long local(const struct view *v)
{
	return at(v)->local;
}

static long long in(const struct view *v)
{
	return (long long)at(v)->in;
}

static long long sent(const struct view *v)
{
	return (long long)at(v)->out;
}

static long long unread(const struct view *v)
{
	return (long long)at(v)->rx_len;
}

static long long unsent(const struct view *v)
{
	return (long long)at(v)->tx_len;
}

static bool mapped(const struct view *v)
{
	return at(v)->on;
}

static bool peer_closed(const struct view *v)
{
	return at(v)->shut_there;
}

static const struct row socket_rows[] = {
	{ "protocol", "1 UDP, 2 TCP client, 3 TCP server, 4 to 7 sessions",
		.number = protocol, .most = 7 },
	{ "index", "as on the line", .number = number, .most = 8 },
	{ "state", "how far it is", .text = state, .values = socket_states },
	{ "peer", "address and port; the host asked for before it is there",
		.text = peer },
	{ "local", "port of the modem", .number = local, .most = 65535 },
	{ "in", "octets from the peer", .number = in },
	{ "out", "octets to the peer", .number = sent },
	{ "unread", "octets of the peer that wait for the host", .number = unread },
	{ "unsent", "octets of the host that wait for the peer", .number = unsent },
	{ "data", "a port is in its data phase", .flag = mapped },
	{ "peer_closed", "no octets of the peer follow", .flag = peer_closed },
	{ NULL },
};

const struct part describe_wip[] = {
	{ "wip", wip_rows },
	{ "sockets", socket_rows, .most = SOCKETS, .there = there },
	{ NULL },
};
