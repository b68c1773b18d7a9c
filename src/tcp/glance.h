#ifndef RETORT_GLANCE_H
#define RETORT_GLANCE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What a glance at a captured segment tells: the numbers that every segment
 * of a large capture is looked at for. Host byte order. The pointers are into
 * the frame. Checksums are not looked at; a struct segment knows more.
 */
struct glance {
	int64_t when;		  /* ns since 1970 */
	uint64_t frame;		  /* its number in the capture, from 1 */
	const uint8_t *src, *dst; /* 4 or 16 octets, network byte order */
	uint8_t ip;		  /* 4 or 6 */
	uint8_t ttl, tos;
	bool df;
	uint16_t ip_id; /* 0 for IPv6 */
	uint16_t sport, dport;
	uint32_t seq, ack; /* ack: the field, whether or not ACK is set */
	uint32_t len;	   /* octets of text on the wire */
	uint16_t ctl, wnd; /* enum ctl; unscaled */
	const uint8_t *options;
	uint8_t options_len; /* those that were captured */
};

#endif
