#include "rfc2217.h"

#include <assert.h>
#include <string.h>

#define SIGNATURE "Fauxtrack " FAUXTRACK_VERSION
#define ANSWER    100 /* is added to a command in its answer */
#define BAUD_MIN  50
#define BAUD_MAX  4000000

enum command { /* RFC 2217 section 3, as the client numbers them */
	SET_SIGNATURE,
	SET_BAUDRATE,
	SET_DATASIZE,
	SET_PARITY,
	SET_STOPSIZE,
	SET_CONTROL,
	NOTIFY_LINESTATE,
	NOTIFY_MODEMSTATE,
	FLOWCONTROL_SUSPEND,
	FLOWCONTROL_RESUME,
	SET_LINESTATE_MASK,
	SET_MODEMSTATE_MASK,
	PURGE_DATA,
};

enum control { /* values of SET-CONTROL */
	ASK_FLOW_OUT = 0,
	FLOW_OUT_FIRST = 1,
	FLOW_OUT_LAST = 3,
	ASK_BREAK = 4,
	BREAK_ON = 5,
	BREAK_OFF = 6,
	ASK_DTR = 7,
	DTR_ON = 8,
	DTR_OFF = 9,
	ASK_RTS = 10,
	RTS_ON = 11,
	RTS_OFF = 12,
	ASK_FLOW_IN = 13,
	FLOW_IN_FIRST = 14,
	FLOW_IN_LAST = 16,
	FLOW_DCD = 17, /* flow control by DCD, DTR and DSR: the modem has none */
	FLOW_DTR = 18,
	FLOW_DSR = 19,
};

enum { /* NOTIFY-MODEMSTATE */
	STATE_DCD = 128,
	STATE_RI = 64,
	STATE_DSR = 32,
	STATE_CTS = 16,
	CHANGED_DCD = 8,
	RI_ENDED = 4,
	CHANGED_DSR = 2,
	CHANGED_CTS = 1,
};

#define LINE_EMPTY (64 | 32) /* NOTIFY-LINESTATE: shift and holding register are empty */
#define MASK_ALL   255

/* ---- output ----------------------------------------------------------------------- */

static void put(struct rfc2217 *r, const void *buf, size_t len)
{
	assert(r->out_len + len <= sizeof(r->out));
	memcpy(r->out + r->out_len, buf, len);
	r->out_len += len;
}

static void answer(struct rfc2217 *r, enum command c, const void *value, size_t len)
{
	const unsigned char head[] = { TELNET_IAC, TELNET_SB, TELNET_COM_PORT,
		(unsigned char)(c + ANSWER) };
	const unsigned char end[] = { TELNET_IAC, TELNET_SE };
	const unsigned char *p = value;
	size_t i;

	put(r, head, sizeof(head));
	for (i = 0; i < len; i++) {
		if (p[i] == TELNET_IAC)
			put(r, &p[i], 1);
		put(r, &p[i], 1);
	}
	put(r, end, sizeof(end));
}

static void answer_byte(struct rfc2217 *r, enum command c, unsigned value)
{
	const unsigned char byte = (unsigned char)value;

	answer(r, c, &byte, 1);
}

size_t rfc2217_waiting(const struct rfc2217 *r)
{
	return r->out_len - r->out_off;
}

void rfc2217_sent(struct rfc2217 *r, size_t n)
{
	r->out_off += n;
	assert(r->out_off <= r->out_len);
	memmove(r->out, r->out + r->out_off, r->out_len - r->out_off);
	r->out_len -= r->out_off;
	r->out_off = 0;
	if (r->v24 != r->v24_told)
		rfc2217_lines(r, r->v24);
}

size_t rfc2217_write(struct rfc2217 *r, const void *buf, size_t len)
{
	size_t most = sizeof(r->out) - RFC2217_ANSWERS, n, used;

	if (r->out_len >= most)
		return 0;
	used = telnet_write(
		&r->telnet, buf, len, r->out + r->out_len, most - r->out_len, &n);
	r->out_len += n;
	return used;
}

