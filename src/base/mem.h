#ifndef RETORT_MEM_H
#define RETORT_MEM_H

#include <stddef.h>

/*
 * Allocation that does not fail: without memory the program ends with one
 * line and exit code 5. The only functions below cmd/ that may exit.
 */
void *mem_calloc(size_t n, size_t size);
/*
 * mem_calloc() for a large table that is looked at here and there: in large
 * pages, where the system has them. No memory is taken before it is written.
 * mem_table_free() has to be told the same n and size.
 */
void *mem_table(size_t n, size_t size);
void mem_table_free(void *, size_t n, size_t size);
void *mem_realloc(void *p, size_t n, size_t size);
char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t n);

/*
 * Make room for one more element in a growing array that holds n: doubles at
 * the powers of two. Returns the (possibly moved) array; the new element is
 * zeroed.
 */
void *mem_grow(void *array, size_t n, size_t size);

#endif
