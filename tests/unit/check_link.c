/* Link headers of every kind, with a segment behind them. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "linkrows.h"
#include "sniff/decode.h"

START_TEST(test_link)
{
	const struct link_row *r = &link_rows[_i];
	size_t tcp = r->n + (r->type == IP4 ? TCP4 : TCP6) - IP, n;
	struct frame f = link_frame(r), part;
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
	struct frame f = link_frame(&others[_i]);
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

	tcase_add_loop_test(tc, test_link, 0, ARRAY_SIZE(link_rows));
	tcase_add_loop_test(tc, test_other, 0, 9);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
