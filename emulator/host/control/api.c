/* The paths of the control interface, and the code that all of them share. */
#include "host/control/api.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "conf/must.h"
#include "host/control/api_int.h"
#include "host/read/doc_json.h"

static void modems(struct api_call *c);
static void modem(struct api_call *c);

static const struct api_query since_query[] = {
	{ "since",
		"first replay the kept events after this id, like the header "
		"Last-Event-ID",
		true },
	{ "bytes", "1: also the bytes at the ports, as events `bytes`", true },
	{ "state",
		"1: also the modem as events `state`: first with the whole state, then "
		"with "
		"the parts that have changed, at most ten times a second",
		true },
	{ NULL },
};
static const struct api_query trace_query[] = {
	{ "last", "only so many of the newest lines; without it, all that are kept",
		true },
	{ "follow", "1: then continue with new lines as they come", true },
	{ "json", "1: each line is an object, as in a .json file of --trace", true },
	{ NULL },
};
static const struct api_query firmware_query[] = {
	{ "firmware",
		"the firmware, r74 for instance; without it, the installed one and the "
		"application that is delivered with it" },
	{ NULL },
};

/* A path may be the beginning of a longer one. */
static const struct api_route routes[] = {
	{ "GET", "/v1/modems", "lists all modems of this emulator", modems,
		.id = "listModems", .schema = "modems", .answer = API_JSON },
	{ "GET", "/v1/modems/{id}", "returns a modem with its state", modem,
		.id = "getModem", .schema = "modem_with_state", .answer = API_JSON,
		.statuses = "404" },
	{ "POST", "/v1/modems/{id}/actions/{name}", "runs an action on the modem",
		api_act, .id = "act", .schema = "done", .answer = API_JSON,
		.statuses = "400 404 409 413 415" },
	{ "GET", "/v1/modems/{id}/events",
		"streams the modem's events as server-sent events", api_events,
		.id = "followEvents", .answer = API_EVENTS, .query = since_query,
		.statuses = "400 404" },
	{ "POST", "/v1/modems/{id}/wait", "answers once all conditions hold", api_wait,
		.id = "wait", .schema = "met", .body = &wait_schema, .answer = API_JSON,
		.several = api_wait_several, .statuses = "400 404 408 409 413 415" },
	{ "POST", "/v1/modems/{id}/type",
		"types at UART1 as a host; without a client there, DTR is on until "
		"hang_up",
		api_type, .id = "type", .schema = "typed", .body = &api_type_schema,
		.answer = API_JSON, .statuses = "400 404 409 413 415" },
	{ "POST", "/v1/modems/{id}/bug",
		"makes the modem anew with a field bug, as run --bug does", api_bug,
		.id = "armBug", .schema = "done", .body = &api_bug_schema,
		.answer = API_JSON, .statuses = "400 404 409 413 415" },
	{ "GET", "/v1/modems/{id}/outbox", "lists the messages that the modem has sent",
		api_outbox, .id = "listSent", .schema = "outbox", .answer = API_JSON,
		.statuses = "404" },
	{ "GET", "/v1/modems/{id}/centre",
		"lists the messages that wait for an outside service centre", api_centre,
		.id = "listHanded", .schema = "centre", .answer = API_JSON,
		.statuses = "404" },
	{ "GET", "/v1/modems/{id}/farend",
		"returns what the far end of the last data call has received: the number "
		"of bytes, and the newest 4096 as text and as hexadecimal digits",
		api_farend, .id = "getFarEnd", .schema = "far_end", .answer = API_JSON,
		.statuses = "404" },
	{ "GET", "/v1/modems/{id}/faults",
		"lists the fault rules, and how often each has acted", api_faults,
		.id = "listFaults", .schema = "faults", .answer = API_JSON,
		.statuses = "404" },
	{ "GET", "/v1/modems/{id}/net",
		"returns what the host can reach through PPP and WIPsoft, the IP packets "
		"that have passed, those that were refused, and WIPsoft's sockets",
		api_net, .id = "getNet", .schema = "net", .answer = API_JSON,
		.statuses = "404" },
	{ "GET", "/v1/modems/{id}/trace",
		"returns the bytes at the port, as --trace writes them", api_trace,
		.id = "getTrace", .answer = API_TEXT, .query = trace_query,
		.statuses = "400 404" },
	{ "POST", "/v1/modems/{id}/clock",
		"freezes, steps, scales or resumes virtual time", api_clock,
		.id = "setClock", .schema = "done", .body = &api_clock_schema,
		.answer = API_JSON, .statuses = "400 404 413 415" },
	{ "POST", "/v1/modems/{id}/factory",
		"resets the memory to that of a new unit, and reboots", api_factory,
		.id = "factory", .schema = "done", .answer = API_JSON,
		.statuses = "404 500" },
	{ "GET", "/v1/actions", "lists the actions", api_actions, .id = "listActions",
		.schema = "actions", .answer = API_JSON },
	{ "GET", "/v1/bugs", "lists the field bugs of the library", api_bugs,
		.id = "listBugs", .schema = "bugs", .answer = API_JSON },
	{ "POST", "/v1/panel",
		"opens the panel for web browsers, if it is not open, and returns its "
		"URL",
		api_panel, .id = "openPanel", .schema = "panel",
		.body = &api_panel_schema, .answer = API_JSON,
		.statuses = "400 409 413 415" },
	{ "GET", "/v1/applications",
		"lists the Open AT applications that have a file; one that is broken is "
		"left out",
		api_applications, .id = "listApplications", .schema = "applications",
		.answer = API_JSON },
	{ "GET", "/v1/commands", "lists the AT commands of a firmware", api_commands,
		.id = "listCommands", .schema = "commands", .answer = API_JSON,
		.query = firmware_query, .statuses = "404" },
	{ "GET", "/v1/openapi.json", "returns this description", api_openapi,
		.id = "getDescription", .schema = "description", .answer = API_JSON },
};

