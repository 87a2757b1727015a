#include "host/play/ppp_host.h"

#include <string.h>

#include "host/play/ppp_host_int.h"

#define FRAME_MAX  (4 + PPP_PACKET_HEADER + PPP_DATA_MAX)
#define LINE_MAX   (2 * FRAME_MAX + 8) /* every octet escaped */
#define MAGIC_SIZE 4

const struct name ppp_host_auths[] = {
	{ PPP_HOST_ANY, "any", "accepts PAP and CHAP" },
	{ PPP_HOST_PAP, "pap", "accepts PAP, asks for it instead of CHAP" },
	{ PPP_HOST_CHAP, "chap", "accepts CHAP, asks for it instead of PAP" },
	{ PPP_HOST_NONE, "none", "rejects both" },
	{ 0, NULL, NULL },
};
const struct name ppp_host_phases[] = {
	{ PPP_HOST_DEAD, "dead", NULL },
	{ PPP_HOST_ESTABLISH, "establish", "LCP" },
	{ PPP_HOST_AUTHENTICATE, "authenticate", "LCP is open" },
	{ PPP_HOST_NETWORK, "network", "authenticated" },
	{ PPP_HOST_UP, "up", "IPCP is open" },
	{ PPP_HOST_TERMINATE, "terminate", "the host has sent a Terminate-Request" },
	{ PPP_HOST_ENDED, "ended", "by a Terminate-Request of either side" },
	{ 0, NULL, NULL },
};

void ppp_host_init(struct ppp_host *h, const struct ppp_host_conf *conf,
	const struct ppp_host_ops *ops)
{
	*h = (struct ppp_host){ .conf = *conf,
		.ops = *ops,
		.phase = PPP_HOST_DEAD,
		.mru = 1500,
		.accm = PPP_ACCM_ALL };
	ppp_decoder_init(&h->rx);
}

/* ---- frames ---------------------------------------------------------------------- */

static void put_line(struct ppp_host *h, const uint8_t *frame, size_t len, uint32_t accm)
{
	char mem[LINE_MAX];
	struct buf line;

	buf_init(&line, mem, sizeof(mem));
	if (ppp_encode(&line, frame, len, accm))
		h->ops.send(h->ops.ctx, line.data, line.len);
}

/* LCP, and all before it is open, is sent as if nothing had been agreed on (RFC 1661
 * clause 6.5 and 6.6, RFC 1662 clause 7). */
static void send_frame(
	struct ppp_host *h, uint16_t protocol, const void *data, size_t len)
{
	bool plain = protocol == PPP_LCP_PROTOCOL || h->cp[PPP_LCP].state != CP_OPENED;
	uint8_t frame[FRAME_MAX];
	size_t n = 0;

	if (len > FRAME_MAX - 4)
		return;
	if (plain || !h->acfc) {
		frame[n++] = 0xff;
		frame[n++] = 0x03;
	}
	if (plain || !h->pfc || protocol > 0xff)
		frame[n++] = (uint8_t)(protocol >> 8);
	frame[n++] = (uint8_t)protocol;
	memcpy(frame + n, data, len);
	ppp_host_trace(h, true, protocol, data, len);
	put_line(h, frame, n + len, plain ? PPP_ACCM_ALL : h->accm);
}

void ppp_host_send(struct ppp_host *h, uint16_t protocol, uint8_t code, uint8_t id,
	const void *data, size_t len)
{
	uint8_t packet[PPP_PACKET_HEADER + PPP_DATA_MAX];
	size_t total = PPP_PACKET_HEADER + len;

	if (total > sizeof(packet))
		return;
	packet[0] = code;
	packet[1] = id;
	packet[2] = (uint8_t)(total >> 8);
	packet[3] = (uint8_t)total;
	if (len)
		memcpy(packet + PPP_PACKET_HEADER, data, len);
	send_frame(h, protocol, packet, total);
}

void ppp_host_frame(struct ppp_host *h, const void *frame, size_t len)
{
	uint8_t whole[FRAME_MAX] = { 0xff, 0x03 };

	if (len > FRAME_MAX - 2)
		return;
	memcpy(whole + 2, frame, len);
	put_line(h, whole, 2 + len, PPP_ACCM_ALL);
}

uint16_t ppp_host_protocol(const uint8_t **p, size_t *len)
{
	const uint8_t *at = *p, *end = at + *len;
	uint16_t protocol = 0;

	if (end - at >= 2 && at[0] == 0xff && at[1] == 0x03)
		at += 2;
	/* RFC 1661 clause 2: the last octet of a protocol is odd, the others are even */
	if (at < end && !(*at & 1))
		protocol = (uint16_t)(*at++ << 8);
	if (at == end || !(*at & 1))
		return 0;
	protocol |= *at++;
	*p = at;
	*len = (size_t)(end - at);
	return protocol;
}

bool ppp_host_packet(struct ppp_host *h, const void *packet, size_t len)
{
	if (h->phase != PPP_HOST_UP || len > h->mru || len > PPP_DATA_MAX)
		return false;
	send_frame(h, PPP_IP, packet, len);
	return true;
}

/* ---- phases ---------------------------------------------------------------------- */

void ppp_host_start(struct ppp_host *h)
{
	h->phase = PPP_HOST_ESTABLISH;
	cp_up(h, PPP_LCP);
}

void ppp_host_terminate(struct ppp_host *h)
{
	h->phase = PPP_HOST_TERMINATE;
	cp_close(h, PPP_LCP);
}

static void network_up(struct ppp_host *h)
{
	int cp;

	h->phase = PPP_HOST_NETWORK;
	for (cp = PPP_IPCP; cp < PPP_CPS; cp++)
		cp_up(h, cp);
}

