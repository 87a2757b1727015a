/* Between compare*.c: the state of a comparison. */
#pragma once

#include "host/field/compare.h"
#include "host/field/differ.h"
#include "state/profile.h"

struct todo {
	bool differs;  /* before any patch */
	bool now;      /* with the present patch */
	bool lazy;     /* explained by others, if at all: waits until they have settled */
	unsigned rung; /* of compare_rung() */
	int quirk;
	char why[160]; /* it is left */
};

struct compare {
	struct compare_options o;
	struct library *library;
	struct profile *profile; /* unchanged, but for its quirks */
	struct firmware *firmware;
	struct questions q;
	struct exchange **real, **ours; /* by question; ours without a patch */
	size_t asked;                   /* of the real one, so far */
	struct exchange **patched;      /* ours with the present patch */
	struct todo *todo;
	struct patch patch;
	char title[200];
	/* numbers of the unit, which no patch may have */
	char secret[16][40];
	size_t secrets;
};

/* Asks the real modem all questions, and adds those that its answers lead to. False, with
 * "what; remedy" in why: it does not answer, has gone, or the user has had enough. */
bool compare_ask_all(struct compare *c, char *why, size_t size);

/* Adds the entries that may explain question i, by rung: 0 is the likeliest. False: there
 * is no such rung; why is set. An entry may be missing although it is true: then the rung
 * relies on others. */
bool compare_rung(struct compare *c, size_t i);

/* Whether other questions explain it, if at all. */
bool compare_is_lazy(const struct compare *c, const struct question *q);

/* Numbers of the unit in the answers of the real modem; and whether a text has one. */
void compare_learn_secrets(struct compare *c);
bool compare_has_secret(const struct compare *c, const char *text);
