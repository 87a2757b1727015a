/* Cell measurements: +CCED and +WSCAN (network.md +CCED, +WSCAN). */
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/network/network.h"
#include "state/modem_state.h"

#define NEIGHBOURS 6

enum cced_dump { /* bit set */
	CCED_MAIN = 1,
	CCED_NEIGHBOURS = 2,
	CCED_ADVANCE = 4,
	CCED_RSSI = 8,
	CCED_ALL = 16, /* main, neighbours and timing advance */
};

/* 05.08 clause 8.1.4: 0 is -110 dBm or less, 63 is -48 dBm or more */
static int rx_level(int rssi)
{
	int level = -113 + 2 * rssi + 110;

	return level < 0 ? 0 : level > 63 ? 63 : level;
}

/* MCC,MNC,LAC,CI,BSIC,BCCH,RxLev: the seven fields that neighbours have too */
static void put_cell(const struct modem *m, struct buf *b, const struct cell *cell)
{
	buf_printf(b, "%.3s,%s,%04x,%04x,%d,%d,%d", cell->plmn, cell->plmn + 3,
		(unsigned)cell->lac, (unsigned)cell->ci, cell->bsic, cell->arfcn,
		rx_level(air_rssi(&m->air, cell)));
}

static void put_advance(struct buf *b, const struct cell *cell)
{
	buf_printf(b, "%s%d", b->len ? "," : "", cell->timing_advance);
}

/* True if a timing advance follows each cell: in dump 16, and in 7 and 15 on some
 * firmwares (GDW-11 p. 174). */
static bool by_cell(const struct modem *m, unsigned dump)
{
	unsigned three = CCED_MAIN | CCED_NEIGHBOURS | CCED_ADVANCE;

	return dump & CCED_ALL ||
	       ((dump & three) == three && firmware_has(m->fw, QUIRK_CCED_BY_CELL));
}

static void put_neighbours(const struct modem *m, bool advance, struct buf *b)
{
	const struct cell *cell = NULL;
	int n = 0;

	while (n < NEIGHBOURS && (cell = air_next(&m->air, cell))) {
		if (cell == m->net.cell || !((unsigned)cell->band & m->net.bands))
			continue;
		buf_puts(b, b->len ? "," : "");
		put_cell(m, b, cell);
		if (advance)
			put_advance(b, cell);
		n++;
	}
}

/* Without service MCC and MNC are 0 (S000293I p. 108); that all other fields are empty is
 * inferred. */
static void describe_nothing(unsigned dump, struct buf *b)
{
	if (dump & (CCED_MAIN | CCED_ALL))
		buf_puts(b, "0,0,,,,,,,,,,,");
	if (dump & (CCED_NEIGHBOURS | CCED_ALL))
		buf_printf(b, "%s0,0,,,,,", b->len ? "," : "");
	if (dump & (CCED_ADVANCE | CCED_ALL))
		buf_puts(b, b->len ? "," : "");
}

/* The +CCED report: the main cell comes first. */
static void describe(const struct modem *m, unsigned dump, struct buf *b)
{
	const struct cell *cell = m->net.cell;
	bool each = by_cell(m, dump);

	if (!cell) {
		describe_nothing(dump, b);
		return;
	}
	if (dump & (CCED_MAIN | CCED_ALL)) {
		put_cell(m, b, cell);
		buf_printf(b, ",,,%d,,,0", air_ber(&m->air, cell));
	}
	if (each)
		put_advance(b, cell);
	if (dump & (CCED_NEIGHBOURS | CCED_ALL))
		put_neighbours(m, each, b);
	if (!each && dump & CCED_ADVANCE)
		put_advance(b, cell);
}

static int rssi_now(const struct modem *m)
{
	int rssi, ber;

	net_quality(&m->net, &rssi, &ber);
	return rssi;
}

/* The automatic report has the level only if it has changed by the step
 * (GD-01 p. 127). */
static bool moved(struct modem *m)
{
	int rssi = rssi_now(m), by = rssi - m->s.cced_rssi;

	if (by < 0)
		by = -by;
	if (by < m->live.cced_step)
		return false;
	m->s.cced_rssi = rssi;
	return true;
}

/* The error rate is always 99 (GD-01 p. 127). ch: answers there; NULL: unsolicited. */
static void tell(struct modem *m, struct channel *ch)
{
	unsigned dump = (unsigned)m->live.cced_dump;
	char text[AT_URC_MAX - 16];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	describe(m, dump, &b);
	if (dump & CCED_RSSI && !ch && moved(m))
		at_urc(m, "+CSQ: %d,99", rssi_now(m));
	if (dump & CCED_RSSI && ch)
		at_info(ch, "+CSQ: %d,99", rssi_now(m));
	if (!(dump & ~(unsigned)CCED_RSSI))
		return;
	if (ch)
		at_info(ch, "+CCED: %.*s", (int)b.len, text);
	else
		at_urc(m, "+CCED: %.*s", (int)b.len, text);
}

void at_cced_report(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	if (net_service(&m->net))
		tell(m, NULL);
	timer_arm(&m->sched, &m->s.cced, SEC(5));
}

static int run_cced(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	if (!m->s.initialised)
		return AT_CME(CME_BUSY);
	at_store_values(ch, c);
	timer_stop(&m->sched, &m->s.cced);
	switch (c->arg[0].num) {
	case 0:
		tell(m, ch);
		break;
	case 1:
		m->s.cced_rssi = rssi_now(m);
		timer_arm(&m->sched, &m->s.cced, SEC(5));
		break;
	default:
		break;
	}
	return AT_OK;
}

/* The power on a channel in the units of +CSQ (GDW-11 p. 186, GD-01 p. 135); 99 if there
 * is none (inferred). */
static int run_wscan(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct cell *cell;
	int rssi = 99;

	for (cell = NULL; (cell = air_next(&m->air, cell));)
		if (cell->arfcn == c->arg[0].num && (unsigned)cell->band & m->net.bands)
			rssi = air_rssi(&m->air, cell);
	at_info(ch, "+WSCAN: %d", rssi);
	return AT_OK;
}

const struct at_cmd at_cmds_cell[] = {
	{ .name = "+CCED",
		.see = "network.md +CCED: factory value and storage inferred; GDW-11 p. "
		       "174; GD-01 p. 127; S000293I p. 108",
		.forms = AT_SET,
		.run = run_cced,
		.param = { { "mode", AT_INT, "(0-2)", 0, SETTING(cced_mode), AT_RAM },
			{ "dump", AT_INT, "(1-31)", 15, SETTING(cced_dump), AT_RAM,
				true },
			{ "step", AT_INT, "(1-5)", 1, SETTING(cced_step), AT_RAM,
				true } } },
	{ .name = "+WSCAN",
		.see = "network.md +WSCAN; GDW-11 p. 186; GD-01 p. 135",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_NO_CALL,
		.open = AT_TEST,
		.test = "",
		.run = run_wscan,
		.param = { { "arfcn", AT_INT, "(0-124,128-251,512-885,975-1023)", 0 } } },
	{ 0 },
};