/* ---- states ----------------------------------------------------------------------- */

static unsigned modem_state(const struct rfc2217 *r)
{
	unsigned changed = r->v24 ^ r->v24_told, state = 0;

	state |= r->v24 & V24_DCD ? STATE_DCD : 0;
	state |= r->v24 & V24_RI ? STATE_RI : 0;
	state |= r->v24 & V24_DSR ? STATE_DSR : 0;
	state |= r->v24 & V24_CTS ? STATE_CTS : 0;
	state |= changed & V24_DCD ? CHANGED_DCD : 0;
	state |= changed & V24_RI && !(r->v24 & V24_RI) ? RI_ENDED : 0;
	state |= changed & V24_DSR ? CHANGED_DSR : 0;
	state |= changed & V24_CTS ? CHANGED_CTS : 0;
	return state;
}

/* Section 3: of the state that passes the mask the client is told, unless nothing of it
 * does. `all`: in any case. */
static void tell_modem_state(struct rfc2217 *r, bool all)
{
	unsigned state = modem_state(r) & r->modem_mask;

	if (state || all)
		answer_byte(r, NOTIFY_MODEMSTATE, state);
	r->v24_told = r->v24;
}

static void tell_line_state(struct rfc2217 *r, bool all)
{
	unsigned state = r->drained ? LINE_EMPTY & r->line_mask : 0;

	if (state || all)
		answer_byte(r, NOTIFY_LINESTATE, state);
}

void rfc2217_lines(struct rfc2217 *r, unsigned v24)
{
	r->v24 = v24;
	/* a client that does not read is told later what has changed in all */
	if (r->greeted && rfc2217_may_read(r))
		tell_modem_state(r, false);
}

void rfc2217_drained(struct rfc2217 *r, bool drained)
{
	if (r->drained == drained)
		return;
	r->drained = drained;
	if (r->greeted && rfc2217_may_read(r))
		tell_line_state(r, false);
}

/* The client has agreed to the option: it learns of the modem's outputs. */
static void greet(struct rfc2217 *r)
{
	if (r->greeted || (!telnet_they(&r->telnet, TELNET_COM_PORT) &&
				  !telnet_we(&r->telnet, TELNET_COM_PORT)))
		return;
	r->greeted = true;
	r->v24_told = r->v24;
	tell_modem_state(r, true);
}

/* ---- settings --------------------------------------------------------------------- */

static void set_baud(struct rfc2217 *r, const unsigned char *p)
{
	unsigned baud = (unsigned)p[0] << 24 | (unsigned)p[1] << 16 |
			(unsigned)p[2] << 8 | p[3];
	unsigned char now[4];

	if (baud >= BAUD_MIN && baud <= BAUD_MAX) {
		r->baud = r->known.baud = baud;
		r->ev->uart(r->ev->ctx, &r->known);
	}
	now[0] = (unsigned char)(r->baud >> 24);
	now[1] = (unsigned char)(r->baud >> 16);
	now[2] = (unsigned char)(r->baud >> 8);
	now[3] = (unsigned char)r->baud;
	answer(r, SET_BAUDRATE, now, sizeof(now));
}

/* The format is known once the client has set any of it: the rest is the default. */
static void tell_format(struct rfc2217 *r)
{
	static const enum uart_parity parities[] = { UART_NONE, UART_NONE, UART_ODD,
		UART_EVEN, UART_MARK, UART_SPACE };

	r->known.data_bits = r->size;
	r->known.parity = parities[r->parity];
	/* one and a half (3) go with five bits; the modem has one or two */
	r->known.stop_bits = r->stop == 1 ? 1 : 2;
	r->ev->uart(r->ev->ctx, &r->known);
}

/* A setting of the format: a value in range is set; any other, such as the 0 that asks,
 * leaves it. */
