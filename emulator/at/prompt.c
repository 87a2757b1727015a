/* The prompt: says it, collects the text, and ends it at Ctrl-Z, ESC or a timeout. */
#include "at/prompt.h"

#include "at/run.h"
#include "link/link.h"

#define CTRL_Z 0x1a
#define ESC    0x1b

/* No line end follows: the text is typed right after the space. */
static void say_prompt(struct modem *m)
{
	char text[4] = { (char)m->live.s3, (char)m->live.s4, '>', ' ' };

	link_send(m, text, sizeof(text));
}

static void late_prompt(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	if (m->at->prompt)
		say_prompt(m);
}

void at_prompt_init(struct modem *m)
{
	timer_init(&m->at->late_prompt, "late prompt", TIMER_OWN, late_prompt, m);
}

void at_prompt(struct modem *m, bool lines)
{
	struct at_state *at = m->at;

	at->prompt = true;
	at->prompt_lines = lines;
	at->text_full = false;
	at->text_len = 0;
	timer_stop(&m->sched, &at->late_prompt);
	at->prompted = true;
	if (at_host_was_early(m))
		at_blame_line(m, CLIENT_TEXT_EARLY);
	m->taps->here(m, FAULT_AT_PROMPT, NULL);
	if (!m->taps->prompt(m))
		say_prompt(m);
	if (m->fw->prompt_timeout)
		at_wait(m, m->fw->prompt_timeout, TIMER_WAIT);
}

const char *at_prompt_text(const struct modem *m, size_t *len)
{
	*len = m->at->text_len;
	return m->at->text_full ? NULL : m->at->text;
}

static void take(struct modem *m, unsigned char byte)
{
	struct at_state *at = m->at;

	if (byte == m->live.s5) {
		if (at->text_len)
			at->text_len--;
	} else if (at->text_len == sizeof(at->text)) {
		at->text_full = true;
	} else {
		at->text[at->text_len++] = (char)byte;
	}
}

void at_prompt_rx(struct modem *m, unsigned char byte)
{
	struct at_state *at = m->at;
	bool behind_cr = at->skip_lf;

	/* AT+CMGS=...<CR><LF>: the LF is not part of the text (line.md Command line) */
	at->skip_lf = false;
	if (behind_cr && byte == m->live.s4)
		return;
	if (byte == CTRL_Z || byte == ESC) {
		at->prompt = false;
		if (byte == ESC)
			at_wake(m, NULL, AT_WHY_ABORT);
		else
			at_text_done(m);
		return;
	}
	if (byte == m->live.s3) {
		if (at->prompt_lines) {
			take(m, byte);
			say_prompt(m);
		} else {
			m->taps->here(m, FAULT_AT_TYPED, NULL);
		}
		return;
	}
	if (m->live.echo)
		link_send(m, &byte, 1);
	take(m, byte);
}
