/*
 * ICMP errors, ARP and neighbour discovery, as they should be, cut at every
 * octet, lying, and mutated. Each frame lies in a buffer of exactly its size,
 * so that a sanitizer sees any octet that is read beyond it.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "messages.h"
#include "sniff/decode.h"

static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 2 };

static const struct base {
	const uint8_t *p;
	size_t len;
	int kind;
} bases[] = {
	{ error4, sizeof(error4), SIGHT_ICMP },
	{ error6, sizeof(error6), SIGHT_ICMP },
	{ nd_ask, sizeof(nd_ask), SIGHT_NEIGHBOUR },
	{ nd_tell, sizeof(nd_tell), SIGHT_NEIGHBOUR },
	{ arp_ask, sizeof(arp_ask), SIGHT_NEIGHBOUR },
	{ arp_tell, sizeof(arp_tell), SIGHT_NEIGHBOUR },
	{ frame4, sizeof(frame4), SIGHT_SEGMENT },
	{ frame6, sizeof(frame6), SIGHT_SEGMENT },
};
enum { ERROR4, ERROR6, ND_ASK, ND_TELL, ARP_ASK, ARP_TELL };

static enum decode
see(struct sight *v, const struct frame *f)
{
	return decode_sight(v, LINK_ETHERNET, f->p, f->len, f->len);
}

/* Decode a frame of messages.h as it is, with junk in *v before. */
static void
see_base(struct sight *v, size_t base)
{
	struct frame f = copy(bases[base].p, bases[base].len);

	memset(v, 0xa5, sizeof(*v));
	ck_assert_int_eq(see(v, &f), DECODE_TCP);
	ck_assert_int_eq(v->kind, bases[base].kind);
	free(f.p);
}

static void
check_addr(const struct addr *a, const char *text)
{
	struct addr expected = { 0 };

	ck_assert_int_eq(addr_parse(&expected, text), 0);
	ck_assert_mem_eq(a, &expected, sizeof(expected));
}

START_TEST(test_error4)
{
	struct sight v;

	see_base(&v, ERROR4);
	check_addr(&v.icmp.from, "203.0.113.9");
	check_addr(&v.icmp.to, "192.0.2.1");
	ck_assert_uint_eq(v.icmp.type, 3);
	ck_assert_uint_eq(v.icmp.code, 4);
	ck_assert_uint_eq(v.icmp.ttl, 60);
	ck_assert_uint_eq(v.icmp.mtu, 1400);
	check_addr(&v.icmp.probe.src.addr, "192.0.2.1");
	ck_assert_uint_eq(v.icmp.probe.src.port, 40000);
	check_addr(&v.icmp.probe.dst.addr, "198.51.100.7");
	ck_assert_uint_eq(v.icmp.probe.dst.port, 80);
	ck_assert_uint_eq(v.icmp.seq, 0x01020304);
}
END_TEST

START_TEST(test_error6)
{
	struct sight v;

	see_base(&v, ERROR6);
	check_addr(&v.icmp.from, "2001:db8:f::9");
	check_addr(&v.icmp.to, "2001:db8::1");
	ck_assert_uint_eq(v.icmp.type, 2);
	ck_assert_uint_eq(v.icmp.code, 0);
	ck_assert_uint_eq(v.icmp.ttl, 60);
	ck_assert_uint_eq(v.icmp.mtu, 1280);
	check_addr(&v.icmp.probe.src.addr, "2001:db8::1");
	ck_assert_uint_eq(v.icmp.probe.src.port, 40000);
	check_addr(&v.icmp.probe.dst.addr, "2001:db8:7::7");
	ck_assert_uint_eq(v.icmp.probe.dst.port, 80);
	ck_assert_uint_eq(v.icmp.seq, 0x01020304);
}
END_TEST

START_TEST(test_neighbours)
{
	static const struct {
		size_t base;
		bool asks;
		const char *sender, *target;
	} rows[] = {
		{ ARP_ASK, true, "192.0.2.2", "192.0.2.1" },
		{ ARP_TELL, false, "192.0.2.2", "192.0.2.2" },
		{ ND_ASK, true, "2001:db8::2", "2001:db8::1" },
		{ ND_TELL, false, "2001:db8::2", "2001:db8::2" },
	};
	struct sight v;

	see_base(&v, rows[_i].base);
	ck_assert_int_eq(v.neighbour.asks, rows[_i].asks);
	check_addr(&v.neighbour.sender, rows[_i].sender);
	check_addr(&v.neighbour.target, rows[_i].target);
	ck_assert_mem_eq(v.neighbour.mac, mac, 6);
}
END_TEST

