/* The control protocols of the host: one automaton (RFC 1661 clause 4.1, without what
 * loss needs), and one table of options a protocol. */
#include <string.h>

#include "codec/ip.h"
#include "host/play/ppp_host_int.h"

#define CHAP_MD5 5

/* ---- options --------------------------------------------------------------------- */

enum {
	LCP_MRU,
	LCP_ACCM,
	LCP_MAGIC,
	LCP_PFC,
	LCP_ACFC
};
enum {
	IPCP_ADDRESS,
	IPCP_DNS1,
	IPCP_WINS1,
	IPCP_DNS2,
	IPCP_WINS2,
	IPCP_VJ
};

#define LCP_AUTH_TYPE     3
#define IPCP_ADDRESS_TYPE 3

struct option {
	uint8_t type, len; /* of the value */
	const char *name;
	uint8_t value[CP_VALUE]; /* asked for, unless the configuration says so */
};

static const struct option lcp_options[] = {
	[LCP_MRU] = { 1, 2, "mru", { 0 } },
	[LCP_ACCM] = { 2, 4, "accm", { 0 } },
	[LCP_MAGIC] = { 5, 4, "magic",
		{ PPP_HOST_MAGIC >> 24, PPP_HOST_MAGIC >> 16 & 0xff,
			PPP_HOST_MAGIC >> 8 & 0xff, PPP_HOST_MAGIC & 0xff } },
	[LCP_PFC] = { 7, 0, "pfc", { 0 } },
	[LCP_ACFC] = { 8, 0, "acfc", { 0 } },
	{ 0 },
};
static const struct option ipcp_options[] = {
	[IPCP_ADDRESS] = { IPCP_ADDRESS_TYPE, 4, "address", { 0 } },
	[IPCP_DNS1] = { 129, 4, "dns1", { 0 } },
	[IPCP_WINS1] = { 130, 4, "wins1", { 0 } },
	[IPCP_DNS2] = { 131, 4, "dns2", { 0 } },
	[IPCP_WINS2] = { 132, 4, "wins2", { 0 } },
	[IPCP_VJ] = { 2, 4, "vj", { 0x00, 0x2d, 0x0f, 0x01 } }, /* 15 slots, with C */
	{ 0 },
};
static const struct option ccp_options[] = {
	{ 26, 2, "deflate", { 0x78, 0x00 } },
	{ 21, 1, "bsd", { 0x2f } },
	{ 0 },
};
static const struct option ipv6cp_options[] = {
	{ 1, 8, "interface", { 0x02, 0, 0, 0xff, 0xfe, 0, 0, 0x01 } },
	{ 0 },
};

/* What to ask for, as a set; sets values that the configuration has. */

static unsigned lcp_asks(const struct ppp_host_conf *c, struct ppp_host_cp *cp)
{
	ppp_put16(cp->value[LCP_MRU], (uint16_t)c->mru);
	ppp_put32(cp->value[LCP_ACCM], (uint32_t)c->accm);
	return (unsigned)!!c->mru << LCP_MRU | (unsigned)(c->accm >= 0) << LCP_ACCM |
	       (unsigned)c->magic << LCP_MAGIC | (unsigned)c->pfc << LCP_PFC |
	       (unsigned)c->acfc << LCP_ACFC;
}

static unsigned ipcp_asks(const struct ppp_host_conf *c, struct ppp_host_cp *cp)
{
	ip_addr_read(c->address, strlen(c->address), cp->value[IPCP_ADDRESS]);
	return 1u << IPCP_ADDRESS | c->dns * (1u << IPCP_DNS1 | 1u << IPCP_DNS2) |
	       c->wins * (1u << IPCP_WINS1 | 1u << IPCP_WINS2) |
	       (unsigned)c->vj << IPCP_VJ;
}

static unsigned ccp_asks(const struct ppp_host_conf *c, struct ppp_host_cp *cp)
{
	(void)cp;
	return c->ccp ? 3 : 0;
}

static unsigned ipv6cp_asks(const struct ppp_host_conf *c, struct ppp_host_cp *cp)
{
	(void)cp;
	return c->ipv6cp;
}

/* ---- what the modem asks for ----------------------------------------------------- */

/* A row of an answer: its code, and for a Nak the value to use instead. */
struct verdict {
	enum ppp_code code;
	uint8_t value[CP_VALUE];
	size_t len;
};

