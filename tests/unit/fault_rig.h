/* A modem with rules that make things go wrong, written as in a field bug. */
#pragma once

#include "ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/fault_conf.h"
#include "faults/rules.h"
#include "host/read/doc_yaml.h"
#include "state/modem_state.h"

/* Adds rules from outside. */
static void arm(struct rig *r, const char *yaml)
{
	static struct fault_rule rules[FAULT_RULES];
	struct fault_list list = { rules, 0 };
	struct doc_errors errors;
	struct doc_pool *pool = doc_pool_new();
	struct doc *d;
	size_t i;

	memset(rules, 0, sizeof(rules));
	doc_errors_init(&errors);
	d = doc_yaml(pool, "rules", (const unsigned char *)yaml, strlen(yaml), &errors);
	if (!d || !faults_bind(&list, doc_get(d, "faults"), &errors)) {
		doc_errors_print(&errors, stderr);
		fail();
	}
	for (i = 0; i < list.n; i++)
		assert_int_not_equal(faults_add(r->modem, &rules[i]), 0);
	doc_errors_clear(&errors);
	doc_pool_free(pool);
}

#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, rig_begin, rig_end)
