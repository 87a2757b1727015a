/* The fault rules, as seen from outside. */
#include "faults/fault_view.h"

#include "actions/action.h"
#include "faults/rules.h"

#include "base/names.h"
#include "state/modem_state.h"

const struct name modem_fault_lives[] = {
	{ MODEM_FAULT_IDLE, "idle", "nothing has started it" },
	{ MODEM_FAULT_WAITING, "waiting", "started, but `after` is not over" },
	{ MODEM_FAULT_ACTIVE, "active", "in effect" },
	{ MODEM_FAULT_OVER, "over", "never acts again" },
	{ 0, NULL, NULL },
};

static enum modem_fault_life life(const struct fault *f)
{
	if (f->active)
		return MODEM_FAULT_ACTIVE;
	if (f->waiting)
		return MODEM_FAULT_WAITING;
	return f->spent ? MODEM_FAULT_OVER : MODEM_FAULT_IDLE;
}

bool modem_fault_row(const struct modem *m, size_t i, struct modem_fault *out)
{
	const struct fault *f;
	size_t k;

	for (k = 0; k < m->faults.n; k++) {
		f = &m->faults.fault[k];
		if (!f->rule || i--)
			continue;
		*out = (struct modem_fault){
			.number = k < FAULT_RULES ? k + 1 : k + 1 - FAULT_RULES,
			.of_bug = k < FAULT_RULES,
			.rule = f->rule,
			.acted = f->total,
			.life = life(f),
		};
		return true;
	}
	return false;
}

size_t modem_fault_newest(const struct modem *m)
{
	return m->faults.newest;
}

const char *fault_effect_title(const struct fault_rule *r)
{
	return r->action ? r->action->row->name
			 : name_of(fault_effect_names, (int)fault_effect_of(r));
}
