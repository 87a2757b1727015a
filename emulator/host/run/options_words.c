/* Options whose value is a list of words: --port, --log; and those of the panel. */
#include <stdio.h>
#include <string.h>

#include "host/run/options_int.h"
#include "modem.h"

/* All the names, as "a b c". */
static const char *all_names(const struct name *n, char *mem, size_t size)
{
	size_t len = 0;

	for (mem[0] = '\0'; n->name && len < size; n++)
		len += (size_t)snprintf(
			mem + len, size - len, "%s%s", len ? " " : "", n->name);
	return mem;
}

/* uart2,usb */
bool options_take_port(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	const struct name *n;
	char *save = NULL, *word, names[80];

	snprintf(why, size, "the port is missing; give uart2, usb or both");
	if (!*arg)
		return false;
	for (word = strtok_r(arg, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		n = name_find(port_names, word);
		if (!n) {
			snprintf(why, size, "\"%s\" is not a port; ports are %s", word,
				all_names(port_names, names, sizeof(names)));
			return false;
		}
		o->ports |= 1u << n->value;
	}
	return true;
}

bool options_take_trace_clock(void *options, char *arg, char *why, size_t size)
{
	(void)arg, (void)why, (void)size;
	((struct options *)options)->trace_clock = true;
	return true;
}

/* at:debug,net:info, or debug for all; json for their form. */
bool options_take_log(void *ctx, char *arg, char *why, size_t size)
{
	char *save = NULL, *word = strtok_r(arg, ",", &save), *colon;
	char parts[120], levels[80];
	const struct name *cat, *level;
	struct options *o = ctx;
	int i;

	snprintf(why, size, "the level is missing; give LEVEL, PART:LEVEL or json");
	if (!word)
		return false;
	for (; word; word = strtok_r(NULL, ",", &save)) {
		if (!strcmp(word, "json")) {
			o->log_json = true;
			continue;
		}
		colon = strchr(word, ':');
		if (colon)
			*colon = '\0';
		cat = colon ? name_find(log_cat_names, word) : NULL;
		level = name_find(log_level_names, colon ? colon + 1 : word);
		if (!level || (colon && !cat)) {
			snprintf(why, size,
				"\"%s\" is not a %s; give LEVEL, PART:LEVEL or json; "
				"parts are "
				"%s; levels are %s",
				level || !colon ? word : colon + 1,
				level ? "part" : "level",
				all_names(log_cat_names, parts, sizeof(parts)),
				all_names(log_level_names, levels, sizeof(levels)));
			return false;
		}
		for (i = 0; i < LOG_CATS; i++)
			if (!cat || cat->value == i)
				o->level[i] = (enum log_level)level->value;
	}
	return true;
}

bool options_take_panel(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg;
	(void)why;
	(void)size;
	((struct options *)ctx)->panel = true;
	return true;
}

bool options_take_panel_port(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	unsigned long long n;

	o->panel = true;
	if (cli_number(arg, 65535, &n)) {
		o->panel_port = (unsigned)n;
		return true;
	}
	snprintf(why, size,
		"\"%s\" is not a port; give 1 to 65535, or 0 for any free one", arg);
	return false;
}
