/* The judge without metal: another modem of ours, whose profile was changed at random, plays
 * the real one. The shadow and compare must find exactly these changes; one that they
 * cannot see needs a reason here. JUDGE_SEED repeats a run, JUDGE_CHANGES is its length. */
#include "unit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field_rig.h"
#include "host/field/compare.h"
#include "host/field/differ.h"
#include "host/field/shadow.h"
#include "host/field/twin.h"
#include "host/read/library.h"
#include "judge_int.h"

static uint64_t seed = 1;
static unsigned long wanted = 30;

/* ---- what the real modem says --------------------------------------------------------- */

static struct spoken *listen(const struct profile *p, const struct questions *q)
{
	struct spoken *all = calloc(q->n, sizeof(*all));
	struct voice v = { .len = 0 };
	struct twin *t = new_twin(p, &v);
	char line[QUESTION_MAX + 2];
	size_t i;

	assert_non_null(all);
	for (i = 0; i < q->n; i++) {
		v.len = 0;
		snprintf(line, sizeof(line), "%s\r", q->item[i].ask);
		twin_type(t, line, strlen(line));
		twin_advance(t, twin_now(t) + SEC(20));
		all[i].answer = malloc(v.len + 1);
		assert_non_null(all[i].answer);
		memcpy(all[i].answer, v.out, v.len);
		all[i].len = v.len;
	}
	twin_free(t);
	return all;
}

static void forget(struct spoken *all, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(all[i].answer);
	free(all);
}

static bool same(const struct spoken *a, const struct spoken *b)
{
	return a->len == b->len && !memcmp(a->answer, b->answer, a->len);
}

/* ---- the trial ------------------------------------------------------------------------ */

static void complain(struct trial *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void complain(struct trial *t, const char *fmt, ...)
{
	va_list ap;
	size_t i;

	if (!t->wrong) {
		print_error("%s", t->name);
		for (i = 0; i < t->n; i++)
			print_error(
				" --set '%s=%s'", t->change[i].set, t->change[i].value);
		print_error("\n");
	}
	t->wrong = true;
	va_start(ap, fmt);
	vprint_error(fmt, ap);
	va_end(ap);
}

static struct profile *load_changed(const char *name, const struct change *c, size_t n)
{
	struct kv kv[CHANGES];
	size_t i;

	for (i = 0; i < n; i++)
		kv[i] = (struct kv){ c[i].set, c[i].value, NULL };
	return load(name, kv, n);
}

/* Whether a change alone makes an answer differ, apart from what belongs to the unit. */
static bool shows(struct trial *t, const struct change *c)
{
	struct profile *p = load_changed(t->name, c, 1);
	struct spoken *s = listen(p, &t->q);
	bool found = false;
	size_t i;

	for (i = 0; i < t->q.n && !found; i++)
		found = !same(&s[i], &t->said[0][i]) &&
			(!differ_own(t->q.item[i].ask) ||
				(!differ_own_result(t->q.item[i].ask) &&
					has(&s[i], "OK") != has(&t->said[0][i], "OK")));
	forget(s, t->q.n);
	unload(p);
	return found;
}

/* Two changes of one answer may hide each other. */
static bool is_about_model(const char *key)
{
	static const char *const keys[] = { "model", "identity-trailing-space", "+CGMM",
		"+GMM", "+WMBS", "product", NULL };
	size_t i;

	for (i = 0; keys[i]; i++)
		if (!strcmp(keys[i], key))
			return true;
	return false;
}

static bool clashes(const struct trial *t, const struct change *c)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (!strcmp(t->change[i].key, c->key) ||
			(is_about_model(t->change[i].key) && is_about_model(c->key)))
			return true;
	return false;
}

static void choose(struct trial *t, const struct firmware *f)
{
	size_t most = 1 + chance(CHANGES);
	struct change *c;
	struct profile *p;

	while (t->n < most) {
		c = &t->change[t->n];
		if (!change_draw(c, f) || clashes(t, c))
			continue;
		p = load_changed(t->name, c, 1); /* not every draw is a profile */
		if (!p)
			continue;
		unload(p);
		t->n++;
	}
	t->real = load_changed(t->name, t->change, t->n);
}

