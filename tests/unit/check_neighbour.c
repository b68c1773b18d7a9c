/*
 * Questions and answers about link addresses: they are the octets that
 * messages.h has by hand, and are decoded to what they were made of.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "craft/craft.h"
#include "messages.h"

static const uint8_t our_mac[6] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t their_mac[6] = { 2, 0, 0, 0, 0, 1 };

/* By family: 4, 6. Ours, theirs. */
static const char *const names[2][2] = {
	{ "192.0.2.2", "192.0.2.1" },
	{ "2001:db8::2", "2001:db8::1" },
};

static struct addr
address(const char *text)
{
	struct addr a;

	ck_assert_int_eq(addr_parse(&a, text), 0);
	return a;
}

static struct craft *
open_none(void)
{
	struct craft *c;
	struct err e;

	ck_assert_int_eq(craft_open(&c, NULL, our_mac, our_mac, &e), 0);
	return c;
}

static struct neighbour
see_neighbour(const uint8_t *frame, size_t len)
{
	struct sight v;

	ck_assert_int_eq(decode_sight(&v, LINK_ETHERNET, frame, len, len),
	    DECODE_TCP);
	ck_assert_int_eq(v.kind, SIGHT_NEIGHBOUR);
	return v.neighbour;
}

START_TEST(test_ask)
{
	struct addr ours = address(names[_i][0]);
	struct addr theirs = address(names[_i][1]);
	struct craft *c = open_none();
	struct err e = { 0 };
	struct neighbour n;
	const uint8_t *frame;
	size_t len;

	ck_assert_msg(craft_build_ask(c, &ours, &theirs, &frame, &len, &e) == 0,
	    "%s", e.msg);
	ck_assert_uint_eq(len, _i ? sizeof(nd_ask) : ARP_END);
	ck_assert_mem_eq(frame, _i ? nd_ask : arp_ask, len);
	n = see_neighbour(frame, len);
	ck_assert(n.asks);
	ck_assert(addr_eq(&n.sender, &ours));
	ck_assert(addr_eq(&n.target, &theirs));
	ck_assert_mem_eq(n.mac, our_mac, 6);
	craft_close(c);
}
END_TEST

START_TEST(test_tell)
{
	struct addr ours = address(names[_i][0]);
	struct addr theirs = address(names[_i][1]);
	struct craft *c = open_none();
	struct err e = { 0 };
	struct neighbour n;
	const uint8_t *frame;
	size_t len;

	ck_assert_msg(craft_build_tell(c, &ours, &theirs, their_mac, &frame,
			  &len, &e) == 0,
	    "%s", e.msg);
	ck_assert_uint_eq(len, _i ? sizeof(nd_tell) : sizeof(arp_tell));
	ck_assert_mem_eq(frame, _i ? nd_tell : arp_tell, len);
	n = see_neighbour(frame, len);
	ck_assert(!n.asks);
	ck_assert(addr_eq(&n.sender, &ours));
	ck_assert(addr_eq(&n.target, &ours));
	ck_assert_mem_eq(n.mac, our_mac, 6);
	craft_close(c);
}
END_TEST

/* Any address has its group: the last 24 bits, and nothing else. */
START_TEST(test_group)
{
	struct addr ours = address("fe80::1");
	struct addr whose = address("fe80:1:2:3:4:5:6ab:cdef");
	static const uint8_t mac[6] = { 0x33, 0x33, 0xff, 0xab, 0xcd, 0xef };
	struct addr group = address("ff02::1:ffab:cdef");
	struct craft *c = open_none();
	const uint8_t *frame;
	struct neighbour n;
	struct err e;
	size_t len;

	ck_assert_int_eq(craft_build_ask(c, &ours, &whose, &frame, &len, &e),
	    0);
	ck_assert_mem_eq(frame, mac, 6);
	ck_assert_mem_eq(frame + IP + 24, group.octets, 16);
	n = see_neighbour(frame, len);
	ck_assert(addr_eq(&n.target, &whose));
	craft_close(c);
}
END_TEST

/* Segments go where craft_set_dst() says, also after questions. */
START_TEST(test_set_dst)
{
	struct addr ours = address(names[0][0]);
	struct addr theirs = address(names[0][1]);
	struct segment s = { .tuple = { { ours, 1 }, { theirs, 2 } } };
	struct craft *c = open_none();
	const uint8_t *frame;
	struct err e;
	size_t len;

	craft_set_dst(c, their_mac);
	ck_assert_int_eq(craft_build_ask(c, &ours, &theirs, &frame, &len, &e),
	    0);
	ck_assert_int_eq(craft_build(c, &s, &frame, &len, &e), 0);
	ck_assert_uint_eq(len, TCP4 + 20);
	ck_assert_mem_eq(frame, their_mac, 6);
	ck_assert_mem_eq(frame + 6, our_mac, 6);
	craft_close(c);
}
END_TEST

/* Of two families there is no such frame, nor is the one before it left. */
START_TEST(test_families)
{
	struct addr four = address(names[0][0]), six = address(names[1][0]);
	struct addr none = { 0 };
	struct craft *c = open_none();
	const uint8_t *frame;
	struct err e = { 0 };
	size_t len;

	ck_assert_int_eq(craft_build_ask(c, &four, &six, &frame, &len, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	e.kind = ERR_NONE;
	ck_assert_int_eq(craft_build_tell(c, &six, &four, our_mac, &frame, &len,
			     &e),
	    -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_int_eq(craft_build_ask(c, &none, &none, &frame, &len, &e),
	    -1);
	ck_assert_int_eq(craft_send(c, &e), -1);
	ck_assert_int_eq(e.kind, ERR_INTERNAL);
	craft_close(c);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("neighbour");
	TCase *tc = tcase_create("neighbour");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_ask, 0, 2);
	tcase_add_loop_test(tc, test_tell, 0, 2);
	tcase_add_test(tc, test_group);
	tcase_add_test(tc, test_set_dst);
	tcase_add_test(tc, test_families);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
