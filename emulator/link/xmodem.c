/* XMODEM, XMODEM-CRC and XMODEM-1K, the receiving side.
 *
 *   sender                         receiver
 *     |                               | START: a start character each start_period,
 *     |<------------- NAK ------------|   NAK asks for checksums, C for CRC; other bytes
 *     |<------------- NAK ------------|   go to other()
 *     |-- SOH 01 FE 128 bytes sum --->| BLOCK: at most block_gap between two chunks
 *     |<------------- ACK ------------| BETWEEN: at most block_wait, then NAK
 *     |-- STX 02 FD 1024 bytes ...    |
 *     |        (a byte is lost)       | block_gap later: damaged
 *     |<------------- NAK ------------| BETWEEN
 *     |-- STX 02 FD 1024 bytes sum' ->| the sum is wrong. PURGE: input is ignored until
 *     |                               |   block_gap of silence
 *     |<------------- NAK ------------| BETWEEN; after `retries` of them CAN CAN
 *     |-- STX 02 FD 1024 bytes sum -->|
 *     |<------------- ACK ------------|
 *     |    (the ACK is lost; 60 s)    |
 *     |-- STX 02 FD 1024 bytes sum -->| the previous one again: ACK, not stored
 *     |<------------- ACK ------------|
 *     |-- EOT ----------------------->| the user stores what it has
 *     |<------------- ACK ------------| OFF; a repeated EOT gets its ACK again
 *
 * Any other sound block out of order is answered with CAN CAN CAN: the two sides are out
 * of step. A single CAN is noise, two in a row end the transfer. Senders like sx end with
 * ten CANs and ten BSs, so these are ignored after a failure.
 *
 * A sender that never saw a start character may begin anyway (sx after 60 s, with
 * checksums). That works as long as the receiver asks for checksums too: the last start
 * character before a block decides which of the two it has; it is never guessed. */
#include "link/xmodem.h"

#include <assert.h>
#include <string.h>

#include "codec/crc.h"

enum {
	SOH = 0x01,
	STX = 0x02,
	EOT = 0x04,
	ACK = 0x06,
	BS = 0x08,
	NAK = 0x15,
	CAN = 0x18,
};

const struct name xmodem_fault_names[] = {
	{ XMODEM_CANCELLED, "cancelled by the sender" },
	{ XMODEM_SEQUENCE, "block out of order" },
	{ XMODEM_RETRIES, "too many retries" },
	{ XMODEM_GIVEN_UP, "given up" },
	{ 0 },
};

const struct name xmodem_phase_names[] = {
	{ XMODEM_OFF, "off" },
	{ XMODEM_START, "start" },
	{ XMODEM_BETWEEN, "between blocks" },
	{ XMODEM_BLOCK, "in a block" },
	{ XMODEM_PURGE, "purge" },
	{ 0 },
};

static void say(struct xmodem *x, uint8_t c, size_t times)
{
	uint8_t out[3];

	assert(times <= sizeof(out));
	memset(out, c, times);
	x->user.send(x->user.ctx, out, times);
}

static void enter(struct xmodem *x, enum xmodem_phase phase, usec_t limit)
{
	x->phase = phase;
	x->cans = 0;
	x->backs = 0;
	timer_arm(x->sched, &x->timer, limit);
}

void xmodem_stop(struct xmodem *x)
{
	timer_stop(x->sched, &x->timer);
	x->phase = XMODEM_OFF;
	x->ended = false;
	x->tail = true;
}

static void fail(struct xmodem *x, enum xmodem_fault why)
{
	xmodem_stop(x);
	if (why == XMODEM_SEQUENCE)
		say(x, CAN, 3);
	if (why == XMODEM_RETRIES || why == XMODEM_GIVEN_UP)
		say(x, CAN, 2);
	x->user.failed(x->user.ctx, why);
}

static enum xmodem_answer answer(
	const struct xmodem *x, enum xmodem_moment at, uint32_t number)
{
	return x->user.answer ? x->user.answer(x->user.ctx, at, number) : XMODEM_NORMAL;
}

static void ask(struct xmodem *x)
{
	const struct xmodem_conf *c = &x->conf;
	enum xmodem_answer how;

	if (x->asked < c->starts)
		x->crc = c->start[x->asked++] == DWL_START_C;
	how = answer(x, XMODEM_AT_ASK, ++x->asks);
	if (how == XMODEM_GIVE_UP) {
		fail(x, XMODEM_GIVEN_UP);
		return;
	}
	if (how == XMODEM_NORMAL || how == XMODEM_REFUSE)
		say(x, x->crc ? 'C' : NAK, 1);
	enter(x, XMODEM_START, c->start_period);
}

/* The line is idle after a bad block, or was silent for too long. */
static void retry(struct xmodem *x)
{
	if (x->faults++ >= x->conf.retries) {
		fail(x, XMODEM_RETRIES);
		return;
	}
	/* before the first block it also keeps listening for typed commands */
	enter(x, x->blocks ? XMODEM_BETWEEN : XMODEM_START, x->conf.block_wait);
	say(x, NAK, 1);
}

