/* IPCP of the modem (RFC 1332, RFC 1877; gprs.md IPCP):
 *
 *   host                    modem                         network
 *    |  Configure-Request 0.0.0.0 |                          |
 *    |--------------------------->| wants()                  |
 *    |                            |------------------------->| attach, activation
 *    |  Configure-Request (own)   |            ppp_context() |
 *    |<---------------------------|<-------------------------|
 *    |  Configure-Nak address, DNS|
 *    |<---------------------------|
 *
 * The layer below IPCP is the context: it is down until the context is there. With the
 * quirk ppp-dummy-address IPCP does not wait for it. */
#include <string.h>

#include "link/ppp_int.h"

enum { /* types of options */
	IPCP_ADDRESS = 3,
	IPCP_DNS1 = 129,
	IPCP_DNS2 = 131,
};

/* Of the quirk: gprs.md IPCP. */
static const uint8_t dummy[4] = { 192, 168, 111, 112 };

/* A host that begins no IPCP: as long as for LCP (inferred). */
#define PATIENCE (PPP_MAX_CONFIGURE * PPP_RESTART)

static bool has_dummy(const struct channel *ch)
{
	return firmware_has(ch->modem->fw, QUIRK_PPP_DUMMY_ADDRESS);
}

static size_t ask_address(struct channel *ch, uint8_t value[PPP_OPTION_MAX])
{
	(void)ch;
	memcpy(value, ppp_modem_address, sizeof(ppp_modem_address));
	return sizeof(ppp_modem_address);
}

/* Whatever address the host wants the modem to have, the modem keeps its own. */
static bool address_naked(struct channel *ch, const struct ppp_option *wish)
{
	(void)ch;
	(void)wish;
	return true;
}

static enum ppp_verdict compare(
	const uint8_t *value, const uint8_t right[4], uint8_t *better)
{
	if (!memcmp(value, right, 4))
		return PPP_ACK;
	memcpy(better, right, 4);
	return PPP_NAK;
}

static enum ppp_verdict judge_address(
	struct channel *ch, const uint8_t *value, uint8_t *better)
{
	return compare(value, ppp_of(ch)->address, better);
}

static enum ppp_verdict judge_dns(
	struct channel *ch, int which, const uint8_t *value, uint8_t *better)
{
	static const uint8_t none[4];
	const uint8_t *server = ppp_of(ch)->context.dns[which];

	/* before the context is there it is not known */
	if (!ppp_of(ch)->has_context && !has_dummy(ch))
		return PPP_NAK;
	return memcmp(server, none, sizeof(none)) ? compare(value, server, better)
						  : PPP_REJECT;
}

static enum ppp_verdict judge_dns1(
	struct channel *ch, const uint8_t *value, uint8_t *better)
{
	return judge_dns(ch, 0, value, better);
}

static enum ppp_verdict judge_dns2(
	struct channel *ch, const uint8_t *value, uint8_t *better)
{
	return judge_dns(ch, 1, value, better);
}

/* Compressed headers and WINS are not here: rejected. */
static const struct ppp_option_row options[] = {
	{ IPCP_ADDRESS, 4, ask_address, address_naked, judge_address, true },
	{ IPCP_DNS1, 4, NULL, NULL, judge_dns1 },
	{ IPCP_DNS2, 4, NULL, NULL, judge_dns2 },
	{ 0 },
};

static void want(struct channel *ch)
{
	struct ppp_memory *pm = ppp_of(ch);

	if (pm->has_context || pm->wants)
		return;
	pm->wants = true;
	ppp_restart_timer(ch, 0);
	ch->link->ppp.owner->wants(ch);
}

static void up(struct channel *ch)
{
	if (ppp_of(ch)->has_context)
		ppp_phase(ch, PPP_PHASE_OPEN);
	else
		want(ch);
}

static void down(struct channel *ch)
{
	if (ch->link->ppp.phase == PPP_PHASE_OPEN)
		ppp_phase(ch, PPP_PHASE_NETWORK);
}

/* There is no other network protocol. */
static void finished(struct channel *ch)
{
	ppp_close(ch, PPP_LOST);
}

static const struct ppp_layer ppp_ipcp = {
	.name = "IPCP",
	.protocol = PPP_IPCP,
	.options = options,
	.up = up,
	.down = down,
	.finished = finished,
};

static void event(struct channel *ch, enum ppp_event e)
{
	ppp_fsm_event(ch, &ppp_of(ch)->ipcp, e);
}

void ppp_ipcp_start(struct channel *ch)
{
	struct ppp_memory *pm = ppp_of(ch);

	ppp_fsm_init(&pm->ipcp, &ppp_ipcp);
	pm->waits.len = 0;
	ppp_phase(ch, PPP_PHASE_NETWORK);
	event(ch, PPP_OPEN);
	if (has_dummy(ch))
		memcpy(pm->address, dummy, sizeof(dummy));
	if (pm->has_context || has_dummy(ch))
		event(ch, PPP_UP);
	else if (!pm->wants)
		ppp_restart_timer(ch, PATIENCE);
}

void ppp_ipcp_stop(struct channel *ch)
{
	struct ppp_memory *pm = ppp_of(ch);

	event(ch, PPP_DOWN);
	pm->waits.len = 0;
	ppp_fsm_init(&pm->ipcp, &ppp_ipcp);
}

void ppp_ipcp_timeout(struct channel *ch)
{
	struct ppp_memory *pm = ppp_of(ch);

	if (pm->ipcp.state == PPP_STARTING)
		ppp_close(ch, PPP_LOST);
	else
		ppp_fsm_timeout(ch, &pm->ipcp);
}

void ppp_ipcp_context(struct channel *ch)
{
	struct ppp_memory *pm = ppp_of(ch);
	struct ppp_control packet;
	size_t len = pm->waits.len;

	if (!has_dummy(ch))
		memcpy(pm->address, pm->context.address, sizeof(pm->address));
	if (pm->ipcp.state == PPP_OPENED) {
		ppp_phase(ch, PPP_PHASE_OPEN);
		return;
	}
	if (pm->ipcp.state != PPP_STARTING)
		return;
	event(ch, PPP_UP);
	pm->waits.len = 0;
	if (len && ppp_control_read(pm->waits.data, len, &packet))
		ppp_fsm_rx(ch, &pm->ipcp, &packet);
}

/* The first request makes the modem want the context. What will be rejected anyway is
 * rejected at once; the newest request is answered when the context is there. */
static void rx_early(struct channel *ch, const struct ppp_control *packet)
{
	struct ppp_memory *pm = ppp_of(ch);
	uint8_t mem[PPP_MRU];
	struct buf b;

	if (packet->code != PPP_CONFIGURE_REQUEST || !ppp_options_whole(packet))
		return;
	buf_init(&b, mem, sizeof(mem));
	if (ppp_fsm_judge(ch, &pm->ipcp, packet, &b) == PPP_REJECT) {
		pm->waits.len = 0;
		ppp_say(ch, PPP_IPCP,
			&(struct ppp_control){
				PPP_CONFIGURE_REJECT, packet->id, mem, b.len });
	} else {
		buf_init(&b, pm->waits.data, sizeof(pm->waits.data));
		ppp_control_write(&b, packet);
		pm->waits.len = b.len;
	}
	want(ch);
}

void ppp_ipcp_rx(struct channel *ch, const struct ppp_control *packet)
{
	struct ppp_memory *pm = ppp_of(ch);

	if (pm->ipcp.state == PPP_STARTING)
		rx_early(ch, packet);
	else
		ppp_fsm_rx(ch, &pm->ipcp, packet);
}
