/* AT+WIPCREATE, +WIPCLOSE, +WIPDATA, +WIPFILE, +WIPOPT: what all protocols have in common;
 * each has a row in protocols.c. */
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/wip/protocol.h"
#include "chapters/wip/wip.h"
#include "codec/ip.h"
#include "link/link.h"
#include "link/socket_data.h"
#include "state/application.h"
#include "state/modem_state.h"

enum { /* <action> of +WIPOPT */
	OPT_GET = 1,
	OPT_SET,
};

/* What a line names. */
struct named {
	const struct wip_protocol *protocol;
	struct socket *s;
	int index;
};

/* Finds the socket of <protocol>,<idx>, in use or not. */
static int find(struct modem *m, const struct at_call *c, struct named *out)
{
	int number, index;

	*out = (struct named){ .s = NULL };
	if (c->args < 2 || !wip_number(&c->arg[0], &number) ||
		!wip_number(&c->arg[1], &index))
		return AT_ERROR;
	if (!wip_of(m)->started)
		return AT_CME(WIP_BAD_STATE);
	if (strcmp(c->entry->cmd->name, "+WIPCLOSE") != 0 && wip_sim(m) != AT_OK)
		return wip_sim(m);
	out->protocol = wip_protocol(m, number);
	if (!out->protocol)
		return AT_CME(WIP_BAD_PROTOCOL);
	if (index < 1 || index > socket_most(out->protocol->kind))
		return AT_CME(WIP_BAD_INDEX);
	out->index = index;
	out->s = socket_at(m, out->protocol->kind, index);
	return AT_OK;
}

/* The same for one that the host has created. */
static int find_listed(struct modem *m, const struct at_call *c, struct named *out)
{
	int error = find(m, c, out);

	if (error == AT_OK && !socket_listed(out->s))
		return AT_CME(WIP_SOCKET_STATE);
	return error;
}

/* +WIPCREATE */

/* An index that the range of a server has. */
static bool reserved(struct modem *m, int index)
{
	const struct socket *s;
	int i;

	for (i = 1; i <= SOCKET_SERVERS; i++) {
		s = socket_at(m, SOCKET_SERVER, i);
		if (s->state != SOCKET_FREE && s->state != SOCKET_FAILED &&
			index >= s->from && index <= s->to)
			return true;
	}
	return false;
}

static int sockets_listed(struct modem *m)
{
	int n = 0;
	unsigned i;

	for (i = 0; i < SOCKETS - SOCKET_SESSIONS; i++)
		n += socket_listed(socket_of(m, i));
	return n;
}

static int create(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct named n;
	int error = find(m, c, &n);

	if (error != AT_OK)
		return error;
	if (!wip_bearer_up(m))
		return AT_CME(WIP_BAD_STATE);
	if (n.protocol->kind == SOCKET_TCP && reserved(m, n.index))
		return AT_CME(WIP_RESERVED);
	/* inferred: what could not be opened need not be closed */
	if (n.s->state != SOCKET_FREE && n.s->state != SOCKET_FAILED &&
		n.s->state != SOCKET_CLOSING)
		return AT_CME(WIP_ACTIVE);
	/* option 6; that it counts all three kinds together is inferred, so that its
	 * greatest value, 8, sets no limit */
	if (n.protocol->kind <= SOCKET_SERVER && wip_option(m, WIP_SOCKETS) < 8 &&
		sockets_listed(m) >= wip_option(m, WIP_SOCKETS))
		return AT_CME(WIP_NO_SOCKET);
	return n.protocol->create(ch, c, n.s, n.index);
}

static void tell_socket(struct channel *ch, const struct socket *s)
{
	char mem[IP_ADDR_TEXT];

	if (s->kind == SOCKET_SERVER)
		at_info(ch, "+WIPCREATE: %d,%d,%u,%d,%d", s->kind, s->index, s->local,
			s->from, s->to);
	else
		at_info(ch, "+WIPCREATE: %d,%d,%u,\"%s\",%u", s->kind, s->index, s->local,
			s->bound ? ip_addr_text(s->peer.addr, mem) : "", s->peer.port);
}

