/* WIPsoft (wip.md). */
#include "at/chapter.h"

#include <string.h>

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

void wip_stop(struct modem *m)
{
	struct wip *w = wip_of(m);
	unsigned i;

	if (!w->started)
		return;
	for (i = 0; i < SOCKETS; i++)
		if (socket_listed(socket_of(m, i)))
			wip_forget(m, socket_of(m, i));
	sockets_stop(m);
	wip_ping_stop(m);
	wip_bearer_cancel(m);
	wip_bearer_stop(m);
	wip_hold_over(m);
	memset(w, 0, sizeof(*w));
	modem_notify(m, NOTICE_WIP, "stack stopped", 0);
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
	wip_bearer_follow(m);
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
