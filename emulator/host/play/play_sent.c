/* The step `sent`: checks the newest message in the outbox. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "host/play/player_int.h"
#include "modem.h"

enum sent_field {
	SENT_TO,
	SENT_FROM,
	SENT_TEXT,
	SENT_ALPHABET,
	SENT_CLASS,
	SENT_PID,
	SENT_DCS,
	SENT_REFERENCE,
	SENT_PARTS,
	SENT_TOTAL,
	SENT_REPORT,
	SENT_RESULT,
	SENT_STATUS,
	SENT_PDU,
};

const struct name sent_names[] = {
	{ SENT_TO, "to", "with + if international" },
	{ SENT_FROM, "from", "the number of the SIM" },
	{ SENT_TEXT, "text", "as the recipient reads it; data as hexadecimal digits" },
	{ SENT_ALPHABET, "alphabet", "gsm7, ucs2, data" },
	{ SENT_CLASS, "class", "0 to 3; -1: no class" },
	{ SENT_PID, "pid", NULL },
	{ SENT_DCS, "dcs", NULL },
	{ SENT_REFERENCE, "reference", "of the last part" },
	{ SENT_PARTS, "parts", "number of parts that have come" },
	{ SENT_TOTAL, "total", "number of parts of the whole text" },
	{ SENT_REPORT, "report", "none, asked, made" },
	{ SENT_RESULT, "result", "waiting, delivered, expired, failed" },
	{ SENT_STATUS, "status", "of the worst part; -1: not known yet" },
	{ SENT_PDU, "pdu", "without service centre; parts separated by blanks" },
	{ 0, NULL, NULL },
};

static bool newest(const struct modem *m, struct modem_sent *out)
{
	bool any = false;

	for (out->id = 0; modem_outbox_next(m, out->id, out);)
		any = true;
	return any;
}

static void put_pdus(const struct modem *m, const struct modem_sent *s, struct buf *b)
{
	int part;

	for (part = 1; part <= s->total; part++) {
		if (part > 1)
			buf_putc(b, ' ');
		if (!modem_outbox_pdu(m, s->id, part, b))
			buf_putc(b, '-');
	}
}

static void put_field(const struct modem *m, const struct modem_sent *s,
	enum sent_field field, struct buf *b)
{
	const int numbers[] = {
		[SENT_CLASS] = s->class,
		[SENT_PID] = s->pid,
		[SENT_DCS] = s->dcs,
		[SENT_REFERENCE] = s->reference,
		[SENT_PARTS] = s->parts,
		[SENT_TOTAL] = s->total,
		[SENT_STATUS] = s->status,
	};

	switch (field) {
	case SENT_TO:
		buf_puts(b, s->to);
		break;
	case SENT_FROM:
		buf_puts(b, s->from);
		break;
	case SENT_TEXT:
		buf_puts(b, s->text);
		break;
	case SENT_ALPHABET:
		buf_puts(b, name_of(modem_sms_alphabets, (int)s->alphabet));
		break;
	case SENT_REPORT:
		buf_puts(b, s->report_sent ? "made" : s->report_asked ? "asked" : "none");
		break;
	case SENT_RESULT:
		buf_puts(b, name_of(modem_sent_results, (int)s->result));
		break;
	case SENT_PDU:
		put_pdus(m, s, b);
		break;
	case SENT_CLASS:
	case SENT_PID:
	case SENT_DCS:
	case SENT_REFERENCE:
	case SENT_PARTS:
	case SENT_TOTAL:
	case SENT_STATUS:
		buf_printf(b, "%d", numbers[field]);
		break;
	}
}

void play_sent(struct player *p, const struct step *step)
{
	char mem[4096];
	struct modem_sent sent;
	struct buf b;
	size_t i;

	if (!newest(p->modem, &sent)) {
		play_fail(p, step->at, "the modem has not sent anything");
		return;
	}
	for (i = 0; i < step->sent->n; i++) {
		const struct doc_item *item = &step->sent->items[i];
		const struct name *n = name_find(sent_names, item->key);

		buf_init(&b, mem, sizeof(mem) - 1);
		put_field(p->modem, &sent, (enum sent_field)n->value, &b);
		mem[b.len] = '\0';
		if (strcmp(mem, item->value->text) != 0)
			play_fail(p, item->value->at,
				"%s of the message is \"%s\", expected \"%s\"", item->key,
				mem, item->value->text);
	}
}
