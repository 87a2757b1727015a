/* Control messages, on DLC 0 (27.010 clause 5.4.6): type, length, value. The host's commands
 * are answered; of the modem's own only MSC waits for an answer, and is repeated. */
#include "link/mux_int.h"
#include "state/modem_state.h"

#define EA      0x01
#define COMMAND 0x02 /* C/R in a type octet */

enum { /* type octets without C/R */
	TYPE_NSC = 0x11,
	TYPE_TEST = 0x21,
	TYPE_PSC = 0x41,
	TYPE_FCOFF = 0x61,
	TYPE_PN = 0x81,
	TYPE_FCON = 0xa1,
	TYPE_CLD = 0xc1,
	TYPE_MSC = 0xe1,
};

enum { /* signals of MSC; mux.md Control messages */
	SIGNAL_FC = 0x02,
	SIGNAL_RTC = 0x04, /* DTR from the host, DSR from the modem */
	SIGNAL_RTR = 0x08, /* RTS, CTS */
	SIGNAL_IC = 0x40,  /* RI */
	SIGNAL_DV = 0x80,  /* DCD */
};

enum { /* octets of PN */
	PN_DLCI,
	PN_FRAMES, /* kind of frames and convergence layer */
	PN_N1 = 4,
	PN_LENGTH = 8,
};
#define PN_LAYER_3 0x20 /* layers 1 and 3 are offered */

struct message {
	uint8_t type; /* as sent */
	const uint8_t *value;
	size_t len;
};

static void respond(struct mux *x, const struct message *q)
{
	mux_say(x, q->type & (uint8_t)~COMMAND, q->value, q->len);
}

/* The signals of a DLC */

/* That RTC is on whatever &S says is inferred: mux.md has 0D for an open DLC. A DLC that
 * cannot take more says so by FC. */
static uint8_t signals_of(const struct dlc *d)
{
	unsigned v24 = d->ch->link->v24, s = EA | SIGNAL_RTC | SIGNAL_RTR;

	if (!(v24 & V24_CTS))
		s |= SIGNAL_FC;
	if (v24 & V24_RI)
		s |= SIGNAL_IC;
	if (v24 & V24_DCD)
		s |= SIGNAL_DV;
	return (uint8_t)s;
}

static void say_lines(struct mux *x, struct dlc *d)
{
	const uint8_t value[] = { (uint8_t)(d->ch->dlci << 2 | COMMAND | EA), d->said };

	mux_say(x, TYPE_MSC | COMMAND, value, sizeof(value));
	timer_arm(&x->modem->sched, &d->t2, x->p.t2 * MUX_TICK);
}

void mux_tell_lines(struct mux *x, struct dlc *d)
{
	uint8_t now;

	if (d->state != DLC_OPEN)
		return;
	now = signals_of(d);
	if (now == d->said)
		return;
	if (x->sleep.state != MUX_AWAKE) {
		mux_call_host(x);
	} else if (link_room(x->carrier) >= MUX_ROOM) {
		d->said = now;
		d->tries = 0;
		say_lines(x, d);
	} else {
		timer_arm(&x->modem->sched, &d->t2, x->p.t2 * MUX_TICK);
	}
}

void mux_repeat_lines(void *ctx, usec_t now)
{
	struct dlc *d = ctx;
	struct mux *x = d->ch->modem->mux;

	(void)now;
	if (d->state != DLC_OPEN || x->sleep.state != MUX_AWAKE)
		return;
	if (signals_of(d) != d->said)
		mux_tell_lines(x, d);
	else if (d->tries++ < x->p.n2 && link_room(x->carrier) >= MUX_ROOM)
		say_lines(x, d);
}

/* commands */

static void take_msc(struct mux *x, const struct message *q)
{
	struct dlc *d = q->len < 2 ? NULL : mux_dlc(x, q->value[0] >> 2);
	uint8_t s;

	if (!d || !d->ch)
		return;
	respond(x, q);
	/* n_gsm also speaks of a DLC that it has just closed */
	if (d->state != DLC_OPEN)
		return;
	s = q->value[1];
	d->stopped = s & SIGNAL_FC;
	link_rts(d->ch, s & SIGNAL_RTR);
	if (s & SIGNAL_RTC)
		mux_awake(x);
	if (d->ch->link->dtr == (bool)(s & SIGNAL_RTC))
		return;
	x->modem->mux_user->dtr(d->ch, s & SIGNAL_RTC);
	mux_may_sleep(x);
}