/* Calls tell() for all that the host has created. */
static int each(
	struct channel *ch, void (*tell)(struct channel *ch, const struct socket *s))
{
	struct modem *m = ch->modem;
	unsigned i;

	if (!wip_of(m)->started)
		return AT_CME(WIP_BAD_STATE);
	for (i = 0; i < SOCKETS; i++)
		if (socket_listed(socket_of(m, i)))
			tell(ch, socket_of(m, i));
	return AT_OK;
}

static int run_wipcreate(struct channel *ch, struct at_call *c)
{
	return c->form == AT_READ ? each(ch, tell_socket) : create(ch, c);
}

/* +WIPCLOSE */

static void tell_open(struct channel *ch, const struct socket *s)
{
	at_info(ch, "+WIPCLOSE: %d,%d", s->kind, s->index);
}

static int run_wipclose(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct named n;
	int error;

	if (c->form == AT_READ)
		return each(ch, tell_open);
	error = find_listed(m, c, &n);
	if (error != AT_OK)
		return error;
	if (n.s->on)
		wip_thrown_out(n.s->on, WIP_PEER_RESET);
	wip_close(m, n.s);
	return AT_OK;
}

/* +WIPDATA */

static void tell_mapped(struct channel *ch, const struct socket *s)
{
	if (s->on)
		at_info(ch, "+WIPDATA: %d,%d,%d", s->kind, s->index, s->mode);
}

/* Mode 0: the port that has the socket is back at commands, as by +++. */
static int unmap(struct modem *m, struct socket *s)
{
	struct channel *on = s->on;

	if (!on)
		return AT_OK;
	link_forget(on);
	socket_data_stop(on);
	m->sockets.user->escaped(on, s);
	return AT_OK;
}

/* Whether its octets can be had. */
static int data_error(const struct modem *m, const struct socket *s)
{
	if (s->state == SOCKET_DEAD && s->why == SOCKET_UNREACHABLE)
		return wip_bearer_up(m) ? WIP_SOCKET_STATE : WIP_BAD_STATE;
	if (s->state == SOCKET_DEAD ||
		(s->shut_there && s->shut_here && !socket_readable(s)))
		return s->rx_len ? 0 : WIP_PEER_RESET;
	if (s->state != SOCKET_OPEN)
		return WIP_SOCKET_STATE;
	/* one socket cannot be on two ports */
	return s->on ? WIP_ACTIVE : 0;
}

static int run_wipdata(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct named n;
	int error, mode;

	if (c->form == AT_READ)
		return each(ch, tell_mapped);
	if (c->args != 3 || !wip_number(&c->arg[2], &mode))
		return AT_ERROR;
	error = find(m, c, &n);
	if (error != AT_OK)
		return error;
	if (!n.protocol->data)
		return AT_CME(WIP_BAD_PROTOCOL);
	if (mode > SOCKET_TRANSPARENT)
		return AT_CME(WIP_BAD_VALUE);
	if (!socket_listed(n.s))
		return AT_CME(WIP_SOCKET_STATE);
	if (mode == SOCKET_UNMAPPED)
		return unmap(m, n.s);
	error = data_error(m, n.s);
	return error ? AT_CME(error) : n.protocol->data(ch, n.s, mode);
}

/* +WIPFILE */

static int run_wipfile(struct channel *ch, struct at_call *c)
{
	struct named n;
	int error = c->args < 3 ? AT_ERROR : find(ch->modem, c, &n);

	if (error != AT_OK)
		return error;
	if (!n.protocol->file)
		return AT_CME(WIP_BAD_PROTOCOL);
	return socket_listed(n.s) ? n.protocol->file(ch, c, n.s)
				  : AT_CME(WIP_SOCKET_STATE);
}

static int more_wipfile(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct named n;
	int error = find(ch->modem, c, &n);

	if (error != AT_OK || !n.protocol->more)
		return AT_CME(WIP_BAD_STATE);
	return n.protocol->more(ch, c, n.s, why);
}

/* +WIPOPT */

