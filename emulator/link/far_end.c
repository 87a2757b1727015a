#include "link/far_end.h"

#include "link/link.h"
#include "state/modem_state.h"

bool far_end_reach(void *modem, const struct call *c)
{
	const struct modem *m = modem;
	const struct far_ports *far = &m->ports.far;

	if (!far->open)
		return false;
	far->open(far->ctx, (unsigned)c->id, c->who->far.text);
	return true;
}

void far_end_leave(void *modem, const struct call *c)
{
	const struct modem *m = modem;

	if (!c->neighbour)
		m->ports.far.close(m->ports.far.ctx, (unsigned)c->id);
}

bool far_end_engaged(void *modem)
{
	return link_speaks_ppp(modem);
}

const struct name far_endings[] = {
	{ FAR_HUNG_UP, "hung-up", NULL },
	{ FAR_UNREACHABLE, "unreachable", NULL },
	{ FAR_NO_ANSWER, "no-answer", NULL },
	{ 0, NULL, NULL },
};

void far_end_closed(struct modem *m, int id, enum far_ending why)
{
	static const int causes[] = {
		[FAR_HUNG_UP] = CAUSE_NORMAL,
		[FAR_UNREACHABLE] = CAUSE_OUT_OF_ORDER,
		[FAR_NO_ANSWER] = CAUSE_NO_RESPONSE,
	};

	calls_far_hang_up(&m->calls, id, causes[why]);
}

int far_end_call(struct modem *m, const char *number)
{
	const struct call_terms terms = {
		.bearer = BEARER_DATA,
		.hidden = !number[0],
		.group = GROUP_NONE,
		.far = CALL_FAR_THERE,
	};
	const struct call *c = NULL;

	if (net_registered(&m->net) && !m->profile->network.calls.no_data &&
		!far_end_engaged(m))
		c = call_incoming(&m->calls, number, &terms);
	return c ? c->id : 0;
}

/* The channel of that call, NULL: it is not connected. */
static struct channel *channel_of_call(const struct modem *m, int id)
{
	struct channel *ch = link_online(m);

	return ch && ch->link->data.id == id ? ch : NULL;
}

enum far_call far_end_state(const struct modem *m, int id)
{
	const struct call *c = &m->calls.call[id - 1];
	const struct channel *ch = channel_of_call(m, id);

	if (ch)
		return ch->link->mode == LINK_DATA ? FAR_CALL_ONLINE : FAR_CALL_ESCAPED;
	switch (call_state(c)) {
	case CALL_FREE:
		return FAR_CALL_NONE;
	case CALL_INCOMING:
	case CALL_WAITING:
		return FAR_CALL_RINGS;
	case CALL_DIALING:
	case CALL_ALERTING:
	case CALL_TRAINING:
	case CALL_ACTIVE:
	case CALL_HELD:
		break;
	}
	return FAR_CALL_CONNECTS;
}

size_t far_end_room(const struct modem *m, int id)
{
	const struct channel *ch = channel_of_call(m, id);

	if (!ch || ch->link->mode != LINK_DATA || ch->link->data.mute)
		return 0;
	return data_far_room(ch);
}

void far_end_rx(struct modem *m, int id, const void *buf, size_t len)
{
	struct channel *ch = channel_of_call(m, id);

	if (ch)
		link_send(ch, buf, len);
}
