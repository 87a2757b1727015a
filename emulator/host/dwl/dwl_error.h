/* Only for the files that implement dwl_file.h. */
#pragma once

#include "host/dwl/dwl_file.h"

/* Formats the message; returns false. */
bool dwl_fail(struct dwl_error *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