/* A segment is what decode_frame() says, and all else is none to it. */
START_TEST(test_segments)
{
	struct segment s;
	struct sight v;
	struct frame f;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bases); i++) {
		f = copy(bases[i].p, bases[i].len);
		if (bases[i].kind != SIGHT_SEGMENT) {
			ck_assert_int_eq(decode_frame(&s, LINK_ETHERNET, f.p,
					     f.len, f.len),
			    DECODE_OTHER);
			free(f.p);
			continue;
		}
		memset(&v, 0xa5, sizeof(v));
		ck_assert_int_eq(see(&v, &f), DECODE_TCP);
		ck_assert_int_eq(decode_frame(&s, LINK_ETHERNET, f.p, f.len,
				     f.len),
		    DECODE_TCP);
		ck_assert_int_eq(v.kind, SIGHT_SEGMENT);
		ck_assert(memcmp(&v.seg, &s, sizeof(s)) == 0);
		free(f.p);
	}
}
END_TEST

/* Types that are errors; and of which fields the MTU is taken. */
START_TEST(test_types)
{
	static const struct {
		size_t base;
		uint8_t type, code;
		bool error;
		uint32_t mtu;
	} rows[] = {
		{ ERROR4, 3, 1, true, 0 },
		{ ERROR4, 3, 99, true, 0 },
		{ ERROR4, 11, 0, true, 0 },
		{ ERROR4, 12, 4, true, 0 },
		{ ERROR4, 0, 0, false, 0 },
		{ ERROR4, 1, 0, false, 0 },
		{ ERROR4, 4, 0, false, 0 },
		{ ERROR4, 5, 1, false, 0 }, /* redirect */
		{ ERROR4, 8, 0, false, 0 },
		{ ERROR4, 13, 0, false, 0 },
		{ ERROR6, 1, 3, true, 0 },
		{ ERROR6, 2, 9, true, 1280 },
		{ ERROR6, 3, 0, true, 0 },
		{ ERROR6, 4, 1, true, 0 },
		{ ERROR6, 0, 0, false, 0 },
		{ ERROR6, 5, 0, false, 0 },
		{ ERROR6, 11, 0, false, 0 },
		{ ERROR6, 128, 0, false, 0 },
		{ ERROR6, 137, 0, false, 0 },
	};
	const struct base *b = &bases[rows[_i].base];
	struct frame f = copy(b->p, b->len);
	size_t icmp = rows[_i].base == ERROR4 ? ICMP4 : ICMP6;
	struct sight v;

	f.p[icmp] = rows[_i].type;
	f.p[icmp + 1] = rows[_i].code;
	fix_message(&f, f.len);
	ck_assert_int_eq(see(&v, &f),
	    rows[_i].error ? DECODE_TCP : DECODE_OTHER);
	if (rows[_i].error) {
		ck_assert_int_eq(v.kind, SIGHT_ICMP);
		ck_assert_uint_eq(v.icmp.type, rows[_i].type);
		ck_assert_uint_eq(v.icmp.code, rows[_i].code);
		ck_assert_uint_eq(v.icmp.mtu, rows[_i].mtu);
	}
	free(f.p);
}
END_TEST

