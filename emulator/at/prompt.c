/* The prompt: says it, collects the text, and ends it at Ctrl-Z, ESC or a timeout. */
#include "at/prompt.h"

#include "at/run.h"
#include "link/link.h"
#include "state/modem_state.h"

#define CTRL_Z 0x1a
#define ESC    0x1b

/* No line end follows: the text is typed right after the space. */
static void say_prompt(struct channel *ch)
{
	char text[4] = { (char)ch->set.s3, (char)ch->set.s4, '>', ' ' };

	link_send(ch, text, sizeof(text));
}

static void late_prompt(void *ctx, usec_t now)
{
	struct channel *ch = ctx;

	(void)now;
	if (ch->at->prompt)
		say_prompt(ch);
}

void at_prompt_init(struct channel *ch)
{
	timer_init(&ch->at->late_prompt, "late prompt", TIMER_OWN, late_prompt, ch);
}

void at_prompt(struct channel *ch, bool lines)
{
	struct modem *m = ch->modem;
	struct at_state *at = ch->at;

	at->prompt = true;
	at->prompt_lines = lines;
	at->text_full = false;
	at->text_len = 0;
	timer_stop(&m->sched, &at->late_prompt);
	at->prompted = true;
	if (at_host_was_early(ch))
		at_blame_line(ch, CLIENT_TEXT_EARLY);
	m->taps->here(ch, FAULT_AT_PROMPT, NULL);
	if (!m->taps->prompt(ch))
		say_prompt(ch);
	if (m->fw->prompt_timeout)
		at_wait(ch, m->fw->prompt_timeout, TIMER_WAIT);
}

const char *at_prompt_text(const struct channel *ch, size_t *len)
{
	*len = ch->at->text_len;
	return ch->at->text_full ? NULL : ch->at->text;
}

static void take(struct channel *ch, unsigned char byte)
{
	struct at_state *at = ch->at;

	if (byte == ch->set.s5) {
		if (at->text_len)
			at->text_len--;
	} else if (at->text_len == AT_TEXT_MAX) {
		at->text_full = true;
	} else {
		at->text[at->text_len++] = (char)byte;
	}
}

void at_prompt_rx(struct channel *ch, unsigned char byte)
{
	struct modem *m = ch->modem;
	struct at_state *at = ch->at;
	bool behind_cr = at->skip_lf;

	/* AT+CMGS=...<CR><LF>: the LF is not part of the text (line.md Command line) */
	at->skip_lf = false;
	if (behind_cr && byte == ch->set.s4)
		return;
	if (byte == CTRL_Z || byte == ESC) {
		at->prompt = false;
		if (byte == ESC)
			at_wake(ch, AT_WHY_ABORT);
		else
			at_text_done(ch);
		return;
	}
	if (byte == ch->set.s3) {
		if (at->prompt_lines) {
			take(ch, byte);
			say_prompt(ch);
		} else {
			m->taps->here(ch, FAULT_AT_TYPED, NULL);
		}
		return;
	}
	if (ch->set.echo)
		link_send(ch, &byte, 1);
	take(ch, byte);
}
