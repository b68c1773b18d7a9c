#ifndef RETORT_TEST_NOISE_H
#define RETORT_TEST_NOISE_H

#include "frames.h"

/* Xorshift (Marsaglia 2003), for mutations that are the same in each run. */
static inline uint32_t
next_random(uint32_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

/* Change some octets of a frame, and drop some at its end. */
static inline void
mutate(struct frame *f, uint32_t *x)
{
	unsigned n = next_random(x) % 8;

	for (; n > 0; n--)
		f->p[next_random(x) % f->len] = next_random(x);
	if (next_random(x) % 4 == 0) {
		f->len = next_random(x) % (f->len + 1);
		f->p = realloc(f->p, f->len ? f->len : 1);
	}
}

#endif
