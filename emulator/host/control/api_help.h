/* The members of the answers of the control interface, for --help of what prints them. */
#pragma once

#include "host/manual/page.h"

/* The part of --help on the members of what --json prints, by the schema of the answer
 * ("fault_rule") or of a member of it ("state.file"). */
void api_help_members(struct page *p, const char *path);
