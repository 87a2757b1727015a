#include "host/play/ppp_host.h"

#include <string.h>

#include "host/play/ppp_host_int.h"

#define FRAME_MAX  (8 + PPP_DATA_MAX)
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
	struct ppp_host *h, unsigned protocol, const void *data, size_t len)
{
	bool plain = protocol == PPP_LCP || h->cp[CP_LCP].state != CP_OPENED;
	uint8_t frame[FRAME_MAX];
	size_t n = ppp_header_write(frame, protocol, !plain && h->acfc, !plain && h->pfc);

	if (len > FRAME_MAX - 4)
		return;
	memcpy(frame + n, data, len);
	ppp_host_trace(h, true, protocol, data, len);
	put_line(h, frame, n + len, plain ? PPP_ACCM_ALL : h->accm);
}

void ppp_host_send(
	struct ppp_host *h, unsigned protocol, const struct ppp_control *packet)
{
	uint8_t mem[FRAME_MAX];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	if (ppp_control_write(&b, packet))
		send_frame(h, protocol, b.data, b.len);
}

void ppp_host_frame(struct ppp_host *h, const void *frame, size_t len)
{
	uint8_t whole[FRAME_MAX] = { 0xff, 0x03 };

	if (len > FRAME_MAX - 2)
		return;
	memcpy(whole + 2, frame, len);
	put_line(h, whole, 2 + len, PPP_ACCM_ALL);
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
	cp_up(h, CP_LCP);
}

void ppp_host_terminate(struct ppp_host *h)
{
	h->phase = PPP_HOST_TERMINATE;
	cp_close(h, CP_LCP);
}

static void network_up(struct ppp_host *h)
{
	int cp;

	h->phase = PPP_HOST_NETWORK;
	for (cp = CP_IPCP; cp < CP_KINDS; cp++)
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

	for (cp = CP_IPCP; cp < CP_KINDS; cp++)
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

	for (cp = 0; cp < CP_KINDS; cp++)
		if (h->cp[cp].state != CP_CLOSED)
			cp_timeout(h, cp);
	if (h->authenticates)
		auth_start(h);
}

/* ---- what comes ------------------------------------------------------------------ */

/* The codes that only LCP has. */
static void lcp_only(struct ppp_host *h, const struct ppp_control *in)
{
	uint8_t data[PPP_DATA_MAX];
	bool open = h->cp[CP_LCP].state == CP_OPENED;
	int cp;

	if (in->code == PPP_PROTOCOL_REJECT && in->len >= 2) {
		cp = cp_find(ppp_get16(in->data));
		if (cp > CP_LCP)
			cp_unknown(h, cp);
	} else if (in->code == PPP_ECHO_REQUEST && in->len >= MAGIC_SIZE && open) {
		memcpy(data, in->data, in->len);
		ppp_put32(data, h->conf.magic ? PPP_HOST_MAGIC : 0);
		ppp_host_send(h, PPP_LCP,
			&(struct ppp_control){ PPP_ECHO_REPLY, in->id, data, in->len });
	} else if (in->code == PPP_ECHO_REPLY && open) {
		h->echoes++;
	}
}

static void control(struct ppp_host *h, unsigned protocol, const uint8_t *p, size_t len)
{
	int cp = cp_find(protocol);
	struct ppp_control in;

	if (!ppp_control_read(p, len, &in) || in.len > PPP_DATA_MAX)
		return;
	if (cp == CP_LCP && in.code > PPP_CODE_REJECT)
		lcp_only(h, &in);
	else if (cp == CP_LCP || (cp > 0 && h->phase >= PPP_HOST_NETWORK))
		cp_packet(h, cp, &in);
	else if (cp < 0 && h->phase >= PPP_HOST_AUTHENTICATE)
		auth_packet(h, protocol, &in);
}

static void reject_protocol(
	struct ppp_host *h, unsigned protocol, const uint8_t *p, size_t len)
{
	uint8_t data[PPP_DATA_MAX];
	size_t n = ppp_put16(data, (uint16_t)protocol);

	len = len < sizeof(data) - n ? len : sizeof(data) - n;
	memcpy(data + n, p, len);
	ppp_host_send(h, PPP_LCP,
		&(struct ppp_control){
			PPP_PROTOCOL_REJECT, ++h->last_id, data, n + len });
}

void ppp_host_rx(struct ppp_host *h, uint8_t byte)
{
	size_t len = ppp_decode(&h->rx, byte), head;
	const uint8_t *p;
	unsigned protocol;

	head = len ? ppp_header_read(h->rx.data, len, &protocol) : 0;
	if (!head || h->phase == PPP_HOST_DEAD)
		return;
	p = h->rx.data + head;
	len -= head;
	ppp_host_trace(h, false, protocol, p, len);
	if (protocol == PPP_IP) {
		if (h->phase == PPP_HOST_UP && h->ops.packet)
			h->ops.packet(h->ops.ctx, p, len);
	} else if (cp_find(protocol) >= 0 || protocol == PPP_PAP ||
		   protocol == PPP_CHAP) {
		control(h, protocol, p, len);
	} else if (h->cp[CP_LCP].state == CP_OPENED) {
		reject_protocol(h, protocol, p, len);
	}
}
