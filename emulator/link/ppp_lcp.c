/* LCP of the modem (RFC 1661 clause 6; gprs.md LCP request, LCP answers). */
#include <string.h>

#include "link/ppp_int.h"

#define MRU_LEAST 68 /* of IPv4: RFC 791 clause 3.2 */

enum { /* types of options */
	LCP_MRU = 1,
	LCP_ACCM = 2,
	LCP_AUTHENTICATION = 3,
	LCP_MAGIC = 5,
	LCP_PFC = 7,
	LCP_ACFC = 8,
};
#define CHAP_MD5 5 /* RFC 1994 clause 3 */

static struct ppp_own *own(const struct channel *ch)
{
	return &ppp_of(ch)->own;
}

static struct ppp_terms *asked(const struct channel *ch)
{
	return &ppp_of(ch)->asked;
}

static bool has_magic(const struct channel *ch)
{
	return !firmware_has(ch->modem->fw, QUIRK_LCP_NO_MAGIC);
}

/* MRU */

static size_t ask_mru(struct channel *ch, uint8_t value[PPP_OPTION_MAX])
{
	return ppp_put16(value, own(ch)->mru);
}

/* A shorter one is no harm; for a longer one there is no room. */
static bool mru_naked(struct channel *ch, const struct ppp_option *wish)
{
	if (wish->len != 2 || ppp_get16(wish->value) > PPP_MRU)
		return false;
	own(ch)->mru = ppp_get16(wish->value);
	return true;
}

static enum ppp_verdict judge_mru(
	struct channel *ch, const uint8_t *value, uint8_t *better)
{
	asked(ch)->mru = ppp_get16(value);
	if (asked(ch)->mru >= MRU_LEAST)
		return PPP_ACK;
	ppp_put16(better, PPP_MRU);
	return PPP_NAK;
}

/* asynchronous control character map: RFC 1662 clause 7.1 */

static size_t ask_accm(struct channel *ch, uint8_t value[PPP_OPTION_MAX])
{
	return ppp_put32(value, own(ch)->accm);
}

static bool accm_naked(struct channel *ch, const struct ppp_option *wish)
{
	if (wish->len != 4)
		return false;
	own(ch)->accm |= ppp_get32(wish->value);
	return true;
}

static enum ppp_verdict judge_accm(
	struct channel *ch, const uint8_t *value, uint8_t *better)
{
	(void)better;
	asked(ch)->accm = ppp_get32(value);
	return PPP_ACK;
}

/* The modem's magic number is zero, which RFC 1661 does not allow: a host that minds
 * proposes another one. A host's own is known where the modem has one (inferred). */

static size_t ask_magic(struct channel *ch, uint8_t value[PPP_OPTION_MAX])
{
	return ppp_put32(value, own(ch)->magic);
}

static bool magic_naked(struct channel *ch, const struct ppp_option *wish)
{
	if (wish->len != 4)
		return false;
	own(ch)->magic = ppp_get32(wish->value);
	return true;
}

static enum ppp_verdict judge_magic(
	struct channel *ch, const uint8_t *value, uint8_t *better)
{
	if (!has_magic(ch))
		return PPP_REJECT;
	if (ppp_get32(value) && ppp_get32(value) != own(ch)->magic)
		return PPP_ACK;
	ppp_put32(better, 1 + rand_below(&ch->modem->rand, UINT32_MAX - 1));
	return PPP_NAK;
}

/* compression of the protocol, and of address and control */

static size_t ask_nothing(struct channel *ch, uint8_t value[PPP_OPTION_MAX])
{
	(void)ch;
	(void)value;
	return 0;
}

static enum ppp_verdict judge_pfc(
	struct channel *ch, const uint8_t *value, uint8_t *better)
{
	(void)value;
	(void)better;
	asked(ch)->pfc = true;
	return PPP_ACK;
}

static enum ppp_verdict judge_acfc(
	struct channel *ch, const uint8_t *value, uint8_t *better)
{
	(void)value;
	(void)better;
	asked(ch)->acfc = true;
	return PPP_ACK;
}

/* authentication of the host; of the modem it is rejected (inferred) */

static size_t ask_login(struct channel *ch, uint8_t value[PPP_OPTION_MAX])
{
	size_t len = ppp_put16(value, (uint16_t)own(ch)->login);

	if (own(ch)->login == PPP_CHAP)
		value[len++] = CHAP_MD5;
	return len;
}

/* PAP, then CHAP with MD5; a host that proposes neither of them is let in without a login
 * (inferred). */
static bool login_naked(struct channel *ch, const struct ppp_option *wish)
{
	unsigned protocol = wish->len >= 2 ? ppp_get16(wish->value) : 0;
	unsigned was = own(ch)->login;

	if (protocol == PPP_PAP || was == PPP_PAP)
		own(ch)->login = protocol == PPP_PAP ? PPP_PAP : PPP_CHAP;
	return own(ch)->login != was;
}

