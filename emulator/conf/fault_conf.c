#include "conf/fault_conf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/action_conf.h"

#define INJECT_FIELDS 80
static struct schema_field inject_fields[INJECT_FIELDS];
static struct schema inject = { .name = "inject", .fields = inject_fields };

const struct schema *inject_schema(void)
{
	const struct action_row *row;
	size_t n = 0, i;

	if (inject.help)
		return &inject;
	for (; fault_common_fields[n].key; n++)
		inject_fields[n] = fault_common_fields[n];
	for (i = 0; (row = action_at(i)); i++) {
		assert(n + 1 < INJECT_FIELDS);
		inject_fields[n++] = (struct schema_field){ row->name, row->args->help,
			SCHEMA_STRUCT, SCHEMA_ELSEWHERE, .schema = row->args };
	}
	inject.help = "an action that something in the modem sets off";
	return &inject;
}

static struct fault_rule *next_rule(
	struct fault_list *l, const struct doc *d, const char *key, struct doc_errors *e)
{
	if (l->n < FAULT_RULES)
		return &l->rule[l->n];
	doc_error(e, d->at,
		"there are at most %d rules in \"faults\" and \"inject\" together; take "
		"some of \"%s\" out",
		FAULT_RULES, key);
	return NULL;
}

static bool is_list(const struct doc *d, const char *key, struct doc_errors *e)
{
	if (d->kind == DOC_LIST)
		return true;
	doc_error(e, d->at, "\"%s\" is a list; write lines \"- ...\"", key);
	return false;
}

static bool bind_fault(const struct doc *d, struct fault_rule *r, struct doc_errors *e)
{
	const char *why;

	if (!schema_bind(&fault_schema, d, r, false, e))
		return false;
	why = fault_wrong(r);
	if (why)
		doc_error(e, d->at, "%s", why);
	return !why;
}

bool faults_bind(struct fault_list *l, const struct doc *d, struct doc_errors *e)
{
	struct fault_rule *r;
	bool ok = true;
	size_t i;

	if (!d)
		return true;
	if (!is_list(d, "faults", e))
		return false;
	for (i = 0; i < d->n; i++) {
		r = next_rule(l, d->items[i].value, "faults", e);
		if (!r)
			return false;
		if (bind_fault(d->items[i].value, r, e))
			l->n++;
		else
			ok = false;
	}
	return ok;
}

/* The entry that names the action; NULL with an error unless there is one. */
static const struct doc_item *find_action(const struct doc *d, struct doc_errors *e)
{
	const struct doc_item *found = NULL;
	size_t i;

	for (i = 0; d->kind == DOC_MAP && i < d->n; i++) {
		if (!action_find(d->items[i].key))
			continue;
		if (found) {
			doc_error(e, d->items[i].at,
				"an entry does one thing: \"%s\" is already there; begin "
				"\"- %s\" as an entry of its own",
				found->key, d->items[i].key);
			return NULL;
		}
		found = &d->items[i];
	}
	if (!found)
		doc_error(e, d->at,
			"this entry does nothing; write one of the actions that "
			"`fauxtrack list actions` shows");
	return found;
}

static bool bind_inject(const struct doc *d, struct fault_rule *r, struct doc_errors *e)
{
	const struct doc_item *what;
	struct action *action;
	const char *why;

	if (!schema_bind(inject_schema(), d, r, false, e))
		return false;
	what = find_action(d, e);
	if (!what)
		return false;
	action = calloc(1, sizeof(*action));
	if (!action) {
		fputs("fauxtrack: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	if (!action_bind(action_find(what->key), what->value, what->at, action, e)) {
		free(action);
		return false;
	}
	r->action = action;
	why = fault_wrong(r);
	if (!why)
		return true;
	doc_error(e, d->at, "%s", why);
	action_clear(action);
	free(action);
	return false;
}

bool injects_bind(struct fault_list *l, const struct doc *d, struct doc_errors *e)
{
	struct fault_rule *r;
	bool ok = true;
	size_t i;

	if (!d)
		return true;
	if (!is_list(d, "inject", e))
		return false;
	for (i = 0; i < d->n; i++) {
		r = next_rule(l, d->items[i].value, "inject", e);
		if (!r)
			return false;
		if (bind_inject(d->items[i].value, r, e))
			l->n++;
		else
			ok = false;
	}
	return ok;
}

void faults_clear(struct fault_list *l)
{
	struct action *action;
	size_t i;

	for (i = 0; i < l->n; i++) {
		action = (struct action *)l->rule[i].action;
		if (!action)
			continue;
		action_clear(action);
		free(action);
	}
	l->n = 0;
}
