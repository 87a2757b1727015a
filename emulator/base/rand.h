/* Seeded random numbers (SplitMix64): the same seed gives the same numbers everywhere. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct rand {
	uint64_t state;
};

void rand_init(struct rand *r, uint64_t seed);
uint64_t rand_next(struct rand *r);

/* A number from 0 to n - 1, all equally likely; n is at least 1. */
uint32_t rand_below(struct rand *r, uint32_t n);
