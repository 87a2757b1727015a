/* "Did you mean ...?": finds the nearest valid name, for keys of a profile, names of
 * profiles, options, commands. */
#pragma once

#include <stddef.h>

#define SUGGEST_LONGEST 64 /* names longer than this are never near */

/* The number of letters to insert, delete, change or swap with their neighbour to turn
 * one name into the other; `limit` + 1 when it is more than that. Case does not count. */
size_t suggest_distance(const char *a, const char *b, size_t limit);

#define SUGGEST_BEGINS 3 /* most names with the same beginning that are offered */

struct suggest {
	const char *wanted, *best;
	size_t distance;
	const char *begins[SUGGEST_BEGINS]; /* names that begin with what was wanted */
	size_t n_begins; /* their number, including those that begins[] has no room for */
};

/* The texts must live as long as the struct. */
void suggest_init(struct suggest *s, const char *wanted);
void suggest_offer(struct suggest *s, const char *name);

/* "; did you mean \"X\"?" in mem, or `otherwise` if nothing offered was near. Names that
 * begin with the wanted text are preferred to one that differs by some letters: "; did
 * you mean \"A\", \"B\" or one of 4 more?" */
const char *suggest_text(
	const struct suggest *s, char *mem, size_t size, const char *otherwise);
