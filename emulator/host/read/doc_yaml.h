/* YAML text to a document tree, by libyaml's events. */
#pragma once

#include <stddef.h>

#include "conf/doc.h"

/* Reads one document, which must be UTF-8, at most DOC_BYTES long and DOC_DEPTH deep,
 * without anchors, aliases, tags, second documents or duplicate keys. `name` is what
 * errors call it. NULL when there was an error; all that could be found are in e. */
struct doc *doc_yaml(struct doc_pool *pool, const char *name, const void *text,
	size_t len, struct doc_errors *e);

/* The bytes of a file, *len of them, at most twice DOC_BYTES: too long shows. The caller
 * frees them. NULL, with an error in e, when it cannot be read or is a directory. */
char *doc_file_text(const char *path, size_t *len, struct doc_errors *e);

/* doc_yaml() of a file. */
struct doc *doc_yaml_file(struct doc_pool *pool, const char *path, struct doc_errors *e);
