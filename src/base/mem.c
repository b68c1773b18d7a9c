#include <sys/mman.h>

#include <err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

#define HUGE (2ul << 20)

void *
mem_calloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (p == NULL)
		errx(ERR_INTERNAL, "out of memory");
	return p;
}

void *
mem_table(size_t n, size_t size)
{
	void *p = mem_calloc(n, size);
	uintptr_t from = ((uintptr_t)p + HUGE - 1) & ~(uintptr_t)(HUGE - 1);
	uintptr_t to = ((uintptr_t)p + n * size) & ~(uintptr_t)(HUGE - 1);

	/* only an advice: nothing depends on it */
	if (to > from)
		madvise((void *)from, to - from, MADV_HUGEPAGE);
	return p;
}

void *
mem_realloc(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n ? n : 1, size);
	if (p == NULL)
		errx(ERR_INTERNAL, "out of memory");
	return p;
}

char *
mem_strndup(const char *s, size_t n)
{
	char *p = strndup(s, n);

	if (p == NULL)
		errx(ERR_INTERNAL, "out of memory");
	return p;
}

char *
mem_strdup(const char *s)
{
	return mem_strndup(s, strlen(s));
}

void *
mem_grow(void *array, size_t n, size_t size)
{
	if ((n & (n - 1)) == 0)
		array = mem_realloc(array, n ? n * 2 : 1, size);
	memset((char *)array + n * size, 0, size);
	return array;
}