/* A sender that gives up within a block leaves its CANs and BSs as the end of it. */
static bool ends_in_cancel(const struct xmodem *x)
{
	size_t n = x->have, cans = 0;

	while (n > 0 && x->block[n - 1] == BS)
		n--;
	while (n > 0 && x->block[n - 1] == CAN) {
		n--;
		cans++;
	}
	return cans >= 2;
}

static void timeout(void *ctx, usec_t now)
{
	struct xmodem *x = ctx;

	(void)now;
	switch (x->phase) {
	case XMODEM_OFF:
		break;
	case XMODEM_START:
		x->tail = false;
		x->faults = 0;
		ask(x);
		break;
	case XMODEM_BETWEEN:
		/* a block without an answer is not waited for */
		if (x->ack_later || x->eot_later)
			enter(x, XMODEM_BETWEEN, x->conf.block_wait);
		else
			retry(x);
		break;
	case XMODEM_BLOCK:
		if (ends_in_cancel(x))
			fail(x, XMODEM_CANCELLED);
		else
			retry(x);
		break;
	case XMODEM_PURGE:
		if (x->cans >= 2)
			fail(x, XMODEM_CANCELLED);
		else
			retry(x);
		break;
	}
}

void xmodem_init(struct xmodem *x, struct sched *sched, const struct xmodem_user *user)
{
	memset(x, 0, sizeof(*x));
	x->sched = sched;
	x->user = *user;
	x->block = user->memory;
	timer_init(&x->timer, "XMODEM", TIMER_WAIT, timeout, x);
}

void xmodem_reset(struct xmodem *x)
{
	const struct xmodem_user user = x->user;

	timer_stop(x->sched, &x->timer);
	xmodem_init(x, x->sched, &user);
}

struct xmodem_conf xmodem_conf_of(const struct firmware *f)
{
	struct xmodem_conf c = {
		.start = { DWL_START_NAK },
		.starts = 1,
		.start_period = f->dwl.start_period ? f->dwl.start_period : SEC(1),
		.block_gap = f->dwl.block_gap ? f->dwl.block_gap : SEC(1),
		.block_wait = SEC(10),
		.retries = 10,
		.nak_eot = f->xmodem.nak_eot,
	};

	if (f->xmodem.starts) {
		memcpy(c.start, f->xmodem.start, sizeof(c.start));
		c.starts = f->xmodem.starts;
	}
	return c;
}

void xmodem_start(struct xmodem *x, const struct xmodem_conf *conf, usec_t delay)
{
	bool ended = x->ended, tail = x->tail;

	assert(conf->starts >= 1 &&
		conf->starts <= sizeof(conf->start) / sizeof(*conf->start));
	xmodem_stop(x);
	x->conf = *conf;
	x->ended = ended;
	x->tail = tail;
	x->asked = 0;
	x->asks = 0;
	x->crc = conf->start[0] == DWL_START_C;
	x->eot_naked = x->eot_later = x->ack_later = false;
	x->faults = 0;
	x->blocks = 0;
	x->expect = 1;
	enter(x, XMODEM_START, delay);
}

static void purge(struct xmodem *x)
{
	enter(x, XMODEM_PURGE, x->conf.block_gap);
}

static void accept_block(struct xmodem *x, enum xmodem_answer how)
{
	bool first = x->blocks == 0;

	x->blocks++;
	x->expect++;
	x->faults = 0;
	x->eot_naked = x->eot_later = x->ack_later = false;
	x->ended = false;
	x->tail = false;
	enter(x, XMODEM_BETWEEN, x->conf.block_wait);
	if (!x->user.block(x->user.ctx, x->block + 2, x->size, first))
		xmodem_stop(x);
	else if (x->phase == XMODEM_BETWEEN && how == XMODEM_NORMAL)
		say(x, ACK, 1);
	x->ack_later = x->phase == XMODEM_BETWEEN && how == XMODEM_LATER;
}

static bool block_sound(const struct xmodem *x)
{
	const uint8_t *data = x->block + 2, *check = data + x->size;

	if (!x->crc)
		return sum8(0, data, x->size) == check[0];
	return crc16_xmodem(0, data, x->size) == (check[0] << 8 | check[1]);
}

static void block_whole(struct xmodem *x)
{
	uint8_t previous = (uint8_t)(x->expect - 1);
	bool again = x->blocks && x->block[0] == previous;
	enum xmodem_answer how;

	if (!block_sound(x)) {
		purge(x);
	} else if (again && x->ack_later) {
		/* the single answer is for both */
		enter(x, XMODEM_BETWEEN, x->conf.block_wait);
	} else if (x->block[0] == x->expect || again) {
		how = answer(x, XMODEM_AT_BLOCK, x->blocks + !again);
		if (how == XMODEM_REFUSE) {
			purge(x);
		} else if (how == XMODEM_GIVE_UP) {
			fail(x, XMODEM_GIVEN_UP);
		} else if (!again) {
			accept_block(x, how);
		} else {
			enter(x, XMODEM_BETWEEN, x->conf.block_wait);
			x->ack_later = how == XMODEM_LATER;
			if (how == XMODEM_NORMAL)
				say(x, ACK, 1);
		}
	} else {
		fail(x, XMODEM_SEQUENCE);
	}
}

