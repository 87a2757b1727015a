/* A host at a modem of rig.h: types a line and checks all of the answer. */
#pragma once

#include "unit.h"

#include <string.h>

#include "rig.h"

static void says(struct rig *r, const char *want)
{
	size_t len = strlen(want);

	if (r->len != len || memcmp(r->out, want, len) != 0)
		fail_msg("want \"%s\", got \"%.*s\"", want, (int)r->len, r->out);
	rig_clear(r);
}

/* Types a line, and checks all output within a second, echo included. */
static void ask(struct rig *r, const char *line, const char *want)
{
	rig_type(r, line, strlen(line));
	rig_pass(r, SEC(1));
	says(r, want);
}

/* Sends ATE0. */
static inline void quiet(struct rig *r)
{
	ask(r, "ATE0\r", "ATE0\r\r\nOK\r\n");
}

#define OK    "\r\nOK\r\n"
#define ERROR "\r\nERROR\r\n"
