/* Shared by the tests of this folder: profiles with changes, and modems that play a real
 * one. */
#pragma once

#include <stddef.h>

#include "conf/doc.h"

struct library;
struct profile;
struct twin;

#define FIELD_CLOCK 1262347200 /* Unix time at virtual time 0 */

/* The shipped profiles; set-up and tear-down of a group of cmocka tests. */
extern struct library *library;
int field_begin(void **state);
int field_end(void **state);

/* A profile with its tables; NULL: it has errors. */
struct profile *load(const char *name, const struct kv *kv, size_t n);
void unload(struct profile *p); /* NULL is allowed */

/* What a twin says is appended to a voice. */
struct voice {
	char out[16384];
	size_t len;
};
struct twin *new_twin(const struct profile *p, struct voice *v);
