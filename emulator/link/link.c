#include "link/link.h"

#include <assert.h>

#include "state/modem_state.h"

void link_init(struct modem *m)
{
	struct link *l = m->link;

	*l = (struct link){ .mode = LINK_COMMAND };
	buf_init(&l->tx, l->tx_mem, sizeof(l->tx_mem));
	buf_init(&l->held, l->held_mem, sizeof(l->held_mem));
}

size_t link_room(const struct modem *m)
{
	return buf_room(&m->link->tx);
}

void link_send(struct modem *m, const void *data, size_t len)
{
	bool fits = buf_put(&m->link->tx, data, len);

	assert(fits);
	(void)fits;
}

void link_flush(struct modem *m)
{
	struct buf *tx = &m->link->tx;
	size_t room, len;

	while (tx->len) {
		room = m->ports.tx_room(m->ports.ctx);
		len = tx->len < room ? tx->len : room;
		if (!len)
			return;
		m->ports.tx(m->ports.ctx, tx->data, len);
		buf_take(tx, len);
	}
}

void link_lines(struct modem *m, unsigned on, unsigned off)
{
	unsigned v24 = (m->link->v24 | on) & ~off;

	if (v24 == m->link->v24)
		return;
	m->link->v24 = v24;
	if (m->ports.lines)
		m->ports.lines(m->ports.ctx, v24);
}
