/* --log: what modems log, as lines or as JSON, on standard error. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conf/must.h"
#include "host/run/run_int.h"
#include "host/run/stderr_line.h"
#include "wire.h"

/* The line as an object, with the time of this machine too. */
static void log_json(const struct unit *u, double at, enum log_cat cat,
	enum log_level level, const char *text)
{
	struct timespec now;
	json_t *o;
	char *line;

	clock_gettime(CLOCK_REALTIME, &now);
	o = json_pack("{s:f,s:f,s:I,s:s,s:s,s:o}", "time",
		(double)now.tv_sec + (double)now.tv_nsec / 1e9, "at", at, "modem",
		(json_int_t)u->number, "part", name_of(log_cat_names, (int)cat), "level",
		name_of(log_level_names, (int)level), "text",
		json_stringn_nocheck(text, strlen(text)));
	line = o ? json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(16)) : NULL;
	json_decref(o);
	if (!line)
		return;
	line = must(realloc(line, strlen(line) + 2));
	strcat(line, "\n");
	stderr_line(line, strlen(line));
	free(line);
}

void run_log(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	const struct unit *u = ctx;
	double at = u->wire ? (double)wire_now(u->wire) / 1e6 : 0;

	char line[700], unit[24] = "";
	int n;

	if (u->run->o.log_json) {
		log_json(u, at, cat, level, text);
		return;
	}
	if (u->run->count > 1)
		snprintf(unit, sizeof(unit), "modem %u ", u->number);
	n = snprintf(line, sizeof(line), "%s%.3f %s %s: %s\n", unit, at,
		name_of(log_cat_names, (int)cat), name_of(log_level_names, (int)level),
		text);
	stderr_line(line, n < (int)sizeof(line) ? (size_t)n : sizeof(line) - 1);
}
