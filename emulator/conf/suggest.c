/* Damerau-Levenshtein distance (optimal string alignment) and the nearest name by it. */
#include "conf/suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

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

	/* one more than the largest accepted distance: an offered name must beat it */
	*s = (struct suggest){ wanted, NULL, (limit > 3 ? 3 : limit) + 1, { NULL }, 0 };
}

/* Fewer than three letters would match too many names. */
static bool begins(const char *wanted, const char *name)
{
	size_t len = strlen(wanted);

	return len >= 3 && strlen(name) > len && !strncasecmp(wanted, name, len);
}

void suggest_offer(struct suggest *s, const char *name)
{
	size_t d = suggest_distance(s->wanted, name, s->distance);

	if (begins(s->wanted, name)) {
		if (s->n_begins < SUGGEST_BEGINS)
			s->begins[s->n_begins] = name;
		s->n_begins++;
	}
	/* a short name that shares no letter with the wanted one is not near */
	if (d >= s->distance || d >= strlen(name))
		return;
	s->distance = d;
	s->best = name;
}

/* Lists as many of them as mem has room for. */
static void list_begins(const struct suggest *s, char *mem, size_t size)
{
	size_t shown = s->n_begins < SUGGEST_BEGINS ? s->n_begins : SUGGEST_BEGINS;
	size_t len = 0, i, room = strlen(", \"\" or one of 999 more?") + 1;

	len += (size_t)snprintf(mem, size, "; did you mean ");
	for (i = 0; i < shown && len + strlen(s->begins[i]) + room < size; i++)
		len += (size_t)snprintf(mem + len, size - len, "%s\"%s\"",
			i == 0                 ? ""
			: i == s->n_begins - 1 ? " or "
					       : ", ",
			s->begins[i]);
	if (i < s->n_begins)
		snprintf(mem + len, size - len, " or one of %zu more?", s->n_begins - i);
	else
		snprintf(mem + len, size - len, "?");
}

const char *suggest_text(
	const struct suggest *s, char *mem, size_t size, const char *otherwise)
{
	/* a name that begins with the wanted text beats one that differs by two letters
	 * or more */
	if (s->n_begins && (!s->best || s->n_begins > 1 || s->distance > 1) &&
		strlen(s->begins[0]) + 60 < size)
		list_begins(s, mem, size);
	else if (s->best)
		snprintf(mem, size, "; did you mean \"%s\"?", s->best);
	else
		return otherwise;
	return mem;
}
