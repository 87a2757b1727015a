#include "at/events.h"

#include <stdio.h>

#include "at/events_sms.h"
#include "at/gprs.h"
#include "at/reply.h"
#include "at/run.h"
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

/* at-1 4.17: the network's time is local and goes with its zone. */
static void set_clock(struct modem *m, int zone)
{
	clock_set(&m->clock, clock_world(&m->clock) + zone * 15 * 60);
	m->clock.zone = zone;
	nv_save_clock(m);
}

/* +WIND: 15: names, zone, universal time, summer time (at-3 1.1). */
static void urc_nitz(struct modem *m)
{
	const struct network *world = &m->profile->network;
	const struct network_operator *o;
	char time[24];

	if (!world->nitz.sent || !m->net.cell)
		return;
	if (m->live.zone_from_network)
		set_clock(m, world->nitz.zone);
	o = net_operator(&m->net, m->net.cell->plmn);
	clock_print(clock_world(&m->clock), time);
	at_wind(m, 15, "15,1,\"%s\",2,\"%s\",3,\"%+03d\",4,\"%s%+03d\",6,\"%d\"",
		o ? o->long_name : "", o ? o->short_name : "", world->nitz.zone, time,
		world->nitz.zone, world->nitz.saving);
}

void at_net_event(void *ctx, enum net_event e)
{
	struct modem *m = ctx;

	switch (e) {
	case NET_EVENT_SERVICE_ON:
		at_wind(m, 7, "7");
		break;
	case NET_EVENT_SERVICE_OFF:
		/* the end of power is no loss of network */
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
		at_gprs_network(m);
		if (!net_registered(&m->net))
			ussd_stop(&m->ussd, true);
		at_sms_reachable(m);
		break;
	case NET_EVENT_SETTLED:
		at_wake(m, "+COPS", AT_WHY_NET);
		break;
	case NET_EVENT_NITZ:
		urc_nitz(m);
		break;
	}
}

void at_creg_announce(void *ctx, usec_t now)
{
	(void)now;
	urc_creg(ctx);
}

void at_alarm(void *ctx, int index, int64_t time)
{
	struct modem *m = ctx;
	char text[24];

	nv_save_clock(m);
	clock_print(time, text);
	at_urc(m, "+CALA: \"%s\",%d", text, index);
}