static void set_format(struct rfc2217 *r, enum command c, unsigned char *now,
	unsigned char value, unsigned char least, unsigned char most)
{
	if (value >= least && value <= most) {
		*now = value;
		tell_format(r);
	}
	answer_byte(r, c, *now);
}

static void set_flow_out(struct rfc2217 *r, unsigned char flow)
{
	r->flow_out = r->flow_in = flow;
	r->known.flow = UART_FLOW_UNKNOWN;
	if (flow == RFC2217_FLOW_NONE)
		r->known.flow = UART_FLOW_NONE;
	if (flow == RFC2217_FLOW_HARDWARE)
		r->known.flow = UART_FLOW_RTS_CTS;
	r->ev->uart(r->ev->ctx, &r->known);
}

static void set_break(struct rfc2217 *r, bool on)
{
	if (on && !r->brk)
		r->ev->brk(r->ev->ctx);
	r->brk = on;
}

static void set_dtr(struct rfc2217 *r, bool on)
{
	r->dtr = on;
	r->ev->dtr(r->ev->ctx, on);
}

static void set_rts(struct rfc2217 *r, bool on)
{
	r->rts = on;
	r->ev->rts(r->ev->ctx, on);
}

/* The answer is what holds now; the client sees by it what the server does not have. */
static void set_control(struct rfc2217 *r, unsigned char value)
{
	unsigned now = r->flow_out;

	if (value >= FLOW_OUT_FIRST && value <= FLOW_OUT_LAST) {
		set_flow_out(r, value);
		now = value;
	} else if (value >= FLOW_IN_FIRST && value <= FLOW_IN_LAST) {
		r->flow_in = (unsigned char)(value - FLOW_IN_FIRST + FLOW_OUT_FIRST);
		now = value;
	} else if (value == ASK_FLOW_IN || value == FLOW_DTR) {
		now = r->flow_in + FLOW_IN_FIRST - FLOW_OUT_FIRST;
	} else if (value >= ASK_BREAK && value <= BREAK_OFF) {
		if (value != ASK_BREAK)
			set_break(r, value == BREAK_ON);
		now = r->brk ? BREAK_ON : BREAK_OFF;
	} else if (value >= ASK_DTR && value <= DTR_OFF) {
		if (value != ASK_DTR)
			set_dtr(r, value == DTR_ON);
		now = r->dtr ? DTR_ON : DTR_OFF;
	} else if (value >= ASK_RTS && value <= RTS_OFF) {
		if (value != ASK_RTS)
			set_rts(r, value == RTS_ON);
		now = r->rts ? RTS_ON : RTS_OFF;
	} else if (value > FLOW_DSR) {
		return; /* not in the RFC */
	}
	answer_byte(r, SET_CONTROL, now);
}

static void purge(struct rfc2217 *r, unsigned char what)
{
	if (what < 1 || what > 3)
		return;
	r->ev->purge(r->ev->ctx, what & 1, what & 2);
	answer_byte(r, PURGE_DATA, what);
}

/* ---- input ------------------------------------------------------------------------ */

/* The commands that have a value, by its first byte. */
static void byte_command(struct rfc2217 *r, unsigned char command, unsigned char value)
{
	switch (command) {
	case SET_DATASIZE:
		set_format(r, SET_DATASIZE, &r->size, value, 5, 8);
		break;
	case SET_PARITY:
		set_format(r, SET_PARITY, &r->parity, value, 1, 5);
		break;
	case SET_STOPSIZE:
		set_format(r, SET_STOPSIZE, &r->stop, value, 1, 3);
		break;
	case SET_CONTROL:
		set_control(r, value);
		break;
	case SET_LINESTATE_MASK:
		r->line_mask = value;
		answer_byte(r, SET_LINESTATE_MASK, value);
		tell_line_state(r, false);
		break;
	case SET_MODEMSTATE_MASK:
		r->modem_mask = value;
		answer_byte(r, SET_MODEMSTATE_MASK, value);
		tell_modem_state(r, false);
		break;
	case PURGE_DATA:
		purge(r, value);
		break;
	default:
		break; /* not in the RFC */
	}
}

