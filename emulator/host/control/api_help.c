/* The members of an answer, for people: from the schemas of the OpenAPI description. */
#include "host/control/api_help.h"

#include <stdio.h>
#include <string.h>

#include "host/cli.h"
#include "host/control/api_int.h"

/* "state.file": of the member `file` of the schema `state`. */
static const json_t *members_of(const json_t *all, const char *path)
{
	const json_t *j = NULL;
	char name[40];
	size_t len;

	for (; *path; path += len + (path[len] == '.')) {
		len = strcspn(path, ".");
		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		j = json_object_get(j ? j : all, name);
		j = json_object_get(j, "properties");
	}
	return j;
}

/* What a schema says of itself, or the one that it refers to. */
static const char *help_of(const json_t *all, const json_t *j)
{
	const char *text = json_string_value(json_object_get(j, "description"));
	const char *ref = json_string_value(json_object_get(j, "$ref"));

	if (!text && ref)
		text = json_string_value(json_object_get(
			json_object_get(all, strrchr(ref, '/') + 1), "description"));
	return text ? text : "";
}

void api_help_members(struct page *p, const char *path)
{
	json_t *all = json_object(), *j;
	const char *name;

	api_schemas(all, NULL);
	cli_members_begin(p);
	json_object_foreach((json_t *)members_of(all, path), name, j)
	{
		page_row(p, name, help_of(all, j));
	}
	json_decref(all);
}
