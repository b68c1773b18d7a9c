/*
 * The quick decoder says what decode_frame() says, of every frame; and both
 * find the segments that tunnels carry.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "frames.h"
#include "noise.h"
#include "tunnels.h"
#include "sniff/decode.h"
#include "sniff/tunnel.h"

static void
check_numbers(const struct quick *q, const struct segment *s)
{
	size_t n = q->ip == 4 ? 4 : 16;

	ck_assert_uint_eq(q->ip, s->tuple.src.addr.ip);
	ck_assert_mem_eq(q->addrs, s->tuple.src.addr.octets, n);
	ck_assert_mem_eq(q->addrs + n, s->tuple.dst.addr.octets, n);
	ck_assert_uint_eq(q->sport, s->tuple.src.port);
	ck_assert_uint_eq(q->dport, s->tuple.dst.port);
	ck_assert_uint_eq(q->seq, s->seq);
	ck_assert_uint_eq(q->ack, s->ack);
	ck_assert_uint_eq(q->ctl, s->ctl);
	ck_assert_uint_eq(q->wnd, s->wnd);
	ck_assert_uint_eq(q->ip_id, s->ip_id);
	ck_assert_uint_eq(q->ttl, s->ttl);
	ck_assert_uint_eq(q->tos, s->tos);
	ck_assert_int_eq(q->df, s->df);
	ck_assert_uint_eq(q->text_len, s->text_len);
	ck_assert_uint_eq(q->text_kept, s->text_kept);
	ck_assert_ptr_eq(q->text, s->text);
	ck_assert_uint_eq(q->faults, s->faults & (FAULT_OFFSET | FAULT_CUT));
	if (!(s->faults & (FAULT_OPTION | FAULT_CUT)))
		ck_assert_uint_eq(q->options_len, s->options_len);
	ck_assert_uint_ge(q->options_len, s->options_len);
	ck_assert_mem_eq(q->tcp + 20, s->options, s->options_len);
	ck_assert(!q->fragment || q->faults & FAULT_CUT);
}

/* Both on one frame. Returns what they agree on. */
static enum decode
check_frame(int dlt, const struct frame *f, size_t len)
{
	struct segment s;
	struct quick q;
	enum decode d;

	memset(&q, 0xa5, sizeof(q));
	d = decode_quick(dlt, f->p, f->len, len, &q);
	ck_assert_int_eq(d, decode_frame(&s, dlt, f->p, f->len, len));
	if (d == DECODE_TCP)
		check_numbers(&q, &s);
	return d;
}

START_TEST(test_whole)
{
	struct frame f = copy(frame4, sizeof(frame4));
	struct quick q;

	ck_assert_int_eq(decode_quick(LINK_ETHERNET, f.p, f.len, f.len, &q),
	    DECODE_TCP);
	ck_assert_uint_eq(q.ip, 4);
	ck_assert_ptr_eq(q.addrs, f.p + IP + 12);
	ck_assert_ptr_eq(q.tcp, f.p + TCP4);
	ck_assert_ptr_eq(q.text, f.p + TEXT4);
	ck_assert_uint_eq(q.sport, 40000);
	ck_assert_uint_eq(q.dport, 4242);
	ck_assert_uint_eq(q.seq, 1001);
	ck_assert_uint_eq(q.ctl, CTL_PSH | CTL_ACK);
	ck_assert_uint_eq(q.wnd, 502);
	ck_assert_uint_eq(q.text_len, 13);
	ck_assert_uint_eq(q.options_len, 12);
	ck_assert_uint_eq(q.ip_id, 0x1234);
	ck_assert_uint_eq(q.ttl, 64);
	ck_assert(q.df && !q.fragment && q.faults == 0);
	/* padding is no text */
	insert(&f, f.len, "\0\0\0\0\0\0", 6);
	ck_assert_int_eq(check_frame(LINK_ETHERNET, &f, f.len), DECODE_TCP);
	free(f.p);
}
END_TEST

