#include "state/nv_smsc.h"

#include <ctype.h>
#include <string.h>

#include "state/modem_state.h"

#define NO_END "never"

/* ---- the parts of a line --------------------------------------------------------- */

struct words {
	const char *p, *end;
	const char *word; /* the current one */
	size_t len;
};

static struct words words_of(const struct record *r)
{
	return (struct words){ .p = r->value, .end = r->value + r->len };
}

static bool next_word(struct words *w)
{
	while (w->p < w->end && *w->p == ' ')
		w->p++;
	w->word = w->p;
	while (w->p < w->end && *w->p != ' ')
		w->p++;
	w->len = (size_t)(w->p - w->word);
	return w->len;
}

/* Digits of the current word from `at`, up to its end or a colon; *at is there then. */
static bool number_at(const struct words *w, size_t *at, uint64_t *out)
{
	size_t begin = *at;

	for (*out = 0; *at < w->len && isdigit((unsigned char)w->word[*at]); ++*at) {
		uint64_t digit = (uint64_t)(w->word[*at] - '0');

		if (*out > (UINT64_MAX - digit) / 10)
			return false;
		*out = *out * 10 + digit;
	}
	return *at > begin && (*at == w->len || w->word[*at] == ':');
}

static bool number(struct words *w, uint64_t *out)
{
	size_t at = 0;

	return next_word(w) && number_at(w, &at, out) && at == w->len;
}

static bool number_to(struct words *w, unsigned max, unsigned *out)
{
	uint64_t n;

	if (!number(w, &n) || n > max)
		return false;
	*out = (unsigned)n;
	return true;
}

bool nv_take_name(const struct record *r, struct sms_name *out)
{
	struct words w = words_of(r);

	return number(&w, &out->sender) && number(&w, &out->ref);
}

/* ---- items ----------------------------------------------------------------------- */

/* The end of its validity in seconds of Unix time, rounded up. */
static void put_end(const struct smsc *s, const struct smsc_item *it, struct buf *b)
{
	usec_t left;

	if (it->expires == USEC_NEVER) {
		buf_puts(b, " " NO_END);
		return;
	}
	left = it->expires + SEC(1) - 1;
	buf_printf(b, " %lld", (long long)(s->epoch + (int64_t)(left / SEC(1))));
}

static bool take_end(struct words *w, struct smsc_item *it)
{
	size_t at = 0;

	if (!next_word(w))
		return false;
	if (w->len == strlen(NO_END) && !memcmp(w->word, NO_END, w->len))
		return true;
	return number_at(w, &at, &it->expires) && at == w->len &&
	       it->expires < (uint64_t)CLOCK_FAR;
}

static void put_pdu(const struct address *a, const struct tpdu *t, struct buf *b)
{
	size_t length;

	buf_puts(b, " ");
	tpdu_write(a, t, b, &length);
	buf_puts(b, "\n");
}

static bool take_pdu(struct words *w, struct address *a, struct tpdu *t)
{
	return next_word(w) && tpdu_read_any(w->word, w->len, true, a, t) == PDU_OK;
}

/* The next item in the order of arrival, NULL at the end. */
static const struct smsc_item *next_item(const struct smsc *s, uint64_t after)
{
	const struct smsc_item *next = NULL;
	size_t i;

	for (i = 0; i < s->items; i++) {
		const struct smsc_item *it = &s->item[i];

		if (it->used && it->ref && it->order > after &&
			(!next || it->order < next->order))
			next = it;
	}
	return next;
}

static bool is_here(const struct smsc *s, const struct smsc_item *new)
{
	size_t i;

	for (i = 0; i < s->items; i++)
		if (&s->item[i] != new && s->item[i].used && s->item[i].ref == new->ref &&
			s->item[i].sender == new->sender)
			return true;
	return false;
}

/* ---- messages for neighbours ----------------------------------------------------- */

/* The PDU of a message has its receiver's number where others have the centre's; that of a
 * report has none. */
void nv_put_sms_out(const struct modem *m, struct buf *b)
{
	const struct smsc *s = &m->smsc;
	const struct smsc_item *it = NULL;
	const struct address none = { .len = 0 };

	if (!s->life)
		return;
	buf_printf(b, "life %llu\nlast %llu\n", (unsigned long long)s->life,
		(unsigned long long)s->last_ref);
	while ((it = next_item(s, it ? it->order : 0))) {
		if (it->sender)
			continue;
		buf_printf(b, "%s %llu", it->outbound ? "message" : "report",
			(unsigned long long)it->ref);
		if (it->outbound) {
			buf_printf(b, " %d %d", it->mr, it->report);
			put_end(s, it, b);
		}
		put_pdu(it->outbound ? &it->peer : &none, &it->t, b);
	}
}

static bool too_many(const struct smsc *s)
{
	size_t i, n = 0;

	for (i = 0; i < s->items; i++)
		n += s->item[i].used && s->item[i].outbound;
	return n > SMS_POST_OPEN;
}