#define ROUTES (sizeof(routes) / sizeof(routes[0]))

const struct api_route *api_route(size_t i)
{
	return i < ROUTES ? &routes[i] : NULL;
}

/* ---- answers ---------------------------------------------------------------------- */

void api_answer(struct api_call *c, int status, json_t *j)
{
	char *text;

	if (c->gather) {
		api_gather(c, c->gather, status, j);
		return;
	}
	text = j ? json_dumps(j, JSON_COMPACT) : NULL;
	if (text)
		http_reply(c->http, status, "application/json", text, strlen(text));
	else
		http_error(
			c->http, 500, NULL, "out of memory", "end other programs", NULL);
	free(text);
	json_decref(j);
}

/* Splits "what; remedy" or "what? remedy" in two, and adds the field. */
static json_t *error_json(const char *field, const char *text)
{
	const char *remedy = strstr(text, "; ");
	size_t len = remedy ? (size_t)(remedy - text) : strlen(text);

	if (!remedy && (remedy = strstr(text, "? ")))
		len = (size_t)(remedy + 1 - text);
	if (!remedy)
		remedy = "; see GET /v1/openapi.json for what is accepted";
	/* both may quote what the client sent, possibly cut within a character */
	return json_pack("{s:o,s:o,s:o}", "field",
		field ? modem_json_text(field, strlen(field)) : json_null(), "message",
		modem_json_text(text, len), "remedy",
		modem_json_text(remedy + 2, strlen(remedy + 2)));
}

void api_refuse_text(struct api_call *c, int status, const char *field, const char *text)
{
	api_answer(c, status, json_pack("{s:o}", "error", error_json(field, text)));
}

void api_refuse(struct api_call *c, int status, const struct doc_errors *e)
{
	json_t *others = json_array(), *first = NULL, *j;
	const struct doc_error *x;
	char at[300];
	size_t i;

	for (i = 0; i < e->n; i++) {
		x = &e->item[i];
		if (x->line)
			snprintf(at, sizeof(at), "%s:%d:%d", x->file, x->line, x->col);
		else
			snprintf(at, sizeof(at), "%s", x->file);
		j = error_json(at, x->text);
		if (first)
			json_array_append_new(others, j);
		else
			first = j;
	}
	j = json_pack("{s:o}", "error", first);
	if (json_array_size(others))
		json_object_set(j, "others", others);
	json_decref(others);
	api_answer(c, status, j);
}

bool api_body(
	struct api_call *c, struct doc_pool *pool, struct doc **d, struct doc_errors *e)
{
	*d = NULL;
	if (!c->r->len)
		return true;
	*d = doc_json(pool, c->r->body, c->r->len, e);
	if (*d)
		return true;
	api_refuse(c, 400, e);
	return false;
}

