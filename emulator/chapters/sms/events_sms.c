/* Passes incoming messages, status reports and cell broadcast pages on to the host, or
 * stores them, as +CNMI says; waits for +CNMA; reports what was sent. */
#include "chapters/sms/events_sms.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/sms/sms.h"
#include "chapters/sms/sms_show.h"
#include "codec/cbm.h"
#include "codec/dcs.h"
#include "state/modem_state.h"
#include "state/nv.h"

static bool reachable(const struct modem *m)
{
	return m->power == POWER_ON && sim_ready(&m->sim) && net_registered(&m->net);
}

/* Storing */

/* 23.040 clause 9.2.3.9: PIDs 0x41 to 0x47 replace the message of the same sender and
 * PID. */
static struct sms_slot *replaced(
	struct modem *m, enum sms_store_id id, const struct tpdu *t, int *index)
{
	struct address sc;
	struct tpdu old;
	int i;

	if (t->kind != TPDU_DELIVER || t->pid < 0x41 || t->pid > 0x47)
		return NULL;
	for (i = 1; i <= sms_capacity(&m->sms, id); i++) {
		struct sms_slot *slot = sms_slot(&m->sms, id, i);

		if (!sms_read(slot, &sc, &old) || old.kind != TPDU_DELIVER)
			continue;
		*index = i;
		if (old.pid == t->pid && address_equal(&old.address, &t->address))
			return slot;
	}
	return NULL;
}

/* Returns the index, or 0 when the message could not be stored. */
static int keep(struct modem *m, enum sms_store_id id, const struct address *sc,
	const struct tpdu *t)
{
	int index = 0;
	struct sms_slot *slot = replaced(m, id, t, &index);
	struct sms_name last = m->sms.last[id];
	struct sms_slot before;

	if (!slot) {
		index = sms_free(&m->sms, id);
		slot = index ? sms_slot(&m->sms, id, index) : NULL;
	}
	if (!slot) {
		m->s.sms.turned_away = id == m->s.sms.mem[2];
		modem_blame(m, LOG_SMS, CLIENT_UNDELETED,
			"%s is full: a message waits until AT+CMGD makes room",
			name_of(sms_store_names, (int)id));
		return 0;
	}
	before = *slot;
	sms_write_tpdu(&m->sms, slot, SMS_UNREAD, sc, t);
	smsc_name(&m->smsc, &m->sms.last[id]);
	if (nv_save_messages(m, id)) {
		m->s.sms.turned_away &= id != m->s.sms.mem[2];
		return index;
	}
	*slot = before;
	m->sms.last[id] = last;
	return 0;
}

/* Direct routing */

/* With +CSMS=1 the host has to acknowledge the message. */
static enum smsc_answer routed_directly(struct modem *m)
{
	if (!m->live.csms)
		return SMSC_TAKEN;
	m->s.sms.waits = true;
	timer_arm(&m->sched, &m->s.acknowledge, m->profile->network.sms.acknowledge);
	return SMSC_PENDING;
}

/* sms.md +CNMA: without +CNMA direct routing ends. */
static void unacknowledged(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	m->s.sms.waits = false;
	m->live.cnmi_mt = m->live.cnmi_ds = 0;
	modem_blame(m, LOG_SMS, CLIENT_UNCONFIRMED,
		"AT+CNMA did not come in time: <mt> and <ds> of +CNMI are 0 now");
	smsc_answer(&m->smsc, SMSC_AWAY);
}

bool at_sms_acknowledge(struct modem *m, bool good)
{
	if (!m->s.sms.waits)
		return false;
	m->s.sms.waits = false;
	timer_stop(&m->sched, &m->s.acknowledge);
	smsc_answer(&m->smsc, good ? SMSC_TAKEN : SMSC_REFUSED);
	return true;
}

/* Routing (sms.md +CNMI) */

static enum smsc_answer report(
	struct modem *m, const struct address *sc, const struct tpdu *t)
{
	struct sms_lines l;
	int index;

