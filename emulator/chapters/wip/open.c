/* What protocols open, and how a port goes online and off. */
#include <string.h>

#include "at/reply.h"
#include "chapters/wip/protocol.h"
#include "chapters/wip/wip.h"
#include "link/link.h"
#include "link/socket_data.h"
#include "state/modem_state.h"

void wip_open(struct channel *ch, struct socket *s, enum socket_kind kind, int index,
	struct socket_order *order)
{
	struct modem *m = ch->modem;

	order->ttl = wip_option(m, WIP_TTL);
	order->tos = wip_option(m, WIP_TOS);
	if (!order->user)
		order->user = order->password = order->account = "";
	socket_take(ch, s, kind, index);
	strcpy(s->host, order->host);
	if (kind != SOCKET_SERVER)
		wip_hold(ch);
	socket_open(m, s, order);
}

int wip_online(struct channel *ch, struct socket *s, enum socket_mode mode)
{
	at_block_end(ch);
	at_connect(ch, NULL);
	socket_data_start(ch, s, mode);
	return AT_SILENT;
}

void wip_thrown_out(struct channel *ch, int error)
{
	struct socket *s = ch->link->socket;

	if (s->mode == SOCKET_ESCAPED)
		link_send(ch, "\x03", 1);
	link_forget(ch);
	socket_data_stop(ch);
	at_final(ch, AT_CME(error));
}

void wip_throw_out_all(struct modem *m, int error)
{
	struct channel *ch;

	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		if (ch->link->mode == LINK_SOCKET)
			wip_thrown_out(ch, error);
}