static int get(
	struct channel *ch, const struct named *n, const struct wip_socket_option *o)
{
	char text[SOCKET_TEXT + SOCKET_HOST];
	struct buf b;

	if (!o->get)
		return AT_CME(WIP_NO_OPTION);
	buf_init(&b, text, sizeof(text));
	o->get(ch->modem, n->s, &b);
	at_info(ch, "+WIPOPT: %d,%d,%.*s", n->protocol->kind, o->number, (int)b.len,
		b.data);
	return AT_OK;
}

static int run_wipopt(struct channel *ch, struct at_call *c)
{
	const struct wip_socket_option *o;
	int action, number, error;
	struct named n;

	if (c->args < 4 || !wip_number(&c->arg[2], &action) ||
		!wip_number(&c->arg[3], &number))
		return AT_ERROR;
	if (action != OPT_GET && action != OPT_SET)
		return AT_CME(WIP_BAD_VALUE);
	if (c->args != (action == OPT_GET ? 4 : 5))
		return AT_ERROR;
	error = find_listed(ch->modem, c, &n);
	if (error != AT_OK)
		return error;
	for (o = n.protocol->options; o->get || o->set; o++) {
		if (o->number != number)
			continue;
		if (action == OPT_GET)
			return get(ch, &n, o);
		return o->set ? o->set(ch, n.s, &c->arg[4]) : AT_CME(WIP_NO_OPTION);
	}
	return AT_CME(WIP_BAD_OPTION);
}

#define TEXT(name)                                       \
	{                                                \
		name, AT_TEXT, NULL, 0, .optional = true \
	}

const struct at_cmd at_cmds_wip_sockets[] = {
	{ .name = "+WIPCREATE",
		.see = "wip.md +WIPCREATE",
		.provided = 1 << PROVIDES_WIP,
		.forms = AT_SRT,
		.run = run_wipcreate,
		.test = "",
		.param = { { "protocol", AT_INT, NULL, 0 }, TEXT("index"), TEXT("a"),
			TEXT("b"), TEXT("c"), TEXT("d"), TEXT("e"), TEXT("f"), TEXT("g"),
			TEXT("h"), TEXT("i"), TEXT("j"), TEXT("k"), TEXT("l"), TEXT("m"),
			TEXT("n") } },
	{ .name = "+WIPCLOSE",
		.see = "wip.md +WIPCLOSE",
		.provided = 1 << PROVIDES_WIP,
		.forms = AT_SRT,
		.run = run_wipclose,
		.test = "",
		.param = { { "protocol", AT_INT, NULL, 0 }, TEXT("index") } },
	{ .name = "+WIPDATA",
		.see = "wip.md +WIPDATA",
		.provided = 1 << PROVIDES_WIP,
		.forms = AT_SRT,
		.run = run_wipdata,
		.test = "(1-2),(1-8),(0-2)",
		.param = { { "protocol", AT_INT, NULL, 0 }, TEXT("index"),
			TEXT("mode") } },
	{ .name = "+WIPFILE",
		.see = "wip.md +WIPFILE",
		.provided = 1 << PROVIDES_WIP,
		.forms = AT_SET | AT_TEST,
		.run = run_wipfile,
		.more = more_wipfile,
		.works = at_works_always,
		.test = "",
		.param = { { "protocol", AT_INT, NULL, 0 }, TEXT("index"), TEXT("a"),
			TEXT("b"), TEXT("c"), TEXT("d"), TEXT("e"), TEXT("f"), TEXT("g"),
			TEXT("h"), TEXT("i"), TEXT("j"), TEXT("k"), TEXT("l"), TEXT("m"),
			TEXT("n") } },
	{ .name = "+WIPOPT",
		.see = "wip.md +WIPOPT",
		.provided = 1 << PROVIDES_WIP,
		.forms = AT_SET | AT_TEST,
		.run = run_wipopt,
		.test = "",
		.param = { { "protocol", AT_INT, NULL, 0 }, TEXT("index"), TEXT("action"),
			TEXT("option"), TEXT("value") } },
	{ 0 },
};
