#include "host/play/fault_tally.h"

#include <string.h>

#include "faults/fault_view.h"

/* Describes a rule in a few words: its name, or its effect and what triggers it. */
static void fault_title(const struct fault_rule *r, char *out, size_t size)
{
	int n = snprintf(out, size, "%s", fault_effect_title(r));

	if (r->name[0])
		snprintf(out + n, size - (size_t)n, " \"%s\"", r->name);
	else if (r->when.place)
		snprintf(out + n, size - (size_t)n, ", when: %s%s%s",
			name_of(fault_place_names, r->when.place),
			r->when.command[0] ? " of " : "", r->when.command);
}

void fault_tally_add(struct fault_tally *t, const struct modem *m)
{
	struct modem_fault f;
	size_t i;

	t->n_added = 0;
	for (i = 0; modem_fault_row(m, i, &f); i++) {
		if (f.of_bug) {
			t->acted[f.number - 1] += f.acted;
			continue;
		}
		t->added[t->n_added].number = f.number;
		t->added[t->n_added].acted = f.acted;
		fault_title(f.rule, t->added[t->n_added].title,
			sizeof(t->added[t->n_added].title));
		t->n_added++;
	}
}

static size_t of_bug(const struct fault_tally *t)
{
	return t->bug ? t->bug->faults.n : 0;
}

bool fault_tally_idle(const struct fault_tally *t, size_t i, struct fault_idle *out)
{
	size_t k;

	for (k = 0; k < of_bug(t); k++) {
		if (t->acted[k] || i--)
			continue;
		out->at = faults_place(&t->bug->faults, k, NULL);
		fault_title(&t->bug->rules[k], out->title, sizeof(out->title));
		return true;
	}
	for (k = 0; k < t->n_added; k++) {
		if (t->added[k].acted || i--)
			continue;
		out->at = (struct doc_place){ NULL, 0, 0 };
		snprintf(out->title, sizeof(out->title),
			"number %zu, added at run time: %s", t->added[k].number,
			t->added[k].title);
		return true;
	}
	return false;
}

bool fault_tally_print(const struct fault_tally *t, const char *program, FILE *out)
{
	struct fault_idle idle;
	size_t i;

	for (i = 0; fault_tally_idle(t, i, &idle); i++) {
		fprintf(out, "%s: ", program);
		if (idle.at.file)
			fprintf(out, "%s:%d:%d: ", idle.at.file, idle.at.line,
				idle.at.col);
		fprintf(out, "this rule never acted: %s\n", idle.title);
	}
	return i > 0;
}

json_t *fault_tally_json(const struct fault_tally *t)
{
	json_t *list = json_array();
	struct doc_place at;
	char title[96];
	size_t k;

	for (k = 0; k < of_bug(t); k++) {
		at = faults_place(&t->bug->faults, k, NULL);
		fault_title(&t->bug->rules[k], title, sizeof(title));
		json_array_append_new(list,
			json_pack("{s:s,s:i,s:s,s:s,s:i,s:i}", "of", "bug", "number",
				(int)k + 1, "rule", title, "file", at.file, "line",
				at.line, "acted", (int)t->acted[k]));
	}
	for (k = 0; k < t->n_added; k++)
		json_array_append_new(
			list, json_pack("{s:s,s:i,s:s,s:i}", "of", "control", "number",
				      (int)t->added[k].number, "rule", t->added[k].title,
				      "acted", (int)t->added[k].acted));
	return list;
}
