/* WIPsoft (wip.md). */
#include "at/chapter.h"

#include "at/reply.h"
#include "at/run.h"
#include "chapters/wip/wip.h"
#include "link/link.h"
#include "link/socket_data.h"
#include "state/modem_state.h"

extern const struct at_cmd at_cmds_wipcfg[], at_cmds_wipbr[], at_cmds_wip_sockets[],
	at_cmds_wipping[];

static const struct at_cmd *const rows[] = { at_cmds_wipcfg, at_cmds_wipbr,
	at_cmds_wip_sockets, at_cmds_wipping, NULL };

static void init(struct modem *m, int64_t epoch)
{
	(void)epoch;
	m->sockets.user = &wip_socket_user;
}

/* The channel goes: its socket stays. */
static void close(struct channel *ch)
{
	sockets_forget(ch);
}

/* wip.md +WIPDATA: a drop of DTR by &D leaves the data phase; that OK is sent then is
 * inferred. */
static void dtr(struct channel *ch, bool on)
{
	struct socket *s = ch->link->socket;

	if (on || ch->link->mode != LINK_SOCKET || !ch->set.dtr)
		return;
	socket_data_last(ch);
	ch->modem->sockets.user->escaped(ch, s);
}

static void gprs(struct modem *m)
{
	at_wake_named(m, "+WIPBR", AT_WHY_NET);
	if (!wip_bearer_lost(m))
		return;
	wip_ping_stop(m);
	at_urc(m, "+WIPBR: %d,0", WIP_GPRS);
}

const struct chapter chapter_wip = {
	.name = "wip",
	.rows = rows,
	.init = init,
	.close = close,
	.stop = wip_stop,
	.dtr = dtr,
	.gprs = gprs,
};
