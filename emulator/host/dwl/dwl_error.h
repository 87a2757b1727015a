/* For the files behind dwl_file.h only. */
#pragma once

#include "host/dwl/dwl_file.h"

/* Puts the sentence together; always false. */
bool dwl_fail(struct dwl_error *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
