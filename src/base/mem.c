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

/* Whole large pages, or 0: it is too small for them. */
static size_t
table_len(size_t n, size_t size)
{
	size_t len;

	if (__builtin_mul_overflow(n, size, &len) || len > SIZE_MAX / 2)
		errx(ERR_INTERNAL, "out of memory");
	return len < HUGE / 4 ? 0 : (len + HUGE - 1) & ~(HUGE - 1);
}

void *
mem_table(size_t n, size_t size)
{
	size_t len = table_len(n, size), before;
	char *p;

	if (len == 0)
		return mem_calloc(n, size);
	p = mmap(NULL, len + HUGE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		errx(ERR_INTERNAL, "out of memory");
	/* what is before the first large page, and as much behind, goes back */
	before = -(uintptr_t)p & (HUGE - 1);
	if (before > 0)
		munmap(p, before);
	p += before;
	munmap(p + len, HUGE - before);
	/* only an advice: nothing depends on it */
	madvise(p, len, MADV_HUGEPAGE);
	return p;
}

void
mem_table_free(void *p, size_t n, size_t size)
{
	size_t len = table_len(n, size);

	if (len == 0)
		free(p);
	else if (p != NULL)
		munmap(p, len);
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
