#ifndef RETORT_RAW_H
#define RETORT_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_MAX 2048

/* A frame, and where its headers are; tcp is NULL when it has none. */
struct raw {
	uint8_t octets[FRAME_MAX];
	size_t len;
	uint8_t *tcp;
	size_t tcp_len;
	bool six;
};

/* Find its TCP header. False: it has none. */
bool raw_parse(struct raw *);

/* A copy's pointers point into the copy. */
void raw_copy(struct raw *to, const struct raw *from);

/*
 * What a stack might answer to it: the way back, <SEQ=SEG.ACK> and
 * <ACK=SEG.SEQ+SEG.LEN>, RST and ACK.
 */
void raw_answer(struct raw *to, const struct raw *from);

/* The octets that it occupies in sequence space. */
uint32_t raw_occupies(const struct raw *);

/* Set the TTL or hop limit, and the checksums: TCP's xor wrong. */
void raw_seal(struct raw *, uint8_t ttl, uint16_t wrong);

/* Send it on a packet socket; that must work. */
void raw_give(int sock, const struct raw *);

/* Take what has arrived already. */
bool raw_take(int sock, struct raw *);

#endif
