#ifndef RETORT_TEST_CAPS_H
#define RETORT_TEST_CAPS_H

/* Capture files that tests put together, in either byte order. */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

struct cap {
	struct buf b;
	bool big;     /* the most significant octet first */
	size_t block; /* where the block that is written begins */
};

static inline void
cap_add(struct cap *c, uint64_t v, unsigned octets)
{
	unsigned i;
	uint8_t o;

	for (i = 0; i < octets; i++) {
		o = v >> 8 * (c->big ? octets - 1 - i : i);
		buf_add(&c->b, &o, 1);
	}
}

static inline void
cap16(struct cap *c, uint16_t v)
{
	cap_add(c, v, 2);
}

static inline void
cap32(struct cap *c, uint32_t v)
{
	cap_add(c, v, 4);
}

/* A classic file's header. */
static inline void
cap_classic(struct cap *c, uint32_t magic, uint32_t linktype)
{
	cap32(c, magic);
	cap16(c, 2);
	cap16(c, 4);
	cap_add(c, 0, 8);
	cap32(c, 65535);
	cap32(c, linktype);
}

static inline void
cap_record(struct cap *c, uint32_t sec, uint32_t fraction, const void *p,
    size_t n)
{
	cap32(c, sec);
	cap32(c, fraction);
	cap32(c, n);
	cap32(c, n);
	buf_add(&c->b, p, n);
}

/* Blocks of pcapng. */
static inline void
cap_begin(struct cap *c, uint32_t type)
{
	c->block = c->b.len;
	cap32(c, type);
	cap32(c, 0);
}

static inline void
cap_pad(struct cap *c)
{
	while ((c->b.len - c->block) % 4 != 0)
		cap_add(c, 0, 1);
}

static inline void
cap_end(struct cap *c)
{
	struct cap length = { .big = c->big };

	cap_pad(c);
	cap32(&length, c->b.len - c->block + 4);
	memcpy(c->b.p + c->block + 4, length.b.p, 4);
	buf_add(&c->b, length.b.p, 4);
	buf_free(&length.b);
}

static inline void
cap_option(struct cap *c, uint16_t code, const void *value, uint16_t n)
{
	cap16(c, code);
	cap16(c, n);
	buf_add(&c->b, value, n);
	cap_pad(c);
}

static inline void
cap_section(struct cap *c)
{
	cap_begin(c, 0x0a0d0d0a);
	cap32(c, 0x1a2b3c4d);
	cap16(c, 1);
	cap16(c, 0);
	cap_add(c, -1, 8);
	cap_end(c);
}

/* resolution: if_tsresol, or -1 for none */
static inline void
cap_iface(struct cap *c, uint16_t linktype, uint32_t snaplen, int resolution)
{
	uint8_t octet = resolution;

	cap_begin(c, 1);
	cap16(c, linktype);
	cap16(c, 0);
	cap32(c, snaplen);
	if (resolution != -1)
		cap_option(c, 9, &octet, 1);
	cap_end(c);
}

/* The comment may be NULL. */
static inline void
cap_packet(struct cap *c, uint32_t iface, uint64_t stamp, const void *p,
    size_t n, const char *comment)
{
	cap_begin(c, 6);
	cap32(c, iface);
	cap32(c, stamp >> 32);
	cap32(c, stamp);
	cap32(c, n);
	cap32(c, n);
	buf_add(&c->b, p, n);
	cap_pad(c);
	if (comment != NULL) {
		cap_option(c, 1, comment, strlen(comment));
		cap32(c, 0);
	}
	cap_end(c);
}

#endif
