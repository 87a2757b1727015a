/* Unsolicited results of GPRS: +CGREG (27.007 clause 10.1.19) and +CGEV
 * (clause 10.1.18). */
#include "chapters/gprs/gprs.h"

#include "at/chapter.h"
#include "at/reply.h"
#include "at/run.h"
#include "link/link.h"
#include "state/modem_state.h"

static void urc_cgreg(struct modem *m)
{
	int stat = gprs_stat(&m->gprs);

	if (!m->live.cgreg)
		return;
	if (m->live.cgreg == 2 && (stat == 1 || stat == 5) && m->net.cell)
		at_urc(m, "+CGREG: %d,\"%04X\",\"%04X\"", stat,
			(unsigned)m->net.cell->lac, (unsigned)m->net.cell->ci);
	else
		at_urc(m, "+CGREG: %d", stat);
}

void at_gprs_cell(struct modem *m)
{
	if (m->live.cgreg == 2 && gprs_attached(&m->gprs))
		urc_cgreg(m);
}

static void urc_deact(struct modem *m, int cid)
{
	const struct gprs_context *c = gprs_context(&m->gprs, cid);
	char address[GPRS_ADDR_MAX + 1];

	gprs_address(&m->gprs, cid, address);
	at_urc(m, "+CGEV: NW DEACT \"%s\",\"%s\",%d", c->type == GPRS_IP ? "IP" : "PPP",
		address, cid);
}

/* Sets the cause for +CEER (GDW-11 p. 301, GD-01 pp. 183-184; which error gives which
 * cause is inferred). */
void at_gprs_failed(struct modem *m, int error)
{
	bool attach = gprs_stat(&m->gprs) == 3;

	if (error == GPRS_NO_SERVICE)
		m->calls.cause = CAUSE_GPRS_NO_SERVICE;
	else if (attach && error >= GPRS_PLMN_NOT_ALLOWED && error <= GPRS_NO_ROAMING)
		m->calls.cause = CAUSE_GPRS_NO_ACCESS;
	else if (attach)
		m->calls.cause = CAUSE_GPRS_REFUSED;
	else
		m->calls.cause = CAUSE_GPRS_REJECTED;
}

void at_gprs_event(void *ctx, enum gprs_event e, int cid)
{
	struct modem *m = ctx;

	switch (e) {
	case GPRS_EVENT_SETTLED:
		at_wake_named(m, "+CGATT", AT_WHY_NET);
		at_wake_named(m, "+CGACT", AT_WHY_NET);
		at_ppp_settled(m);
		chapters_gprs(m);
		break;
	case GPRS_EVENT_STAT:
		modem_notify(
			m, NOTICE_NET, gprs_state_name(&m->gprs), gprs_stat(&m->gprs));
		if (m->power == POWER_ON)
			urc_cgreg(m);
		at_ppp_follow(m);
		chapters_gprs(m);
		break;
	case GPRS_EVENT_ME_DETACH:
		m->calls.cause = CAUSE_DETACHED;
		if (m->live.cgerep && m->power == POWER_ON)
			at_urc(m, "+CGEV: ME DETACH");
		break;
	case GPRS_EVENT_NW_DETACH:
		m->calls.cause = CAUSE_GPRS_DETACHED;
		if (m->live.cgerep && m->power == POWER_ON)
			at_urc(m, "+CGEV: NW DETACH");
		break;
	case GPRS_EVENT_NW_DEACT:
		m->calls.cause = CAUSE_GPRS_DEACTIVATED;
		if (m->live.cgerep && m->power == POWER_ON)
			urc_deact(m, cid);
		break;
	case GPRS_EVENT_DROPPED:
		at_ppp_follow(m);
		chapters_gprs(m);
		break;
	}
}

/* Class CG attaches by itself (gprs.md +CGCLASS), the others after AT+WGPRS=0,0;
 * otherwise +CGREG reports that GPRS is not attached (gprs.md +CGREG). */
void at_gprs_boot(struct modem *m)
{
	at_gprs_network(m);
	if ((m->live.cgclass == 1 || !m->live.gprs_detached) && m->gprs.registered &&
		!gprs_busy(&m->gprs))
		gprs_attach(&m->gprs);
	else
		urc_cgreg(m);
}

void at_gprs_network(struct modem *m)
{
	struct channel *ch = link_speaks_ppp(m);

	gprs_network(&m->gprs, net_registered(&m->net), net_stat(&m->net) == 5);
	if (!net_registered(&m->net) && ch)
		ppp_lose(ch);
}
