#include "conf/action_conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/schema.h"
#include "conf/suggest.h"

bool action_bind(const struct action_row *row, const struct doc *d, struct doc_place at,
	struct action *out, struct doc_errors *e)
{
	struct doc none = { .kind = DOC_MAP, .at = at };
	void *args = calloc(1, row->size);
	char text[300];
	const char *why;

	if (!args) {
		fputs("fauxtrack: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	*out = (struct action){ row, args };
	if (!schema_bind(row->args, d ? d : &none, args, false, e)) {
		action_clear(out);
		return false;
	}
	why = row->check ? row->check(args) : NULL;
	if (!why && row->sound && !row->sound(args, text, sizeof(text)))
		why = text;
	if (!why)
		return true;
	doc_error(e, at, "%s", why);
	action_clear(out);
	return false;
}

void action_clear(struct action *a)
{
	free((void *)a->args);
	*a = (struct action){ NULL, NULL };
}

const struct action_row *action_named(
	const char *name, struct doc_place at, struct doc_errors *e)
{
	const struct action_row *row = action_find(name);
	struct suggest near;
	char text[160];
	size_t i;

	if (row)
		return row;
	suggest_init(&near, name);
	for (i = 0; (row = action_at(i)); i++)
		suggest_offer(&near, row->name);
	doc_error(e, at, "there is no action \"%s\"%s", name,
		suggest_text(
			&near, text, sizeof(text), "; fauxtrack list actions shows all"));
	return NULL;
}