	switch (m->live.cnmi_ds) {
	case 1:
		sms_lines_init(&l, "+CDS: ");
		sms_show_report(m, sc, t, &l);
		sms_lines_urc(m, &l);
		return routed_directly(m);
	case 2:
		index = keep(m, SMS_SR, sc, t);
		if (!index)
			return SMSC_FULL;
		at_urc(m, "+CDSI: \"SR\",%d", index);
		return SMSC_TAKEN;
	default:
		/* dropped, or kept for a host that reads SR (sms.md Status reports) */
		if (firmware_has(m->fw, QUIRK_REPORTS_KEPT) && !keep(m, SMS_SR, sc, t))
			return SMSC_FULL;
		return SMSC_TAKEN;
	}
}

static bool direct(const struct modem *m, int class)
{
	return (m->live.cnmi_mt == 2 && class != 2) ||
	       (m->live.cnmi_mt == 3 && class == 3);
}

static enum smsc_answer deliver(
	struct modem *m, const struct address *sc, const struct tpdu *t)
{
	struct dcs dcs = dcs_sms(t->dcs);
	enum sms_store_id id = dcs.class == 2 ? SMS_SM : m->s.sms.mem[2];
	struct sms_lines l;
	int index;

	if (t->pid == 0x40)
		return SMSC_TAKEN; /* 23.040 clause 9.2.3.9: only acknowledged */
	if (direct(m, dcs.class)) {
		sms_lines_init(&l, "+CMT: ");
		sms_show_deliver(m, sc, t, &l);
		sms_lines_urc(m, &l);
		return routed_directly(m);
	}
	if (dcs.waiting == DCS_WAITING_DISCARD)
		return SMSC_TAKEN;
	index = keep(m, id, sc, t);
	if (!index)
		return SMSC_FULL;
	if (m->live.cnmi_mt)
		at_urc(m, "+CMTI: \"%s\",%d", name_of(sms_store_names, (int)id), index);
	return SMSC_TAKEN;
}

static enum smsc_answer at_sms_arrives(
	void *ctx, const struct address *sc, const struct tpdu *t)
{
	struct modem *m = ctx;

	if (!reachable(m))
		return SMSC_AWAY;
	return t->kind == TPDU_STATUS_REPORT ? report(m, sc, t) : deliver(m, sc, t);
}

/* Cell broadcast */

static void keep_page(struct modem *m, const uint8_t *page)
{
	int index = sms_free(&m->sms, SMS_BM);

	if (!index)
		index = sms_oldest(&m->sms, SMS_BM);
	sms_write(
		&m->sms, sms_slot(&m->sms, SMS_BM, index), SMS_UNREAD, page, CBM_OCTETS);
	if (m->live.cnmi_bm)
		at_urc(m, "+CBMI: \"BM\",%d", index);
}

/* A page of 88 octets arrives; false when the host has not asked for it, or the modem is
 * not registered. */
static bool at_page_arrives(struct modem *m, const uint8_t *page)
{
	struct sms_lines l;
	struct cbm c;
	int class;

	if (!reachable(m) || cbm_decode(page, CBM_OCTETS, &c) != PDU_OK ||
		!sms_pages_wanted(&m->s.sms.params, c.id, c.dcs))
		return false;
	class = dcs_broadcast(c.dcs).class;
	if (m->live.cnmi_bm == 2 || (m->live.cnmi_bm == 3 && class == 3)) {
		sms_lines_init(&l, "+CBM: ");
		sms_show_page(m, page, &l);
		sms_lines_urc(m, &l);
	} else {
		keep_page(m, page);
	}
	return true;
}

/* The number of pages that the text needs; 0: its DCS cannot carry it. */
static int count_pages(const struct cbm *first, const struct text *text)
{
	struct cbm c = *first;
	size_t done = 0, used;
	int pages = 0;

	do {
		if (cbm_set_text(&c, text->cp + done, text->n - done, &used) != PDU_OK ||
			(!used && text->n))
			return 0;
		done += used;
		pages++;
	} while (done < text->n && pages <= CBM_PAGES);
	return pages;
}