static const struct ppp_option_row options[] = {
	{ LCP_MRU, 2, ask_mru, mru_naked, judge_mru },
	{ LCP_ACCM, 4, ask_accm, accm_naked, judge_accm },
	{ LCP_MAGIC, 4, ask_magic, magic_naked, judge_magic },
	{ LCP_PFC, 0, ask_nothing, NULL, judge_pfc },
	{ LCP_ACFC, 0, ask_nothing, NULL, judge_acfc },
	{ LCP_AUTHENTICATION, 2, ask_login, login_naked, NULL },
	{ 0 },
};

/* In the set of those that are asked for. */
static uint32_t bit_of(uint8_t type)
{
	size_t i;

	for (i = 0; options[i].type != type; i++)
		;
	return 1u << i;
}

static bool asks(const struct channel *ch, uint8_t type)
{
	return ppp_of(ch)->lcp.asks & bit_of(type);
}

static void judging(struct channel *ch)
{
	*asked(ch) = ppp_plain;
}

static void up(struct channel *ch)
{
	struct ppp_memory *pm = ppp_of(ch);

	pm->tx = pm->asked;
	pm->rx.accm = asks(ch, LCP_ACCM) ? pm->own.accm : 0;
	if (asks(ch, LCP_AUTHENTICATION))
		ppp_auth_start(ch, pm->own.login);
	else
		ppp_ipcp_start(ch);
}

static void down(struct channel *ch)
{
	struct ppp_memory *pm = ppp_of(ch);

	ppp_ipcp_stop(ch);
	ppp_restart_timer(ch, 0);
	pm->tx = ppp_plain;
	pm->rx.accm = 0;
	if (ch->link->ppp.phase != PPP_PHASE_TERMINATE)
		ppp_phase(ch, PPP_PHASE_ESTABLISH);
}

static void finished(struct channel *ch)
{
	ppp_end(ch, ch->link->ppp.why);
}

/* Data after the modem's magic number come back (RFC 1661 clause 5.8). */
static void echo(struct channel *ch, const struct ppp_control *packet)
{
	struct ppp_memory *pm = ppp_of(ch);
	uint8_t mem[PPP_MRU];
	size_t len = packet->len < ppp_most(ch) - 4 ? packet->len : ppp_most(ch) - 4;

	if (pm->lcp.state != PPP_OPENED || packet->len < 4)
		return;
	memcpy(mem, packet->data, len);
	ppp_put32(mem, asks(ch, LCP_MAGIC) ? pm->own.magic : 0);
	ppp_say(ch, PPP_LCP,
		&(struct ppp_control){ PPP_ECHO_REPLY, packet->id, mem, len });
}

/* The host does not know a protocol. Without LCP nothing works, without IPCP or the login
 * no IP (RFC 1661 clause 5.7). */
static void protocol_rejected(struct channel *ch, const struct ppp_control *packet)
{
	unsigned protocol = packet->len < 2 ? 0 : ppp_get16(packet->data);

	if (ppp_of(ch)->lcp.state != PPP_OPENED)
		return;
	if (protocol == PPP_LCP || protocol == PPP_IPCP ||
		(protocol == ppp_of(ch)->own.login &&
			ch->link->ppp.phase == PPP_PHASE_AUTHENTICATE))
		ppp_close(ch, PPP_LOST);
}

static bool extra(struct channel *ch, const struct ppp_control *packet)
{
	switch (packet->code) {
	case PPP_PROTOCOL_REJECT:
		protocol_rejected(ch, packet);
		return true;
	case PPP_ECHO_REQUEST:
		echo(ch, packet);
		return true;
	case PPP_ECHO_REPLY:
	case PPP_DISCARD_REQUEST:
		return true;
	default:
		return false;
	}
}

static const struct ppp_layer ppp_lcp = {
	.name = "LCP",
	.protocol = PPP_LCP,
	.options = options,
	.judging = judging,
	.up = up,
	.down = down,
	.finished = finished,
	.extra = extra,
};

void ppp_lcp_init(struct channel *ch)
{
	struct ppp_memory *pm = ppp_of(ch);

	*own(ch) = (struct ppp_own){ .mru = PPP_MRU, .login = PPP_PAP };
	judging(ch);
	ppp_fsm_init(&pm->lcp, &ppp_lcp);
	if (!has_magic(ch))
		pm->lcp.asks &= ~bit_of(LCP_MAGIC);
}

/* The session ends with the answer to a Terminate-Request, whatever the state. */
void ppp_lcp_rx(struct channel *ch, const struct ppp_control *packet)
{
	struct ppp *p = &ch->link->ppp;
	bool ends = packet->code == PPP_TERMINATE_REQUEST;

	if (ends && p->phase != PPP_PHASE_TERMINATE) {
		p->why = PPP_TERMINATED;
		ppp_phase(ch, PPP_PHASE_TERMINATE);
	}
	ppp_fsm_rx(ch, &ppp_of(ch)->lcp, packet);
	if (ends && p->on)
		ppp_end(ch, p->why);
}
