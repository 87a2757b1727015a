/* The control interface, for `fauxtrack help` and the manual page: its paths, actions,
 * conditions, events and states, as their tables have them. */
#include <stdio.h>
#include <string.h>

#include "actions/action.h"
#include "conf/schema.h"
#include "describe/describe.h"
#include "host/control/api_int.h"
#include "host/control/condition.h"
#include "host/manual/topics.h"
#include "state/notice.h"

static void add_paths(struct page *p)
{
	const struct api_query *q;
	const struct api_route *r;
	char term[120];
	size_t i;

	page_section(p, PAGE_OTHER, "Paths", 20);
	for (i = 0; (r = api_route(i)); i++) {
		snprintf(term, sizeof(term), "%s %s", r->method, r->path);
		page_row(p, term, r->help);
		for (q = r->query; q && q->name; q++) {
			snprintf(term, sizeof(term), "?%s=%s", q->name,
				q->number ? "N" : "TEXT");
			page_row(p, term, q->help);
		}
	}
}

static void add_argument(
	void *page, const char *path, const char *value, const char *help)
{
	char text[1200], term[120];

	snprintf(text, sizeof(text), "%s%s%s", help, *help && *value ? ": " : "", value);
	snprintf(term, sizeof(term), ". %s", path);
	page_row(page, term, text);
}

static void add_actions(struct page *p)
{
	const struct action_row *row;
	size_t i;

	page_section(p, PAGE_OTHER, "Actions, and the keys of their bodies", 20);
	for (i = 0; (row = action_at(i)); i++) {
		page_row(p, row->name, row->args->help);
		schema_each_row(row->args, true, add_argument, p);
	}
}

static void add_conditions(struct page *p)
{
	const struct condition_word *w;
	char help[300];

	page_section(p, PAGE_OTHER, "Conditions of wait", 20);
	page_row(p, "FIELD=VALUE", "the state has that value now");
	page_row(p, "event=NAME[:TEXT]", "such an event has come, with TEXT in its text");
	page_row(p, "at=TEXT", "the modem has sent TEXT at its port");
	for (w = condition_words; w->word; w++) {
		snprintf(help, sizeof(help), "%s (%s=%s)", w->help, w->field, w->value);
		page_row(p, w->word, help);
	}
}

static void add_events(struct page *p)
{
	const struct name *n;

	page_section(p, PAGE_OTHER, "Events", 20);
	for (n = notice_names; n->name; n++)
		page_row(p, n->name, n->help);
}

static void add_states(struct page *p)
{
	struct state_field f;
	char path[STATE_PATH];
	size_t i;

	page_section(p, PAGE_OTHER, "States", 30);
	for (i = 0; modem_state_field(i, &f); i++) {
		page_row(p, state_field_path(&f, path), f.help);
	}
}

void topic_control(struct page *p)
{
	page_text(p,
		"fauxtrack run and fauxtrack exec answer HTTP/1.1 with JSON at a Unix "
		"socket, or with --control tcp:PORT at a port of this machine that needs "
		"the token that is printed. fauxtrack ctl is a client of it. A running "
		"emulator describes the whole interface at /v1/openapi.json.");
	page_text(p,
		"{id} is the number of a modem, from 1; GROUP.N, GROUP or all name those "
		"of "
		"a fleet. An error has a field, a message and a remedy. The answer to an "
		"action has events_from: a wait with since set to it counts all that the "
		"action has caused.");
	add_paths(p);
	add_actions(p);
	add_conditions(p);
	add_events(p);
	add_states(p);
	page_section(p, PAGE_EXAMPLES, NULL, 0);
	page_text(p, "Somebody sends a message, from a shell:");
	page_code(p, "fauxtrack ctl sms from=+33612345678 text=hello");
	page_text(p, "The same by HTTP; SOCKET is what fauxtrack ctl list prints first:");
	page_code(p, "curl --unix-socket SOCKET --json "
		     "'{\"from\":\"+33612345678\",\"text\":\"hello\"}' \\");
	page_code(p, "    http://localhost/v1/modems/1/actions/sms");
	page_see(p, "ctl exec run scenario .");
}
