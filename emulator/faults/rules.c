/* The engine of fault rules: triggers, timers, counters. */
#include "faults/rules.h"

#include <string.h>

#include "state/modem_state.h"
#include "state/nv.h"

/* A single action, done when a rule becomes active; all other effects last. */
static bool is_deed(enum fault_effect e)
{
	return e == FAULT_ACT || e == FAULT_SAY || e == FAULT_RESET || e == FAULT_ABORT;
}

static bool draw(struct modem *m, int chance, int out_of)
{
	return !out_of || chance >= out_of ||
	       rand_below(&m->rand, (uint32_t)out_of) < (uint32_t)chance;
}

/* life of a rule */

static void note_effects(struct faults *a)
{
	size_t i;

	a->effects = 0;
	for (i = 0; i < a->n; i++)
		if (a->fault[i].active)
			a->effects |= 1u << a->fault[i].effect;
}

static void stop(struct fault *f)
{
	struct sched *s = &f->home->sched;

	timer_stop(s, &f->next);
	timer_stop(s, &f->end);
	f->waiting = f->active = false;
	note_effects(&f->home->faults);
	if (f->rule->when.place == FAULT_AT_ALWAYS ||
		(f->rule->once && (f->acted || f->shown)))
		f->spent = true;
	f->acted = 0;
}

static bool is_spent(const struct faults *a, uint64_t id)
{
	size_t i;

	for (i = 0; i < a->n_spent; i++)
		if (a->spent[i] == id)
			return true;
	return false;
}

/* A rule with `once` has acted: recorded, so that it never acts again after a later
 * start. The oldest entry makes room. */
static void keep(struct fault *f)
{
	struct faults *a = &f->home->faults;

	if (!f->rule->id || is_spent(a, f->rule->id))
		return;
	if (a->n_spent == FAULT_RULES)
		memmove(a->spent, a->spent + 1, --a->n_spent * sizeof(a->spent[0]));
	a->spent[a->n_spent++] = f->rule->id;
	nv_save_faults(f->home);
}

static bool states_hold(const struct modem *m, const struct fault_rule *r)
{
	char mem[MODEM_STATE_TEXT];
	const char *is;
	size_t i;

	for (i = 0; i < r->n_holds; i++) {
		is = m->faults.look(m, r->holds[i].key, mem);
		if (!is || strcmp(is, r->holds[i].value) != 0)
			return false;
	}
	return true;
}

/* With `settles` the duration of a rule begins when it has made a difference. */
static void begin_end(struct fault *f)
{
	struct modem *m = f->home;

	if (m->faults.settles && f->rule->last.min && !timer_armed(&f->end))
		timer_arm(&m->sched, &f->end, fault_draw(m, &f->rule->last));
}

/* A rule has acted: its count goes up, and it ends when its limit is reached. */
static void acted(struct fault *f)
{
	const struct fault_rule *r = f->rule;
	int most = r->times;

	if (r->once && !most && !r->last.min && !r->every.min)
		most = 1;
	f->acted++;
	if (most && f->acted >= most)
		stop(f);
	else
		begin_end(f);
	if (r->once)
		keep(f);
}

static void perform(struct fault *f)
{
	struct modem *m = f->home;
	const struct fault_rule *r = f->rule;

	if (states_hold(m, r) && draw(m, r->chance, r->out_of)) {
		acted(f);
		if (m->faults.perform(m, f->on, r))
			f->total++;
	}
	if (!f->active)
		return;
	if (r->every.min)
		timer_arm(&m->sched, &f->next, fault_draw(m, &r->every));
	else if (!r->last.min)
		stop(f);
}

static void activate(struct fault *f)
{
	struct modem *m = f->home;

	f->waiting = false;
	if (!is_deed(f->effect) && !fault_peek(m, f->effect, NULL))
		m->faults.perform(m, f->on, f->rule);
	f->active = true;
	note_effects(&m->faults);
	f->shown = false;
	f->acted = 0;
	if (f->rule->last.min && !m->faults.settles)
		timer_arm(&m->sched, &f->end, fault_draw(m, &f->rule->last));
	if (is_deed(f->effect))
		perform(f);
}

static void next(void *ctx, usec_t now)
{
	struct fault *f = ctx;

	(void)now;
	if (f->active)
		perform(f);
	else
		activate(f);
}

static void end(void *ctx, usec_t now)
{
	(void)now;
	stop(ctx);
}

