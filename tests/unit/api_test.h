/* Shared by the tests of the control interface: a modem, requests, checks of the answer.
 */
#pragma once

#include "unit.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control_rig.h"
#include "fake_http.h"

#define ONE "/v1/modems/1"

static struct control_rig rig;
static struct fake_answer *answer;

static int setup(void **state)
{
	(void)state;
	control_rig_init(&rig);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	control_rig_free(&rig);
	return 0;
}

static inline void get(const char *path, const char *query)
{
	answer = fake_ask(rig.api, "GET", path, query, NULL, 0, NULL);
}

static inline void post(const char *path, const char *body)
{
	answer = fake_ask(rig.api, "POST", path, NULL, body, strlen(body), NULL);
}

static inline void assert_has(const char *words)
{
	if (!strstr(answer->body, words))
		fail_msg("\"%s\" is missing in: %s", words, answer->body);
}

static inline void assert_status(int status)
{
	if (answer->status != status)
		fail_msg("status %d: %s", answer->status,
			answer->body ? answer->body : "not answered");
}

/* Every error has a message and a remedy; field NULL: not checked. */
static inline void assert_error(int status, const char *field, const char *words)
{
	json_t *j, *e;

	assert_status(status);
	j = json_loads(answer->body, 0, NULL);
	e = json_object_get(j, "error");
	assert_non_null(e);
	assert_true(json_is_string(json_object_get(e, "message")));
	assert_true(strlen(json_string_value(json_object_get(e, "remedy"))) > 3);
	if (field)
		assert_string_equal(
			json_string_value(json_object_get(e, "field")), field);
	assert_has(words);
	json_decref(j);
}