/* A first fragment, however little of the segment is in it. */
START_TEST(test_fragments)
{
	struct frame f = copy(frame4, sizeof(frame4));
	struct quick q;

	f.p[IP + 6] = 0x20;
	ck_assert_int_eq(check_frame(LINK_ETHERNET, &f, f.len), DECODE_TCP);
	decode_quick(LINK_ETHERNET, f.p, f.len, f.len, &q);
	ck_assert(q.fragment);
	ck_assert_uint_eq(q.faults, FAULT_CUT);
	put16(f.p + IP + 2, 20 + 16);
	ck_assert_int_eq(check_frame(LINK_ETHERNET, &f, f.len),
	    DECODE_FRAGMENT);
	put16(f.p + IP + 6, 2);
	ck_assert_int_eq(check_frame(LINK_ETHERNET, &f, f.len),
	    DECODE_FRAGMENT);
	f.p[IP + 9] = 17;
	ck_assert_int_eq(check_frame(LINK_ETHERNET, &f, f.len), DECODE_OTHER);
	free(f.p);

	f = extended();
	ck_assert_int_eq(check_frame(LINK_ETHERNET, &f, f.len), DECODE_TCP);
	f.p[EXT_FRAG + 1] |= 1; /* more follow */
	decode_quick(LINK_ETHERNET, f.p, f.len, f.len, &q);
	ck_assert(q.fragment);
	put16(f.p + EXT_FRAG, 8);
	/* what the fragment header names is not TCP, but AH */
	ck_assert_int_eq(check_frame(LINK_ETHERNET, &f, f.len), DECODE_OTHER);
	f.p[EXT_FRAG - 2] = 6;
	ck_assert_int_eq(check_frame(LINK_ETHERNET, &f, f.len),
	    DECODE_FRAGMENT);
	free(f.p);
}
END_TEST

#define NMUTATIONS 100000

START_TEST(test_mutations)
{
	static const int links[] = { LINK_ETHERNET, LINK_ETHERNET,
		LINK_ETHERNET, LINK_RAW, LINK_NULL, LINK_LINUX_SLL,
		LINK_LINUX_SLL2, LINK_PPP, LINK_PPP_SERIAL, LINK_PPP_ETHER };
	struct frame bases[] = { copy(frame4, sizeof(frame4)),
		copy(frame6, sizeof(frame6)), extended(),
		copy(frame4 + IP, sizeof(frame4) - IP) };
	unsigned seen[NDECODE] = { 0 }, i;
	uint32_t x = 88172645;
	struct frame f;
	size_t len;

	for (i = 0; i < NMUTATIONS; i++) {
		const struct frame *b = &bases[next_random(&x) % 4];

		f = copy(b->p, b->len);
		mutate(&f, &x);
		len = f.len + (next_random(&x) % 2 ? 0 : next_random(&x) % 99);
		/* a file may claim less than there is, too */
		if (next_random(&x) % 16 == 0)
			len = next_random(&x) % (f.len + 1);
		seen[check_frame(links[next_random(&x) % ARRAY_SIZE(links)], &f,
		    len)]++;
		free(f.p);
	}
	for (i = 0; i < NDECODE; i++)
		ck_assert_uint_gt(seen[i], NMUTATIONS / 200);
	for (i = 0; i < ARRAY_SIZE(bases); i++)
		free(bases[i].p);
}
END_TEST

START_TEST(test_tunnels)
{
	const struct tunnel *t = &tunnels[_i];
	struct frame inner = t->ip6 ? copy(frame6, sizeof(frame6))
				    : copy(frame4, sizeof(frame4));
	size_t tcp = t->ip6 ? TCP6 : TCP4, n;
	struct frame f = tunnel_frame(&inner, t), part;
	size_t head = f.len - inner.len + tcp + 20;
	struct carried c = { LINK_ETHERNET, f.p, f.len, f.len };
	struct segment s;
	struct quick q;

	ck_assert_int_eq(check_frame(LINK_ETHERNET, &f, f.len), DECODE_OTHER);
	ck_assert_int_eq(tunnel_quick(&c, &q), DECODE_TCP);
	ck_assert_uint_eq(q.seq, t->ip6 ? 1000 : 1001);
	ck_assert_uint_eq(q.text_len, t->ip6 ? 0 : 13);
	ck_assert_ptr_eq(q.tcp, f.p + f.len - inner.len + tcp);
	ck_assert_int_eq(decode_frame(&s, c.dlt, c.p, c.caplen, c.len),
	    DECODE_TCP);
	check_numbers(&q, &s);
	/* cut anywhere: what is not there is not read */
	for (n = 0; n < f.len; n++) {
		part = copy(f.p, n);
		c = (struct carried){ LINK_ETHERNET, part.p, n, f.len };
		ck_assert_int_eq(tunnel_quick(&c, &q) == DECODE_TCP, n >= head);
		free(part.p);
	}
	/* of a first fragment the rest is elsewhere; a later one is not entered
	 */
	f.p[IP + 6] = 0x20;
	c = (struct carried){ LINK_ETHERNET, f.p, f.len - 3, f.len - 3 };
	put16(f.p + IP + 2, f.len - 3 - IP);
	ck_assert_int_eq(tunnel_quick(&c, &q), DECODE_TCP);
	ck_assert_uint_eq(q.faults, FAULT_CUT);
	ck_assert_uint_eq(q.text_len, t->ip6 ? 0 : 13);
	ck_assert_uint_eq(q.text_kept, t->ip6 ? 0 : 10);
	f.p[IP + 7] = 1;
	c = (struct carried){ LINK_ETHERNET, f.p, f.len, f.len };
	ck_assert(!tunnel_enter(&c));
	ck_assert_ptr_eq(c.p, f.p);
	free(f.p);
	free(inner.p);
}
END_TEST

