/* The table of protocols; UDP, TCP clients and TCP servers: how each is created, and its
 * options (wip.md +WIPCREATE, +WIPOPT). */
#include "chapters/wip/protocol.h"

#include <string.h>

#include "at/reply.h"
#include "chapters/wip/wip.h"
#include "codec/ip.h"
#include "state/modem_state.h"

#define TX_DEFAULT 10240
#define RX_DEFAULT 16384

/* create */

static int create_udp(struct channel *ch, struct at_call *c, struct socket *s, int index)
{
	char host[SOCKET_HOST];
	struct socket_order order = { .kind = SOCKET_UDP, .host = host };
	bool peer = at_given(c, 3);
	int error;

	if (c->args > 5 || (!at_given(c, 2) && !peer))
		return AT_ERROR;
	if (!wip_text(c, 3, host, sizeof(host)))
		return AT_CME(WIP_BAD_VALUE);
	error = at_given(c, 2) ? wip_port(c, 2, &order.local) : AT_OK;
	if (error == AT_OK && (peer || at_given(c, 4)))
		error = host[0] ? wip_port(c, 4, &order.port) : AT_ERROR;
	if (error != AT_OK)
		return error;
	wip_open(ch, s, SOCKET_UDP, index, &order);
	return AT_OK;
}

static int create_tcp(struct channel *ch, struct at_call *c, struct socket *s, int index)
{
	char host[SOCKET_HOST];
	struct socket_order order = { .kind = SOCKET_TCP, .host = host };
	int error;

	if (c->args != 4 || !at_given(c, 2) || !c->arg[2].len)
		return AT_ERROR;
	if (!wip_text(c, 2, host, sizeof(host)))
		return AT_CME(WIP_BAD_VALUE);
	error = wip_port(c, 3, &order.port);
	if (error == AT_OK)
		wip_open(ch, s, SOCKET_TCP, index, &order);
	return error;
}

/* Whether an index in that range is in use by a client, or reserved by a server. */
static bool range_taken(struct modem *m, int from, int to)
{
	const struct socket *s;
	int i;

	for (i = from; i <= to; i++)
		if (socket_at(m, SOCKET_TCP, i)->state != SOCKET_FREE)
			return true;
	for (i = 1; i <= SOCKET_SERVERS; i++) {
		s = socket_at(m, SOCKET_SERVER, i);
		if (s->state != SOCKET_FREE && s->state != SOCKET_FAILED &&
			from <= s->to && to >= s->from)
			return true;
	}
	return false;
}

static int create_server(
	struct channel *ch, struct at_call *c, struct socket *s, int index)
{
	struct socket_order order = { .kind = SOCKET_SERVER, .host = "" };
	int error, from, to;

	if (c->args != 5)
		return AT_ERROR;
	error = wip_port(c, 2, &order.local);
	if (error != AT_OK)
		return error;
	if (!wip_number(&c->arg[3], &from) || !wip_number(&c->arg[4], &to))
		return AT_ERROR;
	if (from < 1 || to > SOCKET_TCPS || to < from)
		return AT_CME(WIP_BAD_INDEX);
	if (range_taken(ch->modem, from, to))
		return AT_CME(WIP_RESERVED);
	wip_open(ch, s, SOCKET_SERVER, index, &order);
	s->from = from;
	s->to = to;
	return AT_OK;
}

/* data */

static int data(struct channel *ch, struct socket *s, int mode)
{
	return wip_online(ch, s, (enum socket_mode)mode);
}

/* options */

static void get_local(const struct modem *m, const struct socket *s, struct buf *b)
{
	(void)m;
	buf_printf(b, "%u", s->local);
}

static void get_peer_port(const struct modem *m, const struct socket *s, struct buf *b)
{
	(void)m;
	buf_printf(b, "%u", s->peer.port);
}

static void get_peer(const struct modem *m, const struct socket *s, struct buf *b)
{
	char mem[IP_ADDR_TEXT];

	(void)m;
	buf_printf(b, "\"%s\"", ip_addr_text(s->peer.addr, mem));
}

static void get_bound(const struct modem *m, const struct socket *s, struct buf *b)
{
	(void)m;
	buf_printf(b, "%d", s->bound);
}

static void get_tx(const struct modem *m, const struct socket *s, struct buf *b)
{
	(void)m;
	buf_printf(b, "%d", s->tx_size ? s->tx_size : TX_DEFAULT);
}

static void get_rx(const struct modem *m, const struct socket *s, struct buf *b)
{
	(void)m;
	buf_printf(b, "%d", s->rx_size ? s->rx_size : RX_DEFAULT);
}

static void get_readable(const struct modem *m, const struct socket *s, struct buf *b)
{
	(void)m;
	buf_printf(b, "%zu", socket_readable(s));
}

