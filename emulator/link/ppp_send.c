/* What PPP sends to the host, and its timer. */
#include <string.h>

#include "link/ppp_int.h"

/* Everything in a frame is escaped, and FCS and flags are added. */
#define LINE_MOST (2 * (4 + PPP_MRU + 2) + 2)

size_t ppp_most(const struct channel *ch)
{
	uint16_t mru = ppp_of(ch)->tx.mru;

	return mru < PPP_MRU ? mru : PPP_MRU;
}

/* False: there is no room for the frame. */
bool ppp_send(struct channel *ch, unsigned protocol, const void *info, size_t len,
	const struct ppp_terms *as)
{
	uint8_t frame[4 + PPP_MRU], line[LINE_MOST];
	/* LCP is never compressed (RFC 1661 clauses 6.5, 6.6) */
	bool lcp = protocol == PPP_LCP;
	size_t head = ppp_header_write(
		frame, protocol, as->acfc && !lcp, as->pfc && !lcp);
	struct buf b;

	buf_init(&b, line, sizeof(line));
	memcpy(frame + head, info, len);
	if (!ppp_encode(&b, frame, head + len, as->accm) || b.len > link_room(ch))
		return false;
	link_send(ch, b.data, b.len);
	return true;
}

const struct ppp_terms ppp_plain = { .mru = PPP_MRU, .accm = PPP_ACCM_ALL };

void ppp_log(const struct channel *ch, const char *way, unsigned protocol,
	const struct ppp_control *packet)
{
	log_debug(&ch->modem->log, LOG_LINK,
		"%s %s the host: %s (code %u), id %u, %zu octets",
		name_of(ppp_protocol_names, (int)protocol), way,
		name_of(ppp_code_names(protocol), packet->code), packet->code, packet->id,
		packet->len);
}

void ppp_say(struct channel *ch, unsigned protocol, const struct ppp_control *packet)
{
	bool basic = protocol == PPP_LCP && packet->code <= PPP_CODE_REJECT;
	uint8_t mem[PPP_MRU];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	if (ch->link->mode != LINK_PPP || !ppp_control_write(&b, packet))
		return;
	ppp_log(ch, "to", protocol, packet);
	ppp_send(ch, protocol, b.data, b.len, basic ? &ppp_plain : &ppp_of(ch)->tx);
}

void ppp_restart_timer(struct channel *ch, usec_t delay)
{
	struct timer *t = &ch->link->ppp.restart;

	if (delay)
		timer_arm(&ch->modem->sched, t, delay);
	else
		timer_stop(&ch->modem->sched, t);
}
