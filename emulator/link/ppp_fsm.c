#include "link/ppp_fsm.h"

#include <string.h>

#include "link/ppp_int.h"

const struct name ppp_state_names[] = {
	{ PPP_INITIAL, "initial", NULL },
	{ PPP_STARTING, "starting", NULL },
	{ PPP_CLOSED, "closed", NULL },
	{ PPP_STOPPED, "stopped", NULL },
	{ PPP_CLOSING, "closing", NULL },
	{ PPP_STOPPING, "stopping", NULL },
	{ PPP_REQ_SENT, "req-sent", NULL },
	{ PPP_ACK_RCVD, "ack-rcvd", NULL },
	{ PPP_ACK_SENT, "ack-sent", NULL },
	{ PPP_OPENED, "opened", NULL },
	{ 0, NULL, NULL },
};

/* ---- the table of clause 4.1 ------------------------------------------------------ */

enum { /* actions, in the order in which those of one entry are done */
	TLD = 1,
	IRC = 2,  /* restart counter: Max-Configure, or with STR Max-Terminate */
	ZRC = 4,  /* restart counter: zero */
	SCR = 8,  /* Configure-Request */
	SCA = 16, /* Configure-Ack */
	SCN = 32, /* Configure-Nak or Configure-Reject */
	STR = 64, /* Terminate-Request */
	STA = 128,
	SCJ = 256, /* Code-Reject */
	TLU = 512,
	TLF = 1024,
};

/* `-` in the clause: the event cannot happen there, and nothing follows. */
struct move {
	uint16_t actions;
	uint8_t next; /* 1 + the state; 0: `-` */
};
#define GO(actions, state)             \
	{                              \
		(actions), (state) + 1 \
	}
#define NO           \
	{            \
		0, 0 \
	}

/* clang-format off */
static const struct move table[PPP_EVENTS][PPP_STATES] = {
	/* Initial, Starting, Closed, Stopped, Closing, Stopping,
	 * Req-Sent, Ack-Rcvd, Ack-Sent, Opened */
	[PPP_UP] = { GO(0, 2), GO(IRC | SCR, 6), NO, NO, NO, NO,
		NO, NO, NO, NO },
	[PPP_DOWN] = { NO, NO, GO(0, 0), GO(0, 1), GO(0, 0), GO(0, 1),
		GO(0, 1), GO(0, 1), GO(0, 1), GO(TLD, 1) },
	[PPP_OPEN] = { GO(0, 1), GO(0, 1), GO(IRC | SCR, 6), GO(0, 3), GO(0, 5), GO(0, 5),
		GO(0, 6), GO(0, 7), GO(0, 8), GO(0, 9) },
	[PPP_CLOSE] = { GO(0, 0), GO(TLF, 0), GO(0, 2), GO(0, 2), GO(0, 4), GO(0, 4),
		GO(IRC | STR, 4), GO(IRC | STR, 4), GO(IRC | STR, 4), GO(TLD | IRC | STR, 4) },
	[PPP_TIMEOUT] = { NO, NO, NO, NO, GO(STR, 4), GO(STR, 5),
		GO(SCR, 6), GO(SCR, 6), GO(SCR, 8), NO },
	[PPP_TIMEOUT_LAST] = { NO, NO, NO, NO, GO(TLF, 2), GO(TLF, 3),
		GO(TLF, 3), GO(TLF, 3), GO(TLF, 3), NO },
	[PPP_RCR_GOOD] = { NO, NO, GO(STA, 2), GO(IRC | SCR | SCA, 8), GO(0, 4), GO(0, 5),
		GO(SCA, 8), GO(SCA | TLU, 9), GO(SCA, 8), GO(TLD | SCR | SCA, 8) },
	[PPP_RCR_BAD] = { NO, NO, GO(STA, 2), GO(IRC | SCR | SCN, 6), GO(0, 4), GO(0, 5),
		GO(SCN, 6), GO(SCN, 7), GO(SCN, 6), GO(TLD | SCR | SCN, 6) },
	[PPP_RCA] = { NO, NO, GO(STA, 2), GO(STA, 3), GO(0, 4), GO(0, 5),
		GO(IRC, 7), GO(SCR, 6), GO(IRC | TLU, 9), GO(TLD | SCR, 6) },
	[PPP_RCN] = { NO, NO, GO(STA, 2), GO(STA, 3), GO(0, 4), GO(0, 5),
		GO(IRC | SCR, 6), GO(SCR, 6), GO(IRC | SCR, 8), GO(TLD | SCR, 6) },
	[PPP_RTR] = { NO, NO, GO(STA, 2), GO(STA, 3), GO(STA, 4), GO(STA, 5),
		GO(STA, 6), GO(STA, 6), GO(STA, 6), GO(TLD | ZRC | STA, 5) },
	[PPP_RTA] = { NO, NO, GO(0, 2), GO(0, 3), GO(TLF, 2), GO(TLF, 3),
		GO(0, 6), GO(0, 6), GO(0, 8), GO(TLD | SCR, 6) },
	[PPP_RUC] = { NO, NO, GO(SCJ, 2), GO(SCJ, 3), GO(SCJ, 4), GO(SCJ, 5),
		GO(SCJ, 6), GO(SCJ, 7), GO(SCJ, 8), GO(SCJ, 9) },
	[PPP_RXJ_GOOD] = { NO, NO, GO(0, 2), GO(0, 3), GO(0, 4), GO(0, 5),
		GO(0, 6), GO(0, 6), GO(0, 8), GO(0, 9) },
	[PPP_RXJ_BAD] = { NO, NO, GO(TLF, 2), GO(TLF, 3), GO(TLF, 2), GO(TLF, 3),
		GO(TLF, 3), GO(TLF, 3), GO(TLF, 3), GO(TLD | IRC | STR, 5) },
};
/* clang-format on */

