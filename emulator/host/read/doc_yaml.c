/* YAML text to a document tree. Features that profiles must not use (anchors, tags, ...)
 * are reported and reading goes on, so that all errors of a file are reported at once;
 * only a syntax error or too deep nesting stops it. */
#include "host/read/doc_yaml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct level {
	struct doc *node;
	const char *key; /* of a mapping: a key whose value has not been read yet */
	struct doc_place key_at;
	bool drop; /* the next value belongs to a refused key */
};

struct reader {
	yaml_parser_t parser;
	struct doc_pool *pool;
	struct doc_errors *errors;
	const char *file;
	const unsigned char *text;
	size_t len;
	struct level level[DOC_DEPTH];
	size_t depth;
	struct doc *root;
	int documents;
	bool bad, stop;
};

/* Messages of libyaml, and the remedies. */
static const struct {
	const char *problem, *remedy;
} remedies[] = {
	{ "cannot start any token", "indent with spaces, not tabs, and quote a text that "
				    "begins with @ ` or %" },
	{ "mapping values are not allowed",
		"quote a text that contains \": \", and indent all keys alike" },
	{ "could not find expected ':'", "write each line of a mapping as KEY: VALUE" },
	{ "did not find expected key", "indent this line like the lines around it, or "
				       "quote a text with special characters" },
	{ "expected ',' or ']'", "separate with commas and close the list with ]" },
	{ "expected ',' or '}'", "separate with commas and close the mapping with }" },
	{ "unexpected end of stream", "close the quotation that is open here" },
	{ "did not find expected '-'",
		"start each line of a list with -, all with the same indentation" },
	{ "unknown escape", "double a backslash in double quotes, or use single quotes" },
	{ "control characters", "remove the control character" },
	{ "UTF-8", "save the file as UTF-8" },
	{ "unicode", "save the file as UTF-8" },
	{ "UTF-16", "save the file as UTF-8" },
};

static const char *remedy(const char *problem)
{
	size_t i;

	for (i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++)
		if (strstr(problem, remedies[i].problem))
			return remedies[i].remedy;
	return "check the quotes, brackets and indentation here";
}

static struct doc_place place(const struct reader *r, const yaml_mark_t *m)
{
	return (struct doc_place){ r->file, (int)m->line + 1, (int)m->column + 1 };
}

static void refuse(struct reader *r, struct doc_place at, const char *text)
{
	doc_error(r->errors, at, "%s", text);
	r->bad = true;
}

/* Line and column of a byte, for errors where libyaml gives only an offset. */
static struct doc_place place_of(const struct reader *r, size_t offset)
{
	struct doc_place at = { r->file, 1, 1 };
	size_t i;

	for (i = 0; i < offset && i < r->len; i++) {
		if (r->text[i] == '\n') {
			at.line++;
			at.col = 1;
		} else if ((r->text[i] & 0xc0) != 0x80) {
			at.col++;
		}
	}
	return at;
}

