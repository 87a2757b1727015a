/* Fault rules on commands, answers, prompts and URCs. */
#include "faults/faults.h"

#include <string.h>

#include "actions/action.h"
#include "at/reply.h"
#include "at/run.h"
#include "codec/hex.h"
#include "codec/unicode.h"
#include "codec/userdata.h"
#include "faults/gaps.h"
#include "faults/line.h"
#include "faults/rules.h"
#include "link/link.h"
#include "state/modem_state.h"

static struct fault_subject subject(struct channel *ch, const struct at_call *c)
{
	return (struct fault_subject){
		.on = ch,
		.command = c->entry->cmd->name,
		.unknown = c->entry->cmd->flags & AT_F_UNKNOWN,
		.form = c->form,
		.parameters = c->rest,
		.parameters_len = c->rest_len,
	};
}

/* what is done once */

static bool say(struct channel *ch, const struct fault_rule *r)
{
	char mem[FAULT_TEXT + 4], eol[2] = { (char)ch->set.s3, (char)ch->set.s4 };
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	if (!r->say.raw)
		buf_put(&b, eol, sizeof(eol));
	buf_put_escaped(&b, r->say.text);
	if (!r->say.raw)
		buf_put(&b, eol, sizeof(eol));
	if (link_spare(ch) < b.len) {
		channel_blame(ch, LOG_AT, CLIENT_UNREAD, "a fault could not say %s",
			r->say.text);
		return false;
	}
	link_send(ch, b.data, b.len);
	return true;
}

static bool act(struct modem *m, const struct fault_rule *r)
{
	const char *why = r->action->row->apply(m, r->action->args);

	if (why)
		log_warn(&m->log, LOG_MODEM, "the field bug's %s: %s",
			r->action->row->name, why);
	return !why;
}

/* The effect on one channel. False: it had none. */
static bool perform_on(struct channel *ch, const struct fault_rule *r)
{
	bool runs;

	switch (fault_effect_of(r)) {
	case FAULT_SAY:
		return say(ch, r);
	case FAULT_RESET:
		at_abort(ch);
		break;
	case FAULT_ABORT:
		runs = ch->at->running;
		at_abort(ch);
		return runs;
	case FAULT_MUTE:
		/* what was said before may still go out */
		ch->spoken = ch->link->tx.len;
		break;
	case FAULT_ACT:
	case FAULT_NOTHING:
	case FAULT_ANSWER:
	case FAULT_PROMPT:
	case FAULT_HUSH:
	case FAULT_GATE:
	case FAULT_CORRUPT:
	case FAULT_PACE:
	case FAULT_CTS:
	case FAULT_XMODEM:
	case FAULT_STORE:
		break;
	}
	return true;
}

bool fault_perform(struct modem *m, struct channel *on, const struct fault_rule *r)
{
	enum fault_effect effect = fault_effect_of(r);
	bool of_modem = effect == FAULT_RESET || effect == FAULT_MUTE;
	struct channel *ch;
	bool any = false;

	if (effect == FAULT_ACT)
		return act(m, r);
	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		if ((!on || ch == on || of_modem) && fault_concerns(r, ch))
			any |= perform_on(ch, r);
	if (effect == FAULT_RESET && r->reset.how == FAULT_RESET_STOP)
		session_halt(m);
	else if (effect == FAULT_RESET)
		session_restart(m);
	return any;
}

/* answers */

static usec_t on_command(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct fault_subject s = subject(ch, c);
	const struct fault_rule *r;

	fault_at(m, FAULT_AT_COMMAND, &s);
	ch->owed = 0;
	r = ch->at->running ? fault_find(m, FAULT_ANSWER, &s) : NULL;
	ch->answering = r;
	if (!r)
		return 0;
	if (!(c->entry->cmd->flags & AT_F_PROMPT) || !(c->form & (AT_SET | AT_EXEC)) ||
		!fault_obeys(r))
		return fault_draw(m, &r->answer.delay);
	ch->owed = fault_draw(m, &r->answer.delay);
	return 0;
}

/* The text of a PDU, or as typed if it is not a PDU. */
static void message_text(struct channel *ch, char *out, size_t size)
{
	uint32_t cp[USERDATA_SEPTETS];
	struct address centre;
	struct text text;
	struct tpdu t;
	struct buf b;
	size_t len;
	const char *typed = at_prompt_text(ch, &len);

	buf_init(&b, out, size - 1);
	text_init(&text, cp, USERDATA_SEPTETS);
	if (typed && !ch->at->prompt_lines &&
		tpdu_read_any(typed, len, false, &centre, &t) == PDU_OK &&
		userdata_check(&t) == PDU_OK && userdata_text(&t, &text))
		utf8_encode(cp, text.n, &b);
	else if (typed)
		buf_put(&b, typed, len < size - 1 ? len : size - 1);
	out[b.len] = '\0';
}

static usec_t take_owed(struct channel *ch)
{
	usec_t owed = ch->owed;

	ch->owed = 0;
	return owed;
}

static usec_t on_text(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct fault_subject s = subject(ch, &ch->at->call);
	char text[AT_TEXT_MAX + 1];
	const struct fault_rule *r;

	if (!m->faults.looks_at[FAULT_AT_MESSAGE])
		return take_owed(ch);
	message_text(ch, text, sizeof(text));
	s.text = text;
	fault_at(m, FAULT_AT_MESSAGE, &s);
	s.typed = true;
	r = ch->answering ? NULL : fault_find(m, FAULT_ANSWER, &s);
	if (!r)
		return take_owed(ch);
	ch->answering = r;
	return fault_draw(m, &r->answer.delay);
}

