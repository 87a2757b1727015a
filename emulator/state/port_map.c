#include "state/port_map.h"

#include "state/application.h"
#include "state/modem_state.h"

const char *port_name(unsigned port)
{
	return port < MODEM_NAMED ? name_of(port_names, (int)port) : NULL;
}

bool device_has_port(const struct device *d, unsigned port)
{
	size_t i;

	for (i = 0; i < d->n_ports; i++)
		if (d->ports[i] == (int)port)
			return true;
	return port == MODEM_UART1;
}

static bool firmware_runs(const struct modem *m)
{
	switch (m->power) {
	case POWER_MUTE:
	case POWER_ON:
	case POWER_STOPPED:
	case POWER_DOWNLOAD:
	case POWER_DOWN:
		return true;
	case POWER_OFF:
	case POWER_NO_FIRMWARE:
	case POWER_BOOT_PIN:
	case POWER_FAULT:
		break;
	}
	return false;
}

bool port_taken(const struct channel *ch)
{
	const struct application *a = application_running(ch->modem);

	return a && ch->port < MODEM_NAMED && a->takes & 1u << ch->port;
}

bool port_wanted(const struct channel *ch)
{
	const struct modem *m = ch->modem;

	if (ch->port >= MODEM_NAMED)
		return true;
	if (port_taken(ch))
		return false;
	return firmware_runs(m) ? m->live.port_open[ch->port] : ch->port == MODEM_UART1;
}

struct channel *port_of_data(const struct modem *m, enum port_data data)
{
	/* +WMFM counts ports from 1 */
	int port = m->live.data_port[data];
	struct channel *ch = port == PORT_DYNAMIC
				     ? NULL
				     : channel_of_port(m, (unsigned)port - 1);

	return ch && port_wanted(ch) ? ch : NULL;
}

bool port_takes_data(const struct channel *ch, enum port_data data)
{
	const struct channel *only = port_of_data(ch->modem, data);

	return !only || only->port == ch->port;
}
