#ifndef RETORT_RANDOM_H
#define RETORT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/*
 * Numbers that a forger off the path cannot guess, from getrandom(2). The
 * pool saves a system call for each number.
 */
struct random {
	uint32_t pool[64];
	size_t left;
};

uint32_t random_u32(struct random *);

/* A port a peer may use: 1024 to 65535, evenly. */
uint16_t random_port(struct random *);

#endif