static void get_no_delay(const struct modem *m, const struct socket *s, struct buf *b)
{
	(void)m;
	buf_printf(b, "%d", s->no_delay);
}

static void get_ttl(const struct modem *m, const struct socket *s, struct buf *b)
{
	(void)m;
	buf_printf(b, "%d", s->ttl);
}

static void get_tos(const struct modem *m, const struct socket *s, struct buf *b)
{
	(void)m;
	buf_printf(b, "%d", s->tos);
}

/* Takes a number of that range into *out. */
static int take(const struct at_arg *value, int min, int max, int *out)
{
	int n;

	if (!wip_number(value, &n))
		return AT_ERROR;
	if (n < min || n > max)
		return AT_CME(WIP_BAD_VALUE);
	*out = n;
	return AT_OK;
}

static int set_tx(struct channel *ch, struct socket *s, const struct at_arg *value)
{
	(void)ch;
	return take(value, 536, 36864, &s->tx_size);
}

static int set_rx(struct channel *ch, struct socket *s, const struct at_arg *value)
{
	(void)ch;
	return take(value, 536, 65535, &s->rx_size);
}

static int set_no_delay(struct channel *ch, struct socket *s, const struct at_arg *value)
{
	int on = 0, error = take(value, 0, 1, &on);

	if (error != AT_OK)
		return error;
	s->no_delay = on;
	socket_set(ch->modem, s);
	return AT_OK;
}

static int set_ttl(struct channel *ch, struct socket *s, const struct at_arg *value)
{
	int error = take(value, 0, 255, &s->ttl);

	if (error == AT_OK)
		socket_set(ch->modem, s);
	return error;
}

static int set_tos(struct channel *ch, struct socket *s, const struct at_arg *value)
{
	int error = take(value, 0, 255, &s->tos);

	if (error == AT_OK)
		socket_set(ch->modem, s);
	return error;
}

static const struct wip_socket_option udp_options[] = {
	{ 0, get_local, NULL },
	{ 1, get_peer_port, NULL },
	{ 2, get_peer, NULL },
	{ 3, get_bound, NULL },
	{ 6, get_readable, NULL },
	{ 8, get_ttl, set_ttl },
	{ 9, get_tos, set_tos },
	{ 0, NULL, NULL },
};

static const struct wip_socket_option tcp_options[] = {
	{ 0, get_local, NULL },
	{ 1, get_peer_port, NULL },
	{ 2, get_peer, NULL },
	{ 4, get_tx, set_tx },
	{ 5, get_rx, set_rx },
	{ 6, get_readable, NULL },
	{ 7, get_no_delay, set_no_delay },
	{ 8, get_ttl, set_ttl },
	{ 9, get_tos, set_tos },
	{ 0, NULL, NULL },
};

static const struct wip_socket_option server_options[] = {
	{ 0, get_local, NULL },
	{ 4, get_tx, set_tx },
	{ 5, get_rx, set_rx },
	{ 7, get_no_delay, set_no_delay },
	{ 8, get_ttl, set_ttl },
	{ 9, get_tos, set_tos },
	{ 0, NULL, NULL },
};

/* the table */

#define SESSION                                                                         \
	.file = wip_session_file, .more = wip_session_more, .begun = wip_session_begun, \
	.done = wip_session_done, .read_out = wip_session_read_out,                     \
	.etx = wip_session_etx, .escaped = wip_session_escaped,                         \
	.closed = wip_session_closed

static const struct wip_protocol protocols[] = {
	{ SOCKET_UDP, .create = create_udp, .data = data, .options = udp_options },
	{ SOCKET_TCP, .create = create_tcp, .data = data, .options = tcp_options },
	{ SOCKET_SERVER, .create = create_server, .options = server_options },
	{ SOCKET_FTP, .create = wip_create_ftp, .options = wip_ftp_options, SESSION },
	{ SOCKET_HTTP, WIP_3_11, wip_create_http, .options = wip_http_options, SESSION },
	{ SOCKET_SMTP, WIP_3_11, wip_create_smtp, .options = wip_smtp_options, SESSION },
	{ SOCKET_POP3, WIP_3_11, wip_create_pop3, .options = wip_pop3_options, SESSION },
};
#define PROTOCOLS (sizeof(protocols) / sizeof(protocols[0]))

const struct wip_protocol *wip_protocol(const struct modem *m, int number)
{
	size_t i;

	for (i = 0; i < PROTOCOLS; i++)
		if ((int)protocols[i].kind == number &&
			wip_version(m) >= protocols[i].since)
			return &protocols[i];
	return NULL;
}

const struct wip_protocol *wip_protocol_of(const struct socket *s)
{
	size_t i;

	for (i = 0; i + 1 < PROTOCOLS && protocols[i].kind != s->kind; i++)
		;
	return &protocols[i];
}
