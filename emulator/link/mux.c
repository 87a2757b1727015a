/* The multiplexer's life, its DLCs and their frames (27.010 clauses 5.3 to 5.5):
 *
 *        AT+CMUX        SABM of DLC 0            CLD, DISC; 5 min without another DLC
 *   OFF ---------> WAITS ------------> OPEN -------------------------------------> OFF
 *                   |  30 s: CME 544    |  AT+CFUN=1            UA
 *                   v                   v             ready         DM: CME 543
 *                  OFF              SUSPENDED ---> CALLS ---> OPEN; OFF
 *
 * After a restart the modem opens DLC 0 and those DLCs that were open. That it goes on to
 * wait for the host when N2 attempts are not answered is inferred. */
#include "link/mux.h"

#include <assert.h>

#include "link/mux_int.h"
#include "state/modem_state.h"

#define DLC0_WAIT   SEC(30)
#define UNUSED_WAIT SEC(300)

const struct fsm_state mux_states[] = {
	[MUX_OFF] = { "off", FSM_TO(MUX_WAITS) },
	[MUX_WAITS] = { "waits",
		FSM_TO(MUX_OPEN) | FSM_TO(MUX_SUSPENDED) | FSM_TO(MUX_OFF) },
	[MUX_OPEN] = { "open", FSM_TO(MUX_SUSPENDED) | FSM_TO(MUX_OFF) },
	[MUX_SUSPENDED] = { "suspended", FSM_TO(MUX_CALLS) | FSM_TO(MUX_OFF) },
	[MUX_CALLS] = { "calls", FSM_TO(MUX_WAITS) | FSM_TO(MUX_OPEN) |
					 FSM_TO(MUX_SUSPENDED) | FSM_TO(MUX_OFF) },
	{ NULL, 0 },
};

bool mux_runs(const struct modem *m)
{
	return m->mux->fsm.state != MUX_OFF;
}

bool mux_runs_on(const struct channel *ch)
{
	const struct mux *x = ch->modem->mux;

	return x->fsm.state != MUX_OFF && x->carrier->port == ch->port;
}

unsigned mux_rate(const struct modem *m)
{
	/* mux.md +CMUX: port_speed */
	static const unsigned rates[] = { 0, 9600, 19200, 38400, 57600, 115200, 230400,
		460800, 921600 };
	const struct mux *x = m->mux;
	unsigned rate = rates[x->p.speed];

	return rate ? rate : (unsigned)x->carrier->set.speed;
}

struct channel *mux_speaker(struct channel *port)
{
	struct channel *ch;

	if (!port || port->link->mode != LINK_MUX)
		return port;
	for (ch = channel_next(port->modem, port); ch; ch = channel_next(ch->modem, ch))
		if (ch->carrier == port)
			break;
	return ch;
}

void mux_blame(struct mux *x, unsigned fault)
{
	static const struct name said[] = {
		{ MUX_BAD_FCS, "a frame has a wrong check sequence, and is skipped",
			NULL },
		{ MUX_TOO_LONG,
			"a frame has more octets than N1 allows, and is skipped; set "
			"the host's N1 (frame size) to that of AT+CMUX",
			NULL },
		{ MUX_BROKEN, "bytes that are no frame are skipped", NULL },
		{ MUX_BLAME_CLOSED,
			"data for a DLC that is not open are lost; open it by SABM",
			NULL },
		{ MUX_BLAME_SLEEP,
			"data for a modem that sleeps are lost; send an MSC with DTR "
			"first",
			NULL },
		{ 0, NULL, NULL },
	};
	const struct name *n;

	for (n = said; n->name; n++)
		if (fault & ~x->blamed & (unsigned)n->value)
			channel_blame(x->carrier, LOG_LINK, CLIENT_MUX, "%s", n->name);
	x->blamed |= fault;
}

/* Commands of the modem have C/R 0, its responses 1. */
static void respond(struct mux *x, const struct mux_frame *f, enum mux_type type)
{
	mux_send(x, &(struct mux_frame){ .type = (uint8_t)type,
			    .dlci = f->dlci,
			    .cr = true,
			    .pf = f->pf || type == MUX_DM });
}

/* DLCs */

static bool any_dlc(const struct mux *x)
{
	int i;

	for (i = 1; i <= MUX_DLCS; i++)
		if (x->dlc[i].state != DLC_CLOSED)
			return true;
	return false;
}

