/* An outside program as the service centre: it is told about each message that the modem
 * has sent, as often as it takes, and says what became of it. */
#include "gsm/smsc_int.h"

bool smsc_outside(const struct smsc *s)
{
	return s->world->centre == SMS_CENTRE_OUTSIDE;
}

bool smsc_for_outside(const struct smsc *s, const struct smsc_item *it)
{
	return smsc_outside(s) && it->outbound;
}

void smsc_ask(struct smsc *s, struct smsc_item *it)
{
	it->waits = true;
	s->asked(s->ctx, it);
}

const struct smsc_item *smsc_outside_next(const struct smsc *s, uint64_t after)
{
	const struct smsc_item *next = NULL, *it = s->item;

	for (; it < s->item + s->items; it++)
		if (it->used && smsc_for_outside(s, it) && it->ref > after &&
			(!next || it->ref < next->ref))
			next = it;
	return next;
}

bool smsc_acknowledge(struct smsc *s, uint64_t ref, uint8_t status)
{
	const struct smsc_item *found = ref ? smsc_outside_next(s, ref - 1) : NULL;

	if (!found || found->ref != ref)
		return false;
	smsc_finish(s, &s->item[found - s->item], status);
	smsc_schedule(s);
	return true;
}