/* The states in which the restart timer runs (clause 4.2). */
static bool timed(int state)
{
	return state >= PPP_CLOSING && state <= PPP_ACK_SENT;
}

/* ---- what the modem asks for ------------------------------------------------------ */

void ppp_fsm_init(struct ppp_fsm *f, const struct ppp_layer *layer)
{
	size_t i;

	*f = (struct ppp_fsm){ .layer = layer, .answered = true };
	for (i = 0; layer->options[i].type; i++)
		if (layer->options[i].ask)
			f->asks |= 1u << i;
}

/* The options of a Configure-Request: the same until a Nak or a Reject changes them. */
static void write_request(struct channel *ch, const struct ppp_fsm *f, struct buf *out)
{
	uint8_t value[PPP_OPTION_MAX];
	struct ppp_option option = { .value = value };
	size_t i;

	for (i = 0; f->layer->options[i].type; i++) {
		if (!(f->asks >> i & 1))
			continue;
		option.type = f->layer->options[i].type;
		option.len = f->layer->options[i].ask(ch, value);
		ppp_option_write(out, &option);
	}
}

static void request(struct channel *ch, struct ppp_fsm *f)
{
	uint8_t mem[PPP_ANSWER_MAX];
	struct buf b;

	/* the identifier of a repetition stays (clause 5.1) */
	if (f->answered)
		f->asked = ++f->id;
	f->answered = false;
	buf_init(&b, mem, sizeof(mem));
	write_request(ch, f, &b);
	ppp_say(ch, f->layer->protocol,
		&(struct ppp_control){ PPP_CONFIGURE_REQUEST, f->asked, mem, b.len });
}

static const struct ppp_option_row *row_of(const struct ppp_layer *layer, uint8_t type)
{
	const struct ppp_option_row *row;

	for (row = layer->options; row->type; row++)
		if (row->type == type)
			return row;
	return NULL;
}

/* A Nak or a Reject: what is asked for changes. */
static void refused(
	struct channel *ch, struct ppp_fsm *f, const struct ppp_control *packet)
{
	struct ppp_option wish;
	const struct ppp_option_row *row;
	uint32_t bit;
	size_t at = 0;

	while (ppp_option_next(packet, &at, &wish)) {
		row = row_of(f->layer, wish.type);
		bit = row ? 1u << (row - f->layer->options) : 0;
		/* a Nak may also propose what was not asked for: it is not wanted */
		if (!(f->asks & bit))
			continue;
		if (packet->code == PPP_CONFIGURE_REJECT || !row->naked ||
			!row->naked(ch, &wish))
			f->asks &= ~bit;
	}
}

/* ---- what the host asks for ------------------------------------------------------- */

static bool asked_for(const struct ppp_control *packet, uint8_t type)
{
	struct ppp_option option;
	size_t at = 0;

	while (ppp_option_next(packet, &at, &option))
		if (option.type == type)
			return true;
	return false;
}