/* The time until an unused multiplexer ends. */
static void watch(struct mux *x)
{
	struct sched *s = &x->modem->sched;

	if (any_dlc(x))
		timer_stop(s, &x->idle);
	else
		timer_arm(s, &x->idle, UNUSED_WAIT);
}

static void make(struct mux *x, struct dlc *d)
{
	struct channel *ch = d->ch;
	unsigned i = ch->dlci - 1;

	x->link[i] = (struct link){ .memory = &x->memory[i] };
	*ch = (struct channel){ .modem = x->modem,
		.port = ch->port,
		.dlci = ch->dlci,
		.carrier = ch->carrier,
		.next = ch->next,
		.link = &x->link[i],
		.set = ch->carrier->set };
	x->modem->mux_user->make(ch);
	d->stopped = false;
	d->said = 0;
	d->unheard = 0;
}

static void close_dlc(struct mux *x, struct dlc *d)
{
	if (d->state == DLC_CLOSED)
		return;
	d->state = DLC_CLOSED;
	timer_stop(&x->modem->sched, &d->t2);
	x->modem->mux_user->close(d->ch);
	d->ch->absent = true;
	d->n1 = (size_t)x->p.n1;
}

static void open_dlc(struct mux *x, struct dlc *d)
{
	const size_t n1 = d->n1;
	bool again;

	if (d->state == DLC_OPEN)
		close_dlc(x, d); /* the host begins anew */
	if (d->state == DLC_CLOSED)
		make(x, d);
	d->n1 = n1;
	again = d->state == DLC_OPENS;
	d->state = DLC_OPEN;
	watch(x);
	/* those of a new channel are told when they are set */
	if (again)
		mux_tell_lines(x, d);
}

/* The DLCs that the modem opens, after a restart. */
static void call_dlcs(struct mux *x, bool first)
{
	bool any = false;
	unsigned i;

	x->tries = first ? 0 : x->tries + 1;
	for (i = 1; i <= MUX_DLCS; i++) {
		if (x->dlc[i].state != DLC_OPENS)
			continue;
		if (x->tries > x->p.n2) {
			close_dlc(x, &x->dlc[i]);
			continue;
		}
		any = true;
		mux_send(x, &(struct mux_frame){
				    .type = MUX_SABM, .dlci = (uint8_t)i, .pf = true });
	}
	if (any)
		timer_arm(&x->modem->sched, &x->repeat, x->p.t1 * MUX_TICK);
	else
		watch(x);
}

static void open_control(struct mux *x)
{
	struct sched *s = &x->modem->sched;

	if (x->fsm.state == MUX_CALLS)
		timer_stop(s, &x->repeat);
	fsm_go(&x->fsm, &x->modem->log, MUX_OPEN);
	x->dlc[0].state = DLC_OPEN;
	call_dlcs(x, true);
}

static void call_control(struct mux *x)
{
	mux_send(x, &(struct mux_frame){ .type = MUX_SABM, .pf = true });
	timer_arm(&x->modem->sched, &x->repeat, x->p.t1 * MUX_TICK);
}

static void repeat(void *ctx, usec_t now)
{
	struct mux *x = ctx;

	(void)now;
	if (link_room(x->carrier) < MUX_ROOM)
		timer_arm(&x->modem->sched, &x->repeat, x->p.t1 * MUX_TICK);
	else if (x->fsm.state == MUX_OPEN)
		call_dlcs(x, false);
	else if (++x->tries > x->p.n2)
		fsm_go(&x->fsm, &x->modem->log, MUX_WAITS);
	else
		call_control(x);
}

/* life */

static void idle(void *ctx, usec_t now)
{
	struct mux *x = ctx;

	(void)now;
	/* the host is told by CLD (inferred) */
	if (x->fsm.state == MUX_OPEN && link_room(x->carrier) >= MUX_ROOM)
		mux_say(x, 0xc3, NULL, 0);
	mux_finish(x, x->fsm.state == MUX_OPEN ? MUX_UNUSED : MUX_TIMED_OUT);
}

static struct channel *last_port(const struct modem *m)
{
	return &m->channel[m->channels - 1];
}