static usec_t on_result_waits(struct channel *ch)
{
	struct modem *m = ch->modem;
	const struct fault_rule *r = ch->answering;
	usec_t wait = take_owed(ch);

	if (!r || ch->at->result_late)
		return 0;
	ch->at->result_late = true;
	return wait + fault_draw(m, &r->answer.result_delay);
}

/* Each
 *  begins a new line. */
static void say_lines(struct channel *ch, const char *text)
{
	char mem[FAULT_TEXT];
	unsigned char c;
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	while (*text) {
		buf_escaped_char(&text, &c);
		if (c != '\n')
			buf_putc(&b, (char)c);
		if (c != '\n' && *text)
			continue;
		at_info_bytes(ch, b.data, b.len);
		buf_clear(&b);
	}
}

/* A command that is carried out with a text says its lines after that. */
static bool before_text(const struct channel *ch, const struct fault_rule *r)
{
	const struct at_call *c = &ch->at->call;

	return ch->at->executing && fault_obeys(r) &&
	       c->entry->cmd->flags & AT_F_PROMPT && c->form & (AT_SET | AT_EXEC);
}

static bool on_instead(struct channel *ch, int *result)
{
	const struct fault_rule *r = ch->answering;

	if (!r || before_text(ch, r))
		return false;
	ch->at->drop_info = false;
	if (r->answer.first[0]) {
		say_lines(ch, r->answer.first);
		at_block_end(ch);
	}
	say_lines(ch, r->answer.lines);
	ch->at->drop_info = r->answer.info == FAULT_INFO_DROP || r->answer.lines[0];
	if (fault_obeys(r))
		return false;
	*result = AT_OK; /* on_result() has the last word */
	return true;
}

static int on_result(struct channel *ch, int result)
{
	const struct fault_rule *r = ch->answering;

	ch->answering = NULL;
	ch->at->drop_info = false;
	if (r && r->answer.bytes[0]) {
		ch->at->bytes = r->answer.bytes;
		return AT_BYTES;
	}
	return r && strcmp(r->answer.result, "as-is") != 0
		       ? at_result_named(r->answer.result)
		       : result;
}

static void on_byte(struct channel *ch, unsigned char byte)
{
	struct modem *m = ch->modem;
	struct fault_subject s = { .on = ch };

	if (!m->faults.looks_at[FAULT_AT_BYTE])
		return;
	if (at_running(ch))
		s = subject(ch, &ch->at->call);
	s.number = byte;
	fault_at(m, FAULT_AT_BYTE, &s);
}

static void on_here(struct channel *ch, enum fault_place place, const char *text)
{
	struct modem *m = ch->modem;
	struct fault_subject s = { .on = ch, .text = text };

	if (!m->faults.looks_at[place])
		return;
	if (ch->at->call.entry)
		s = subject(ch, &ch->at->call);
	s.text = text;
	fault_at(m, place, &s);
}

/* prompt and URCs */

static bool on_prompt(struct channel *ch)
{
	struct modem *m = ch->modem;
	const struct fault_subject s = { .on = ch };
	const struct fault_rule *r = fault_find(m, FAULT_PROMPT, &s);

	if (!r)
		return false;
	if (r->prompt.how == FAULT_PROMPT_LATE)
		timer_arm(
			&m->sched, &ch->at->late_prompt, fault_draw(m, &r->prompt.delay));
	return true;
}

/* The reasons that hold back a URC now. */
static unsigned gates_shut(const struct channel *ch)
{
	const struct at_state *at = ch->at;

	return (at->rx != AT_RX_HUNT ? (unsigned)FAULT_GATE_TYPING : 0u) |
	       (at->info ? (unsigned)FAULT_GATE_ANSWER : 0u) |
	       (at->prompt ? (unsigned)FAULT_GATE_PROMPT : 0u);
}

static void on_gate_used(struct channel *ch)
{
	struct modem *m = ch->modem;
	unsigned shut = gates_shut(ch);
	const struct fault_rule *r = NULL;

	while (shut && (r = fault_peek_at(ch, FAULT_GATE, r)))
		if (r->gate.at & shut)
			fault_shows(m, r);
}

static bool on_gate(const struct channel *ch)
{
	unsigned shut = gates_shut(ch);
	const struct fault_rule *r = NULL;

	while (shut && (r = fault_peek_at(ch, FAULT_GATE, r)))
		shut &= ~r->gate.at;
	return !shut;
}

static bool on_hushes(struct modem *m, const char *text)
{
	const struct fault_rule *r = NULL;

	while ((r = fault_peek(m, FAULT_HUSH, r)))
		if (!strncmp(text, r->hush.urc, strlen(r->hush.urc)))
			return fault_acts(m, r);
	return false;
}

/* taps */

static const struct fault_rule *on_xmodem(
	struct channel *ch, enum fault_place place, const struct fault_subject *s)
{
	struct modem *m = ch->modem;

	fault_at(m, place, s);
	return fault_find(m, FAULT_XMODEM, NULL);
}

const struct taps fault_taps = {
	.place = fault_at,
	.dtr = gap_dtr,
	.send = fault_line_send,
	.leave = fault_line_leave,
	.left = fault_line_left,
	.dropped = fault_line_dropped,
	.xmodem = on_xmodem,
	.byte = on_byte,
	.command = on_command,
	.instead = on_instead,
	.text = on_text,
	.result_waits = on_result_waits,
	.result = on_result,
	.here = on_here,
	.prompt = on_prompt,
	.gate = on_gate,
	.gate_used = on_gate_used,
	.hushes = on_hushes,
	.gap = gap_before,
};
