#ifndef RETORT_STACK_H
#define RETORT_STACK_H

#include "base/err.h"

/* Whose deviations are known of a stack. */
struct stack {
	char name[80], version[80];
};

/* This machine's own: the best guess at another one's, until it is told. */
void stack_init(struct stack *);

/* NAME, NAME/VERSION or none. 0, or -1 with *e (ERR_USAGE). */
int stack_take(struct stack *, const char *value, struct err *e);

#endif
