/* Tables in a README that are generated from the program. With ACCEPT=1 in the
 * environment they are rewritten. */
#pragma once

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *readme_all(const char *path)
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

static void readme_write(const char *path, const char *text, const char *from,
	const char *to, const char *tables)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fprintf(f, "%.*s%s%s", (int)(from - text), text, tables, to);
	fclose(f);
}

/* Compares the text between two lines of the file that the environment names with the
 * tables, or rewrites it. */
static void readme_check(const char *env, const char *start, const char *stop,
	const char *tables, size_t len)
{
	const char *path = getenv(env);
	char *text, *from, *to;

	if (!path)
		fail_msg("%s is not set; run it with meson test", env);
	text = readme_all(path);
	from = strstr(text, start);
	to = strstr(text, stop);
	assert_true(from && to && from < to);
	from += strlen(start);
	if (getenv("ACCEPT"))
		readme_write(path, text, from, to, tables);
	else if (len != (size_t)(to - from) || memcmp(tables, from, len))
		fail_msg("the tables are out of date; run it with ACCEPT=1 and check the "
			 "diff");
	free(text);
}
