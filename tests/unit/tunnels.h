#ifndef RETORT_TEST_TUNNELS_H
#define RETORT_TEST_TUNNELS_H

/* Tunnels of every kind that is entered. */
#include "frames.h"

/* What an outer header is made of, before the inner packet. */
static const struct tunnel {
	const char *name;
	const char *header; /* behind the outer IPv4 header */
	uint8_t len;
	uint8_t proto;
	bool ethernet; /* the inner frame's header is carried, too */
	bool ip6;      /* the inner packet */
} tunnels[] = {
	{ "IPIP", "", 0, 4, false, false },
	{ "6in4", "", 0, 41, false, true },
	{ "GRE", "\0\0\x08\0", 4, 47, false, false },
	{ "GRE, IPv6", "\0\0\x86\xdd", 4, 47, false, true },
	{ "GRE, all fields", "\xb0\0\x08\0cccckkkkssss", 16, 47, false, false },
	{ "GRE, Ethernet", "\x20\0\x65\x58kkkk", 8, 47, true, false },
	{ "ERSPAN I", "\0\0\x88\xbe", 4, 47, true, false },
	{ "ERSPAN II", "\x10\0\x88\xbessss\x10\0\0\0iiii", 16, 47, true,
	    false },
	{ "VXLAN", "\xc0\0\x12\xb5\0\0\0\0\x08\0\0\0\0\0\1\0", 16, 17, true,
	    false },
	{ "Geneve", "\xc0\0\x17\xc1\0\0\0\0\1\0\x65\x58\0\0\1\0oooo", 20, 17,
	    true, false },
	{ "Geneve, IPv6", "\xc0\0\x17\xc1\0\0\0\0\0\0\x86\xdd\0\0\1\0", 16, 17,
	    false, true },
	{ "VXLAN, IPv6", "\xc0\0\x21\x18\0\0\0\0\x08\0\0\0\0\0\1\0", 16, 17,
	    true, true },
};

/* An Ethernet frame of IPv4 that carries the frame, or the packet in it. */
static inline struct frame
tunnel_frame(const struct frame *inner, const struct tunnel *t)
{
	size_t skip = t->ethernet ? 0 : IP;
	struct frame f = copy(frame4, TCP4);

	insert(&f, f.len, t->header, t->len);
	insert(&f, f.len, inner->p + skip, inner->len - skip);
	f.p[IP + 9] = t->proto;
	put16(f.p + IP + 2, f.len - IP);
	if (t->proto == 17)
		put16(f.p + TCP4 + 4, f.len - TCP4);
	return f;
}

#endif
