/* From options to a modem: profile, field bug, records, boot. */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/play/bug.h"
#include "host/read/command_tables.h"
#include "library_int.h"

#define SETS 256

/* The installed profiles, from where the library itself lies: the folder in which it was
 * installed may have been moved. */
static void add_installed(struct library *l)
{
	static const char here;
	char path[PATH_MAX], folder[PATH_MAX + sizeof(FAUXTRACK_SHARE_FROM_LIB)], *slash;
	Dl_info info;

	if (!dladdr(&here, &info) || !realpath(info.dli_fname, path))
		return;
	slash = strrchr(path, '/');
	*slash = '\0';
	snprintf(folder, sizeof(folder), "%s/%s", path, FAUXTRACK_SHARE_FROM_LIB);
	library_also(l, folder);
}

/* ---- the profile ------------------------------------------------------------------ */

static bool take_bug(struct fauxtrack *f, struct fauxtrack_options *o, struct library *l,
	struct doc_errors *e)
{
	if (!o->bug)
		return true;
	f->bug = bug_load(l, o->bug, e);
	if (!f->bug)
		return false;
	if (!o->profile)
		o->profile = f->bug->profile_file[0];
	if (!o->seed)
		o->seed = f->bug->own.seed;
	return true;
}

/* Appends the values of `set`. The texts are cut in place, in a copy that is returned. */
static char *add_sets(const char *const *set, struct kv *to, size_t *n)
{
	char *copy = must(calloc(1, 1)), *next;
	size_t len = 0, i;

	for (i = 0; set && set[i]; i++)
		len += strlen(set[i]) + 1;
	copy = must(realloc(copy, len + 1));
	next = copy;
	for (i = 0; set && set[i]; i++) {
		strcpy(next, set[i]);
		len = strlen(next) + 1;
		to[*n].key = next;
		to[*n].value = kv_split(next);
		to[(*n)++].option = "set";
		next += len;
	}
	return copy;
}

static bool sets_are_right(struct fauxtrack *f, const char *const *set)
{
	size_t i;

	for (i = 0; set && set[i]; i++) {
		if (i == SETS)
			return library_fails(f,
				"set: more than %d values; write a profile of your own "
				"that inherits",
				SETS);
		if (!strchr(set[i], '=') || set[i][0] == '=')
			return library_fails(f,
				"set \"%s\": not PATH=VALUE; write it as sim.pin=1234",
				set[i]);
	}
	return true;
}

static bool load_profile(struct fauxtrack *f, struct fauxtrack_options *o,
	struct library *l, struct doc_errors *e)
{
	struct kv sets[2 * SCENARIO_SETS + SETS];
	size_t n = 0;
	char *copy;

	if (!take_bug(f, o, l, e))
		return false;
	if (f->bug) {
		memcpy(sets, f->bug->own.kv, f->bug->own.n_kv * sizeof(*sets));
		n = f->bug->own.n_kv;
	}
	copy = add_sets(o->set, sets, &n);
	f->profile = profile_load(
		l, o->profile ? o->profile : LIBRARY_PROFILE, sets, n, e);
	free(copy);
	if (!f->profile)
		return false;
	tables_build(f->profile);
	return true;
}

static bool take_profile(struct fauxtrack *f, struct fauxtrack_options *o)
{
	struct library *l;
	struct doc_errors e;
	bool done;

	if (!sets_are_right(f, o->set))
		return false;
	l = library_new(o->profiles);
	add_installed(l);
	library_hook(l, &tables_hook);
	doc_errors_init(&e);
	done = load_profile(f, o, l, &e);
	if (!done)
		library_fails_with(f, &e);
	doc_errors_clear(&e);
	library_free(l); /* with the profile, which may read more of it */
	return done;
}

/* ---- the modem -------------------------------------------------------------------- */

static bool has_ports(struct fauxtrack *f)
{
	const struct device *d = &f->profile->device;
	unsigned there = 1, i;

	for (i = 0; i < d->n_ports; i++)
		there |= 1u << d->ports[i];
	for (i = 0; i < f->ports; i++)
		if (i >= MODEM_NAMED || !(there >> i & 1))
			return library_fails(f,
				"ports: a %s has no %s; set ports to %u or less",
				d->title,
				i < MODEM_NAMED ? name_of(port_names, (int)i) : "more",
				i);
	return true;
}

static bool make(struct fauxtrack *f, const struct fauxtrack_options *o)
{
	const struct ports ports = library_ports(f);
	const struct modem_options options = {
		.seed = o->seed,
		.ports = f->ports,
		.speed = 1,
		.clock = o->clock ? o->clock : MODEM_CLOCK,
		.clock_given = o->clock != 0,
		.settles = f->instant,
		.faults = f->bug ? f->bug->own.rules : NULL,
		.n_faults = f->bug ? f->bug->own.faults.n : 0,
		.log = library_log_of(f),
	};
	void *mem = must(calloc(1, modem_size(f->profile, f->ports)));

	f->modem = modem_init(mem, f->profile, &ports, &options);
	if (f->modem)
		return true;
	free(mem);
	return library_fails(f, "%s",
		f->logged ? f->logged
			  : "the records cannot be used; log() says which and why");
}

static void boot(struct fauxtrack *f)
{
	unsigned port;

	f->unheard = true;
	f->powered = true;
	modem_power(f->modem, 0, true);
	f->now = modem_settle(f->modem, MODEM_BOOT);
	f->unheard = false;
	for (port = 0; port < f->ports; port++) {
		f->lines[port] = FAUXTRACK_DTR;
		modem_dtr(f->modem, port, f->now, true);
	}
}

bool library_birth(struct fauxtrack *f, const struct fauxtrack_options *o)
{
	struct fauxtrack_options whole = *o;

	if (!f->calls.load != !f->calls.store)
		return library_fails(f, "callbacks: load without store, or store without "
					"load; set both or "
					"neither");
	f->ports = o->ports ? o->ports : 1;
	f->instant = o->instant != 0;
	if (!take_profile(f, &whole) || !has_ports(f) || !make(f, &whole))
		return false;
	if (!o->cold && (!f->bug || f->bug->own.warm))
		boot(f);
	return true;
}
