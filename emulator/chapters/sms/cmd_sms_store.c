/* Messages in their stores: read, list, delete, change, copy (sms.md Stores). */
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/sms/sms_make.h"
#include "chapters/sms/sms_show.h"
#include "state/modem_state.h"
#include "state/nv.h"

#define BAD_STATUS 302
#define BAD_INDEX  321
#define NO_ROOM    538 /* for a copy of AT+WMCP */
#define INVALID    539

#define A_PIECE 2 /* messages that +CMGL lists at once */

#define SIM_SLOT MS(31) /* a message on the SIM takes 47 ms, an empty location 16 */

/* Stores a change, or undoes it when the memory fails. */
static int commit(struct modem *m, enum sms_store_id id, const struct sms_copy *before)
{
	if (id == SMS_BM || nv_save_messages(m, id))
		return AT_OK;
	sms_restore(&m->sms, before);
	return AT_CME(CME_MEMORY);
}

/* +CMGR */

/* Reading an unread message changes its status, unless AT+WUSS=1. */
static bool mark_read(const struct modem *m, struct sms_slot *slot)
{
	if (m->live.wuss || slot->status != SMS_UNREAD)
		return false;
	slot->status = SMS_READ;
	return true;
}

/* Stores that these have been read, or undoes it when the memory fails. */
static int commit_read(
	struct modem *m, enum sms_store_id id, struct sms_slot *const read[], size_t n)
{
	size_t i;

	if (!n || id == SMS_BM || nv_save_messages(m, id))
		return AT_OK;
	for (i = 0; i < n; i++)
		read[i]->status = SMS_UNREAD;
	return AT_CME(CME_MEMORY);
}

static int show(struct channel *ch, struct sms_slot *slot)
{
	struct modem *m = ch->modem;
	enum sms_store_id id = m->s.sms.mem[0];
	struct sms_lines l;
	struct address sc;
	struct tpdu t;

	if (m->live.cmgf && id != SMS_BM && !sms_read(slot, &sc, &t))
		return AT_CMS(INVALID);
	sms_lines_init(&l, "+CMGR: ");
	sms_show_read(m, slot, id == SMS_BM, &l);
	if (commit_read(m, id, &slot, mark_read(m, slot)) != AT_OK)
		return AT_CME(CME_MEMORY);
	sms_lines_info(ch, &l);
	return AT_OK;
}

static int more_cmgr(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;
	struct sms_slot *slot = sms_slot(&m->sms, m->s.sms.mem[0], c->arg[0].num);

	(void)why;
	return slot && slot->used ? show(ch, slot) : AT_OK;
}

static int run_cmgr(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	enum sms_store_id id = m->s.sms.mem[0];
	struct sms_slot *slot = sms_slot(&m->sms, id, c->arg[0].num);

	if (!slot)
		return AT_CMS(BAD_INDEX);
	if (!slot->used)
		return firmware_has(m->fw, QUIRK_CMGR_EMPTY_321) ? AT_CMS(BAD_INDEX)
								 : AT_OK;
	if (id != SMS_SM)
		return show(ch, slot);
	at_wait(ch, SIM_SLOT, TIMER_OWN);
	return AT_PENDING;
}

/* +CMGL */

/* Status reports always count as read (sms.md +CMGR). */
static bool matches(enum sms_store_id id, const struct sms_slot *slot, int status)
{
	int is = id == SMS_SR ? SMS_READ : slot->status;

	return slot->used && (status == SMS_ALL || status == is);
}

static int wanted(const struct modem *m, const struct at_call *c)
{
	return at_given(c, 0) ? sms_status_of(m, &c->arg[0]) : SMS_UNREAD;
}

/* Lists a few messages per call; step is the last location examined. */
static int more_cmgl(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;
	enum sms_store_id id = m->s.sms.mem[0];
	struct sms_slot *slot, *read[A_PIECE];
	struct sms_lines l;
	size_t n = 0;
	int shown = 0, status = wanted(m, c);

	(void)why;
	while (shown < A_PIECE && (slot = sms_slot(&m->sms, id, c->step + 1))) {
		c->step++;
		if (!matches(id, slot, status))
			continue;
		shown++;
		sms_lines_init(&l, "+CMGL: %d,", c->step);
		sms_show_listed(m, slot, id == SMS_BM, &l);
		sms_lines_info(ch, &l);
		if (mark_read(m, slot))
			read[n++] = slot;
	}
	if (commit_read(m, id, read, n) != AT_OK)
		return AT_CME(CME_MEMORY);
	return c->step < sms_capacity(&m->sms, id) ? AT_MORE : AT_OK;
}

