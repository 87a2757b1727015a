#include "base/fsm.h"

bool fsm_go(struct fsm *f, const struct log *l, int to)
{
	const struct fsm_state *from = &f->states[f->state];

	if (f->state == to)
		return true;
	if (!(from->next & FSM_TO(to))) {
		log_error(l, f->cat, "%s{%s}: must not become %s", f->name, from->name,
			f->states[to].name);
		return false;
	}
	log_debug(
		l, f->cat, "%s{%s}: becomes %s", f->name, from->name, f->states[to].name);
	f->state = to;
	return true;
}

const char *fsm_name(const struct fsm *f)
{
	return f->states[f->state].name;
}
