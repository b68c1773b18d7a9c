#ifndef RETORT_TEST_FRAMES_H
#define RETORT_TEST_FRAMES_H

/* Frames for the tests of sniff/decode.h, and ways to change them. */

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * IP 192.0.2.1.40000 > 192.0.2.2.4242: Flags [P.], cksum 0xe9ee (correct),
 * seq 1001:1014, ack 0, win 502, options [nop,nop,TS val 2000 ecr 1000],
 * length 13
 */
static const uint8_t frame4[] = { 0x02, 0x00, 0x00, 0x00, 0x00, 0x02, 0x02,
	0x00, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, /* IPv4: */
	0x45, 0x00, 0x00, 0x41, 0x12, 0x34, 0x40, 0x00, 0x40, 0x06, 0xa4, 0x7f,
	0xc0, 0x00, 0x02, 0x01, 0xc0, 0x00, 0x02, 0x02, /* TCP: */
	0x9c, 0x40, 0x10, 0x92, 0x00, 0x00, 0x03, 0xe9, 0x00, 0x00, 0x00, 0x00,
	0x80, 0x18, 0x01, 0xf6, 0xe9, 0xee, 0x00, 0x00, /* options: */
	0x01, 0x01, 0x08, 0x0a, 0x00, 0x00, 0x07, 0xd0, 0x00, 0x00, 0x03, 0xe8,
	'h', 'e', 'l', 'l', 'o', ',', ' ', 'w', 'o', 'r', 'l', 'd', '\n' };
enum { IP = 14, TCP4 = 34, OPTIONS4 = 54, TEXT4 = 66 };

/*
 * IP6 2001:db8::1.40000 > 2001:db8::2.4242: Flags [S], cksum 0x3ac8 (correct),
 * seq 1000, win 64800, options [mss 1460,sackOK,TS val 1000 ecr 0,nop,
 * wscale 7], length 0
 */
static const uint8_t frame6[] = { 0x02, 0x00, 0x00, 0x00, 0x00, 0x02, 0x02,
	0x00, 0x00, 0x00, 0x00, 0x01, 0x86, 0xdd, /* IPv6: */
	0x60, 0x00, 0x00, 0x00, 0x00, 0x28, 0x06, 0x40, 0x20, 0x01, 0x0d, 0xb8,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
	0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x02, /* TCP: */
	0x9c, 0x40, 0x10, 0x92, 0x00, 0x00, 0x03, 0xe8, 0x00, 0x00, 0x00, 0x00,
	0xa0, 0x02, 0xfd, 0x20, 0x3a, 0xc8, 0x00, 0x00, /* options: */
	0x02, 0x04, 0x05, 0xb4, 0x04, 0x02, 0x08, 0x0a, 0x00, 0x00, 0x03, 0xe8,
	0x00, 0x00, 0x00, 0x00, 0x01, 0x03, 0x03, 0x07 };
enum { TCP6 = 54 };

/* Hop-by-hop, routing (none left), an atomic fragment, AH, destination. */
static const uint8_t extensions[] = {
	43, 0, 1, 4, 0, 0, 0, 0, /* next: routing */
	44, 0, 4, 0, 0, 0, 0, 0, /* fragment */
	51, 9, 0, 0, 0, 0, 0, 7, /* AH; its reserved octet is no length */
	60, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 9, 9, 9, 9, /* destination */
	6, 0, 1, 4, 0, 0, 0, 0				 /* TCP */
};
enum { EXT_ROUTING_LEFT = IP + 40 + 11, EXT_FRAG = IP + 40 + 16 + 2 };

/* A frame that a test changes, in a buffer of exactly its size. */
struct frame {
	uint8_t *p;
	size_t len;
};

static inline struct frame
copy(const uint8_t *p, size_t len)
{
	struct frame f = { .p = malloc(len), .len = len };

	if (len > 0)
		memcpy(f.p, p, len);
	return f;
}

/* Put n octets in at an offset. */
static inline void
insert(struct frame *f, size_t at, const void *octets, size_t n)
{
	f->p = realloc(f->p, f->len + n);
	memmove(f->p + at + n, f->p + at, f->len - at);
	memcpy(f->p + at, octets, n);
	f->len += n;
}

static inline void
put16(uint8_t *p, unsigned v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static inline unsigned
sum(const uint8_t *p, size_t n, unsigned start)
{
	size_t i;

	for (i = 0; i < n; i++)
		start += i % 2 ? p[i] : p[i] << 8;
	while (start > 0xffff)
		start = start / 0x10000 + start % 0x10000;
	return start;
}

static inline unsigned
pseudo_sum(const struct frame *f, size_t tcp)
{
	bool v4 = f->p[IP] >> 4 == 4;

	return sum(f->p + (v4 ? IP + 12 : IP + 8), v4 ? 8 : 32,
	    6 + f->len - tcp);
}

/* Make the checksums right, for a segment that starts at tcp. */
static inline void
fix(struct frame *f, size_t tcp)
{
	put16(f->p + tcp + 16, 0);
	put16(f->p + tcp + 16,
	    ~sum(f->p + tcp, f->len - tcp, pseudo_sum(f, tcp)));
	if (f->p[IP] >> 4 != 4)
		return;
	put16(f->p + IP + 10, 0);
	put16(f->p + IP + 10, ~sum(f->p + IP, tcp - IP, 0));
}

/* The IPv6 frame with all extension headers. */
static inline struct frame
extended(void)
{
	struct frame f = copy(frame6, sizeof(frame6));

	insert(&f, TCP6, extensions, sizeof(extensions));
	put16(f.p + IP + 4, 40 + sizeof(extensions));
	f.p[IP + 6] = 0;
	return f;
}

#endif
