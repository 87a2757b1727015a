/* What a file is, for programs. */
#pragma once

#include <jansson.h>

#include "host/cli.h"
#include "host/dwl/dwl_file.h"

/* A new object with all members below; its `error` is null unless dwl_info() fails, which
 * then has filled *e. */
json_t *dwl_json(const struct profile *p, const char *path, struct dwl_error *e);

extern const struct cli_member dwl_json_members[];
