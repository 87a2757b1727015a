/* When two numbers are one subscriber's. Numbers have a + if they are international. */
#pragma once

#include <stdbool.h>

/* The subscriber's part of a number, which it has with and without country code: the last
 * digits, or all of a short one. */
const char *numbers_subscriber(const char *number);

/* Two international numbers are the same only if all digits are. */
bool numbers_same(const char *a, const char *b);