static void init(struct mux *x, struct channel *carrier)
{
	unsigned i;

	x->modem = carrier->modem;
	x->carrier = carrier;
	x->sleep = (struct fsm){ "mux sleep", mux_sleeps, LOG_LINK, MUX_AWAKE };
	x->stopped = x->may_sleep = x->again = false;
	x->blamed = 0;
	timer_init(&x->idle, "unused multiplexer", TIMER_WAIT, idle, x);
	timer_init(&x->repeat, "SABM", TIMER_WAIT, repeat, x);
	timer_init(&x->wake, "flags of the multiplexer", TIMER_WAIT, mux_next_flag, x);
	mux_decoder_init(&x->rx, MUX_INFO_MAX);
	for (i = 0; i <= MUX_DLCS; i++) {
		x->dlc[i] = (struct dlc){ .n1 = (size_t)x->p.n1 };
		timer_init(
			&x->dlc[i].t2, "MSC", TIMER_WAIT, mux_repeat_lines, &x->dlc[i]);
		if (!i)
			continue;
		x->dlc[i].ch = &x->channel[i - 1];
		x->channel[i - 1] = (struct channel){ .modem = x->modem,
			.port = carrier->port,
			.dlci = i,
			.carrier = carrier,
			.next = i < MUX_DLCS ? &x->channel[i] : NULL,
			.absent = true };
	}
}

void mux_start(struct channel *ch, const struct mux_params *p)
{
	struct modem *m = ch->modem;
	struct mux *x = m->mux;

	assert(!mux_runs(m));
	x->p = *p;
	x->fsm = (struct fsm){ "mux", mux_states, LOG_LINK, MUX_OFF };
	init(x, ch);
	last_port(m)->next = &x->channel[0];
	ch->link->mode = LINK_MUX;
	fsm_go(&x->fsm, &m->log, MUX_WAITS);
	timer_arm(&m->sched, &x->idle, DLC0_WAIT);
}

static void stop_timers(struct mux *x)
{
	struct sched *s = &x->modem->sched;

	timer_stop(s, &x->idle);
	timer_stop(s, &x->repeat);
	timer_stop(s, &x->wake);
}

static void end(struct mux *x)
{
	int i;

	for (i = 1; i <= MUX_DLCS; i++)
		close_dlc(x, &x->dlc[i]);
	x->dlc[0].state = DLC_CLOSED;
	stop_timers(x);
	last_port(x->modem)->next = NULL;
	x->carrier->link->mode = LINK_COMMAND;
	fsm_go(&x->fsm, &x->modem->log, MUX_OFF);
}

void mux_finish(struct mux *x, enum mux_end why)
{
	end(x);
	x->modem->mux_user->ended(x->carrier, why);
}

/* restart of the firmware */

void mux_keep(struct modem *m)
{
	if (mux_runs(m))
		m->mux->again = true;
}

void mux_stop(struct modem *m)
{
	struct mux *x = m->mux;
	int i;

	if (!mux_runs(m))
		return;
	if (!x->again || m->power == POWER_OFF) {
		end(x);
		return;
	}
	for (i = 1; i <= MUX_DLCS; i++) {
		x->dlc[i].reopen = x->dlc[i].state != DLC_CLOSED;
		close_dlc(x, &x->dlc[i]);
	}
	stop_timers(x);
	x->carrier->link->mode = LINK_COMMAND;
	x->dlc[0].state = DLC_CLOSED;
	fsm_go(&x->fsm, &m->log, MUX_SUSPENDED);
}

void mux_restart(struct modem *m)
{
	struct mux *x = m->mux;
	bool open[1 + MUX_DLCS];
	int i;

	if (x->fsm.state != MUX_SUSPENDED)
		return;
	if (!m->fw) {
		end(x);
		return;
	}
	for (i = 1; i <= MUX_DLCS; i++)
		open[i] = x->dlc[i].reopen;
	init(x, x->carrier);
	x->carrier->link->mode = LINK_MUX;
	for (i = 1; i <= MUX_DLCS; i++) {
		if (!open[i])
			continue;
		make(x, &x->dlc[i]);
		x->dlc[i].state = DLC_OPENS;
	}
}

void mux_ready(struct modem *m)
{
	struct mux *x = m->mux;

	if (x->fsm.state != MUX_SUSPENDED)
		return;
	fsm_go(&x->fsm, &m->log, MUX_CALLS);
	timer_arm(&m->sched, &x->idle, DLC0_WAIT);
	x->tries = 0;
	call_control(x);
}

/* frames from the host */