START_TEST(test_no_tunnels)
{
	static const struct tunnel rows[] = {
		{ "GRE, routing", "\x40\0\x08\0", 4, 47, false, false },
		{ "PPTP", "\x20\1\x88\x0b", 4, 47, false, false },
		{ "GRE, ARP", "\0\0\x08\x06", 4, 47, false, false },
		{ "VXLAN, no id", "\xc0\0\x12\xb5\0\0\0\0\0\0\0\0\0\0\1\0", 16,
		    17, true, false },
		{ "DNS", "\xc0\0\0\x35\0\0\0\0\x08\0\0\0\0\0\1\0", 16, 17, true,
		    false },
		{ "ESP", "", 0, 50, false, false },
	};
	struct frame inner = copy(frame4, sizeof(frame4));
	struct frame f = tunnel_frame(&inner, &rows[_i]);
	struct carried c = { LINK_ETHERNET, f.p, f.len, f.len };
	struct quick q;

	ck_assert_int_eq(tunnel_quick(&c, &q), DECODE_OTHER);
	ck_assert_ptr_eq(c.p, f.p);
	free(f.p);
	free(inner.p);
}
END_TEST

/* Four tunnels are entered, and no fifth. */
START_TEST(test_nested)
{
	struct frame f = copy(frame4, sizeof(frame4)), g;
	struct carried c;
	struct quick q;
	int n;

	for (n = 1; n <= 5; n++) {
		g = tunnel_frame(&f, &tunnels[n % 2 ? 0 : 2]);
		free(f.p);
		f = g;
		c = (struct carried){ LINK_ETHERNET, f.p, f.len, f.len };
		ck_assert_int_eq(tunnel_quick(&c, &q),
		    n <= 4 ? DECODE_TCP : DECODE_OTHER);
	}
	free(f.p);
}
END_TEST

/* 4in6 and 6in6: behind an IPv6 header, and behind its extensions. */
START_TEST(test_in_ip6)
{
	struct frame f = copy(frame6, TCP6);
	struct carried c;
	struct quick q;

	f.p[IP + 6] = 4;
	put16(f.p + IP + 4, sizeof(frame4) - IP);
	insert(&f, f.len, frame4 + IP, sizeof(frame4) - IP);
	c = (struct carried){ LINK_ETHERNET, f.p, f.len, f.len };
	ck_assert_int_eq(tunnel_quick(&c, &q), DECODE_TCP);
	ck_assert_uint_eq(q.seq, 1001);
	f.p[IP + 6] = 60;
	insert(&f, TCP6, "\4\0\1\4\0\0\0\0", 8);
	put16(f.p + IP + 4, 8 + sizeof(frame4) - IP);
	c = (struct carried){ LINK_ETHERNET, f.p, f.len, f.len };
	ck_assert_int_eq(tunnel_quick(&c, &q), DECODE_TCP);
	ck_assert_uint_eq(q.seq, 1001);
	free(f.p);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("quick");
	TCase *tc = tcase_create("quick");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_whole);
	tcase_add_test(tc, test_fragments);
	tcase_add_test(tc, test_mutations);
	tcase_add_loop_test(tc, test_tunnels, 0, ARRAY_SIZE(tunnels));
	tcase_add_loop_test(tc, test_no_tunnels, 0, 6);
	tcase_add_test(tc, test_nested);
	tcase_add_test(tc, test_in_ip6);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
