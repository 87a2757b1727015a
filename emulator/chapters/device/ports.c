/* Ports that AT+WMFM has closed or opened: what that means for the conversation there. */
#include "at/run.h"
#include "chapters/device/device.h"
#include "link/link.h"
#include "state/modem_state.h"
#include "state/port_map.h"

bool port_in_use(const struct channel *ch)
{
	return ch->at->running || ch->link->mode != LINK_COMMAND || ch->link->data.on ||
	       ch->link->ppp.on;
}

struct channel *port_with_data(const struct modem *m, enum port_data data)
{
	return data == PORT_DATA_GPRS ? link_speaks_ppp(m) : link_online(m);
}

/* Nothing is left to talk to. */
static bool is_last(const struct channel *closed)
{
	const struct modem *m = closed->modem;
	const struct channel *ch;

	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		if (ch != closed && !ch->shut)
			return false;
	return true;
}

void ports_settle(struct channel *ch)
{
	struct modem *m = ch->modem;
	bool shut = !port_wanted(ch);

	/* what it has begun to say still goes out */
	if (ch->carrier || shut == ch->shut ||
		(shut && (port_in_use(ch) || ch->link->tx.len)))
		return;
	ch->shut = shut;
	ch->set = m->user.port;
	at_restart(ch);
	link_begin(ch);
	if (!shut || !is_last(ch))
		return;
	if (port_taken(ch))
		log_warn(&m->log, LOG_LINK,
			"the application \"%s\" takes the last open port of this modem; "
			"fauxtrack ctl flash wopen=0 and ctl power off, then on, stop it",
			m->flash.app_name);
	else
		log_warn(&m->log, LOG_LINK,
			"AT+WMFM has closed all ports of this modem; run it with --port "
			"usb, open USB by --set memory.+WMFM.usb=1, and send "
			"AT+WMFM=0,1,1 there");
}
