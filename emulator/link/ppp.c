/* A session: how it begins, and what comes from the host. */
#include "link/ppp.h"

#include <string.h>

#include "link/ppp_int.h"

#define FLAG 0x7e
#define IDLE (120 * SEC(1)) /* field-bugs.md gprs-ppp-drops-with-creg0-then-uart-dead */

static void expired(void *ctx, usec_t now)
{
	struct channel *ch = ctx;

	(void)now;
	switch (ch->link->ppp.phase) {
	case PPP_PHASE_ESTABLISH:
	case PPP_PHASE_TERMINATE:
		ppp_fsm_timeout(ch, &ppp_of(ch)->lcp);
		break;
	case PPP_PHASE_AUTHENTICATE:
		ppp_auth_timeout(ch);
		break;
	case PPP_PHASE_NETWORK:
	case PPP_PHASE_OPEN:
		ppp_ipcp_timeout(ch);
		break;
	case PPP_PHASE_DEAD:
		break;
	}
}

void ppp_init(struct channel *ch, const struct ppp_owner *owner)
{
	struct ppp *p = &ch->link->ppp;

	*p = (struct ppp){ .memory = &ch->link->memory->ppp, .owner = owner };
	timer_init(&p->restart, "PPP restart timer", TIMER_WAIT, expired, ch);
}

void ppp_start(struct channel *ch, bool silent)
{
	struct ppp_memory *pm = ppp_of(ch);
	struct ppp *p = &ch->link->ppp;

	memset(pm, 0, offsetof(struct ppp_memory, rx));
	ppp_decoder_init(&pm->rx);
	p->on = true;
	p->why = PPP_UNANSWERED;
	pm->tx = ppp_plain;
	ppp_lcp_init(ch);
	ppp_phase(ch, PPP_PHASE_ESTABLISH);
	ppp_fsm_event(ch, &ppp_of(ch)->lcp, PPP_OPEN);
	if (silent)
		pm->lcp.state = PPP_STOPPED;
	else
		ppp_fsm_event(ch, &ppp_of(ch)->lcp, PPP_UP);
}

void ppp_reset(struct channel *ch)
{
	ppp_stop(ch);
	ppp_init(ch, ch->link->ppp.owner);
}

void ppp_context(struct channel *ch, const struct ppp_context *context)
{
	struct ppp_memory *pm = ppp_of(ch);

	if (!ppp_wants(ch))
		return;
	pm->wants = false;
	if (!context) {
		ppp_close(ch, PPP_LOST);
		return;
	}
	pm->context = *context;
	pm->has_context = true;
	ppp_ipcp_context(ch);
}

bool ppp_wants(const struct channel *ch)
{
	return ch->link->ppp.on && ppp_of(ch)->wants;
}

const struct gprs_login *ppp_login(const struct channel *ch)
{
	return &ppp_of(ch)->login;
}

/* ---- packets ---------------------------------------------------------------------- */

bool ppp_packet(struct modem *m, const void *packet, size_t len)
{
	struct channel *ch = link_speaks_ppp(m);

	if (!ch || ch->link->ppp.phase != PPP_PHASE_OPEN || ch->link->mode != LINK_PPP ||
		!len || len > ppp_most(ch))
		return true;
	if (!ppp_send(ch, PPP_IP, packet, len, &ppp_of(ch)->tx))
		return false;
	ppp_of(ch)->packets[1]++;
	ch->link->ppp.packet_at = m->sched.now;
	return true;
}

static void ip_rx(struct channel *ch, const uint8_t *packet, size_t len)
{
	struct modem *m = ch->modem;
	struct ppp *p = &ch->link->ppp;
	bool idle = m->sched.now - p->packet_at >= IDLE;
	const struct fault_subject s = { .on = ch, .text = idle ? "idle" : "busy" };

	if (p->phase != PPP_PHASE_OPEN || !len)
		return;
	ppp_of(ch)->packets[0]++;
	p->packet_at = m->sched.now;
	m->taps->place(m, FAULT_AT_PACKET, &s);
	packets_pass(&m->packets, PACKETS_FROM_HOST, packet, len);
}

static void protocol_reject(
	struct channel *ch, unsigned protocol, const uint8_t *info, size_t len)
{
	size_t most = ppp_most(ch) - 4; /* within the host's MRU */
	struct ppp_fsm *f = &ppp_of(ch)->lcp;
	uint8_t mem[PPP_MRU];
	size_t head = ppp_put16(mem, (uint16_t)protocol);

	if (len > most - head)
		len = most - head;
	memcpy(mem + head, info, len);
	ppp_say(ch, PPP_LCP,
		&(struct ppp_control){ PPP_PROTOCOL_REJECT, ++f->id, mem, head + len });
}

static void control_rx(
	struct channel *ch, unsigned protocol, const struct ppp_control *packet)
{
	ppp_log(ch, "from", protocol, packet);
	switch (protocol) {
	case PPP_LCP:
		ppp_lcp_rx(ch, packet);
		break;
	case PPP_IPCP:
		ppp_ipcp_rx(ch, packet);
		break;
	default:
		ppp_auth_rx(ch, protocol, packet);
		break;
	}
}

static bool speaks(const struct channel *ch, unsigned protocol)
{
	enum gprs_login_by by = ppp_login(ch)->by;

	return protocol == PPP_LCP || protocol == PPP_IPCP ||
	       (protocol == PPP_PAP && by == GPRS_LOGIN_PAP) ||
	       (protocol == PPP_CHAP && by == GPRS_LOGIN_CHAP);
}

/* Before LCP is up only LCP is taken, and before the login nothing of the network; all
 * else is discarded (RFC 1661 clauses 3.4 and 3.5). */
static bool early(const struct channel *ch, unsigned protocol)
{
	enum ppp_phase phase = ch->link->ppp.phase;

	if (protocol == PPP_LCP)
		return false;
	if (phase == PPP_PHASE_AUTHENTICATE)
		return protocol != PPP_PAP && protocol != PPP_CHAP;
	return phase != PPP_PHASE_NETWORK && phase != PPP_PHASE_OPEN;
}

static void frame_rx(struct channel *ch, const uint8_t *frame, size_t len)
{
	struct ppp_control packet;
	unsigned protocol;
	size_t head = ppp_header_read(frame, len, &protocol);
	const uint8_t *info = frame + head;

	if (!head || early(ch, protocol))
		return;
	if (protocol == PPP_IP)
		ip_rx(ch, info, len - head);
	else if (!speaks(ch, protocol)) /* VJ headers, CCP, IPV6CP, ... */
		protocol_reject(ch, protocol, info, len - head);
	else if (ppp_control_read(info, len - head, &packet))
		control_rx(ch, protocol, &packet);
}

size_t ppp_rx(struct channel *ch, const uint8_t *p, size_t len)
{
	struct ppp_memory *pm = ppp_of(ch);
	size_t i, got;

	for (i = 0; i < len; i++) {
		got = ppp_decode(&pm->rx, p[i]);
		if (p[i] != FLAG)
			continue;
		if (got)
			frame_rx(ch, pm->rx.data, got);
		return i + 1;
	}
	return len;
}
