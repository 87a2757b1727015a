/* JSON text to a document tree, with jansson. */
#pragma once

#include <stddef.h>

#include "conf/doc.h"

/* Reads one JSON value, which must be UTF-8, at most DOC_BYTES long and DOC_DEPTH deep,
 * without duplicate keys or nulls. jansson does not report the position of a value, so
 * the place of a node has its dotted path as the file ("body" for the whole) and 0 as the
 * line; syntax errors have a line and a column in "body". NULL after an error, which is
 * in e. */
struct doc *doc_json(
	struct doc_pool *pool, const void *text, size_t len, struct doc_errors *e);
