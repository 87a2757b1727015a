/* The host's PPP in words: frames for the trace, and values for the steps of a scenario. */
#include <stdio.h>
#include <string.h>

#include "codec/hex.h"
#include "codec/ip.h"
#include "host/play/ppp_host_int.h"

#define TRACE_OCTETS 48 /* of a packet, in hexadecimal */

/* ---- frames ---------------------------------------------------------------------- */

static const struct name protocols[] = {
	{ PPP_IP, "IP", NULL },
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
static const struct name pap_codes[] = { { 1, "Authenticate-Request", NULL },
	{ 2, "Authenticate-Ack", NULL }, { 3, "Authenticate-Nak", NULL },
	{ 0, NULL, NULL } };
static const struct name chap_codes[] = { { 1, "Challenge", NULL },
	{ 2, "Response", NULL }, { 3, "Success", NULL }, { 4, "Failure", NULL },
	{ 0, NULL, NULL } };

void ppp_host_trace(
	struct ppp_host *h, bool sent, uint16_t protocol, const uint8_t *p, size_t len)
{
	const struct name *table = protocol == PPP_PAP    ? pap_codes
				   : protocol == PPP_CHAP ? chap_codes
							  : codes;
	size_t shown = len < TRACE_OCTETS ? len : TRACE_OCTETS;
	int cp = cp_find(protocol);
	char text[2 * TRACE_OCTETS + 80];
	struct buf b;

	if (!h->ops.trace)
		return;
	buf_init(&b, text, sizeof(text) - 1);
	buf_puts(&b, cp >= 0 ? cp_name(cp) : name_of(protocols, protocol));
	if (protocol != PPP_IP && len >= PPP_PACKET_HEADER) {
		buf_printf(&b, " %s, id %u:", name_of(table, p[0]), p[1]);
		p += PPP_PACKET_HEADER;
		len -= PPP_PACKET_HEADER;
		shown = len < TRACE_OCTETS ? len : TRACE_OCTETS;
	} else if (cp < 0 && protocol != PPP_IP) {
		buf_printf(&b, " %04X", protocol);
	}
	if (shown)
		buf_putc(&b, ' ');
	hex_put(&b, p, shown);
	if (shown < len)
		buf_puts(&b, "...");
	text[b.len] = '\0';
	h->ops.trace(h->ops.ctx, sent, text);
}

/* ---- values ---------------------------------------------------------------------- */

enum {
	VALUE_PHASE,
	VALUE_ENDED,
	VALUE_AUTH,
	VALUE_MESSAGE,
	VALUE_ADDRESS,
	VALUE_PEER,
	VALUE_DNS1,
	VALUE_DNS2,
	VALUE_REJECTED,
	VALUE_UNKNOWN,
	VALUE_MRU,
	VALUE_ACCM,
	VALUE_MAGIC,
};

const struct name ppp_host_values[] = {
	{ VALUE_PHASE, "phase", "dead, establish, authenticate, network, up, ended" },
	{ VALUE_ENDED, "ended", "who has ended the link: host, modem; no" },
	{ VALUE_AUTH, "auth", "what the modem has asked for: none, pap, chap" },
	{ VALUE_MESSAGE, "message", "the text of the answer to authentication" },
	{ VALUE_ADDRESS, "address", "what the host got" },
	{ VALUE_PEER, "peer", "the modem's address" },
	{ VALUE_DNS1, "dns1", "the first name server, or none" },
	{ VALUE_DNS2, "dns2", "the second" },
	{ VALUE_REJECTED, "rejected", "options that the modem has rejected, or none" },
	{ VALUE_UNKNOWN, "unknown", "protocols that it has rejected, or none" },
	{ VALUE_MRU, "mru", "of the modem" },
	{ VALUE_ACCM, "accm", "of the modem, eight hexadecimal digits" },
	{ VALUE_MAGIC, "magic", "of the modem, the same; or none" },
	{ 0, NULL, NULL },
};

static void put_address(struct buf *b, const uint8_t address[4])
{
	static const uint8_t none[4];
	char text[IP_ADDR_TEXT];

	buf_puts(b, memcmp(address, none, 4) ? ip_addr_text(address, text) : "none");
}

static void put_word(struct buf *b, const char *word)
{
	buf_printf(b, "%s%s", b->len ? " " : "", word);
}

static void put_rejected(const struct ppp_host *h, struct buf *b)
{
	const char *name;
	int cp, i;

	for (cp = 0; cp < PPP_CPS; cp++)
		for (i = 0; (name = cp_option(cp, i)); i++)
			if (h->cp[cp].rejected >> i & 1)
				put_word(b, name);
}

static void put_unknown(const struct ppp_host *h, struct buf *b)
{
	int cp;

	for (cp = 0; cp < PPP_CPS; cp++)
		if (h->cp[cp].unknown)
			put_word(b, cp_name(cp));
}

static void put_value(const struct ppp_host *h, int value, struct buf *b)
{
	switch (value) {
	case VALUE_PHASE:
		buf_puts(b, name_of(ppp_host_phases, (int)h->phase));
		break;
	case VALUE_ENDED:
		buf_puts(b, h->phase != PPP_HOST_ENDED ? "no"
			    : h->by_modem              ? "modem"
						       : "host");
		break;
	case VALUE_AUTH:
		buf_puts(b, h->auth == PPP_PAP    ? "pap"
			    : h->auth == PPP_CHAP ? "chap"
						  : "none");
		break;
	case VALUE_MESSAGE:
		buf_puts(b, h->message);
		break;
	case VALUE_ADDRESS:
		put_address(b, ppp_host_address(h));
		break;
	case VALUE_PEER:
		put_address(b, h->peer);
		break;
	case VALUE_DNS1:
	case VALUE_DNS2:
		put_address(b, ppp_host_dns(h, value == VALUE_DNS2));
		break;
	case VALUE_REJECTED:
		put_rejected(h, b);
		break;
	case VALUE_UNKNOWN:
		put_unknown(h, b);
		break;
	case VALUE_MRU:
		buf_printf(b, "%u", (unsigned)h->mru);
		break;
	case VALUE_ACCM:
		buf_printf(b, "%08X", (unsigned)h->accm);
		break;
	case VALUE_MAGIC:
		if (h->has_magic)
			buf_printf(b, "%08X", (unsigned)h->magic);
		break;
	}
}

void ppp_host_value(const struct ppp_host *h, int value, char out[PPP_HOST_TEXT])
{
	struct buf b;

	buf_init(&b, out, PPP_HOST_TEXT - 1);
	put_value(h, value, &b);
	if (!b.len)
		buf_puts(&b, "none");
	out[b.len] = '\0';
}
