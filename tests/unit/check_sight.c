/* What ICMP errors, ARP and neighbour discovery are decoded to. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "messages.h"

static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 2 };

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
		{ ERROR4, 8, 1, false, 0 }, /* a ping has no codes */
		{ ERROR4, 13, 0, false, 0 },
		{ ERROR6, 1, 3, true, 0 },
		{ ERROR6, 2, 9, true, 1280 },
		{ ERROR6, 3, 0, true, 0 },
		{ ERROR6, 4, 1, true, 0 },
		{ ERROR6, 0, 0, false, 0 },
		{ ERROR6, 5, 0, false, 0 },
		{ ERROR6, 11, 0, false, 0 },
		{ ERROR6, 128, 1, false, 0 },
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

int
main(void)
{
	Suite *s = suite_create("sight");
	TCase *tc = tcase_create("sight");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_test(tc, test_error4);
	tcase_add_test(tc, test_error6);
	tcase_add_loop_test(tc, test_neighbours, 0, 4);
	tcase_add_test(tc, test_segments);
	tcase_add_loop_test(tc, test_types, 0, 19);
	tcase_add_test(tc, test_options);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
