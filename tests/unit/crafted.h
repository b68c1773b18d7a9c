#ifndef RETORT_TEST_CRAFTED_H
#define RETORT_TEST_CRAFTED_H

/*
 * Segments are built and read back by a decoder that knows only the figures
 * of the RFCs: it takes fields by their bit number, and takes a checksum for
 * the remainder modulo 65535 of one large number. Neither is how craft/ does
 * it.
 */
#include <linux/if_ether.h>

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "craft/craft.h"
#include "tcp/option.h"

#define ETH_LEN	   14
#define MAX_TEXT_4 (65535 - 20 - 20)
#define MAX_TEXT_6 (65535 - 20)

static const uint8_t src_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t dst_mac[6] = { 2, 0, 0, 0, 0, 2 };

/* A frame as the decoder sees it. */
struct seen {
	const uint8_t *ip, *tcp;
	size_t ip_hlen, tcp_len; /* octets; tcp_len: header and text */
	unsigned right;		 /* what the TCP checksum should be */
};

/* n bits from bit number at, the highest first, as the RFCs draw them. */
static inline uint32_t
bits(const uint8_t *p, unsigned at, unsigned n)
{
	uint32_t v = 0;

	for (; n > 0; n--, at++)
		v = v << 1 | (p[at / 8] >> (7 - at % 8) & 1);
	return v;
}

/* Append octets to a number modulo 65535; 2^16 is 1 there, so 2^8 halves. */
static inline uint32_t
mod_add(uint32_t acc, const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		acc = (acc + (i % 2 ? p[i] : p[i] * 256u)) % 65535;
	return acc;
}

/* What makes acc a multiple of 65535. Never 0xffff, the other zero. */
static inline uint32_t
complement(uint32_t acc)
{
	return (65535 - acc) % 65535;
}

/* The right TCP checksum, whatever stands in the field. */
static inline uint32_t
right_checksum(const uint8_t *ip, const uint8_t *tcp, size_t len)
{
	bool v6 = ip[0] >> 4 == 6;
	uint8_t pseudo[40] = { 0 };
	uint32_t acc;

	memcpy(pseudo, ip + (v6 ? 8 : 12), v6 ? 32 : 8);
	pseudo[34] = len >> 8;
	pseudo[35] = len & 0xff;
	pseudo[39] = 6;
	acc = mod_add(0, pseudo, sizeof(pseudo));
	acc = mod_add(acc, tcp, 16);
	return complement(mod_add(acc, tcp + 18, len - 18));
}

static inline void
see(struct seen *v, const uint8_t *frame, size_t len)
{
	ck_assert_uint_ge(len, ETH_LEN + 20);
	v->ip = frame + ETH_LEN;
	v->ip_hlen = bits(v->ip, 0, 4) == 6 ? 40 : bits(v->ip, 4, 4) * 4;
	ck_assert_uint_ge(len, ETH_LEN + v->ip_hlen + 20);
	v->tcp = v->ip + v->ip_hlen;
	v->tcp_len = len - ETH_LEN - v->ip_hlen;
	v->right = right_checksum(v->ip, v->tcp, v->tcp_len);
}

/* RFC 791 3.1, RFC 8200 3. */
static inline void
check_ip(const struct segment *s, const struct seen *v)
{
	unsigned ttl = s->ttl ? s->ttl : 64, wrong = 0;
	const uint8_t *ip = v->ip;

	ck_assert_uint_eq(bits(ip, 0, 4), s->tuple.src.addr.ip);
	if (s->tuple.src.addr.ip == 6) {
		ck_assert_uint_eq(bits(ip, 4, 8), s->tos);
		ck_assert_uint_eq(bits(ip, 12, 20), 0);
		ck_assert_uint_eq(bits(ip, 32, 16), v->tcp_len);
		ck_assert_uint_eq(bits(ip, 48, 8), 6);
		ck_assert_uint_eq(bits(ip, 56, 8), ttl);
		ck_assert_mem_eq(ip + 8, s->tuple.src.addr.octets, 16);
		ck_assert_mem_eq(ip + 24, s->tuple.dst.addr.octets, 16);
		return;
	}
	ck_assert_uint_eq(v->ip_hlen, 20);
	ck_assert_uint_eq(bits(ip, 8, 8), s->tos);
	ck_assert_uint_eq(bits(ip, 16, 16), 20 + v->tcp_len);
	ck_assert_uint_eq(bits(ip, 32, 16), s->ip_id);
	ck_assert_uint_eq(bits(ip, 48, 16), s->df ? 0x4000 : 0);
	ck_assert_uint_eq(bits(ip, 64, 8), ttl);
	ck_assert_uint_eq(bits(ip, 72, 8), 6);
	if (s->faults & FAULT_IP_CHECKSUM)
		wrong = 1;
	ck_assert_uint_eq(bits(ip, 80, 16) - wrong,
	    complement(mod_add(mod_add(0, ip, 10), ip + 12, 8)));
	ck_assert_mem_eq(ip + 12, s->tuple.src.addr.octets, 4);
	ck_assert_mem_eq(ip + 16, s->tuple.dst.addr.octets, 4);
}

