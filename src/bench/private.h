#ifndef RETORT_PRIVATE_H
#define RETORT_PRIVATE_H

#include "base/err.h"

/*
 * Into a network namespace of our own: with the privilege for it, else inside
 * a user namespace. 0, or -1 with *e.
 */
int private_enter(struct err *);

/* Say what a system forbids to users, by errno, and the way out. Always -1. */
int private_forbidden(struct err *, const char *what);

/* One processor for all that follows, so that the order is certain. */
int private_pin(struct err *);

#endif
