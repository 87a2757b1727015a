#include "host/read/rules_check.h"

#include <string.h>

#include "conf/suggest.h"
#include "describe/commands.h"
#include "faults/fault_check.h"
#include "state/application.h"

#define FIRMWARES ((size_t)SCENARIO_PROFILES * PROFILE_FIRMWARES)

struct firmwares {
	const struct profile *const *profile;
	size_t profiles;
	const struct firmware *item[FIRMWARES]; /* the installed ones, or all */
	size_t n;
	bool all;
};

static void take_installed(struct firmwares *fw)
{
	for (fw->n = 0; fw->n < fw->profiles; fw->n++)
		fw->item[fw->n] = profile_at(
			fw->profile[fw->n], fw->profile[fw->n]->installed);
}

/* Reads the files of all. */
static void take_all(struct firmwares *fw)
{
	const struct firmware *f;
	size_t p, i;

	if (fw->all)
		return;
	fw->all = true;
	fw->n = 0;
	for (p = 0; p < fw->profiles; p++)
		for (i = 0; (f = profile_nth(fw->profile[p], i)); i++)
			if (!f->base)
				fw->item[fw->n++] = f;
}

static bool any_has(const struct firmwares *fw, const char *name)
{
	size_t p;

	for (p = 0; p < fw->profiles; p++)
		if (profile_firmware(fw->profile[p], name))
			return true;
	return false;
}

static void unknown_command(const struct firmwares *fw, const struct fault_command *c,
	const char *what, struct doc_place at, struct doc_errors *e)
{
	struct command_row row;
	struct suggest near;
	char text[120];
	size_t f, i;

	suggest_init(&near, c->name);
	for (f = 0; f < fw->n; f++)
		for (i = 0; commands_row(fw->item[f], i, &row); i++)
			if (strcmp(row.status, "absent") != 0)
				suggest_offer(&near, row.name);
	doc_error(e, at, "%s%s", what,
		suggest_text(&near, text, sizeof(text),
			"; see fauxtrack list commands, or add unknown: true if you mean "
			"a command that the modem does not have"));
}

/* States whose value is the name of a firmware. */
static bool is_firmware_state(const char *key)
{
	static const char *const keys[] = { "firmware", "firmware.name", "downloader",
		"downloader.name", "downloader.pending", "flash", "flash.firmware",
		"file.firmware" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(key, keys[i]))
			return true;
	return false;
}

static bool check_states(const struct scenario_modem *s, size_t i, struct firmwares *fw,
	struct doc_errors *e)
{
	const struct fault_rule *r = &s->rules[i];
	struct suggest near;
	char text[120];
	size_t k, f;
	bool ok = true;

	for (k = 0; k < r->n_holds; k++) {
		if (!is_firmware_state(r->holds[k].key) ||
			!strcmp(r->holds[k].value, "none"))
			continue;
		if (any_has(fw, r->holds[k].value))
			continue;
		take_all(fw);
		suggest_init(&near, r->holds[k].value);
		for (f = 0; f < fw->n; f++)
			suggest_offer(&near, fw->item[f]->name);
		ok = false;
		doc_error(e, faults_place(&s->faults, i, "while"),
			"%s is never \"%s\" on this device%s", r->holds[k].key,
			r->holds[k].value,
			suggest_text(&near, text, sizeof(text),
				"; fauxtrack list firmware shows all"));
	}
	return ok;
}

/* Whether the application of a profile, or any that it could get, has the command. */
static bool an_application_has(const struct firmwares *fw, const struct fault_command *c)
{
	const struct application *a;
	const struct profile *p;
	size_t k, i;

	for (k = 0; k < fw->profiles; k++) {
		p = fw->profile[k];
		a = profile_application(p, p->application);
		if (a && fault_fits_own(c, a->at))
			return true;
		for (i = 0; (a = profile_application_nth(p, i)); i++)
			if (fault_fits_own(c, a->at))
				return true;
	}
	return false;
}

static bool check_rule(const struct scenario_modem *s, size_t i, struct firmwares *fw,
	struct doc_errors *e)
{
	struct fault_command c;
	struct fault_flaw flaw;
	struct doc_place at;
	bool ok = check_states(s, i, fw, e), misspelt;
	size_t k;

	for (k = 0; fault_command(&s->rules[i], k, &c); k++) {
		/* the installed firmware usually has the command */
		if (fault_fits(&c, fw->item, fw->n, &misspelt, &flaw))
			continue;
		if (an_application_has(fw, &c))
			continue;
		take_all(fw);
		if (fault_fits(&c, fw->item, fw->n, &misspelt, &flaw))
			continue;
		ok = false;
		at = faults_place(&s->faults, i, flaw.key);
		if (misspelt)
			unknown_command(fw, &c, flaw.text, at, e);
		else
			doc_error(e, at, "%s", flaw.text);
	}
	return ok;
}

bool rules_check(const struct scenario_modem *s, const struct profile *const *profile,
	size_t n, struct doc_errors *e)
{
	struct firmwares fw = { .profile = profile };
	bool ok = true;
	size_t i;

	fw.profiles = n < SCENARIO_PROFILES ? n : SCENARIO_PROFILES;
	take_installed(&fw);
	for (i = 0; i < s->faults.n; i++)
		ok &= check_rule(s, i, &fw, e);
	return ok;
}
