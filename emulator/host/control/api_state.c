/* A modem and its state as JSON. */
#include <string.h>

#include "host/control/api_int.h"

/* ---- the state -------------------------------------------------------------------- */

#define DEPTH 8

struct builder {
	json_t *level[DEPTH];
	int depth;
};

static void add(struct builder *b, const char *key, json_t *value)
{
	json_t *to = b->level[b->depth];

	if (json_is_array(to))
		json_array_append_new(to, value);
	else
		json_object_set_new(to, key, value);
}

static void on_open(void *ctx, const char *key, bool list)
{
	struct builder *b = ctx;
	json_t *below = list ? json_array() : json_object();

	add(b, key, below);
	b->level[++b->depth] = below;
}

static void on_close(void *ctx)
{
	struct builder *b = ctx;

	b->depth--;
}

static void on_text(void *ctx, const char *key, const char *value)
{
	add(ctx, key, value ? api_text(value, strlen(value)) : json_null());
}

static void on_number(void *ctx, const char *key, long long value)
{
	add(ctx, key, json_integer(value));
}

static void on_flag(void *ctx, const char *key, bool value)
{
	add(ctx, key, json_boolean(value));
}

json_t *api_state_json(const struct api_modem *m)
{
	struct builder b = { .level = { json_object() } };
	const struct teller t = { &b, on_open, on_close, on_text, on_number, on_flag };

	modem_describe(wire_modem(m->wire), wire_now(m->wire), &t);
	return b.level[0];
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
