/* The YAML files, for `fauxtrack help` and the manual pages: the rows of their schemas. */
#include <stdio.h>
#include <string.h>

#include "conf/profile_conf.h"
#include "conf/schema.h"
#include "host/manual/topics.h"
#include "host/play/scenario.h"
#include "host/run/fleet.h"

static void add_row(void *page, const char *path, const char *value, const char *help)
{
	char text[1200];

	snprintf(text, sizeof(text), "%s%s%s", help, *help && *value ? ": " : "", value);
	page_row(page, path, text);
}

static void add_schema(struct page *p, const struct schema *s, const char *title)
{
	page_section(p, PAGE_OTHER, title, 30);
	schema_each_row(s, true, add_row, p);
}

/* ---- schemas that stand apart ------------------------------------------------------- */

#define APART 24

struct apart {
	const struct schema *seen[APART];
	size_t n;
};

static void find_apart(struct apart *a, const struct schema *s);

static void look_at(struct apart *a, const struct schema *s)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (a->seen[i] == s)
			return;
	if (s->apart && a->n < APART)
		a->seen[a->n++] = s;
	find_apart(a, s);
}

/* What a schema uses and schema_each_row() only names: "a trigger". */
static void find_apart(struct apart *a, const struct schema *s)
{
	const struct schema_field *f, *item;

	for (f = s->fields; f->key; f++) {
		item = f->item ? f->item : f;
		if (item->type == SCHEMA_STRUCT &&
			(item->schema->apart || !(item->flags & SCHEMA_ELSEWHERE)))
			look_at(a, item->schema);
	}
}

/* The rows of a schema, then of those that it uses. */
static void add_whole(struct page *p, const struct schema *s)
{
	struct apart a = { .n = 0 };
	char title[300];
	size_t i;

	add_schema(p, s, "Keys");
	find_apart(&a, s);
	for (i = 0; i < a.n; i++) {
		snprintf(title, sizeof(title), "a %s: %s", a.seen[i]->name,
			a.seen[i]->help);
		add_schema(p, a.seen[i], title);
	}
}

/* ---- topics ------------------------------------------------------------------------- */

static void add_yaml(struct page *p)
{
	page_text(p,
		"Text that YAML could take for a number, a date, a boolean or null needs "
		"quotes: pin: \"0000\". Numbers must not have quotes. Times have a unit: "
		"250ms, 1.5s, 2m, 1h. Unknown and duplicate keys, anchors, aliases, tags "
		"and second documents are errors. Any mapping may have a key see, which "
		"names the source of its values. fauxtrack check FILE reports every "
		"mistake with its place and the remedy.");
}

void topic_profile(struct page *p)
{
	const struct schema *s;
	char title[300];
	size_t i;

	page_text(p,
		"A profile combines a device, a firmware, a network and a SIM, each in a "
		"YAML file of its own, and says what the memory holds at delivery. "
		"fauxtrack run --profile NAME selects one, --profile ./FILE.yaml takes a "
		"file, whose parts are looked for next to it first. fauxtrack list "
		"profiles lists those that there are.");
	page_text(p,
		"inherits: NAME starts from another file of the same folder; what the "
		"file "
		"says itself overrides it, key by key. Lists and single values are "
		"replaced "
		"as a whole. A part with base: true is only for inheriting from. --set "
		"KEY=VALUE changes a value from the command line: --set sim.pin=4321; "
		"--set sim=pin selects another part.");
	add_yaml(p);
	for (i = 0; (s = profile_schema_at(i)); i++) {
		if (i < PART_KINDS)
			snprintf(title, sizeof(title), "%s: %s",
				name_of(part_names, (int)i), s->help);
		else
			snprintf(title, sizeof(title), "a %s: %s", s->name, s->help);
		add_schema(p, s, title);
	}
	page_section(p, PAGE_EXAMPLES, NULL, 0);
	page_text(p, "A modem with a PIN and a message in its memory:");
	page_code(p, "inherits: fastrack-supreme-20-r74");
	page_code(p, "title: A unit with a PIN");
	page_code(p, "sim:");
	page_code(p, "  inherits: pin");
	page_code(p, "  pin: \"4321\"");
	page_see(p, "check list run schema scenario .");
}

void topic_scenario(struct page *p)
{
	page_text(p, "A scenario is a conversation with a modem in virtual time; the "
		     "same file "
		     "always gives the same bytes. fauxtrack play plays it. A field bug "
		     "is such a "
		     "file with rules for what goes wrong, which fauxtrack run --bug "
		     "arms in a "
		     "modem; its demo is a scenario.");
	page_text(p, "In the text of a talk, > begins a line that the host types with a "
		     "CR, and "
		     "whose echo must come back; < a line that the modem must send; <| "
		     "one more "
		     "line of that block; <@2s a line that comes exactly 2 s after the "
		     "host last "
		     "did something; = exact bytes; # a remark. Texts may contain \\r, "
		     "\\n, \\\\ "
		     "and <1A>, any byte in hexadecimal.");
	add_yaml(p);
	add_whole(p, scenario_schema());
	page_section(p, PAGE_EXAMPLES, NULL, 0);
	page_text(p, "A host asks for the signal:");
	page_code(p, "name: The modem answers AT+CSQ");
	page_code(p, "profile: fastrack-supreme-20-r74");
	page_code(p, "steps:");
	page_code(p, "  - talk: |");
	page_code(p, "      > AT+CSQ");
	page_code(p, "      < +CSQ: 22,0");
	page_code(p, "      < OK");
	page_see(p, "check exec play run schema control profile .");
}

void topic_fleet(struct page *p)
{
	page_text(p,
		"A fleet file has groups of modems, which fauxtrack run --fleet runs in "
		"one "
		"process. Its keys are the options of fauxtrack run; those beside groups "
		"are the defaults of every group. fauxtrack ctl --modem GROUP controls "
		"the "
		"modems of a group.");
	add_yaml(p);
	add_whole(p, fleet_schema());
	page_section(p, PAGE_EXAMPLES, NULL, 0);
	page_text(p, "Six modems, two of them with a field bug:");
	page_code(p, "kind: fleet");
	page_code(p, "groups:");
	page_code(p, "  - name: healthy");
	page_code(p, "    count: 4");
	page_code(p, "  - name: broken");
	page_code(p, "    count: 2");
	page_code(p, "    bug: dwl-band-reset-after-upgrade");
	page_see(p, "check ctl run control profile .");
}