static void take_pn(struct mux *x, const struct message *q)
{
	uint8_t v[PN_LENGTH];
	struct dlc *d;
	size_t n1, i;

	if (q->len != sizeof(v))
		return;
	for (i = 0; i < sizeof(v); i++)
		v[i] = q->value[i];
	d = mux_dlc(x, v[PN_DLCI]);
	if (!d) {
		mux_send(x, &(struct mux_frame){ .type = MUX_DM,
				    .dlci = v[PN_DLCI] & 0x3f,
				    .cr = true,
				    .pf = true });
		return;
	}
	n1 = v[PN_N1] | (size_t)v[PN_N1 + 1] << 8;
	if (n1 > MUX_INFO_MAX)
		n1 = MUX_INFO_MAX;
	if (!n1)
		n1 = d->n1;
	d->n1 = n1;
	v[PN_N1] = (uint8_t)n1;
	v[PN_N1 + 1] = 0;
	/* frames are UIH; another layer than 1 and 3 becomes 1 (inferred) */
	v[PN_FRAMES] = v[PN_FRAMES] == PN_LAYER_3 ? PN_LAYER_3 : 0;
	respond(x, &(struct message){ q->type, v, sizeof(v) });
}

static void take_psc(struct mux *x, const struct message *q)
{
	respond(x, q);
	x->may_sleep = true;
	mux_may_sleep(x);
}

static void take_cld(struct mux *x, const struct message *q)
{
	respond(x, q);
	mux_finish(x, MUX_CLOSED);
}

static void take_fcon(struct mux *x, const struct message *q)
{
	respond(x, q);
	x->stopped = false;
}

static void take_fcoff(struct mux *x, const struct message *q)
{
	respond(x, q);
	x->stopped = true;
}

/* responses */

/* The host has seen these signals. */
static void msc_answered(struct mux *x, const struct message *q)
{
	struct dlc *d = q->len < 2 ? NULL : mux_dlc(x, q->value[0] >> 2);

	if (d && d->ch && q->value[1] == d->said)
		timer_stop(&x->modem->sched, &d->t2);
}

static const struct {
	uint8_t type;
	void (*command)(struct mux *x, const struct message *q);
	void (*response)(struct mux *x, const struct message *q); /* NULL: not needed */
} messages[] = {
	{ TYPE_PN, take_pn, NULL },
	{ TYPE_PSC, take_psc, NULL },
	{ TYPE_CLD, take_cld, NULL },
	{ TYPE_TEST, respond, NULL },
	{ TYPE_FCON, take_fcon, NULL },
	{ TYPE_FCOFF, take_fcoff, NULL },
	{ TYPE_MSC, take_msc, msc_answered },
	{ TYPE_NSC, NULL, NULL },
};

static void take(struct mux *x, const struct message *q)
{
	size_t i;

	for (i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		if (messages[i].type != (q->type & (uint8_t)~COMMAND))
			continue;
		if (q->type & COMMAND && messages[i].command)
			messages[i].command(x, q);
		else if (!(q->type & COMMAND) && messages[i].response)
			messages[i].response(x, q);
		return;
	}
	if (q->type & COMMAND)
		mux_say(x, TYPE_NSC, &q->type, 1);
}

/* Reads a field of octets with EA in the last. False: it does not end, or is too long. */
static bool take_length(const uint8_t **p, const uint8_t *end, size_t *len)
{
	int shift;

	*len = 0;
	for (shift = 0; *p < end && shift <= 14; shift += 7) {
		*len |= (size_t)(**p >> 1) << shift;
		if (*(*p)++ & EA)
			return true;
	}
	return false;
}

/* A frame holds one message; what follows it is ignored, as is a message that is cut off
 * or has a type of several octets. */
void mux_control(struct mux *x, const struct mux_frame *f)
{
	const uint8_t *p = f->info, *end = f->info + f->len;
	struct message q;

	if (p == end || !(*p & EA))
		return;
	q.type = *p++;
	if (!take_length(&p, end, &q.len) || q.len > (size_t)(end - p))
		return;
	q.value = p;
	take(x, &q);
}
