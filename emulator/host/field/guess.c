#include "host/field/guess.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "faults/fault_check.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"

#define SURE          100
#define SAME          60 /* the name of the revision, with another date or size */
#define INVENTED      40 /* a line of ATI9 */
#define VERSION       25 /* the first characters of the revision, and more for each */
#define MODULE        20
#define IDENTITY_NAME 16
#define COMMANDS      10 /* at most, for commands that were answered */

struct conversation {
	const struct exchange *const *x;
	size_t n;
};

struct score {
	int points;
	char why[300];
	const char *sure;
};

/* The place of a text in the answers; 0: nowhere. */
static unsigned long said(const struct conversation *c, const char *text, bool *found)
{
	size_t i, k;

	*found = false;
	for (i = 0; i < c->n && *text; i++)
		for (k = 0; k < c->x[i]->n; k++)
			if (strstr(c->x[i]->line[k].text, text)) {
				*found = true;
				return c->x[i]->where;
			}
	return 0;
}

static void take(struct score *s, int points, const char *sure, const char *what,
	const char *text, unsigned long where)
{
	if (points <= s->points)
		return;
	s->points = points;
	s->sure = sure;
	snprintf(s->why, sizeof(s->why), "%s \"%.200s\" is the answer in line %lu", what,
		text, where);
}

static void by_revision(
	const struct conversation *c, const struct fact *f, struct score *s)
{
	char name[PROFILE_TEXT];
	unsigned long where;
	bool found;

	where = said(c, f->text, &found);
	if (found) {
		take(s, SURE, "sure", "its revision", f->text, where);
		return;
	}
	snprintf(name, sizeof(name), "%s", f->text);
	name[strcspn(name, " ")] = '\0';
	where = said(c, name, &found);
	if (found && strlen(name) > 4)
		take(s, SAME, "likely", "the name of its revision", name, where);
}

static size_t common(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

/* Another revision of the same version: "641b09gg..." for 641_09gg. */
static void by_version(
	const struct conversation *c, const struct fact *f, struct score *s)
{
	size_t i, k, n, least = f->text[0] == 'R' ? 4 : 3;
	char name[PROFILE_TEXT];

	for (i = 0; i < c->n; i++)
		for (k = 0; k < c->x[i]->n; k++) {
			n = common(c->x[i]->line[k].text, f->text);
			if (n < least)
				continue;
			snprintf(name, sizeof(name), "%.*s", (int)n, f->text);
			take(s, VERSION + (int)n, "likely", "the start of its revision",
				name, c->x[i]->where);
		}
}

static void by_inventory(
	const struct conversation *c, const struct firmware *f, struct score *s)
{
	unsigned long where;
	bool found;
	size_t i;

	for (i = 0; i < f->inventories; i++) {
		if (strlen(f->inventory[i].text) < 30)
			continue;
		where = said(c, f->inventory[i].text, &found);
		if (found)
			take(s, INVENTED, "likely", "a line of its ATI9",
				f->inventory[i].text, where);
	}
}

static bool answered(const struct exchange *x)
{
	return x->result && !strncmp(x->result, "OK", 2);
}

/* The name of a command with a plus, in capitals. */
static bool plus_name(const char *text, char name[IDENTITY_NAME])
{
	size_t n = 1;

	if (text[0] != '+')
		return false;
	for (; isalnum((unsigned char)text[n]); n++)
		if (n + 1 < IDENTITY_NAME)
			name[n] = (char)toupper((unsigned char)text[n]);
	name[0] = '+';
	name[n < IDENTITY_NAME ? n : IDENTITY_NAME - 1] = '\0';
	return n > 1;
}

/* How many of the commands that were answered, or refused, it has, or lacks. */
static int by_commands(const struct conversation *c, const struct firmware *f)
{
	char name[IDENTITY_NAME];
	struct fault_command of = { .name = name, .key = "" };
	struct fault_flaw flaw;
	bool misspelt;
	size_t i, right = 0, all = 0;

	for (i = 0; i < c->n; i++) {
		if (strncasecmp(c->x[i]->command, "AT", 2) != 0 || !c->x[i]->result)
			continue;
		if (!plus_name(c->x[i]->command + 2, name))
			continue;
		all++;
		right += fault_fits(&of, &f, 1, &misspelt, &flaw) == answered(c->x[i]);
	}
	return all ? (int)(COMMANDS * right / all) : 0;
}

static void rate(const struct conversation *c, const struct profile *p, struct score *s)
{
	const struct firmware *f = profile_at(p, p->installed);
	unsigned long where;
	bool found;

	*s = (struct score){ 0, "nothing in it names one", "not known" };
	by_revision(c, &f->revision, s);
	by_revision(c, &f->internal, s);
	by_version(c, &f->revision, s);
	by_inventory(c, f, s);
	where = said(c, f->module, &found);
	if (found && strlen(f->module) > 3)
		take(s, MODULE, "a guess", "its module", f->module, where);
	s->points += by_commands(c, f);
}

/* The plain combination before one with a PIN or without a SIM. */
static bool better(
	const struct score *a, const char *name, const struct score *b, const char *best)
{
	bool usual = !strcmp(name, LIBRARY_PROFILE);

	if (a->points != b->points)
		return a->points > b->points;
	return usual ||
	       (strcmp(best, LIBRARY_PROFILE) != 0 && strlen(name) < strlen(best));
}

void guess_profile(
	struct library *l, const struct exchange *const *x, size_t n, struct guess *out)
{
	const struct conversation c = { x, n };
	struct library_entry *entry;
	struct score best = { .points = -1 }, s;
	size_t count = library_list(l, PART_PROFILE, &entry), i;
	struct doc_errors e;
	struct profile *p;

	snprintf(out->profile, sizeof(out->profile), "%s", LIBRARY_PROFILE);
	for (i = 0; i < count; i++) {
		doc_errors_init(&e);
		p = profile_load(l, entry[i].name, NULL, 0, &e);
		if (p) {
			tables_build(p);
			rate(&c, p, &s);
			if (better(&s, entry[i].name, &best, out->profile)) {
				best = s;
				snprintf(out->profile, sizeof(out->profile), "%s",
					entry[i].name);
			}
			tables_free(p);
			profile_free(p);
		}
		doc_errors_clear(&e);
	}
	free(entry);
	snprintf(out->why, sizeof(out->why), "%s",
		best.points < 0 ? "no profile can be read" : best.why);
	out->sure = best.points < 0 ? "not known" : best.sure;
}
