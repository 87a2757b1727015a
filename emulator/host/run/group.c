#include "host/run/group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "conf/profile_conf.h"
#include "host/dwl/dwl_file.h"
#include "host/exits.h"
#include "host/play/bug.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"
#include "host/read/rules_check.h"

/* ---- where an option was written --------------------------------------------------- */

static struct doc_place place_of(const struct group *g, const char *option)
{
	const struct doc_item *item;
	size_t i;

	for (i = 0; i < 2; i++) {
		item = doc_find(g->written[i], option);
		if (item)
			return item->value->at;
	}
	return (struct doc_place){ NULL, 0, 0 };
}

static struct doc_place place_of_set(const struct group *g, const char *key)
{
	size_t i;

	for (i = g->o.n_sets; i-- > 0;)
		if (!strcmp(g->o.sets[i].kv.key, key))
			return g->o.sets[i].at;
	return (struct doc_place){ NULL, 0, 0 };
}

/* An error "--profile: ..." or "--set KEY: ..." of a group that a fleet file describes
 * gets the place in that file. */
static void move_error(
	const struct group *g, const struct doc_error *from, struct doc_errors *to)
{
	struct doc_place at = { from->file, from->line, from->col }, own = { NULL, 0, 0 };
	const char *option = from->file, *key = NULL;

	if (!from->line && !strncmp(option, "--set ", 6)) {
		key = option + 6;
		own = place_of_set(g, key);
	} else if (!from->line && !strncmp(option, "--", 2)) {
		own = place_of(g, option + 2);
	}
	if (!own.file)
		doc_error(to, at, "%s", from->text);
	else
		doc_error(to, own, "%s%s%s", key ? key : "", key ? ": " : "", from->text);
}

/* ---- loading ----------------------------------------------------------------------- */

/* The values of the field bug apply unless the options set them. */
static bool take_bug(struct group *g, struct library *l, struct doc_errors *e)
{
	struct options *o = &g->o;

	if (o->bug && !(g->bug = bug_load(l, o->bug, e)))
		return false;
	if (g->bug && g->bug->n_more) {
		doc_error(e, g->bug->more[0].at,
			"this field bug has several modems, which only fauxtrack play "
			"can start; for modems at ports write a bug file without modems: "
			"for each, and give each its own in a fleet file, or by "
			"fauxtrack ctl --modem 2 bug FILE");
		return false;
	}
	if (!o->profile)
		o->profile = g->bug ? g->bug->profile_file[0] : LIBRARY_PROFILE;
	if (!o->seed)
		o->seed = g->bug ? g->bug->own.seed : 1;
	if (o->boot == OPTIONS_BOOT)
		o->boot = g->bug && !g->bug->own.warm ? OPTIONS_COLD : OPTIONS_WARM;
	return true;
}

/* The profile with the --set of all units, and those of unit `index` (0: of no unit). */
static struct profile *with_sets(
	const struct group *g, struct library *l, unsigned index, struct doc_errors *e)
{
	static const struct kv real[] = { { "device.line.garbles", "true" },
		{ "device.line.paces", "true" } };
	struct kv sets[2 * SCENARIO_SETS + OPTIONS_SETS + OPTIONS_NUMBERS + 2];
	size_t n = 0, i;

	if (g->bug) {
		memcpy(sets, g->bug->own.kv, g->bug->own.n_kv * sizeof(*sets));
		n = g->bug->own.n_kv;
	}
	if (g->o.line_real) {
		memcpy(sets + n, real, sizeof(real));
		n += sizeof(real) / sizeof(real[0]);
	}
	for (i = 0; i < g->o.n_sets; i++)
		if (!g->o.sets[i].unit || g->o.sets[i].unit == index)
			sets[n++] = g->o.sets[i].kv;
	for (i = 0; i < g->o.n_numbers; i++)
		if (!option_number_listens(&g->o.numbers[i]))
			sets[n++] = (struct kv){ g->o.numbers[i].key, g->o.numbers[i].far,
				"--number" };
	return profile_load(l, g->o.profile, sets, n, e);
}

/* The units of a group share a profile, except those with their own --set. */
static bool load_units(struct group *g, struct library *l, struct doc_errors *e)
{
	const struct options *o = &g->o;
	struct profile *p;
	unsigned index;
	size_t i;

	g->profiles = calloc(o->count, sizeof(struct profile *));
	must(g->profiles);
	for (i = 0; i < o->n_sets; i++) {
		index = o->sets[i].unit;
		if (!index || g->profiles[index - 1])
			continue;
		p = with_sets(g, l, index, e);
		if (!p)
			return false;
		tables_build(p);
		g->profiles[index - 1] = p;
	}
	return true;
}

