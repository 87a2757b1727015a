/* The host's PPP in words: frames for the trace, and values for the steps of a scenario. */
#include <stdio.h>
#include <string.h>

#include "codec/hex.h"
#include "codec/ip.h"
#include "host/play/ppp_host_int.h"

#define CONTROL_HEADER 4
#define TRACE_OCTETS   48 /* of a packet, in hexadecimal */

/* ---- frames ---------------------------------------------------------------------- */

static const struct name flags[] = { { IP_TCP_SYN, "SYN", NULL },
	{ IP_TCP_FIN, "FIN", NULL }, { IP_TCP_RST, "RST", NULL },
	{ IP_TCP_ACK, "ACK", NULL }, { 0, NULL, NULL } };

static void put_octets(struct buf *b, const uint8_t *p, size_t len)
{
	size_t shown = len < TRACE_OCTETS ? len : TRACE_OCTETS;

	if (shown)
		buf_putc(b, ' ');
	hex_put(b, p, shown);
	if (shown < len)
		buf_puts(b, "...");
}

/* A packet in words; false if it is not one. */
static bool put_packet(struct buf *b, const uint8_t *p, size_t len)
{
	char source[IP_ADDR_TEXT], dest[IP_ADDR_TEXT];
	const struct name *flag;
	struct ip ip;

	if (!ip_read(p, len, &ip) || ip.fragment)
		return false;
	ip_addr_text(ip.src, source);
	ip_addr_text(ip.dst, dest);
	if (ip.protocol == IP_ICMP)
		buf_printf(b, " ICMP %s > %s, type %d, %zu octets", source, dest,
			ip.icmp.type, ip.payload_len);
	else if (ip.protocol == IP_UDP)
		buf_printf(b, " UDP %s:%u > %s:%u, %zu octets", source, ip.sport, dest,
			ip.dport, ip.payload_len);
	else if (ip.protocol == IP_TCP)
		buf_printf(b, " TCP %s:%u > %s:%u, %zu octets at %u, acknowledges %u,",
			source, ip.sport, dest, ip.dport, ip.payload_len,
			(unsigned)ip.tcp.seq, (unsigned)ip.tcp.ack);
	for (flag = flags; ip.protocol == IP_TCP && flag->name; flag++)
		if (ip.tcp.flags & (unsigned)flag->value)
			buf_printf(b, " %s", flag->name);
	return ip.protocol == IP_ICMP || ip.protocol == IP_UDP || ip.protocol == IP_TCP;
}

/* A packet of a control protocol or of authentication. */
static void put_control(struct buf *b, unsigned protocol, const uint8_t *p, size_t len)
{
	const struct name *table = ppp_code_names(protocol);

	if (len < CONTROL_HEADER) {
		put_octets(b, p, len);
		return;
	}
	buf_printf(b, " %s, id %u:", name_of(table, p[0]), p[1]);
	put_octets(b, p + CONTROL_HEADER, len - CONTROL_HEADER);
}

void ppp_host_trace(
	struct ppp_host *h, bool sent, unsigned protocol, const uint8_t *p, size_t len)
{
	int cp = cp_find(protocol);
	const char *name = cp >= 0 ? cp_name(cp)
				   : name_of(ppp_protocol_names, (int)protocol);
	char text[2 * TRACE_OCTETS + 160];
	struct buf b;

	if (!h->ops.trace)
		return;
	buf_init(&b, text, sizeof(text) - 1);
	if (*name == '?')
		buf_printf(&b, "%04X", protocol);
	else
		buf_puts(&b, name);
	if (protocol != PPP_IP && *name != '?')
		put_control(&b, protocol, p, len);
	else if (protocol != PPP_IP || !put_packet(&b, p, len))
		put_octets(&b, p, len);
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

	for (cp = 0; cp < CP_KINDS; cp++)
		for (i = 0; (name = cp_option(cp, i)); i++)
			if (h->cp[cp].rejected >> i & 1)
				put_word(b, name);
}

static void put_unknown(const struct ppp_host *h, struct buf *b)
{
	int cp;

	for (cp = 0; cp < CP_KINDS; cp++)
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
