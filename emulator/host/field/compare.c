/* First quirks are tried, one by one; then each difference climbs a ladder of explanations
 * (compare_rungs.c) until ours answers alike or the ladder ends. Each round loads the whole
 * patch as a file and asks everything, so nothing is claimed that was not seen. */
#include "host/field/compare_int.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/must.h"
#include "describe/commands.h"
#include "host/field/twin.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"

#define SLOW SEC(1) /* a difference of two times that matters */

#define FIRST SEC(3) /* for AT */
#define TRIED 8      /* values of one setting */

/* ---- asking ----------------------------------------------------------------------- */

static struct exchange **no_answers(const struct compare *c)
{
	return must(calloc(c->q.n ? c->q.n : 1, sizeof(struct exchange *)));
}

static void free_answers(struct exchange **x, size_t n)
{
	size_t i;

	for (i = 0; x && i < n; i++)
		exchange_free(x[i]);
	free(x);
}

static struct asker *ask_ours(const struct compare *c, const struct profile *p)
{
	const struct twin_options o = {
		.profile = p, .seed = c->o.seed, .clock = c->o.clock
	};

	return asker_new_twin(&o);
}

/* All answers of a profile of ours. */
static struct exchange **answers_of(const struct compare *c, const struct profile *p)
{
	struct exchange **x = no_answers(c);
	struct asker *a = ask_ours(c, p);
	size_t i;

	for (i = 0; i < c->q.n; i++)
		x[i] = asker_ask(a, c->q.item[i].ask, c->q.item[i].most);
	asker_free(a);
	return x;
}

static bool differs(const struct compare *c, size_t i, const struct exchange *ours)
{
	struct difference d;

	if (c->q.item[i].kind == QUESTION_RETURN)
		return false;
	return differ(c->real[i], ours, &d);
}

/* ---- quirks ----------------------------------------------------------------------- */

/* The command tables depend on quirks too. */
static void switch_quirk(struct compare *c, unsigned quirk)
{
	c->firmware->quirks ^= 1u << quirk;
	tables_free(c->profile);
	tables_build(c->profile);
}

/* How many of the differences are gone with this quirk switched over; -1: it makes new
 * ones. */
static int try_quirk(struct compare *c, unsigned quirk)
{
	struct exchange **x;
	int gone = 0;
	size_t i;
	bool d;

	switch_quirk(c, quirk);
	x = answers_of(c, c->profile);
	for (i = 0; i < c->q.n && gone >= 0; i++) {
		d = differs(c, i, x[i]);
		if (c->todo[i].now && !d)
			gone++;
		else if (!c->todo[i].now && d)
			gone = -1;
	}
	for (i = 0; i < c->q.n && gone > 0; i++)
		if (c->todo[i].now && !differs(c, i, x[i])) {
			c->todo[i].now = false;
			c->todo[i].quirk = (int)quirk;
		}
	free_answers(x, c->q.n);
	if (gone <= 0)
		switch_quirk(c, quirk);
	return gone;
}

static void add_quirk(struct compare *c, unsigned quirk)
{
	bool on = c->firmware->quirks >> quirk & 1;
	const struct name *n = quirk_names;
	struct patch_entry e = { .place = PATCH_QUIRK,
		.value = on ? (char[]){ "true" } : (char[]){ "false" },
		.asked = c->q.n + quirk };

	while (n->value != (int)quirk)
		n++;
	snprintf(e.key, sizeof(e.key), "%s", n->name);
	snprintf(e.why, sizeof(e.why), "%.110s", n->help);
	patch_add(&c->patch, &e);
}

static bool any(const struct compare *c)
{
	size_t i;

	for (i = 0; i < c->q.n; i++)
		if (c->todo[i].now)
			return true;
	return false;
}

static void try_quirks(struct compare *c)
{
	unsigned before = c->firmware->quirks, quirk;

	for (quirk = 0; quirk < QUIRKS && any(c); quirk++)
		if (try_quirk(c, quirk) > 0)
			add_quirk(c, quirk);
	/* from now on the patch has them */
	for (quirk = 0; quirk < QUIRKS; quirk++)
		if ((before ^ c->firmware->quirks) >> quirk & 1)
			switch_quirk(c, quirk);
}

/* ---- rounds ----------------------------------------------------------------------- */

static void next_rung(struct compare *c, size_t i)
{
	patch_drop(&c->patch, i);
	c->todo[i].rung++;
	compare_rung(c, i);
}

/* The entry that stands at that line or next after it. */
static const struct patch_entry *entry_at(const struct patch *p, int line)
{
	const struct patch_entry *found = NULL;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->entry[i].line >= line &&
			(!found || p->entry[i].line < found->line))
			found = &p->entry[i];
	return found;
}

