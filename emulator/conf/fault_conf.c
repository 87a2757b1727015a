#include "conf/fault_conf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/action_conf.h"
#include "faults/fault_check.h"

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
	inject.help = "an action that an event in the modem triggers";
	return &inject;
}

static struct fault_rule *next_rule(
	struct fault_list *l, const struct doc *d, const char *key, struct doc_errors *e)
{
	if (l->n < FAULT_RULES)
		return &l->rule[l->n];
	doc_error(e, d->at,
		"\"faults\" and \"inject\" together have more than %d rules; remove some "
		"of \"%s\"",
		FAULT_RULES, key);
	return NULL;
}

static bool is_list(const struct doc *d, const char *key, struct doc_errors *e)
{
	if (d->kind == DOC_LIST)
		return true;
	doc_error(e, d->at, "\"%s\" is a list; write lines that begin with \"- \"", key);
	return false;
}

/* FNV-1a of everything written in the rule: a rule with another text has another id. */
static uint64_t hash(uint64_t h, const struct doc *d)
{
	const char *p;
	size_t i;

	for (p = d->kind == DOC_SCALAR ? d->text : "["; *p; p++)
		h = (h ^ (unsigned char)*p) * 1099511628211u;
	for (i = 0; d->kind != DOC_SCALAR && i < d->n; i++) {
		for (p = d->items[i].key ? d->items[i].key : ","; *p; p++)
			h = (h ^ (unsigned char)*p) * 1099511628211u;
		h = hash(h ^ ':', d->items[i].value);
	}
	return (h ^ ']') * 1099511628211u;
}

static struct doc_place place_of(const struct doc *d, const char *key)
{
	const struct doc *at = key ? doc_get(d, key) : NULL;

	return at ? at->at : d->at;
}

/* Checks a bound rule and gives it its id. */
static bool finish(const struct doc *d, struct fault_rule *r, struct doc_errors *e)
{
	struct fault_flaw flaw;

	r->id = hash(14695981039346656037u, d);
	if (fault_sound(r, &flaw))
		return true;
	doc_error(e, place_of(d, flaw.key), "%s", flaw.text);
	return false;
}

static bool bind_fault(const struct doc *d, struct fault_rule *r, struct doc_errors *e)
{
	return schema_bind(&fault_schema, d, r, false, e) && finish(d, r, e);
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
			l->doc[l->n++] = d->items[i].value;
		else
			ok = false;
	}
	return ok;
}

/* The key that names the action; NULL, with an error, unless there is exactly one. */
static const struct doc_item *find_action(const struct doc *d, struct doc_errors *e)
{
	const struct doc_item *found = NULL;
	size_t i;

	for (i = 0; d->kind == DOC_MAP && i < d->n; i++) {
		if (!action_find(d->items[i].key))
			continue;
		if (found) {
			doc_error(e, d->items[i].at,
				"an entry has one action, and this one already has "
				"\"%s\"; move \"%s\" to a separate entry",
				found->key, d->items[i].key);
			return NULL;
		}
		found = &d->items[i];
	}
	if (!found)
		doc_error(e, d->at,
			"this entry has no action; add one of those that `fauxtrack list "
			"actions` shows");
	return found;
}

static bool bind_inject(const struct doc *d, struct fault_rule *r, struct doc_errors *e)
{
	const struct doc_item *what;
	struct action *action;

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
	if (finish(d, r, e))
		return true;
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
			l->doc[l->n++] = d->items[i].value;
		else
			ok = false;
	}
	return ok;
}

struct doc_place faults_place(const struct fault_list *l, size_t i, const char *key)
{
	return place_of(l->doc[i], key);
}

/* The line of the first rule that hides this one; 0 if none does. */
static int hidden_by(const struct fault_list *l, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (fault_hides(&l->rule[k], &l->rule[i]))
			return l->doc[k]->at.line;
	return 0;
}

/* Whether a later rule answers: an answer that changes nothing is its exception. */
static bool is_exception(const struct fault_list *l, size_t i)
{
	for (i++; i < l->n; i++)
		if (fault_effect_of(&l->rule[i]) == FAULT_ANSWER)
			return true;
	return false;
}

bool faults_bound(const struct fault_list *l, struct doc_errors *e)
{
	bool ok = true;
	size_t i;
	int line;

	for (i = 0; i < l->n; i++) {
		line = hidden_by(l, i);
		if (line)
			doc_error(e, l->doc[i]->at,
				"this rule never acts: the rule in line %d always acts "
				"first; move this one before it",
				line);
		else if (fault_excepts(&l->rule[i]) && !is_exception(l, i))
			doc_error(e, faults_place(l, i, "answer"),
				"this answer changes nothing; "
				"write "
				"result, bytes, first, lines, info: drop or a delay");
		else
			continue;
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
