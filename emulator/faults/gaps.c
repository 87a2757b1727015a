/* The places of the fault engine, the same as for field bugs, mark the gaps. Two gaps
 * with no output and no time between them count as one. */
#include "faults/gaps.h"

#include <ctype.h>
#include <string.h>

#include "at/run.h"
#include "faults/rules.h"
#include "faults/sweep.h"
#include "link/link.h"

#define SILENCE MS(50)

const struct name sweep_names[] = {
	{ SWEEP_URC, "urc", "an unsolicited line in each gap" },
	{ SWEEP_CUT, "cut", "a pause before each byte" },
	{ 0, NULL, NULL },
};

static uint64_t told(const struct modem *m)
{
	return m->link->said + m->link->tx.len;
}

/* True when a client is there and the modem's output reaches it unchanged. */
static bool possible(const struct modem *m)
{
	return m->at->scope == AT_SCOPE_ALL && m->link->mode == LINK_COMMAND &&
	       m->link->dtr && m->power == POWER_ON && !session_restarting(m) &&
	       !link_garbles(m, false) && !fault_peek(m, FAULT_MUTE, NULL) &&
	       !fault_peek(m, FAULT_CORRUPT, NULL);
}

static void say(struct modem *m)
{
	char eol[2] = { (char)m->live.s3, (char)m->live.s4 };
	const char *text = m->sweep.o.text;
	size_t len = strlen(text);

	if (link_spare(m) < len + 2 * sizeof(eol))
		return;
	m->sweep.from = told(m);
	m->sweep.len = len + 2 * sizeof(eol);
	link_send(m, eol, sizeof(eol));
	link_send(m, text, len);
	link_send(m, eol, sizeof(eol));
	modem_notify(m, NOTICE_URC, text, 0);
}

/* where, and what it refers to: NULL for the line as typed. */
static void gap(struct modem *m, const char *where, const char *what)
{
	struct sweep *s = &m->sweep;
	char text[128];
	struct buf b;

	if (!possible(m) || (s->gaps && s->last == told(m) && s->when == m->sched.now))
		return;
	buf_init(&b, text, sizeof(text) - 1);
	buf_puts(&b, where);
	if (what) {
		buf_put_visible(&b, what, strnlen(what, 40));
	} else {
		buf_puts(&b, "AT");
		buf_put_visible(&b, m->at->line, m->at->len < 40 ? m->at->len : 40);
	}
	text[b.len] = '\0';
	s->gaps++;
	if (!s->o.at || s->o.at == s->gaps)
		modem_notify(m, NOTICE_GAP, text, (long)s->gaps);
	if (s->o.at == s->gaps)
		say(m);
	s->last = told(m);
	s->when = m->sched.now;
}

void gap_before(struct modem *m, const char *what)
{
	if (m->sweep.o.kind == SWEEP_URC)
		gap(m, what ? "before " : "before the answer of ", what);
}

/* What is typed may begin a line, or be within one that must be left whole. */
static void typed(struct modem *m, unsigned char byte)
{
	const struct at_state *at = m->at;
	const struct fault_rule *r = NULL;
	bool open = false;

	while ((r = fault_peek(m, FAULT_GATE, r)))
		open |= (r->gate.at & FAULT_GATE_TYPING) != 0;
	timer_stop(&m->sched, &m->sweep.timer);
	if (at->prompt)
		return;
	if (at->rx == AT_RX_HUNT && toupper(byte) == 'A')
		gap(m, "before ", "a command line");
	else if (at->rx != AT_RX_HUNT && open)
		gap(m, "within ", "a command line");
}

static void at_place(
	struct modem *m, enum fault_place place, const struct fault_subject *s)
{
	if (place == FAULT_AT_OPEN)
		gap(m, "as ", "the port is opened");
	else if (place == FAULT_AT_BYTE)
		typed(m, (unsigned char)s->number);
	else if (place == FAULT_AT_LINE)
		gap(m, "between echo and answer of ", NULL);
	else if (place == FAULT_AT_INFO)
		gap(m, "after an information line of ", NULL);
	else if (place == FAULT_AT_PROMPT)
		gap(m, "before the prompt of ", NULL);
	else if (place == FAULT_AT_RESULT)
		gap(m, "before the final result of ", NULL);
	else if (place == FAULT_AT_DONE)
		gap(m, "after the final result of ", NULL);
	if (place == FAULT_AT_DONE || place == FAULT_AT_OPEN)
		timer_arm(&m->sched, &m->sweep.timer, SILENCE);
}

static void silence(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	if (!m->at->running)
		gap(m, "in ", "the silence");
}

/* cuts */

static unsigned cuts(const struct modem *m)
{
	uint64_t n = m->link->own - m->sweep.base;

	return m->sweep.opened && n > 1 ? (unsigned)(n - 1) : 0;
}

static void tell_cut(struct modem *m, size_t len)
{
	char text[96];
	struct buf b;

	buf_init(&b, text, sizeof(text) - 1);
	buf_puts(&b, "before ");
	buf_put_visible(&b, m->link->tx.data, len < 16 ? len : 16);
	text[b.len] = '\0';
	modem_notify(m, NOTICE_GAP, text, (long)m->sweep.o.at);
}

/* How many of len bytes may leave now. */
size_t gap_up_to_cut(struct modem *m, size_t len)
{
	struct sweep *s = &m->sweep;
	uint64_t at = s->base + s->o.at;

	if (s->o.kind != SWEEP_CUT || !s->o.at || s->cut == CUT_DONE || !s->opened ||
		m->link->own + len <= at)
		return len;
	if (m->link->own < at)
		return (size_t)(at - m->link->own);
	if (s->cut == CUT_AHEAD) {
		s->cut = CUT_NOW;
		timer_arm(&m->sched, &s->timer, s->o.pause);
		tell_cut(m, len);
	}
	if (timer_armed(&s->timer))
		return 0;
	s->cut = CUT_DONE;
	return len;
}

void gap_dtr(struct modem *m, bool on)
{
	if (!on || m->sweep.opened)
		return;
	m->sweep.opened = true;
	m->sweep.base = m->link->own + m->link->tx.len;
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
