/* Collects all errors of a file, each with its place, to show them together. */
#include "conf/doc.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void doc_errors_init(struct doc_errors *e)
{
	e->n = 0;
	e->more = 0;
}

void doc_errors_clear(struct doc_errors *e)
{
	size_t i;

	for (i = 0; i < e->n; i++) {
		free(e->item[i].file);
		free(e->item[i].text);
	}
	doc_errors_init(e);
}

void doc_error(struct doc_errors *e, struct doc_place at, const char *fmt, ...)
{
	const char *file = at.file ? at.file : "?";
	char *text = NULL, *copy;
	va_list ap;
	size_t i;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	copy = strdup(file);
	if (n < 0 || !copy) {
		fputs("fauxtrack: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	for (i = 0; i < e->n; i++)
		if (e->item[i].line == at.line && e->item[i].col == at.col &&
			!strcmp(e->item[i].file, file) && !strcmp(e->item[i].text, text))
			break;
	if (i < e->n || e->n == DOC_ERRORS) {
		e->more += i == DOC_ERRORS;
		free(text);
		free(copy);
		return;
	}
	e->item[e->n++] = (struct doc_error){ copy, at.line, at.col, text };
}

static int by_place(const void *a, const void *b)
{
	const struct doc_error *x = a, *y = b;
	int d = strcmp(x->file, y->file);

	if (!d)
		d = x->line - y->line;
	if (!d)
		d = x->col - y->col;
	return d ? d : strcmp(x->text, y->text);
}

void doc_errors_sort(struct doc_errors *e, const char *first)
{
	struct doc_error item;
	size_t i, at = 0;

	qsort(e->item, e->n, sizeof(e->item[0]), by_place);
	for (i = 0; first && i < e->n; i++) {
		if (strcmp(e->item[i].file, first) != 0)
			continue;
		item = e->item[i];
		memmove(&e->item[at + 1], &e->item[at], (i - at) * sizeof(item));
		e->item[at++] = item;
	}
}

void doc_errors_print(const struct doc_errors *e, FILE *out)
{
	size_t i;

	for (i = 0; i < e->n; i++) {
		const struct doc_error *x = &e->item[i];

		if (x->line)
			fprintf(out, "%s:%d:%d: %s\n", x->file, x->line, x->col, x->text);
		else
			fprintf(out, "%s: %s\n", x->file, x->text);
	}
	if (e->more)
		fprintf(out, "... and %zu more\n", e->more);
}
