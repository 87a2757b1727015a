/* Schemas of the OpenAPI description: bodies and answers, made from the rows of actions,
 * states, conditions and events. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/action.h"
#include "codec/dwl.h"
#include "host/control/api_int.h"

json_t *api_schema_ref(const char *name)
{
	char path[80];

	snprintf(path, sizeof(path), "#/components/schemas/%s", name);
	return json_pack("{s:s}", "$ref", path);
}

static json_t *names(const struct name *table)
{
	json_t *list = json_array();
	const struct name *n;

	for (n = table; n->name; n++)
		json_array_append_new(list, json_string(n->name));
	return list;
}

/* ---- the state -------------------------------------------------------------------- */

static json_t *value_schema(const struct state_field *f, const struct profile *p)
{
	static const char *const types[] = {
		[STATE_TEXT] = "string",
		[STATE_NUMBER] = "integer",
		[STATE_FLAG] = "boolean",
	};
	json_t *j = json_pack("{s:s}", "description", f->help), *all;
	const char *value;
	size_t i;

	/* null: unknown */
	json_object_set_new(j, "type", json_pack("[s,s]", types[f->type], "null"));
	if (f->type == STATE_NUMBER) {
		json_object_set_new(j, "minimum", json_integer(0));
		if (f->most < INT64_MAX)
			json_object_set_new(j, "maximum", json_integer(f->most));
	}
	if (f->type != STATE_TEXT || !state_field_value(f, p, 0))
		return j;
	all = json_array();
	for (i = 0; (value = state_field_value(f, p, i)); i++)
		json_array_append_new(all, json_string(value));
	json_array_append_new(all, json_null());
	json_object_set_new(j, "enum", all);
	return j;
}

/* The properties of a part, created for its first row. */
static json_t *part_of(json_t *top, const struct state_field *f)
{
	json_t *part, *whole;

	if (!f->part)
		return top;
	whole = json_object_get(top, f->part);
	if (!whole) {
		whole = json_pack("{s:s,s:{}}", "type", "object", "properties");
		if (f->list)
			whole = json_pack("{s:s,s:o}", "type", "array", "items", whole);
		else if (f->each)
			whole = json_pack("{s:s,s:{s:o},s:o}", "type", "object",
				"propertyNames", "enum", names(f->each),
				"additionalProperties", whole);
		json_object_set_new(top, f->part, whole);
	}
	part = f->list   ? json_object_get(whole, "items")
	       : f->each ? json_object_get(whole, "additionalProperties")
			 : whole;
	return json_object_get(part, "properties");
}

static json_t *state_schema(const struct profile *p)
{
	json_t *top = json_object();
	struct state_field f;
	size_t i;

	for (i = 0; modem_state_field(i, &f); i++)
		json_object_set_new(part_of(top, &f), f.key, value_schema(&f, p));
	return json_pack("{s:s,s:o}", "type", "object", "properties", top);
}

/* ---- schemas ---------------------------------------------------------------------- */

static json_t *error_schema(void)
{
	return json_pack("{s:s,s:[s],s:{s:{s:s,s:[s,s],s:{s:{s:[s,s]},s:{s:s},s:{s:s}}},"
			 "s:{s:s}}}",
		"type", "object", "required", "error", "properties", "error", "type",
		"object", "required", "message", "remedy", "properties", "field", "type",
		"string", "null", "message", "type", "string", "remedy", "type", "string",
		"others", "type", "array");
}

static json_t *with_help(const char *type, const char *help)
{
	return json_pack("{s:s,s:s}", "type", type, "description", help);
}

/* Adds a name and its meaning: to enum, which every tool knows, and to an extension that
 * some tools show. */
static void add_choice(json_t *schema, const char *name, const char *help)
{
	json_array_append_new(json_object_get(schema, "enum"), json_string(name));
	json_object_set_new(json_object_get(schema, "x-enumDescriptions"), name,
		json_string(help ? help : ""));
}

static json_t *no_choice(const char *help)
{
	return json_pack("{s:s,s:s,s:[],s:{}}", "description", help, "type", "string",
		"enum", "x-enumDescriptions");
}