/* Appends the options that the host should have asked for to a Nak, or makes one. */
static enum ppp_verdict add_needed(struct channel *ch, const struct ppp_fsm *f,
	const struct ppp_control *packet, enum ppp_verdict worst, struct buf *out)
{
	static const uint8_t none[PPP_OPTION_MAX];
	const struct ppp_option_row *row;
	uint8_t better[PPP_OPTION_MAX];

	for (row = f->layer->options; row->type; row++) {
		if (!row->needed || asked_for(packet, row->type) ||
			row->judge(ch, none, better) != PPP_NAK)
			continue;
		if (worst == PPP_ACK)
			buf_clear(out);
		worst = PPP_NAK;
		ppp_option_write(
			out, &(struct ppp_option){ row->type, better, row->len });
	}
	return worst;
}

enum ppp_verdict ppp_fsm_judge(struct channel *ch, const struct ppp_fsm *f,
	const struct ppp_control *packet, struct buf *out)
{
	enum ppp_verdict worst = PPP_ACK, verdict;
	const struct ppp_option_row *row;
	uint8_t better[PPP_OPTION_MAX];
	struct ppp_option option;
	size_t at = 0;

	if (f->layer->judging)
		f->layer->judging(ch);
	while (ppp_option_next(packet, &at, &option)) {
		row = row_of(f->layer, option.type);
		verdict = row && row->judge && row->len == option.len
				  ? row->judge(ch, option.value, better)
				  : PPP_REJECT;
		/* it does not converge (clause 4.6, Max-Failure) */
		if (verdict == PPP_NAK && f->naks >= PPP_MAX_FAILURE)
			verdict = PPP_REJECT;
		if (verdict < worst)
			continue;
		if (verdict > worst)
			buf_clear(out);
		worst = verdict;
		if (verdict == PPP_NAK)
			option.value = better;
		ppp_option_write(out, &option);
	}
	if (worst == PPP_REJECT || f->naks >= PPP_MAX_FAILURE)
		return worst;
	return add_needed(ch, f, packet, worst, out);
}

/* ---- events ----------------------------------------------------------------------- */

/* What came, and what is to be answered: NULL for events that are no packets. */
struct cause {
	const struct ppp_control *packet;
	struct ppp_control answer;
};

static void say_request(struct channel *ch, struct ppp_fsm *f, enum ppp_code code)
{
	if (f->restarts)
		f->restarts--;
	if (code == PPP_CONFIGURE_REQUEST)
		request(ch, f);
	else
		ppp_say(ch, f->layer->protocol,
			&(struct ppp_control){ (uint8_t)code, ++f->id, NULL, 0 });
	ppp_restart_timer(ch, PPP_RESTART);
}

/* The packet comes back, cut off at the host's MRU (clause 5.6). */
static void code_reject(
	struct channel *ch, struct ppp_fsm *f, const struct ppp_control *packet)
{
	uint8_t mem[4 + PPP_MRU] = { packet->code, packet->id };
	size_t most = ppp_most(ch) - 4, len = 4 + packet->len;

	ppp_put16(mem + 2, (uint16_t)len);
	if (len > most)
		len = most;
	memcpy(mem + 4, packet->data, len - 4);
	ppp_say(ch, f->layer->protocol,
		&(struct ppp_control){ PPP_CODE_REJECT, ++f->id, mem, len });
}

static void act(struct channel *ch, struct ppp_fsm *f, unsigned actions,
	const struct cause *cause)
{
	if (actions & TLD && f->layer->down)
		f->layer->down(ch);
	if (actions & IRC)
		f->restarts = actions & STR ? PPP_MAX_TERMINATE : PPP_MAX_CONFIGURE;
	if (actions & ZRC) {
		f->restarts = 0;
		ppp_restart_timer(ch, PPP_RESTART);
	}
	if (actions & SCR)
		say_request(ch, f, PPP_CONFIGURE_REQUEST);
	if (actions & (SCA | SCN))
		ppp_say(ch, f->layer->protocol, &cause->answer);
	if (actions & STR)
		say_request(ch, f, PPP_TERMINATE_REQUEST);
	if (actions & STA)
		ppp_say(ch, f->layer->protocol,
			&(struct ppp_control){ PPP_TERMINATE_ACK, cause->packet->id });
	if (actions & SCJ)
		code_reject(ch, f, cause->packet);
	if (actions & TLU && f->layer->up)
		f->layer->up(ch);
	if (actions & TLF && f->layer->finished)
		f->layer->finished(ch);
}

