/* JSON text to a document tree. Strings become quoted scalars, numbers and booleans plain
 * scalars, so that the schema binder sees the same tree as from YAML. */
#include "host/read/doc_json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_MAX_LEN 200 /* longer paths are cut in messages */

struct reader {
	struct doc_pool *pool;
	struct doc_errors *errors;
	bool bad;
};

static struct doc_place place(struct reader *r, const char *path)
{
	const char *name = *path ? path : "body";

	return (struct doc_place){ doc_pool_text(r->pool, name, strlen(name)), 0, 0 };
}

static void refuse(struct reader *r, struct doc_place at, const char *text)
{
	doc_error(r->errors, at, "%s", text);
	r->bad = true;
}

static struct doc *number(struct reader *r, struct doc_place at, const json_t *j)
{
	char text[40];
	int n;

	if (json_is_integer(j)) {
		n = snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT,
			json_integer_value(j));
	} else {
		/* the shortest that reads back as the same */
		n = snprintf(text, sizeof(text), "%.15g", json_real_value(j));
		if (strtod(text, NULL) != json_real_value(j))
			n = snprintf(text, sizeof(text), "%.17g", json_real_value(j));
	}
	return doc_scalar(r->pool, at, text, (size_t)n, DOC_PLAIN);
}

static struct doc *convert(
	struct reader *r, const json_t *j, const char *path, unsigned depth);

static struct doc *list(
	struct reader *r, const json_t *j, const char *path, unsigned depth)
{
	struct doc_place at = place(r, path);
	struct doc *d = doc_list(r->pool, at), *value;
	char below[PATH_MAX_LEN];
	size_t i;

	for (i = 0; i < json_array_size(j); i++) {
		snprintf(below, sizeof(below), "%.170s%s%zu", path, *path ? "." : "", i);
		value = convert(r, json_array_get(j, i), below, depth + 1);
		if (value && !doc_append(r->pool, d, value)) {
			refuse(r, at, "more than 4096 entries; send fewer");
			break;
		}
	}
	return d;
}

static struct doc *map(struct reader *r, json_t *j, const char *path, unsigned depth)
{
	struct doc_place at = place(r, path);
	struct doc *d = doc_map(r->pool, at), *value;
	char below[PATH_MAX_LEN];
	const char *key;
	json_t *v;

	json_object_foreach(j, key, v)
	{
		snprintf(below, sizeof(below), "%.80s%s%.80s", path, *path ? "." : "",
			key);
		if (!*key) {
			refuse(r, at, "this key is empty; give it a name");
			continue;
		}
		value = convert(r, v, below, depth + 1);
		if (value && !doc_put(r->pool, d, key, place(r, below), value)) {
			refuse(r, at, "more than 4096 keys; send fewer");
			break;
		}
	}
	return d;
}

static struct doc *convert(
	struct reader *r, const json_t *j, const char *path, unsigned depth)
{
	struct doc_place at = place(r, path);
	const char *text;

	if (depth >= DOC_DEPTH) {
		refuse(r, at, "nested more than 32 deep; flatten it");
		return NULL;
	}
	switch (json_typeof(j)) {
	case JSON_OBJECT:
		return map(r, (json_t *)j, path, depth);
	case JSON_ARRAY:
		return list(r, j, path, depth);
	case JSON_STRING:
		text = json_string_value(j);
		return doc_scalar(r->pool, at, text, json_string_length(j), DOC_QUOTED);
	case JSON_INTEGER:
	case JSON_REAL:
		return number(r, at, j);
	case JSON_TRUE:
	case JSON_FALSE:
		text = json_is_true(j) ? "true" : "false";
		return doc_scalar(r->pool, at, text, strlen(text), DOC_PLAIN);
	case JSON_NULL:
		break;
	}
	refuse(r, at, "null is not accepted; leave the key out");
	return NULL;
}

struct doc *doc_json(
	struct doc_pool *pool, const void *text, size_t len, struct doc_errors *errors)
{
	struct reader r = { .pool = pool, .errors = errors };
	struct doc_place whole = place(&r, "");
	struct doc *d = NULL;
	json_error_t error;
	json_t *j;

	if (len > DOC_BYTES) {
		doc_error(errors, whole, "more than 1 MiB; send less");
		return NULL;
	}
	j = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!j) {
		whole.line = error.line > 0 ? error.line : 1;
		whole.col = error.column > 0 ? error.column : 1;
		doc_error(errors, whole,
			"not valid JSON: %s; write texts and keys in double quotes, and "
			"a colon after each key",
			error.text);
		return NULL;
	}
	d = convert(&r, j, "", 0);
	json_decref(j);
	return r.bad ? NULL : d;
}
