#ifndef RETORT_TEST_CAPTURES_H
#define RETORT_TEST_CAPTURES_H

/* What stands in each capture that make-captures.c writes. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FIN = 1,
	SYN = 2,
	RST = 4,
	PSH = 8,
	ACK = 16,
	URG = 32,
	ECE = 64,
	CWR = 128,
	AE = 256
};
enum {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_RAW = 101,
	LINK_SLL = 113,
	LINK_SLL2 = 276
};
enum { MICRO = 0xa1b2c3d4, NANO = 0xa1b23c4d };

/* What is done to a frame once it is made. */
enum damage {
	NONE,
	BAD_CHECKSUM,
	PARTIAL_CHECKSUM, /* left to the device: offload */
	BAD_IP_CHECKSUM,
	CUT_TEXT, /* by the capture */
	CUT_OPTIONS,
	FRAGMENT_FIRST,
	FRAGMENT_LATER,
	TOTAL_LENGTH_0,
	PROTO_UDP,
	PROTO_ARP
};

/* One frame. Zero is the plain thing for every field. */
struct row {
	bool reply; /* from the server */
	bool ip6;
	uint16_t ctl;
	uint32_t seq, ack;
	uint16_t wnd, up;
	const char *options, *text;
	uint8_t options_len;
	uint8_t offset;	 /* in words; 0: the right one */
	uint8_t tags;	 /* 802.1Q tags, an 802.1ad one before them */
	const char *ext; /* IPv6 extension headers, each 8 octets */
	uint8_t ext_len, ext_kind;
	const char *ip_options; /* 4 octets */
	enum damage damage;
};
#define OPTIONS(s) .options = s, .options_len = sizeof(s) - 1

#define SYN_OPTIONS "\2\4\5\xb4\4\2\x8\xa\0\0\3\xe8\0\0\0\0\1\3\3\7"
#define TS_OPTION   "\1\1\x8\xa\0\0\7\xd0\0\0\3\xe8"

static const struct row connection[] = {
	{ .ctl = SYN, .seq = 1000, .wnd = 64240, OPTIONS(SYN_OPTIONS) },
	{ .reply = true,
	    .ctl = SYN | ACK,
	    .seq = 4294967295,
	    .ack = 1001,
	    .wnd = 65160,
	    OPTIONS(SYN_OPTIONS) },
	{ .ctl = ACK, .seq = 1001, .ack = 0, .wnd = 502, OPTIONS(TS_OPTION) },
	{ .ctl = PSH | ACK,
	    .seq = 1001,
	    .ack = 0,
	    .wnd = 502,
	    OPTIONS(TS_OPTION),
	    .text = "hello, world\n" },
	{ .reply = true,
	    .ctl = ACK,
	    .ack = 1014,
	    .wnd = 509,
	    OPTIONS(TS_OPTION) },
	{ .reply = true,
	    .ctl = ACK,
	    .ack = 1014,
	    .wnd = 509,
	    OPTIONS("\1\1\5\xa\0\0\4\0\0\0\4\x40") },
	{ .ctl = ACK | URG, .seq = 1014, .wnd = 502, .up = 1, .text = "!" },
	{ .ctl = FIN | ACK, .seq = 1015, .wnd = 502 },
	{ .reply = true, .ctl = RST, .seq = 1 },
	{ .reply = true, .ctl = RST | ACK, .ack = 1016 },
	{ .reply = true, .ctl = RST | ACK, .ack = 1016, .text = "bye" },
};

static const struct row bits[] = {
	{ .seq = 7 },
	{ .ctl = FIN, .seq = 7, .wnd = 1 },
	{ .ctl = SYN, .seq = 7 },
	{ .ctl = PSH, .seq = 7 },
	{ .ctl = URG, .seq = 7, .up = 65535 },
	{ .ctl = ECE | CWR | SYN, .seq = 7 },
	{ .ctl = 0xff, .seq = 4294967290, .ack = 8, .text = "0123456789" },
};

