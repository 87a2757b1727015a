/* What a UART does and a pty does not. Its driver is the model: Linux' serial_core.c for
 * requests and their errors, and USB adapters for RI, of which both edges count. */
#include "modem_lines.h"

#include <errno.h>
#include <linux/serial.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "conf/must.h"

#define FORMAT        (CSIZE | PARENB | CREAD) /* of c_cflag: a pty does not keep these */
#define USUAL         (CS8 | CREAD)
#define BREAK_USUAL   250 /* ms, of tcsendbreak() */
#define BREAK_UNIT    100 /* ms, of TCSBRKP */
#define OUTPUTS       ((unsigned)(TIOCM_DTR | TIOCM_RTS))
#define SERIAL_FLAGS  (ASYNC_USR_MASK | ASYNC_LOW_LATENCY)
#define SERIAL_16550A 4
#define SERIAL_FIFO   16
#define SERIAL_BASE   115200

struct modem_lines {
	bool dtr_off; /* by the client */
	bool formatted;
	tcflag_t format; /* of FORMAT, if formatted */
	unsigned v24;
	struct serial_icounter_struct counts;
	struct serial_struct serial;
	struct line_wait *waits;
};

struct modem_lines *lines_new(void)
{
	struct modem_lines *l = calloc(1, sizeof(*l));

	must(l);
	l->serial = (struct serial_struct){
		.type = SERIAL_16550A,
		.xmit_fifo_size = SERIAL_FIFO,
		.baud_base = SERIAL_BASE,
		.close_delay = 50,
		.closing_wait = 3000,
	};
	return l;
}

void lines_free(struct modem_lines *l)
{
	free(l);
}

/* ---- what waits -------------------------------------------------------------------- */

static void unlink_wait(struct line_wait *w)
{
	struct line_wait **at = &w->pty->lines->waits;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	if (w->timer)
		event_free(w->timer);
	w->timer = NULL;
}

static void finish(struct line_wait *w, int result)
{
	unlink_wait(w);
	w->answer(w, result);
}

void lines_cancel(struct line_wait *w)
{
	unlink_wait(w);
}

void lines_drop(struct pty *p, const void *owner, void (*forget)(struct line_wait *w))
{
	struct line_wait *w, *next;

	for (w = p->lines ? p->lines->waits : NULL; w; w = next) {
		next = w->next;
		if (w->owner != owner)
			continue;
		unlink_wait(w);
		forget(w);
	}
}

/* A program that is interrupted by signals leaves waits that nobody needs. */
static void prune(struct pty *p)
{
	struct line_wait *w, *next;

	for (w = p->lines->waits; w; w = next) {
		next = w->next;
		if (w->gone && w->gone(w))
			finish(w, -EINTR);
	}
}

static int later(struct pty *p, struct line_wait *w, int state)
{
	prune(p);
	w->pty = p;
	w->state = state;
	w->timer = NULL;
	w->next = p->lines->waits;
	p->lines->waits = w;
	return LINES_LATER;
}

static void read_counts(const struct modem_lines *l, unsigned counts[4])
{
	counts[0] = (unsigned)l->counts.rng;
	counts[1] = (unsigned)l->counts.dsr;
	counts[2] = (unsigned)l->counts.dcd;
	counts[3] = (unsigned)l->counts.cts;
}

static bool has_changed(const struct line_wait *w, const unsigned now[4])
{
	static const unsigned masks[4] = { TIOCM_RNG, TIOCM_DSR, TIOCM_CD, TIOCM_CTS };
	unsigned i;

	for (i = 0; i < 4; i++)
		if (w->mask & masks[i] && w->since[i] != now[i])
			return true;
	return false;
}

void lines_changed(struct pty *p, unsigned v24)
{
	struct modem_lines *l = p->lines;
	struct line_wait *w, *next;
	unsigned turned, now[4];

	if (!l)
		return;
	turned = l->v24 ^ v24;
	l->v24 = v24;
	l->counts.rng += (turned & V24_RI) != 0;
	l->counts.dsr += (turned & V24_DSR) != 0;
	l->counts.dcd += (turned & V24_DCD) != 0;
	l->counts.cts += (turned & V24_CTS) != 0;
	read_counts(l, now);
	for (w = l->waits; w; w = next) {
		next = w->next;
		if (w->state == LINE_WAIT_CHANGE && has_changed(w, now))
			finish(w, 0);
	}
}

/* ---- break ------------------------------------------------------------------------- */

static void send_break(struct pty *p)
{
	port_tell_break(&p->port);
	port_resume(&p->port);
}

static void on_break_end(evutil_socket_t fd, short what, void *wait)
{
	(void)fd;
	(void)what;
	finish(wait, 0);
}

