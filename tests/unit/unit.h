/* Included by every unit test: cmocka and the headers that it needs. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define UNIT(name) cmocka_unit_test(name)
#define UNIT_MAIN(tests)                                          \
	int main(void)                                            \
	{                                                         \
		return cmocka_run_group_tests(tests, NULL, NULL); \
	}