void ppp_host_lcp_up(struct ppp_host *h)
{
	if (!h->auth) {
		network_up(h);
		return;
	}
	h->phase = PPP_HOST_AUTHENTICATE;
	auth_start(h);
}

void ppp_host_lcp_down(struct ppp_host *h)
{
	int cp;

	for (cp = PPP_IPCP; cp < PPP_CPS; cp++)
		cp_down(h, cp);
	h->authenticates = false;
	if (h->phase != PPP_HOST_TERMINATE)
		h->phase = PPP_HOST_ESTABLISH;
}

void ppp_host_authenticated(
	struct ppp_host *h, bool good, const uint8_t *message, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len && n + 1 < sizeof(h->message); i++)
		h->message[n++] = message[i] < 0x20 || message[i] > 0x7e
					  ? '?'
					  : (char)message[i];
	h->message[n] = '\0';
	h->refused = !good;
	if (good && h->phase == PPP_HOST_AUTHENTICATE)
		network_up(h);
}

void ppp_host_ipcp_up(struct ppp_host *h)
{
	h->phase = PPP_HOST_UP;
}

void ppp_host_ipcp_down(struct ppp_host *h)
{
	if (h->phase == PPP_HOST_UP)
		h->phase = PPP_HOST_NETWORK;
}

void ppp_host_ended(struct ppp_host *h, bool by_modem)
{
	h->phase = PPP_HOST_ENDED;
	h->by_modem = by_modem;
}

void ppp_host_again(struct ppp_host *h)
{
	int cp;

	for (cp = 0; cp < PPP_CPS; cp++)
		if (h->cp[cp].state != CP_CLOSED)
			cp_timeout(h, cp);
	if (h->authenticates)
		auth_start(h);
}

/* ---- what comes ------------------------------------------------------------------ */

/* The codes that only LCP has. */
static void lcp_only(struct ppp_host *h, const struct ppp_packet *in)
{
	static const uint8_t no_magic[MAGIC_SIZE];
	uint8_t data[PPP_DATA_MAX] = { PPP_HOST_MAGIC >> 24, PPP_HOST_MAGIC >> 16 & 0xff,
		PPP_HOST_MAGIC >> 8 & 0xff, PPP_HOST_MAGIC & 0xff };
	bool open = h->cp[PPP_LCP].state == CP_OPENED;
	int cp;

	if (in->code == PPP_PROTOCOL_REJECT && in->len >= 2) {
		cp = cp_find((uint16_t)(in->data[0] << 8 | in->data[1]));
		if (cp > PPP_LCP)
			cp_unknown(h, cp);
	} else if (in->code == PPP_ECHO_REQUEST && in->len >= MAGIC_SIZE && open) {
		if (!h->conf.magic)
			memcpy(data, no_magic, MAGIC_SIZE);
		memcpy(data + MAGIC_SIZE, in->data + MAGIC_SIZE, in->len - MAGIC_SIZE);
		ppp_host_send(h, PPP_LCP_PROTOCOL, PPP_ECHO_REPLY, in->id, data, in->len);
	} else if (in->code == PPP_ECHO_REPLY && open) {
		h->echoes++;
	}
}

static void control(struct ppp_host *h, uint16_t protocol, const uint8_t *p, size_t len)
{
	int cp = cp_find(protocol);
	struct ppp_packet in;
	size_t total = len < PPP_PACKET_HEADER ? 0 : (size_t)p[2] << 8 | p[3];

	if (total < PPP_PACKET_HEADER || total > len ||
		total > PPP_PACKET_HEADER + PPP_DATA_MAX)
		return;
	in = (struct ppp_packet){ p[0], p[1], p + PPP_PACKET_HEADER,
		total - PPP_PACKET_HEADER };
	if (cp == PPP_LCP && in.code > PPP_CODE_REJECT)
		lcp_only(h, &in);
	else if (cp == PPP_LCP || (cp > 0 && h->phase >= PPP_HOST_NETWORK))
		cp_packet(h, cp, &in);
	else if (cp < 0 && h->phase >= PPP_HOST_AUTHENTICATE)
		auth_packet(h, protocol, &in);
}

static void reject_protocol(
	struct ppp_host *h, uint16_t protocol, const uint8_t *p, size_t len)
{
	uint8_t data[PPP_DATA_MAX] = { (uint8_t)(protocol >> 8), (uint8_t)protocol };

	len = len < sizeof(data) - 2 ? len : sizeof(data) - 2;
	memcpy(data + 2, p, len);
	ppp_host_send(
		h, PPP_LCP_PROTOCOL, PPP_PROTOCOL_REJECT, ++h->last_id, data, 2 + len);
}

void ppp_host_rx(struct ppp_host *h, uint8_t byte)
{
	size_t len = ppp_decode(&h->rx, byte);
	const uint8_t *p = h->rx.data;
	uint16_t protocol = len ? ppp_host_protocol(&p, &len) : 0;

	if (!protocol || h->phase == PPP_HOST_DEAD)
		return;
	ppp_host_trace(h, false, protocol, p, len);
	if (protocol == PPP_IP) {
		if (h->phase == PPP_HOST_UP && h->ops.packet)
			h->ops.packet(h->ops.ctx, p, len);
	} else if (cp_find(protocol) >= 0 || protocol == PPP_PAP ||
		   protocol == PPP_CHAP) {
		control(h, protocol, p, len);
	} else if (h->cp[PPP_LCP].state == CP_OPENED) {
		reject_protocol(h, protocol, p, len);
	}
}
