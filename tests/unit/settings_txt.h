/* Reads tests/lint/settings.txt: the factory value of each setting, what saves it, and
 * the source. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at/at.h"
#include "unit.h"

#define SETTINGS 160

#define EXCEPTIONS 4

struct exception {
	char where[16], factory[48]; /* a family or a firmware, and its factory value */
};

struct kept {
	char name[12];
	char factory[48];
	unsigned keep; /* enum at_store */
	struct exception except[EXCEPTIONS];
	size_t exceptions;
	char source[120];
	int line;
};

static struct kept kept[SETTINGS];
static size_t settings;

static void bad_line(int line, const char *why)
{
	print_error("settings.txt:%d: %s\n", line, why);
	fail();
}

static unsigned read_ways(char *text, int line)
{
	unsigned keep = AT_RAM;
	char *way, *rest;

	for (way = strtok_r(text, "+", &rest); way; way = strtok_r(NULL, "+", &rest)) {
		if (!strcmp(way, "W"))
			keep |= AT_W;
		else if (!strcmp(way, "EE"))
			keep |= AT_EE;
		else if (!strcmp(way, "SAS"))
			keep |= AT_SAS;
		else if (strcmp(way, "-") != 0)
			bad_line(line, "the setting is saved by W, EE, SAS, W+SAS, or -");
	}
	return keep;
}

static void read_exception(struct kept *k, char *word)
{
	struct exception *e = &k->except[k->exceptions++];
	char *equals = strchr(word, '=');

	if (!equals || k->exceptions == EXCEPTIONS)
		bad_line(k->line, "a different value is FIRMWARE=VALUE or FAMILY=VALUE");
	*equals = '\0';
	snprintf(e->where, sizeof(e->where), "%s", word);
	snprintf(e->factory, sizeof(e->factory), "%s", equals + 1);
}

static void read_line(char *text, int line)
{
	struct kept *k = &kept[settings++];
	char *source = strchr(text, '#'), *name, *factory, *ways, *word;

	assert_true(settings < SETTINGS);
	if (!source || source[1] != ' ')
		bad_line(line, "the source is missing; write it after #");
	*source = '\0';
	name = strtok(text, " ");
	factory = strtok(NULL, " ");
	ways = strtok(NULL, " ");
	if (!ways)
		bad_line(line, "write NAME FACTORY KEPT # SOURCE");
	*k = (struct kept){ .line = line };
	snprintf(k->name, sizeof(k->name), "%s", name);
	snprintf(k->factory, sizeof(k->factory), "%s", factory);
	snprintf(k->source, sizeof(k->source), "%.*s", (int)strcspn(source + 2, "\n"),
		source + 2);
	k->keep = read_ways(ways, line);
	while ((word = strtok(NULL, " "))) {
		if (!strcmp(word, "F"))
			k->keep |= AT_F;
		else
			read_exception(k, word);
	}
}

static int read_settings(void **state)
{
	FILE *f = fopen(getenv("SETTINGS_TXT"), "r");
	char text[300];
	int line = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(text, sizeof(text), f)) {
		line++;
		if (text[0] != '#')
			read_line(text, line);
	}
	fclose(f);
	return 0;
}
