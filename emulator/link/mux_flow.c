/* The output of DLCs becomes frames of their port, as far as the host and the port allow. */
#include "link/mux_int.h"
#include "state/modem_state.h"

/* As far as the host allows. */
static bool may_send(const struct channel *ch)
{
	const struct link *l = ch->link;
	const struct mux *x = ch->modem->mux;
	const struct dlc *d = &x->dlc[ch->dlci];

	return d->state == DLC_OPEN && !d->stopped && !x->stopped &&
	       !(l->rts_seen && !l->rts && ch->set.flow_by_dte);
}

static bool room_in_carrier(const struct mux *x, size_t len)
{
	return link_room(x->carrier) >= len + MUX_OVERHEAD + MUX_ROOM;
}

/* Sends the next frame of a DLC, of whose output *sent octets are sent. False: none. */
static bool send_piece(struct mux *x, const struct dlc *d, size_t *sent)
{
	const struct buf *tx;
	size_t len;

	if (d->state != DLC_OPEN || !may_send(d->ch) || *sent == d->ch->link->tx.len)
		return false;
	if (!room_in_carrier(x, d->n1))
		link_flush(x->carrier);
	if (!room_in_carrier(x, d->n1))
		return false;
	tx = &d->ch->link->tx;
	len = tx->len - *sent < d->n1 ? tx->len - *sent : d->n1;
	mux_send(x, &(struct mux_frame){ .type = MUX_UIH,
			    .dlci = (uint8_t)d->ch->dlci,
			    .info = (const uint8_t *)tx->data + *sent,
			    .len = len });
	*sent += len;
	return true;
}

static void was_sent(struct channel *ch, size_t len)
{
	struct link *l = ch->link;

	l->said += len;
	l->own += len;
	l->sent_at = ch->modem->sched.now;
	buf_take(&l->tx, len);
}

/* Frame by frame in turn, so that much output of one does not stop the others. */
static void flush(struct channel *ch)
{
	struct mux *x = ch->modem->mux;
	size_t sent[1 + MUX_DLCS] = { 0 };
	unsigned i, nothing = 0;

	if (x->sleep.state != MUX_AWAKE) {
		if (may_send(ch) && ch->link->tx.len != x->dlc[ch->dlci].unheard)
			mux_call_host(x);
		return;
	}
	while (nothing < MUX_DLCS) {
		x->turn = x->turn % MUX_DLCS + 1;
		nothing++;
		if (send_piece(x, &x->dlc[x->turn], &sent[x->turn]))
			nothing = 0;
	}
	for (i = 1; i <= MUX_DLCS; i++)
		if (sent[i])
			was_sent(x->dlc[i].ch, sent[i]);
	link_flush(x->carrier);
}

static void lines(struct channel *ch)
{
	struct mux *x = ch->modem->mux;

	mux_tell_lines(x, &x->dlc[ch->dlci]);
	link_flush(x->carrier);
}

const struct link_carrier mux_carrier = { .flush = flush, .lines = lines };
