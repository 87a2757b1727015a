/* The modems of a scenario: its own, and those of `modems:`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "conf/suggest.h"
#include "host/exchange/neighbours.h"
#include "host/play/scenario_int.h"
#include "host/read/library.h"
#include "host/run/units.h"

#define OWN "a"

/* ---- all of them ------------------------------------------------------------------- */

size_t scenario_modems(const struct scenario *s)
{
	return 1 + s->n_more;
}

const struct scenario_modem *scenario_modem_at(const struct scenario *s, size_t i)
{
	return i ? &s->more[i - 1] : &s->own;
}

const char *scenario_check_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	if (!strcmp(name, OWN))
		return "is the scenario's own modem, of which the keys beside modems: "
		       "speak; name the second one b";
	if (name[len] || !len || len >= SCENARIO_NAME || *name < 'a' || *name > 'z')
		return "is not a name of a modem; write up to 15 lower-case letters, "
		       "digits and -, the first a letter";
	return NULL;
}

/* ---- reading ----------------------------------------------------------------------- */

static void add_sets(struct scenario *s, struct scenario_modem *m)
{
	size_t i;

	for (i = 0; i < m->n_memory; i++) {
		char key[80];
		int n = snprintf(key, sizeof(key), "memory.%s", m->memory[i].key);

		m->kv[m->n_kv++] = (struct kv){ doc_pool_text(s->pool, key, (size_t)n),
			m->memory[i].value };
	}
	for (i = 0; i < m->n_sets; i++)
		m->kv[m->n_kv++] = (struct kv){ profile_set_key(m->sets[i].key),
			m->sets[i].value };
}

static void take_rules(
	struct scenario_modem *m, const struct doc *d, struct doc_errors *e)
{
	m->faults.rule = m->rules;
	faults_bind(&m->faults, doc_get(d, "faults"), e);
	injects_bind(&m->faults, doc_get(d, "inject"), e);
	faults_bound(&m->faults, e);
}

static void take_one(const struct scenario_reader *r, struct scenario_modem *m,
	const struct doc_item *i)
{
	const struct scenario_modem *own = &r->s->own;
	const char *bad = scenario_check_name(i->key);
	const struct doc *profile;

	if (bad) {
		doc_error(r->errors, i->at, "\"%s\" %s", i->key, bad);
		return;
	}
	snprintf(m->name, sizeof(m->name), "%s", i->key);
	m->at = i->at;
	m->seed = own->seed;
	m->echo = own->echo;
	m->warm = own->warm;
	if (!schema_bind(scenario_modem_schema(), i->value, m, false, r->errors))
		return;
	profile = doc_get(i->value, "profile");
	m->profile_at = m->at;
	if (profile) {
		m->profile = scenario_profile_file(r->s, profile->text);
		m->profile_at = profile->at;
	} else {
		memcpy(m->kv, own->kv, own->n_kv * sizeof(*m->kv));
		m->n_kv = own->n_kv;
	}
	add_sets(r->s, m);
	take_rules(m, i->value, r->errors);
}

