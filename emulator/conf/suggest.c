/* Damerau-Levenshtein distance (optimal string alignment) and the nearest name by it. */
#include "conf/suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static int same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

size_t suggest_distance(const char *a, const char *b, size_t limit)
{
	size_t row[3][SUGGEST_LONGEST + 1];
	size_t *old = row[0], *last = row[1], *now = row[2], *spare;
	size_t na = strlen(a), nb = strlen(b), i, j;

	if (na > SUGGEST_LONGEST || nb > SUGGEST_LONGEST)
		return limit + 1;
	memset(row, 0, sizeof(row));
	for (j = 0; j <= nb; j++)
		last[j] = j;
	for (i = 1; i <= na; i++) {
		now[0] = i;
		for (j = 1; j <= nb; j++) {
			now[j] = last[j - 1] + !same(a[i - 1], b[j - 1]);
			now[j] = least(now[j], least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
				same(a[i - 2], b[j - 1]))
				now[j] = least(now[j], old[j - 2] + 1);
		}
		spare = old;
		old = last;
		last = now;
		now = spare;
	}
	return least(last[nb], limit + 1);
}

void suggest_init(struct suggest *s, const char *wanted)
{
	size_t limit = strlen(wanted) / 3 + 1;

	/* one more than what is near enough: what is offered must beat it */
	*s = (struct suggest){ wanted, NULL, (limit > 3 ? 3 : limit) + 1 };
}

void suggest_offer(struct suggest *s, const char *name)
{
	size_t d = suggest_distance(s->wanted, name, s->distance);

	/* a name that has nothing of the wanted one is not near, however short */
	if (d >= s->distance || d >= strlen(name))
		return;
	s->distance = d;
	s->best = name;
}

const char *suggest_text(
	const struct suggest *s, char *mem, size_t size, const char *otherwise)
{
	if (!s->best)
		return otherwise;
	snprintf(mem, size, "; did you mean \"%s\"?", s->best);
	return mem;
}