/* ---- the shadow ------------------------------------------------------------------------ */

static void on_pair(void *ctx, const struct shadow_pair *p)
{
	struct trial *t = ctx;

	/* in the order of the questions: what comes between them is not asked */
	t->shadow[t->asked++] = p->difference.kind != DIFFERENCE_NONE;
}

static void overhear(struct trial *t)
{
	const struct shadow_options o = { .profile = t->ours,
		.seed = 1,
		.clock = FIELD_CLOCK,
		.pair = on_pair,
		.ctx = t };
	struct shadow *s = shadow_new(&o);
	char line[QUESTION_MAX + 2];
	usec_t at = 0;
	size_t i;

	t->shadow = calloc(t->q.n + 1, sizeof(*t->shadow));
	assert_non_null(t->shadow);
	for (i = 0; i < t->q.n; i++) {
		snprintf(line, sizeof(line), "%s\r", t->q.item[i].ask);
		shadow_bytes(s, at, '>', line, strlen(line));
		at += MS(50);
		shadow_bytes(s, at, '<', t->said[1][i].answer, t->said[1][i].len);
		at += SEC(20);
	}
	shadow_bytes(s, at, '>', "AT\r", 3);
	shadow_end(s);
	if (t->asked != t->q.n)
		complain(t, "the shadow has %zu pairs of %zu questions\n", t->asked,
			t->q.n);
	shadow_free(s);
}

/* What it has found is what differs, to the octet. */
static void judge_shadow(struct trial *t)
{
	size_t i;

	overhear(t);
	for (i = 0; i < t->q.n && !t->wrong; i++) {
		bool equal = same(&t->said[0][i], &t->said[1][i]);

		if (equal == t->shadow[i] && !(!equal && differ_own(t->q.item[i].ask)))
			complain(t, "the shadow is wrong about %s: %.*s\n",
				t->q.item[i].ask, (int)t->said[1][i].len,
				t->said[1][i].answer);
	}
}

/* ---- compare --------------------------------------------------------------------------- */

/* Whether an entry of the patch says this change. */
static bool says(const struct patch_entry *e, const struct change *c)
{
	static const char *const same_as[][2] = {
		/* an answer as data of a command that shows a fact */
		{ "+CGMI", "manufacturer" },
		{ "+CGMI", "maker" },
		{ "+CGMM", "model" },
		{ "+CGMR", "revision" },
		{ "+WSSW", "internal" },
		{ "+GCAP", "capabilities" },
		{ "+WHWV", "hardware" },
		{ "+WDWL", "version" },
		{ "manufacturer", "maker" },
	};
	size_t n = strlen(c->key), i;

	/* "+CSQ.rssi" is about +CSQ */
	if (!strncmp(e->key, c->key, n) && (!e->key[n] || e->key[n] == '.'))
		return true;
	for (i = 0; i < sizeof(same_as) / sizeof(same_as[0]); i++)
		if (!strcmp(c->key, same_as[i][0]) && !strcmp(e->key, same_as[i][1]))
			return true;
	return false;
}

static void judge_findings(struct trial *t, const struct compare *c)
{
	struct compare_finding f;
	size_t i, k = 0;

	for (i = 0; compare_finding(c, i, &f); i++) {
		for (; k < t->q.n && strcmp(t->q.item[k].ask, f.question->ask) != 0; k++)
			if (t->shadow[k])
				complain(t, "compare has not found %s\n",
					t->q.item[k].ask);
		if (k == t->q.n || !t->shadow[k])
			complain(t, "compare finds what is not there: %s\n",
				f.question->ask);
		k++;
		if (f.left && !f.why[0])
			complain(t, "%s is left without a reason\n", f.question->ask);
	}
	for (; k < t->q.n; k++)
		if (t->shadow[k])
			complain(t, "compare has not found %s\n", t->q.item[k].ask);
}

static bool is_left(const struct compare *c, const struct change *change)
{
	struct compare_finding f;
	size_t i;

	for (i = 0; compare_finding(c, i, &f); i++)
		if (f.left && (!strcmp(f.question->name, change->key)))
			return true;
	return false;
}

