#ifndef RETORT_FUZZ_H
#define RETORT_FUZZ_H

/*
 * What libFuzzer and driver.c call: the program ends abnormally if anything is
 * wrong with what it makes of n octets, which nobody vouches for.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* As assert(), but never left out. */
#define HOLDS(condition)          \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

#endif
