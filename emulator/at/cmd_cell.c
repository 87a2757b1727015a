/* Cell measurements: +CCED and +WSCAN (at-3 5). */
#include <stdio.h>
#include <string.h>

#include "at/cell.h"
#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"

#define NEIGHBOURS 6

enum cced_dump { /* bit sum */
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

/* MCC,MNC,LAC,CI,BSIC,BCCH,RxLev: the seven that neighbours have too */
static void put_cell(const struct modem *m, struct buf *b, const struct cell *cell)
{
	buf_printf(b, "%.3s,%s,%04x,%04x,%d,%d,%d", cell->plmn, cell->plmn + 3,
		(unsigned)cell->lac, (unsigned)cell->ci, cell->bsic, cell->arfcn,
		rx_level(air_rssi(&m->air, cell)));
}

static void put_neighbours(const struct modem *m, struct buf *b)
{
	const struct cell *cell = NULL;
	int n = 0;

	while (n < NEIGHBOURS && (cell = air_next(&m->air, cell))) {
		if (cell == m->net.cell || !((unsigned)cell->band & m->net.bands))
			continue;
		buf_puts(b, b->len ? "," : "");
		put_cell(m, b, cell);
		n++;
	}
}

/* What +CCED tells, "" when there is no network. */
static void describe(const struct modem *m, unsigned dump, struct buf *b)
{
	const struct cell *cell = m->net.cell;

	if (!cell)
		return;
	if (dump & (CCED_MAIN | CCED_ALL)) {
		put_cell(m, b, cell);
		buf_printf(b, ",,,%d,,,0", air_ber(&m->air, cell));
	}
	if (dump & (CCED_NEIGHBOURS | CCED_ALL))
		put_neighbours(m, b);
	if (dump & (CCED_ADVANCE | CCED_ALL))
		buf_printf(b, "%s%d", b->len ? "," : "", cell->timing_advance);
}

static void tell(struct modem *m, unsigned dump, bool urc)
{
	char text[AT_URC_MAX - 16];
	int rssi, ber;
	struct buf b;

	net_quality(&m->net, &rssi, &ber);
	buf_init(&b, text, sizeof(text));
	describe(m, dump, &b);
	/* at-1 7.1: the automatic report leaves the error rate open */
	if (dump & CCED_RSSI && urc)
		at_urc(m, "+CSQ: %d,99", rssi);
	else if (dump & CCED_RSSI)
		at_info(m, "+CSQ: %d,%d", rssi, ber);
	if (!(dump & ~(unsigned)CCED_RSSI))
		return;
	if (urc)
		at_urc(m, "+CCED: %.*s", (int)b.len, text);
	else
		at_info(m, "+CCED: %.*s", (int)b.len, text);
}

void at_cced_report(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	if (net_service(&m->net))
		tell(m, (unsigned)m->live.cced_dump, true);
	timer_arm(&m->sched, &m->s.cced, SEC(5));
}

static int run_cced(struct modem *m, struct at_call *c)
{
	if (!m->s.initialised)
		return AT_CME(CME_BUSY);
	at_store_values(m, c);
	timer_stop(&m->sched, &m->s.cced);
	switch (c->arg[0].num) {
	case 0:
		tell(m, (unsigned)m->live.cced_dump, false);
		break;
	case 1:
		timer_arm(&m->sched, &m->s.cced, SEC(5));
		break;
	default:
		break;
	}
	return AT_OK;
}

/* The power on a channel in dBm; an empty one has the noise of the receiver (inferred).
 */
static int run_wscan(struct modem *m, struct at_call *c)
{
	const struct cell *cell;
	int dbm = -110;

	for (cell = NULL; (cell = air_next(&m->air, cell));)
		if (cell->arfcn == c->arg[0].num && (unsigned)cell->band & m->net.bands)
			dbm = -113 + 2 * air_rssi(&m->air, cell);
	at_info(m, "+WSCAN: %d", dbm);
	return AT_OK;
}

const struct at_cmd at_cmds_cell[] = {
	{ .name = "+CCED",
		.see = "at-3 5",
		.forms = AT_SET,
		.run = run_cced,
		.param = { { "mode", AT_INT, "(0-2)", 0, SETTING(cced_mode), AT_RAM },
			{ "dump", AT_INT, "(1-31)", 15, SETTING(cced_dump), AT_RAM,
				true },
			{ "step", AT_INT, "(1-5)", 1, SETTING(cced_step), AT_RAM,
				true } } },
	{ .name = "+WSCAN",
		.see = "at-3 5",
		.forms = AT_SET | AT_TEST,
		.test = "",
		.run = run_wscan,
		.param = { { "arfcn", AT_INT, "(0-124,128-251,512-885,975-1023)", 0 } } },
	{ 0 },
};
