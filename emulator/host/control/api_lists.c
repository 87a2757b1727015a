/* Lists: actions, applications, AT commands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/action.h"
#include "conf/must.h"
#include "describe/commands.h"
#include "host/control/api_int.h"
#include "state/application.h"

/* Prints the schema as for editors, and extracts its definition. */
json_t *api_schema(const struct schema *s)
{
	const struct schema *const one[] = { s };
	json_t *all, *definition;
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	must(f);
	schema_print_json(NULL, one, 1, f);
	fclose(f);
	all = json_loadb(text, len, 0, NULL);
	definition = json_object_get(json_object_get(all, "definitions"), s->name);
	json_incref(definition);
	json_decref(all);
	free(text);
	return definition;
}

void api_actions(struct api_call *c)
{
	const struct action_row *row;
	json_t *list = json_array();
	size_t i;

	for (i = 0; (row = action_at(i)); i++)
		json_array_append_new(list,
			json_pack("{s:s,s:s,s:o}", "name", row->name, "help",
				row->args->help, "arguments", api_schema(row->args)));
	api_answer(c, 200, json_pack("{s:o}", "actions", list));
}

static json_t *set_names(unsigned set, const struct name *row)
{
	json_t *list = json_array();

	for (; row->name; row++)
		if (set & 1u << row->value)
			json_array_append_new(list, json_string(row->name));
	return list;
}

void api_applications(struct api_call *c)
{
	const struct application *a;
	json_t *list = json_array();
	size_t i;

	for (i = 0; (a = profile_application_nth(c->api->profile, i)); i++)
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:s,s:I,s:o,s:s}", "name", a->name,
				      "title", a->title, "library", a->library.text,
				      "size", (json_int_t)a->size, "provides",
				      set_names(a->provides, provides_names),
				      "wip_version", a->wip));
	api_answer(c, 200, json_pack("{s:o}", "applications", list));
}

static json_t *row_json(const struct command_row *row)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s}", "name", row->name, "forms", row->forms,
		"stored", row->stored, "status", row->status, "source", row->source);
}

void api_commands(struct api_call *c)
{
	const struct profile *p = c->api->profile;
	const char *name = http_query(c->http, "firmware");
	const struct firmware *f = name ? profile_firmware(p, name)
					: profile_at(p, p->installed);
	const struct application *a = profile_application(p, p->application);
	const char *flaw = name ? profile_flaw(p, name) : NULL;
	json_t *list;
	struct command_row row;
	char text[600];
	size_t i;

	if (flaw) {
		snprintf(text, sizeof(text), "the file of firmware \"%.40s\": %s", name,
			flaw);
		api_refuse_text(c, 404, "firmware", text);
		return;
	}
	if (!f || f->base) {
		snprintf(text, sizeof(text),
			"this device has no firmware \"%.40s\"; fauxtrack list firmware "
			"shows all",
			name);
		api_refuse_text(c, 404, "firmware", text);
		return;
	}
	list = json_array();
	for (i = 0; commands_row(f, i, &row); i++)
		json_array_append_new(list, row_json(&row));
	if (!name && a && a->at)
		for (i = 0; commands_own_row(a->at, i, &row); i++)
			json_array_append_new(list, row_json(&row));
	api_answer(c, 200, json_pack("{s:s,s:o}", "firmware", f->name, "commands", list));
}