static const struct row ip6[] = {
	{ .ip6 = true,
	    .ctl = SYN,
	    .seq = 1000,
	    .wnd = 64800,
	    OPTIONS(SYN_OPTIONS) },
	{ .ip6 = true, .reply = true, .ctl = RST | ACK, .ack = 1001 },
	{ .ip6 = true,
	    .ctl = PSH | ACK,
	    .seq = 1001,
	    .ack = 5,
	    .wnd = 9,
	    .text = "odd" },
};

/* Kinds of option that we know, and two that we do not. */
static const struct row options[] = {
	{ .ctl = SYN, .seq = 1, OPTIONS("\2\4\5\xb4\3\3\7\4\2\0\0\0") },
	{ .ctl = ACK,
	    .seq = 2,
	    OPTIONS("\1\1\5\x22"
		    "\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4"
		    "\0\0\0\5\0\0\0\6\0\0\0\7\0\0\0\x8") },
	{ .ctl = SYN, .seq = 3, OPTIONS(TS_OPTION) },
	{ .ctl = SYN, .seq = 4, OPTIONS("\1\1\1\2\4\2\x18\1") },
	{ .ctl = SYN,
	    .seq = 5,
	    OPTIONS("\x1d\x10\1\2"
		    "0123456789ab") },
	{ .ctl = SYN, .seq = 6, OPTIONS("\x22\2\1\1") },
	{ .ctl = SYN, .seq = 7, OPTIONS("\x22\x0a\1\2\3\4\5\6\7\x8\1\1") },
	{ .ctl = SYN,
	    .seq = 8,
	    OPTIONS("\xfd\x8"
		    "exp\0\0\7") },
	{ .ctl = SYN, .seq = 9, OPTIONS("\x4d\2\1\1") },
};

/* Kinds: 0 hop-by-hop, 43 routing, 44 fragment, 51 AH, 60 destination. */
static const struct row extensions[] = {
	{ .ip6 = true,
	    .ctl = SYN,
	    .seq = 1,
	    .ext = "\6\0\1\4\0\0\0\0",
	    .ext_len = 8 },
	{ .ip6 = true,
	    .ctl = SYN,
	    .seq = 2,
	    .ext_kind = 60,
	    .ext_len = 40,
	    .ext = "\53\0\1\4\0\0\0\0"
		   "\63\0\0\0\0\0\0\0"
		   "\54\2\0\0\0\0\0\1\0\0\0\2\0\0\0\0"
		   "\6\377\0\0\0\0\0\7" },
	{ .ip6 = true,
	    .ctl = SYN,
	    .seq = 3,
	    .ext_kind = 43,
	    .ext_len = 24,
	    .ext = "\6\2\0\1\0\0\0\0"
		   "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\11",
	    .damage = BAD_CHECKSUM },
	{ .ip6 = true,
	    .ctl = SYN,
	    .seq = 4,
	    .ext_kind = 44,
	    .ext_len = 8,
	    .ext = "\6\0\0\1\0\0\0\7",
	    .text = "the first fragment" },
	{ .ip6 = true,
	    .ctl = SYN,
	    .seq = 5,
	    .ext_kind = 44,
	    .ext_len = 8,
	    .ext = "\6\0\0\11\0\0\0\7",
	    .text = "a later one is passed over" },
	{ .ip6 = true,
	    .ctl = SYN,
	    .seq = 6,
	    .ext_kind = 59,
	    .ext_len = 8,
	    .ext = "\6\0\0\0\0\0\0\0",
	    .text = "no next header" },
};

static const struct row vlan[] = {
	{ .tags = 1, .ctl = SYN, .seq = 1, .wnd = 100 },
	{ .tags = 2, .ctl = SYN, .seq = 2, .wnd = 100 },
	{ .tags = 1, .ip6 = true, .ctl = SYN, .seq = 3, .wnd = 100 },
	{ .tags = 3, .ctl = RST, .seq = 4, .ip_options = "\1\1\1\0" },
};