static unsigned break_ms(const struct line_call *c)
{
	if (c->request == TCSBRKP && c->value)
		return c->value < 600 ? c->value * BREAK_UNIT : 600 * BREAK_UNIT;
	return BREAK_USUAL;
}

static void begin_break(struct line_wait *w)
{
	const unsigned ms = break_ms(&w->then);
	const struct timeval time = { (time_t)(ms / 1000),
		(suseconds_t)(ms % 1000) * 1000 };
	struct pty *p = w->pty;

	w->state = LINE_WAIT_BREAK;
	w->timer = evtimer_new(p->hub->base, on_break_end, w);
	if (!w->timer || event_add(w->timer, &time))
		finish(w, -ENOMEM);
	send_break(p);
}

/* ---- the settings ------------------------------------------------------------------ */

static void seen(struct pty *p)
{
	pty_line_seen(p, false);
	port_resume(&p->port);
}

static void keep_format(struct pty *p, tcflag_t cflag)
{
	struct modem_lines *l = p->lines;

	l->formatted = (cflag & FORMAT) != USUAL;
	l->format = cflag & FORMAT;
	seen(p);
}

static tcflag_t format(const struct modem_lines *l)
{
	return l->formatted ? l->format : USUAL;
}

bool lines_have_format(const struct pty *p)
{
	return p->lines && p->lines->formatted;
}

void lines_format(const struct pty *p, tcflag_t cflag, struct uart *u)
{
	static const unsigned char bits[] = { 5, 6, 7, 8 };
	tcflag_t f;

	if (!p->lines)
		return;
	f = format(p->lines);
	u->data_bits = bits[(f & CSIZE) / CS6];
	u->stop_bits = cflag & CSTOPB ? 2 : 1;
	if (!(f & PARENB))
		u->parity = UART_NONE;
	else if (cflag & CMSPAR)
		u->parity = cflag & PARODD ? UART_MARK : UART_SPACE;
	else
		u->parity = cflag & PARODD ? UART_ODD : UART_EVEN;
}

/* c_cflag is the third member of both structs. */
static unsigned char *cflag_in(struct line_call *c)
{
	_Static_assert(
		offsetof(struct termios, c_cflag) == offsetof(struct termios2, c_cflag),
		"c_cflag");
	return c->data + offsetof(struct termios, c_cflag);
}

static tcflag_t get_cflag(struct line_call *c)
{
	tcflag_t cflag;

	memcpy(&cflag, cflag_in(c), sizeof(cflag));
	return cflag;
}

static int run_get_settings(struct pty *p, struct line_call *c)
{
	tcflag_t cflag;

	if (ioctl(p->s.master, c->request, c->data))
		return -errno;
	cflag = (get_cflag(c) & ~(tcflag_t)FORMAT) | format(p->lines);
	memcpy(cflag_in(c), &cflag, sizeof(cflag));
	return 0;
}

/* Bytes that were written before belong to the old settings. */
static int set_settings(struct pty *p, struct line_call *c)
{
	bool old = c->request == TCSETS || c->request == TCSETSW || c->request == TCSETSF;

	if (c->request == TCSETSF || c->request == TCSETSF2)
		ioctl(p->s.keep, TCFLSH, TCIFLUSH);
	if (ioctl(p->s.master, old ? TCSETS : TCSETS2, c->data))
		return -errno;
	keep_format(p, get_cflag(c));
	return 0;
}

static int run_set_now(struct pty *p, struct line_call *c)
{
	pty_pump(p);
	return pty_attached(p) ? set_settings(p, c) : -EIO;
}

/* ---- what waits for the modem to take all bytes ------------------------------------ */

static bool is_break(const struct line_call *c)
{
	return c->request == TCSBRKP || (c->request == TCSBRK && !c->value);
}

static void drained(struct line_wait *w)
{
	if (is_break(&w->then))
		begin_break(w);
	else
		finish(w, w->then.request == TCSBRK ? 0 : set_settings(w->pty, &w->then));
}

static int run_drained(struct pty *p, struct line_call *c, struct line_wait *w)
{
	bool empty = pty_pump(p);

	if (!pty_attached(p))
		return -EIO;
	if (empty && !is_break(c))
		return c->request == TCSBRK ? 0 : set_settings(p, c);
	w->then = *c;
	later(p, w, LINE_WAIT_DRAIN);
	p->hub->drains = true;
	if (empty)
		begin_break(w);
	return LINES_LATER;
}

static struct line_wait *draining(const struct pty *p)
{
	struct line_wait *w;

	for (w = p->lines ? p->lines->waits : NULL; w; w = w->next)
		if (w->state == LINE_WAIT_DRAIN)
			return w;
	return NULL;
}

static void settle(struct pty *p)
{
	struct line_wait *w;

	if (!draining(p) || !pty_pump(p))
		return;
	while (pty_attached(p) && (w = draining(p)))
		drained(w);
}