/* Octets that say what cannot be. With `fix` the sums are made right again. */
START_TEST(test_lies)
{
	static const struct {
		size_t base, at;
		uint8_t octet;
		bool fix;
		enum decode expected;
	} rows[] = {
		{ ERROR4, ICMP4 + 1, 0, false, DECODE_OTHER }, /* its sum */
		{ ERROR4, IP + 8, 59, false, DECODE_OTHER },   /* IPv4's sum */
		{ ERROR4, IP + 8, 59, true, DECODE_TCP },
		{ ERROR4, IP + 9, 58, true, DECODE_OTHER },   /* ICMPv6 */
		{ ERROR4, IP + 6, 0x20, true, DECODE_SHORT }, /* fragment */
		{ ERROR4, IP + 7, 1, true, DECODE_OTHER },
		{ ERROR4, QUOTE4, 0x66, true, DECODE_OTHER },
		{ ERROR4, QUOTE4, 0x44, true, DECODE_OTHER },
		{ ERROR4, QUOTE4, 0x47, true, DECODE_OTHER },	/* leaves 4 */
		{ ERROR4, QUOTE4 + 2, 0xff, true, DECODE_TCP }, /* length */
		{ ERROR4, QUOTE4 + 3, 0, true, DECODE_TCP },
		{ ERROR4, QUOTE4 + 9, 17, true, DECODE_OTHER }, /* UDP */
		{ ERROR4, QUOTE4 + 9, 1, true, DECODE_OTHER },
		{ ERROR4, QUOTE4 + 7, 1, true, DECODE_OTHER }, /* fragment */
		{ ERROR6, IP + 6, 1, true, DECODE_OTHER },     /* ICMPv4 */
		{ ERROR6, ICMP6 + 7, 1, false, DECODE_OTHER },
		{ ERROR6, QUOTE6, 0x40, true, DECODE_OTHER },
		{ ERROR6, QUOTE6 + 5, 1, true, DECODE_TCP }, /* length */
		{ ERROR6, QUOTE6 + 6, 59, true, DECODE_OTHER },
		{ ERROR6, QUOTE6 + 41, 9, true, DECODE_OTHER },
		{ ERROR6, QUOTE6 + 48, 58, true, DECODE_OTHER },
		{ ND_ASK, ICMP6 + 1, 1, true, DECODE_OTHER }, /* code */
		{ ND_ASK, IP + 7, 254, true, DECODE_OTHER },  /* was routed */
		{ ND_ASK, ICMP6 + 8, 0xff, true, DECODE_OTHER },
		{ ND_ASK, ICMP6 + 25, 0, true, DECODE_OTHER }, /* option */
		{ ND_ASK, ICMP6 + 25, 2, true, DECODE_OTHER },
		{ ND_TELL, ICMP6 + 25, 255, true, DECODE_OTHER },
		{ ND_TELL, ICMP6 + 31, 3, false, DECODE_OTHER },
		{ ND_TELL, ICMP6, 133, true, DECODE_OTHER },
		{ ARP_ASK, ARP + 1, 6, false, DECODE_OTHER },
		{ ARP_ASK, ARP + 2, 9, false, DECODE_OTHER },
		{ ARP_ASK, ARP + 4, 8, false, DECODE_OTHER },
		{ ARP_ASK, ARP + 5, 16, false, DECODE_OTHER },
		{ ARP_TELL, ARP + 6, 1, false, DECODE_OTHER },
		{ ARP_TELL, ARP + 7, 0, false, DECODE_OTHER },
		{ ARP_TELL, ARP + 7, 3, false, DECODE_OTHER }, /* RARP */
	};
	struct sight v;
	struct frame f;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		f = copy(bases[rows[i].base].p, bases[rows[i].base].len);
		ck_assert_int_ne(f.p[rows[i].at], rows[i].octet);
		f.p[rows[i].at] = rows[i].octet;
		if (rows[i].fix)
			fix_message(&f, f.len);
		ck_assert_msg(see(&v, &f) == rows[i].expected, "row %zu", i);
		free(f.p);
	}
}
END_TEST

/* Who does not tell a link address, or tells it among other options. */
START_TEST(test_options)
{
	static const uint8_t none[6];
	struct frame f = copy(nd_ask, sizeof(nd_ask));
	struct sight v;

	fix_message(&f, f.len - 8);
	ck_assert_int_eq(see(&v, &f), DECODE_TCP);
	ck_assert_mem_eq(v.neighbour.mac, none, 6);
	free(f.p);
	f = copy(nd_tell, sizeof(nd_tell));
	f.p[ICMP6 + 24] = 1; /* the source's does not count */
	fix_message(&f, f.len);
	ck_assert_int_eq(see(&v, &f), DECODE_TCP);
	ck_assert_mem_eq(v.neighbour.mac, none, 6);
	insert(&f, ICMP6 + 32, "\x0e\2..............\2\1\2\0\0\0\0\2", 24);
	fix_message(&f, f.len);
	ck_assert_int_eq(see(&v, &f), DECODE_TCP);
	ck_assert_mem_eq(v.neighbour.mac, mac, 6);
	free(f.p);
}
END_TEST

