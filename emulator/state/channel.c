#include "state/channel.h"

#include "state/modem_state.h"

struct channel *channel_next(const struct modem *m, const struct channel *ch)
{
	unsigned next = ch ? ch->port + 1 : 0;

	return channel_of_port(m, next);
}

struct channel *channel_of_port(const struct modem *m, unsigned port)
{
	return port < m->channels ? &m->channel[port] : NULL;
}

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