static void take_sabm(struct mux *x, const struct mux_frame *f)
{
	struct dlc *d = mux_dlc(x, f->dlci);

	if (!d || (f->dlci && x->fsm.state != MUX_OPEN)) {
		respond(x, f, MUX_DM);
		return;
	}
	respond(x, f, MUX_UA);
	if (f->dlci)
		open_dlc(x, d);
	else
		open_control(x);
}

static void take_disc(struct mux *x, const struct mux_frame *f)
{
	struct dlc *d = mux_dlc(x, f->dlci);

	if (!d || d->state != DLC_OPEN) {
		respond(x, f, MUX_DM);
		return;
	}
	respond(x, f, MUX_UA);
	if (!f->dlci) {
		mux_finish(x, MUX_CLOSED);
		return;
	}
	close_dlc(x, d);
	watch(x);
}

/* The host has accepted a DLC that the modem opens. */
static void take_ua(struct mux *x, const struct mux_frame *f)
{
	struct dlc *d = mux_dlc(x, f->dlci);

	if (!f->dlci && x->fsm.state == MUX_CALLS) {
		open_control(x);
	} else if (d && f->dlci && d->state == DLC_OPENS) {
		open_dlc(x, d);
	}
}

/* It has refused one, or has no such DLC any more. */
static void take_dm(struct mux *x, const struct mux_frame *f)
{
	struct dlc *d = mux_dlc(x, f->dlci);

	if (!f->dlci && x->fsm.state == MUX_CALLS) {
		mux_finish(x, MUX_REFUSED);
	} else if (d && f->dlci && d->state != DLC_CLOSED) {
		close_dlc(x, d);
		watch(x);
	}
}

/* There is room: see room_for_frame(). */
static void take_data(struct mux *x, const struct mux_frame *f)
{
	struct dlc *d = mux_dlc(x, f->dlci);

	if (!d || d->state != DLC_OPEN) {
		mux_blame(x, MUX_BLAME_CLOSED);
		respond(x, f, MUX_DM);
	} else if (f->len > d->n1) {
		mux_blame(x, MUX_TOO_LONG);
	} else if (!f->dlci) {
		mux_control(x, f);
	} else if (x->sleep.state != MUX_AWAKE) {
		mux_blame(x, MUX_BLAME_SLEEP);
	} else {
		buf_put(&d->ch->link->held, f->info, f->len);
	}
}

static const struct {
	enum mux_type type;
	bool command; /* only with C/R 1; else with either: gsm0710muxd always sets it */
	void (*take)(struct mux *x, const struct mux_frame *f);
} frames[] = {
	{ MUX_UIH, false, take_data },
	{ MUX_UI, false, take_data },
	{ MUX_SABM, true, take_sabm },
	{ MUX_DISC, true, take_disc },
	{ MUX_UA, false, take_ua },
	{ MUX_DM, false, take_dm },
};

static void take_frame(struct mux *x, const struct mux_frame *f)
{
	size_t i;

	for (i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		if (frames[i].type == f->type && (f->cr || !frames[i].command))
			frames[i].take(x, f);
}

/* Whether the channel can take the data of the frame that the next flag completes. A host
 * that heeds FC never waits here. */
static bool room_for_frame(struct mux *x)
{
	const struct mux_frame *f = &x->rx.frame;
	const struct dlc *d = mux_dlc(x, f->dlci);

	return !f->dlci || !d || d->state != DLC_OPEN ||
	       (f->type != MUX_UIH && f->type != MUX_UI) ||
	       buf_room(&d->ch->link->held) >= f->len;
}

size_t mux_rx(struct channel *ch, const unsigned char *p, size_t len)
{
	struct mux *x = ch->modem->mux;
	bool flag = false, whole = false;
	size_t i;

	if (link_room(ch) < MUX_ROOM)
		return 0;
	for (i = 0; i < len && !whole; i++) {
		if (x->rx.at == MUX_AT_END && !room_for_frame(x))
			break;
		flag |= p[i] == MUX_FLAG &&
			(x->rx.at == MUX_AT_ADDRESS || x->rx.at == MUX_AT_NOISE);
		whole = mux_decode(&x->rx, p[i]);
	}
	if (x->rx.faults)
		mux_blame(x, x->rx.faults);
	x->rx.faults = 0;
	if (flag)
		mux_flag_seen(x);
	if (whole)
		take_frame(x, &x->rx.frame);
	return i;
}
