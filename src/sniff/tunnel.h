#ifndef RETORT_TUNNEL_H
#define RETORT_TUNNEL_H

#include <stdbool.h>

#include "sniff/decode.h"

/* A frame, or a packet that another carries; as decode_frame() takes it. */
struct carried {
	int dlt;
	const uint8_t *p;
	size_t caplen, len;
};

/*
 * Step from a frame to the packet that it carries: in IP (IPIP, 6in4, 4in6,
 * 6in6), in GRE (IP or Ethernet, RFC 2784, 2890; ERSPAN), in VXLAN (RFC 7348;
 * UDP ports 4789 and 8472) or in Geneve (RFC 8926). Later fragments are not
 * entered; of a first one the rest counts as cut off. False when it carries
 * none, and nothing is changed.
 */
bool tunnel_enter(struct carried *c);

/*
 * decode_quick() for a frame or what it carries, through up to four tunnels.
 * *c is changed to the packet that the answer is about, for decode_frame().
 */
enum decode tunnel_quick(struct carried *c, struct quick *q);

#endif