static struct verdict judge_auth(struct ppp_host *h, const uint8_t *v, size_t len)
{
	unsigned protocol = len < 2 ? 0 : ppp_get16(v);
	bool pap = protocol == PPP_PAP && len == 2;
	bool chap = protocol == PPP_CHAP && len == 3 && v[2] == CHAP_MD5;

	if (h->conf.auth == PPP_HOST_NONE)
		return (struct verdict){ PPP_CONFIGURE_REJECT, { 0 }, 0 };
	if ((pap && h->conf.auth != PPP_HOST_CHAP) ||
		(chap && h->conf.auth != PPP_HOST_PAP)) {
		h->auth = protocol;
		return (struct verdict){ PPP_CONFIGURE_ACK, { 0 }, 0 };
	}
	if (h->conf.auth == PPP_HOST_CHAP)
		return (struct verdict){ PPP_CONFIGURE_NAK,
			{ PPP_CHAP >> 8, PPP_CHAP & 0xff, CHAP_MD5 }, 3 };
	return (struct verdict){ PPP_CONFIGURE_NAK, { PPP_PAP >> 8, PPP_PAP & 0xff }, 2 };
}

static struct verdict lcp_judge(
	struct ppp_host *h, uint8_t type, const uint8_t *v, size_t len)
{
	static const uint8_t lens[] = { 0, 2, 4, 0, 0, 4, 0, 0, 0 };
	enum ppp_code ack = PPP_CONFIGURE_ACK;

	if (type == LCP_AUTH_TYPE)
		return judge_auth(h, v, len);
	if (type >= sizeof(lens) || len != lens[type])
		return (struct verdict){ PPP_CONFIGURE_REJECT, { 0 }, 0 };
	switch (type) {
	case 1:
		h->mru = ppp_get16(v);
		break;
	case 2:
		h->accm = ppp_get32(v);
		break;
	case 5:
		h->has_magic = true;
		h->magic = ppp_get32(v);
		break;
	case 7:
		h->pfc = true;
		break;
	case 8:
		h->acfc = true;
		break;
	default:
		ack = PPP_CONFIGURE_REJECT;
	}
	return (struct verdict){ ack, { 0 }, 0 };
}

static struct verdict ipcp_judge(
	struct ppp_host *h, uint8_t type, const uint8_t *v, size_t len)
{
	if (type != IPCP_ADDRESS_TYPE || len != sizeof(h->peer))
		return (struct verdict){ PPP_CONFIGURE_REJECT, { 0 }, 0 };
	memcpy(h->peer, v, sizeof(h->peer));
	return (struct verdict){ PPP_CONFIGURE_ACK, { 0 }, 0 };
}

static struct verdict no_judge(
	struct ppp_host *h, uint8_t type, const uint8_t *v, size_t len)
{
	(void)h;
	(void)type;
	(void)v;
	(void)len;
	return (struct verdict){ PPP_CONFIGURE_REJECT, { 0 }, 0 };
}

/* Forgets what the last request has asked for. */
static void lcp_forget(struct ppp_host *h)
{
	h->mru = 1500;
	h->accm = PPP_ACCM_ALL;
	h->auth = 0;
	h->has_magic = h->pfc = h->acfc = false;
}

/* ---- the protocols --------------------------------------------------------------- */

static const struct kind {
	unsigned protocol;
	const char *name;
	const struct option *options;
	unsigned (*asks)(const struct ppp_host_conf *c, struct ppp_host_cp *cp);
	struct verdict (*judge)(
		struct ppp_host *h, uint8_t type, const uint8_t *v, size_t len);
	void (*forget)(
		struct ppp_host *h); /* before a request; may be NULL, like those: */
	void (*up)(struct ppp_host *h);
	void (*down)(struct ppp_host *h);
	void (*ended)(struct ppp_host *h, bool by_modem);
} kinds[CP_KINDS] = {
	[CP_LCP] = { PPP_LCP, "LCP", lcp_options, lcp_asks, lcp_judge, lcp_forget,
		ppp_host_lcp_up, ppp_host_lcp_down, ppp_host_ended },
	[CP_IPCP] = { PPP_IPCP, "IPCP", ipcp_options, ipcp_asks, ipcp_judge, NULL,
		ppp_host_ipcp_up, ppp_host_ipcp_down, NULL },
	[CP_CCP] = { PPP_CCP, "CCP", ccp_options, ccp_asks, no_judge, NULL, NULL, NULL,
		NULL },
	[CP_IPV6CP] = { PPP_IPV6CP, "IPV6CP", ipv6cp_options, ipv6cp_asks, no_judge, NULL,
		NULL, NULL, NULL },
};