/* Cut by the capture or on the wire, a message says nothing. */
START_TEST(test_prefixes)
{
	const struct base *b = &bases[_i];
	bool arp = _i == ARP_ASK || _i == ARP_TELL;
	size_t whole = arp ? ARP_END : b->len, n;
	struct sight v;
	struct frame f;

	for (n = 0; n <= b->len; n++) {
		f = copy(b->p, n);
		ck_assert_int_eq(see(&v, &f),
		    n < whole ? DECODE_SHORT : DECODE_TCP);
		ck_assert_int_eq(decode_sight(&v, LINK_ETHERNET, f.p, n,
				     b->len),
		    n < whole ? DECODE_SHORT : DECODE_TCP);
		free(f.p);
	}
}
END_TEST

/* A quote of every length, in a message that is right otherwise. */
START_TEST(test_quotes)
{
	const struct base *b = &bases[_i];
	size_t icmp = _i == ERROR4 ? ICMP4 : ICMP6, n;
	size_t enough = _i == ERROR4 ? QUOTE4 + 24 + 8 : QUOTE6 + 56 + 8;
	struct sight v;
	struct frame f;

	for (n = icmp; n <= b->len; n++) {
		f = copy(b->p, b->len);
		fix_message(&f, n);
		ck_assert_int_eq(see(&v, &f), n < icmp + 8 ? DECODE_SHORT
					      : n < enough ? DECODE_OTHER
							   : DECODE_TCP);
		if (n >= enough)
			ck_assert_uint_eq(v.icmp.seq, 0x01020304);
		free(f.p);
	}
}
END_TEST

/* Xorshift (Marsaglia 2003), for mutations that are the same in each run. */
static uint32_t
next_random(uint32_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

static void
check_invariants(const struct sight *v)
{
	const struct icmp *m = &v->icmp;
	const struct neighbour *n = &v->neighbour;

	if (v->kind == SIGHT_ICMP) {
		ck_assert(m->from.ip == 4 || m->from.ip == 6);
		ck_assert_uint_eq(m->from.ip, m->to.ip);
		ck_assert_uint_eq(m->from.ip, m->probe.src.addr.ip);
		ck_assert_uint_eq(m->from.ip, m->probe.dst.addr.ip);
	} else if (v->kind == SIGHT_NEIGHBOUR) {
		ck_assert(n->sender.ip == 4 || n->sender.ip == 6);
		ck_assert_uint_eq(n->sender.ip, n->target.ip);
		ck_assert(n->asks || addr_eq(&n->sender, &n->target));
	} else {
		ck_assert_int_eq(v->kind, SIGHT_SEGMENT);
	}
}

#define NMUTATIONS 100000

START_TEST(test_mutations)
{
	unsigned seen[3] = { 0 }, kinds[3] = { 0 }, i, n;
	uint32_t x = 2463534242;
	struct sight v;
	struct frame f;
	enum decode d;
	size_t b, len;

	for (i = 0; i < NMUTATIONS; i++) {
		b = next_random(&x) % ARRAY_SIZE(bases);
		f = copy(bases[b].p, bases[b].len);
		for (n = next_random(&x) % 6; n > 0; n--)
			f.p[next_random(&x) % f.len] = next_random(&x);
		if (next_random(&x) % 4 != 0 &&
		    (b <= ND_TELL)) /* or the sum would stop most of them */
			fix_message(&f, f.len - (next_random(&x) % 4
							? 0
							: next_random(&x) %
							      (f.len - ICMP6)));
		len = f.len + (next_random(&x) % 4 ? 0 : next_random(&x) % 99);
		d = decode_sight(&v, LINK_ETHERNET, f.p, f.len, len);
		seen[d]++;
		if (d == DECODE_TCP) {
			check_invariants(&v);
			kinds[v.kind]++;
		}
		free(f.p);
	}
	/* The mutations reach every outcome, and often. */
	for (i = 0; i < 3; i++) {
		ck_assert_uint_gt(seen[i], NMUTATIONS / 50);
		ck_assert_uint_gt(kinds[i], NMUTATIONS / 50);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("sight");
	TCase *tc = tcase_create("sight");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_error4);
	tcase_add_test(tc, test_error6);
	tcase_add_loop_test(tc, test_neighbours, 0, 4);
	tcase_add_test(tc, test_segments);
	tcase_add_loop_test(tc, test_types, 0, 19);
	tcase_add_test(tc, test_lies);
	tcase_add_test(tc, test_options);
	tcase_add_loop_test(tc, test_prefixes, 0, ARP_TELL + 1);
	tcase_add_loop_test(tc, test_quotes, ERROR4, ERROR6 + 1);
	tcase_add_test(tc, test_mutations);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