static const struct row mixed[] = {
	{ .ctl = SYN, .seq = 1, .damage = PROTO_UDP },
	{ .ctl = SYN, .seq = 2, .damage = PROTO_ARP },
	{ .ctl = SYN, .seq = 3, .damage = FRAGMENT_LATER },
	{ .ctl = SYN, .seq = 4 },
	{ .ip6 = true, .ctl = SYN, .seq = 5, .damage = PROTO_UDP },
	{ .ip6 = true, .ctl = SYN, .seq = 6 },
};

static const struct row faults[] = {
	{ .ctl = SYN, .seq = 1, .damage = BAD_CHECKSUM },
	{ .ctl = SYN, .seq = 2, .damage = PARTIAL_CHECKSUM },
	{ .ctl = SYN, .seq = 3, .damage = BAD_IP_CHECKSUM },
	{ .ctl = SYN, .seq = 4, .damage = CUT_TEXT, .text = "not kept" },
	{ .ctl = SYN, .seq = 5, .damage = CUT_OPTIONS, OPTIONS(SYN_OPTIONS) },
	{ .ctl = SYN, .seq = 6, .damage = FRAGMENT_FIRST, .text = "and so" },
	{ .ctl = SYN, .seq = 7, .damage = TOTAL_LENGTH_0, .text = "offload" },
	{ .ctl = SYN, .seq = 8, .offset = 4, .text = "neither" },
	{ .ctl = SYN, .seq = 9, .offset = 15, .text = "nor" },
	{ .ctl = SYN, .seq = 10, OPTIONS("\2\3\5\xb4") },
	{ .ctl = SYN, .seq = 11, OPTIONS("\1\1\x8\x40") },
	{ .ctl = SYN, .seq = 12, OPTIONS("\1\0\xff\xff") },
	{ .ctl = SYN | AE, .seq = 13 },
	{ .ip6 = true, .ctl = SYN, .seq = 14, .damage = BAD_CHECKSUM },
	{ .ip6 = true, .ctl = SYN, .seq = 15, .damage = PARTIAL_CHECKSUM },
	{ .ip6 = true,
	    .ctl = RST,
	    .seq = 16,
	    .damage = CUT_TEXT,
	    .text = "not kept" },
	{ .ctl = SYN,
	    .seq = 17,
	    OPTIONS("\x13\x12"
		    "0123456789abcdef"
		    "\1\1") },
};

#define ROWS(a) a, sizeof(a) / sizeof((a)[0])
static const struct capture {
	const char *name;
	uint32_t magic;
	bool big_endian;
	uint16_t link;
	const struct row *rows;
	size_t nrows;
} captures[] = {
	{ "connection.pcap", MICRO, false, LINK_ETHERNET, ROWS(connection) },
	{ "bits.pcap", NANO, true, LINK_RAW, ROWS(bits) },
	{ "ip6.pcap", MICRO, true, LINK_ETHERNET, ROWS(ip6) },
	{ "extensions.pcap", NANO, false, LINK_ETHERNET, ROWS(extensions) },
	{ "vlan.pcap", NANO, false, LINK_ETHERNET, ROWS(vlan) },
	{ "sll.pcap", MICRO, false, LINK_SLL, ROWS(connection) },
	{ "sll2.pcap", NANO, false, LINK_SLL2, ROWS(vlan) },
	{ "null.pcap", MICRO, false, LINK_NULL, ROWS(bits) },
	{ "options.pcap", MICRO, false, LINK_ETHERNET, ROWS(options) },
	{ "mixed.pcap", MICRO, false, LINK_ETHERNET, ROWS(mixed) },
	{ "faults.pcap", MICRO, false, LINK_ETHERNET, ROWS(faults) },
};

#endif