bool api_bind(struct api_call *c, const struct schema *s, void *out)
{
	const struct doc none = { .kind = DOC_MAP, .at = { "body", 0, 0 } };
	struct doc_pool *pool = doc_pool_new();
	struct doc_errors e;
	struct doc *d;
	bool good;

	doc_errors_init(&e);
	good = api_body(c, pool, &d, &e);
	if (good && !schema_bind(s, d ? d : &none, out, false, &e)) {
		api_refuse(c, 400, &e);
		good = false;
	}
	doc_errors_clear(&e);
	doc_pool_free(pool);
	return good;
}

bool api_number(struct api_call *c, const char *name, long long def, long long most,
	long long *out)
{
	const char *text = http_query(c->http, name);
	char what[160], *end;

	*out = def;
	if (!text)
		return true;
	errno = 0;
	*out = strtoll(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && !errno && *out <= most)
		return true;
	snprintf(what, sizeof(what), "\"%.40s\" is not a number from 0 to %lld; use one",
		text, most);
	api_refuse_text(c, 400, name, what);
	return false;
}

bool api_has_come(struct api_call *c, long long since)
{
	long long last = (long long)journal_last(c->modem->journal);
	char text[160];

	if (since <= last)
		return true;
	snprintf(text, sizeof(text),
		"there is no event with id %lld yet; the newest id is %lld", since, last);
	api_refuse_text(c, 400, "since", text);
	return false;
}

static void answer_done(struct api_call *c, uint64_t before, json_t *number)
{
	json_t *j;

	c->modem->acted = before + 1;
	if (!c->gather)
		http_mark(c->http, c->modem, before + 1); /* 0: no mark */
	/* event: the name of events_from before 0.2 */
	j = json_pack("{s:b,s:I,s:I,s:I}", "done", 1, "events_from", (json_int_t)before,
		"event", (json_int_t)before, "at", (json_int_t)wire_now(c->modem->wire));
	if (number)
		json_object_set_new(j, "number", number);
	api_answer(c, 200, j);
}

void api_done(struct api_call *c, uint64_t before)
{
	answer_done(c, before, NULL);
}

void api_done_number(struct api_call *c, uint64_t before, size_t number)
{
	answer_done(c, before, json_integer((json_int_t)number));
}

long long api_last_action(const struct api_call *c)
{
	return (long long)http_marked(c->http, c->modem) - 1;
}

/* ---- modems in lists ----------------------------------------------------------------- */

static void modems(struct api_call *c)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < c->api->n; i++)
		json_array_append_new(list, api_modem_json(c->api->modems[i]));
	api_answer(c, 200,
		json_pack("{s:s,s:s,s:o}", "version", FAUXTRACK_VERSION, "run",
			c->api->run, "modems", list));
}

static void modem(struct api_call *c)
{
	json_t *j = api_modem_json(c->modem);

	json_object_set_new(j, "state", api_state_json(c->modem));
	api_answer(c, 200, j);
}

/* ---- finding the row -------------------------------------------------------------- */

/* Whether a path matches a pattern; id and name get its {id} and {name}. */
static bool matches(const char *pattern, const char *path, char id[64], char name[64])
{
	char *to;
	size_t len;

	while (*pattern) {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		to = pattern[1] == 'i' ? id : name;
		len = strcspn(path, "/");
		if (!len || len >= 64)
			return false;
		memcpy(to, path, len);
		to[len] = '\0';
		path += len;
		pattern = strchr(pattern, '}') + 1;
	}
	return !*path;
}

static void run(struct api_call *c, const struct api_route *row, const char *id)
{
	struct api_members m;

	if (!id[0]) {
		row->run(c);
	} else if (api_members(c, id, &m)) {
		c->modem = c->api->modems[m.first];
		if (m.several)
			api_several(c, row, &m);
		else
			row->run(c);
	}
}

