/*   CONNECT  Configure-Request, id 1      x 10, 3 s apart          3 s later
 *      |        |        |        |   ...   |                        |
 *   ---+--------+--------+--------+---------+------------------------+--> NO CARRIER
 *
 * The number and the period are those of a field report. */
#include "link/ppp.h"

#include <string.h>

#include "link/link.h"
#include "state/modem_state.h"

#define REQUESTS 10
#define PERIOD   SEC(3)

enum { /* RFC 1661 clause 5 */
	LCP_TERMINATE_REQUEST = 5,
	LCP_TERMINATE_ACK = 6,
};

/* LCP Configure-Request, id 1: MRU 1500, ACCM 0, magic number 0, protocol and address
 * field compression, PAP. Byte for byte what a Q2686 was seen to send; a Q24 has left the
 * magic number out. */
static const uint8_t request[] = { 0xff, 0x03, 0xc0, 0x21, 0x01, 0x01, 0x00, 0x1c, 0x01,
	0x04, 0x05, 0xdc, 0x02, 0x06, 0x00, 0x00, 0x00, 0x00, 0x05, 0x06, 0x00, 0x00,
	0x00, 0x00, 0x07, 0x02, 0x08, 0x02, 0x03, 0x04, 0xc0, 0x23 };
#define REQUEST_LENGTH 7 /* position of the length's low octet, counted from the code */
#define MAGIC_AT       18
#define MAGIC_LEN      6

/* A frame that does not fit is not sent: the host may be gone. */
static void say(struct channel *ch, const uint8_t *frame, size_t len)
{
	char mem[128];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	if (ch->link->mode == LINK_PPP && ppp_encode(&b, frame, len, PPP_ACCM_ALL) &&
		b.len <= link_room(ch))
		link_send(ch, b.data, b.len);
}

static void say_request(struct channel *ch)
{
	struct modem *m = ch->modem;
	uint8_t plain[sizeof(request) - MAGIC_LEN];

	if (!firmware_has(m->fw, QUIRK_LCP_NO_MAGIC)) {
		say(ch, request, sizeof(request));
		return;
	}
	memcpy(plain, request, MAGIC_AT);
	memcpy(plain + MAGIC_AT, request + MAGIC_AT + MAGIC_LEN,
		sizeof(plain) - MAGIC_AT);
	plain[REQUEST_LENGTH] -= MAGIC_LEN;
	say(ch, plain, sizeof(plain));
}

static void end(struct channel *ch, enum ppp_end why)
{
	ppp_stop(ch);
	ch->link->ppp.ended(ch, why);
}

static void repeat(void *ctx, usec_t now)
{
	struct channel *ch = ctx;
	struct ppp *p = &ch->link->ppp;

	(void)now;
	if (p->sent == REQUESTS) {
		end(ch, PPP_UNANSWERED);
		return;
	}
	p->sent++;
	say_request(ch);
	timer_arm(&ch->modem->sched, &p->repeat, PERIOD);
}

void ppp_init(struct channel *ch, void (*ended)(struct channel *ch, enum ppp_end why))
{
	struct ppp *p = &ch->link->ppp;

	*p = (struct ppp){ .rx = &ch->link->memory->ppp, .ended = ended };
	timer_init(&p->repeat, "LCP Configure-Request", TIMER_WAIT, repeat, ch);
}

void ppp_start(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct ppp *p = &ch->link->ppp;

	p->on = true;
	p->sent = 0;
	ppp_decoder_init(p->rx);
	repeat(ch, m->sched.now);
}

void ppp_stop(struct channel *ch)
{
	struct modem *m = ch->modem;

	ch->link->ppp.on = false;
	timer_stop(&m->sched, &ch->link->ppp.repeat);
}

void ppp_reset(struct channel *ch)
{
	ppp_stop(ch);
	ppp_init(ch, ch->link->ppp.ended);
}

void ppp_lose(struct channel *ch)
{
	static const uint8_t terminate[] = { 0xff, 0x03, 0xc0, 0x21,
		LCP_TERMINATE_REQUEST, 2, 0x00, 0x04 };

	if (!ch->link->ppp.on)
		return;
	say(ch, terminate, sizeof(terminate));
	end(ch, PPP_LOST);
}

/* No session comes as far as IP yet. */
bool ppp_packet(struct modem *m, const void *packet, size_t len)
{
	(void)m;
	(void)packet;
	(void)len;
	return true;
}

/* The LCP packet in a frame, whose address and control may be omitted; NULL: another
 * protocol, or shorter than its length says. */
static const uint8_t *lcp_of(const uint8_t *p, size_t len)
{
	if (len > 2 && p[0] == 0xff && p[1] == 0x03) {
		p += 2;
		len -= 2;
	}
	if (len < 6 || p[0] != 0xc0 || p[1] != 0x21)
		return NULL;
	return ((size_t)p[4] << 8 | p[5]) <= len - 2 ? p + 2 : NULL;
}

void ppp_rx(struct channel *ch, uint8_t byte)
{
	struct ppp *p = &ch->link->ppp;
	size_t len = ppp_decode(p->rx, byte);
	const uint8_t *lcp = len ? lcp_of(p->rx->data, len) : NULL;
	uint8_t ack[] = { 0xff, 0x03, 0xc0, 0x21, LCP_TERMINATE_ACK, 0, 0x00, 0x04 };

	if (!lcp || lcp[0] != LCP_TERMINATE_REQUEST)
		return;
	ack[5] = lcp[1];
	say(ch, ack, sizeof(ack));
	end(ch, PPP_TERMINATED);
}
