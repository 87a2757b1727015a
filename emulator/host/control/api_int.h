/* Shared by the files of the control interface. */
#pragma once

#include <jansson.h>

#include "conf/doc.h"
#include "describe/describe.h"
#include "host/control/api.h"
#include "host/control/condition.h"
#include "host/control/journal.h"
#include "host/control/modem_json.h"
#include "modem.h"
#include "state/profile.h"
#include "wire.h"

struct follower; /* a client that follows a stream: api_stream.c */
struct waiter;   /* a client that waits: api_wait.c */

struct api_modem {
	struct api *api;
	char id[12];
	const struct profile *profile;
	const char *profile_name;
	const char *group; /* NULL: there are no groups */
	unsigned index;    /* in its group, from 1 */
	uint64_t acted;    /* 1 + the event id before its last action, 0: none */
	char *path, *more[MODEM_NAMED];
	struct mqtt_counts (*exchange)(const void *ctx); /* NULL: none */
	const void *exchange_ctx;
	struct wire *wire;
	struct journal *journal;
	struct follower *followers;
	struct waiter *waiters;
	const char *bug; /* the field bug it was made with; NULL: none */
};

struct api {
	const struct profile *profile;
	const struct log *log;
	char run[40];  /* unique to this run of the program */
	char *openapi; /* the description, made on the first request for it */
	size_t openapi_len;
	struct api_modem **modems;
	size_t n;
	struct api_bugs bugs;
	char *bugs_text; /* their list, made on the first request for it */
	struct api_opener opener;
};

/* A request, with the row that handles it found. */
struct api_call {
	struct api *api;
	const struct http_request *r;
	struct http_call *http;
	struct api_modem *modem; /* for {id} */
	char name[64];           /* for {name} */
	json_t *gather;          /* of several modems: the list that gets the answer */
	int status;              /* of the answer that was gathered last */
};

/* Modems that a path names: a row of api->modems. */
struct api_members {
	size_t first, n;
	bool several; /* a group or all, even if that is one modem */
};

enum api_body {
	API_NOTHING,
	API_JSON, /* an object described by a schema */
	API_TEXT, /* lines */
	API_EVENTS,
};

struct api_query {
	const char *name, *help;
	bool number;
};

struct api_route {
	const char *method, *path, *help;
	void (*run)(struct api_call *c);
	const char *id;     /* operationId: listModems; for actions its prefix: act */
	const char *schema; /* name of the answer's schema; NULL: text */
	const struct schema *body; /* NULL: no body, or the action's */
	enum api_body answer;
	const struct api_query *query; /* ends with a NULL name; NULL: no query */
	const char *statuses;          /* possible statuses besides 200: "404 408" */
	/* For several modems; NULL: run() for each of them in turn, if it answers JSON */
	void (*several)(struct api_call *c, const struct api_members *m);
};

/* NULL after the last row. */
const struct api_route *api_route(size_t i);

/* Answers; takes the reference to j. */
void api_answer(struct api_call *c, int status, json_t *j);

/* Answers with the first of the errors, and the rest as "others". */
void api_refuse(struct api_call *c, int status, const struct doc_errors *e);

/* Answers with one error, from "what; remedy". */
void api_refuse_text(struct api_call *c, int status, const char *field, const char *text);

/* Reads the body as a tree; *d is NULL for an empty body. False: refused. */
bool api_body(
	struct api_call *c, struct doc_pool *pool, struct doc **d, struct doc_errors *e);

/* Reads the body into a struct by its schema; an empty body is an empty mapping. False:
 * refused. */
bool api_bind(struct api_call *c, const struct schema *s, void *out);

/* Reads a number of the query, 0 to `most`; `def` if it is missing. False: refused. */
bool api_number(struct api_call *c, const char *name, long long def, long long most,
	long long *out);

/* Checks that the event with this id has come. False: refused. */
bool api_has_come(struct api_call *c, long long since);

/* Answers { "done": true, "events_from": ID, "at": VIRTUAL }: ID is that of the last
 * event before the action. A wait of the same connection begins there. */
void api_done(struct api_call *c, uint64_t before);

/* The same with the number of the thing that was made. */
void api_done_number(struct api_call *c, uint64_t before, size_t number);

/* api_group.c: what {id} may name, as the OpenAPI description says it. */
extern const char api_id_help[];
/* Finds "3", "GROUP.2", "GROUP" or "all". False: refused with 404. */
bool api_members(struct api_call *c, const char *id, struct api_members *m);
/* Runs a row for several modems; the answer has one of each. */
void api_several(
	struct api_call *c, const struct api_route *row, const struct api_members *m);
/* "GROUP.2" as JSON; null if there are no groups. */
json_t *api_modem_name(const struct api_modem *m);
/* Adds the answer of c->modem to the list. */
void api_gather(struct api_call *c, json_t *list, int status, json_t *answer);

/* The id after which a wait of this connection begins: that of its last action, -1 if it
 * had none. */
long long api_last_action(const struct api_call *c);

/* api_state.c: a modem as in lists, and its whole state. */
json_t *api_modem_json(const struct api_modem *m);
json_t *api_state_json(const struct api_modem *m);

/* The handlers of rows, by file. */
void api_actions(struct api_call *c); /* api_lists.c */
void api_applications(struct api_call *c);
void api_commands(struct api_call *c);
void api_openapi(struct api_call *c);                   /* api_openapi.c */
void api_schemas(json_t *all, const struct profile *p); /* api_schemas.c */
json_t *api_schema_ref(const char *name);               /* of another schema */
void api_answers(json_t *all);                          /* api_answers.c */
void api_act(struct api_call *c);                       /* api_act.c */
void api_clock(struct api_call *c);
void api_factory(struct api_call *c);
void api_outbox(struct api_call *c);
void api_centre(struct api_call *c);
void api_tell_centre(struct api_modem *m); /* at the start: its events begin */
void api_farend(struct api_call *c);
void api_faults(struct api_call *c); /* api_faults.c */
void api_net(struct api_call *c);    /* api_net.c */
extern const struct schema api_clock_schema;
void api_type(struct api_call *c); /* api_panel.c */
void api_bug(struct api_call *c);
void api_bugs(struct api_call *c);
void api_panel(struct api_call *c);
extern const struct schema api_type_schema, api_bug_schema, api_panel_schema;
void api_events(struct api_call *c); /* api_stream.c */
void api_trace(struct api_call *c);
void api_wait(struct api_call *c); /* api_wait.c */
void api_wait_several(struct api_call *c, const struct api_members *m);

/* Call these when a modem has sent a notice or bytes, or has settled: they serve the
 * streams and waits. */
void api_follow(struct api_modem *m, const struct journal_entry *e);
void api_follow_state(struct api_modem *m);
void api_check_waits(struct api_modem *m);
void api_feed_waits(struct api_modem *m, const struct journal_entry *e);

/* The JSON Schema of a struct schema; the caller owns the reference. */
json_t *api_schema(const struct schema *s);
