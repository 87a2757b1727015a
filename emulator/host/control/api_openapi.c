/* GET /v1/openapi.json: OpenAPI 3.1, made from the rows of paths; api_schemas.c makes the
 * schemas. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/action.h"
#include "host/control/api_int.h"

static json_t *ref(const char *name)
{
	char path[80];

	snprintf(path, sizeof(path), "#/components/schemas/%s", name);
	return json_pack("{s:s}", "$ref", path);
}

static json_t *content(const char *type, json_t *schema)
{
	return json_pack("{s:{s:o}}", type, "schema", schema);
}

/* An answer that a client reads line by line. */
static json_t *text_answer(enum api_body kind)
{
	if (kind == API_EVENTS)
		return json_pack("{s:s,s:o}", "description",
			"server-sent events; each `data:` is an event_data, of `bytes` a "
			"bytes_data, of `state` a modem_with_state",
			"content",
			content("text/event-stream",
				json_pack("{s:s,s:s,s:{s:[o,o,o]}}", "type", "string",
					"contentMediaType", "application/json",
					"contentSchema", "anyOf", ref("event_data"),
					ref("bytes_data"), ref("modem_with_state"))));
	return json_pack("{s:s,s:o}", "description", "lines", "content",
		content("text/plain", json_pack("{s:s}", "type", "string")));
}

/* Of one modem, or of each of several. */
static json_t *json_answer(const struct api_route *r)
{
	if (!strstr(r->path, "{id}"))
		return ref(r->schema);
	return json_pack("{s:[o,o]}", "anyOf", ref(r->schema), ref("each"));
}

/* The possible answers: those of the row, and those that every request may get. */
static json_t *answers(const struct api_route *r)
{
	static const char always[] = "401 403 503";
	json_t *all = json_object();
	const char *part[] = { r->statuses ? r->statuses : "", always };
	const char *p;
	char status[4];
	size_t i;

	json_object_set_new(all, "200",
		r->schema ? json_pack("{s:s,s:o}", "description", "done", "content",
				    content("application/json", json_answer(r)))
			  : text_answer(r->answer));
	for (i = 0; i < 2; i++)
		for (p = part[i]; *p; p += p[3] ? 4 : 3) {
			snprintf(status, sizeof(status), "%s", p);
			json_object_set_new(all, status,
				json_pack("{s:s,s:o}", "description",
					"refused; see the error", "content",
					content("application/json", ref("error"))));
		}
	return all;
}

static json_t *parameters(const struct api_route *r)
{
	const struct api_query *q;
	json_t *list = json_array();

	if (strstr(r->path, "{id}"))
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:s,s:b,s:{s:s}}", "name", "id", "in",
				      "path", "description", api_id_help, "required", 1,
				      "schema", "type", "string"));
	for (q = r->query; q && q->name; q++)
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:s,s:{s:s}}", "name", q->name, "in",
				      "query", "description", q->help, "schema", "type",
				      q->number ? "integer" : "string"));
	return list;
}

static json_t *operation(
	const struct api_route *r, const char *id, const char *help, const char *body)
{
	json_t *j = json_pack("{s:s,s:s,s:o,s:o,s:[{s:[]},{}]}", "operationId", id,
		"summary", help, "parameters", parameters(r), "responses", answers(r),
		"security", "token");

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

/* boot-pin: actBootPin. */
static void action_id(char *out, size_t size, const char *prefix, const char *name)
{
	size_t n = (size_t)snprintf(out, size, "%s", prefix);
	bool first = true;

	for (; *name && n + 1 < size; name++) {
		if (*name != '-')
			out[n++] = (char)(first ? toupper((unsigned char)*name) : *name);
		first = *name == '-';
	}
	out[n] = '\0';
}

/* Each action has a separate path. */
static void put_actions(json_t *paths, const struct api_route *r)
{
	const struct action_row *row;
	char path[160], schema[80], id[80];
	size_t i;

	for (i = 0; (row = action_at(i)); i++) {
		snprintf(path, sizeof(path), "%.*s%s",
			(int)(strstr(r->path, "{name}") - r->path), r->path, row->name);
		snprintf(schema, sizeof(schema), "action_%s", row->name);
		action_id(id, sizeof(id), r->id, row->name);
		put(paths, path, r->method, operation(r, id, row->args->help, schema));
	}
}

static json_t *description(const struct profile *p)
{
	const struct api_route *r;
	json_t *paths = json_object(), *schemas = json_object();
	size_t i;

	api_schemas(schemas, p);
	for (i = 0; (r = api_route(i)); i++) {
		if (strstr(r->path, "{name}"))
			put_actions(paths, r);
		else
			put(paths, r->path, r->method,
				operation(r, r->id, r->help,
					r->body ? r->body->name : NULL));
	}
	return json_pack("{s:s,s:{s:s,s:s,s:s,s:{s:s,s:s}},s:[{s:s,s:s}],s:o,"
			 "s:{s:o,s:{s:{s:s,s:s,s:s}}}}",
		"openapi", "3.1.0", "info", "title", "Fauxtrack", "version",
		FAUXTRACK_VERSION, "description",
		"A Wavecom Fastrack that isn't there, controlled from outside.",
		"license", "name", "MIT", "identifier", "MIT", "servers", "url", "/",
		"description",
		"the socket or TCP port that the emulator printed at its start", "paths",
		paths, "components", "schemas", schemas, "securitySchemes", "token",
		"type", "http", "scheme", "bearer", "description",
		"the token that the emulator printed with its TCP port; a socket needs "
		"no token");
}

/* Made only once, because the rows do not change. */
void api_openapi(struct api_call *c)
{
	struct api *a = c->api;
	json_t *j;

	if (!a->openapi) {
		j = description(a->profile);
		a->openapi = json_dumps(j, JSON_COMPACT);
		json_decref(j);
		if (!a->openapi) {
			fputs("fauxtrack: out of memory\n", stderr);
			exit(EXIT_FAILURE);
		}
		a->openapi_len = strlen(a->openapi);
	}
	http_reply_static(c->http, "application/json", a->openapi, a->openapi_len);
}
