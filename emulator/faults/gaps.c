/* The places of the fault engine, the same as for field bugs, mark the gaps. Two gaps
 * with no output and no time between them count as one. */
#include "faults/gaps.h"

#include <ctype.h>
#include <string.h>

#include "at/run.h"
#include "faults/rules.h"
#include "faults/sweep.h"
#include "link/link.h"
#include "state/modem_state.h"

#define SILENCE MS(50)

const struct name sweep_names[] = {
	{ SWEEP_URC, "urc", "an unsolicited line in each gap" },
	{ SWEEP_CUT, "cut", "a pause before each byte" },
	{ 0, NULL, NULL },
};

static uint64_t told(const struct channel *ch)
{
	return ch->link->said + ch->link->tx.len;
}

/* True when a client is there and the modem's output reaches it unchanged. */
static bool possible(const struct channel *ch)
{
	const struct modem *m = ch->modem;

	return m->scope == AT_SCOPE_ALL && ch->link->mode == LINK_COMMAND &&
	       ch->link->dtr && m->power == POWER_ON && !session_restarting(m) &&
	       !link_garbles(ch, false) && !fault_peek(m, FAULT_MUTE, NULL) &&
	       !fault_peek(m, FAULT_CORRUPT, NULL);
}

static void say(struct channel *ch)
{
	struct modem *m = ch->modem;
	char eol[2] = { (char)ch->set.s3, (char)ch->set.s4 };
	const char *text = m->sweep.o.text;
	size_t len = strlen(text);

	if (link_spare(ch) < len + 2 * sizeof(eol))
		return;
	m->sweep.from = told(ch);
	m->sweep.len = len + 2 * sizeof(eol);
	link_send(ch, eol, sizeof(eol));
	link_send(ch, text, len);
	link_send(ch, eol, sizeof(eol));
	channel_notify(ch, NOTICE_URC, text, 0);
}

/* where, and what it refers to: NULL for the line as typed. */
static void gap(struct channel *ch, const char *where, const char *what)
{
	struct modem *m = ch->modem;
	struct sweep *s = &m->sweep;
	char text[128];
	struct buf b;

	if (!possible(ch) || (s->gaps && s->last == told(ch) && s->when == m->sched.now))
		return;
	buf_init(&b, text, sizeof(text) - 1);
	buf_puts(&b, where);
	if (what) {
		buf_put_visible(&b, what, strnlen(what, 40));
	} else {
		buf_puts(&b, "AT");
		buf_put_visible(&b, ch->at->line, ch->at->len < 40 ? ch->at->len : 40);
	}
	text[b.len] = '\0';
	s->gaps++;
	if (!s->o.at || s->o.at == s->gaps)
		channel_notify(ch, NOTICE_GAP, text, (long)s->gaps);
	if (s->o.at == s->gaps)
		say(ch);
	s->last = told(ch);
	s->when = m->sched.now;
}

/* Whether the sweep is about this channel. */
static bool swept(const struct channel *ch)
{
	return ch && ch == ch->modem->sweep.on;
}

void gap_before(struct channel *ch, const char *what)
{
	if (ch->modem->sweep.o.kind == SWEEP_URC && swept(ch))
		gap(ch, what ? "before " : "before the answer of ", what);
}

/* What is typed may begin a line, or be within one that must be left whole. */
static void typed(struct channel *ch, unsigned char byte)
{
	struct modem *m = ch->modem;
	const struct at_state *at = ch->at;
	const struct fault_rule *r = NULL;
	bool open = false;

	while ((r = fault_peek(m, FAULT_GATE, r)))
		open |= (r->gate.at & FAULT_GATE_TYPING) != 0;
	timer_stop(&m->sched, &m->sweep.timer);
	if (at->prompt)
		return;
	if (at->rx == AT_RX_HUNT && toupper(byte) == 'A')
		gap(ch, "before ", "a command line");
	else if (at->rx != AT_RX_HUNT && open)
		gap(ch, "within ", "a command line");
}

static void at_place(
	struct modem *m, enum fault_place place, const struct fault_subject *s)
{
	struct channel *ch = s->on;

