/* The tables in profiles/README.md are those of the schema. With ACCEPT=1 in the
 * environment the test writes them. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/profile_conf.h"

static const char start[] = "<!-- tables of the schema -->\n";
static const char stop[] = "<!-- end of the tables -->\n";

static char *read_all(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text;
	size_t len;

	assert_non_null(f);
	text = calloc(1, 1 << 20);
	assert_non_null(text);
	len = fread(text, 1, (1 << 20) - 1, f);
	assert_true(len > 0);
	fclose(f);
	return text;
}

static void write_tables(const char *path, const char *text, const char *from,
	const char *to, const char *tables)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fprintf(f, "%.*s%s%s", (int)(from - text), text, tables, to);
	fclose(f);
}

static void the_readme_has_the_tables_of_the_schema(void **state)
{
	const char *path = getenv("PROFILES_README");
	char *text, *tables = NULL, *from, *to;
	size_t len;
	FILE *f;

	(void)state;
	if (!path)
		fail_msg("PROFILES_README is not set; run it with meson test");
	text = read_all(path);
	from = strstr(text, start);
	to = strstr(text, stop);
	assert_true(from && to && from < to);
	from += strlen(start);
	f = open_memstream(&tables, &len);
	profile_print_markdown(f);
	fclose(f);
	if (getenv("ACCEPT"))
		write_tables(path, text, from, to, tables);
	else if (len != (size_t)(to - from) || memcmp(tables, from, len))
		fail_msg("the tables are old; run it with ACCEPT=1 and look at the diff");
	free(text);
	free(tables);
}

static const struct CMUnitTest tests[] = {
	UNIT(the_readme_has_the_tables_of_the_schema),
};

UNIT_MAIN(tests)
