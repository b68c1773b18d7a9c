#ifndef RETORT_PCAPNG_BLOCK_H
#define RETORT_PCAPNG_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Numbers of the pcapng format (draft-ietf-opsawg-pcapng). */
enum {
	BLOCK_SECTION = 0x0a0d0d0a, /* the same in either byte order */
	BLOCK_INTERFACE = 1,
	BLOCK_OLD_PACKET = 2,
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
	BLOCK_MIN = 12, /* type, and the length at both ends */
	BYTE_ORDER_MAGIC = 0x1a2b3c4d
};

enum {
	OPT_END = 0,
	OPT_COMMENT = 1,
	OPT_IF_NAME = 2,
	OPT_IF_DESCRIPTION = 3,
	OPT_IF_TSRESOL = 9,
	OPT_IF_TSOFFSET = 14,
	OPT_SECTION_PROGRAM = 4,
	OPT_ISB_IFDROP = 5,
	OPT_EPB_FLAGS = 2
};

/* A link type whose number in files is another than pcap's own. */
enum { LINKTYPE_RAW = 101 };

/* An option of a block. */
struct block_option {
	const uint8_t *value;
	uint16_t code, len;
};

/*
 * The next of the options in n octets at p, *at octets on, which moves; at
 * first 0. False after the last.
 */
bool pcapng_option(bool swapped, const uint8_t *p, uint32_t n, uint32_t *at,
    struct block_option *o);

#endif
