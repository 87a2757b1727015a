/* The profiles on which a scenario is played, each in turn. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "host/play/scenario_int.h"
#include "host/read/library.h"

static bool is_path(const char *name)
{
	const char *dot = strrchr(name, '.');

	return strchr(name, '/') || (dot && !strcmp(dot, ".yaml"));
}

const char *scenario_profile_file(struct scenario *s, const char *name)
{
	const char *slash = strrchr(s->path, '/');
	char path[PATH_MAX];
	int n;

	if (!is_path(name) || *name == '/' || !slash)
		return doc_pool_text(s->pool, name, strlen(name));
	n = snprintf(
		path, sizeof(path), "%.*s/%s", (int)(slash - s->path), s->path, name);
	return doc_pool_text(s->pool, path, strnlen(path, (size_t)n));
}

/* The name of the combination, also if its path is given. */
static void take_name(char out[PROFILE_NAME], const char *name)
{
	const char *slash = strrchr(name, '/'), *dot;

	if (is_path(name) && slash)
		name = slash + 1;
	dot = is_path(name) ? strrchr(name, '.') : NULL;
	snprintf(out, PROFILE_NAME, "%.*s",
		(int)(dot ? (size_t)(dot - name) : strlen(name)), name);
}

/* Adds a combination to those that are played; false, with an error, when there is no
 * room. */
static bool add_profile(
	const struct scenario_reader *r, const char *name, struct doc_place at)
{
	struct scenario *s = r->s;

	if (s->n_profiles == SCENARIO_PROFILES) {
		doc_error(r->errors, at,
			"with this one there are more than %d profiles; leave some out",
			SCENARIO_PROFILES);
		return false;
	}
	take_name(s->profiles[s->n_profiles], name);
	s->profile_file[s->n_profiles] = scenario_profile_file(s, name);
	s->profile_at[s->n_profiles++] = at;
	return true;
}

/* A name in the list: of a combination, or of a set of them. */
static bool take_named(
	const struct scenario_reader *r, const char *name, struct doc_place at)
{
	struct profile_set set;
	size_t i;

	if (!r->library || !library_set(r->library, name, &set, r->errors))
		return add_profile(r, name, at);
	for (i = 0; i < set.n; i++)
		if (!add_profile(r, set.name[i], at))
			return false;
	return true;
}

void scenario_take_profiles(const struct scenario_reader *r, const struct doc *d)
{
	const struct doc *one = doc_get(d, "profile");
	const struct doc *list = doc_get(d, "profiles");
	size_t i;

	/* the list itself is bound already, to check it */
	r->s->n_profiles = 0;
	if (!one == !list)
		doc_error(r->errors, d->at,
			"a scenario has either profile: or profiles:; write one of them");
	else if (one)
		add_profile(r, one->text, one->at);
	else if (list->kind == DOC_SCALAR)
		take_named(r, list->text, list->at);
	for (i = 0; !one && list && list->kind == DOC_LIST && i < list->n; i++)
		if (!take_named(r, list->items[i].value->text, list->items[i].value->at))
			return;
	if (!one && list && !r->s->n_profiles)
		doc_error(r->errors, list->at,
			"there are no profiles; name one, or a set of them");
}
