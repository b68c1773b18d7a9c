#ifndef RETORT_TEST_LINKROWS_H
#define RETORT_TEST_LINKROWS_H

/* Link headers of every kind that is decoded. */
#include "frames.h"
#include "sniff/decode.h"

enum { IP4 = 0x0800, IP6 = 0x86dd };

/* What stands before an IP packet: n octets, then type says which version. */
static const struct link_row {
	const char *name;
	int dlt;
	const char *octets;
	uint8_t n;
	uint16_t type;
} link_rows[] = {
	{ "Ethernet", LINK_ETHERNET, "ddddddssssss\x08\0", 14, IP4 },
	{ "802.1Q", LINK_ETHERNET, "ddddddssssss\x81\0\0\1\x86\xdd", 18, IP6 },
	{ "QinQ", LINK_ETHERNET, "ddddddssssss\x88\xa8\0\1\x81\0\0\2\x08\0", 22,
	    IP4 },
	{ "old QinQ", LINK_ETHERNET, "ddddddssssss\x91\0\0\1\x81\0\0\2\x08\0",
	    22, IP4 },
	{ "PPPoE", LINK_ETHERNET, "ddddddssssss\x88\x64\x11\0\0\7\0\x43\0\x21",
	    22, IP4 },
	{ "PPPoE, IPv6", LINK_ETHERNET,
	    "ddddddssssss\x88\x64\x11\0\0\7\0\x43\0\x57", 22, IP6 },
	{ "802.1Q, PPPoE", LINK_ETHERNET,
	    "ddddddssssss\x81\0\0\1\x88\x64\x11\0\0\7\0\x43\0\x21", 26, IP4 },
	{ "PPPoE, short protocol", LINK_ETHERNET,
	    "ddddddssssss\x88\x64\x11\0\0\7\0\x42\x21", 21, IP4 },
	{ "SLL", LINK_LINUX_SLL, "\0\4\0\1\0\6ssssss\0\0\x08\0", 16, IP4 },
	{ "SLL, 802.1Q", LINK_LINUX_SLL,
	    "\0\4\0\1\0\6ssssss\0\0\x81\0\0\1\x86\xdd", 20, IP6 },
	{ "SLL2", LINK_LINUX_SLL2, "\x86\xdd\0\0\0\0\0\1\0\1\4\6ssssss\0\0", 20,
	    IP6 },
	{ "NULL", LINK_NULL, "\2\0\0\0", 4, IP4 },
	{ "NULL, big", LINK_NULL, "\0\0\0\x1e", 4, IP6 },
	{ "LOOP", LINK_LOOP, "\0\0\0\x18", 4, IP6 },
	{ "raw", LINK_RAW, "", 0, IP4 },
	{ "raw, IPv6", LINK_RAW, "", 0, IP6 },
	{ "IPv4", LINK_IPV4, "", 0, IP4 },
	{ "IPv6", LINK_IPV6, "", 0, IP6 },
	{ "PPP", LINK_PPP, "\0\x21", 2, IP4 },
	{ "PPP, short protocol", LINK_PPP, "\x57", 1, IP6 },
	{ "PPP, address", LINK_PPP, "\xff\3\0\x21", 4, IP4 },
	{ "PPP, address, short", LINK_PPP, "\xff\3\x21", 3, IP4 },
	{ "HDLC", LINK_PPP_SERIAL, "\xff\3\0\x57", 4, IP6 },
	{ "Cisco's HDLC", LINK_PPP_SERIAL, "\x0f\0\x08\0", 4, IP4 },
	{ "Cisco's, to all", LINK_PPP_SERIAL, "\x8f\0\x86\xdd", 4, IP6 },
	{ "Cisco's alone", LINK_CISCO_HDLC, "\x0f\0\x08\0", 4, IP4 },
	{ "MPLS", LINK_ETHERNET, "ddddddssssss\x88\x47\0\1\1\x40", 18, IP4 },
	{ "MPLS, two labels", LINK_ETHERNET,
	    "ddddddssssss\x81\0\0\1\x88\x47\0\1\0\x40\0\2\1\x40", 26, IP6 },
	{ "MPLS in PPP", LINK_PPP, "\xff\3\2\x81\0\1\1\x40", 8, IP4 },
	{ "PPPoE alone", LINK_PPP_ETHER, "\x11\0\0\7\0\x43\0\x21", 8, IP4 },
};

static inline struct frame
link_frame(const struct link_row *r)
{
	struct frame f = copy((const uint8_t *)r->octets, r->n);

	if (r->type == IP4)
		insert(&f, f.len, frame4 + IP, sizeof(frame4) - IP);
	else
		insert(&f, f.len, frame6 + IP, sizeof(frame6) - IP);
	return f;
}

#endif
