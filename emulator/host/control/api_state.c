/* A modem and its state as JSON. */
#include "host/control/api_int.h"

json_t *api_state_json(const struct api_modem *m)
{
	return modem_json_state(wire_modem(m->wire), wire_now(m->wire));
}

/* The paths of all its ports. */
static json_t *ports_json(const struct api_modem *m)
{
	json_t *j = json_object();
	const char *path;
	unsigned i;

	for (i = 0; i < MODEM_NAMED; i++) {
		if (i != MODEM_UART1 && !m->more[i])
			continue;
		path = wire_path(m->wire, i, i == MODEM_UART1 ? m->path : m->more[i]);
		json_object_set_new(j, name_of(port_names, (int)i),
			path ? json_string(path) : json_null());
	}
	return j;
}

static json_t *value(const struct api_modem *m, const char *path)
{
	char mem[MODEM_STATE_TEXT];

	return json_string(modem_state(wire_modem(m->wire), path, mem));
}

json_t *api_modem_json(const struct api_modem *m)
{
	const char *path = wire_path(m->wire, MODEM_UART1, m->path);
	json_t *j = json_pack("{s:s,s:o,s:s?,s:s?,s:o,s:s,s:I,s:I,s:i}", "id", m->id,
		"name", api_modem_name(m), "group", m->group, "port", path, "ports",
		ports_json(m), "profile", m->profile_name, "now",
		(json_int_t)wire_now(m->wire), "event",
		(json_int_t)journal_last(m->journal), "speed", (int)wire_speed(m->wire));

	json_object_set_new(j, "title", json_string(m->profile->device.title));
	json_object_set_new(j, "bug", m->bug ? json_string(m->bug) : json_null());
	json_object_set_new(j, "client", json_boolean(wire_client(m->wire, MODEM_UART1)));
	json_object_set_new(
		j, "console", json_boolean(wire_console(m->wire, MODEM_UART1)));
	json_object_set_new(j, "led", value(m, "led"));
	json_object_set_new(j, "registration", value(m, "registration"));
	return j;
}
