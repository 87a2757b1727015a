/* Writes messages as the host reads them, in PDU mode and text mode: the lines of +CMGR,
 * +CMGL, +CMT, +CDS and +CBM. */
#include "chapters/sms/sms_show.h"

#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "chapters/general/te_text.h"
#include "chapters/phonebook/book_dial.h"
#include "codec/cbm.h"
#include "codec/hex.h"
#include "codec/userdata.h"
#include "state/modem_state.h"

const struct name sms_stat_names[] = {
	{ SMS_UNREAD, "REC UNREAD", NULL },
	{ SMS_READ, "REC READ", NULL },
	{ SMS_UNSENT, "STO UNSENT", NULL },
	{ SMS_SENT, "STO SENT", NULL },
	{ SMS_ALL, "ALL", NULL },
	{ 0, NULL, NULL },
};

void sms_lines_init(struct sms_lines *l, const char *fmt, ...)
{
	va_list ap;

	buf_init(&l->head, l->head_mem, sizeof(l->head_mem));
	buf_init(&l->data, l->data_mem, sizeof(l->data_mem));
	l->two = false;
	va_start(ap, fmt);
	buf_vprintf(&l->head, fmt, ap);
	va_end(ap);
}

void sms_lines_info(struct channel *ch, const struct sms_lines *l)
{
	at_info_bytes(ch, l->head.data, l->head.len);
	if (l->two)
		at_info_bytes(ch, l->data.data, l->data.len);
}

void sms_lines_urc(struct modem *m, const struct sms_lines *l)
{
	at_urc_lines(
		m, l->head.data, l->head.len, l->two ? l->data.data : NULL, l->data.len);
}

/* A character that the TE's set lacks is shown as a question mark. */
static void te_shown(const struct modem *m, struct te_text *te)
{
	te_text(m, te);
	te->cs.policy = CHARSET_QUESTION;
}

/* Fields */

/* A name is converted to the character set, digits stay digits. */
static void put_address(const struct modem *m, const struct address *a, struct buf *b)
{
	struct te_text te;

	buf_putc(b, '"');
	if (address_alphanumeric(a)) {
		te_shown(m, &te);
		charset_from_septets(&te.cs, (const uint8_t *)a->text, a->len, b);
	} else {
		address_print(a, b);
	}
	buf_putc(b, '"');
}

/* <alpha>, a field that AT+CSDH=1 adds: the name of the number in the phonebooks. That
 * PDU mode has it too is inferred. */
static void put_alpha(const struct modem *m, const struct address *a, struct buf *b)
{
	char number[ADDRESS_DIGITS + 2], text[4 * CONTACT_TEXT];
	struct buf digits, name;

	if (!m->live.csdh || address_alphanumeric(a))
		return;
	buf_init(&digits, number, sizeof(number) - 1);
	address_print(a, &digits);
	number[digits.len] = '\0';
	buf_init(&name, text, sizeof(text));
	if (!at_book_name(m, number, &name))
		return;
	buf_putc(b, '"');
	buf_put(b, name.data, name.len);
	buf_putc(b, '"');
}

static void put_time(const uint8_t octets[TIMESTAMP_OCTETS], struct buf *b)
{
	struct timestamp t;

	timestamp_get(octets, &t);
	buf_putc(b, '"');
	timestamp_print(&t, b);
	buf_putc(b, '"');
}

/* <length> of text mode: characters of the user data. */
static int text_length(const struct tpdu *t)
{
	return dcs_sms(t->dcs).alphabet == DCS_UCS2 ? t->udl / 2 : t->udl;
}

static void put_validity(const struct tpdu *t, struct buf *b)
{
	switch (tpdu_validity(t)) {
	case VALIDITY_NONE:
		break;
	case VALIDITY_RELATIVE:
		buf_printf(b, "%d", t->vp.octets[0]);
		break;
	case VALIDITY_ABSOLUTE:
		put_time(t->vp.octets, b);
		break;
	case VALIDITY_ENHANCED:
		buf_putc(b, '"');
		hex_put(b, t->vp.octets, TIMESTAMP_OCTETS);
		buf_putc(b, '"');
		break;
	}
}