/* RFC 9293 3.1. */
static inline void
check_tcp(const struct segment *s, const struct seen *v)
{
	unsigned padded = (s->options_len + 3) / 4, i;
	const uint8_t *tcp = v->tcp;
	unsigned offset = 5 + padded, cksum = v->right;

	if (s->offset != 0 || s->faults & FAULT_OFFSET)
		offset = s->offset;
	if (s->faults & FAULT_CHECKSUM_ZERO)
		cksum = v->right == 0 ? 1 : 0;
	else if (s->faults & FAULT_CHECKSUM)
		cksum = v->right + 1;
	ck_assert_uint_eq(v->tcp_len, 20 + 4 * padded + s->text_len);
	ck_assert_uint_eq(bits(tcp, 0, 16), s->tuple.src.port);
	ck_assert_uint_eq(bits(tcp, 16, 16), s->tuple.dst.port);
	ck_assert_uint_eq(bits(tcp, 32, 32), s->seq);
	ck_assert_uint_eq(bits(tcp, 64, 32), s->ack);
	ck_assert_uint_eq(bits(tcp, 96, 4), offset);
	ck_assert_uint_eq(bits(tcp, 100, 3), s->rsvd);
	ck_assert_uint_eq(bits(tcp, 103, 9), s->ctl);
	ck_assert_uint_eq(bits(tcp, 112, 16), s->wnd);
	ck_assert_uint_eq(bits(tcp, 128, 16), cksum);
	ck_assert_uint_eq(bits(tcp, 144, 16), s->up);
	ck_assert_mem_eq(tcp + 20, s->options, s->options_len);
	for (i = s->options_len; i < 4 * padded; i++)
		ck_assert_uint_eq(tcp[20 + i], OPT_EOL);
	if (s->text_len > 0)
		ck_assert_mem_eq(tcp + 20 + 4 * padded, s->text, s->text_len);
}

/* The whole frame is as the segment says. */
static inline void
check_frame(const struct segment *s, const uint8_t *frame, size_t len)
{
	struct seen v;

	see(&v, frame, len);
	ck_assert_mem_eq(frame, dst_mac, 6);
	ck_assert_mem_eq(frame + 6, src_mac, 6);
	ck_assert_uint_eq(bits(frame, 96, 16),
	    s->tuple.src.addr.ip == 6 ? ETH_P_IPV6 : ETH_P_IP);
	check_ip(s, &v);
	check_tcp(s, &v);
}

static inline struct craft *
open_none(void)
{
	struct craft *c;
	struct err e;

	ck_assert_int_eq(craft_open(&c, NULL, src_mac, dst_mac, &e), 0);
	ck_assert_ptr_nonnull(c);
	return c;
}

/* Build a segment that can be built, and check all of it. */
static inline const uint8_t *
build(struct craft *c, const struct segment *s, size_t *len)
{
	const uint8_t *frame = NULL;
	struct err e = { 0 };

	ck_assert_msg(craft_build(c, s, &frame, len, &e) == 0, "%s", e.msg);
	check_frame(s, frame, *len);
	return frame;
}

static inline struct segment
syn(int ip)
{
	struct segment s = { .seq = 0x01020304, .ctl = CTL_SYN, .wnd = 64240 };

	addr_parse(&s.tuple.src.addr, ip == 6 ? "2001:db8::1" : "192.0.2.1");
	addr_parse(&s.tuple.dst.addr, ip == 6 ? "2001:db8::2" : "192.0.2.2");
	s.tuple.src.port = 1024;
	s.tuple.dst.port = 80;
	return s;
}

#endif
