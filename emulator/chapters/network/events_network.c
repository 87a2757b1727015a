/* Network events: +WIND: 7, 8 and 15, unsolicited +CREG, the clock from NITZ, and lost
 * calls. */
#include "chapters/network/network.h"

#include <stdio.h>

#include "at/chapter.h"
#include "at/reply.h"
#include "at/run.h"
#include "state/modem_state.h"
#include "state/nv.h"

static void urc_creg(struct modem *m)
{
	if (!m->live.creg)
		return;
	if (m->live.creg == 2 && net_registered(&m->net))
		at_urc(m, "+CREG: %d,\"%04X\",\"%04X\"", net_stat(&m->net),
			(unsigned)m->net.cell->lac, (unsigned)m->net.cell->ci);
	else
		at_urc(m, "+CREG: %d", net_stat(&m->net));
}

/* general.md +CTZU: the clock is set to the network's local time and zone. */
static void set_clock(struct modem *m, const struct nitz *n)
{
	clock_set(&m->clock, n->time + n->zone * 15 * 60);
	m->clock.zone = n->zone;
	nv_save_clock(m);
}

/* +WIND: 15 has the names, zone, UTC and daylight saving, as far as the network sends
 * them, and nothing else (boot.md NITZ event). */
static void nitz_print(const struct nitz *n, struct buf *b)
{
	char time[24];

	if (!(n->omits & NITZ_LONG))
		buf_printf(b, ",1,\"%s\"", n->long_name);
	if (!(n->omits & NITZ_SHORT))
		buf_printf(b, ",2,\"%s\"", n->short_name);
	if (!(n->omits & NITZ_ZONE))
		buf_printf(b, ",3,\"%+03d\"", n->zone);
	clock_print(n->time, time);
	if (!(n->omits & NITZ_TIME))
		buf_printf(b, ",4,\"%s%+03d\"", time, n->zone);
	if (!(n->omits & NITZ_SAVING))
		buf_printf(b, ",6,\"%d\"", n->saving);
}

void at_nitz(struct modem *m, const struct nitz *n)
{
	bool sets = m->live.zone_from_network ||
		    firmware_has(m->fw, QUIRK_NITZ_SETS_CLOCK);
	char text[160];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	nitz_print(n, &b);
	if (sets && !(n->omits & NITZ_TIME))
		set_clock(m, n);
	at_wind(m, 15, "15%.*s", (int)b.len, text);
}

struct nitz at_nitz_now(const struct modem *m)
{
	const struct cell *cell = m->net.cell;
	const struct network_operator *o = cell ? net_operator(&m->net, cell->plmn)
						: NULL;

	return (struct nitz){
		.long_name = o ? o->long_name : "",
		.short_name = o ? o->short_name : "",
		.time = clock_world(&m->clock),
		.zone = m->air.zone,
		.saving = m->air.saving,
		.omits = m->profile->network.nitz.omits,
	};
}

void at_net_event(void *ctx, enum net_event e)
{
	struct modem *m = ctx;
	struct nitz now;

	switch (e) {
	case NET_EVENT_SERVICE_ON:
		at_wind(m, 7, "7");
		break;
	case NET_EVENT_SERVICE_OFF:
		/* power-off does not count as a loss of the network */
		if (m->power == POWER_ON)
			at_wind(m, 8, "8");
		break;
	case NET_EVENT_STAT:
		calls_network(&m->calls, net_registered(&m->net), net_stat(&m->net) == 5);
		if (!net_service(&m->net))
			calls_lost(&m->calls, CAUSE_LOWER_LAYER);
		else if (!net_registered(&m->net))
			calls_lost_but_emergencies(&m->calls, CAUSE_LOWER_LAYER);
		modem_notify(m, NOTICE_NET, net_state_name(&m->net), net_stat(&m->net));
		if (m->power == POWER_ON)
			urc_creg(m);
		chapters_network(m, false);
		break;
	case NET_EVENT_SETTLED:
		at_wake_named(m, "+COPS", AT_WHY_NET);
		at_wake_named(m, "+CGATT", AT_WHY_NET);
		break;
	case NET_EVENT_NITZ:
		if (!m->profile->network.nitz.sent)
			break;
		now = at_nitz_now(m);
		at_nitz(m, &now);
		break;
	case NET_EVENT_CELL:
		if (m->live.creg == 2)
			urc_creg(m);
		chapters_network(m, true);
		break;
	}
}

void at_creg_announce(void *ctx, usec_t now)
{
	(void)now;
	urc_creg(ctx);
}
