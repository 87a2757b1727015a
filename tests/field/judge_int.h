/* Between judge*.c: a unit whose profile was changed at random. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/field/questions.h"
#include "state/profile.h"

#define CHANGES 3 /* most in one unit */

struct change {
	char set[80], value[80]; /* as --set has them */
	char key[40]; /* of an entry that says it, or the name of its command */
	char kind;    /* Fact, Setting, Test, Values, Row, Answer, Quirk, Unit */
	enum command_form form; /* of an answer */
	bool visible;           /* some answer differs */
};

/* The bytes of the answers, without the help of what is judged. */
struct spoken {
	char *answer;
	size_t len;
};

struct trial {
	const char *name;
	struct profile *ours, *real;
	struct change change[CHANGES];
	size_t n;
	struct questions q;
	struct spoken *said[2]; /* ours, real */
	bool *shadow;           /* by question: the shadow has found a difference */
	size_t asked;           /* of the shadow, so far */
	bool wrong;
};

/* Random numbers below n, from a seed. */
void judge_seed(uint64_t seed);
unsigned chance(unsigned n);

/* A random change of that firmware; false: the draw was none. */
bool change_draw(struct change *c, const struct firmware *f);

/* Why no question of the safe list shows the change; NULL: one should. */
const char *why_invisible(const struct trial *t, const struct change *c);

/* Whether the answer has that text. */
bool has(const struct spoken *s, const char *text);
