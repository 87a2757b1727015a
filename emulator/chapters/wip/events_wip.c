/* What the host sees of sockets (wip.md +WIPCREATE, +WIPCLOSE, +WIPDATA). */
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/wip/protocol.h"
#include "chapters/wip/wip.h"
#include "codec/ip.h"
#include "link/link.h"
#include "link/socket_data.h"
#include "state/modem_state.h"

static void notify(struct modem *m, const struct socket *s, const char *what)
{
	modem_notify(m, NOTICE_WIP, what, (long)s->kind * 100 + s->index);
}

/* ---- opening ------------------------------------------------------------------------- */

/* AT+WIPFILE waits for what happens to its session. */
static void wake(struct modem *m, const struct socket *s)
{
	if (s->kind >= SOCKET_FTP)
		at_wake_named(m, "+WIPFILE", AT_WHY_NET);
}

static void there(struct modem *m, struct socket *s)
{
	notify(m, s, "open");
	if (s->kind != SOCKET_SERVER)
		at_urc_next(m, "+WIPREADY: %d,%d", s->kind, s->index);
	wip_hold_over(m);
	wake(m, s);
}

/* Which code names which failure is inferred but for 842 and 843. */
static int open_error(const struct socket *s)
{
	switch (s->why) {
	case SOCKET_SHUT:
	case SOCKET_RESET:
	case SOCKET_REFUSED:
		return WIP_PEER_RESET;
	case SOCKET_UNREACHABLE:
	case SOCKET_NO_NAME:
		return WIP_UNREACHABLE;
	case SOCKET_PORT_TAKEN:
		return WIP_CHANNEL;
	case SOCKET_LOGIN_USER:
		return WIP_USER_REJECTED;
	case SOCKET_LOGIN:
		return WIP_PASSWORD_REJECTED;
	case SOCKET_NOT_READY:
		return WIP_SERVER_NOT_READY;
	case SOCKET_NO_PARTS:
		return WIP_NOT_IMPLEMENTED;
	}
	return WIP_UNREACHABLE;
}

static void failed(struct modem *m, struct socket *s)
{
	notify(m, s, name_of(socket_ends, s->why));
	if (s->maker)
		at_result_later(s->maker, AT_CME(open_error(s)));
	wip_hold_over(m);
	wake(m, s);
}

static void accepted(struct modem *m, struct socket *server, struct socket *client)
{
	notify(m, client, "accepted");
	at_urc(m, "+WIPACCEPT: %d,%d", server->index, client->index);
}

/* ---- octets and the end, without a data phase ---------------------------------------- */

static void readable(
	struct modem *m, struct socket *s, const struct socket_peer *from, size_t len)
{
	char mem[IP_ADDR_TEXT];

	if (s->kind == SOCKET_UDP)
		at_urc(m, "+WIPDATA: %d,%d,%zu,\"%s\",%u", s->kind, s->index, len,
			ip_addr_text(from->addr, mem), from->port);
	else if (s->kind == SOCKET_TCP)
		at_urc(m, "+WIPDATA: %d,%d,%zu", s->kind, s->index, len);
}

static void tell_close(struct modem *m, struct socket *s)
{
	bool lost = s->state == SOCKET_DEAD && s->why == SOCKET_UNREACHABLE;
	bool told = s->kind == SOCKET_TCP || s->kind == SOCKET_FTP;

	if (s->shut_there && !s->close_told && !lost && told)
		at_urc(m, "+WIPPEERCLOSE: %d,%d", s->kind, s->index);
	s->close_told |= s->shut_there;
}

static void ended(struct modem *m, struct socket *s)
{
	notify(m, s, name_of(socket_ends, s->why));
	tell_close(m, s);
	wake(m, s);
}

/* ---- the data phase ------------------------------------------------------------------ */

static void read_out(struct channel *ch, struct socket *s)
{
	static const char shutdown[] = "\r\nSHUTDOWN\r\n";
	const struct wip_protocol *p = wip_protocol_of(s);

	if (p->read_out) {
		p->read_out(ch, s);
	} else if (s->state == SOCKET_DEAD) {
		notify(ch->modem, s, name_of(socket_ends, s->why));
		s->close_told = true;
		wip_thrown_out(ch, WIP_PEER_RESET);
	} else if (s->shut_there) {
		notify(ch->modem, s, name_of(socket_ends, s->why));
		if (s->mode == SOCKET_ESCAPED)
			link_send(ch, shutdown, sizeof(shutdown) - 1);
	}
}

/* Own ETX: UDP is back at commands, TCP waits for the peer. */
static void etx(struct channel *ch, struct socket *s)
{
	const struct wip_protocol *p = wip_protocol_of(s);

	if (p->etx) {
		p->etx(ch, s);
	} else if (s->kind == SOCKET_UDP) {
		socket_data_stop(ch);
		at_final(ch, AT_OK);
	}
}

static void escaped(struct channel *ch, struct socket *s)
{
	const struct wip_protocol *p = wip_protocol_of(s);

	if (p->escaped) {
		p->escaped(ch, s);
		return;
	}
	tell_close(ch->modem, s);
	at_final(ch, AT_OK);
}

static void begun(struct modem *m, struct socket *s)
{
	const struct wip_protocol *p = wip_protocol_of(s);

	if (p->begun)
		p->begun(m, s);
}

static void done(struct modem *m, struct socket *s, const struct socket_result *r)
{
	const struct wip_protocol *p = wip_protocol_of(s);

	if (p->done)
		p->done(m, s, r);
}

const struct socket_user wip_socket_user = {
	.there = there,
	.failed = failed,
	.accepted = accepted,
	.readable = readable,
	.ended = ended,
	.read_out = read_out,
	.etx = etx,
	.escaped = escaped,
	.begun = begun,
	.done = done,
};

void wip_forget(struct modem *m, struct socket *s)
{
	const struct wip_protocol *p = wip_protocol_of(s);

	if (p->closed)
		p->closed(m, s);
	notify(m, s, "closed");
}

void wip_close(struct modem *m, struct socket *s)
{
	wip_forget(m, s);
	socket_close(m, s);
}
