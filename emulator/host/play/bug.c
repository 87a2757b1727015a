#include "host/play/bug.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/must.h"
#include "conf/suggest.h"

static int by_name(const void *a, const void *b)
{
	const struct bug_entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static struct bug_entry *find(struct bug_entry *list, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return &list[i];
	return NULL;
}

/* Adds the bugs of a folder, except those that an earlier folder has. */
static void add_folder(const char *dir, struct bug_entry **list, size_t *n)
{
	char pattern[4096], name[96];
	const char *base;
	glob_t found;
	size_t i;

	snprintf(pattern, sizeof(pattern), "%s/bugs/*/*.yaml", dir);
	if (glob(pattern, 0, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc; i++) {
		base = strrchr(found.gl_pathv[i], '/') + 1;
		snprintf(name, sizeof(name), "%.*s", (int)(strlen(base) - 5), base);
		if (find(*list, *n, name))
			continue;
		*list = realloc(*list, (*n + 1) * sizeof(**list));
		must(*list);
		snprintf((*list)[*n].name, sizeof(name), "%s", name);
		snprintf((*list)[(*n)++].path, sizeof((*list)->path), "%s",
			found.gl_pathv[i]);
	}
	globfree(&found);
}

size_t bug_list(struct library *l, struct bug_entry **out)
{
	const char *dir;
	size_t n = 0, i;

	*out = NULL;
	for (i = 0; (dir = library_dir(l, i)); i++)
		add_folder(dir, out, &n);
	if (n)
		qsort(*out, n, sizeof(**out), by_name);
	return n;
}

const char *bug_path(struct library *l, const char *word, char out[4096])
{
	const struct bug_entry *b;
	struct bug_entry *list;
	size_t n;

	if (!access(word, F_OK) || strchr(word, '/'))
		return word;
	n = bug_list(l, &list);
	b = find(list, n, word);
	if (b)
		memcpy(out, b->path, sizeof(b->path));
	free(list);
	return b ? out : word;
}

static void unknown(
	const char *name, const struct bug_entry *list, size_t n, struct doc_errors *e)
{
	struct doc_place at = { "--bug", 0, 0 };
	struct suggest near;
	char text[160];
	size_t i;

	suggest_init(&near, name);
	for (i = 0; i < n; i++)
		suggest_offer(&near, list[i].name);
	doc_error(e, at, "there is no field bug \"%s\"%s", name,
		suggest_text(
			&near, text, sizeof(text), "; fauxtrack list bugs shows all"));
}

struct scenario *bug_load(
	struct library *l, const char *name_or_path, struct doc_errors *e)
{
	size_t len = strlen(name_or_path), n;
	const struct bug_entry *b;
	struct bug_entry *list;
	struct scenario *s = NULL;

	if (strchr(name_or_path, '/') ||
		(len > 5 && !strcmp(name_or_path + len - 5, ".yaml")))
		return scenario_load(l, name_or_path, e);
	n = bug_list(l, &list);
	b = find(list, n, name_or_path);
	if (b)
		s = scenario_load(l, b->path, e);
	else
		unknown(name_or_path, list, n, e);
	free(list);
	return s;
}