static int run_cmgl(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	if (c->form == AT_TEST) {
		at_info(ch, m->live.cmgf ? "+CMGL: (\"REC UNREAD\",\"REC READ\",\"STO "
					   "UNSENT\",\"STO SENT\",\"ALL\")"
					 : "+CMGL: (0-4)");
		return AT_OK;
	}
	if (wanted(m, c) < 0)
		return AT_CMS(BAD_STATUS);
	return more_cmgl(ch, c, AT_WHY_ROOM);
}

/* +CMGD */

/* The statuses that a delflag deletes, as a set. */
static unsigned flagged(int flag)
{
	static const unsigned sets[] = {
		0,
		1u << SMS_READ,
		1u << SMS_READ | 1u << SMS_SENT,
		1u << SMS_READ | 1u << SMS_SENT | 1u << SMS_UNSENT,
		1u << SMS_READ | 1u << SMS_SENT | 1u << SMS_UNSENT | 1u << SMS_UNREAD,
	};

	return sets[flag];
}

static void delete_flagged(struct modem *m, enum sms_store_id id, int flag)
{
	int i;

	for (i = 1; i <= sms_capacity(&m->sms, id); i++) {
		struct sms_slot *slot = sms_slot(&m->sms, id, i);

		if (id == SMS_SR || flagged(flag) >> slot->status & 1)
			slot->used = false;
	}
}

static int run_cmgd(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	enum sms_store_id id = m->s.sms.mem[0];
	struct sms_slot *slot = sms_slot(&m->sms, id, c->arg[0].num);
	struct sms_copy before;
	int result, used = sms_used(&m->sms, id);

	if (c->form == AT_TEST) {
		at_info(ch, "+CMGD: (1-%d),(0-4)", sms_capacity(&m->sms, id));
		return AT_OK;
	}
	sms_keep(&m->sms, &before);
	if (at_given(c, 1) && c->arg[1].num)
		delete_flagged(m, id, c->arg[1].num);
	else if (!slot)
		return AT_CMS(BAD_INDEX);
	else
		slot->used = false;
	result = commit(m, id, &before);
	if (result == AT_OK && sms_used(&m->sms, id) < used)
		smsc_memory_available(&m->smsc);
	return result;
}

/* +WMSC, +WMGO, +WMCP */

static int run_wmsc(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	enum sms_store_id id = m->s.sms.mem[0];
	struct sms_slot *slot = sms_slot(&m->sms, id, c->arg[0].num);
	int status = sms_status_of(m, &c->arg[1]);
	struct sms_copy before;

	if (!slot || !slot->used)
		return AT_CMS(BAD_INDEX);
	/* only read and unread can change into each other, and sent and unsent */
	if (status < 0 || status == SMS_ALL ||
		(status < SMS_UNSENT) != (slot->status < SMS_UNSENT))
		return AT_CMS(BAD_STATUS);
	sms_keep(&m->sms, &before);
	slot->status = (uint8_t)status;
	return commit(m, id, &before);
}

static int run_wmgo(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int capacity = sms_capacity(&m->sms, m->s.sms.mem[1]);

	switch (c->form) {
	case AT_TEST:
		at_info(ch, "+WMGO: (1-%d)", capacity);
		return AT_OK;
	case AT_READ:
		at_info(ch, "+WMGO: %d", m->s.sms.place);
		return AT_OK;
	case AT_SET:
	case AT_EXEC:
		break;
	}
	if (c->arg[0].num < 1 || c->arg[0].num > capacity)
		return AT_CMS(BAD_INDEX);
	m->s.sms.place = c->arg[0].num;
	return AT_OK;
}

