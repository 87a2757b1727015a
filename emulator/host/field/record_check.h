/* record --check: the shadow in the loop of a recording, what it prints, its report. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "conf/doc.h"

struct loop;
struct record_check;

#define RECORD_SETS 32

struct record_check_options {
	const char *profile; /* a name or a path */
	struct kv set[RECORD_SETS];
	size_t sets;
	bool quiet;       /* no line for each difference, only the summary */
	bool urcs;        /* unsolicited lines of both, too */
	const char *json; /* file of the report; NULL: none */
};

/* Loads the profile and boots our modem. NULL: standard error says why. */
struct record_check *record_check_new(
	struct loop *l, const struct record_check_options *o);
void record_check_free(struct record_check *c); /* NULL is allowed */

/* What has passed: '>' from the host, '<' from the device. Works at once; each difference
 * is a line on standard error. */
void record_check_passed(struct record_check *c, char side, const void *buf, size_t len);

/* The recording ends: prints the summary, writes the report. False: it could not be
 * written. */
bool record_check_end(struct record_check *c);