static bool take_message(struct smsc *s, struct words *w)
{
	struct smsc_item *it = smsc_restore(s);
	unsigned mr, report;

	if (!it || !number(w, &it->ref) || !number_to(w, 255, &mr) ||
		!number_to(w, 1, &report) || !take_end(w, it) ||
		!take_pdu(w, &it->peer, &it->t))
		return false;
	it->outbound = true;
	it->mr = (uint8_t)mr;
	it->report = report;
	return it->ref && it->ref <= s->last_ref && it->t.kind == TPDU_DELIVER &&
	       !address_alphanumeric(&it->peer) && !is_here(s, it) && !too_many(s);
}

static bool take_report(struct smsc *s, struct words *w)
{
	struct smsc_item *it = smsc_restore(s);

	if (!it || !number(w, &it->ref) || !take_pdu(w, &it->sc, &it->t))
		return false;
	it->to_modem = true;
	return it->ref && it->ref <= s->last_ref && it->t.kind == TPDU_STATUS_REPORT &&
	       !is_here(s, it);
}

bool nv_take_sms_out(struct modem *m, const struct record *r)
{
	struct smsc *s = &m->smsc;
	struct words w = words_of(r);

	if (!strcmp(r->key, "life"))
		return number(&w, &s->life) && s->life;
	if (!strcmp(r->key, "last"))
		return number(&w, &s->last_ref);
	if (!strcmp(r->key, "message"))
		return take_message(s, &w);
	if (!strcmp(r->key, "report"))
		return take_report(s, &w);
	return true;
}

static void clear(struct smsc *s, bool in)
{
	size_t i;

	for (i = 0; i < s->items; i++)
		if (s->item[i].used && s->item[i].ref && (s->item[i].sender != 0) == in)
			s->item[i].used = false;
}

void nv_clear_sms_out(struct modem *m)
{
	clear(&m->smsc, false);
}

/* ---- messages of neighbours ------------------------------------------------------ */

static void put_sender(
	const struct smsc *s, size_t place, const struct smsc_sender *from, struct buf *b)
{
	size_t i;

	buf_printf(b, "sender %llu %llu", (unsigned long long)from->id,
		(unsigned long long)from->newest);
	for (i = 0; i < s->known_used.refs; i++) {
		const struct smsc_ref *ref = &s->known->ref[i];

		if (ref->sender != place + 1)
			continue;
		buf_printf(b, " %llu", (unsigned long long)ref->ref);
		if (ref->status != SMSC_UNSETTLED)
			buf_printf(b, ":%d", ref->status);
	}
	buf_puts(b, "\n");
}

/* The next sender in the order in which they were heard, NULL at the end. */
static const struct smsc_sender *next_sender(const struct smsc *s, uint64_t after)
{
	const struct smsc_sender *next = NULL;
	size_t i;

	for (i = 0; i < s->known_used.senders; i++) {
		const struct smsc_sender *from = &s->known->sender[i];

		if (from->id && from->heard > after &&
			(!next || from->heard < next->heard))
			next = from;
	}
	return next;
}

void nv_put_sms_in(const struct modem *m, struct buf *b)
{
	const struct smsc *s = &m->smsc;
	const struct smsc_sender *from = NULL;
	const struct smsc_item *it = NULL;

	while ((from = next_sender(s, from ? from->heard : 0)))
		put_sender(s, (size_t)(from - s->known->sender), from, b);
	while ((it = next_item(s, it ? it->order : 0))) {
		if (!it->sender)
			continue;
		buf_printf(b, "message %llu %llu", (unsigned long long)it->sender,
			(unsigned long long)it->ref);
		put_end(s, it, b);
		put_pdu(&it->sc, &it->t, b);
	}
}

static bool take_sender(struct smsc *s, struct words *w)
{
	uint64_t id, newest, ref, status;
	size_t at;

	if (!number(w, &id) || !number(w, &newest) ||
		!smsc_known_add(s->known, &s->known_used, id, newest))
		return false;
	while (next_word(w)) {
		at = 0;
		if (!number_at(w, &at, &ref))
			return false;
		status = UINT64_MAX;
		if (at < w->len && (at++, !number_at(w, &at, &status) || status > 255))
			return false;
		if (at < w->len || ref > newest ||
			!smsc_known_add_ref(s->known, &s->known_used, id, ref,
				status == UINT64_MAX ? SMSC_UNSETTLED : (int)status))
			return false;
	}
	return true;
}

static bool take_inbound(struct smsc *s, struct words *w)
{
	struct smsc_item *it = smsc_restore(s);

	if (!it || !number(w, &it->sender) || !number(w, &it->ref) || !take_end(w, it) ||
		!take_pdu(w, &it->sc, &it->t))
		return false;
	it->to_modem = it->as_given = true;
	return it->sender && it->ref && it->t.kind == TPDU_DELIVER && !is_here(s, it);
}

bool nv_take_sms_in(struct modem *m, const struct record *r)
{
	struct words w = words_of(r);

	if (!strcmp(r->key, "sender"))
		return take_sender(&m->smsc, &w);
	if (!strcmp(r->key, "message"))
		return take_inbound(&m->smsc, &w);
	return true;
}

void nv_clear_sms_in(struct modem *m)
{
	clear(&m->smsc, true);
	smsc_known_clear(m->smsc.known, &m->smsc.known_used);
}
