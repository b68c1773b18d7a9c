#ifndef RETORT_ARENA_H
#define RETORT_ARENA_H

#include <stddef.h>

/*
 * Memory that is freed all at once: what a parser builds piece by piece and
 * must not leak when it stops in the middle. Zero-initialise it.
 */
struct arena {
	struct arena_block *blocks;
};

/* Zeroed memory that lives until arena_free(). */
void *arena_alloc(struct arena *, size_t size);
/* A terminated copy of the n octets at s, all of which must be there. */
char *arena_strndup(struct arena *, const char *s, size_t n);
void arena_free(struct arena *);

#endif
