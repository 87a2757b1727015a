/* A PPP session: its context, and what is said at its end (gprs.md Session end). PPP itself
 * is link/ppp.h. */
#include "at/reply.h"
#include "at/run.h"
#include "chapters/gprs/gprs.h"
#include "codec/ipv4.h"
#include "link/link.h"
#include "state/modem_state.h"

static struct gprs_context *context_of(struct modem *m)
{
	return gprs_context(&m->gprs, m->s.ppp_cid);
}

/* The address of the context, or the network's where a static one is no IPv4 address. */
static void hand_over(struct channel *ch)
{
	struct modem *m = ch->modem;
	const struct gprs_conf *world = m->gprs.world;
	char address[GPRS_ADDR_MAX + 1];
	struct ppp_context context = { .address = { 0 } };
	size_t i;

	gprs_address(&m->gprs, m->s.ppp_cid, address);
	if (!ipv4_read(address, context.address))
		ipv4_read(world->address, context.address);
	for (i = 0; i < world->n_dns; i++)
		ipv4_read(world->dns[i], context.dns[i]);
	m->s.ppp_has = true;
	ppp_context(ch, &context);
}

/* The request of the session has ended. */
static void answer_session(struct channel *ch)
{
	struct modem *m = ch->modem;
	int error = gprs_error(&m->gprs);

	m->s.ppp_asks = false;
	if (!error) {
		hand_over(ch);
		return;
	}
	at_gprs_failed(m, error);
	log_note(&m->log, LOG_NET,
		"the network refuses the context of the PPP session: error %d (27.007 "
		"clause 9.2.2); PPP is ended",
		error);
	ppp_context(ch, NULL);
}

/* While another request is under way, this one waits for its end. */
static void want_context(struct channel *ch)
{
	struct modem *m = ch->modem;

	if (gprs_busy(&m->gprs))
		return;
	m->s.ppp_asks = gprs_activate(&m->gprs, GPRS_CID(m->s.ppp_cid), ppp_login(ch));
	if (!m->s.ppp_asks)
		answer_session(ch);
}

void at_ppp_settled(struct modem *m)
{
	struct channel *ch = link_speaks_ppp(m);

	if (!ch || !ppp_wants(ch))
		return;
	if (m->s.ppp_asks)
		answer_session(ch);
	else
		want_context(ch);
}

void at_ppp_follow(struct modem *m)
{
	struct channel *ch = link_speaks_ppp(m);

	if (!ch || !m->s.ppp_has || context_of(m)->active)
		return;
	m->s.ppp_has = false;
	ppp_lose(ch);
}

/* gprs.md Session end: the context goes with the session. */
static void release_context(struct modem *m)
{
	if (m->s.ppp_asks)
		gprs_cancel(&m->gprs);
	if (m->s.ppp_has)
		gprs_deactivate(&m->gprs, GPRS_CID(m->s.ppp_cid));
	m->s.ppp_asks = m->s.ppp_has = false;
}

static void ended(struct channel *ch, enum ppp_end why)
{
	struct modem *m = ch->modem;
	bool online = ch->link->mode == LINK_PPP;
	bool good = m->s.by_cgdata && why == PPP_TERMINATED;

	release_context(m);
	ch->link->mode = LINK_COMMAND;
	if (online)
		at_final(ch, good ? AT_OK : AT_NO_CARRIER);
	else
		at_unsolicited(m, AT_NO_CARRIER);
}

const struct ppp_owner at_ppp_owner = { .ended = ended, .wants = want_context };

void at_gprs_hang_up(struct modem *m)
{
	struct channel *ch = link_speaks_ppp(m);

	if (!ch)
		return;
	ppp_stop(ch);
	release_context(m);
	ch->link->mode = LINK_COMMAND;
}
