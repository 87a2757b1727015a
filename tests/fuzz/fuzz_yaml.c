/* Exercises host/doc_yaml, conf/doc and conf/doc_errors with arbitrary bytes: there is
 * either a tree, or errors with a position; never both or neither. */
#include <stdint.h>
#include <stdlib.h>

#include "conf/doc.h"
#include "conf/schema.h"
#include "host/read/doc_yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The tree is bounded, and every text in it is terminated. */
static size_t weigh(const struct doc *d, int depth)
{
	const char *as;
	uint64_t usec;
	size_t i, n = 1;

	if (depth > DOC_DEPTH)
		abort();
	if (d->kind == DOC_SCALAR) {
		n += schema_looks(d->text, &as);
		n += schema_time(d->text, &usec);
	}
	for (i = 0; i < d->n; i++) {
		if ((d->kind == DOC_MAP) != (d->items[i].key != NULL))
			abort();
		n += weigh(d->items[i].value, depth + 1);
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct doc_pool *pool = doc_pool_new();
	struct doc_errors errors;
	const struct doc *d;
	size_t i;

	doc_errors_init(&errors);
	d = doc_yaml(pool, "fuzz", data, size, &errors);
	if (!d == !errors.n)
		abort();
	if (d)
		weigh(d, 0);
	for (i = 0; i < errors.n; i++)
		if (errors.item[i].line < 1 || errors.item[i].col < 1)
			abort();
	doc_errors_clear(&errors);
	doc_pool_free(pool);
	return 0;
}
