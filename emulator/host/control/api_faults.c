/* The fault rules of a modem, and how often each has acted. */
#include "faults/fault_view.h"
#include "host/control/api_int.h"
#include "state/fault.h"

static json_t *rule_json(const struct modem_fault *f)
{
	const struct fault_rule *r = f->rule;

	return json_pack("{s:i,s:s,s:s?,s:s,s:s?,s:s?,s:s,s:I}", "number", (int)f->number,
		"of", f->of_bug ? "bug" : "control", "name", r->name[0] ? r->name : NULL,
		"effect", fault_effect_title(r), "when",
		r->when.place ? name_of(fault_place_names, r->when.place) : NULL,
		"command", r->when.command[0] ? r->when.command : NULL, "life",
		name_of(modem_fault_lives, (int)f->life), "acted", (json_int_t)f->acted);
}

void api_faults(struct api_call *c)
{
	json_t *list = json_array();
	struct modem_fault f;
	size_t i;

	for (i = 0; modem_fault_row(wire_modem(c->modem->wire), i, &f); i++)
		json_array_append_new(list, rule_json(&f));
	api_answer(c, 200, json_pack("{s:o}", "faults", list));
}
