/* The records of the message stores and of message parameters. */
#include "state/nv_sms.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "state/modem_state.h"
#include "state/nv_smsc.h"

/* stores: "position status-and-octets", and the last message of a neighbour, or report
 * about one for a neighbour: "last sender ref" */

static void put_last(const struct sms_name *last, struct buf *b)
{
	if (last->ref)
		buf_printf(b, "last %llu %llu\n", (unsigned long long)last->sender,
			(unsigned long long)last->ref);
}

static void put_store(const struct modem *m, enum sms_store_id id, struct buf *b)
{
	int i;

	for (i = 1; i <= sms_top(&m->sms, id); i++) {
		const struct sms_slot *slot = sms_slot((struct sms *)&m->sms, id, i);
		uint8_t octets[1 + SMS_OCTETS];
		char key[12];

		if (!slot->used)
			continue;
		snprintf(key, sizeof(key), "%d", i);
		octets[0] = slot->status;
		memcpy(octets + 1, slot->octets, slot->len);
		record_put_hex(b, key, octets, 1u + slot->len);
	}
	put_last(&m->sms.last[id], b);
}

/* The position that a key of digits names, 0 if it is not one. */
static int place_of(const char *key)
{
	int n = 0;

	for (; *key; key++) {
		if (!isdigit((unsigned char)*key) || n > 9999)
			return 0;
		n = n * 10 + (*key - '0');
	}
	return n;
}

/* When the SIM has fewer positions than the one before, messages beyond them are
 * dropped. */
static bool take_store(struct modem *m, enum sms_store_id id, const struct record *r)
{
	struct sms_slot *slot = sms_slot(&m->sms, id, place_of(r->key));
	uint8_t octets[1 + SMS_OCTETS];

	if (!strcmp(r->key, "last"))
		return nv_take_name(r, &m->sms.last[id]);
	if (!slot)
		return true;
	if (r->len < 4 || r->len > 2 * sizeof(octets) ||
		!record_hex(r, octets, r->len / 2) || octets[0] > SMS_SENT)
		return false;
	sms_write(&m->sms, slot, (enum sms_status)octets[0], octets + 1, r->len / 2 - 1);
	return true;
}

void nv_put_sms_sm(const struct modem *m, struct buf *b)
{
	put_store(m, SMS_SM, b);
}

bool nv_take_sms_sm(struct modem *m, const struct record *r)
{
	return take_store(m, SMS_SM, r);
}

void nv_clear_sms_sm(struct modem *m)
{
	sms_clear(&m->sms, SMS_SM);
}

void nv_put_sms_me(const struct modem *m, struct buf *b)
{
	put_store(m, SMS_ME, b);
}

bool nv_take_sms_me(struct modem *m, const struct record *r)
{
	return take_store(m, SMS_ME, r);
}

void nv_clear_sms_me(struct modem *m)
{
	sms_clear(&m->sms, SMS_ME);
}

void nv_put_sms_sr(const struct modem *m, struct buf *b)
{
	put_store(m, SMS_SR, b);
}

bool nv_take_sms_sr(struct modem *m, const struct record *r)
{
	return take_store(m, SMS_SR, r);
}

/* parameters */

void nv_put_sms(const struct modem *m, struct buf *b)
{
	const struct sms_params *p = &m->sms_params;

	record_put_text(b, "centre", p->centre.text);
	record_put(b, "centre_type", p->centre.type);
	record_put(b, "saved", p->saved);
	record_put(b, "cb_mode", p->cb_mode);
	record_put_text(b, "mids", p->mids);
	record_put_text(b, "dcss", p->dcss);
	record_put_text(b, "cbmi", m->cbmi);
}

bool nv_take_sms(struct modem *m, const struct record *r)
{
	struct sms_params *p = &m->sms_params;
	int n;

	if (!strcmp(r->key, "centre")) {
		p->centre.len = r->len > ADDRESS_DIGITS ? 0 : (uint8_t)r->len;
		return record_text(r, p->centre.text, sizeof(p->centre.text));
	}
	if (!strcmp(r->key, "centre_type")) {
		if (!record_int_in(r, 0, 255, &n))
			return false;
		p->centre.type = (uint8_t)n;
		return true;
	}
	if (!strcmp(r->key, "saved")) {
		if (!record_int_in(r, 0, 1, &n))
			return false;
		p->saved = n;
		return true;
	}
	if (!strcmp(r->key, "cb_mode"))
		return record_int_in(r, 0, 1, &p->cb_mode);
	if (!strcmp(r->key, "mids"))
		return record_text(r, p->mids, sizeof(p->mids));
	if (!strcmp(r->key, "dcss"))
		return record_text(r, p->dcss, sizeof(p->dcss));
	if (!strcmp(r->key, "cbmi"))
		return record_text(r, m->cbmi, sizeof(m->cbmi));
	return true;
}