static size_t block_len(const struct xmodem *x)
{
	return 2 + x->size + (x->crc ? 2 : 1);
}

size_t xmodem_data_left(const struct xmodem *x)
{
	return x->phase == XMODEM_BLOCK && x->have >= 2 ? block_len(x) - x->have : 0;
}

/* Takes the available bytes of the block; returns their number. */
static size_t block_bytes(struct xmodem *x, const uint8_t *data, size_t len)
{
	bool number = x->have < 2;
	size_t whole = number ? 2 : block_len(x);
	size_t n = whole - x->have;

	if (n > len)
		n = len;
	memcpy(x->block + x->have, data, n);
	x->have += n;
	if (x->have < whole)
		return n;
	if (!number)
		block_whole(x);
	else if ((x->block[0] ^ x->block[1]) != 0xff)
		purge(x);
	return n;
}

static void whole_file(struct xmodem *x)
{
	xmodem_stop(x);
	if (!x->user.end(x->user.ctx))
		return;
	x->ended = true;
	x->tail = false;
	say(x, ACK, 1);
}

static void end(struct xmodem *x)
{
	enum xmodem_answer how;

	if (x->eot_later) {
		enter(x, XMODEM_BETWEEN, x->conf.block_wait);
		return;
	}
	how = answer(x, XMODEM_AT_EOT, x->blocks);
	if (how == XMODEM_GIVE_UP) {
		fail(x, XMODEM_GIVEN_UP);
	} else if (how == XMODEM_SILENT || how == XMODEM_LATER) {
		x->eot_later = how == XMODEM_LATER;
		enter(x, XMODEM_BETWEEN, x->conf.block_wait);
	} else if (how == XMODEM_REFUSE || (x->conf.nak_eot && !x->eot_naked)) {
		x->eot_naked = true;
		enter(x, XMODEM_BETWEEN, x->conf.block_wait);
		say(x, NAK, 1);
	} else {
		whole_file(x);
	}
}

void xmodem_answer_now(struct xmodem *x)
{
	bool acks = x->ack_later && x->phase != XMODEM_OFF;

	x->ack_later = false;
	if (x->phase == XMODEM_START && !x->blocks)
		say(x, x->crc ? 'C' : NAK, 1);
	else if (x->phase != XMODEM_OFF && x->eot_later)
		whole_file(x);
	else if (acks)
		say(x, ACK, 1);
	/* the time for the next block begins here */
	if (acks && x->phase == XMODEM_BETWEEN)
		enter(x, XMODEM_BETWEEN, x->conf.block_wait);
}

/* A byte outside a block: the mark of one, a signal, or not part of the protocol. */
static void idle_byte(struct xmodem *x, uint8_t c)
{
	bool running = x->phase != XMODEM_OFF;

	if (c != CAN)
		x->cans = 0;
	if (x->tail && (c == CAN || c == BS))
		return;
	x->tail = false;
	if (running && (c == SOH || c == STX)) {
		x->have = 0;
		x->size = c == SOH ? 128 : XMODEM_BLOCK_MAX;
		enter(x, XMODEM_BLOCK, x->conf.block_gap);
	} else if (c == EOT && running && x->blocks) {
		end(x);
	} else if (c == EOT && x->ended) {
		say(x, ACK, 1);
	} else if (running && c == CAN) {
		if (++x->cans == 2)
			fail(x, XMODEM_CANCELLED);
	} else if (x->phase == XMODEM_BETWEEN) {
		purge(x);
	} else if (!running || c != EOT) {
		x->user.other(x->user.ctx, c);
	}
}

static void purge_byte(struct xmodem *x, uint8_t c)
{
	if (c == CAN) {
		x->cans = x->backs ? 1 : x->cans + 1;
		x->backs = 0;
	} else if (c == BS) {
		x->backs++;
	} else {
		x->cans = 0;
		x->backs = 0;
	}
}

void xmodem_rx(struct xmodem *x, const void *data, size_t len)
{
	const uint8_t *p = data, *last = p + len;

	while (p < last) {
		if (x->phase == XMODEM_BLOCK)
			p += block_bytes(x, p, (size_t)(last - p));
		else if (x->phase == XMODEM_PURGE)
			purge_byte(x, *p++);
		else
			idle_byte(x, *p++);
	}
	if (x->phase == XMODEM_BLOCK || x->phase == XMODEM_PURGE)
		timer_arm(x->sched, &x->timer, x->conf.block_gap);
}