int cp_find(unsigned protocol)
{
	int i;

	for (i = 0; i < CP_KINDS; i++)
		if (kinds[i].protocol == protocol)
			return i;
	return -1;
}

const char *cp_name(int cp)
{
	return kinds[cp].name;
}

const char *cp_option(int cp, int option)
{
	return kinds[cp].options[option].name;
}

/* ---- the automaton --------------------------------------------------------------- */

enum event {
	EVENT_UP,
	EVENT_TIMEOUT,
	EVENT_GOOD_REQUEST, /* RCR+ */
	EVENT_BAD_REQUEST,  /* RCR- */
	EVENT_ACK,          /* RCA */
	EVENT_NAK,          /* RCN: of either kind */
	EVENT_TERMINATE,    /* RTR */
	EVENT_TERMINATED,   /* RTA */
	EVENT_CLOSE,
	EVENTS,
};

enum {
	ASK = 1,        /* scr: sends a Configure-Request */
	ANSWER = 2,     /* sca, scn: sends the answer to the modem's */
	UP = 4,         /* tlu */
	DOWN = 8,       /* tld */
	TERMINATE = 16, /* str */
	TERM_ACK = 32,  /* sta */
	ENDED = 64,     /* tlf */
};

struct move {
	enum ppp_host_cp_state to;
	unsigned does;
};

static const struct move moves[CP_STATES][EVENTS] = {
	[CP_CLOSED] = {
		[EVENT_UP] = { CP_REQ_SENT, ASK },
		[EVENT_GOOD_REQUEST] = { CP_CLOSED, TERM_ACK },
		[EVENT_BAD_REQUEST] = { CP_CLOSED, TERM_ACK },
		[EVENT_TERMINATE] = { CP_CLOSED, TERM_ACK },
	},
	[CP_REQ_SENT] = {
		[EVENT_UP] = { CP_REQ_SENT, ASK },
		[EVENT_TIMEOUT] = { CP_REQ_SENT, ASK },
		[EVENT_GOOD_REQUEST] = { CP_ACK_SENT, ANSWER },
		[EVENT_BAD_REQUEST] = { CP_REQ_SENT, ANSWER },
		[EVENT_ACK] = { CP_ACK_RCVD, 0 },
		[EVENT_NAK] = { CP_REQ_SENT, ASK },
		[EVENT_TERMINATE] = { CP_CLOSED, TERM_ACK | ENDED },
		[EVENT_TERMINATED] = { CP_REQ_SENT, 0 },
		[EVENT_CLOSE] = { CP_CLOSING, TERMINATE },
	},
	[CP_ACK_RCVD] = {
		[EVENT_UP] = { CP_REQ_SENT, ASK },
		[EVENT_TIMEOUT] = { CP_REQ_SENT, ASK },
		[EVENT_GOOD_REQUEST] = { CP_OPENED, ANSWER | UP },
		[EVENT_BAD_REQUEST] = { CP_ACK_RCVD, ANSWER },
		[EVENT_ACK] = { CP_REQ_SENT, ASK },
		[EVENT_NAK] = { CP_REQ_SENT, ASK },
		[EVENT_TERMINATE] = { CP_CLOSED, TERM_ACK | ENDED },
		[EVENT_TERMINATED] = { CP_REQ_SENT, 0 },
		[EVENT_CLOSE] = { CP_CLOSING, TERMINATE },
	},
	[CP_ACK_SENT] = {
		[EVENT_UP] = { CP_REQ_SENT, ASK },
		[EVENT_TIMEOUT] = { CP_ACK_SENT, ASK },
		[EVENT_GOOD_REQUEST] = { CP_ACK_SENT, ANSWER },
		[EVENT_BAD_REQUEST] = { CP_REQ_SENT, ANSWER },
		[EVENT_ACK] = { CP_OPENED, UP },
		[EVENT_NAK] = { CP_ACK_SENT, ASK },
		[EVENT_TERMINATE] = { CP_CLOSED, TERM_ACK | ENDED },
		[EVENT_TERMINATED] = { CP_ACK_SENT, 0 },
		[EVENT_CLOSE] = { CP_CLOSING, TERMINATE },
	},
	[CP_OPENED] = {
		[EVENT_UP] = { CP_REQ_SENT, DOWN | ASK },
		[EVENT_TIMEOUT] = { CP_OPENED, 0 },
		[EVENT_GOOD_REQUEST] = { CP_ACK_SENT, DOWN | ASK | ANSWER },
		[EVENT_BAD_REQUEST] = { CP_REQ_SENT, DOWN | ASK | ANSWER },
		[EVENT_ACK] = { CP_REQ_SENT, DOWN | ASK },
		[EVENT_NAK] = { CP_REQ_SENT, DOWN | ASK },
		[EVENT_TERMINATE] = { CP_CLOSED, DOWN | TERM_ACK | ENDED },
		[EVENT_TERMINATED] = { CP_REQ_SENT, DOWN | ASK },
		[EVENT_CLOSE] = { CP_CLOSING, DOWN | TERMINATE },
	},
	[CP_CLOSING] = {
		[EVENT_UP] = { CP_REQ_SENT, ASK },
		[EVENT_TIMEOUT] = { CP_CLOSING, TERMINATE },
		[EVENT_GOOD_REQUEST] = { CP_CLOSING, 0 },
		[EVENT_BAD_REQUEST] = { CP_CLOSING, 0 },
		[EVENT_ACK] = { CP_CLOSING, 0 },
		[EVENT_NAK] = { CP_CLOSING, 0 },
		[EVENT_TERMINATE] = { CP_CLOSING, TERM_ACK },
		[EVENT_TERMINATED] = { CP_CLOSED, ENDED },
		[EVENT_CLOSE] = { CP_CLOSING, 0 },
	},
};

