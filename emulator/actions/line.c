/* Actions on the serial line, its cable and the boot pin. */
#include "actions/rows.h"

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "link/link.h"
#include "state/application.h"
#include "state/modem_state.h"

#define AS_IT_IS -1

/* Ports of the modem, none: all of them. */
struct which {
	int port[MODEM_NAMED];
	size_t n;
};

static const struct schema_field a_port = {
	.type = SCHEMA_ENUM, .size = sizeof(int), .names = port_names
};

#define PORT_FIELD(s)                                                              \
	{                                                                          \
		"port", "uart1, uart2 or usb, or a list of them; without it, all", \
			SCHEMA_LIST, SCHEMA_OR_ONE,                                \
			.offset = offsetof(struct s, ports.port), .item = &a_port, \
			.stride = sizeof(int), .most = MODEM_NAMED,                \
			.count = offsetof(struct s, ports.n)                       \
	}

static bool is_meant(const struct which *w, const struct channel *ch)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->port[i] == (int)ch->port)
			return true;
	return !w->n;
}

/* Whether the modem has them all. */
static bool has_ports(const struct modem *m, const struct which *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (!channel_of_port(m, (unsigned)w->port[i]))
			return false;
	return true;
}

#define NO_PORT "the modem has no such port; run it with --port"

struct baud_args {
	int speed;
	struct which ports;
	bool garbles;
};

static const struct schema_field baud_fields[] = {
	{ "speed",
		"speed of the modem's line, stored like AT+IPR and AT&W; 0: autobaud, "
		"-1: unchanged",
		SCHEMA_INT, ARG(baud_args, speed), .min = AS_IT_IS, .max = 921600,
		.def = "-1" },
	{ "garbles",
		"bytes at another speed become garbage both ways, as on real hardware",
		SCHEMA_BOOL, ARG(baud_args, garbles), .def = "true" },
	PORT_FIELD(baud_args),
	{ NULL },
};
static const struct schema baud_schema = { .name = "baud",
	.help = "the modem's line speed, and whether a different speed of the host "
		"matters",
	.fields = baud_fields,
	.scalar = baud_fields };

static const char *baud(struct modem *m, const void *args)
{
	const struct baud_args *a = args;
	int was = m->user.port.speed;
	struct channel *ch;

	if (!has_ports(m, &a->ports))
		return NO_PORT;
	if (a->speed != AS_IT_IS) {
		m->user.port.speed = a->speed;
		if (!at_settings_save(m)) {
			m->user.port.speed = was;
			return "the modem's memory cannot be written; see --state";
		}
		for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
			if (is_meant(&a->ports, ch))
				ch->set.speed = a->speed;
	}
	m->garbles = a->garbles;
	return NULL;
}

struct switch_args {
	int on;
};

static const struct name pin_names[] = {
	{ 0, "released", "it starts at the next power-up or reset" },
	{ 1, "asserted", "the next power-up or reset stops in the boot loader" },
	{ 0, NULL, NULL },
};
static const struct schema_field pin_fields[] = {
	{ "to", "released or asserted", SCHEMA_ENUM, ARG(switch_args, on),
		.names = pin_names, .flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema pin_schema = { .name = "boot_pin",
	.help = "the boot pin, read when the modem starts",
	.fields = pin_fields,
	.scalar = pin_fields };

static const char *boot_pin(struct modem *m, const void *args)
{
	const struct switch_args *a = args;

	m->boot_pin = a->on;
	return NULL;
}

static const struct name cable_names[] = {
	{ 0, "unplugged", "the port is gone, as when a USB adapter is pulled out" },
	{ 1, "plugged", "it is back, and a host can open it" },
	{ 0, NULL, NULL },
};
static const struct name path_names[] = {
	{ CABLE_IN, "old", "the path it had, if the system gives it again" },
	{ CABLE_MOVED, "new", "another path, as in another USB socket; --link follows" },
	{ 0, NULL, NULL },
};
struct cable_args {
	int plugged;
	int path;
	struct which ports;
	usec_t back_after;
};
static const struct schema_field cable_fields[] = {
	{ "to", "unplugged or plugged", SCHEMA_ENUM, ARG(cable_args, plugged),
		.names = cable_names, .flags = SCHEMA_REQUIRED },
	{ "for", "with unplugged: it is plugged in again after this time; 0s: never",
		SCHEMA_TIME, ARG(cable_args, back_after), .max = SEC(1000000),
		.def = "0s" },
	{ "path", "where it is found when it is plugged in again", SCHEMA_ENUM,
		ARG(cable_args, path), .names = path_names, .def = "old" },
	PORT_FIELD(cable_args),
	{ NULL },
};
static const struct schema cable_schema = { .name = "cable",
	.help = "the cable to the host; without it DTR is low and output is lost",
	.fields = cable_fields,
	.scalar = cable_fields };

static const char *cable(struct modem *m, const void *args)
{
	const struct cable_args *a = args;
	struct channel *ch;

	if (a->plugged && a->back_after)
		return "for belongs to unplugged; omit it";
	if (!has_ports(m, &a->ports))
		return NO_PORT;
	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch)) {
		if (!is_meant(&a->ports, ch))
			continue;
		if (ch->carrier)
			continue; /* a DLC does not notice */
		if (!a->plugged && !ch->link->unplugged)
			at_dtr(ch, false);
		if (a->plugged)
			link_plug(ch, (enum cable)a->path);
		else
			link_unplug(ch, a->back_after, (enum cable)a->path);
	}
	return NULL;
}

struct say_args {
	char name[SAY_NAME];
	struct which ports;
};
static const struct schema_field say_fields[] = {
	{ "name", "its name under says in the firmware or the application that runs",
		SCHEMA_TEXT, ARG(say_args, name), .min = 1, .flags = SCHEMA_REQUIRED },
	PORT_FIELD(say_args),
	{ NULL },
};
static const struct schema say_schema = { .name = "say",
	.help = "sends a line of the profile as a URC",
	.fields = say_fields,
	.scalar = say_fields };

static const char *find_line(const struct modem *m, const char *name)
{
	const struct application *app = application_running(m);
	const char *text = app ? says_find(&app->says, name) : NULL;

	return text || !m->fw ? text : says_find(&m->fw->says, name);
}

static const char *say(struct modem *m, const void *args)
{
	const struct say_args *a = args;
	const char *text = find_line(m, a->name);
	struct channel *ch;

	if (!text)
		return "neither the firmware nor a running application has a line of "
		       "that "
		       "name; add it to its says";
	if (!has_ports(m, &a->ports))
		return NO_PORT;
	if (!a->ports.n)
		at_urc(m, "%s", text);
	for (ch = channel_next(m, NULL); a->ports.n && ch; ch = channel_next(m, ch))
		if (is_meant(&a->ports, ch))
			at_urc_on(ch, text);
	return NULL;
}

const struct action_row actions_line[] = {
	{ "baud", &baud_schema, sizeof(struct baud_args), baud,
		.example = "baud speed=9600" },
	{ "boot-pin", &pin_schema, sizeof(struct switch_args), boot_pin },
	{ "cable", &cable_schema, sizeof(struct cable_args), cable,
		.example = "cable unplugged" },
	{ "say", &say_schema, sizeof(struct say_args), say, .example = "say overheated" },
	{ NULL },
};
