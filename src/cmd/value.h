#ifndef RETORT_VALUE_H
#define RETORT_VALUE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * What an option or operand says in text. All return 0, or -1 with *e
 * (ERR_USAGE) naming `what`, such as "--ttl", and the text.
 */

/* A number from least to most. */
int value_number(uint32_t *, const char *what, const char *text, uint32_t least,
    uint32_t most, struct err *e);

/* A time: "1", "1.5s", "200ms", "50us"; at most an hour. In ns. */
int value_time(int64_t *, const char *what, const char *text, struct err *e);

/*
 * Ports: a list of numbers and ranges, "22,80-90,8000-", each port once and
 * in order. *ports is to be freed.
 */
int value_ports(uint16_t **ports, size_t *n, const char *text, struct err *e);

#endif
