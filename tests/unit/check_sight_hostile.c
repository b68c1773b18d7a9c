/*
 * ICMP errors, ARP and neighbour discovery that are cut at every octet, that
 * lie, or that are mutated. Each frame lies in a buffer of exactly its size,
 * so that a sanitizer sees any octet that is read beyond it.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "messages.h"
#include "noise.h"

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
		    n < whole ? DECODE_CUT : DECODE_TCP);
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

static void
check_invariants(const struct sight *v)
{
	const struct icmp *m = &v->icmp;
	const struct neighbour *n = &v->neighbour;
	const struct echo *p = &v->echo;
	size_t i, sum = 0;

	if (v->kind == SIGHT_ICMP) {
		ck_assert(m->from.ip == 4 || m->from.ip == 6);
		ck_assert_uint_eq(m->from.ip, m->to.ip);
		ck_assert_uint_eq(m->from.ip, m->probe.src.addr.ip);
		ck_assert_uint_eq(m->from.ip, m->probe.dst.addr.ip);
	} else if (v->kind == SIGHT_NEIGHBOUR) {
		ck_assert(n->sender.ip == 4 || n->sender.ip == 6);
		ck_assert_uint_eq(n->sender.ip, n->target.ip);
		ck_assert(n->asks || addr_eq(&n->sender, &n->target));
	} else if (v->kind == SIGHT_ECHO) {
		ck_assert(p->from.ip == 4 || p->from.ip == 6);
		ck_assert_uint_eq(p->from.ip, p->to.ip);
		/* all of it is there to be read */
		for (i = 0; i < p->len; i++)
			sum += p->text[i];
		ck_assert_uint_le(sum, 255 * p->len);
	} else {
		ck_assert_int_eq(v->kind, SIGHT_SEGMENT);
	}
}

#define NMUTATIONS 100000

START_TEST(test_mutations)
{
	unsigned seen[NDECODE] = { 0 }, kinds[4] = { 0 }, i, n;
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
		if (b == ERROR4 && next_random(&x) % 3 == 0)
			memcpy(f.p + ICMP4, "\x08", 2); /* a ping */
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
	/* The mutations reach every outcome of a whole frame, and often. */
	for (i = 0; i <= DECODE_SHORT; i++)
		ck_assert_uint_gt(seen[i], NMUTATIONS / 50);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		ck_assert_uint_gt(kinds[i], NMUTATIONS / 50);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("sight_hostile");
	TCase *tc = tcase_create("sight_hostile");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_lies);
	tcase_add_loop_test(tc, test_prefixes, 0, ARP_TELL + 1);
	tcase_add_loop_test(tc, test_quotes, ERROR4, ERROR6 + 1);
	tcase_add_test(tc, test_mutations);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
