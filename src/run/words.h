#ifndef RETORT_WORDS_H
#define RETORT_WORDS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * The symbolic constants of scripts: AF_INET, SO_RCVBUF, O_NONBLOCK, EAGAIN
 * and so on, with their values on this system.
 */

/*
 * 0 with the value, or -1 with *e: ERR_ENV when another system has such a
 * constant and this one has none, ERR_USAGE when nobody knows it.
 */
int words_value(const char *name, int64_t *value, struct err *e);

/* "EAGAIN", or NULL when no error has that number. */
const char *words_errno(int number);

/*
 * "POLLIN | POLLOUT": the constants of that prefix that are single bits of the
 * value, and the rest as a number; "0" when there is none.
 */
void words_add_flags(struct buf *, const char *prefix, uint32_t value);

#endif
