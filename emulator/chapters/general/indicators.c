/* +CIND and +CMER (27.007 clauses 8.9 and 8.10; general.md +CIND, +CMER). The documents
 * name the indicators and their ranges. When each has which value is inferred, except for
 * smsfull 2.
 */
#include "chapters/general/indicators.h"

#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/tables.h"
#include "state/modem_state.h"

enum {
	BATTCHG,
	SIGNAL,
	SERVICE,
	MESSAGE,
	CALL,
	ROAM,
	SMSFULL,
};

#define ON_MAINS 1 /* battchg as in the guides' example; there is no battery */

/* RSSI 0 and 99 are 0; above, six RSSI values are one step: 25 to 31 are 5. */
static int signal_steps(const struct modem *m)
{
	int rssi, ber, steps;

	net_quality(&m->net, &rssi, &ber);
	if (rssi <= 0 || rssi == 99)
		return 0;
	steps = 1 + (rssi - 1) / 6;
	return steps > 5 ? 5 : steps;
}

/* The messages on the SIM are visible only when it is ready. */
static bool store_open(const struct modem *m, enum sms_store_id id)
{
	return id != SMS_SM || sim_ready(&m->sim);
}

static bool unread(const struct modem *m, enum sms_store_id id)
{
	return store_open(m, id) && sms_unread(&m->sms, id);
}

/* 2 if a message has been turned away since (sms.md Full stores), on firmware with that
 * value. */
static int full(const struct modem *m)
{
	enum sms_store_id id = m->s.sms.mem[2];
	const struct at_entry *e;

	if (!store_open(m, id) || sms_free(&m->sms, id))
		return 0;
	e = at_set_find(at_tables_of(m), "+CIND", strlen("+CIND"));
	return m->s.sms.turned_away && at_values_allow(e->values[SMSFULL], 2) ? 2 : 1;
}

static void read_indicators(const struct modem *m, int value[INDICATORS])
{
	value[BATTCHG] = ON_MAINS;
	value[SIGNAL] = signal_steps(m);
	value[SERVICE] = net_registered(&m->net);
	value[MESSAGE] = unread(m, SMS_SM) || unread(m, SMS_ME);
	value[CALL] = calls_busy(&m->calls);
	value[ROAM] = net_stat(&m->net) == 5;
	value[SMSFULL] = full(m);
}

/* +CMER: reports of changes */

static bool runs(const struct modem *m)
{
	return m->fw && (m->power == POWER_ON || m->power == POWER_STOPPED);
}

void at_indicate(void *ctx)
{
	struct modem *m = ctx;
	int now[INDICATORS], i;

	if (!m->live.cmer_ind || !runs(m)) {
		m->s.indicating = false;
		return;
	}
	read_indicators(m, now);
	for (i = 0; m->s.indicating && i < INDICATORS; i++)
		if (now[i] != m->s.indicated[i])
			at_urc(m, "+CIEV: %d,%d", i + 1, now[i]);
	memcpy(m->s.indicated, now, sizeof(now));
	m->s.indicating = true;
}

void at_press_keys(struct modem *m, uint32_t keys)
{
	uint32_t changed = m->live.cmer_keyp && runs(m) ? m->keys ^ keys : 0;
	int key;

	m->keys = keys;
	for (key = 0; changed >> key; key++)
		if (changed >> key & 1)
			at_urc(m, "+CKEV: %d,%d", key, (int)(keys >> key & 1));
}

/* +CIND */

static void test_cind(struct channel *ch, const struct at_entry *e)
{
	char text[200];
	struct buf b;
	int i;

	buf_init(&b, text, sizeof(text));
	for (i = 0; i < INDICATORS; i++)
		buf_printf(&b, "%s(\"%s\",%s)", i ? "," : "", e->cmd->param[i].name,
			e->values[i]);
	at_info(ch, "+CIND: %.*s", (int)b.len, text);
}

static int run_cind(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int v[INDICATORS];

	if (c->form == AT_TEST) {
		test_cind(ch, c->entry);
		return AT_OK;
	}
	read_indicators(m, v);
	at_info(ch, "+CIND: %d,%d,%d,%d,%d,%d,%d", v[BATTCHG], v[SIGNAL], v[SERVICE],
		v[MESSAGE], v[CALL], v[ROAM], v[SMSFULL]);
	return AT_OK;
}

#define INDICATOR(n, range)                        \
	{                                          \
		n, AT_INT, range, 0, .inner = true \
	}

const struct at_cmd at_cmds_indicators[] = {
	{ .name = "+CIND",
		.see = "general.md +CIND",
		.forms = AT_READ | AT_TEST,
		.run = run_cind,
		.test_by_run = true,
		.param = { INDICATOR("battchg", "(0-5)"), INDICATOR("signal", "(0-5)"),
			INDICATOR("service", "(0-1)"), INDICATOR("message", "(0-1)"),
			INDICATOR("call", "(0-1)"), INDICATOR("roam", "(0-1)"),
			INDICATOR("smsfull", "(0-2)") } },
	/* Only keyp and ind decide which reports come. One guide has no test form; a host
	 * program used with these modems finds no network unless the test form lists the
	 * ranges (general.md +CMER). */
	{ .name = "+CMER",
		.see = "general.md +CMER",
		.forms = AT_SRT,
		.param = { { "mode", AT_INT, "(0-3)", 0, AT_SLOT, AT_WF, true },
			{ "keyp", AT_INT, "(0-2)", 0, SETTING(cmer_keyp), AT_WF, true },
			{ "disp", AT_INT, "(0)", 0, AT_SLOT, AT_WF, true },
			{ "ind", AT_INT, "(0-2)", 0, SETTING(cmer_ind), AT_WF, true },
			{ "bfr", AT_INT, "(0-1)", 0, AT_SLOT, AT_WF, true } } },
	{ .name = "+CMEC",
		.see = "general.md +CMEC: factory value and storage inferred; GDW-11 p. "
		       "21",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		.param = { { "keyp", AT_INT, "(2)", 2, AT_SLOT, AT_RAM, true },
			{ "disp", AT_INT, "(0)", 0, AT_SLOT, AT_RAM, true },
			{ "ind", AT_INT, "(0)", 0, AT_SLOT, AT_RAM, true } } },
	{ 0 },
};