void api_handle(void *api, const struct http_request *r)
{
	struct api_call c = { .api = api, .r = r, .http = r->call };
	const char *allow = NULL;
	char id[64], text[200];
	size_t i;

	for (i = 0; i < ROUTES; i++) {
		id[0] = c.name[0] = '\0';
		if (!matches(routes[i].path, r->path, id, c.name))
			continue;
		if (!strcmp(routes[i].method, r->method)) {
			run(&c, &routes[i], id);
			return;
		}
		allow = routes[i].method;
	}
	if (!allow) {
		api_refuse_text(&c, 404, NULL,
			"there is no such path; see GET /v1/openapi.json for all paths");
		return;
	}
	snprintf(text, sizeof(text), "use %s", allow);
	http_error(
		c.http, 405, NULL, "this path does not support that method", text, allow);
}

/* ---- modems ----------------------------------------------------------------------- */

static void on_notice(void *ctx, const struct notice *n)
{
	struct api_modem *m = ctx;
	uint64_t id = journal_event(m->journal, n);
	struct journal_entry e;

	if (!m->waiters && !m->followers)
		return;
	e = (struct journal_entry){
		.id = id,
		.at = n->at,
		.port = n->port,
		.kind = JOURNAL_EVENT,
		.notice = n->kind,
		.has_text = n->text != NULL,
		.has_file = n->file != NULL,
		.file = n->file ? *n->file : (struct notice_file){ .kind = NULL },
		.value = n->value,
		.data = n->text ? n->text : "",
		.len = n->text ? strlen(n->text) : 0,
	};

	if (m->waiters)
		api_feed_waits(m, &e);
	if (m->followers)
		api_follow(m, &e);
}

static void on_bytes(
	void *ctx, unsigned port, usec_t at, char direction, const void *buf, size_t len)
{
	struct api_modem *m = ctx;
	struct journal_entry e = {
		.at = at,
		.port = port,
		.kind = direction == '>' ? JOURNAL_FROM_HOST : JOURNAL_FROM_MODEM,
		.data = buf,
		.len = len,
	};

	e.id = journal_bytes(m->journal, port, at, e.kind, buf, len);
	if (!m->waiters && !m->followers)
		return;
	if (m->waiters)
		api_feed_waits(m, &e);
	if (m->followers)
		api_follow(m, &e);
}

static void on_settled(void *ctx)
{
	struct api_modem *m = ctx;

	if (m->waiters)
		api_check_waits(m);
	if (m->followers)
		api_follow_state(m);
}

struct api *api_new(const struct profile *profile, const struct log *log)
{
	struct api *a = must(calloc(1, sizeof(*a)));
	struct timespec now;

	a->profile = profile;
	a->log = log;
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(a->run, sizeof(a->run), "%d-%lld%09ld", (int)getpid(),
		(long long)now.tv_sec, now.tv_nsec);
	return a;
}

void api_free(struct api *a)
{
	size_t i, port;

	for (i = 0; a && i < a->n; i++) {
		wire_unwatch(a->modems[i]->wire, a->modems[i]);
		journal_free(a->modems[i]->journal);
		free(a->modems[i]->path);
		for (port = 0; port < MODEM_NAMED; port++)
			free(a->modems[i]->more[port]);
		free(a->modems[i]);
	}
	if (a) {
		free(a->modems);
		free(a->openapi);
		free(a->bugs_text);
	}
	free(a);
}

void api_add(struct api *a, const struct api_place *place)
{
	struct api_modem *m = must(calloc(1, sizeof(*m)));
	const struct wire_watch watch = { m, on_notice, on_bytes, on_settled };
	size_t i;

	if (!(a->n & (a->n - 1))) /* full: it holds 1, 2, 4, ... */
		a->modems = must(
			realloc(a->modems, (a->n ? 2 * a->n : 1) * sizeof(*a->modems)));
	a->modems[a->n++] = m;
	m->api = a;
	m->wire = place->wire;
	m->profile = place->profile;
	m->profile_name = place->profile_name;
	m->bug = place->bug;
	m->group = place->group;
	m->index = place->index;
	m->exchange = place->exchange;
	m->exchange_ctx = place->exchange_ctx;
	m->path = must(strdup(place->path));
	for (i = 0; i < MODEM_NAMED; i++)
		if (place->more[i])
			m->more[i] = must(strdup(place->more[i]));
	m->journal = journal_new();
	snprintf(m->id, sizeof(m->id), "%zu", a->n);
	wire_watch(place->wire, &watch);
	api_tell_centre(m);
}
