#ifndef RETORT_BUF_H
#define RETORT_BUF_H

#include <stddef.h>
#include <stdint.h>

/*
 * A growing string. Zero-initialise it; p is NULL until something is added,
 * buf_str() never is. The text is always terminated.
 */
struct buf {
	char *p;
	size_t len; /* octets of text, without the terminator */
	size_t cap;
};

void buf_add(struct buf *, const void *data, size_t len);
void buf_adds(struct buf *, const char *s);
void buf_addf(struct buf *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Add a character n times. */
void buf_fill(struct buf *, char c, size_t n);

/* Add a number, faster than by "%u". */
void buf_addu(struct buf *, uint32_t n);

/*
 * Add text that came from the wire or from a file: printable ASCII and well
 * formed UTF-8 as they are, all else, and backslash, as \xNN.
 */
void buf_add_escaped(struct buf *, const void *data, size_t len);

const char *buf_str(const struct buf *);
void buf_reset(struct buf *); /* empty it, keep the memory */
void buf_free(struct buf *);

#endif
