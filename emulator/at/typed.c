/* What the host types, and when: a byte is part of a line, of a text, or has to wait. */
#include <string.h>

#include "at/line.h"
#include "at/run.h"
#include "link/link.h"
#include "state/modem_state.h"

bool at_takes(const struct channel *ch)
{
	/* room for the echo, and for the answer that the byte may trigger */
	if (link_room(ch) < AT_URC_MAX)
		return false;
	/* Ctrl-Z is taken when there is room for its answer */
	if (ch->at->prompt)
		return link_room(ch) >= AT_ROOM;
	return !ch->at->running || (at_works(ch) && link_room(ch) >= AT_ROOM);
}

static void take_typed(struct channel *ch)
{
	struct at_state *at = ch->at;

	/* the echo goes in a frame of its own (mux.md Opening bytes) */
	if (ch->carrier)
		link_flush(ch);
	if (at->running) {
		at_aside(ch);
		return;
	}
	memcpy(at->line, at->typed, at->typed_len);
	at->len = at->typed_len;
	at->overlong = at->typed_long;
	at_run_line(ch);
}

/* Bytes that arrive at one moment: the host has not read the output that the first of
 * them trigger before it sent the rest. */
static void look_whether_early(struct channel *ch, unsigned char byte)
{
	struct at_state *at = ch->at;

	if (at->skip_lf && byte == ch->set.s4)
		return;
	if (at->prompt && at->prompted)
		at_blame_line(ch, CLIENT_TEXT_EARLY);
	else if (!at->prompt && at->answered && at->rx == AT_RX_HUNT &&
		 (byte | 0x20) == 'a')
		at_blame_line(ch, CLIENT_EARLY);
	else
		return;
	at->prompted = at->answered = false;
}

void at_rx(struct channel *ch, unsigned char byte)
{
	struct modem *m = ch->modem;

	ch->at->line_done = false;
	if (m->faults.looks_at[FAULT_AT_BYTE])
		m->taps->byte(ch, byte);
	if (ch->at->fresh)
		look_whether_early(ch, byte);
	if (ch->at->prompt)
		at_prompt_rx(ch, byte);
	else if (at_line_rx(ch, byte))
		take_typed(ch);
}

size_t at_typed(struct channel *ch, const unsigned char *p, size_t len)
{
	const struct at_cmd *cmd;
	size_t n;

	if (at_takes(ch)) {
		n = at_line_run(ch, p, len);
		if (n)
			return n;
		at_rx(ch, *p);
		return 1;
	}
	cmd = at_running(ch);
	return cmd && cmd->typed ? cmd->typed(ch, p, len) : 0;
}
