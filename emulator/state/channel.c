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

struct settings live_settings(const struct channel *ch)
{
	return (struct settings){ ch->set, ch->modem->live };
}
