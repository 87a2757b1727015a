/* Options of exec alone: --wait, --sweep, --on-exit, and the files of its results. */
#include <stdio.h>
#include <string.h>

#include "host/run/options_int.h"

bool options_take_wait(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	if (o->n_waits == sizeof(o->waits) / sizeof(o->waits[0])) {
		snprintf(
			why, size, "more than %d conditions; wait for fewer", CONDITIONS);
		return false;
	}
	o->waits[o->n_waits++] = arg;
	return true;
}

bool options_take_sweep(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	const struct name *n = name_find(sweep_names, arg);

	if (!n) {
		snprintf(why, size, "\"%s\" is not a sweep; give urc or cut", arg);
		return false;
	}
	o->sweep = (enum sweep_kind)n->value;
	return true;
}

bool options_take_sweep_text(void *ctx, char *arg, char *why, size_t size)
{
	snprintf(why, size, "the line is too long; give at most %d characters",
		SWEEP_TEXT);
	((struct options *)ctx)->sweep_text = arg;
	return strlen(arg) <= SWEEP_TEXT;
}

bool options_take_at(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	unsigned long long n;

	if (!cli_number(arg, 1000000, &n) || !n) {
		snprintf(why, size, "\"%s\" is not a gap; give its number, from 1", arg);
		return false;
	}
	o->at = (unsigned)n;
	return true;
}

bool options_take_on_exit(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	if (!strcmp(arg, "report")) {
		o->on_exit = OPTIONS_REPORT;
	} else if (!strcmp(arg, "fail")) {
		o->on_exit = OPTIONS_FAIL;
	} else {
		snprintf(why, size,
			"\"%s\" is not an action on exit; give report or fail", arg);
		return false;
	}
	return true;
}

bool options_take_report_json(void *ctx, char *arg, char *why, size_t size)
{
	((struct options *)ctx)->report_json = arg;
	return cli_path(arg, why, size);
}

bool options_take_junit(void *ctx, char *arg, char *why, size_t size)
{
	((struct options *)ctx)->junit = arg;
	return cli_path(arg, why, size);
}

bool options_take_tap(void *ctx, char *arg, char *why, size_t size)
{
	((struct options *)ctx)->tap = arg;
	return cli_path(arg, why, size);
}
