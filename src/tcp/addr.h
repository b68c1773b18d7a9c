#ifndef RETORT_ADDR_H
#define RETORT_ADDR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* An IPv4 or IPv6 address, in network byte order; unused octets are zero. */
struct addr {
	uint8_t ip; /* 4 or 6; 0: none */
	uint8_t octets[16];
};

/* One end of a connection. The port is in host byte order. */
struct endpoint {
	struct addr addr;
	uint16_t port;
};

/* Who sent a segment to whom (RFC 9293 3.3.1: a connection's name). */
struct tuple {
	struct endpoint src;
	struct endpoint dst;
};

/* Octets in an address of this family: 4 or 16. */
unsigned addr_len(const struct addr *);

/* 0, or -1 when text is no IPv4 or IPv6 address. */
int addr_parse(struct addr *, const char *text);

/* Multicast, or IPv4's limited broadcast: the address of no one host. */
bool addr_is_group(const struct addr *);

bool addr_eq(const struct addr *, const struct addr *);
bool endpoint_eq(const struct endpoint *, const struct endpoint *);
bool tuple_eq(const struct tuple *, const struct tuple *);

/* The tuple of a segment that goes the other way. */
struct tuple tuple_reverse(const struct tuple *);

void addr_add(struct buf *, const struct addr *);
/* tcpdump's way: 192.0.2.1.80 */
void endpoint_add(struct buf *, const struct endpoint *);

#endif