/* 27.005 clause 3.1 <data>: text as text, octets as hexadecimal digits. */
static void put_text(const struct modem *m, const struct tpdu *t, struct buf *b)
{
	uint8_t septets[USERDATA_SEPTETS];
	struct te_text te;

	te_shown(m, &te);
	if (!userdata_in_septets(t) || t->fo & TPDU_UDHI)
		hex_put(b, t->ud, t->ud_octets);
	else
		charset_from_septets(&te.cs, septets, userdata_septets(t, septets), b);
}

static void put_centre(const struct modem *m, const struct address *sc, struct buf *b)
{
	if (!sc->len)
		sc = &m->s.sms.params.centre;
	put_address(m, sc, b);
	buf_printf(b, ",%d", sc->len ? sc->type : ADDRESS_UNKNOWN);
}

/* Kinds of messages */

/* The fields that +CSDH=1 adds. */
static void put_details(
	struct modem *m, const struct address *sc, const struct tpdu *t, struct buf *b)
{
	buf_printf(b, ",%d,%d,%d,%d,", t->address.type, t->fo, t->pid, t->dcs);
	if (t->kind == TPDU_SUBMIT) {
		put_validity(t, b);
		buf_putc(b, ',');
	}
	put_centre(m, sc, b);
	buf_printf(b, ",%d", text_length(t));
}

static void report_text(const struct modem *m, const struct tpdu *t, struct sms_lines *l)
{
	struct buf *b = &l->head;

	buf_printf(b, "%d,%d,", t->fo, t->mr);
	put_address(m, &t->address, b);
	buf_printf(b, ",%d,", t->address.type);
	put_time(t->scts, b);
	buf_putc(b, ',');
	put_time(t->dt, b);
	buf_printf(b, ",%d", t->st);
}

/* PDU mode: the octets as they are. */
static void show_octets(
	const uint8_t *octets, size_t len, size_t tpdu, struct sms_lines *l)
{
	buf_printf(&l->head, "%zu", tpdu);
	hex_put(&l->data, octets, len);
	l->two = true;
}

static void show_tpdu(const struct address *sc, const struct tpdu *t, struct sms_lines *l)
{
	size_t length;

	tpdu_write(sc, t, &l->data, &length);
	buf_printf(&l->head, "%zu", length);
	l->two = true;
}

void sms_show_deliver(struct modem *m, const struct address *sc, const struct tpdu *t,
	struct sms_lines *l)
{
	if (!m->live.cmgf) {
		put_alpha(m, &t->address, &l->head);
		buf_putc(&l->head, ',');
		show_tpdu(sc, t, l);
		return;
	}
	put_address(m, &t->address, &l->head);
	buf_putc(&l->head, ',');
	put_alpha(m, &t->address, &l->head);
	buf_putc(&l->head, ',');
	put_time(t->scts, &l->head);
	if (m->live.csdh)
		put_details(m, sc, t, &l->head);
	put_text(m, t, &l->data);
	l->two = true;
}

void sms_show_report(struct modem *m, const struct address *sc, const struct tpdu *t,
	struct sms_lines *l)
{
	if (m->live.cmgf)
		report_text(m, t, l);
	else
		show_tpdu(sc, t, l);
}

/* A page that is not text is shown as hexadecimal digits. */
static void page_text(struct modem *m, const struct cbm *c, struct buf *b)
{
	struct te_text te;
	uint32_t cp[CBM_SEPTETS];
	struct text t;
	size_t i;

	te_shown(m, &te);
	text_init(&t, cp, CBM_SEPTETS);
	if (!cbm_text(c, &t)) {
		hex_put(b, c->content, CBM_CONTENT);
		return;
	}
	if (dcs_broadcast(c->dcs).alphabet != DCS_UCS2) {
		charset_from_unicode(&te.cs, cp, t.n, b);
		return;
	}
	for (i = 0; i < t.n; i++)
		buf_printf(b, "%04X", (unsigned)cp[i] & 0xffff);
}

