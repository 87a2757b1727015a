/* Asks a real modem and ours the same, and explains the differences: a patch of the
 * profile with which ours answers as the real one has. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "host/field/ask.h"
#include "host/field/patch.h"
#include "host/field/questions.h"

struct library;

struct compare_options {
	struct asker *real;
	struct library *library; /* with tables_hook */
	const char *profile;     /* a name; its folder is in the library */
	uint64_t seed;
	int64_t clock;
	bool more; /* settings are tried and put back; latencies are compared */
	/* A question was asked; may be NULL. */
	void (*asked)(void *ctx, const struct question *q, size_t i);
	/* Once, when questions may follow that put settings back although the real
	 * modem's line has said that the user has had enough; may be NULL. */
	void (*restoring)(void *ctx);
	void *ctx;
};

/* What became of a question whose answers differed. */
struct compare_finding {
	const struct question *question;
	const struct exchange *real, *ours;
	bool left;     /* it still differs with the patch ... */
	char why[160]; /* ... because */
	int quirk;     /* it is this quirk (enum quirk); -1: none */
};

struct compare;

/* Asks, and finds the patch. NULL, with "what; remedy" in why: the profile has errors, or
 * the modem does not answer. */
struct compare *compare_new(const struct compare_options *o, char *why, size_t size);
void compare_free(struct compare *c); /* NULL is allowed */

/* Finding i, in the order of the questions; false after the last. */
bool compare_finding(const struct compare *c, size_t i, struct compare_finding *out);

size_t compare_asked(const struct compare *c);
const struct patch *compare_patch(const struct compare *c);

/* Prints the patch as a file. */
void compare_print(struct compare *c, FILE *out);
