#ifndef RETORT_ICMP_H
#define RETORT_ICMP_H

#include "tcp/segment.h"

/*
 * An ICMP message that says that a segment did not arrive (RFC 792, RFC
 * 4443), with as much of the segment as it quotes: addresses, ports and SEQ,
 * by which its sender knows it again. Numbers in host byte order.
 */
struct icmp {
	struct addr from, to; /* who says it to whom */
	uint8_t type, code;   /* as RFC 792 or, by from.ip, RFC 4443 has them */
	uint8_t ttl;	      /* of the message itself */
	uint32_t mtu;	      /* of "too big": what is not; else 0 */
	struct tuple probe;   /* quoted */
	uint32_t seq;	      /* quoted SEG.SEQ */
	int64_t when;	      /* ns since 1970 */
};

/*
 * In words: "host unreachable", "packet too big, MTU 1280". What has no words
 * becomes "type 3, code 99".
 */
void icmp_add_text(struct buf *, const struct icmp *);

/* A question or an answer of ping: an echo (RFC 792, RFC 4443 4). */
struct echo {
	struct addr from, to;
	uint16_t id, seq;
	const uint8_t *text; /* who made the struct says how long it is valid */
	size_t len;
};

#endif
