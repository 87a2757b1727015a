/* +WMFM: which ports are open, and which of them gets data (wavecom.md +WMFM).
 *
 *   0,<mode>[,<port>]         closes, opens or lists ports
 *   1,<mode>[,<port>[,<data>]]  binds data to a port, frees them, or lists where they go
 *
 * A port is closed and opened once the line that says so has its answer: ports.c. */
#include "at/reply.h"
#include "at/store.h"
#include "chapters/device/device.h"
#include "state/modem_state.h"
#include "state/port_map.h"

enum {
	OF_PORTS, /* first parameter */
	OF_DATA,
	MODE_CLOSE = 0, /* second parameter */
	MODE_OPEN = 1,
	MODE_LIST = 2,
};

/* The parameters of a line; port and data are -1 where they are left out. Ports count
 * from 0 here. */
struct wish {
	int mode, port, data;
};

static const short open_field[MODEM_NAMED] = { SETTING(port_open[MODEM_UART1]),
	SETTING(port_open[MODEM_UART2]), SETTING(port_open[MODEM_USB]) };

static const short data_field[PORT_DATA_KINDS] = { SETTING(data_port[PORT_DATA_GSM]),
	SETTING(data_port[PORT_DATA_GPRS]) };

static bool is_there(const struct channel *ch, int port)
{
	return device_has_port(&ch->modem->profile->device, (unsigned)port);
}

static void list_ports(struct channel *ch, int only)
{
	int port;

	for (port = 0; port < MODEM_NAMED; port++)
		if ((only < 0 || port == only) && is_there(ch, port))
			at_info(ch, "+WMFM: %d,%d,%d,%d", OF_PORTS, MODE_LIST, port + 1,
				live_get(ch, open_field[port]));
}

static void list_data(struct channel *ch, const struct wish *w)
{
	int data, port;

	for (data = 0; data < PORT_DATA_KINDS; data++) {
		port = live_get(ch, data_field[data]);
		if ((w->data < 0 || w->data == data) &&
			(w->port < 0 || w->port + 1 == port))
			at_info(ch, "+WMFM: %d,%d,%d,%d", OF_DATA, MODE_LIST, port, data);
	}
}

static int set_port(struct channel *ch, const struct wish *w)
{
	const struct channel *other = channel_of_port(ch->modem, (unsigned)w->port);

	/* it could not open itself again (inferred) */
	if (w->mode == MODE_CLOSE && w->port == (int)ch->port)
		return AT_CME(CME_NOT_ALLOWED);
	if (w->mode == MODE_CLOSE && other && port_in_use(other))
		return AT_CME(CME_OTHER_PORT);
	return at_store_field(ch, open_field[w->port], w->mode == MODE_OPEN);
}

/* Data of this kind flow at another port than `port`. */
static bool flow_elsewhere(const struct modem *m, int data, int port)
{
	const struct channel *ch = port_with_data(m, (enum port_data)data);

	return ch && (int)ch->port != port;
}

static int set_data(struct channel *ch, const struct wish *w)
{
	int data, result = AT_OK;
	bool mine;

	if (!live_get(ch, open_field[w->port]))
		return AT_CME(CME_NOT_ALLOWED);
	for (data = 0; data < PORT_DATA_KINDS && result == AT_OK; data++) {
		mine = live_get(ch, data_field[data]) == w->port + 1;
		if ((w->data >= 0 && w->data != data) || (w->mode == MODE_CLOSE && !mine))
			continue;
		if (flow_elsewhere(ch->modem, data, w->port))
			return AT_CME(CME_OTHER_PORT);
		result = at_store_field(ch, data_field[data],
			w->mode == MODE_OPEN ? w->port + 1 : PORT_DYNAMIC);
	}
	return result;
}

static int run_wmfm(struct channel *ch, struct at_call *c)
{
	static const struct wish all = { MODE_LIST, -1, -1 };
	const struct wish w = { c->arg[1].num, at_given(c, 2) ? c->arg[2].num - 1 : -1,
		at_given(c, 3) ? c->arg[3].num : -1 };
	bool of_ports = c->form == AT_READ || c->arg[0].num == OF_PORTS;

	if (c->form == AT_READ) {
		list_ports(ch, -1);
		list_data(ch, &all);
		return AT_OK;
	}
	if ((w.port < 0 && w.mode != MODE_LIST) || (of_ports && w.data >= 0) ||
		(w.port >= 0 && !is_there(ch, w.port)))
		return AT_CME(CME_NOT_ALLOWED);
	if (w.mode != MODE_LIST)
		return of_ports ? set_port(ch, &w) : set_data(ch, &w);
	if (of_ports)
		list_ports(ch, w.port);
	else
		list_data(ch, &w);
	return AT_OK;
}

#define KEPT(name, field, values, factory)                                            \
	{                                                                             \
		name, AT_INT, values, factory, SETTING(field), AT_WEEF, .inner = true \
	}

const struct at_cmd at_cmds_ports[] = {
	{ .name = "+WMFM",
		.see = "wavecom.md +WMFM",
		.forms = AT_SRT,
		.run = run_wmfm,
		.param = { { "what", AT_INT, "(0-1)", 0 }, { "mode", AT_INT, "(0-2)", 2 },
			{ "port", AT_INT, "(1-3)", 1, .optional = true },
			{ "data", AT_INT, "(0-1)", 0, .optional = true },
			KEPT("uart1", port_open[MODEM_UART1], "(0,1)", 1),
			KEPT("uart2", port_open[MODEM_UART2], "(0,1)", 0),
			KEPT("usb", port_open[MODEM_USB], "(0,1)", 0),
			KEPT("gsm", data_port[PORT_DATA_GSM], "(1-4)", PORT_DYNAMIC),
			KEPT("gprs", data_port[PORT_DATA_GPRS], "(1-4)",
				PORT_DYNAMIC) } },
	{ .name = NULL },
};