/* An answer to a request of the modem. */
struct answer {
	enum ppp_code code;
	uint8_t id;
	uint8_t data[PPP_DATA_MAX];
	struct buf out; /* in data */
};

static void say(struct ppp_host *h, int cp, enum ppp_code code, uint8_t id,
	const uint8_t *data, size_t len)
{
	ppp_host_send(h, kinds[cp].protocol,
		&(struct ppp_control){ (uint8_t)code, id, data, len });
}

static void ask(struct ppp_host *h, int cp)
{
	struct ppp_host_cp *c = &h->cp[cp];
	uint8_t data[CP_OPTIONS * (2 + CP_VALUE)];
	const struct option *o;
	struct buf b;
	int i;

	buf_init(&b, data, sizeof(data));
	for (i = 0; (o = &kinds[cp].options[i])->name; i++)
		if (c->asked >> i & 1)
			ppp_option_write(
				&b, &(struct ppp_option){ o->type, c->value[i], o->len });
	say(h, cp, PPP_CONFIGURE_REQUEST, c->id = ++h->last_id, data, b.len);
}

/* a: the answer to a request; id: of the packet that came. */
static void go(
	struct ppp_host *h, int cp, enum event e, const struct answer *a, uint8_t id)
{
	const struct kind *kind = &kinds[cp];
	struct ppp_host_cp *c = &h->cp[cp];
	const struct move *move = &moves[c->state][e];

	c->state = move->to;
	if (move->does & DOWN && kind->down)
		kind->down(h);
	if (move->does & ASK)
		ask(h, cp);
	if (move->does & ANSWER)
		say(h, cp, a->code, a->id, a->data, a->out.len);
	if (move->does & TERMINATE)
		say(h, cp, PPP_TERMINATE_REQUEST, c->id = ++h->last_id, NULL, 0);
	if (move->does & TERM_ACK)
		say(h, cp, PPP_TERMINATE_ACK, id, NULL, 0);
	if (move->does & UP && kind->up)
		kind->up(h);
	if (move->does & ENDED && kind->ended)
		kind->ended(h, e == EVENT_TERMINATE);
}

void cp_up(struct ppp_host *h, int cp)
{
	struct ppp_host_cp *c = &h->cp[cp];
	const struct option *o = kinds[cp].options;
	int i;

	*c = (struct ppp_host_cp){ .state = CP_CLOSED };
	for (i = 0; o[i].name; i++)
		memcpy(c->value[i], o[i].value, CP_VALUE);
	c->asked = kinds[cp].asks(&h->conf, c);
	/* a protocol without anything to ask for is not spoken */
	if (c->asked || cp == CP_LCP)
		go(h, cp, EVENT_UP, NULL, 0);
}

