/* What the modem has sent, as the recipient sees it (modem.h): the outbox, messages for an
 * outside service centre, and a data call. */
#include "codec/address.h"
#include "codec/dcs.h"
#include "codec/hex.h"
#include "codec/unicode.h"
#include "modem.h"
#include "state/modem_state.h"

#define ST_PERMANENT 0x40 /* and above: never delivered (23.040 clause 9.2.3.15) */
#define ST_EXPIRED   0x46

const struct name modem_sent_results[] = {
	{ MODEM_SENT_WAITING, "waiting",
		"parts are missing, or have not reached the recipient" },
	{ MODEM_SENT_DELIVERED, "delivered", "the recipient has it" },
	{ MODEM_SENT_EXPIRED, "expired", "the validity period ended first" },
	{ MODEM_SENT_FAILED, "failed", "the recipient will never get it" },
	{ 0, NULL, NULL },
};

static enum modem_sent_result result(const struct smsc_sent *sent)
{
	if (sent->status == ST_EXPIRED)
		return MODEM_SENT_EXPIRED;
	if (sent->status >= ST_PERMANENT)
		return MODEM_SENT_FAILED;
	/* from 0x20 to 0x3F the service centre is still trying */
	return sent->settled >= sent->concat.total && sent->status < 0x20
		       ? MODEM_SENT_DELIVERED
		       : MODEM_SENT_WAITING;
}

static enum modem_sms_alphabet alphabet(struct dcs dcs)
{
	if (dcs.compressed || dcs.alphabet == DCS_8BIT)
		return MODEM_SMS_DATA;
	return dcs.alphabet == DCS_UCS2 ? MODEM_SMS_UCS2 : MODEM_SMS_GSM7;
}

static void put_number(const struct address *a, char *out, size_t size)
{
	uint32_t cp[ADDRESS_DIGITS + 1];
	struct text text;
	struct buf b;

	text_init(&text, cp, ADDRESS_DIGITS + 1);
	buf_init(&b, out, size - 1);
	if (a->len && address_text(a, &text))
		utf8_encode(cp, text.n, &b);
	out[b.len] = '\0';
}

bool modem_outbox_next(const struct modem *m, uint32_t after, struct modem_sent *out)
{
	const struct smsc_sent *sent = smsc_outbox_next(&m->smsc, after);
	struct dcs dcs;

	if (!sent)
		return false;
	dcs = dcs_sms(sent->dcs);
	*out = (struct modem_sent){
		.id = sent->id,
		.at = sent->at,
		.clock = m->smsc.epoch + (int64_t)(sent->at / SEC(1)),
		.text = smsc_outbox_text(&m->smsc, sent),
		.alphabet = alphabet(dcs),
		.class = dcs.class,
		.pid = sent->pid,
		.dcs = sent->dcs,
		.reference = sent->mr,
		.parts = sent->parts,
		.total = sent->concat.total,
		.report_asked = sent->asked,
		.report_sent = sent->reported,
		.result = result(sent),
		.status = sent->status,
	};
	put_number(&sent->to, out->to, sizeof(out->to));
	put_number(&m->smsc.own, out->from, sizeof(out->from));
	return true;
}

bool modem_outbox_pdu(const struct modem *m, uint32_t id, int part, struct buf *out)
{
	const struct smsc_pdu *pdu = smsc_outbox_pdu(&m->smsc, id, part);

	return pdu && hex_put(out, pdu->octets, pdu->len);
}

bool modem_handed_next(const struct modem *m, uint64_t after, struct modem_handed *out)
{
	const struct smsc_item *it = smsc_outside_next(&m->smsc, after);

	if (!it)
		return false;
	*out = (struct modem_handed){
		.ref = it->ref,
		.message = it->sent,
		.reference = it->mr,
		.report_asked = it->report,
		.expires = it->expires,
	};
	put_number(&it->peer, out->to, sizeof(out->to));
	put_number(&m->smsc.own, out->from, sizeof(out->from));
	return true;
}

bool modem_handed_pdu(const struct modem *m, uint64_t ref, struct buf *out)
{
	const struct smsc_item *it = ref ? smsc_outside_next(&m->smsc, ref - 1) : NULL;
	size_t length;

	return it && it->ref == ref && tpdu_write(&m->smsc.number, &it->t, out, &length);
}

uint64_t modem_far_received(const struct modem *m, char out[MODEM_FAR_KEPT], size_t *len)
{
	uint64_t n = m->far_end.received, i = n > MODEM_FAR_KEPT ? n - MODEM_FAR_KEPT : 0;

	for (*len = 0; i < n; i++)
		out[(*len)++] = m->far_end.newest[i % MODEM_FAR_KEPT];
	return n;
}
