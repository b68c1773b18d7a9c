#ifndef RETORT_PACKET_H
#define RETORT_PACKET_H

/* The way through a frame's headers, which all decoders share. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sniff/decode.h"

/*
 * A struct packet starts as the whole frame and is narrowed from the front by
 * each header that is stepped over, and from the back when an IP header says
 * where the packet ends and padding begins. Nothing is read before it or a
 * look at cap has shown that it is there. What is left in the end is of the
 * protocol proto.
 */
struct packet {
	const uint8_t *p;
	size_t cap;	   /* octets that the capture kept, from p on */
	size_t len;	   /* octets that were on the wire, from p on; >= cap */
	const uint8_t *ip; /* the IP header that was stepped over last */
	bool fragment;	   /* the rest of the segment is in other packets */
	bool routed;	   /* on its way to an intermediate address */
	bool quoted;	   /* by ICMP: its lengths are not to be relied upon */
	bool tunnels;	   /* what can carry a packet concerns us, too */
	uint8_t proto;
};

/* Ethernet types, and the protocols that packet_ip() leads to. */
enum {
	TYPE_IP = 0x0800,
	TYPE_ARP = 0x0806,
	TYPE_IPV6 = 0x86dd,
	PROTO_ICMP = 1,
	PROTO_IP = 4,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_IPV6 = 41,
	PROTO_GRE = 47,
	PROTO_ICMPV6 = 58
};

/*
 * Start with a frame, and step over its link header; see decode_frame(). *type
 * is that of what follows. DECODE_TCP: there may be more.
 */
enum decode packet_open(struct packet *, int dlt, const uint8_t *p,
    size_t caplen, size_t len, uint16_t *type);

/*
 * Step over the IP headers of a packet of this type. DECODE_TCP: what is left
 * begins with a header of the protocol k->proto, or with less.
 */
enum decode packet_ip(struct packet *k, uint16_t type);

/* Set what *s, which is clear, has of the IP header. */
void packet_numbers(const struct packet *k, struct segment *s);

/* Decode what is left as a segment; the last steps of the decoders. */
enum decode packet_tcp(const struct packet *, struct segment *);
enum decode packet_quick(const struct packet *, struct quick *);

/* The Internet checksum's sum (RFC 1071), not yet complemented. */
uint64_t packet_sum(const uint8_t *p, size_t n);
uint16_t packet_fold(uint64_t sum);

/* The sum of the pseudo header (RFC 9293 3.1, RFC 8200 8.1). */
uint64_t packet_pseudo(const struct packet *, const struct segment *);

#endif