void sms_show_page(struct modem *m, const uint8_t *page, struct sms_lines *l)
{
	struct cbm c;

	if (!m->live.cmgf) {
		show_octets(page, CBM_OCTETS, CBM_OCTETS, l);
		return;
	}
	cbm_decode(page, CBM_OCTETS, &c);
	buf_printf(&l->head, "%d,%d,%d,%d,%d", c.serial, c.id, c.dcs, c.page, c.pages);
	page_text(m, &c, &l->data);
	l->two = true;
}

/* Stored messages */

static void put_status(struct modem *m, const struct sms_slot *slot, struct buf *b)
{
	if (m->live.cmgf)
		buf_printf(b, "\"%s\",", name_of(sms_stat_names, slot->status));
	else
		buf_printf(b, "%d,", slot->status);
}

/* PDU mode, and the beginning that text mode always has; true when nothing follows. */
static bool show_plain(
	struct modem *m, const struct sms_slot *slot, bool page, struct sms_lines *l)
{
	size_t centre = page ? 0 : slot->octets[0] + 1u;
	struct address sc;
	struct tpdu t;

	put_status(m, slot, &l->head);
	if (!m->live.cmgf) {
		if (!page && sms_read(slot, &sc, &t) && t.kind != TPDU_STATUS_REPORT)
			put_alpha(m, &t.address, &l->head);
		buf_putc(&l->head, ',');
		show_octets(slot->octets, slot->len, slot->len - centre, l);
		return true;
	}
	if (page)
		sms_show_page(m, slot->octets, l);
	return page;
}

void sms_show_read(
	struct modem *m, const struct sms_slot *slot, bool page, struct sms_lines *l)
{
	struct address sc;
	struct tpdu t;

	if (show_plain(m, slot, page, l) || !sms_read(slot, &sc, &t))
		return;
	switch (t.kind) {
	case TPDU_STATUS_REPORT:
		report_text(m, &t, l);
		return;
	case TPDU_DELIVER:
		sms_show_deliver(m, &sc, &t, l);
		return;
	case TPDU_SUBMIT:
	case TPDU_COMMAND:
	case TPDU_DELIVER_ACK:
	case TPDU_DELIVER_ERROR:
	case TPDU_SUBMIT_ACK:
	case TPDU_SUBMIT_ERROR:
		break;
	}
	put_address(m, &t.address, &l->head);
	buf_putc(&l->head, ',');
	put_alpha(m, &t.address, &l->head);
	if (m->live.csdh)
		put_details(m, &sc, &t, &l->head);
	put_text(m, &t, &l->data);
	l->two = true;
}

void sms_show_listed(
	struct modem *m, const struct sms_slot *slot, bool page, struct sms_lines *l)
{
	struct address sc;
	struct tpdu t;

	if (show_plain(m, slot, page, l) || !sms_read(slot, &sc, &t))
		return;
	if (t.kind == TPDU_STATUS_REPORT) {
		report_text(m, &t, l);
		return;
	}
	put_address(m, &t.address, &l->head);
	buf_putc(&l->head, ',');
	put_alpha(m, &t.address, &l->head);
	if (t.kind == TPDU_DELIVER) {
		buf_putc(&l->head, ',');
		if (m->live.csdh || !firmware_has(m->fw, QUIRK_CMGL_WITHOUT_TIME))
			put_time(t.scts, &l->head);
	} else if (m->live.csdh) {
		buf_putc(&l->head, ',');
	}
	if (m->live.csdh)
		buf_printf(&l->head, ",%d,%d", t.address.type, text_length(&t));
	put_text(m, &t, &l->data);
	l->two = true;
}
