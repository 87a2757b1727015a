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
#include "state/modem_state.h"

#define URC_RESULT 0x01 /* first character of a queued result code */

/* A queued line; its text and a zero follow. */
struct waiting {
	uint16_t len;
	uint16_t break_at; /* where the channel's line end comes, 0: nowhere */
};

static size_t whole(const struct waiting *w)
{
	return sizeof(*w) + w->len + 1u;
}

static bool gate_open(const struct channel *ch)
{
	const struct at_state *at = ch->at;

	/* what remains is enough for the answer that may be pending */
	if (at->executing || at->urc_held || ch->link->mode != LINK_COMMAND ||
		link_room(ch) < AT_ROOM + AT_URC_MAX)
		return false;
	return (at->rx == AT_RX_HUNT && !at->info && !at->prompt) ||
	       ch->modem->taps->gate(ch);
}

static void say(struct channel *ch, const char *text, const struct waiting *w)
{
	char eol[2] = { (char)ch->set.s3, (char)ch->set.s4 };
	size_t len = w->len;

	ch->modem->taps->gap(ch, text[0] == URC_RESULT ? text + 2 : text);
	if (text[0] == URC_RESULT) {
		/* "<01>2RING": the number for V0, the words for V1 */
		if (ch->set.quiet)
			return;
		if (!ch->set.verbose) {
			link_send(ch, text + 1, 1);
			link_send(ch, eol, 1);
			return;
		}
		text += 2;
		len -= 2;
	}
	link_send(ch, eol, 2);
	link_send(ch, text, w->break_at);
	if (w->break_at)
		link_send(ch, eol, 2);
	link_send(ch, text + w->break_at, len - w->break_at);
	link_send(ch, eol, 2);
	channel_notify(ch, NOTICE_URC, text, 0);
}

void at_urc_flush(struct channel *ch)
{
	struct buf *q = &ch->at->urc;
	struct waiting w;

	while (q->len && gate_open(ch)) {
		ch->modem->taps->gate_used(ch);
		memcpy(&w, q->data, sizeof(w));
		say(ch, q->data + sizeof(w), &w);
		buf_take(q, whole(&w));
	}
}

static void drop(struct buf *q, const char *prefix)
{
	size_t at = 0, n = strlen(prefix);
	struct waiting w;

	while (at < q->len) {
		memcpy(&w, q->data + at, sizeof(w));
		if (w.len < n || memcmp(q->data + at + sizeof(w), prefix, n) != 0) {
			at += whole(&w);
			continue;
		}
		memmove(q->data + at, q->data + at + whole(&w), q->len - at - whole(&w));
		q->len -= whole(&w);
	}
}

void at_urc_drop(struct modem *m, const char *prefix)
{
	struct channel *ch;

	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		drop(&ch->at->urc, prefix);
}

void at_urc_clear(struct modem *m)
{
	struct channel *ch;

	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		buf_clear(&ch->at->urc);
}

static bool can_speak(const struct modem *m)
{
	return m->power != POWER_OFF && m->power != POWER_DOWN &&
	       m->power != POWER_DOWNLOAD;
}

/* first: before all that wait. */
static void queue(
	struct channel *ch, const char *text, const struct waiting *w, bool first)
{
	struct buf *q = &ch->at->urc;

	if (ch->shut)
		return;
	if (buf_room(q) < whole(w)) {
		ch->at->urc_dropped++;
		channel_notify(ch, NOTICE_DROPPED, text, (long)ch->at->urc_dropped);
		channel_blame(ch, LOG_AT, CLIENT_UNREAD, "dropped %s", text);
		return;
	}
	buf_put(q, w, sizeof(*w));
	buf_put(q, text, w->len + 1u);
	if (first) {
		/* the last line changes places with all others */
		memmove(q->data + whole(w), q->data, q->len - whole(w));
		memcpy(q->data, w, sizeof(*w));
		memcpy(q->data + sizeof(*w), text, w->len + 1u);
		ch->at->urc_held = false;
	}
	at_urc_flush(ch);
}

/* To every channel that is open, but not to a port whose DLCs are channels. text also ends with
 * a zero, for readers of the notice. */
static void tell(
	struct modem *m, const char *text, size_t len, size_t break_at, bool first)
{
	const struct waiting w = { (uint16_t)len, (uint16_t)break_at };
	struct channel *ch;

	if (!can_speak(m) || m->taps->hushes(m, text[0] == URC_RESULT ? text + 2 : text))
		return;
	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		if (ch->link->mode != LINK_MUX)
			queue(ch, text, &w, first);
}

void at_urc_on(struct channel *ch, const char *text)
{
	const struct waiting w = { (uint16_t)strlen(text), 0 };

	if (can_speak(ch->modem) && !ch->modem->taps->hushes(ch->modem, text) &&
		ch->link->mode != LINK_MUX)
		queue(ch, text, &w, false);
}

static void urc_va(struct modem *m, const char *prefix, bool first, const char *fmt,
	va_list ap) __attribute__((format(printf, 4, 0)));

static void urc_va(
	struct modem *m, const char *prefix, bool first, const char *fmt, va_list ap)
{
	char text[AT_URC_MAX - 8];
	int n = snprintf(text, sizeof(text), "%s", prefix);

	vsnprintf(text + n, sizeof(text) - (size_t)n, fmt, ap);
	tell(m, text, strlen(text), 0, first);
}

void at_urc_lines(
	struct modem *m, const char *head, size_t head_len, const char *data, size_t len)
{
	char text[AT_URC_MAX - 8];
	struct buf b;

	buf_init(&b, text, sizeof(text) - 1);
	buf_put(&b, head, head_len < sizeof(text) - 1 ? head_len : sizeof(text) - 1);
	if (data)
		buf_put(&b, data, len < buf_room(&b) ? len : buf_room(&b));
	text[b.len] = '\0';
	tell(m, text, b.len, data ? head_len : 0, false);
}

void at_urc(struct modem *m, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	urc_va(m, "", false, fmt, ap);
	va_end(ap);
}

void at_urc_next(struct modem *m, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	urc_va(m, "", true, fmt, ap);
	va_end(ap);
}

void at_urc_hold(struct channel *ch, bool on)
{
	ch->at->urc_held = on;
	if (!on)
		at_urc_flush(ch);
}

void at_result_later(struct channel *ch, int result)
{
	char text[40];
	struct waiting w = { 0, 0 };

	if (ch->set.quiet)
		return;
	if (result >= AT_CME_0 && ch->modem->live.cmee)
		snprintf(text, sizeof(text), "+CME ERROR: %d", result - AT_CME_0);
	else
		snprintf(text, sizeof(text), "%c4ERROR", URC_RESULT);
	w.len = (uint16_t)strlen(text);
	queue(ch, text, &w, true);
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
	urc_va(m, "+WIND: ", false, fmt, ap);
	va_end(ap);
}
