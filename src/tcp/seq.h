#ifndef RETORT_SEQ_H
#define RETORT_SEQ_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Sequence numbers are compared modulo 2^32 (RFC 9293 3.4): a is below b when
 * the shorter way round from a to b leads upwards. At a distance of exactly
 * 2^31 the difference is negative both ways, as in every common stack.
 */
static inline int32_t
seq_diff(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

static inline bool
seq_lt(uint32_t a, uint32_t b)
{
	return seq_diff(a, b) < 0;
}

static inline bool
seq_leq(uint32_t a, uint32_t b)
{
	return seq_diff(a, b) <= 0;
}

static inline bool
seq_gt(uint32_t a, uint32_t b)
{
	return seq_diff(a, b) > 0;
}

static inline bool
seq_geq(uint32_t a, uint32_t b)
{
	return seq_diff(a, b) >= 0;
}

#endif