const struct profile *group_profile(const struct group *g, unsigned index)
{
	return g->profiles[index - 1] ? g->profiles[index - 1] : g->profile;
}

struct unit_numbers group_numbers(const struct group *g, unsigned index)
{
	const struct units_place place = { index, g->first + index - 1, g->o.sets,
		g->o.n_sets };

	return units_numbers(group_profile(g, index), &place);
}

static bool sets_fit(const struct group *g, struct doc_errors *e)
{
	const struct options *o = &g->o;
	char name[160];
	size_t i;

	for (i = 0; i < o->n_sets; i++) {
		if (o->sets[i].unit <= o->count)
			continue;
		snprintf(name, sizeof(name), "--set %u:%s=...", o->sets[i].unit,
			o->sets[i].kv.key);
		if (o->sets[i].at.file)
			doc_error(e, o->sets[i].at,
				"there is no modem %u in this group, its count is %u; "
				"raise count",
				o->sets[i].unit, o->count);
		else
			doc_error(e, (struct doc_place){ name, 0, 0 },
				"there is no such modem, --count is %u; raise --count",
				o->count);
		return false;
	}
	return true;
}

/* Checks the rules of the bug against its own profile; with another profile they may have
 * no effect. */
static bool check_bug(const struct group *g, struct doc_errors *e)
{
	const struct profile *const own[] = { g->profile };

	if (!g->bug || g->bug->n_profiles != 1 ||
		strcmp(g->o.profile, g->bug->profile_file[0]) != 0)
		return true;
	return rules_check(&g->bug->own, own, 1, e);
}

static bool bind_images(struct group *g, struct doc_errors *e)
{
	struct doc_place at = place_of(g, "image");
	struct dwl_error error;
	size_t i;

	if (!at.file)
		at.file = "fauxtrack";
	for (i = 0; i < g->o.n_images; i++) {
		if (dwl_bind(g->profile, g->o.images[i], &g->images[i], &error))
			continue;
		doc_error(e, at, "%s", error.text);
		return false;
	}
	return true;
}

/* The ports of --port, and those that the field bug's demo uses. */
static bool ports_fit(struct group *g, struct doc_errors *e)
{
	const struct device *d = &g->profile->device;
	unsigned there = 1u << MODEM_UART1;
	size_t i;
	int port;

	if (g->bug)
		g->o.ports |= g->bug->own.ports;
	for (i = 0; i < d->n_ports; i++)
		there |= 1u << d->ports[i];
	for (port = MODEM_UART1; port >= 0 && there & 1u << port;)
		port = options_next_port(&g->o, port);
	if (port < 0)
		return true;
	doc_error(e, (struct doc_place){ "--port", 0, 0 },
		"a %s has no port %s; leave it out, or choose another profile", d->title,
		name_of(port_names, port));
	return false;
}

static int load(struct group *g, struct library *l, struct doc_errors *e)
{
	if (!sets_fit(g, e))
		return EXITS_USAGE;
	if (!take_bug(g, l, e))
		return EXITS_FAILED;
	g->profile = with_sets(g, l, 0, e);
	if (!g->profile)
		return EXITS_FAILED;
	tables_build(g->profile);
	if (!load_units(g, l, e) || !check_bug(g, e))
		return EXITS_FAILED;
	if (!ports_fit(g, e))
		return EXITS_USAGE;
	return bind_images(g, e) ? EXITS_DONE : EXITS_USAGE;
}

int group_load(struct group *g, struct library *l, struct doc_errors *e)
{
	struct doc_errors found;
	int status;
	size_t i;

	doc_errors_init(&found);
	status = load(g, l, &found);
	for (i = 0; i < found.n; i++)
		move_error(g, &found.item[i], e);
	doc_errors_clear(&found);
	return status;
}

void group_clear(struct group *g)
{
	unsigned i;

	for (i = 0; g->profiles && i < g->o.count; i++) {
		tables_free(g->profiles[i]);
		profile_free(g->profiles[i]);
	}
	free(g->profiles);
	tables_free(g->profile);
	profile_free(g->profile);
	scenario_free(g->bug);
}
