#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"

struct arena_block {
	struct arena_block *next;
	max_align_t data[];
};

void *
arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *b = mem_calloc(1, sizeof(*b) + size);

	b->next = a->blocks;
	a->blocks = b;
	return b->data;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1);

	memcpy(p, s, n);
	return p;
}

void
arena_free(struct arena *a)
{
	struct arena_block *b;

	while ((b = a->blocks) != NULL) {
		a->blocks = b->next;
		free(b);
	}
}