/* An error at an entry: that explanation does not fit. */
static bool blame(struct compare *c, const struct doc_errors *e)
{
	const struct patch_entry *entry;
	bool found = false;
	size_t k;

	for (k = 0; k < e->n; k++) {
		entry = entry_at(&c->patch, e->item[k].line);
		if (!entry || entry->asked >= c->q.n)
			continue;
		found = true;
		next_rung(c, entry->asked);
	}
	return found;
}

/* The profile with the present patch; NULL, and the entries that are wrong have made
 * room for others, or (*dead) nothing can be done. */
static struct profile *load(struct compare *c, bool *dead)
{
	char path[] = "/tmp/fauxtrack-compare-XXXXXX.yaml";
	int fd = mkstemps(path, 5);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
	struct doc_errors e;
	struct profile *p;

	*dead = !f;
	if (!f)
		return NULL;
	doc_errors_init(&e);
	patch_print(&c->patch, "", f);
	fclose(f);
	p = profile_load(c->library, path, NULL, 0, &e);
	unlink(path);
	if (p)
		tables_build(p);
	else
		*dead = !blame(c, &e);
	if (*dead)
		doc_errors_print(&e, stderr);
	doc_errors_clear(&e);
	return p;
}

/* True: some difference tries its next explanation. */
static bool climb(struct compare *c, bool lazy)
{
	bool moved = false;
	size_t i;

	for (i = 0; i < c->q.n; i++) {
		if (!c->todo[i].now || c->todo[i].why[0] || c->todo[i].lazy != lazy)
			continue;
		moved = true;
		next_rung(c, i);
	}
	return moved;
}

static void look(struct compare *c, const struct profile *p)
{
	size_t i;

	free_answers(c->patched, c->q.n);
	c->patched = answers_of(c, p);
	for (i = 0; i < c->q.n; i++)
		c->todo[i].now = differs(c, i, c->patched[i]);
}

/* The profile with the patch but for the entries of that question; NULL: it does not
 * load. */
static struct profile *load_without(struct compare *c, size_t asked)
{
	struct patch all = c->patch, without = all;
	struct profile *p;
	bool dead;
	size_t i;

	without.entry = NULL;
	without.n = 0;
	for (i = 0; i < all.n; i++)
		if (all.entry[i].asked != asked)
			patch_add(&without, &all.entry[i]);
	c->patch = without;
	p = load(c, &dead);
	patch_free(&c->patch);
	c->patch = all;
	return p;
}

/* Whether that question is answered alike without the entries of another. */
static bool is_broken_by(struct compare *c, size_t i, size_t asked)
{
	struct profile *p = load_without(c, asked);
	struct exchange **x;
	bool alike;

	if (!p)
		return false;
	x = answers_of(c, p);
	alike = !differs(c, i, x[i]);
	free_answers(x, c->q.n);
	tables_free(p);
	profile_free(p);
	return alike;
}

/* An explanation that makes another answer wrong is none. True: one has made room. */
static bool unbreak(struct compare *c)
{
	size_t i, k;

	for (i = 0; i < c->q.n; i++) {
		if (!c->todo[i].now || c->todo[i].differs)
			continue;
		for (k = 0; k < c->patch.n; k++)
			if (c->patch.entry[k].asked < c->q.n &&
				is_broken_by(c, i, c->patch.entry[k].asked)) {
				next_rung(c, c->patch.entry[k].asked);
				return true;
			}
	}
	return false;
}

/* Ends, because each round but the last moves a difference up its ladder. */
static void explain(struct compare *c)
{
	bool dead = false, moved = true;
	struct profile *p;
	size_t i;

	for (i = 0; i < c->q.n; i++)
		if (c->todo[i].now)
			compare_rung(c, i);
	while (moved && !dead) {
		p = load(c, &dead);
		if (!p)
			continue;
		look(c, p);
		tables_free(p);
		profile_free(p);
		moved = unbreak(c) || climb(c, false) || climb(c, true);
	}
	if (dead)
		patch_free(&c->patch);
}

/* ---- what is not needed ------------------------------------------------------------- */

/* Whether all differences are as they are now without the entries of that question. */
static bool is_spare(struct compare *c, size_t asked)
{
	struct profile *p = load_without(c, asked);
	struct exchange **x;
	bool same = true;
	size_t i;

	if (!p)
		return false;
	x = answers_of(c, p);
	for (i = 0; i < c->q.n && same; i++)
		same = differs(c, i, x[i]) == c->todo[i].now;
	free_answers(x, c->q.n);
	tables_free(p);
	profile_free(p);
	return same;
}

/* An explanation that another one has made needless goes. */
static void thin_out(struct compare *c)
{
	size_t i = c->patch.n;

	while (c->patch.n > 1 && i--) {
		if (i < c->patch.n && is_spare(c, c->patch.entry[i].asked))
			patch_drop(&c->patch, c->patch.entry[i].asked);
	}
}

