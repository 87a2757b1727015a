/* Makes messages of the text typed at the prompts of +CMGS and +CMGW, and reads the
 * arguments of message commands. */
#include "chapters/sms/sms_make.h"

#include <ctype.h>
#include <string.h>

#include "at/prompt.h"
#include "chapters/general/te_text.h"
#include "chapters/sms/sms_show.h"
#include "codec/hex.h"
#include "codec/timestamp.h"
#include "codec/userdata.h"
#include "state/modem_state.h"

#define PDU_MODE  304
#define TEXT_MODE 305
#define SHORTEST  3 /* digits of an address, sms.md Text checks */

int sms_make_pdu(struct channel *ch, enum tpdu_kind kind, size_t length,
	struct address *sc, struct tpdu *t)
{
	size_t len;
	const char *text = at_prompt_text(ch, &len);
	enum pdu_error e = text ? tpdu_read(kind, text, len, length, sc, t) : PDU_LONG;

	if (e == PDU_OK)
		return AT_OK;
	channel_blame(ch, LOG_SMS, CLIENT_PDU, "%s", name_of(pdu_error_names, (int)e));
	return AT_CMS(PDU_MODE);
}

/* Digits become octets (27.005 clause 3.1 <data>). */
static enum pdu_error set_octets(struct tpdu *t, const char *text, size_t len)
{
	uint8_t octets[TPDU_TEXT_UD];
	size_t n;

	if (!hex_decode(text, len, octets, sizeof(octets), &n))
		return PDU_DIGITS;
	if (dcs_sms(t->dcs).alphabet == DCS_UCS2 && n % 2)
		return PDU_DIGITS;
	return userdata_set_octets(t, NULL, 0, octets, n);
}

static enum pdu_error set_text(
	struct modem *m, struct tpdu *t, const char *text, size_t len)
{
	struct te_text te;
	char septets[TPDU_SEPTETS];
	struct buf b;

	te_text(m, &te);
	te.cs.policy = CHARSET_NEAREST;
	if (firmware_has(m->fw, QUIRK_SMS_TEXT_EXT_DROP) ||
		firmware_has(m->fw, QUIRK_SMS_TEXT_EXT_305)) {
		te.cs.no_extension = true;
		te.cs.policy = firmware_has(m->fw, QUIRK_SMS_TEXT_EXT_305)
				       ? CHARSET_REFUSE
				       : CHARSET_DROP;
	}
	buf_init(&b, septets, sizeof(septets));
	switch (charset_to_septets(&te.cs, text, len, &b)) {
	case CHARSET_OK:
		break;
	case CHARSET_UNKNOWN:
		return PDU_TEXT_CHARACTER;
	case CHARSET_DIGITS:
	case CHARSET_VALUE:
		return PDU_DIGITS;
	case CHARSET_FULL:
		return PDU_TEXT_LENGTH;
	}
	return userdata_set_septets(t, NULL, 0, (const uint8_t *)septets, b.len);
}

static void set_now(struct modem *m, uint8_t octets[TIMESTAMP_OCTETS])
{
	struct timestamp t;

	timestamp_from_unix(clock_now(&m->clock), 0, &t);
	timestamp_put(&t, octets);
}

int sms_make_text(
	struct channel *ch, enum tpdu_kind kind, const struct address *a, struct tpdu *t)
{
	struct modem *m = ch->modem;
	size_t len;
	const char *text = at_prompt_text(ch, &len);
	enum pdu_error e = PDU_TEXT_LENGTH;

	tpdu_init(t, kind);
	t->address = *a;
	t->pid = (uint8_t)m->live.csmp_pid;
	t->dcs = (uint8_t)m->live.csmp_dcs;
	if (kind == TPDU_SUBMIT) {
		t->fo = (uint8_t)((m->live.csmp_fo & ~TPDU_MTI) | (t->fo & TPDU_MTI));
		t->vp.octets[0] = (uint8_t)m->live.csmp_vp;
	} else {
		t->fo |= TPDU_MMS;
		set_now(m, t->scts);
	}
	if (text)
		e = dcs_sms(t->dcs).alphabet == DCS_GSM7 ? set_text(m, t, text, len)
							 : set_octets(t, text, len);
	if (e == PDU_OK)
		return AT_OK;
	channel_blame(ch, LOG_SMS, CLIENT_TEXT, "%s", name_of(pdu_error_names, (int)e));
	return AT_CMS(TEXT_MODE);
}

int sms_make_address(const struct at_call *c, size_t at, struct address *a)
{
	long type = at_given(c, at + 1) ? sms_number_of(&c->arg[at + 1]) : 0;
	const struct at_arg *arg = &c->arg[at];

	if (type < 0 || type > 255 || (type && type < 128))
		return AT_CMS(TEXT_MODE);
	if (address_parse(a, arg->text, arg->len, (uint8_t)type) != PDU_OK ||
		(!address_alphanumeric(a) && a->len < SHORTEST))
		return AT_CMS(TEXT_MODE);
	return AT_OK;
}

int sms_status_of(const struct modem *m, const struct at_arg *arg)
{
	const struct name *n;
	long number;

	if (!m->live.cmgf) {
		number = sms_number_of(arg);
		return number >= SMS_UNREAD && number <= SMS_ALL ? (int)number : -1;
	}
	for (n = sms_stat_names; n->name; n++)
		if (strlen(n->name) == arg->len && !memcmp(n->name, arg->text, arg->len))
			return n->value;
	return -1;
}

long sms_number_of(const struct at_arg *arg)
{
	long n = 0;
	size_t i;

	if (arg->quoted || !arg->len || arg->len > 8)
		return -1;
	for (i = 0; i < arg->len; i++) {
		if (!isdigit((unsigned char)arg->text[i]))
			return -1;
		n = n * 10 + (arg->text[i] - '0');
	}
	return n;
}
