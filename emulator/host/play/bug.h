/* The library of field bugs: profiles/bugs/CHAPTER/NAME.yaml next to the profiles. A bug
 * is a scenario (host/play/scenario.h) with `bug:` and `demo:`. */
#pragma once

#include <stddef.h>

#include "conf/doc.h"
#include "host/play/scenario.h"
#include "host/read/library.h"

struct bug_entry {
	char name[96]; /* of the file, without .yaml */
	char path[4096];
};

/* Lists all bugs by name; the caller frees *out with free(). Returns their number. */
size_t bug_list(struct library *l, struct bug_entry **out);

/* The path of a file that a command line names: of the bug with that name, in `out`, if there
 * is no such file; else the word itself. */
const char *bug_path(struct library *l, const char *word, char out[4096]);

/* Loads a bug by name, or by path when the text contains a "/" or ends in .yaml. NULL,
 * with all errors in e, when it does not exist or is wrong; scenario_free() frees it. */
struct scenario *bug_load(
	struct library *l, const char *name_or_path, struct doc_errors *e);
