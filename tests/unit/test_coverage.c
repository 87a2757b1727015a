/* tests/lint/commands.txt decides on every command that the references name; the rows of
 * every shipped firmware must agree. With ACCEPT=1 in the environment the test updates
 * the file from the rows. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "describe/commands.h"
#include "rig.h"

#define DECIDED    600
#define EXCEPTIONS 24

struct exception {
	char where[24]; /* a family or a firmware */
	char status[12];
};

struct decision {
	char name[16], status[12];
	struct exception except[EXCEPTIONS];
	size_t exceptions;
	int line;
};

#define PROFILES  64
#define FIRMWARES 64
#define REFERENCE "r74" /* whose status comes first in a line */

static struct profile *profile[PROFILES];
static size_t profiles;
static const struct firmware *firmware[FIRMWARES]; /* all shipped ones, each once */
static size_t firmwares;
static const struct firmware *reference;
static char head[4096]; /* the comments at the top of the file */
static struct decision decision[DECIDED];
static size_t decisions;

/* ---- the file -------------------------------------------------------------------- */

static void bad_line(int line, const char *why)
{
	print_error("commands.txt:%d: %s\n", line, why);
	fail();
}

static void read_line(char *text, int line)
{
	static const char *const known[] = { "works", "kept", "refused", "absent", "wip",
		"unknown", "syntax" };
	struct decision *d = &decision[decisions];
	char *word = strtok(text, " \n");
	size_t i;

	if (!word)
		return;
	assert_true(decisions < DECIDED);
	*d = (struct decision){ .line = line };
	snprintf(d->name, sizeof(d->name), "%s", word);
	word = strtok(NULL, " \n");
	for (i = 0; word && i < 7 && strcmp(word, known[i]) != 0; i++)
		;
	if (!word || i == 7)
		bad_line(line,
			"write NAME and works, kept, refused, absent, wip, unknown or "
			"syntax");
	snprintf(d->status, sizeof(d->status), "%s", word);
	while ((word = strtok(NULL, " \n"))) {
		char *equals = strchr(word, '=');

		if (!equals || d->exceptions == EXCEPTIONS)
			bad_line(line, "an exception is FIRMWARE=STATUS or "
				       "FAMILY=STATUS");
		*equals = '\0';
		snprintf(d->except[d->exceptions].where, 24, "%s", word);
		snprintf(d->except[d->exceptions++].status, 12, "%s", equals + 1);
	}
	for (i = 0; i < decisions; i++)
		if (!strcmp(decision[i].name, d->name))
			bad_line(line, "the command has a decision already; remove one "
				       "of the lines");
	decisions++;
}

static void read_file(void)
{
	FILE *f = fopen(getenv("COMMANDS_TXT"), "r");
	char text[512];
	int line = 0;

	assert_non_null(f);
	while (fgets(text, sizeof(text), f)) {
		line++;
		if (text[0] == '#')
			strncat(head, text, sizeof(head) - strlen(head) - 1);
		else
			read_line(text, line);
	}
	fclose(f);
}

static struct decision *find(const char *name)
{
	size_t i;

	for (i = 0; i < decisions; i++)
		if (!strcmp(decision[i].name, name))
			return &decision[i];
	return NULL;
}

/* ---- the firmwares --------------------------------------------------------------- */

static bool known_firmware(const char *name)
{
	size_t i;

	for (i = 0; i < firmwares; i++)
		if (!strcmp(firmware[i]->name, name))
			return true;
	return false;
}

/* Keeps a combination if the firmware of its device is not among those collected. */
static void collect(const char *name)
{
	struct profile *p = rig_profile(name);
	const struct firmware *f;
	size_t i, before = firmwares;

	for (i = 0; (f = profile_nth(p, i)); i++) {
		if (f->base || known_firmware(f->name))
			continue;
		assert_true(firmwares < FIRMWARES);
		firmware[firmwares++] = f;
		if (!strcmp(f->name, REFERENCE))
			reference = f;
	}
	if (firmwares == before) {
		rig_profile_free(p);
		return;
	}
	assert_true(profiles < PROFILES);
	profile[profiles++] = p;
}

/* ---- the rows -------------------------------------------------------------------- */

static const char *row_status(const struct firmware *f, const char *name)
{
	struct command_row row;
	size_t i;

	for (i = 0; commands_row(f, i, &row); i++)
		if (!strcmp(row.name, name))
			return row.status;
	return NULL;
}

/* A firmware's exception takes precedence over that of its family. */
static const char *decided(const struct decision *d, const struct firmware *f)
{
	const char *status = d->status;
	size_t i;

	for (i = 0; i < d->exceptions; i++)
		if (!strcmp(d->except[i].where, f->family))
			status = d->except[i].status;
	for (i = 0; i < d->exceptions; i++)
		if (!strcmp(d->except[i].where, f->name))
			status = d->except[i].status;
	return status;
}

static int wrong; /* complaints so far */

