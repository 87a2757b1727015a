/* A log as a field bug: what the host said as a conversation to play, and rules for what
 * our modem would have answered otherwise. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "host/field/guess.h"
#include "host/field/log.h"

struct library;

struct import_options {
	const char *source;  /* the name of the log, for the file */
	const char *path;    /* the log itself, for what its pieces do not have */
	const char *name;    /* of the bug; NULL: by the source */
	const char *profile; /* NULL: guessed */
	bool keep;           /* numbers and texts stay as they are */
	/* Is called as the log is played, several times from the start; may be NULL. */
	void (*progress)(void *ctx, size_t turn, size_t turns);
	void *progress_ctx;
};

struct import_result {
	char *yaml; /* the bug file */
	size_t len;
	struct guess guess;
	size_t exchanges, rules, unsaid; /* unsaid: what the rules cannot say */
	unsigned masked;                 /* different numbers, names and so on */
};

/* Writes the bug. False: why has "what; remedy". The caller frees the result with
 * import_clear(). */
bool import_log(struct library *l, const struct field_log *log,
	const struct import_options *o, struct import_result *result, char *why,
	size_t size);
void import_clear(struct import_result *r);
