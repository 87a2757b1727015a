/* Output to the client: a bounded queue, one write for all the answers to one read, and
 * no second try before the kernel reports that there is room. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/must.h"
#include "pty_int.h"

#define ROUNDS 8 /* full queues that one client gets before the other clients' turn */

void port_tx_drop(struct port *p)
{
	free(p->tx);
	p->tx = NULL;
	p->tx_len = p->tx_off = 0;
	if (p->tx_waits)
		event_del(p->writable);
	p->tx_waits = false;
}

static size_t room_of(const struct port *p)
{
	return PORT_TX_MAX - (p->tx_len - p->tx_off);
}

size_t port_tx_room(struct port *p)
{
	if (!port_is_open(p))
		return PORT_TX_MAX;
	if (room_of(p) < PORT_TX_LOW)
		p->tx_asked = true;
	return room_of(p);
}

/* The queue exists only while it holds something, so an idle modem does not need 16 KiB.
 */
void port_tx(struct port *p, const void *buf, size_t len)
{
	if (!port_is_open(p) || !len)
		return;
	assert(len <= room_of(p));
	if (!p->tx && !(p->tx = malloc(PORT_TX_MAX)))
		out_of_memory();
	if (p->tx_len + len > PORT_TX_MAX) {
		memmove(p->tx, p->tx + p->tx_off, p->tx_len - p->tx_off);
		p->tx_len -= p->tx_off;
		p->tx_off = 0;
	}
	memcpy(p->tx + p->tx_len, buf, len);
	p->tx_len += len;
}

/* Writes what the kernel takes now. */
static void tx_write(struct port *p)
{
	ssize_t n;

	while (p->tx_off < p->tx_len) {
		n = write(p->s.master, p->tx + p->tx_off, p->tx_len - p->tx_off);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN) {
			log_debug(p->hub->log, LOG_PTY, "%s: write: %s", p->s.path,
				strerror(errno));
			break;
		}
		if (n <= 0) {
			if (!p->tx_waits)
				event_add(p->writable, NULL);
			p->tx_waits = true;
			return;
		}
		p->tx_off += (size_t)n;
	}
	port_tx_drop(p);
}

/* Offers again what the owner has not taken; true if it took some now. */
static bool offer_held(struct port *p)
{
	size_t taken;

	p->busy = true;
	taken = p->ev.rx(p->ev.ctx, p->held + p->held_off, p->held_len - p->held_off);
	p->busy = false;
	p->held_off += taken;
	if (p->held_off < p->held_len)
		return taken > 0;
	free(p->held);
	p->held = NULL;
	event_add(p->readable, NULL);
	if (p->leaving)
		port_last_left(p);
	return true;
}

void port_resume(struct port *p)
{
	bool progress = !p->busy;
	int round;

	for (round = 0; progress && round < ROUNDS; round++) {
		progress = p->held && offer_held(p);
		if (p->tx && !p->tx_waits)
			tx_write(p);
		if (p->tx_asked && room_of(p) >= PORT_TX_LOW) {
			p->tx_asked = false;
			p->busy = true;
			if (p->ev.tx_ready)
				p->ev.tx_ready(p->ev.ctx);
			p->busy = false;
			progress = true;
		}
	}
	if (progress && port_attached(p))
		event_active(p->writable, EV_WRITE, 1);
}

void port_on_writable(evutil_socket_t fd, short what, void *port)
{
	struct port *p = port;

	(void)fd;
	(void)what;
	if (p->tx)
		tx_write(p);
	port_resume(p);
}
