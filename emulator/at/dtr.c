/* DTR of a port, and of a DLC (V.24 108/2; line.md &D). */
#include "at/chapter.h"
#include "at/run.h"
#include "link/link.h"
#include "state/modem_state.h"

/* Drops what was typed but not completed. */
static void hang_up(struct channel *ch)
{
	ch->at->rx = AT_RX_HUNT;
	ch->at->skip_lf = false;
	if (ch->at->prompt) {
		ch->at->prompt = false;
		at_wake(ch, AT_WHY_ABORT);
	}
}

static void circuit(struct channel *ch, bool on)
{
	if (!on && ch->link->mode == LINK_COMMAND)
		hang_up(ch);
	chapters_dtr(ch, on);
}

void at_dtr(struct channel *ch, bool on)
{
	struct modem *m = ch->modem;

	link_dtr(ch, on);
	channel_notify(ch, NOTICE_DTR, on ? "on" : "off", 0);
	ch->link->cmee = ch->link->cmee && on;
	m->taps->place(m, on ? FAULT_AT_OPEN : FAULT_AT_CLOSE,
		&(struct fault_subject){ .on = ch });
	/* mux.md Multiplexer rules */
	if (ch->link->mode != LINK_MUX)
		circuit(ch, on);
}

void at_dlc_dtr(struct channel *ch, bool on)
{
	ch->link->dtr = on;
	circuit(ch, on);
}