static bool copy_message(
	struct modem *m, const struct sms_slot *slot, enum sms_store_id to)
{
	int place = sms_free(&m->sms, to);

	if (place)
		sms_write(&m->sms, sms_slot(&m->sms, to, place),
			(enum sms_status)slot->status, slot->octets, slot->len);
	return place;
}

/* AT+WMCP=0 without a location copies all messages of the SIM (GDW-11 p. 111). When there
 * is no more room, those already copied stay (inferred). */
static int copy_all(struct modem *m)
{
	struct sms_copy before;
	bool room = true;
	int i, result;

	sms_keep(&m->sms, &before);
	for (i = 1; room && i <= sms_capacity(&m->sms, SMS_SM); i++) {
		const struct sms_slot *slot = sms_slot(&m->sms, SMS_SM, i);

		room = !slot->used || copy_message(m, slot, SMS_ME);
	}
	result = commit(m, SMS_ME, &before);
	return result == AT_OK && !room ? AT_CMS(NO_ROOM) : result;
}

static int run_wmcp(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	enum sms_store_id from = c->arg[0].num ? SMS_ME : SMS_SM;
	enum sms_store_id to = c->arg[0].num ? SMS_SM : SMS_ME;
	struct sms_slot *slot = sms_slot(&m->sms, from, c->arg[1].num);
	struct sms_copy before;

	if (c->form == AT_TEST) {
		at_info(ch, "+WMCP: 0,(1-%d)", sms_capacity(&m->sms, SMS_SM));
		at_info(ch, "+WMCP: 1,(1-%d)", sms_capacity(&m->sms, SMS_ME));
		return AT_OK;
	}
	if (!at_given(c, 1))
		return c->arg[0].num ? AT_CMS(BAD_STATUS) : copy_all(m);
	if (!slot || !slot->used)
		return AT_CMS(BAD_INDEX);
	sms_keep(&m->sms, &before);
	return copy_message(m, slot, to) ? commit(m, to, &before) : AT_CMS(NO_ROOM);
}

#define IN_STORES(forms_) .forms = (forms_), .needs = AT_NEED_FILES, .flags = AT_F_SMS

const struct at_cmd at_cmds_sms_store[] = {
	{ .name = "+CMGR",
		.see = "sms.md +CMGR; GDW-11 p. 299: 539",
		IN_STORES(AT_SET | AT_TEST),
		.test = "",
		.run = run_cmgr,
		.more = more_cmgr,
		.param = { { "index", AT_INT, NULL, 1 } } },
	{ .name = "+CMGL",
		.see = "sms.md +CMGL; GDW-11 p. 95-96",
		IN_STORES(AT_EXEC | AT_SET | AT_TEST),
		.test_by_run = true,
		.run = run_cmgl,
		.more = more_cmgl,
		.param = { { "stat", AT_TEXT, NULL, 0 } } },
	{ .name = "+CMGD",
		.see = "sms.md +CMGD; GDW-11 p. 102",
		IN_STORES(AT_SET | AT_TEST),
		.test_by_run = true,
		.run = run_cmgd,
		.param = { { "index", AT_INT, NULL, 1 },
			{ "delflag", AT_INT, "(0-4)", 0, .optional = true } } },
	{ .name = "+WMSC",
		.see = "sms.md +WMSC; GDW-11 p. 107",
		IN_STORES(AT_SET | AT_TEST),
		.test = "",
		.run = run_wmsc,
		.param = { { "loc", AT_INT, NULL, 1 }, { "status", AT_TEXT, NULL, 0 } } },
	{ .name = "+WMGO",
		.see = "sms.md +WMGO; GDW-11 p. 108-109",
		IN_STORES(AT_SRT),
		.test_by_run = true,
		.run = run_wmgo,
		.param = { { "loc", AT_INT, NULL, 0 } } },
	{ .name = "+WMCP",
		.see = "sms.md +WMCP; GDW-11 p. 111-113",
		IN_STORES(AT_SET | AT_TEST),
		.test_by_run = true,
		.run = run_wmcp,
		.param = { { "mode", AT_INT, "(0,1)", 0 },
			{ "loc", AT_INT, NULL, 1, .optional = true } } },
	{ 0 },
};
