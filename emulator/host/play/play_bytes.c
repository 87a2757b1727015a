/* Steps type_bytes and raw_bytes: many octets, of every value (peers_octet()). */
#include <stdlib.h>

#include "host/play/player_int.h"

#define PIECE 1024 /* octets that the host writes at once */
#define PAUSE MS(1)

static void type_piece(struct player *p, const struct step *s, size_t from, size_t len)
{
	char piece[PIECE];
	size_t i;

	for (i = 0; i < len; i++)
		piece[i] = peers_octet(from + i);
	play_type(p, s->at, piece, len);
}

void play_type_bytes(struct player *p, const struct step *s)
{
	size_t all = (size_t)s->bytes_n, done = 0, n;
	usec_t end = p->all->now + s->within;

	while (done < all && !p->all->failed) {
		n = modem_rx_room(p->modem, p->port);
		if (n > PIECE)
			n = PIECE;
		if (n > all - done)
			n = all - done;
		if (n)
			type_piece(p, s, done, n);
		else if (p->all->now >= end)
			play_fail(p, s->at,
				"the modem takes no more after %zu of %zu bytes; raise "
				"within: if it may take longer",
				done, all);
		else
			play_run(p->all, p->all->now + PAUSE, NULL, NULL);
		done += n;
	}
}

struct hope {
	const struct player *p;
	size_t len;
};

static bool came(void *ctx)
{
	const struct hope *h = ctx;

	return h->p->len - h->p->seen >= h->len;
}

void play_raw_bytes(struct player *p, const struct step *s)
{
	struct hope h = { p, (size_t)s->bytes_n };
	size_t n = 0;

	play_run(p->all, p->all->now + s->within, came, &h);
	while (n < h.len && p->seen + n < p->len && p->out[p->seen + n] == peers_octet(n))
		n++;
	if (n < h.len)
		play_fail(p, s->at,
			"of %zu bytes the first %zu came as expected, then \"%s\"", h.len,
			n, play_visible(p->out + p->seen + n, p->len - p->seen - n));
	p->seen += n;
}
