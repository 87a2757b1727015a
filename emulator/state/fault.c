/* Names of fault places, and the queries on a single rule. */
#include "state/fault.h"

#include <string.h>

#include "state/modem_state.h"

const struct name fault_place_names[] = {
	{ FAULT_AT_START, "start", "the emulator starts, before power comes" },
	{ FAULT_AT_BOOT, "boot", "power-on or reset; text: power or reset" },
	{ FAULT_AT_OPEN, "open", "the host opens the port" },
	{ FAULT_AT_CLOSE, "close", "the host closes the port" },
	{ FAULT_AT_BYTE, "byte", "a byte comes; number: its number" },
	{ FAULT_AT_LINE, "line", "a command line is complete; text: what follows AT" },
	{ FAULT_AT_COMMAND, "command", "before a command is carried out" },
	{ FAULT_AT_PROMPT, "prompt", "before the prompt for a text" },
	{ FAULT_AT_TYPED, "typed", "a line end is typed at the prompt for a PDU" },
	{ FAULT_AT_MESSAGE, "message",
		"Ctrl-Z ends a text at the prompt; text: as typed, for a PDU its text" },
	{ FAULT_AT_INFO, "info", "after an information line" },
	{ FAULT_AT_RESULT, "result", "before the final result" },
	{ FAULT_AT_DONE, "done", "after the final result; text: the result" },
	{ FAULT_AT_ASK, "ask",
		"before a start character of XMODEM; number: which one, from 1" },
	{ FAULT_AT_BLOCK, "block",
		"a sound XMODEM block has come; number: which one, text: 128 or 1024" },
	{ FAULT_AT_EOT, "eot", "the end of a file has come over XMODEM" },
	{ FAULT_AT_PACKET, "packet",
		"an IP packet of the host comes by PPP; text: idle after two minutes "
		"without one, else busy" },
	{ FAULT_AT_EVENT, "event", "the modem sends a notice; event, text" },
	{ 0, NULL, NULL },
};

const struct name fault_effect_names[] = {
	{ FAULT_ACT, "action", NULL },
	{ FAULT_SAY, "say", NULL },
	{ FAULT_RESET, "reset", NULL },
	{ FAULT_ABORT, "abort", NULL },
	{ FAULT_ANSWER, "answer", NULL },
	{ FAULT_PROMPT, "prompt", NULL },
	{ FAULT_MUTE, "mute", NULL },
	{ FAULT_HUSH, "hush", NULL },
	{ FAULT_GATE, "gate", NULL },
	{ FAULT_CORRUPT, "corrupt", NULL },
	{ FAULT_PACE, "pace", NULL },
	{ FAULT_CTS, "cts", NULL },
	{ FAULT_XMODEM, "xmodem", NULL },
	{ FAULT_STORE, "store", NULL },
	{ 0, NULL, NULL },
};

enum fault_effect fault_effect_of(const struct fault_rule *r)
{
	const bool there[] = {
		[FAULT_ACT] = r->action != NULL,
		[FAULT_SAY] = r->say.text[0] != '\0',
		[FAULT_RESET] = r->reset.how != 0,
		[FAULT_ABORT] = r->abort != 0,
		[FAULT_ANSWER] = r->answer.result[0] != '\0',
		[FAULT_PROMPT] = r->prompt.how != 0,
		[FAULT_MUTE] = r->mute.how != 0,
		[FAULT_HUSH] = r->hush.urc[0] != '\0',
		[FAULT_GATE] = r->gate.at != 0,
		[FAULT_CORRUPT] = r->corrupt.how != 0,
		[FAULT_PACE] = r->pace.byte != 0,
		[FAULT_CTS] = r->cts != 0,
		[FAULT_XMODEM] = r->xmodem.how != 0,
		[FAULT_STORE] = r->store.how != 0,
	};
	enum fault_effect found = FAULT_NOTHING;
	size_t i;

	for (i = 0; i < sizeof(there); i++) {
		if (!there[i])
			continue;
		if (found)
			return FAULT_NOTHING;
		found = (enum fault_effect)i;
	}
	return found;
}

usec_t fault_draw(struct modem *m, const struct fault_span *s)
{
	uint64_t range = s->max > s->min ? s->max - s->min : 0;

	return range ? s->min + rand_next(&m->rand) % (range + 1) : s->min;
}

bool fault_obeys(const struct fault_rule *r)
{
	return r->answer.obeyed ||
	       (!r->answer.bytes[0] && !strcmp(r->answer.result, "as-is"));
}
