#include "unit.h"

#include <string.h>

#include "field_rig.h"
#include "host/field/twin.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"

struct library *library;

int field_begin(void **state)
{
	(void)state;
	library = library_new(NULL);
	library_hook(library, &tables_hook);
	return 0;
}

int field_end(void **state)
{
	(void)state;
	library_free(library);
	return 0;
}

struct profile *load(const char *name, const struct kv *kv, size_t n)
{
	struct doc_errors e;
	struct profile *p;

	doc_errors_init(&e);
	p = profile_load(library, name, kv, n, &e);
	doc_errors_clear(&e);
	if (p)
		tables_build(p);
	return p;
}

void unload(struct profile *p)
{
	if (p)
		tables_free(p);
	profile_free(p);
}

static void said(void *ctx, usec_t at, const void *buf, size_t len)
{
	struct voice *v = ctx;

	(void)at;
	assert_true(v->len + len < sizeof(v->out));
	memcpy(v->out + v->len, buf, len);
	v->len += len;
}

struct twin *new_twin(const struct profile *p, struct voice *v)
{
	const struct twin_options o = {
		.profile = p, .seed = 1, .clock = FIELD_CLOCK, .said = said, .ctx = v
	};

	return twin_new(&o);
}
