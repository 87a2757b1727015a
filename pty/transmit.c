/* Output to the client: a bounded queue, one write for all the answers to one read, and
 * no second try before the kernel reports that there is room. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/must.h"
#include "port_int.h"

#define ROUNDS 8 /* full queues that one client gets before the other clients' turn */

/* Memory for a queue that was used last and is kept for the next, or NULL: most queues are
 * written at once, so one after the other uses it. */
static char *spare;

static void free_queue(char *mem)
{
	if (!spare)
		spare = mem;
	else
		free(mem);
}

static void stop_waiting(struct port *p)
{
	if (p->tx_waits)
		event_del(p->writable);
	p->tx_waits = false;
}

void port_tx_drop(struct port *p)
{
	free_queue(p->tx);
	p->tx = NULL;
	p->tx_len = p->tx_off = 0;
	stop_waiting(p);
}

void port_stop(struct port *p, bool stop)
{
	p->stopped = stop;
	if (stop)
		stop_waiting(p);
}

static size_t queue_room(const struct port *p)
{
	return PORT_TX_MAX - (p->tx_len - p->tx_off);
}

static struct port *carrier(struct port *p)
{
	return p->ops->carrier ? p->ops->carrier(p) : p;
}

size_t port_tx_room(struct port *p)
{
	p = carrier(p);
	if (!p || !port_clients(p))
		return PORT_TX_MAX;
	if (queue_room(p) < PORT_TX_LOW)
		p->tx_asked = true;
	return queue_room(p);
}

static char *new_queue(void)
{
	char *mem = spare;

	spare = NULL;
	return mem ? mem : must(malloc(PORT_TX_MAX));
}

/* The queue exists only while it holds something, so an idle modem does not need 16 KiB.
 */
static void queue(struct port *p, const void *buf, size_t len)
{
	assert(len <= queue_room(p));
	if (!p->tx)
		p->tx = new_queue();
	if (p->tx_len + len > PORT_TX_MAX) {
		memmove(p->tx, p->tx + p->tx_off, p->tx_len - p->tx_off);
		p->tx_len -= p->tx_off;
		p->tx_off = 0;
	}
	memcpy(p->tx + p->tx_len, buf, len);
	p->tx_len += len;
}

void port_tx(struct port *p, const void *buf, size_t len)
{
	p = carrier(p);
	if (p && port_clients(p) && len)
		queue(p, buf, len);
}

static ssize_t put(struct port *p, size_t len)
{
	const char *buf = p->tx ? p->tx + p->tx_off : NULL;

	return p->ops->write ? p->ops->write(p, buf, len) : write(p->fd, buf, len);
}

static bool has_output(const struct port *p)
{
	return (p->tx || p->own) && !p->stopped;
}

static void wait_for_room(struct port *p)
{
	if (!p->tx_waits)
		event_add(p->writable, NULL);
	p->tx_waits = true;
}

/* Goes on after the loop has looked at all other ports, whether there is room or not. An
 * event that is made active would come before that: libevent empties a priority's queue
 * first. */
static void wait_for_turn(struct port *p)
{
	static const struct timeval now;

	event_add(p->writable, &now);
	p->tx_waits = true;
}

/* Writes what the kernel takes now. */
static void tx_write(struct port *p)
{
	size_t len;
	ssize_t n;

	while ((len = p->tx_len - p->tx_off) || p->own) {
		n = put(p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN) {
			log_debug(p->log, LOG_PTY, "%s: write: %s", port_path(p),
				strerror(errno));
			break;
		}
		if (n < 0 || (!n && len)) {
			wait_for_room(p);
			return;
		}
		p->tx_off += (size_t)n;
		p->tx_bytes += (unsigned)n;
	}
	port_tx_drop(p);
}

/* Offers again what the owner has not taken, at most `most` bytes; returns how many it took
 * now. */
static size_t offer_held(struct port *p, size_t most)
{
	size_t taken;

	taken = port_offer(p, p->held + p->held_off,
		p->held_len - p->held_off < most ? p->held_len - p->held_off : most);
	p->held_off += taken;
	if (p->held_off < p->held_len)
		return taken;
	port_held_drop(p);
	event_add(p->readable, NULL);
	if (p->ops->taken)
		p->ops->taken(p);
	return taken;
}

void port_resume(struct port *p)
{
	size_t taken, spent = 0;
	bool progress;
	int round;

	p = carrier(p);
	if (!p)
		return;
	progress = !p->busy;
	for (round = 0; progress && round < ROUNDS && spent < PORT_TURN; round++) {
		taken = p->held ? offer_held(p, PORT_TURN - spent) : 0;
		spent += taken;
		progress = taken > 0;
		if (has_output(p) && !p->tx_waits)
			tx_write(p);
		if (p->tx_asked && queue_room(p) >= PORT_TX_LOW) {
			p->tx_asked = false;
			p->busy = true;
			if (p->ev.tx_ready)
				p->ev.tx_ready(p->ev.ctx);
			p->busy = false;
			progress = true;
		}
	}
	if (progress && p->fd >= 0)
		wait_for_turn(p);
}

void port_wake(struct port *p)
{
	p = carrier(p);
	if (p && p->writable && (p->held || (has_output(p) && !p->tx_waits)))
		event_active(p->writable, EV_WRITE, 1);
}

static void on_writable(evutil_socket_t fd, short what, void *port)
{
	struct port *p = port;

	(void)fd;
	if (what & EV_TIMEOUT || !has_output(p))
		stop_waiting(p);
	if (has_output(p))
		tx_write(p);
	port_resume(p);
}

int port_watch(struct port *p, struct event_base *base, int fd,
	void (*on_readable)(evutil_socket_t fd, short what, void *port))
{
	p->fd = fd;
	p->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, p);
	p->writable = event_new(base, fd, EV_WRITE | EV_PERSIST, on_writable, p);
	if (!p->readable || !p->writable || event_priority_set(p->readable, 1) ||
		event_priority_set(p->writable, 1) || event_add(p->readable, NULL))
		return -ENOMEM;
	return 0;
}

void port_unwatch(struct port *p)
{
	if (p->readable)
		event_free(p->readable);
	port_tx_drop(p);
	if (p->writable)
		event_free(p->writable);
	p->readable = p->writable = NULL;
	port_held_drop(p);
	p->tx_asked = p->own = p->stopped = false;
	p->fd = -1;
}
