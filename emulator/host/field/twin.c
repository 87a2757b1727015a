#include "host/field/twin.h"

#include <stdlib.h>

#include "base/log.h"
#include "conf/must.h"
#include "modem.h"

#define ROOM    4096
#define REST    SEC(120) /* longest time that a boot or an answer is waited for */
#define PATIENT SEC(60)

struct twin {
	struct twin_options o;
	struct modem *modem;
	usec_t now;
	bool heard; /* what it says is passed on */
};

static size_t tx_room(void *ctx, unsigned port)
{
	(void)ctx, (void)port;
	return ROOM;
}

static void tx(void *ctx, unsigned port, const void *buf, size_t len)
{
	struct twin *t = ctx;

	if (port == MODEM_UART1 && t->heard)
		t->o.said(t->o.ctx, t->now, buf, len);
}

/* modem_settle() runs ahead of what this file knows. */
static void notify(void *ctx, const struct notice *n)
{
	struct twin *t = ctx;

	if (n->at > t->now)
		t->now = n->at;
}

static void quiet(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	(void)ctx, (void)cat, (void)level, (void)text;
}

struct twin *twin_new(const struct twin_options *o)
{
	struct twin *t = must(calloc(1, sizeof(*t)));
	const struct ports ports = {
		.ctx = t, .tx_room = tx_room, .tx = tx, .notify = notify
	};
	const struct modem_options options = { .seed = o->seed,
		.ports = 1,
		.speed = 1,
		.clock = o->clock,
		.log = { .line = quiet } };

	t->o = *o;
	t->modem = modem_init(
		must(calloc(1, modem_size(o->profile, 1))), o->profile, &ports, &options);
	if (!t->modem)
		abort(); /* an empty memory loads */
	modem_dtr(t->modem, MODEM_UART1, 0, true);
	modem_rts(t->modem, MODEM_UART1, 0, true);
	modem_power(t->modem, 0, true);
	twin_settle(t);
	t->heard = true;
	return t;
}

void twin_free(struct twin *t)
{
	if (!t)
		return;
	free(t->modem);
	free(t);
}

usec_t twin_now(const struct twin *t)
{
	return t->now;
}

usec_t twin_next(const struct twin *t)
{
	return modem_next(t->modem);
}

void twin_advance(struct twin *t, usec_t now)
{
	usec_t next;

	while ((next = modem_next(t->modem)) <= now) {
		if (next > t->now)
			t->now = next;
		modem_advance(t->modem, t->now);
	}
	if (now > t->now) {
		t->now = now;
		modem_advance(t->modem, now);
	}
}

void twin_type(struct twin *t, const void *buf, size_t len)
{
	usec_t end = t->now + PATIENT, next;
	const char *p = buf;
	size_t n;

	while (len) {
		n = modem_rx_room(t->modem, MODEM_UART1);
		if (!n) {
			next = modem_next(t->modem);
			if (next > end)
				return;
			twin_advance(t, next);
			continue;
		}
		n = n < len ? n : len;
		modem_rx(t->modem, MODEM_UART1, t->now, p, n);
		p += n;
		len -= n;
	}
}

void twin_settle(struct twin *t)
{
	usec_t now = modem_settle(t->modem, REST);

	if (now > t->now)
		t->now = now;
}

void twin_hang_up(struct twin *t)
{
	modem_dtr(t->modem, MODEM_UART1, t->now, false);
	twin_settle(t);
	modem_dtr(t->modem, MODEM_UART1, t->now, true);
	twin_settle(t);
}
