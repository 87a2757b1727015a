/* fauxtrack list bugs, list bug NAME: field bugs as documentation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/fault_conf.h"
#include "faults/fault_view.h"
#include "host/cli.h"
#include "host/play/bug.h"
#include "host/read/list_int.h"

static const char *const evidences[] = {
	[EVIDENCE_TRANSCRIPT] = "a posted transcript has the exact lines",
	[EVIDENCE_SOURCE] = "the source of a host tool depends on it",
	[EVIDENCE_MANUAL] = "a manual of the manufacturer describes it",
	[EVIDENCE_DESCRIPTION] = "only described; the exact lines are inferred",
};

int list_bugs(struct listing *out)
{
	struct library *l = library_new(NULL);
	struct bug_entry *list;
	struct doc_errors e;
	struct scenario *s;
	size_t n = bug_list(l, &list), i;
	int status = EXITS_DONE;

	for (i = 0; i < n; i++) {
		doc_errors_init(&e);
		s = scenario_load(l, list[i].path, &e);
		list_row(out, (const char *[]){ list[i].name, s ? s->name : "" });
		status = s ? status : EXITS_FAILED;
		doc_errors_print(&e, stderr);
		doc_errors_clear(&e);
		scenario_free(s);
	}
	if (!n) {
		fputs("fauxtrack list: no field bugs found; set FAUXTRACK_PROFILES to "
		      "the folder that contains bugs/\n",
			stderr);
		status = EXITS_FAILED;
	}
	free(list);
	library_free(l);
	return status;
}

/* A title and an indented text of several lines. */
static void paragraph(const char *title, const char *text)
{
	const char *end;

	if (!*text)
		return;
	printf("\n%s\n", title);
	for (; *text; text = *end ? end + 1 : end) {
		end = text + strcspn(text, "\n");
		printf("    %.*s\n", (int)(end - text), text);
	}
}

static void print_rule(const struct fault_rule *r)
{
	printf("    %s%s%s", fault_effect_title(r), r->name[0] ? ": " : "", r->name);
	if (r->when.place)
		printf(", when %s%s%s", name_of(fault_place_names, r->when.place),
			r->when.command[0] ? " of " : "", r->when.command);
	if (r->n_holds)
		printf(", while %s is %s", r->holds[0].key, r->holds[0].value);
	puts("");
}

/* A further modem. */
static void print_modem(const struct scenario_modem *m)
{
	size_t i;

	printf("  modem %s%s%s\n", m->name, m->profile ? ": " : "",
		m->profile ? m->profile : "");
	for (i = 0; i < m->n_kv; i++)
		printf("    %s=%s\n", m->kv[i].key, m->kv[i].value);
	for (i = 0; i < m->faults.n; i++)
		print_rule(&m->rules[i]);
}

static void print_bug(const char *name, const struct scenario *s)
{
	size_t i;

	printf("%s\n%s\n", name, s->name);
	paragraph("Models", s->bug.models);
	paragraph("What the host sees", s->bug.symptom);
	paragraph("Cause", s->bug.cause);
	paragraph("What a good host does", s->bug.host);
	paragraph("Source", s->bug.source);
	paragraph("Evidence", evidences[s->bug.evidence]);
	paragraph("Inferred", s->bug.inferred);
	printf("\nWhat goes wrong, on %s\n", s->profiles[0]);
	for (i = 0; i < s->own.n_kv; i++)
		printf("    %s=%s\n", s->own.kv[i].key, s->own.kv[i].value);
	for (i = 0; i < s->own.faults.n; i++)
		print_rule(&s->own.rules[i]);
	for (i = 1; i < scenario_modems(s); i++)
		print_modem(scenario_modem_at(s, i));
	puts("");
	if (scenario_modems(s) == 1)
		printf("Try it:          fauxtrack run --bug %s\n"
		       "Test your tool:  fauxtrack exec --bug %s -- your-tool {}\n",
			name, name);
	printf("Play its demo:   fauxtrack play %s\n", s->path);
}

json_t *list_bug_json(const char *name, const struct scenario *s)
{
	json_t *profiles = json_array();
	size_t i;

	for (i = 0; i < s->n_profiles; i++)
		json_array_append_new(profiles, json_string(s->profiles[i]));
	return json_pack("{s:s,s:s,s:s,s:o,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "name", name,
		"title", s->name, "path", s->path, "profiles", profiles, "models",
		s->bug.models, "symptom", s->bug.symptom, "cause", s->bug.cause, "host",
		s->bug.host, "source", s->bug.source, "evidence",
		evidences[s->bug.evidence], "inferred", s->bug.inferred);
}

int list_bug(struct listing *out)
{
	const char *name = out->word;
	struct library *l = library_new(NULL);
	struct doc_errors e;
	struct scenario *s;

	doc_errors_init(&e);
	s = bug_load(l, name, &e);
	if (s && !s->is_bug) {
		fprintf(stderr,
			"fauxtrack list bug: %s is a scenario, not a field bug; "
			"fauxtrack list bugs shows the field bugs\n",
			name);
		scenario_free(s);
		s = NULL;
	}
	if (s && out->rows)
		list_object(list_bug_json(name, s));
	else if (s)
		print_bug(name, s);
	doc_errors_print(&e, stderr);
	doc_errors_clear(&e);
	scenario_free(s);
	library_free(l);
	return s ? EXITS_DONE : EXITS_FAILED;
}
