/* The gate for unsolicited output. It is shut from the first byte of a command line to
 * the echo of its CR, between information text and final result, while a command does its
 * work (the URCs it causes follow its OK), and while the port has no room; URCs then wait
 * in a queue, in order. A full queue drops URCs (counted and reported), never answers. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "link/link.h"

#define URC_RESULT 0x01 /* first character of a queued result code */

static bool gate_open(const struct modem *m)
{
	const struct at_state *at = m->at;

	/* what remains is enough for the answer that may be pending */
	if (at->executing || m->link->mode != LINK_COMMAND ||
		link_room(m) < AT_ROOM + AT_URC_MAX)
		return false;
	return (at->rx == AT_RX_HUNT && !at->info && !at->prompt) || m->taps->gate(m);
}

static void say(struct modem *m, const char *text, size_t len)
{
	char eol[2] = { (char)m->live.s3, (char)m->live.s4 };

	m->taps->gap(m, text[0] == URC_RESULT ? text + 2 : text);
	if (text[0] == URC_RESULT) {
		/* "<01>2RING": the number for V0, the words for V1 */
		if (m->live.quiet)
			return;
		if (!m->live.verbose) {
			link_send(m, text + 1, 1);
			link_send(m, eol, 1);
			return;
		}
		text += 2;
		len -= 2;
	}
	link_send(m, eol, 2);
	link_send(m, text, len);
	link_send(m, eol, 2);
	modem_notify(m, NOTICE_URC, text, 0);
}

void at_urc_flush(struct modem *m)
{
	struct buf *q = &m->at->urc;

	uint16_t len;

	while (q->len && gate_open(m)) {
		m->taps->gate_used(m);
		memcpy(&len, q->data, sizeof(len));
		say(m, q->data + sizeof(len), len);
		buf_take(q, sizeof(len) + len + 1u);
	}
}

void at_urc_drop(struct modem *m, const char *prefix)
{
	struct buf *q = &m->at->urc;
	size_t at = 0, n = strlen(prefix), whole;
	uint16_t len;

	while (at < q->len) {
		memcpy(&len, q->data + at, sizeof(len));
		whole = sizeof(len) + len + 1u;
		if (len < n || memcmp(q->data + at + sizeof(len), prefix, n) != 0) {
			at += whole;
			continue;
		}
		memmove(q->data + at, q->data + at + whole, q->len - at - whole);
		q->len -= whole;
	}
}

void at_urc_clear(struct modem *m)
{
	buf_clear(&m->at->urc);
}

static bool can_speak(const struct modem *m)
{
	return m->power != POWER_OFF && m->power != POWER_DOWN &&
	       m->power != POWER_DOWNLOAD;
}

/* text also ends with a zero, for readers of the notice. */
static void queue(struct modem *m, const char *text, size_t n)
{
	struct buf *q = &m->at->urc;
	uint16_t len = (uint16_t)n;

	if (!can_speak(m) || m->taps->hushes(m, text[0] == URC_RESULT ? text + 2 : text))
		return;
	if (buf_room(q) < sizeof(len) + n + 1) {
		m->at->urc_dropped++;
		modem_notify(m, NOTICE_DROPPED, text, (long)m->at->urc_dropped);
		modem_blame(m, LOG_AT, CLIENT_UNREAD, "dropped %s", text);
		return;
	}
	buf_put(q, &len, sizeof(len));
	buf_put(q, text, n + 1);
	at_urc_flush(m);
}

static void urc_va(struct modem *m, const char *prefix, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

static void urc_va(struct modem *m, const char *prefix, const char *fmt, va_list ap)
{
	char text[AT_URC_MAX - 8];
	int n = snprintf(text, sizeof(text), "%s", prefix);

	vsnprintf(text + n, sizeof(text) - (size_t)n, fmt, ap);
	queue(m, text, strlen(text));
}

void at_urc_bytes(struct modem *m, const char *data, size_t len)
{
	char text[AT_URC_MAX - 8];

	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	memcpy(text, data, len);
	text[len] = '\0';
	queue(m, text, len);
}

void at_urc(struct modem *m, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	urc_va(m, "", fmt, ap);
	va_end(ap);
}

void at_unsolicited(struct modem *m, enum at_result result)
{
	at_urc(m, "%c%s", URC_RESULT,
		result == AT_RING ? "2RING"
		: result == AT_OK ? "0OK"
				  : "3NO CARRIER");
}

/* The bit of +WIND that lets an event through (boot.md Indication events). */
static unsigned wind_bit(int event)
{
	static const unsigned char bit[] = { 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
		12, 13, 14 };

	return 1u << bit[event];
}

void at_wind(struct modem *m, int event, const char *fmt, ...)
{
	bool rack = event == 13 || event == 14;
	va_list ap;

	if (!((unsigned)m->live.wind & wind_bit(event)) &&
		!(rack && m->fw && firmware_has(m->fw, QUIRK_RACK_ALWAYS_TOLD)))
		return;
	va_start(ap, fmt);
	urc_va(m, "+WIND: ", fmt, ap);
	va_end(ap);
}