	if (!swept(ch))
		return;
	if (place == FAULT_AT_OPEN)
		gap(ch, "as ", "the port is opened");
	else if (place == FAULT_AT_BYTE)
		typed(ch, (unsigned char)s->number);
	else if (place == FAULT_AT_LINE)
		gap(ch, "between echo and answer of ", NULL);
	else if (place == FAULT_AT_INFO)
		gap(ch, "after an information line of ", NULL);
	else if (place == FAULT_AT_PROMPT)
		gap(ch, "before the prompt of ", NULL);
	else if (place == FAULT_AT_RESULT)
		gap(ch, "before the final result of ", NULL);
	else if (place == FAULT_AT_DONE)
		gap(ch, "after the final result of ", NULL);
	if (place == FAULT_AT_DONE || place == FAULT_AT_OPEN)
		timer_arm(&m->sched, &m->sweep.timer, SILENCE);
}

static void silence(void *ctx, usec_t now)
{
	const struct modem *m = ctx;

	(void)now;
	if (!m->sweep.on->at->running)
		gap(m->sweep.on, "in ", "the silence");
}

/* cuts */

static unsigned cuts(const struct modem *m)
{
	uint64_t n = m->sweep.on ? m->sweep.on->link->own - m->sweep.base : 0;

	return n > 1 ? (unsigned)(n - 1) : 0;
}

static void tell_cut(struct channel *ch, size_t len)
{
	struct modem *m = ch->modem;
	char text[96];
	struct buf b;

	buf_init(&b, text, sizeof(text) - 1);
	buf_puts(&b, "before ");
	buf_put_visible(&b, ch->link->tx.data, len < 16 ? len : 16);
	text[b.len] = '\0';
	channel_notify(ch, NOTICE_GAP, text, (long)m->sweep.o.at);
}

/* How many of len bytes may leave now. */
size_t gap_up_to_cut(struct channel *ch, size_t len)
{
	struct modem *m = ch->modem;
	struct sweep *s = &m->sweep;
	uint64_t at = s->base + s->o.at;

	if (s->o.kind != SWEEP_CUT || !s->o.at || s->cut == CUT_DONE || !swept(ch) ||
		ch->link->own + len <= at)
		return len;
	if (ch->link->own < at)
		return (size_t)(at - ch->link->own);
	if (s->cut == CUT_AHEAD) {
		s->cut = CUT_NOW;
		timer_arm(&m->sched, &s->timer, s->o.pause);
		tell_cut(ch, len);
	}
	if (timer_armed(&s->timer))
		return 0;
	s->cut = CUT_DONE;
	return len;
}

void gap_dtr(struct channel *ch, bool on)
{
	struct modem *m = ch->modem;

	if (!on || m->sweep.on)
		return;
	m->sweep.on = ch;
	m->sweep.base = ch->link->own + ch->link->tx.len;
}

void gaps_init(struct modem *m, const struct modem_sweep *sweep)
{
	static const enum fault_place places[] = { FAULT_AT_OPEN, FAULT_AT_BYTE,
		FAULT_AT_LINE, FAULT_AT_PROMPT, FAULT_AT_INFO, FAULT_AT_RESULT,
		FAULT_AT_DONE };
	size_t i;

	m->sweep.o = *sweep;
	if (sweep->kind != SWEEP_URC) {
		timer_init(&m->sweep.timer, "pause of a cut", TIMER_WAIT, timer_wake, m);
		return;
	}
	timer_init(&m->sweep.timer, "silence of a sweep", TIMER_WAIT, silence, m);
	m->faults.pass = at_place;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		m->faults.looks_at[places[i]] = true;
}

unsigned modem_sweep_gaps(const struct modem *m)
{
	return m->sweep.o.kind == SWEEP_CUT ? cuts(m) : m->sweep.gaps;
}

bool modem_sweep_said(const struct modem *m, uint64_t *from, size_t *len)
{
	*from = m->sweep.from;
	*len = m->sweep.len;
	return m->sweep.len > 0;
}
