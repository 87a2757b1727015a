/* Inserts and removes the SIM while the modem runs, and moves its drawer. The numbers are
 * the events of +WIND, sent if its mask has them:
 *
 *   drawer pulled   14  0   IMSI detach, phonebooks dropped, emergency calls only
 *   drawer pushed   13  1   CME 515 for boot.insertion; then the PIN, or the files
 *                           (16, 4, 10, 11) and the network
 *   empty drawer    13  0
 *   contact lost    +CME ERROR: 13, then 8; 7 when the network is back */
#include "chapters/sim/card.h"

#include "at/reply.h"
#include "chapters/boot/boot.h"
#include "state/modem_state.h"

static void notify(struct modem *m)
{
	modem_notify(m, NOTICE_SIM, sim_state_name(&m->sim), 0);
}

static void session_set_up(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	sim_checked(&m->sim);
	notify(m);
	if (sim_open(&m->sim))
		boot_sim_open(m);
	else
		m->s.initialised = true;
}

void card_init(struct modem *m)
{
	timer_init(&m->s.card, "SIM session", TIMER_OWN, session_set_up, m);
}

/* True when the modem runs; until then the boot script reports the SIM. */
static bool runs(const struct modem *m)
{
	return m->power == POWER_ON || m->power == POWER_STOPPED;
}

static void removed(struct modem *m)
{
	timer_stop(&m->sched, &m->s.card);
	timer_stop(&m->sched, &m->s.files);
	timer_stop(&m->sched, &m->s.exchange);
	toolkit_stop(&m->toolkit);
	books_reset(&m->books);
	m->s.selection = (struct sim_selection){ 0 };
	m->s.initialised = true;
	at_wind(m, 0, "0");
	calls_lost_but_emergencies(&m->calls, CAUSE_DETACHED);
	net_sim(&m->net, NULL);
}

static void arrived(struct modem *m)
{
	at_wind(m, 1, "1");
	if (sim_state(&m->sim) != SIM_CHECKING)
		return; /* AT+CFUN=0 leaves the SIM without power */
	m->s.initialised = false;
	timer_arm(&m->sched, &m->s.card, m->fw->boot.insertion);
}

static void changed(struct modem *m, bool was)
{
	if (!runs(m) || was == sim_there(&m->sim))
		return;
	if (was)
		removed(m);
	else
		arrived(m);
	notify(m);
}

void card_insert(struct modem *m, bool in)
{
	bool was = sim_there(&m->sim);

	sim_insert(&m->sim, in);
	changed(m, was);
}

void card_rack(struct modem *m, bool closed)
{
	bool was = sim_there(&m->sim), moved = m->sim.rack_closed != closed;

	sim_rack(&m->sim, closed);
	if (runs(m) && moved && m->profile->device.rack) {
		at_wind(m, closed ? 13 : 14, "%d", closed ? 13 : 14);
		/* an empty drawer reports that no SIM is in it */
		if (closed && !m->sim.inserted)
			at_wind(m, 0, "0");
	}
	changed(m, was);
}

/* errors.md +CME ERROR: a modem that does not notice the removal of the SIM registers
 * again, but whatever needs the SIM fails until a reset; AT+CFUN=0 and =1,0 are not
 * enough. */
bool card_glitch(struct modem *m, usec_t time)
{
	if (!runs(m) || !sim_fail(&m->sim))
		return false;
	timer_stop(&m->sched, &m->s.files);
	timer_stop(&m->sched, &m->s.exchange);
	toolkit_stop(&m->toolkit);
	m->s.initialised = true;
	notify(m);
	at_urc(m, "+CME ERROR: %d", CME_SIM_FAILURE);
	net_outage(&m->net, time + m->fw->net.search);
	return true;
}
