#ifndef RETORT_QUICK_H
#define RETORT_QUICK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The numbers of a segment, read where it lies: what there is to know of each
 * of millions. Neither checksums nor options are looked at. Made by
 * decode_quick() of sniff/; all in host byte order, save the addresses. The
 * pointers lead into the frame and end with it.
 */
struct quick {
	const uint8_t *addrs; /* source, destination: 4 or 16 octets each */
	const uint8_t *tcp;   /* the header; its options begin at tcp + 20 */
	const uint8_t *text;  /* NULL when none was kept */
	uint32_t seq, ack;    /* SEG.SEQ; SEG.ACK, whether or not ACK is set */
	uint32_t text_len;    /* octets of text on the wire */
	uint32_t text_kept;   /* how many of them are at text */
	uint16_t sport, dport;
	uint16_t ctl; /* enum ctl, all nine */
	uint16_t wnd; /* SEG.WND, unscaled */
	uint16_t ip_id;
	uint8_t ip;	     /* 4 or 6 */
	uint8_t ttl;	     /* or hop limit */
	uint8_t tos;	     /* or traffic class */
	uint8_t options_len; /* octets of options that are here */
	uint8_t faults;	     /* of enum fault: FAULT_OFFSET, FAULT_CUT */
	bool df;	     /* IPv4 don't fragment */
	bool fragment; /* the first of several: text_len is only its own */
};

#endif
