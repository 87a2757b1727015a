#include "conf/state_conf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/suggest.h"
#include "describe/describe.h"
#include "state/profile.h"

static bool no_state(const char *path, struct doc_place at, struct doc_errors *e)
{
	struct state_field f;
	struct suggest near;
	char all[200][STATE_PATH], mem[120];
	size_t i;

	suggest_init(&near, path);
	for (i = 0; i < 200 && modem_state_field(i, &f); i++) {
		if (!f.each && !f.list)
			suggest_offer(&near, state_field_path(&f, all[i]));
	}
	doc_error(e, at, "\"%s\" is not a state of a modem%s", path,
		suggest_text(
			&near, mem, sizeof(mem), "; fauxtrack list states shows all"));
	return false;
}

static bool is_number(const char *path, char *value, const struct state_field *f,
	struct doc_place at, struct doc_errors *e)
{
	char *end;
	long long n = strtoll(value, &end, 10);

	if (*value >= '0' && *value <= '9' && !*end && n <= f->most && n < INT64_MAX) {
		sprintf(value, "%lld", n); /* never longer than the original text */
		return true;
	}
	if (f->most < INT64_MAX)
		doc_error(e, at, "%s is never \"%s\"; it is a number from 0 to %lld",
			path, value, f->most);
	else
		doc_error(e, at, "%s is never \"%s\"; it is a whole number, 0 or more",
			path, value);
	return false;
}

bool state_possible(const char *path, char *value, const struct profile *profile,
	struct doc_place at, struct doc_errors *e)
{
	char mem[120], list[400];
	struct state_field f;
	struct suggest near;
	const char *one;
	size_t i, len = 0;

	if (!modem_state_known(path, &f))
		return no_state(path, at, e);
	if (f.type == STATE_NUMBER)
		return is_number(path, value, &f, at, e);
	/* a choice is one of the firmwares; the list would read them all */
	if (f.choice && profile && profile_firmware(profile, value))
		return true;
	suggest_init(&near, value);
	for (i = 0; (one = state_field_value(&f, profile, i)); i++) {
		if (!strcmp(one, value))
			return true;
		suggest_offer(&near, one);
		if (len < sizeof(list))
			len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
				i ? ", " : "", one);
	}
	if (!i)
		return true;
	doc_error(e, at, "%s is never \"%s\"%s%s one of: %s", path, value,
		suggest_text(&near, mem, sizeof(mem), ";"),
		near.best ? " It is" : " it is", list);
	return false;
}