static void syntax_error(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *problem = p->problem ? p->problem : "unknown error";
	struct doc_place at = p->error == YAML_READER_ERROR
				      ? place_of(r, p->problem_offset)
				      : place(r, &p->problem_mark);

	if (p->error == YAML_MEMORY_ERROR) {
		fputs("fauxtrack: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	doc_error(r->errors, at, "not valid YAML: %s; %s", problem, remedy(problem));
	r->bad = true;
	r->stop = true;
}

/* Puts a scalar, or a list or mapping that begins here, into its parent. */
static void attach(struct reader *r, struct doc *d)
{
	struct level *l = r->depth ? &r->level[r->depth - 1] : NULL;
	bool fits = true;

	if (!l) {
		r->root = d;
		return;
	}
	if (l->node->kind == DOC_LIST) {
		fits = doc_append(r->pool, l->node, d);
	} else if (l->drop) {
		l->drop = false;
	} else {
		fits = doc_put(r->pool, l->node, l->key, l->key_at, d);
		l->key = NULL;
	}
	if (!fits) {
		refuse(r, d->at,
			"more than 4096 entries in one place; make the file smaller");
		r->stop = true;
	}
}

/* If a scalar is a key of the open mapping, stores it there and returns true. */
static bool take_key(struct reader *r, const yaml_event_t *e)
{
	struct level *l = r->depth ? &r->level[r->depth - 1] : NULL;
	const char *text = (const char *)e->data.scalar.value;
	const struct doc_item *old;
	struct doc_place at = place(r, &e->start_mark);

	if (!l || l->node->kind != DOC_MAP || l->key || l->drop)
		return false;
	old = doc_find(l->node, text);
	if (old) {
		doc_error(r->errors, at,
			"the key \"%s\" is already in line %d; remove one of them", text,
			old->at.line);
		r->bad = true;
	}
	if (!*text)
		refuse(r, at, "this key is empty; write a name before the colon");
	if (strlen(text) != e->data.scalar.length)
		refuse(r, at, "this key contains a zero byte; remove the byte");
	l->drop = old || !*text;
	l->key = l->drop ? NULL : doc_pool_text(r->pool, text, strlen(text));
	l->key_at = at;
	return true;
}

static void scalar(struct reader *r, const yaml_event_t *e)
{
	struct doc_place at = place(r, &e->start_mark);
	const char *text = (const char *)e->data.scalar.value;
	bool plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	if (e->data.scalar.anchor)
		refuse(r, at, "anchors (&name) are not allowed; write the value out");
	if (e->data.scalar.tag)
		refuse(r, at, "tags (!name) are not allowed; leave it out");
	if (take_key(r, e))
		return;
	if (strlen(text) != e->data.scalar.length)
		refuse(r, at, "this text contains a zero byte; remove the \\0");
	attach(r, doc_scalar(r->pool, at, text, strlen(text),
			  plain ? DOC_PLAIN : DOC_QUOTED));
}

static void alias(struct reader *r, const yaml_event_t *e)
{
	struct doc_place at = place(r, &e->start_mark);
	struct level *l = r->depth ? &r->level[r->depth - 1] : NULL;

	refuse(r, at,
		"aliases (*name) are not allowed; write the value out, or use inherits");
	if (l && l->node->kind == DOC_MAP && !l->key && !l->drop)
		l->drop = true;
	else
		attach(r, doc_scalar(r->pool, at, "", 0, DOC_EITHER));
}

static void begin(struct reader *r, const yaml_event_t *e, struct doc *d,
	const void *anchor, const void *tag)
{
	struct level *l = r->depth ? &r->level[r->depth - 1] : NULL;

	(void)e;
	if (anchor)
		refuse(r, d->at, "anchors (&name) are not allowed; write the value out");
	if (tag)
		refuse(r, d->at, "tags (!name) are not allowed; leave it out");
	if (l && l->node->kind == DOC_MAP && !l->key && !l->drop) {
		refuse(r, d->at,
			"a key cannot be a list or mapping; write a plain name before "
			"the colon");
		r->stop = true;
		return;
	}
	if (r->depth == DOC_DEPTH) {
		refuse(r, d->at, "nested more than 32 deep; flatten it");
		r->stop = true;
		return;
	}
	attach(r, d);
	r->level[r->depth++] = (struct level){ .node = d };
}

static void document(struct reader *r, const yaml_event_t *e)
{
	struct doc_place at = place(r, &e->start_mark);

	if (r->documents++) {
		refuse(r, at,
			"a second document; write only one per file, without a second "
			"---");
		r->stop = true;
	}
	if (e->data.document_start.tag_directives.start !=
		e->data.document_start.tag_directives.end)
		refuse(r, at, "%TAG is not allowed; leave it out");
}

static void event(struct reader *r, const yaml_event_t *e)
{
	struct doc_place at = place(r, &e->start_mark);

	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		document(r, e);
		break;
	case YAML_ALIAS_EVENT:
		alias(r, e);
		break;
	case YAML_SCALAR_EVENT:
		scalar(r, e);
		break;
	case YAML_SEQUENCE_START_EVENT:
		begin(r, e, doc_list(r->pool, at), e->data.sequence_start.anchor,
			e->data.sequence_start.tag);
		break;
	case YAML_MAPPING_START_EVENT:
		begin(r, e, doc_map(r->pool, at), e->data.mapping_start.anchor,
			e->data.mapping_start.tag);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		r->depth--;
		break;
	case YAML_STREAM_END_EVENT:
		r->stop = true;
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
}

struct doc *doc_yaml(struct doc_pool *pool, const char *name, const void *text,
	size_t len, struct doc_errors *errors)
{
	struct reader r = { .pool = pool, .errors = errors, .text = text, .len = len };
	struct doc_place whole = { NULL, 1, 1 };
	yaml_event_t e;

	whole.file = r.file = doc_pool_text(pool, name, strlen(name));
	if (len > DOC_BYTES) {
		doc_error(errors, whole, "the file is larger than 1 MiB; split it");
		return NULL;
	}
	if (!yaml_parser_initialize(&r.parser)) {
		fputs("fauxtrack: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	yaml_parser_set_input_string(&r.parser, text, len);
	/* a byte order mark could otherwise select UTF-16, where place_of() is wrong */
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	while (!r.stop) {
		if (!yaml_parser_parse(&r.parser, &e)) {
			syntax_error(&r);
			break;
		}
		event(&r, &e);
		yaml_event_delete(&e);
	}
	yaml_parser_delete(&r.parser);
	if (!r.bad && !r.root) {
		doc_error(errors, whole,
			"the file is empty; write at least one KEY: VALUE line");
		r.bad = true;
	}
	return r.bad ? NULL : r.root;
}

#define FIRST_READ 16384 /* bytes; most files are smaller */

static char *unreadable(const char *path, struct doc_errors *errors)
{
	struct doc_place whole = { path, 0, 0 };

	doc_error(errors, whole, "cannot be read: %s; %s", strerror(errno),
		errno == EISDIR ? "give a file in it"
				: "check the path and its permissions");
	return NULL;
}

char *doc_file_text(const char *path, size_t *len, struct doc_errors *errors)
{
	FILE *f = fopen(path, "rbe");
	size_t size = FIRST_READ, n = 0;
	char *text = NULL;

	if (!f)
		return unreadable(path, errors);
	/* reads more than DOC_BYTES, so that doc_yaml() refuses a file that is too long
	 */
	for (; n < DOC_BYTES + 1; size *= 2) {
		text = realloc(text, size + 1);
		if (!text) {
			fputs("fauxtrack: out of memory\n", stderr);
			exit(EXIT_FAILURE);
		}
		n += fread(text + n, 1, size - n, f);
		if (n < size)
			break;
	}
	*len = n;
	if (ferror(f)) {
		free(text);
		text = unreadable(path, errors);
	}
	fclose(f);
	return text;
}

struct doc *doc_yaml_file(
	struct doc_pool *pool, const char *path, struct doc_errors *errors)
{
	struct doc *d = NULL;
	size_t len;
	char *text = doc_file_text(path, &len, errors);

	if (text)
		d = doc_yaml(pool, path, text, len, errors);
	free(text);
	return d;
}