const char *at_page_send(struct modem *m, const struct sms_page *p)
{
	uint32_t cp[CBM_PAGES * CBM_SEPTETS];
	struct cbm c = { .serial = (uint16_t)p->serial,
		.id = (uint16_t)p->id,
		.dcs = (uint8_t)p->dcs };
	char mem[CBM_OCTETS];
	size_t done = 0, used;
	struct text text;
	struct buf b;
	int pages;

	text_init(&text, cp, sizeof(cp) / sizeof(cp[0]));
	if (!utf8_decode(p->text, strlen(p->text), &text))
		return "the text needs more than 15 pages; shorten it";
	pages = count_pages(&c, &text);
	if (!pages || pages > CBM_PAGES)
		return pages ? "the text needs more than 15 pages; shorten it"
			     : "the dcs is not for text, or its alphabet lacks a "
			       "character; write another dcs";
	c.pages = (uint8_t)pages;
	for (c.page = 1; c.page <= c.pages; c.page++) {
		cbm_set_text(&c, cp + done, text.n - done, &used);
		done += used;
		buf_init(&b, mem, sizeof(mem));
		cbm_encode(&c, &b);
		at_page_arrives(m, (const uint8_t *)mem);
	}
	return NULL;
}

/* Sent messages */

static void at_sms_submitted(void *ctx, int cause)
{
	struct modem *m = ctx;

	struct channel *ch = m->s.sms.submitter;
	const struct at_cmd *cmd = ch ? at_running(ch) : NULL;

	if (m->s.sms.of_sim) {
		m->s.sms.of_sim = false;
		toolkit_done(&m->toolkit, !cause, NULL);
		return;
	}
	m->s.sms.submitter = NULL;
	m->s.sms.cause = cause;
	/* a fault rule may have ended the command */
	if (cmd && (!strcmp(cmd->name, "+CMGS") || !strcmp(cmd->name, "+CMSS")))
		at_wake(ch, AT_WHY_NET);
}

/* Callbacks of the service centre; ctx is the modem. */
static void at_sms_told(void *ctx, const struct smsc_sent *sent)
{
	struct modem *m = ctx;
	char text[SMSC_TEXT + 64];
	struct buf b;

	buf_init(&b, text, sizeof(text) - 1);
	buf_puts(&b, "to ");
	address_print(&sent->to, &b);
	if (sent->concat.total > 1)
		buf_printf(&b, " (%d of %d parts)", sent->parts, sent->concat.total);
	if (sent->status >= 0)
		buf_printf(&b, ", status %d", sent->status);
	buf_puts(&b, ": ");
	buf_puts(&b, smsc_outbox_text(&m->smsc, sent));
	text[b.len] = '\0';
	modem_notify(m, NOTICE_SMS, text, (long)sent->id);
}

static bool at_sms_keep(void *ctx, enum smsc_record which)
{
	return nv_save_smsc(ctx, which);
}

/* Power */

void at_sms_init(struct modem *m)
{
	timer_init(&m->s.acknowledge, "wait for AT+CNMA", TIMER_WAIT, unacknowledged, m);
	m->smsc.deliver = at_sms_arrives;
	m->smsc.submitted = at_sms_submitted;
	m->smsc.told = at_sms_told;
	m->smsc.keep = at_sms_keep;
	m->smsc.ctx = m;
	m->smsc.neighbours = &m->ports.neighbours;
}

void at_sms_start(struct modem *m)
{
	struct sms_session *s = &m->s.sms;

	smsc_abort(&m->smsc);
	sms_clear(&m->sms, SMS_BM);
	s->params = m->sms_params;
	s->mem[0] = s->mem[1] = s->mem[2] = SMS_SM;
}

void at_sms_reachable(struct modem *m)
{
	if (reachable(m))
		smsc_reachable(&m->smsc);
}
