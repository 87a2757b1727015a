/* JSON text to a document tree, by jansson. */
#pragma once

#include <stddef.h>

#include "conf/doc.h"

/* Reads one JSON value, which must be UTF-8, at most DOC_BYTES long and DOC_DEPTH deep,
 * without duplicate keys and nulls. jansson tells no places, so the file of a node's
 * place is its dotted path, "body" for the whole, and the line is 0; errors of syntax
 * have line and column of "body". NULL when there was an error, which is in e. */
struct doc *doc_json(
	struct doc_pool *pool, const void *text, size_t len, struct doc_errors *e);
