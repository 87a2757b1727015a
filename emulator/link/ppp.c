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
static void say(struct modem *m, const uint8_t *frame, size_t len)
{
	char mem[128];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	if (m->link->mode == LINK_PPP && ppp_encode(&b, frame, len, PPP_ACCM_ALL) &&
		b.len <= link_room(m))
		link_send(m, b.data, b.len);
}

static void say_request(struct modem *m)
{
	uint8_t plain[sizeof(request) - MAGIC_LEN];

	if (!firmware_has(m->fw, QUIRK_LCP_NO_MAGIC)) {
		say(m, request, sizeof(request));
		return;
	}
	memcpy(plain, request, MAGIC_AT);
	memcpy(plain + MAGIC_AT, request + MAGIC_AT + MAGIC_LEN,
		sizeof(plain) - MAGIC_AT);
	plain[REQUEST_LENGTH] -= MAGIC_LEN;
	say(m, plain, sizeof(plain));
}

static void end(struct modem *m, enum ppp_end why)
{
	ppp_stop(m);
	m->link->ppp.ended(m, why);
}

static void repeat(void *ctx, usec_t now)
{
	struct modem *m = ctx;
	struct ppp *p = &m->link->ppp;

	(void)now;
	if (p->sent == REQUESTS) {
		end(m, PPP_UNANSWERED);
		return;
	}
	p->sent++;
	say_request(m);
	timer_arm(&m->sched, &p->repeat, PERIOD);
}

void ppp_init(struct modem *m, void (*ended)(struct modem *m, enum ppp_end why))
{
	struct ppp *p = &m->link->ppp;

	*p = (struct ppp){ .ended = ended };
	timer_init(&p->repeat, "LCP Configure-Request", TIMER_WAIT, repeat, m);
}

void ppp_start(struct modem *m)
{
	struct ppp *p = &m->link->ppp;

	p->on = true;
	p->sent = 0;
	ppp_decoder_init(&p->rx);
	repeat(m, m->sched.now);
}

void ppp_stop(struct modem *m)
{
	m->link->ppp.on = false;
	timer_stop(&m->sched, &m->link->ppp.repeat);
}

void ppp_reset(struct modem *m)
{
	ppp_stop(m);
	ppp_init(m, m->link->ppp.ended);
}

void ppp_lose(struct modem *m)
{
	static const uint8_t terminate[] = { 0xff, 0x03, 0xc0, 0x21,
		LCP_TERMINATE_REQUEST, 2, 0x00, 0x04 };

	if (!m->link->ppp.on)
		return;
	say(m, terminate, sizeof(terminate));
	end(m, PPP_LOST);
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

void ppp_rx(struct modem *m, uint8_t byte)
{
	struct ppp *p = &m->link->ppp;
	size_t len = ppp_decode(&p->rx, byte);
	const uint8_t *lcp = len ? lcp_of(p->rx.data, len) : NULL;
	uint8_t ack[] = { 0xff, 0x03, 0xc0, 0x21, LCP_TERMINATE_ACK, 0, 0x00, 0x04 };

	if (!lcp || lcp[0] != LCP_TERMINATE_REQUEST)
		return;
	ack[5] = lcp[1];
	say(m, ack, sizeof(ack));
	end(m, PPP_TERMINATED);
}
