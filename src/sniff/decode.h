#ifndef RETORT_DECODE_H
#define RETORT_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcp/icmp.h"
#include "tcp/quick.h"
#include "tcp/segment.h"

/* Link types, by the numbers that pcap's DLT_ constants have. */
enum link {
	LINK_NULL = 0,	      /* BSD loopback */
	LINK_ETHERNET = 1,    /* also veth, TAP and Linux's lo */
	LINK_PPP = 9,	      /* with or without HDLC's address octets */
	LINK_RAW = 12,	      /* TUN: IPv4 or IPv6 at once */
	LINK_PPP_SERIAL = 50, /* PPP or Cisco's protocol in HDLC framing */
	LINK_PPP_ETHER = 51,  /* PPPoE without the Ethernet header */
	LINK_CISCO_HDLC = 104,
	LINK_LOOP = 108,      /* OpenBSD loopback */
	LINK_LINUX_SLL = 113, /* Linux's "any", version 1 */
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_LINUX_SLL2 = 276 /* Linux's "any", version 2 */
};

/* What a frame turned out to be. */
enum decode {
	DECODE_TCP,	 /* a segment, though perhaps a faulty one */
	DECODE_OTHER,	 /* not TCP */
	DECODE_SHORT,	 /* too short for the headers it claims to have */
	DECODE_CUT,	 /* the capture kept too little to see the header */
	DECODE_FRAGMENT, /* a part of a segment, without its whole header */
	NDECODE
};

/* Who has which link address: ARP (RFC 826), neighbour discovery (RFC 4861) */
struct neighbour {
	bool asks;	    /* a request; else an answer */
	struct addr sender; /* who asks, perhaps none yet: 0.0.0.0, ::; or
			       whose link address is told */
	struct addr target; /* asked about; of an answer: sender */
	uint8_t mac[6];	    /* the sender's; zero when it does not tell */
};

/* One frame, as decode_sight() understood it. */
struct sight {
	enum { SIGHT_SEGMENT, SIGHT_ICMP, SIGHT_NEIGHBOUR, SIGHT_ECHO } kind;
	uint8_t mac[6]; /* who sent the frame; zero: it bears no addresses */
	union {
		struct segment seg;
		struct icmp icmp;
		struct neighbour neighbour;
		struct echo echo; /* a question; text points into the frame */
	};
};

/* Whether decode_frame() knows frames of this link type (enum link). */
bool decode_knows(int dlt);

/*
 * Step over the link header, any 802.1Q or 802.1ad tags, PPP, also over
 * Ethernet, and MPLS labels. Returns how many of the caplen octets at p they
 * take and sets *type to the Ethernet type of what follows, in host byte order
 * (0: none that we decode). Returns -1 when the frame is too short or the link
 * type unknown.
 */
int decode_link(int dlt, const uint8_t *p, size_t caplen, uint16_t *type);

/*
 * Decode one frame of link type dlt (enum link): caplen octets at p of len
 * that were on the wire. It trusts nothing in them. With DECODE_TCP all of *s
 * is set, save when; s->text points into p. With another result *s is not to
 * be used. What is broken is told in s->faults:
 *
 * FAULT_OFFSET      the 20 fixed octets are decoded, but there are neither
 *                   options nor text: nothing says where the one ends and the
 *                   other begins. text_len is 0.
 * FAULT_OPTION      options is the raw field, the illegal option included.
 * FAULT_CUT         not all of the segment is here: the capture cut it, or
 *                   this is the first fragment of several, and text_len counts
 *                   the octets of this fragment only. The TCP checksum is not
 *                   checked. Options are those that are here as a whole.
 * FAULT_CHECKSUM    the TCP checksum is wrong. Not checked while a routing
 *                   header has segments left, as the sum is made for another
 *                   address.
 * FAULT_OFFLOAD     it is the sum of the pseudo header alone, which a kernel
 *                   leaves there for the device to complete: a capture on the
 *                   sending host or on loopback holds that, a wire must not.
 * FAULT_IP_CHECKSUM the IPv4 header checksum is wrong.
 *
 * DECODE_SHORT: a header is missing or ends before the end of TCP's 20 fixed
 * octets, or a length in an IP header is impossible: below that header's own,
 * or beyond the end of the frame, so that a receiver drops it. An IPv4 total
 * length or IPv6 payload length of 0 is no such error: segmentation offload
 * leaves it so, and the frame's own length counts.
 *
 * DECODE_CUT: the octets were on the wire, but the capture did not keep them.
 *
 * DECODE_FRAGMENT: a later fragment of a segment, or a first one that ends
 * within the 20 octets. Fragments are not put together.
 */
enum decode decode_frame(struct segment *s, int dlt, const uint8_t *p,
    size_t caplen, size_t len);

/*
 * The same for ICMP errors that quote a segment, for echo requests, and for
 * the questions and answers of ARP and neighbour discovery: DECODE_TCP for
 * these too. All of the member that v->kind names is set, save its when, and
 * v->mac is.
 *
 * DECODE_OTHER: also an ICMP message with a wrong checksum, or in a packet
 * with a wrong IPv4 header checksum; an error that does not quote a segment up
 * to its SEQ; redirects, which are no errors; and neighbour discovery that RFC
 * 4861 7.1 has us discard. Extension headers and IPv4 options before a quoted
 * segment are stepped over, and its lengths are not looked at.
 *
 * DECODE_SHORT, DECODE_CUT: also an ICMP message that is not here as a whole.
 */
enum decode decode_sight(struct sight *v, int dlt, const uint8_t *p,
    size_t caplen, size_t len);

/*
 * The same as decode_frame() for those who want no more of a segment than its
 * numbers, and of millions of them: they agree on all that both tell. With
 * DECODE_TCP all of *q is set.
 */
enum decode decode_quick(int dlt, const uint8_t *p, size_t caplen, size_t len,
    struct quick *q);

#endif