void cp_down(struct ppp_host *h, int cp)
{
	h->cp[cp].state = CP_CLOSED;
}

void cp_close(struct ppp_host *h, int cp)
{
	go(h, cp, EVENT_CLOSE, NULL, 0);
}

void cp_timeout(struct ppp_host *h, int cp)
{
	go(h, cp, EVENT_TIMEOUT, NULL, 0);
}

void cp_unknown(struct ppp_host *h, int cp)
{
	h->cp[cp].unknown = true;
	h->cp[cp].state = CP_CLOSED;
}

/* ---- packets --------------------------------------------------------------------- */

/* Appends an option to an answer of that code: a Nak outdoes an Ack, a Reject both. */
static void add(struct answer *a, const struct verdict *v, struct ppp_option o)
{
	if (v->code < a->code)
		return;
	if (v->code > a->code)
		buf_clear(&a->out);
	a->code = v->code;
	if (v->code == PPP_CONFIGURE_NAK) {
		o.value = v->value;
		o.len = v->len;
	}
	ppp_option_write(&a->out, &o);
}

static void answer_request(struct ppp_host *h, int cp, const struct ppp_control *in)
{
	const struct kind *kind = &kinds[cp];
	struct answer a = { .code = PPP_CONFIGURE_ACK, .id = in->id };
	struct ppp_option o;
	struct verdict v;
	size_t at = 0;

	buf_init(&a.out, a.data, sizeof(a.data));
	if (kind->forget)
		kind->forget(h);
	while (ppp_option_next(in, &at, &o)) {
		v = kind->judge(h, o.type, o.value, o.len);
		add(&a, &v, o);
	}
	go(h, cp, a.code == PPP_CONFIGURE_ACK ? EVENT_GOOD_REQUEST : EVENT_BAD_REQUEST,
		&a, in->id);
}

/* A Nak or a Reject of what the host has asked for. */
static void take_refusal(struct ppp_host *h, int cp, const struct ppp_control *in)
{
	struct ppp_host_cp *c = &h->cp[cp];
	const struct option *row;
	struct ppp_option o;
	size_t at = 0;
	int i;

	while (ppp_option_next(in, &at, &o)) {
		for (i = 0; (row = &kinds[cp].options[i])->name; i++) {
			if (row->type != o.type)
				continue;
			if (in->code == PPP_CONFIGURE_REJECT) {
				c->asked &= ~(1u << i);
				c->rejected |= 1u << i;
			} else if (o.len == row->len) {
				memcpy(c->value[i], o.value, row->len);
			}
		}
	}
}

void cp_packet(struct ppp_host *h, int cp, const struct ppp_control *in)
{
	switch (in->code) {
	case PPP_CONFIGURE_REQUEST:
		answer_request(h, cp, in);
		break;
	case PPP_CONFIGURE_ACK:
		if (in->id == h->cp[cp].id)
			go(h, cp, EVENT_ACK, NULL, in->id);
		break;
	case PPP_CONFIGURE_NAK:
	case PPP_CONFIGURE_REJECT:
		if (in->id != h->cp[cp].id)
			break;
		take_refusal(h, cp, in);
		go(h, cp, EVENT_NAK, NULL, in->id);
		break;
	case PPP_TERMINATE_REQUEST:
		go(h, cp, EVENT_TERMINATE, NULL, in->id);
		break;
	case PPP_TERMINATE_ACK:
		go(h, cp, EVENT_TERMINATED, NULL, in->id);
		break;
	default: /* Code-Reject: nothing that it sends is optional */
		break;
	}
}

/* ---- what was agreed on ---------------------------------------------------------- */

static const uint8_t none[4];

const uint8_t *ppp_host_address(const struct ppp_host *h)
{
	const struct ppp_host_cp *c = &h->cp[CP_IPCP];

	return c->state == CP_OPENED ? c->value[IPCP_ADDRESS] : none;
}

const uint8_t *ppp_host_dns(const struct ppp_host *h, int i)
{
	const struct ppp_host_cp *c = &h->cp[CP_IPCP];
	int option = i ? IPCP_DNS2 : IPCP_DNS1;

	return c->state == CP_OPENED && c->asked >> option & 1 ? c->value[option] : none;
}
