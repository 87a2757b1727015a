/* The tables in profiles/README.md match the schema and the shipped profiles. With
 * ACCEPT=1 in the environment the test rewrites them. */
#include "readme.h"

#include "conf/profile_conf.h"
#include "host/read/library.h"

static void the_readme_has_the_tables_of_the_schema(void **state)
{
	char *tables = NULL;
	size_t len;
	FILE *f = open_memstream(&tables, &len);

	(void)state;
	profile_print_markdown(f);
	fclose(f);
	readme_check("PROFILES_README", "<!-- tables of the schema -->\n",
		"<!-- end of the tables -->\n", tables, len);
	free(tables);
}

static void print_combination(struct library *l, const char *name, FILE *f)
{
	struct doc_errors errors;
	const struct firmware *fw;
	struct profile *p;

	doc_errors_init(&errors);
	p = profile_load(l, name, NULL, 0, &errors);
	assert_non_null(p);
	fw = profile_at(p, p->installed);
	fprintf(f, "| `%s` | %s | %s | `%s` (%s) | %s (%s) |\n", name, p->device.title,
		fw->version, fw->revision.text,
		name_of(provenance_names, (int)fw->revision.provenance),
		fw->downloader.version.text,
		name_of(provenance_names, (int)fw->downloader.version.provenance));
	profile_free(p);
	doc_errors_clear(&errors);
}

static void the_readme_lists_every_combination(void **state)
{
	struct library *l = library_new(NULL);
	struct library_entry *list;
	char *table = NULL;
	size_t len, i, n = library_list(l, PART_PROFILE, &list);
	FILE *f = open_memstream(&table, &len);

	(void)state;
	fputs("| name | device | firmware | revision | downloader |\n"
	      "| --- | --- | --- | --- | --- |\n",
		f);
	for (i = 0; i < n; i++)
		print_combination(l, list[i].name, f);
	fclose(f);
	readme_check("PROFILES_README", "<!-- combinations -->\n",
		"<!-- end of the combinations -->\n", table, len);
	free(table);
	free(list);
	library_free(l);
}

static const struct CMUnitTest tests[] = {
	UNIT(the_readme_has_the_tables_of_the_schema),
	UNIT(the_readme_lists_every_combination),
};

UNIT_MAIN(tests)
