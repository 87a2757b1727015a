/* Exercises conf/profile_conf, conf/schema and their checks: the first byte chooses the
 * kind of file, the rest is YAML. The only parent is the file itself, so that circular
 * inheritance is tried too. Reading either succeeds or reports an error. */
#include <stdint.h>
#include <stdlib.h>

#include "conf/profile_conf.h"
#include "host/read/doc_yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t size;
	int reads;
};

static struct doc *read_part(void *ctx, enum part_kind kind, const char *name,
	struct doc_place asked, struct doc_pool *pool, struct doc_errors *e)
{
	struct input *in = ctx;

	(void)kind;
	if (*name == 'x' && ++in->reads < 20)
		return doc_yaml(pool, name, in->data, in->size, e);
	doc_error(e, asked, "there is no \"%s\"; write x", name);
	return NULL;
}

static void each_name(void *ctx, enum part_kind kind,
	void (*each)(void *each_ctx, const char *name), void *each_ctx)
{
	(void)ctx;
	(void)kind;
	each(each_ctx, "x");
	each(each_ctx, "xy");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { NULL, 0, 0 };
	const struct part_source source = {
		.ctx = &in, .read = read_part, .names = each_name
	};
	struct doc_errors errors;
	struct doc_pool *pool;
	struct doc *d;
	bool ok;

	if (!size)
		return 0;
	in.data = data + 1;
	in.size = size - 1;
	pool = doc_pool_new();
	doc_errors_init(&errors);
	d = doc_yaml(pool, "fuzz", in.data, in.size, &errors);
	ok = d && profile_check((enum part_kind)(data[0] % PART_KINDS), "fuzz", d, pool,
			  &source, NULL, &errors);
	if (ok == (errors.n > 0))
		abort();
	doc_errors_clear(&errors);
	doc_pool_free(pool);
	return 0;
}