static void judge_patch(struct trial *t, const struct compare *c)
{
	const struct patch *p = compare_patch(c);
	size_t i, k;

	for (i = 0; i < t->n; i++) {
		if (!t->change[i].visible)
			continue;
		for (k = 0; k < p->n && !says(&p->entry[k], &t->change[i]); k++)
			;
		if (k == p->n && !is_left(c, &t->change[i]))
			complain(t, "the patch does not say %s\n", t->change[i].set);
	}
	for (k = 0; k < p->n; k++) {
		for (i = 0; i < t->n && !says(&p->entry[k], &t->change[i]); i++)
			;
		if (i == t->n)
			complain(t, "nothing of that was changed: %s %s: %s\n",
				p->entry[k].key, p->entry[k].sub, p->entry[k].value);
	}
}

static void judge_compare(struct trial *t)
{
	const struct twin_options o = {
		.profile = t->real, .seed = 1, .clock = FIELD_CLOCK
	};
	const struct compare_options options = { .real = asker_new_twin(&o),
		.library = library,
		.profile = t->name,
		.seed = 1,
		.clock = FIELD_CLOCK };
	char why[400];
	struct compare *c = compare_new(&options, why, sizeof(why));

	if (c) {
		judge_findings(t, c);
		judge_patch(t, c);
		if (t->wrong)
			compare_print(c, stderr);
	} else {
		complain(t, "compare: %s\n", why);
	}
	compare_free(c);
	asker_free(options.real);
}

/* ---- the property ---------------------------------------------------------------------- */

static const char *const names[] = { "fastrack-supreme-20-r74",
	"fastrack-supreme-10-r663", "m1306b-r640", "fxt009-r752", "q24pl001-r657e" };

static void end(struct trial *t)
{
	forget(t->said[0], t->q.n);
	forget(t->said[1], t->q.n);
	free(t->shadow);
	questions_free(&t->q);
	unload(t->ours);
	unload(t->real);
}

/* How many changes it had; *found: how many were visible. */
static size_t try(bool *wrong, size_t *found)
{
	struct trial t = { .name = names[chance(sizeof(names) / sizeof(names[0]))] };
	const struct firmware *f;
	size_t i;

	t.ours = load(t.name, NULL, 0);
	f = profile_at(t.ours, t.ours->installed);
	choose(&t, f);
	if (!t.real) { /* together they are no profile */
		t.said[0] = t.said[1] = NULL;
		unload(t.ours);
		return 0;
	}
	questions_make(&t.q, t.ours, false);
	t.said[0] = listen(t.ours, &t.q);
	t.said[1] = listen(t.real, &t.q);
	for (i = 0; i < t.n; i++) {
		t.change[i].visible = shows(&t, &t.change[i]);
		*found += t.change[i].visible;
		if (!t.change[i].visible && !why_invisible(&t, &t.change[i]))
			complain(&t, "%s is invisible, and nobody knows why\n",
				t.change[i].set);
	}
	judge_shadow(&t);
	judge_compare(&t);
	*wrong |= t.wrong;
	end(&t);
	return t.n;
}

static void random_changes_are_found(void **unused)
{
	unsigned long done = 0, bad = 0;
	size_t found = 0;
	bool wrong;

	(void)unused;
	judge_seed(seed);
	while (done < wanted) {
		wrong = false;
		done += try(&wrong, &found);
		bad += wrong;
	}
	printf("# seed %lu: %lu changes, %zu found, %lu invisible\n", (unsigned long)seed,
		done, found, done - found);
	assert_int_equal(bad, 0);
}

static int begin(void **unused)
{
	const char *full = getenv("FAUXTRACK_TESTS"), *n = getenv("JUDGE_CHANGES"),
		   *s = getenv("JUDGE_SEED");

	if (full && !strcmp(full, "full"))
		wanted = 1000;
	if (n)
		wanted = strtoul(n, NULL, 10);
	if (s)
		seed = strtoul(s, NULL, 10);
	return field_begin(unused);
}

static const struct CMUnitTest all[] = {
	UNIT(random_changes_are_found),
};

int main(void)
{
	return cmocka_run_group_tests(all, begin, field_end);
}