static void compare(const struct decision *d, const struct firmware *f)
{
	const char *row = row_status(f, d->name);
	const char *want = decided(d, f);
	bool none = !strcmp(want, "unknown") || !strcmp(want, "syntax");

	if (none ? !row : row && !strcmp(row, want))
		return;
	print_error("commands.txt:%d: the decision on %s is %s, but on %s it is %s\n",
		d->line, d->name, want, f->name, row ? row : "without a row");
	wrong++;
}

static void every_decision_matches_the_rows(void **state)
{
	size_t i, f;

	(void)state;
	for (i = 0; i < decisions; i++)
		for (f = 0; f < firmwares; f++)
			compare(&decision[i], firmware[f]);
	if (wrong)
		print_error("correct the row or the decision; ACCEPT=1 updates the "
			    "decisions\n");
	assert_int_equal(wrong, 0);
}

static void every_row_has_a_decision(void **state)
{
	struct command_row row;
	size_t i;

	(void)state;
	for (i = 0; commands_row(reference, i, &row); i++) {
		if (find(row.name))
			continue;
		print_error("commands.txt: no decision on %s; add \"%s %s\" in its "
			    "place\n",
			row.name, row.name, row.status);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void exceptions_name_what_ships(void **state)
{
	size_t i, k, f;

	(void)state;
	for (i = 0; i < decisions; i++) {
		for (k = 0; k < decision[i].exceptions; k++) {
			const char *where = decision[i].except[k].where;

			for (f = 0; f < firmwares; f++)
				if (!strcmp(firmware[f]->name, where) ||
					!strcmp(firmware[f]->family, where))
					break;
			if (f == firmwares)
				bad_line(decision[i].line, where);
		}
	}
}

static void must_be_known(const char *name)
{
	if (known_firmware(name))
		return;
	print_error("profiles/firmware/%s.yaml: no combination has a device that accepts "
		    "it, so this test cannot check it\n",
		name);
	wrong++;
}

static void no_firmware_is_left_out(void **state)
{
	(void)state;
	rig_each_firmware(must_be_known);
	assert_int_equal(wrong, 0);
}

/* The references name as many; commands without a row would go unnoticed. */
static void no_list_has_shrunk(void **state)
{
	(void)state;
	assert_true(decisions >= 274);
}

/* ---- ACCEPT=1 -------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(
		((const struct decision *)a)->name, ((const struct decision *)b)->name);
}

/* True when all firmwares of a family have the same status. */
static bool family_agrees(const char *family, const char *name, const char *status)
{
	size_t f;

	for (f = 0; f < firmwares; f++)
		if (!strcmp(firmware[f]->family, family) &&
			strcmp(row_status(firmware[f], name), status) != 0)
			return false;
	return true;
}

static bool first_of_family(size_t f)
{
	size_t i;

	for (i = 0; i < f; i++)
		if (!strcmp(firmware[i]->family, firmware[f]->family))
			return false;
	return true;
}

static void write_decision(FILE *out, const char *name, const char *without_row)
{
	const char *status = row_status(reference, name);
	size_t f;

	fprintf(out, "%s %s", name, status ? status : without_row);
	for (f = 0; status && f < firmwares; f++) {
		const struct firmware *fw = firmware[f];
		const char *other = row_status(fw, name);
		bool family = family_agrees(fw->family, name, other);

		if (strcmp(other, status) != 0 && (!family || first_of_family(f)))
			fprintf(out, " %s=%s", family ? fw->family : fw->name, other);
	}
	fputs("\n", out);
}

static void accept_rows(void)
{
	const char *name = getenv("COMMANDS_TXT");
	struct command_row row;
	char aside[4096];
	FILE *out;
	size_t i;

	for (i = 0; commands_row(reference, i, &row); i++) {
		if (find(row.name))
			continue;
		assert_true(decisions < DECIDED);
		snprintf(decision[decisions++].name, 16, "%s", row.name);
	}
	qsort(decision, decisions, sizeof(decision[0]), by_name);
	/* if the test is killed by its time limit, the list stays intact */
	snprintf(aside, sizeof(aside), "%s.new", name);
	out = fopen(aside, "w");
	assert_non_null(out);
	fputs(head, out);
	for (i = 0; i < decisions; i++)
		write_decision(out, decision[i].name,
			!strcmp(decision[i].status, "syntax") ? "syntax" : "unknown");
	assert_int_equal(fclose(out), 0);
	assert_int_equal(rename(aside, name), 0);
	decisions = 0;
	head[0] = '\0';
	read_file();
}

static int begin(void **state)
{
	(void)state;
	rig_each_profile(collect);
	assert_non_null(reference);
	read_file();
	if (getenv("ACCEPT"))
		accept_rows();
	return 0;
}

static int end(void **state)
{
	(void)state;
	while (profiles)
		rig_profile_free(profile[--profiles]);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(every_row_has_a_decision),
		UNIT(every_decision_matches_the_rows),
		UNIT(exceptions_name_what_ships),
		UNIT(no_firmware_is_left_out),
		UNIT(no_list_has_shrunk),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
