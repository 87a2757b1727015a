/* Notices to the outside: events, and protocol mistakes of the host. */
#include "state/tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "state/modem_state.h"

const struct name notice_names[] = {
	{ NOTICE_POWER, "power", "the modem's power changes: on, off, reset" },
	{ NOTICE_BOOT, "boot", "the modem reaches a stage of its boot" },
	{ NOTICE_LED, "led", "the LED changes its pattern: off, steady, slow, quick" },
	{ NOTICE_NET, "net", "the registration changes: searching, home, roaming, ..." },
	{ NOTICE_SIM, "sim", "the SIM changes its state: absent, PIN, loading, ready" },
	{ NOTICE_BAND, "band", "the modem uses another band; value: +WMBS" },
	{ NOTICE_FIRMWARE, "firmware", "the flash gets other contents" },
	{ NOTICE_DOWNLOAD, "download", "the modem receives a file: waiting to done" },
	{ NOTICE_COMMAND, "command", "the host sends a command; text: as parsed" },
	{ NOTICE_RESULT, "result", "the modem ends a command; text: its final result" },
	{ NOTICE_URC, "urc",
		"the modem sends an unsolicited line: +CMTI, +CREG, RING, ..." },
	{ NOTICE_DROPPED, "dropped",
		"the modem drops an unsolicited line: the port is full" },
	{ NOTICE_CALL, "call",
		"a call changes, in or out: dialing, incoming, active, free" },
	{ NOTICE_PPP, "ppp",
		"the modem's PPP reaches a phase: establish to open, terminate, dead" },
	{ NOTICE_WIP, "wip",
		"the modem's WIPsoft changes: its stack, its bearer, a socket" },
	{ NOTICE_FAR_END, "far end", "the called party sees the call change" },
	{ NOTICE_SMS, "sms", "the modem sends a message (an incoming one is a urc)" },
	{ NOTICE_DTR, "dtr",
		"a client opens the port (on), or the last one closes it; or it sets "
		"DTR" },
	{ NOTICE_SPEED, "speed", "a client sets the speed of the port; value: baud" },
	{ NOTICE_RTS, "rts", "a client switches RTS on or off, where the port has it" },
	{ NOTICE_BREAK, "break", "a client sends a break" },
	{ NOTICE_ACTION, "action",
		"a client acts on the modem (ctl, the API, a scenario)" },
	{ NOTICE_CLIENT, "client", "the host makes a protocol mistake; text: a code" },
	{ NOTICE_GAP, "gap", "the modem reaches a place of a sweep" },
	{ NOTICE_STK, "stk",
		"the SIM toolkit asks something: get_input amount, timed out, ended" },
	{ NOTICE_CENTRE, "centre",
		"the modem has sent what waits for `acknowledge`: number, PDU" },
	{ 0, NULL, NULL },
};

const struct name client_fault_names[] = {
	{ CLIENT_EARLY, "early", "a line before the final result of the previous one" },
	{ CLIENT_TEXT_EARLY, "text-early", "message text before the prompt (> )" },
	{ CLIENT_UNKNOWN, "unknown", "a command the modem does not have, or no command" },
	{ CLIENT_ARGUMENTS, "arguments", "arguments the command does not accept" },
	{ CLIENT_REFUSED, "refused", "a command when the modem cannot obey it" },
	{ CLIENT_LONG, "long", "a line that is too long" },
	{ CLIENT_PDU, "pdu", "a PDU that is malformed or not as long as announced" },
	{ CLIENT_TEXT, "text", "message text that cannot be sent" },
	{ CLIENT_UNREAD, "unread", "output of the modem that the host does not read" },
	{ CLIENT_UNDELETED, "undeleted",
		"messages not deleted, so that the store is full" },
	{ CLIENT_UNCONFIRMED, "unconfirmed", "a message not acknowledged by AT+CNMA" },
	{ CLIENT_FILE, "file", "a download refused or aborted" },
	{ CLIENT_SPEED, "speed", "bytes at a speed other than the modem's" },
	{ CLIENT_FORMAT, "format", "bytes in a character format other than the modem's" },
	{ CLIENT_OVERRUN, "overrun", "bytes lost for want of flow control" },
	{ CLIENT_MUX, "mux", "frames that the multiplexer cannot use" },
	{ CLIENT_POLLS, "polls",
		"polling: a command 10 times or more in a row, less than a second "
		"apart" },
	{ 0, NULL, NULL },
};

static void tell(struct modem *m, const struct notice *n)
{
	const struct fault_subject s = { .text = n->text, .event = (int)n->kind };

	if (m->ports.notify)
		m->ports.notify(m->ports.ctx, n);
	m->taps->place(m, FAULT_AT_EVENT, &s);
}

void modem_notify(struct modem *m, enum notice_kind kind, const char *text, long value)
{
	const struct notice n = { kind, m->sched.now, text, value, NULL, 0 };

	tell(m, &n);
}

void channel_notify(
	struct channel *ch, enum notice_kind kind, const char *text, long value)
{
	struct modem *m = ch->modem;
	const struct notice n = { kind, m->sched.now, text, value, NULL, ch->port };

	tell(m, &n);
}

void channel_notify_file(
	struct channel *ch, const char *text, long value, const struct notice_file *file)
{
	struct modem *m = ch->modem;
	const struct notice n = { NOTICE_DOWNLOAD, m->sched.now, text, value,
		file->kind ? file : NULL, ch->port };

	tell(m, &n);
}

/* Returns the text: in mem, unless it is the only argument and not too long. */
static const char *format(char *mem, size_t size, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

static const char *format(char *mem, size_t size, const char *fmt, va_list ap)
{
	const char *text;
	va_list copy;

	if (!strcmp(fmt, "%s")) {
		va_copy(copy, ap);
		text = va_arg(copy, const char *);
		va_end(copy);
		if (strlen(text) < size)
			return text;
	}
	vsnprintf(mem, size, fmt, ap);
	return mem;
}

static void blame(struct modem *m, unsigned port, enum log_cat cat,
	enum client_fault code, const char *fmt, va_list ap)
	__attribute__((format(printf, 5, 0)));

static void blame(struct modem *m, unsigned port, enum log_cat cat,
	enum client_fault code, const char *fmt, va_list ap)
{
	char mem[200];
	const char *text = format(mem, sizeof(mem), fmt, ap);
	const struct notice n = { NOTICE_CLIENT, m->sched.now, text, (long)code, NULL,
		port };

	/* a tool at another speed seems to work, but will not on real hardware: always
	 * logged */
	log_line(&m->log, cat, code == CLIENT_SPEED ? LOG_LEVEL_WARN : LOG_LEVEL_CLIENT,
		"%s: %s", name_of(client_fault_names, (int)code), text);
	tell(m, &n);
}

void modem_blame(
	struct modem *m, enum log_cat cat, enum client_fault code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	blame(m, 0, cat, code, fmt, ap);
	va_end(ap);
}

void channel_blame(struct channel *ch, enum log_cat cat, enum client_fault code,
	const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	blame(ch->modem, ch->port, cat, code, fmt, ap);
	va_end(ap);
}