/* Actions that would disturb work in progress must wait. */
static bool must_wait(const struct fault *f, enum fault_place place)
{
	switch (place) {
	case FAULT_AT_ALWAYS:
	case FAULT_AT_START:
	case FAULT_AT_BOOT:
	case FAULT_AT_OPEN:
	case FAULT_AT_CLOSE:
	case FAULT_AT_LINE:
	case FAULT_AT_COMMAND:
		return false;
	case FAULT_AT_BYTE:
	case FAULT_AT_PROMPT:
	case FAULT_AT_TYPED:
	case FAULT_AT_MESSAGE:
	case FAULT_AT_INFO:
	case FAULT_AT_RESULT:
	case FAULT_AT_DONE:
	case FAULT_AT_ASK:
	case FAULT_AT_BLOCK:
	case FAULT_AT_EOT:
	case FAULT_AT_PACKET:
	case FAULT_AT_EVENT:
		return is_deed(f->effect) && f->effect != FAULT_SAY;
	}
	return false;
}

static void start(struct fault *f, enum fault_place place, struct channel *on)
{
	usec_t after;

	if (f->active || f->waiting || f->spent)
		return;
	f->on = on;
	after = fault_draw(f->home, &f->rule->after);
	if (!after && !must_wait(f, place)) {
		activate(f);
		return;
	}
	f->waiting = true;
	timer_arm(&f->home->sched, &f->next, after);
}

/* triggers */

static bool same(const char *want, const char *is, size_t len)
{
	return !want[0] || (is && strlen(want) == len && !memcmp(want, is, len));
}

static bool matches(const struct fault_trigger *t, enum fault_place place,
	const struct fault_subject *s)
{
	/* a command that the firmware lacks is not carried out: only rules that ask for
	 * it */
	if (place == FAULT_AT_COMMAND && s->unknown && !t->command[0])
		return false;
	return t->place == (int)place &&
	       same(t->command, s->command, s->command ? strlen(s->command) : 0) &&
	       (!t->forms || t->forms & s->form) &&
	       same(t->parameters, s->parameters, s->parameters_len) &&
	       same(t->text, s->text, s->text ? strlen(s->text) : 0) &&
	       (!t->event || t->event == s->event) &&
	       (!t->number || t->number == s->number);
}

bool fault_concerns(const struct fault_rule *r, const struct channel *ch)
{
	size_t i;

	for (i = 0; i < r->n_ports; i++)
		if (r->ports[i] == (int)ch->port)
			return true;
	return !r->n_ports;
}

/* Counts an occurrence; true when it is one that triggers. */
static bool occurs(struct modem *m, const struct fault_trigger *t, unsigned *seen,
	enum fault_place place, const struct fault_subject *s)
{
	if (!matches(t, place, s))
		return false;
	++*seen;
	if (t->nth && *seen != (unsigned)t->nth)
		return false;
	if (t->from && *seen < (unsigned)t->from)
		return false;
	return draw(m, t->chance, t->out_of);
}

void fault_at(struct modem *m, enum fault_place place, const struct fault_subject *s)
{
	static const struct fault_subject none = { .command = NULL };
	struct fault *f;
	size_t i, j;

	if (!m->faults.looks_at[place])
		return;
	if (!s)
		s = &none;
	if (m->faults.pass)
		m->faults.pass(m, place, s);
	for (i = 0; i < m->faults.n; i++) {
		f = &m->faults.fault[i];
		if (!f->rule)
			continue;
		for (j = 0; j < f->rule->n_until; j++)
			if (occurs(m, &f->rule->until[j], &f->ended[j], place, s) &&
				(f->active || f->waiting))
				stop(f);
		if (f->rule && (!s->on || fault_concerns(f->rule, s->on)) &&
			occurs(m, &f->rule->when, &f->seen, place, s))
			start(f, place, s->on);
	}
}

/* effects that last */

static bool concerns(const struct fault_rule *r, const struct fault_subject *s)
{
	size_t i;

	if (s->on && !fault_concerns(r, s->on))
		return false;
	if (s->typed && r->when.place != FAULT_AT_MESSAGE)
		return false;
	if (r->answer.forms && !(r->answer.forms & s->form))
		return false;
	if (!same(r->answer.parameters, s->parameters, s->parameters_len))
		return false;
	for (i = 0; i < r->answer.n_commands; i++)
		if (s->command && !strcmp(r->answer.commands[i], s->command))
			return true;
	return !r->answer.n_commands && !s->unknown;
}

static bool applies(const struct fault *f, enum fault_effect effect)
{
	return f->rule && f->active && f->effect == effect &&
	       states_hold(f->home, f->rule);
}

