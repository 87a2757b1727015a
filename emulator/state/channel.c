#include "state/channel.h"

#include "state/modem_state.h"

int *live_at(struct channel *ch, int field)
{
	if ((size_t)field < SETTINGS_OF_PORT)
		return (int *)&ch->set + field;
	return (int *)&ch->modem->live + (field - (int)SETTINGS_OF_PORT);
}

int live_get(const struct channel *ch, int field)
{
	return *live_at((struct channel *)ch, field);
}

void channel_share(const struct channel *ch)
{
	struct channel *other;

	for (other = ch->carrier; other; other = other->next)
		if (other != ch && other->port == ch->port)
			other->set = ch->set;
}

struct settings live_settings(const struct channel *ch)
{
	return (struct settings){ ch->set, ch->modem->live };
}
