#include "host/control/condition.h"

#include <stdlib.h>
#include <string.h>

#include "conf/state_conf.h"
#include "conf/suggest.h"
#include "describe/describe.h"

#define TIMEOUT_MAX 86400000000LL

const struct condition_word condition_words[] = {
	{ "registered", "registration.registered", "true",
		"registered at home or roaming" },
	{ "unregistered", "registration.registered", "false",
		"not registered in any network" },
	{ "searching", "registration.state", "searching", "searching for a cell" },
	{ "booted", "initialised", "true", "the boot is complete" },
	{ "on", "power", "on", "the firmware runs" },
	{ "off", "power", "off", "the modem has no power" },
	{ "ready", "sim.state", "ready", "the SIM is unlocked and its files are read" },
	{ "pin", "sim.state", "PIN", "the SIM waits for its PIN" },
	{ "opened", "port.dtr", "true", "a client has opened the port" },
	{ "closed", "port.dtr", "false", "no client has the port open" },
	{ "in-call", "in_call", "true", "there is a call" },
	{ "no-call", "in_call", "false", "there is no call" },
	{ "attached", "gprs.state", "attached", "attached to GPRS" },
	{ "downloading", "power", "download", "receiving a file by AT+WDWL" },
	{ NULL },
};

struct wait_body {
	char text[CONDITIONS][256];
	size_t n;
	usec_t timeout;
	int64_t since;
	bool skip_forgotten;
};

#define IN(m) SCHEMA_AT(struct wait_body, m)

static const struct schema_field a_condition = {
	.type = SCHEMA_VALUE,
	.help = "FIELD=VALUE, event=NAME, event=NAME:TEXT, at=TEXT, or a word such as "
		"registered",
	.size = 256,
};
static const struct schema_field fields[] = {
	{ "for", "conditions that must all hold at once", SCHEMA_LIST,
		.offset = offsetof(struct wait_body, text), .item = &a_condition,
		.stride = 256, .most = CONDITIONS, .count = offsetof(struct wait_body, n),
		.flags = SCHEMA_REQUIRED },
	{ "timeout", "how long to wait, in real time", SCHEMA_TIME, IN(timeout),
		.max = TIMEOUT_MAX, .def = "30s" },
	{ "since",
		"only events and traffic after this id count; -1: from now on; without "
		"it: after the last action of the same connection, if there was one",
		SCHEMA_INT, IN(since), .min = -1, .max = INT64_MAX },
	{ "skip_forgotten",
		"if events after that id are no longer kept: true begins at the oldest "
		"kept event, false refuses the wait",
		SCHEMA_BOOL, IN(skip_forgotten), .def = "false" },
	{ NULL },
};
const struct schema wait_schema = {
	.name = "wait", .help = "what to wait for", .fields = fields
};

/* ---- reading ---------------------------------------------------------------------- */

static bool is_word(const char *text, struct condition *c)
{
	const struct condition_word *w;

	for (w = condition_words; w->word; w++) {
		if (strcmp(w->word, text) != 0)
			continue;
		c->kind = CONDITION_STATE;
		strcpy(c->field, w->field);
		strcpy(c->text, w->value);
		return true;
	}
	return false;
}

static void no_word(const char *text, struct doc_place at, struct doc_errors *e)
{
	const struct condition_word *w;
	struct suggest near;
	char mem[160];

	suggest_init(&near, text);
	for (w = condition_words; w->word; w++)
		suggest_offer(&near, w->word);
	doc_error(e, at, "\"%s\" is not a condition%s", text,
		suggest_text(&near, mem, sizeof(mem),
			"; write FIELD=VALUE, event=NAME, at=TEXT or a word such as "
			"registered"));
}

static bool is_event(
	const char *text, struct condition *c, struct doc_place at, struct doc_errors *e)
{
	size_t len = strcspn(text, ":");
	char name[32], mem[96];
	struct suggest near;
	const struct name *n;

	snprintf(name, sizeof(name), "%.*s", len < 31 ? (int)len : 31, text);
	n = name_find(notice_names, name);
	if (n) {
		c->kind = CONDITION_EVENT;
		c->event = n->value;
		strcpy(c->text, text[len] ? text + len + 1 : "");
		return true;
	}
	suggest_init(&near, name);
	for (n = notice_names; n->name; n++)
		suggest_offer(&near, n->name);
	doc_error(e, at, "there is no event \"%s\"%s", name,
		suggest_text(
			&near, mem, sizeof(mem), "; fauxtrack list events shows all"));
	return false;
}

static bool read_condition(const char *text, const struct profile *profile,
	struct condition *c, struct doc_place at, struct doc_errors *e)
{
	const char *value = strchr(text, '=');
	char field[64];

