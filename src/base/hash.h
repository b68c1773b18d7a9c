#ifndef RETORT_HASH_H
#define RETORT_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Hashes under an unguessable key: what a hostile capture holds cannot be
 * chosen so that all of it falls into one place of a table.
 */

/* The 128 bits of a product, folded to 64. */
static inline uint64_t
hash_pair(const uint64_t key[2], uint64_t a, uint64_t b)
{
	unsigned __int128 m = (unsigned __int128)(a ^ key[0]) * (b ^ key[1]);

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* Of len octets. */
static inline uint64_t
hash_octets(const uint64_t key[2], const void *octets, size_t len)
{
	const char *p = octets;
	uint64_t h = len, w;
	size_t n;

	for (; len > 0; p += n, len -= n) {
		n = len < sizeof(w) ? len : sizeof(w);
		w = 0;
		memcpy(&w, p, n);
		h = hash_pair(key, h, w);
	}
	return h;
}

#endif
