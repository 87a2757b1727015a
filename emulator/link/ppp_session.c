/* The phases of a session, and its ends. */
#include <string.h>

#include "link/ppp_int.h"

/* A unit in the field had it (gprs.md IPCP); that others have it is inferred. */
const uint8_t ppp_modem_address[4] = { 192, 168, 111, 111 };

const struct name ppp_phase_names[] = {
	{ PPP_PHASE_DEAD, "dead", "no session" },
	{ PPP_PHASE_ESTABLISH, "establish", "LCP negotiates" },
	{ PPP_PHASE_AUTHENTICATE, "authenticate", "the host is to log in" },
	{ PPP_PHASE_NETWORK, "network", "IPCP negotiates, or waits for the context" },
	{ PPP_PHASE_OPEN, "open", "IP packets pass" },
	{ PPP_PHASE_TERMINATE, "terminate", "the link is being closed" },
	{ 0, NULL, NULL },
};

/* IP packets pass from now on, or no longer. */
static void carry(struct channel *ch, bool on)
{
	const struct ports *ports = &ch->modem->ports;
	const struct ppp_memory *pm = ppp_of(ch);
	struct packet_link link = { .mtu = ppp_most(ch) };

	if (!on)
		packets_clear(&ch->modem->packets);
	if (!ports->packets)
		return;
	memcpy(link.host, pm->address, sizeof(link.host));
	memcpy(link.peer, ppp_modem_address, sizeof(link.peer));
	memcpy(link.dns, pm->context.dns, sizeof(link.dns));
	ports->packets(ports->ctx, on ? &link : NULL);
}

void ppp_phase(struct channel *ch, enum ppp_phase phase)
{
	struct ppp *p = &ch->link->ppp;
	enum ppp_phase was = p->phase;

	if (was == phase)
		return;
	p->phase = phase;
	p->packet_at = ch->modem->sched.now;
	if (was == PPP_PHASE_OPEN || phase == PPP_PHASE_OPEN)
		carry(ch, phase == PPP_PHASE_OPEN);
	channel_notify(ch, NOTICE_PPP, name_of(ppp_phase_names, (int)phase), 0);
}

void ppp_stop(struct channel *ch)
{
	struct ppp *p = &ch->link->ppp;

	if (!p->on)
		return;
	p->on = false;
	ppp_restart_timer(ch, 0);
	ppp_phase(ch, PPP_PHASE_DEAD);
}

void ppp_end(struct channel *ch, enum ppp_end why)
{
	ppp_stop(ch);
	ch->link->ppp.owner->ended(ch, why);
}

void ppp_close(struct channel *ch, enum ppp_end why)
{
	struct ppp *p = &ch->link->ppp;

	if (!p->on || p->phase == PPP_PHASE_TERMINATE)
		return;
	if (ch->link->mode != LINK_PPP) {
		ppp_end(ch, why);
		return;
	}
	p->why = why;
	ppp_phase(ch, PPP_PHASE_TERMINATE);
	ppp_fsm_event(ch, &ppp_of(ch)->lcp, PPP_CLOSE);
	if (ppp_of(ch)->lcp.state == PPP_CLOSED)
		ppp_end(ch, why); /* the host has not said a word */
}

void ppp_lose(struct channel *ch)
{
	ppp_close(ch, PPP_LOST);
}
