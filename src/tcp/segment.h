#ifndef RETORT_SEGMENT_H
#define RETORT_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "tcp/addr.h"
#include "tcp/ctl.h"

#define SEG_OPTIONS_MAX 40

/*
 * What is broken in a segment. craft/ breaks it so on request, sniff/ finds
 * it so; the rules ask for it by name.
 */
enum fault {
	FAULT_CHECKSUM = 0x01,	    /* the TCP checksum is wrong */
	FAULT_CHECKSUM_ZERO = 0x02, /* and the field is 0 (craft/ only) */
	FAULT_OFFSET = 0x04,	    /* data offset below 5 or past the end */
	FAULT_OPTION = 0x08,	    /* an option's length is illegal */
	FAULT_IP_CHECKSUM = 0x10,   /* the IPv4 header checksum is wrong */
	FAULT_CUT = 0x20,	    /* not all of it was captured */
	FAULT_OFFLOAD = 0x40	    /* the checksum is only the pseudo header's:
					left to a network card */
};

/*
 * One TCP segment and the few IP fields that matter to it. All numbers are
 * in host byte order. This is the only form in which a segment travels
 * between the folders: craft/ makes octets of it, sniff/ makes it of octets.
 */
struct segment {
	struct tuple tuple;
	uint32_t seq;	/* SEG.SEQ */
	uint32_t ack;	/* SEG.ACK: the field, whether or not ACK is set */
	uint16_t ctl;	/* enum ctl */
	uint8_t rsvd;	/* the three bits still reserved, 0 to 7 */
	uint8_t offset; /* data offset in 32-bit words; craft/: 0 = computed */
	uint16_t wnd;	/* SEG.WND as it stands in the header, unscaled */
	uint16_t up;	/* SEG.UP, the urgent pointer */
	uint16_t cksum; /* as on the wire; craft/ computes it */
	uint8_t options[SEG_OPTIONS_MAX]; /* raw; see tcp/option.h */
	uint8_t options_len;
	uint8_t faults;	     /* enum fault */
	const uint8_t *text; /* segment text; NULL when not kept */
	uint32_t text_len;   /* its length on the wire */
	uint32_t text_kept;  /* how much of it is at text */
	uint8_t ttl;	     /* TTL, hop limit; craft/: 0 = 64 */
	uint8_t tos;	     /* TOS, traffic class */
	uint16_t ip_id;	     /* IPv4 identification */
	bool df;	     /* IPv4 don't fragment */
	int64_t when;	     /* ns since 1970: sent or captured */
};

/* SEG.LEN: the octets of text, counting SYN and FIN (RFC 9293 3.4). */
uint32_t seg_len(const struct segment *);

/*
 * Set those of s->faults that follow from its other fields: an option whose
 * length is illegal, a data offset (if it is not 0) below 5 or past the end.
 */
void seg_find_faults(struct segment *);

#endif
