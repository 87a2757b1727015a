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
	size_t head = ppp_header_write(frame, protocol, as->acfc, as->pfc);
	struct buf b;

	buf_init(&b, line, sizeof(line));
	memcpy(frame + head, info, len);
	if (!ppp_encode(&b, frame, head + len, as->accm) || b.len > link_room(ch))
		return false;
	link_send(ch, b.data, b.len);
	return true;
}

const struct ppp_terms ppp_plain = { .mru = PPP_MRU, .accm = PPP_ACCM_ALL };

/* The protocols have the same numbers for different codes. */
static const struct name control_names[] = {
	{ PPP_CONFIGURE_REQUEST, "Configure-Request", NULL },
	{ PPP_CONFIGURE_ACK, "Configure-Ack", NULL },
	{ PPP_CONFIGURE_NAK, "Configure-Nak", NULL },
	{ PPP_CONFIGURE_REJECT, "Configure-Reject", NULL },
	{ PPP_TERMINATE_REQUEST, "Terminate-Request", NULL },
	{ PPP_TERMINATE_ACK, "Terminate-Ack", NULL },
	{ PPP_CODE_REJECT, "Code-Reject", NULL },
	{ PPP_PROTOCOL_REJECT, "Protocol-Reject", NULL },
	{ PPP_ECHO_REQUEST, "Echo-Request", NULL },
	{ PPP_ECHO_REPLY, "Echo-Reply", NULL },
	{ PPP_DISCARD_REQUEST, "Discard-Request", NULL },
	{ 0, NULL, NULL },
};
static const struct name pap_names[] = {
	{ 1, "Authenticate-Request", NULL },
	{ 2, "Authenticate-Ack", NULL },
	{ 0, NULL, NULL },
};
static const struct name chap_names[] = {
	{ 1, "Challenge", NULL },
	{ 2, "Response", NULL },
	{ 3, "Success", NULL },
	{ 0, NULL, NULL },
};
static const struct {
	unsigned protocol;
	const char *name;
	const struct name *codes;
} protocols[] = {
	{ PPP_LCP, "LCP", control_names },
	{ PPP_IPCP, "IPCP", control_names },
	{ PPP_PAP, "PAP", pap_names },
	{ PPP_CHAP, "CHAP", chap_names },
};

void ppp_log(const struct channel *ch, const char *way, unsigned protocol,
	const struct ppp_control *packet)
{
	size_t i;

	for (i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (protocols[i].protocol == protocol)
			log_debug(&ch->modem->log, LOG_LINK,
				"%s %s the host: %s (code %u), id %u, %zu octets",
				protocols[i].name, way,
				name_of(protocols[i].codes, packet->code), packet->code,
				packet->id, packet->len);
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
