/* What a host did wrong in one run, as the modems have noticed (NOTICE_CLIENT), and what
 * it asked for again and again. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "state/notice.h"

#define REPORT_ITEMS 128
#define REPORT_TEXT  160

struct report_item {
	unsigned modem; /* from 1 */
	int code;       /* enum client_fault; 0: a command */
	char text[REPORT_TEXT];
	usec_t first, last; /* virtual */
	unsigned times;
};

struct report {
	struct report_item item[REPORT_ITEMS], command[REPORT_ITEMS];
	size_t n, commands;
	unsigned more; /* that found no place */
};

/* Empties it: a report is of one run, since virtual time begins anew with each. */
void report_clear(struct report *r);

/* Something that modem has told. */
void report_notice(struct report *r, unsigned modem, const struct notice *n);

/* Whether there is a finding that `known` (NULL: nothing is known) does not have. */
bool report_any(const struct report *r, const struct report *known);

/* Findings that `known` does not have, a line each, with `who` and ": " before it; one
 * line when there is nothing. `named`: a finding names its modem. */
void report_print(const struct report *r, const struct report *known, const char *who,
	bool named, FILE *out);

/* The same as [ { modem, code, text, times, first, last } ], times in microseconds of
 * virtual time; the caller owns it. */
json_t *report_json(const struct report *r, const struct report *known);
