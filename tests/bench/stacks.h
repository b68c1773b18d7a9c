#ifndef RETORT_STACKS_H
#define RETORT_STACKS_H

#include "bench/adapter.h"

/*
 * Stacks for tests: this machine's kernel behind two TAP devices, as if it
 * were another stack, and what a stack may do wrong as a program. Their names
 * tell it:
 *
 *	kernel	all is as it should be
 *	blind	its driver sees nothing of a connection
 *	missing	its package is not there
 *	refuses	it ends before it is ready, and does not say why
 *	never	it never gets ready
 *	mute	it gets ready, but nobody is at the other end of the TAP
 *	dies	it ends in the middle
 *	hangs	it stops in the middle
 */
const struct adapter *stacks_at(unsigned i);
const struct adapter *stacks_find(const char *name);

#endif