	if (!value) {
		if (is_word(text, c))
			return true;
		no_word(text, at, e);
		return false;
	}
	value++;
	if (strlen(value) >= CONDITION_TEXT || value - text > (long)sizeof(field)) {
		doc_error(e, at, "\"%.20s...\" is too long; use at most %d characters",
			text, CONDITION_TEXT - 1);
		return false;
	}
	snprintf(field, sizeof(field), "%.*s", (int)(value - 1 - text), text);
	if (!strcmp(field, "event"))
		return is_event(value, c, at, e);
	strcpy(c->text, value);
	if (strcmp(field, "at") != 0) {
		c->kind = CONDITION_STATE;
		strcpy(c->field, field);
		return state_possible(field, c->text, profile, at, e);
	}
	c->kind = CONDITION_SAID;
	if (*value)
		return true;
	doc_error(e, at, "at= has no text; write at=TEXT, at=+CMTI for instance");
	return false;
}

/* Turns a single text into a list of one. */
static const struct doc *with_list(struct doc_pool *pool, const struct doc *d)
{
	const struct doc_item *one = doc_find(d, "for");
	struct doc *list, *out;

	if (!one || one->value->kind != DOC_SCALAR)
		return d;
	list = doc_list(pool, one->at);
	doc_append(pool, list, one->value);
	out = doc_without(pool, d, "for");
	doc_put(pool, out, "for", one->at, list);
	return out;
}

bool wait_bind(struct doc_pool *pool, const struct doc *d, const struct profile *profile,
	struct wait *out, struct doc_errors *e)
{
	struct doc_place at = { "for", 0, 0 };
	struct wait_body body = { .n = 0 };
	bool ok;
	size_t i;

	*out = (struct wait){ .n = 0 };
	ok = schema_bind(&wait_schema, with_list(pool, d), &body, false, e);
	out->n = body.n;
	out->timeout = body.timeout;
	out->has_since = doc_find(d, "since") != NULL;
	out->since = out->has_since ? body.since : -1;
	out->skip_forgotten = body.skip_forgotten;
	if (ok && !body.n) {
		doc_error(e, at,
			"there is nothing to wait for; write \"for\": [\"registered\"]");
		return false;
	}
	for (i = 0; ok && i < body.n; i++)
		ok = read_condition(body.text[i], profile, &out->item[i], at, e) && ok;
	return ok;
}

/* ---- looking ---------------------------------------------------------------------- */

/* Bytes come in pieces of any size: keeps a tail that may be the start of the text. */
static void hear(struct condition *c, const char *data, size_t len)
{
	size_t want = strlen(c->text), keep = want - 1, part, old;
	char seam[2 * CONDITION_TEXT];

	c->met = c->met || memmem(data, len, c->text, want);
	part = len < keep ? len : keep;
	memcpy(seam, c->tail, c->tail_len);
	memcpy(seam + c->tail_len, data, part);
	c->met = c->met || memmem(seam, c->tail_len + part, c->text, want);
	if (len >= keep) {
		memcpy(c->tail, data + len - keep, keep);
		c->tail_len = keep;
		return;
	}
	old = c->tail_len + len > keep ? keep - len : c->tail_len;
	memmove(c->tail, c->tail + c->tail_len - old, old);
	memcpy(c->tail + old, data, len);
	c->tail_len = old + len;
}

void wait_feed(struct wait *w, const struct journal_entry *entry)
{
	struct condition *c;
	size_t i;

	for (i = 0; i < w->n; i++) {
		c = &w->item[i];
		if (c->kind == CONDITION_EVENT && entry->kind == JOURNAL_EVENT &&
			(int)entry->notice == c->event)
			c->met = c->met || !c->text[0] ||
				 (entry->has_text && strstr(entry->data, c->text));
		if (c->kind == CONDITION_SAID && entry->kind == JOURNAL_FROM_MODEM &&
			entry->len) {
			if (entry->port != c->tail_port)
				c->tail_len = 0;
			c->tail_port = entry->port;
			hear(c, entry->data, entry->len);
		}
	}
}

static bool holds(const struct condition *c, const struct modem *m)
{
	char mem[MODEM_STATE_TEXT];
	const char *is;

	if (c->kind != CONDITION_STATE)
		return c->met;
	is = modem_state(m, c->field, mem);
	return is && !strcmp(is, c->text);
}

bool wait_over(struct wait *w, const struct modem *m)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (!holds(&w->item[i], m))
			return false;
	return true;
}

void wait_explain(const struct wait *w, const struct modem *m, FILE *out)
{
	char mem[MODEM_STATE_TEXT];
	const char *is, *comma = "";
	const struct condition *c;
	size_t i;

	for (i = 0; i < w->n; i++) {
		c = &w->item[i];
		if (holds(c, m))
			continue;
		fputs(comma, out);
		comma = ", and ";
		switch (c->kind) {
		case CONDITION_STATE:
			is = modem_state(m, c->field, mem);
			fprintf(out, "%s is %s, not %s", c->field, is ? is : "unknown",
				c->text);
			break;
		case CONDITION_EVENT:
			fprintf(out, "no event \"%s\" has come%s%s",
				name_of(notice_names, c->event),
				c->text[0] ? " with the text " : "", c->text);
			break;
		case CONDITION_SAID:
			fprintf(out, "the modem has not sent \"%s\"", c->text);
			break;
		}
	}
}