static void step(struct channel *ch, struct ppp_fsm *f, enum ppp_event e,
	const struct cause *cause)
{
	const struct move *move = &table[e][f->state];

	if (!move->next)
		return;
	if (timed(f->state) && !timed(move->next - 1))
		ppp_restart_timer(ch, 0);
	f->state = (uint8_t)(move->next - 1);
	act(ch, f, move->actions, cause);
}

void ppp_fsm_event(struct channel *ch, struct ppp_fsm *f, enum ppp_event e)
{
	step(ch, f, e, NULL);
}

void ppp_fsm_timeout(struct channel *ch, struct ppp_fsm *f)
{
	step(ch, f, f->restarts ? PPP_TIMEOUT : PPP_TIMEOUT_LAST, NULL);
}

static void rx_request(
	struct channel *ch, struct ppp_fsm *f, const struct ppp_control *packet)
{
	static const uint8_t code_of[] = {
		[PPP_ACK] = PPP_CONFIGURE_ACK,
		[PPP_NAK] = PPP_CONFIGURE_NAK,
		[PPP_REJECT] = PPP_CONFIGURE_REJECT,
	};
	uint8_t mem[PPP_MRU];
	struct cause cause = { .packet = packet };
	enum ppp_verdict verdict;
	struct buf b;

	if (!ppp_options_whole(packet))
		return;
	/* what would be acknowledged in a closing link must not change what is in force */
	if (f->state < PPP_STOPPED || f->state == PPP_CLOSING || f->state == PPP_STOPPING)
		verdict = PPP_ACK;
	else {
		buf_init(&b, mem, sizeof(mem));
		verdict = ppp_fsm_judge(ch, f, packet, &b);
		cause.answer.data = mem;
		cause.answer.len = b.len;
	}
	cause.answer.code = code_of[verdict];
	cause.answer.id = packet->id;
	f->naks = verdict == PPP_ACK ? 0 : (uint8_t)(f->naks + (verdict == PPP_NAK));
	step(ch, f, verdict == PPP_ACK ? PPP_RCR_GOOD : PPP_RCR_BAD, &cause);
}

/* A Configure-Ack repeats the request octet by octet. */
static bool acknowledges(
	struct channel *ch, const struct ppp_fsm *f, const struct ppp_control *packet)
{
	uint8_t mem[PPP_ANSWER_MAX];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	write_request(ch, f, &b);
	return packet->len == b.len && !memcmp(packet->data, mem, b.len);
}

/* An answer to a Configure-Request. */
static void rx_answer(
	struct channel *ch, struct ppp_fsm *f, const struct ppp_control *packet)
{
	const struct cause cause = { .packet = packet };
	bool negotiates = f->state >= PPP_REQ_SENT;

	if (negotiates && (f->answered || packet->id != f->asked))
		return;
	if (packet->code == PPP_CONFIGURE_ACK) {
		if (negotiates && !acknowledges(ch, f, packet))
			return;
		f->answered = true;
		f->refusals = 0;
		step(ch, f, PPP_RCA, &cause);
		return;
	}
	if (!ppp_options_whole(packet))
		return;
	f->answered = true;
	if (negotiates)
		refused(ch, f, packet);
	/* a host that refuses without end: the link is closed (inferred) */
	if (++f->refusals > PPP_MAX_CONFIGURE)
		step(ch, f, PPP_CLOSE, NULL);
	else
		step(ch, f, PPP_RCN, &cause);
}

void ppp_fsm_rx(struct channel *ch, struct ppp_fsm *f, const struct ppp_control *packet)
{
	const struct cause cause = { .packet = packet };

	switch (packet->code) {
	case PPP_CONFIGURE_REQUEST:
		rx_request(ch, f, packet);
		break;
	case PPP_CONFIGURE_ACK:
	case PPP_CONFIGURE_NAK:
	case PPP_CONFIGURE_REJECT:
		rx_answer(ch, f, packet);
		break;
	case PPP_TERMINATE_REQUEST:
		step(ch, f, PPP_RTR, &cause);
		break;
	case PPP_TERMINATE_ACK:
		step(ch, f, PPP_RTA, &cause);
		break;
	case PPP_CODE_REJECT:
		/* one of the codes that the automaton cannot do without (clause 4.3) */
		step(ch, f,
			packet->len && packet->data[0] <= PPP_CODE_REJECT ? PPP_RXJ_BAD
									  : PPP_RXJ_GOOD,
			&cause);
		break;
	default:
		if (!f->layer->extra || !f->layer->extra(ch, packet))
			step(ch, f, PPP_RUC, &cause);
		break;
	}
}