static int by_name(const void *a, const void *b)
{
	const struct scenario_modem *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* The rules point into their modem, which has moved. */
static void sort(struct scenario *s)
{
	size_t i;

	qsort(s->more, s->n_more, sizeof(*s->more), by_name);
	for (i = 0; i < s->n_more; i++)
		s->more[i].faults.rule = s->more[i].rules;
}

static void take_more(const struct scenario_reader *r, const struct doc *list)
{
	struct scenario *s = r->s;
	size_t i;

	if (list->kind != DOC_MAP || !list->n) {
		doc_error(r->errors, list->at,
			"the further modems are a mapping; write { b: {} }");
		return;
	}
	if (list->n > SCENARIO_MODEMS - 1) {
		doc_error(r->errors, list->items[SCENARIO_MODEMS - 1].at,
			"a scenario has at most %d modems; leave some out",
			SCENARIO_MODEMS);
		return;
	}
	s->more = must(calloc(list->n, sizeof(*s->more)));
	s->n_more = list->n;
	for (i = 0; i < list->n; i++)
		take_one(r, &s->more[i], &list->items[i]);
	sort(s);
}

void scenario_take_modems(const struct scenario_reader *r, const struct doc *d)
{
	const struct doc *more = doc_get(d, "modems");

	snprintf(r->s->own.name, SCENARIO_NAME, OWN);
	r->s->own.at = d->at;
	add_sets(r->s, &r->s->own);
	take_rules(&r->s->own, d, r->errors);
	if (more)
		take_more(r, more);
}

void scenario_take_modem(
	const struct scenario_reader *r, struct step *step, const struct doc *d)
{
	struct scenario *s = r->s;
	struct suggest near;
	char text[120];
	size_t n = scenario_modems(s), i;

	suggest_init(&near, step->modem_name);
	for (i = 0; i < n && strcmp(scenario_modem_at(s, i)->name, step->modem_name); i++)
		suggest_offer(&near, scenario_modem_at(s, i)->name);
	if (i == n) {
		doc_error(r->errors, doc_get(d, "modem")->at,
			"there is no modem \"%s\"%s", step->modem_name,
			suggest_text(&near, text, sizeof(text),
				"; declare it beside the steps: modems: { NAME: {} }"));
		return;
	}
	step->modem = i;
	if (step->via != MODEM_UART1)
		*(i ? &s->more[i - 1].ports : &s->own.ports) |= 1u << step->via;
}

void scenario_modems_clear(struct scenario *s)
{
	size_t i;

	faults_clear(&s->own.faults);
	for (i = 0; i < s->n_more; i++)
		faults_clear(&s->more[i].faults);
	free(s->more);
}

/* ---- numbers ----------------------------------------------------------------------- */

/* Appends what a modem sets, for itself (unit > 0) or for all. */
static void put_sets(
	const struct scenario_modem *m, unsigned unit, struct option_set *sets, size_t *n)
{
	size_t i;

	for (i = 0; i < m->n_sets; i++)
		sets[(*n)++] = (struct option_set){ unit,
			{ profile_set_key(m->sets[i].key), m->sets[i].value },
			{ .file = NULL } };
}

struct unit_numbers scenario_numbers(
	const struct scenario *s, size_t i, const struct profile *p)
{
	const struct scenario_modem *m = scenario_modem_at(s, i);
	struct option_set sets[2 * SCENARIO_SETS];
	struct units_place place = { (unsigned)i + 1, (unsigned)i + 1, sets, 0 };

	if (i && !m->profile)
		put_sets(&s->own, 0, sets, &place.n_sets);
	put_sets(m, place.index, sets, &place.n_sets);
	return units_numbers(p, &place);
}

struct neighbours *scenario_neighbours(const struct scenario *s,
	const struct profile *const *p, void (*wake)(void *ctx), void *ctx)
{
	struct neighbours *n = neighbours_new((unsigned)scenario_modems(s), wake, ctx);
	unsigned i;

	for (i = 0; i < scenario_modems(s); i++)
		neighbours_set_number(n, i, scenario_numbers(s, i, p[i]).own);
	return n;
}

bool scenario_numbers_differ(
	const struct scenario *s, const struct profile *const *p, struct doc_errors *e)
{
	struct neighbours *n = scenario_neighbours(s, p, NULL, NULL);
	unsigned a, b;
	bool differ = neighbours_settle(n, &a, &b);

	if (!differ)
		doc_error(e, scenario_modem_at(s, b)->at,
			"modem %s has the number %s, and modem %s has %s: messages could "
			"not tell them apart; give one another number: set: { "
			"sim.number: NUMBER }",
			scenario_modem_at(s, a)->name, scenario_numbers(s, a, p[a]).own,
			scenario_modem_at(s, b)->name, scenario_numbers(s, b, p[b]).own);
	neighbours_free(n);
	return differ;
}