/* A string that is one of the names, with their help. */
static json_t *choice_schema(const char *help, const struct name *table)
{
	json_t *j = no_choice(help);
	const struct name *n;

	for (n = table; n->name; n++)
		add_choice(j, n->name, n->help);
	return j;
}

/* The `data:` of a server-sent event. */
static json_t *event_data_schema(void)
{
	json_t *port, *all,
		*file = json_pack("{s:s,s:o,s:o,s:{s:[s,s],s:s}}", "kind", "string",
			"block", with_help("integer", "number of blocks accepted"),
			"bytes",
			with_help("integer",
				"number of bytes in these blocks, including padding"),
			"total", "type", "integer", "null", "description",
			"size of the file without padding; null: unknown, because "
			"--image "
			"supplied it");

	json_object_set_new(
		file, "kind", json_pack("{s:o}", "enum", names(dwl_kind_names)));
	file = json_pack("{s:s,s:s,s:o}", "type", "object", "description",
		"the file of a download, from `receiving` on; repeated at each twentieth "
		"of it",
		"properties", file);
	port = json_pack("{s:o,s:s}", "enum", names(port_names), "description",
		"the port where it happened; missing: uart1, or the modem itself");
	all = json_pack("{s:s,s:{s:o,s:o,s:{s:s},s:{s:[s,s],s:s},s:o,s:o,s:o}}", "type",
		"object", "properties", "id",
		with_help("integer", "id for Last-Event-ID and since"), "at",
		with_help("integer", "virtual time in microseconds"), "event", "$ref",
		"#/components/schemas/event", "text", "type", "string", "null",
		"description", "what happened, in the words of the event", "value",
		with_help("integer", "a number that belongs to it"), "file", file, "port",
		port);
	json_object_set_new(json_object_get(all, "properties"), "complaint",
		choice_schema("of an event `client`: the mistake of the host",
			client_fault_names));
	return all;
}

static json_t *words_schema(void)
{
	json_t *j = no_choice("words that stand for a condition of a wait");
	const struct condition_word *w;
	char help[200];

	for (w = condition_words; w->word; w++) {
		snprintf(help, sizeof(help), "%s: %s=%s", w->help, w->field, w->value);
		add_choice(j, w->word, help);
	}
	return j;
}

/* `for` of a wait: one condition, or a list of them. */
static void put_conditions(json_t *all)
{
	json_t *wait = json_object_get(all, "wait"), *one;
	json_t *properties = json_object_get(wait, "properties");
	json_t *list = json_object_get(properties, "for"), *both;

	one = json_deep_copy(json_object_get(list, "items"));
	json_object_del(one, "type");
	json_object_set_new(one, "anyOf",
		json_pack("[o,{s:s,s:s}]", api_schema_ref("condition_word"), "type",
			"string", "pattern", "="));
	json_object_set_new(all, "condition", one);
	both = json_pack("{s:O,s:[o,{s:s,s:i,s:i,s:o}]}", "description",
		json_object_get(list, "description"), "anyOf",
		api_schema_ref("condition"), "type", "array", "minItems", 1, "maxItems",
		CONDITIONS, "items", api_schema_ref("condition"));
	json_object_set_new(properties, "for", both);
}

void api_schemas(json_t *all, const struct profile *p)
{
	const struct action_row *row;
	const struct api_route *route;
	char name[80];
	size_t i;

	json_object_set_new(all, "error", error_schema());
	json_object_set_new(all, "state", state_schema(p));
	json_object_set_new(all, "event",
		choice_schema("names of events, and what each means", notice_names));
	json_object_set_new(all, "event_data", event_data_schema());
	json_object_set_new(all, "condition_word", words_schema());
	for (i = 0; (route = api_route(i)); i++)
		if (route->body)
			json_object_set_new(
				all, route->body->name, api_schema(route->body));
	for (i = 0; (row = action_at(i)); i++) {
		snprintf(name, sizeof(name), "action_%s", row->name);
		json_object_set_new(all, name, api_schema(row->args));
	}
	put_conditions(all);
	json_object_set_new(all, "sms_alphabet",
		choice_schema("the coding of the text", modem_sms_alphabets));
	json_object_set_new(all, "sms_result",
		choice_schema("what happened to the message", modem_sent_results));
	api_answers(all);
}