const struct fault_rule *fault_find(
	struct modem *m, enum fault_effect effect, const struct fault_subject *s)
{
	const struct fault_rule *r;
	struct fault *f;
	size_t i;

	if (!faults_have(&m->faults, effect))
		return NULL;
	for (i = 0; i < m->faults.n; i++) {
		f = &m->faults.fault[i];
		r = f->rule;
		if (!applies(f, effect) || (s && !concerns(r, s)) ||
			!draw(m, r->chance, r->out_of))
			continue;
		f->total++;
		acted(f);
		return r;
	}
	return NULL;
}

const struct fault_rule *fault_peek(
	const struct modem *m, enum fault_effect effect, const struct fault_rule *last)
{
	const struct fault *f;
	size_t i;

	if (!faults_have(&m->faults, effect))
		return NULL;
	for (i = 0; i < m->faults.n; i++) {
		f = &m->faults.fault[i];
		if (!last && applies(f, effect))
			return f->rule;
		if (last && f->rule == last)
			last = NULL;
	}
	return NULL;
}

const struct fault_rule *fault_peek_at(
	const struct channel *ch, enum fault_effect effect, const struct fault_rule *last)
{
	do
		last = fault_peek(ch->modem, effect, last);
	while (last && !fault_concerns(last, ch));
	return last;
}

bool fault_acts(struct modem *m, const struct fault_rule *r)
{
	size_t i;

	if (!draw(m, r->chance, r->out_of))
		return false;
	for (i = 0; i < m->faults.n; i++) {
		if (m->faults.fault[i].rule != r)
			continue;
		m->faults.fault[i].total++;
		acted(&m->faults.fault[i]);
	}
	return true;
}

void fault_shows(struct modem *m, const struct fault_rule *r)
{
	struct fault *f;
	size_t i;

	for (i = 0; i < m->faults.n; i++) {
		f = &m->faults.fault[i];
		if (f->rule != r || f->shown)
			continue;
		f->shown = true;
		f->total++;
		begin_end(f);
		if (r->once)
			keep(f);
	}
}

/* rules come and go */

static void watch(struct faults *a, const struct fault_rule *r)
{
	size_t i;

	a->looks_at[r->when.place] = true;
	for (i = 0; i < r->n_until; i++)
		a->looks_at[r->until[i].place] = true;
	a->looks_at[FAULT_AT_ALWAYS] = false;
}

static void install(struct modem *m, struct fault *f, const struct fault_rule *r)
{
	enum timer_kind again = r->every.min ? TIMER_WAIT : TIMER_OWN;

	*f = (struct fault){ .rule = r, .effect = fault_effect_of(r), .home = m };
	f->spent = r->once && r->id && is_spent(&m->faults, r->id);
	timer_init(&f->next, "fault", again, next, f);
	timer_init(&f->end, "end of a fault", TIMER_OWN, end, f);
	watch(&m->faults, r);
	if (r->when.place == FAULT_AT_ALWAYS)
		start(f, FAULT_AT_ALWAYS, NULL);
}

void faults_init(struct modem *m, const struct fault_rule *rules, size_t n, bool settles,
	bool (*perform_rule)(
		struct modem *m, struct channel *on, const struct fault_rule *r),
	const char *(*look)(const struct modem *m, const char *path, char *mem))
{
	size_t i;

	m->faults.perform = perform_rule;
	m->faults.look = look;
	m->faults.settles = settles;
	m->faults.n = n;
	m->faults.of_bug = n != 0;
	for (i = 0; i < n; i++)
		install(m, &m->faults.fault[i], &rules[i]);
}

size_t faults_add(struct modem *m, const struct fault_rule *r)
{
	struct faults *a = &m->faults;
	size_t i, base = FAULT_RULES;

	for (i = 0; i < FAULT_ADDED; i++)
		if (!a->fault[base + i].rule)
			break;
	if (i == FAULT_ADDED)
		return 0;
	a->added[i] = *r;
	if (a->n < base + i + 1)
		a->n = base + i + 1;
	install(m, &a->fault[base + i], &a->added[i]);
	a->newest = i + 1;
	return i + 1;
}

bool faults_remove(struct modem *m, size_t number)
{
	struct channel *ch;
	bool any = false;
	size_t i;

	for (i = 0; i < FAULT_ADDED; i++) {
		struct fault *f = &m->faults.fault[FAULT_RULES + i];

		if (!f->rule || (number && number != i + 1))
			continue;
		stop(f);
		for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
			if (ch->answering == f->rule)
				ch->answering = NULL;
		f->rule = NULL;
		any = true;
	}
	return any || !number;
}
