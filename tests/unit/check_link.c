/* Link headers of every kind, with a segment behind them. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
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
} rows[] = {
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
	{ "PPPoE alone", LINK_PPP_ETHER, "\x11\0\0\7\0\x43\0\x21", 8, IP4 },
};

static struct frame
make(const struct link_row *r)
{
	struct frame f = copy((const uint8_t *)r->octets, r->n);

	if (r->type == IP4)
		insert(&f, f.len, frame4 + IP, sizeof(frame4) - IP);
	else
		insert(&f, f.len, frame6 + IP, sizeof(frame6) - IP);
	return f;
}

START_TEST(test_link)
{
	const struct link_row *r = &rows[_i];
	size_t tcp = r->n + (r->type == IP4 ? TCP4 : TCP6) - IP, n;
	struct frame f = make(r), part;
	uint16_t type = 0;
	struct segment s;
	struct quick q;

	ck_assert(decode_knows(r->dlt));
	ck_assert_int_eq(decode_link(r->dlt, f.p, f.len, &type), r->n);
	ck_assert_uint_eq(type, r->type);
	ck_assert_int_eq(decode_frame(&s, r->dlt, f.p, f.len, f.len),
	    DECODE_TCP);
	ck_assert_uint_eq(s.seq, r->type == IP4 ? 1001 : 1000);
	ck_assert_uint_eq(s.faults, 0);
	for (n = 0; n <= f.len; n++) {
		part = copy(f.p, n);
		ck_assert_int_eq(decode_quick(r->dlt, part.p, n, f.len, &q),
		    n < tcp + 20 ? DECODE_CUT : DECODE_TCP);
		if (n >= tcp + 20)
			ck_assert_ptr_eq(q.tcp, part.p + tcp);
		free(part.p);
	}
	/* padding, as Ethernet's, is no text */
	insert(&f, f.len, "\0\0\0\0\0\0\0\0", 8);
	ck_assert_int_eq(decode_frame(&s, r->dlt, f.p, f.len, f.len),
	    DECODE_TCP);
	ck_assert_uint_eq(s.faults, 0);
	ck_assert_uint_eq(s.text_len, r->type == IP4 ? 13 : 0);
	free(f.p);
}
END_TEST

/* Headers that lead to something else. */
START_TEST(test_other)
{
	static const struct link_row others[] = {
		{ "ARP", LINK_ETHERNET, "ddddddssssss\x08\6", 14, IP4 },
		{ "802.3", LINK_ETHERNET, "ddddddssssss\0\x40", 14, IP4 },
		{ "PPPoE discovery", LINK_ETHERNET,
		    "ddddddssssss\x88\x63\x11\0\0\7\0\x43\0\x21", 22, IP4 },
		{ "PPPoE, LCP", LINK_ETHERNET,
		    "ddddddssssss\x88\x64\x11\0\0\7\0\x43\xc0\x21", 22, IP4 },
		{ "PPP, LCP", LINK_PPP, "\xff\3\xc0\x21", 4, IP4 },
		{ "Cisco's SLARP", LINK_PPP_SERIAL, "\x8f\0\x80\x35", 4, IP4 },
		{ "no version", LINK_NULL, "\2\0\0\0\x20", 5, IP4 },
		{ "IPv6 under IPv4's type", LINK_ETHERNET, "ddddddssssss\x08\0",
		    14, IP6 },
		{ "802.11", 105, "", 0, IP4 },
	};
	struct frame f = make(&others[_i]);
	struct segment s;
	struct quick q;

	ck_assert_int_eq(decode_frame(&s, others[_i].dlt, f.p, f.len, f.len),
	    DECODE_OTHER);
	ck_assert_int_eq(decode_quick(others[_i].dlt, f.p, f.len, f.len, &q),
	    DECODE_OTHER);
	free(f.p);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("link");
	TCase *tc = tcase_create("link");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_link, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, test_other, 0, 9);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