/* ---- times -------------------------------------------------------------------------- */

static const char *const form_suffix[COMMAND_FORMS] = { [COMMAND_EXEC] = "",
	[COMMAND_SET] = "=",
	[COMMAND_READ] = "?",
	[COMMAND_TEST] = "=?" };

static usec_t took(const struct exchange *x)
{
	return x->answered - x->asked;
}

/* An answer that takes much longer, or much less, than ours does. */
static bool is_late(const struct compare *c, size_t i)
{
	const struct question *q = &c->q.item[i];
	usec_t real = took(c->real[i]), ours = took(c->ours[i]);
	usec_t more = real > ours ? real : ours, less = real > ours ? ours : real;

	if (q->kind != QUESTION_SHOWS || q->more || !c->real[i]->result ||
		!c->ours[i]->result || q->name[0] != '+' ||
		strlen(q->name) + strlen(form_suffix[q->form]) >= 12)
		return false;
	return more - less > SLOW && more > 3 * less;
}

static void compare_times(struct compare *c)
{
	struct patch_entry e = { .place = PATCH_LATENCY };
	char value[24];
	size_t i;

	for (i = 0; i < c->q.n; i++) {
		if (!is_late(c, i))
			continue;
		snprintf(e.key, sizeof(e.key), "%s%s", c->q.item[i].name,
			form_suffix[c->q.item[i].form]);
		snprintf(value, sizeof(value), "%llums",
			(unsigned long long)(took(c->real[i]) / 1000));
		e.value = value;
		e.asked = c->q.n + QUIRKS + i;
		patch_add(&c->patch, &e);
	}
}

/* ---- life ------------------------------------------------------------------------- */

static bool open_profile(struct compare *c, char *why, size_t size)
{
	struct doc_errors e;

	doc_errors_init(&e);
	c->profile = profile_load(c->library, c->o.profile, NULL, 0, &e);
	if (!c->profile)
		snprintf(why, size, "%s: %s", e.n ? e.item[0].file : c->o.profile,
			e.n ? e.item[0].text : "it cannot be loaded");
	doc_errors_clear(&e);
	if (!c->profile)
		return false;
	tables_build(c->profile);
	c->firmware = c->profile->shelf->slot[c->profile->installed].is;
	c->patch.profile = c->o.profile;
	c->patch.device = c->profile->device.name;
	c->patch.firmware = c->firmware->name;
	c->patch.title = c->title;
	snprintf(c->title, sizeof(c->title), "%.39s as a real modem answers",
		c->o.profile);
	return true;
}

static void look_for_differences(struct compare *c)
{
	size_t i;

	c->ours = answers_of(c, c->profile);
	c->todo = must(calloc(c->q.n, sizeof(*c->todo)));
	for (i = 0; i < c->q.n; i++) {
		c->todo[i].quirk = -1;
		c->todo[i].lazy = compare_is_lazy(c, &c->q.item[i]);
		c->todo[i].differs = c->todo[i].now = differs(c, i, c->ours[i]);
	}
}

struct compare *compare_new(const struct compare_options *o, char *why, size_t size)
{
	struct compare *c = must(calloc(1, sizeof(*c)));

	c->o = *o;
	c->library = o->library;
	why[0] = '\0';
	if (!open_profile(c, why, size)) {
		compare_free(c);
		return NULL;
	}
	questions_make(&c->q, c->profile, o->more);
	if (!compare_ask_all(c, why, size)) {
		compare_free(c);
		return NULL;
	}
	compare_learn_secrets(c);
	look_for_differences(c);
	try_quirks(c);
	explain(c);
	thin_out(c);
	if (o->more)
		compare_times(c);
	return c;
}

void compare_free(struct compare *c)
{
	if (!c)
		return;
	free_answers(c->real, c->asked);
	free_answers(c->ours, c->q.n);
	free_answers(c->patched, c->q.n);
	free(c->todo);
	patch_free(&c->patch);
	questions_free(&c->q);
	if (c->profile)
		tables_free(c->profile);
	profile_free(c->profile);
	free(c);
}

bool compare_finding(const struct compare *c, size_t i, struct compare_finding *out)
{
	size_t k;

	for (k = 0; k < c->q.n; k++) {
		const struct todo *t = &c->todo[k];

		if ((!t->differs && !t->now) || i--)
			continue;
		*out = (struct compare_finding){ .question = &c->q.item[k],
			.real = c->real[k],
			.ours = c->ours[k],
			.left = t->now,
			.quirk = t->quirk };
		snprintf(out->why, sizeof(out->why), "%s", t->why);
		return true;
	}
	return false;
}

size_t compare_asked(const struct compare *c)
{
	return c->q.n;
}

const struct patch *compare_patch(const struct compare *c)
{
	return &c->patch;
}
