/* YAML text to a document tree, from the events of libyaml. */
#pragma once

#include <stddef.h>

#include "conf/doc.h"

/* Reads one document, which must be UTF-8, at most DOC_BYTES long and DOC_DEPTH deep,
 * without anchors, aliases, tags, second documents or duplicate keys. `name` is
 * the file name in errors. NULL after an error; e has all errors that were found. */
struct doc *doc_yaml(struct doc_pool *pool, const char *name, const void *text,
	size_t len, struct doc_errors *e);

/* The text of a file and its length in *len, cut at about twice DOC_BYTES (more than
 * DOC_BYTES means too long). The caller frees it. NULL, with an error in e, when the file
 * cannot be read or is a directory. */
char *doc_file_text(const char *path, size_t *len, struct doc_errors *e);

/* doc_yaml() of a file. */
struct doc *doc_yaml_file(struct doc_pool *pool, const char *path, struct doc_errors *e);