/* data: after the byte of the option. A command that is too short, or that the RFC does
 * not have, is without effect and answer. */
static void com_port(struct rfc2217 *r, const unsigned char *p, size_t len)
{
	if (!len || !r->greeted)
		return;
	switch (p[0]) {
	case SET_SIGNATURE: /* empty: it asks; else the client says its own */
		if (len == 1)
			answer(r, SET_SIGNATURE, SIGNATURE, sizeof(SIGNATURE) - 1);
		break;
	case SET_BAUDRATE:
		if (len >= 5)
			set_baud(r, p + 1);
		break;
	case NOTIFY_LINESTATE: /* by the RFC only servers send these two; clients ask so */
		tell_line_state(r, true);
		break;
	case NOTIFY_MODEMSTATE:
		tell_modem_state(r, true);
		break;
	case FLOWCONTROL_SUSPEND:
	case FLOWCONTROL_RESUME:
		r->ev->suspend(r->ev->ctx, p[0] == FLOWCONTROL_SUSPEND);
		break;
	default:
		if (len >= 2)
			byte_command(r, p[0], p[1]);
		break;
	}
}

static void telnet_command(struct rfc2217 *r, unsigned char command)
{
	static const char here[] = "\r\n[yes]\r\n";

	if (command == TELNET_BREAK)
		r->ev->brk(r->ev->ctx);
	else if (command == TELNET_AYT)
		put(r, here, sizeof(here) - 1);
}

static void item(struct rfc2217 *r, const struct telnet_item *i)
{
	unsigned char out[TELNET_ANSWER];

	switch (i->kind) {
	case TELNET_GOT_NOTHING:
		break;
	case TELNET_GOT_DATA:
		r->ev->data(r->ev->ctx, i->data, i->len);
		break;
	case TELNET_GOT_COMMAND:
		telnet_command(r, i->command);
		break;
	case TELNET_GOT_OPTION:
		put(r, out, telnet_agree(&r->telnet, i, out));
		greet(r);
		break;
	case TELNET_GOT_SUB:
		if (i->option == TELNET_COM_PORT)
			com_port(r, i->data + 1, i->len - 1);
		break;
	}
}

bool rfc2217_may_read(const struct rfc2217 *r)
{
	return r->out_len + RFC2217_ANSWERS <= sizeof(r->out);
}

void rfc2217_read(struct rfc2217 *r, const void *buf, size_t len)
{
	const unsigned char *p = buf;
	struct telnet_item i;
	size_t n;

	assert(len <= RFC2217_READ_MAX && rfc2217_may_read(r));
	for (; len; p += n, len -= n) {
		n = telnet_read(&r->telnet, p, len, &i);
		item(r, &i);
	}
}

void rfc2217_init(struct rfc2217 *r, const struct rfc2217_events *ev, unsigned v24)
{
	static const struct {
		enum telnet_command verb;
		enum telnet_option option;
	} asked[] = {
		{ TELNET_WILL, TELNET_ECHO },
		{ TELNET_WILL, TELNET_NO_GO_AHEAD },
		{ TELNET_DO, TELNET_NO_GO_AHEAD },
		{ TELNET_WILL, TELNET_BINARY },
		{ TELNET_DO, TELNET_BINARY },
		{ TELNET_DO, TELNET_COM_PORT },
	};
	unsigned char out[TELNET_ANSWER];
	size_t i;

	memset(r, 0, sizeof(*r));
	r->ev = ev;
	r->baud = 115200;
	r->size = 8;
	r->parity = r->stop = 1;
	r->flow_out = r->flow_in = RFC2217_FLOW_NONE;
	r->dtr = r->rts = r->drained = true;
	r->modem_mask = MASK_ALL;
	r->v24 = r->v24_told = v24;
	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		put(r, out, telnet_ask(&r->telnet, asked[i].verb, asked[i].option, out));
}
