#include "base/rand.h"

#include <assert.h>

void rand_init(struct rand *r, uint64_t seed)
{
	r->state = seed;
}

uint64_t rand_next(struct rand *r)
{
	uint64_t z = (r->state += UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

uint32_t rand_below(struct rand *r, uint32_t n)
{
	uint64_t limit;
	uint64_t x;

	assert(n > 0);
	/* the largest multiple of n: numbers above it would favour small results */
	limit = UINT64_MAX - UINT64_MAX % n;
	do {
		x = rand_next(r);
	} while (x >= limit);
	return (uint32_t)(x % n);
}
