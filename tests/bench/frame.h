#ifndef RETORT_FRAME_H
#define RETORT_FRAME_H

#include <stddef.h>
#include <stdint.h>

/*
 * Octets of frames, for test peers that build their own with nothing of the
 * program's, so that a fault there cannot hide itself.
 */
enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };
enum { ETH = 14, IP = 20, IP6 = 40, TCP = 20 };

static inline uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static inline void
put32(uint8_t *p, uint32_t v)
{
	p[0] = v >> 24, p[1] = v >> 16, p[2] = v >> 8, p[3] = v;
}

/* The sum of RFC 1071, an octet at a time. */
static inline uint16_t
sum(const uint8_t *p, size_t n, uint32_t acc)
{
	size_t i;

	for (i = 0; i < n; i++)
		acc += i % 2 ? p[i] : p[i] << 8;
	while (acc >> 16)
		acc = (acc & 0xffff) + (acc >> 16);
	return ~acc;
}

#endif
