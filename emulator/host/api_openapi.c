/* GET /v1/openapi.json: OpenAPI 3.1, from the rows of paths, actions, states, conditions
 * and events. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "action.h"
#include "codec/dwl.h"
#include "host/api_int.h"

static json_t *ref(const char *name)
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

/* The properties of a part; made when its first row comes. */
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

/* What stands behind `data:` of a server-sent event. */
static json_t *event_data_schema(void)
{
	json_t *file = json_pack("{s:s,s:o,s:o,s:{s:[s,s],s:s}}", "kind", "string",
		"block", with_help("integer", "how many have been taken"), "bytes",
		with_help("integer", "in these, padding included"), "total", "type",
		"integer", "null", "description",
		"without padding; null: not known, for it came by --image");

	json_object_set_new(
		file, "kind", json_pack("{s:o}", "enum", names(dwl_kind_names)));
	file = json_pack("{s:s,s:s,s:o}", "type", "object", "description",
		"of a download, from `receiving` on; told anew each twentieth of it",
		"properties", file);
	return json_pack("{s:s,s:{s:o,s:o,s:{s:s},s:{s:[s,s]},s:{s:s},s:o}}", "type",
		"object", "properties", "id",
		with_help("integer", "Last-Event-ID, since"), "at",
		with_help("integer", "virtual microseconds"), "event", "$ref",
		"#/components/schemas/event", "text", "type", "string", "null", "value",
		"type", "integer", "file", file);
}

static json_t *words_schema(void)
{
	const struct condition_word *w;
	json_t *list = json_array();
	char help[200];

	for (w = condition_words; w->word; w++) {
		snprintf(help, sizeof(help), "%s: %s=%s", w->help, w->field, w->value);
		json_array_append_new(list,
			json_pack("{s:s,s:s}", "const", w->word, "description", help));
	}
	return json_pack("{s:s,s:o}", "description",
		"words that stand for a condition of a wait", "anyOf", list);
}

static json_t *schemas(const struct profile *p)
{
	const struct action_row *row;
	const struct api_route *route;
	json_t *all = json_object();
	char name[80];
	size_t i;

	json_object_set_new(all, "error", error_schema());
	json_object_set_new(all, "state", state_schema(p));
	json_object_set_new(all, "event",
		json_pack("{s:s,s:o}", "description", "names of events", "enum",
			names(notice_names)));
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
	return all;
}

/* ---- paths ------------------------------------------------------------------------ */

static json_t *content(const char *type, json_t *schema)
{
	return json_pack("{s:{s:o}}", type, "schema", schema);
}

static json_t *answer_schema(const struct api_route *r)
{
	json_t *j = json_pack("{s:s}", "type", "object");

	if (!strcmp(r->path, "/v1/modems/{id}"))
		json_object_set_new(
			j, "properties", json_pack("{s:o}", "state", ref("state")));
	return j;
}

static json_t *answers(const struct api_route *r)
{
	json_t *all = json_object();
	const char *p = r->statuses;
	char status[4];

	switch (r->answer) {
	case API_NOTHING:
	case API_JSON:
		json_object_set_new(all, "200",
			json_pack("{s:s,s:o}", "description", "done", "content",
				content("application/json", answer_schema(r))));
		break;
	case API_TEXT:
	case API_EVENTS:
		json_object_set_new(all, "200",
			json_pack("{s:s,s:o}", "description",
				r->answer == API_TEXT
					? "lines"
					: "server-sent events; behind data: stands an "
					  "event_data",
				"content",
				content(r->answer == API_TEXT ? "text/plain"
							      : "text/event-stream",
					json_pack("{s:s}", "type", "string"))));
		break;
	}
	for (; p && *p; p += p[3] ? 4 : 3) {
		snprintf(status, sizeof(status), "%s", p);
		json_object_set_new(all, status,
			json_pack("{s:s,s:o}", "description", "refused; see the error",
				"content", content("application/json", ref("error"))));
	}
	return all;
}

static json_t *parameters(const struct api_route *r)
{
	const struct api_query *q;
	json_t *list = json_array();

	if (strstr(r->path, "{id}"))
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:b,s:{s:s}}", "name", "id", "in",
				      "path", "required", 1, "schema", "type", "string"));
	for (q = r->query; q && q->name; q++)
		json_array_append_new(list,
			json_pack("{s:s,s:s,s:s,s:{s:s}}", "name", q->name, "in", "query",
				"description", q->help, "schema", "type", "string"));
	return list;
}

static json_t *operation(const struct api_route *r, const char *help, const char *body)
{
	json_t *j = json_pack("{s:s,s:o,s:o}", "summary", help, "parameters",
		parameters(r), "responses", answers(r));

	if (body)
		json_object_set_new(j, "requestBody",
			json_pack("{s:o}", "content",
				content("application/json", ref(body))));
	return j;
}

static void put(json_t *paths, const char *path, const char *method, json_t *operation)
{
	json_t *item = json_object_get(paths, path);
	char small[16];
	size_t i;

	for (i = 0; method[i] && i < sizeof(small) - 1; i++)
		small[i] = (char)(method[i] | 0x20);
	small[i] = '\0';
	if (!item) {
		item = json_object();
		json_object_set_new(paths, path, item);
	}
	json_object_set_new(item, small, operation);
}

/* Each action has a path of its own. */
static void put_actions(json_t *paths, const struct api_route *r)
{
	const struct action_row *row;
	char path[160], schema[80];
	size_t i;

	for (i = 0; (row = action_at(i)); i++) {
		snprintf(path, sizeof(path), "%.*s%s",
			(int)(strstr(r->path, "{name}") - r->path), r->path, row->name);
		snprintf(schema, sizeof(schema), "action_%s", row->name);
		put(paths, path, r->method, operation(r, row->args->help, schema));
	}
}

void api_openapi(struct api_call *c)
{
	const struct api_route *r;
	json_t *paths = json_object();
	size_t i;

	for (i = 0; (r = api_route(i)); i++) {
		if (strstr(r->path, "{name}"))
			put_actions(paths, r);
		else
			put(paths, r->path, r->method,
				operation(r, r->help, r->body ? r->body->name : NULL));
	}
	api_answer(c, 200,
		json_pack("{s:s,s:{s:s,s:s},s:o,s:{s:o}}", "openapi", "3.1.0", "info",
			"title", "Fauxtrack", "version", FAUXTRACK_VERSION, "paths",
			paths, "components", "schemas", schemas(c->api->profile)));
}
