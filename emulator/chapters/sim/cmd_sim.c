/* +CSIM and +CRSM: generic and restricted access to the SIM (sim.md +CSIM). */
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "codec/hex.h"
#include "gsm/sim_file.h"
#include "state/modem_state.h"
#include "state/nv_books.h"

#define APDU_MAX 261

/* GSM 11.11 clause 10.5.3: a message as EF-SMS holds it. */
static void put_sms(void *ctx, int index, uint8_t record[176])
{
	static const uint8_t status[] = {
		[SMS_UNREAD] = 3, [SMS_READ] = 1, [SMS_UNSENT] = 7, [SMS_SENT] = 5
	};
	struct modem *m = ctx;
	const struct sms_slot *slot = sms_slot(&m->sms, SMS_SM, index);

	if (!slot || !slot->used || slot->len > 175)
		return;
	record[0] = status[slot->status];
	memcpy(record + 1, slot->octets, slot->len);
}

/* What the files of the SIM show of the modem. smsc: room for the service centre of
 * EF-SMSP. */
static void fill_view(struct modem *m, struct sim_view *v, char smsc[ADDRESS_NUMBER])
{
	bool registered = net_registered(&m->net), saved = m->sms_params.saved;
	bool relative = (m->user.common.csmp_fo & TPDU_VPF) == VALIDITY_RELATIVE << 3;

	address_number(&m->sms_params.centre, smsc);
	*v = (struct sim_view){
		.sim = &m->sim,
		.books = &m->books,
		.plmn = registered ? m->net.cell->plmn : NULL,
		.lac = registered ? (unsigned)m->net.cell->lac : 0,
		.smsc = m->sms_params.centre.len ? smsc : NULL,
		.pid = saved ? m->user.common.csmp_pid : -1,
		.dcs = saved ? m->user.common.csmp_dcs : -1,
		.vp = saved && relative ? m->user.common.csmp_vp : -1,
		.cbmi = m->cbmi,
		.mr = m->s.sms.mr - 1,
		.sms_records = sms_capacity(&m->sms, SMS_SM),
		.sms = put_sms,
		.ctx = m,
		.acm = m->charge.accumulated,
		.acm_max = m->charge.limit,
	};
	charge_puct(m->charge.currency, m->charge.price, v->puct);
}

static void put_status(struct buf *b, const struct sim_response *r)
{
	uint8_t sw[2] = { (uint8_t)(r->sw >> 8), (uint8_t)r->sw };

	hex_put(b, sw, sizeof(sw));
}

/* +CSIM */

/* Instructions that only the modem may send to the SIM. */
static bool is_refused(uint8_t ins)
{
	static const uint8_t refused[] = { 0xd6, 0xdc, 0x32, 0x44, 0x04, 0x88, 0x20, 0x24,
		0x26, 0x28, 0x2c, 0xfa, 0xc0 };

	return memchr(refused, ins, sizeof(refused)) != NULL;
}

/* Instructions whose byte 5 is the length of the data that follow. */
static bool has_data(uint8_t ins)
{
	static const uint8_t with[] = { 0xa4, 0x10, 0xc2, 0x14, 0xa2 };

	return memchr(with, ins, sizeof(with)) != NULL;
}

static int run_csim(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct at_arg *arg = &c->arg[1];
	char text[2 * SIM_RESPONSE + 8];
	uint8_t apdu[APDU_MAX];
	struct sim_response r;
	struct sim_view v;
	char smsc[ADDRESS_NUMBER];
	struct buf b;
	size_t n;

	if (c->form == AT_READ)
		return AT_OK;
	if ((size_t)c->arg[0].num != arg->len ||
		!hex_decode(arg->text, arg->len, apdu, sizeof(apdu), &n))
		return AT_CME(CME_NOT_ALLOWED);
	if (is_refused(apdu[1]) || (has_data(apdu[1]) && apdu[4] != n - 5))
		return AT_CME(CME_NOT_ALLOWED);
	fill_view(m, &v, smsc);
	sim_apdu(&m->s.selection, &v, apdu, n, &r);
	buf_init(&b, text, sizeof(text));
	hex_put(&b, r.data, r.len);
	put_status(&b, &r);
	at_info(ch, "+CSIM: %d,\"%.*s\"", (int)b.len, (int)b.len, text);
	return AT_OK;
}

/* +CRSM */

/* Only GET RESPONSE and STATUS need no file and no P1 to P3 (GDW-11 p. 19). */
static bool lacks_parameters(const struct at_call *c)
{
	int command = c->arg[0].num;

	return command != 192 && command != 242 &&
	       !(at_given(c, 1) && at_given(c, 2) && at_given(c, 3) && at_given(c, 4));
}

static int run_crsm(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const int p[3] = { c->arg[2].num, c->arg[3].num, c->arg[4].num };
	char text[2 * SIM_RESPONSE + 1];
	uint8_t data[SIM_RESPONSE];
	struct sim_response r;
	struct sim_view v;
	char smsc[ADDRESS_NUMBER];
	struct buf b;
	size_t n = 0;

	if (c->form == AT_READ)
		return AT_OK;
	if (lacks_parameters(c))
		return AT_CME(CME_NOT_ALLOWED);
	if (at_given(c, 5) &&
		!hex_decode(c->arg[5].text, c->arg[5].len, data, sizeof(data), &n))
		return AT_CME(CME_NOT_ALLOWED);
	fill_view(m, &v, smsc);
	if (!sim_restricted(&v, c->arg[0].num, (uint16_t)c->arg[1].num, p, data, n, &r))
		return AT_CME(CME_NOT_ALLOWED);
	if (r.index && !nv_save_contact(m, r.book, r.index, &r.was))
		return AT_CME(CME_MEMORY);
	buf_init(&b, text, sizeof(text));
	hex_put(&b, r.data, r.len);
	if (b.len)
		at_info(ch, "+CRSM: %u,%u,\"%.*s\"", r.sw >> 8, r.sw & 0xff, (int)b.len,
			text);
	else
		at_info(ch, "+CRSM: %u,%u", r.sw >> 8, r.sw & 0xff);
	return AT_OK;
}

const struct at_cmd at_cmds_sim[] = {
	{ .name = "+CSIM",
		.see = "sim.md +CSIM",
		.forms = AT_SRT,
		.test = "",
		.needs = AT_NEED_SIM,
		.open = AT_TEST,
		.run = run_csim,
		.param = { { "length", AT_INT, "(10-522)", 10 },
			{ "command", AT_HEX, NULL, 0 } } },
	{ .name = "+CRSM",
		.see = "sim.md +CRSM; GDW-11 p. 19",
		.forms = AT_SRT,
		.test = "",
		.needs = AT_NEED_SIM,
		.open = AT_TEST,
		.run = run_crsm,
		.param = { { "command", AT_INT, "(176,178,192,214,220,242)", 192 },
			{ "file", AT_INT, "(0-65535)", 0, .optional = true },
			{ "p1", AT_INT, "(0-255)", 0, .optional = true },
			{ "p2", AT_INT, "(0-255)", 0, .optional = true },
			{ "p3", AT_INT, "(0-255)", 0, .optional = true },
			{ "data", AT_HEX, NULL, 0, .optional = true } } },
	{ 0 },
};