void lines_settle_all(struct pty_hub *h)
{
	struct pty *p;

	h->drains = false;
	for (p = h->ports; p; p = p->next) {
		settle(p);
		h->drains |= draining(p) != NULL;
	}
}

/* ---- the lines --------------------------------------------------------------------- */

bool lines_dtr(const struct pty *p)
{
	return !p->lines || !p->lines->dtr_off;
}

void lines_opened(struct pty *p)
{
	if (!p->lines)
		return;
	p->lines->dtr_off = p->lines->formatted = false;
	port_tell_rts(&p->port, true);
}

void lines_closed(struct pty *p)
{
	if (p->lines)
		p->lines->dtr_off = false;
}

void lines_sent(struct pty *p, size_t len)
{
	if (p->lines)
		p->lines->counts.tx += (int)len;
}

void lines_lost(struct pty *p)
{
	lines_closed(p);
	while (p->lines && p->lines->waits)
		finish(p->lines->waits, -EIO);
}

static void set_outputs(struct pty *p, unsigned on)
{
	p->lines->dtr_off = !(on & TIOCM_DTR);
	port_tell_rts(&p->port, on & TIOCM_RTS);
	pty_tell_dtr(p);
	port_resume(&p->port);
}

static unsigned outputs(const struct pty *p)
{
	return (p->port.dtr ? TIOCM_DTR : 0u) | (p->port.rts ? TIOCM_RTS : 0u);
}

static unsigned all_lines(const struct pty *p)
{
	const unsigned v24 = p->port.v24;

	return outputs(p) | (v24 & V24_DCD ? TIOCM_CD : 0u) |
	       (v24 & V24_DSR ? TIOCM_DSR : 0u) | (v24 & V24_RI ? TIOCM_RNG : 0u) |
	       (v24 & V24_CTS ? TIOCM_CTS : 0u);
}

static int run_change(struct pty *p, const struct line_call *c)
{
	unsigned bits;

	memcpy(&bits, c->data, sizeof(bits));
	if (c->request == TIOCMSET)
		set_outputs(p, bits);
	else if (c->request == TIOCMBIS)
		set_outputs(p, outputs(p) | bits);
	else
		set_outputs(p, outputs(p) & ~bits);
	return 0;
}

static int run_wait(struct pty *p, const struct line_call *c, struct line_wait *w)
{
	w->mask = c->value;
	read_counts(p->lines, w->since);
	return later(p, w, LINE_WAIT_CHANGE);
}

static int run_counts(struct pty *p, struct line_call *c)
{
	p->lines->counts.rx = (int)p->port.tx_bytes;
	memcpy(c->data, &p->lines->counts, sizeof(p->lines->counts));
	return 0;
}

static int run_set_serial(struct pty *p, const struct line_call *c)
{
	struct serial_struct *own = &p->lines->serial, s;

	memcpy(&s, c->data, sizeof(s));
	own->flags = s.flags & (int)SERIAL_FLAGS;
	own->custom_divisor = s.custom_divisor;
	own->close_delay = s.close_delay;
	own->closing_wait = s.closing_wait;
	return 0;
}

int lines_call(struct pty *p, struct line_call *c, struct line_wait *w)
{
	unsigned bits;

	hub_look(p->hub); /* what this client has done before, such as the open */
	pty_vouch(p);
	if (!pty_attached(p) || !p->lines)
		return -EIO;
	switch (c->request) {
	case TIOCMGET:
		bits = all_lines(p);
		memcpy(c->data, &bits, sizeof(bits));
		return 0;
	case TIOCMSET:
	case TIOCMBIS:
	case TIOCMBIC:
		return run_change(p, c);
	case TIOCMIWAIT:
		return run_wait(p, c, w);
	case TIOCGICOUNT:
		return run_counts(p, c);
	case TIOCGSERIAL:
		memcpy(c->data, &p->lines->serial, sizeof(p->lines->serial));
		return 0;
	case TIOCSSERIAL:
		return run_set_serial(p, c);
	case TIOCSBRK:
		send_break(p);
		return 0;
	case TIOCCBRK:
		return 0;
	case TCSBRK:
	case TCSBRKP:
	case TCSETSW:
	case TCSETSF:
	case TCSETSW2:
	case TCSETSF2:
		return run_drained(p, c, w);
	case TCSETS:
	case TCSETS2:
		return run_set_now(p, c);
	case TCGETS:
	case TCGETS2:
		return run_get_settings(p, c);
	case LINE_CALL_GET_FORMAT:
		c->value = format(p->lines);
		return 0;
	case LINE_CALL_SET_FORMAT:
		keep_format(p, c->value);
		return 0;
	default:
		return -ENOTTY;
	}
}
