/* Shared by the tests that play scenarios: a trial on 7.4, what must pass and what must fail.
 */
#pragma once

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "host/play/player.h"
#include "rig.h"

static struct profile *profile;
static struct doc_errors errors;
static struct scenario *scenario;
static struct play_result result;

static int begin(void **state)
{
	(void)state;
	profile = rig_profile("fastrack-supreme-20-r74");
	doc_errors_init(&errors);
	return 0;
}

static int clear(void **state)
{
	(void)state;
	scenario_free(scenario);
	scenario = NULL;
	play_result_clear(&result);
	doc_errors_clear(&errors);
	return 0;
}

static int end(void **state)
{
	clear(state);
	rig_profile_free(profile);
	return 0;
}

/* A profile for each modem: all have the same one. */
static const struct profile *const *play_on(const struct profile *p)
{
	static const struct profile *each[SCENARIO_MODEMS];
	size_t i;

	for (i = 0; i < SCENARIO_MODEMS; i++)
		each[i] = p;
	return each;
}

static void play_text(const char *text, enum play_mode mode, bool accept)
{
	const struct play_options options = { .mode = mode, .accept = accept };

	clear(NULL);
	scenario = scenario_read(NULL, "t.yaml", text, strlen(text), &errors);
	doc_errors_print(&errors, stderr);
	assert_non_null(scenario);
	play(scenario, play_on(profile), &options, &result);
}

/* The scenario must fail at that place, for that reason. */
static void fails(const char *text, const char *place, const char *why)
{
	play_text(text, PLAY_COALESCED, false);
	assert_false(result.ok);
	assert_non_null(result.message);
	assert_memory_equal(result.message, place, strlen(place));
	if (!strstr(result.message, why))
		fail_msg("no \"%s\" in: %s", why, result.message);
}

/* The first mistake of the text must be at that place; column 0: at any of the line. */
static void refused(const char *text, int line, int col, const char *why)
{
	clear(NULL);
	assert_null(scenario_read(NULL, "t.yaml", text, strlen(text), &errors));
	assert_true(errors.n > 0);
	assert_int_equal(errors.item[0].line, line);
	if (col)
		assert_int_equal(errors.item[0].col, col);
	if (!strstr(errors.item[0].text, why))
		fail_msg("no \"%s\" in: %s", why, errors.item[0].text);
}

/* A test of a group whose set-up and tear-down are begin and end. */
#define PLAY(name) cmocka_unit_test_teardown(name, clear)
