#include "codec/ppp_control.h"

#include <string.h>

#define ADDRESS 0xff
#define CONTROL 0x03
#define HEAD    4 /* code, identifier, length */

const struct name ppp_protocol_names[] = {
	{ PPP_IP, "IP", NULL },
	{ PPP_IPCP, "IPCP", NULL },
	{ PPP_LCP, "LCP", NULL },
	{ PPP_PAP, "PAP", NULL },
	{ PPP_CHAP, "CHAP", NULL },
	{ 0, NULL, NULL },
};

static const struct name codes[] = {
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
static const struct name pap_codes[] = {
	{ 1, "Authenticate-Request", NULL },
	{ 2, "Authenticate-Ack", NULL },
	{ 3, "Authenticate-Nak", NULL },
	{ 0, NULL, NULL },
};
static const struct name chap_codes[] = {
	{ 1, "Challenge", NULL },
	{ 2, "Response", NULL },
	{ 3, "Success", NULL },
	{ 4, "Failure", NULL },
	{ 0, NULL, NULL },
};

const struct name *ppp_code_names(unsigned protocol)
{
	return protocol == PPP_PAP    ? pap_codes
	       : protocol == PPP_CHAP ? chap_codes
				      : codes;
}

uint16_t ppp_get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

uint32_t ppp_get32(const uint8_t *p)
{
	return (uint32_t)ppp_get16(p) << 16 | ppp_get16(p + 2);
}

size_t ppp_put16(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)(value & 0xff);
	return 2;
}

size_t ppp_put32(uint8_t *p, uint32_t value)
{
	return ppp_put16(p, (uint16_t)(value >> 16)) +
	       ppp_put16(p + 2, (uint16_t)(value & 0xffff));
}

size_t ppp_header_read(const uint8_t *frame, size_t len, unsigned *protocol)
{
	size_t at = len >= 2 && frame[0] == ADDRESS && frame[1] == CONTROL ? 2 : 0;

	/* only the last octet of a protocol is odd */
	if (at < len && frame[at] & 1) {
		*protocol = frame[at];
		return frame[at] == ADDRESS ? 0 : at + 1;
	}
	if (at + 2 > len || !(frame[at + 1] & 1))
		return 0;
	*protocol = ppp_get16(frame + at);
	return at + 2;
}

size_t ppp_header_write(uint8_t out[4], unsigned protocol, bool acfc, bool pfc)
{
	size_t len = 0;

	if (!acfc) {
		out[len++] = ADDRESS;
		out[len++] = CONTROL;
	}
	if (!pfc || protocol > 0xff)
		out[len++] = (uint8_t)(protocol >> 8);
	out[len++] = (uint8_t)(protocol & 0xff);
	return len;
}

bool ppp_control_read(const uint8_t *p, size_t len, struct ppp_control *out)
{
	size_t said = len < HEAD ? 0 : ppp_get16(p + 2);

	if (said < HEAD || said > len)
		return false;
	*out = (struct ppp_control){ p[0], p[1], p + HEAD, said - HEAD };
	return true;
}

bool ppp_control_write(struct buf *out, const struct ppp_control *packet)
{
	uint8_t head[HEAD] = { packet->code, packet->id };

	if (buf_room(out) < HEAD + packet->len)
		return false;
	ppp_put16(head + 2, (uint16_t)(HEAD + packet->len));
	return buf_put(out, head, HEAD) && buf_put(out, packet->data, packet->len);
}

bool ppp_option_next(const struct ppp_control *packet, size_t *at, struct ppp_option *out)
{
	const uint8_t *p = packet->data + *at;
	size_t left = packet->len - *at;

	if (left < 2 || p[1] < 2 || p[1] > left)
		return false;
	*out = (struct ppp_option){ p[0], p + 2, p[1] - 2u };
	*at += p[1];
	return true;
}

bool ppp_options_whole(const struct ppp_control *packet)
{
	struct ppp_option option;
	size_t at = 0;

	while (ppp_option_next(packet, &at, &option))
		;
	return at == packet->len;
}

bool ppp_option_write(struct buf *out, const struct ppp_option *option)
{
	const uint8_t head[2] = { option->type, (uint8_t)(option->len + 2) };

	if (option->len > 0xff - 2 || buf_room(out) < sizeof(head) + option->len)
		return false;
	return buf_put(out, head, sizeof(head)) &&
	       buf_put(out, option->value, option->len);
}
