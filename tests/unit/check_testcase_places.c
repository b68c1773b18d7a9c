/* Cases in several places, slow ones, and what the TCB makes of a segment. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/octets.h"
#include "base/table.h"
#include "run/testcase.h"
#include "tcp/option.h"
#include "util.h"

static struct rulebook book;
static struct testcases cases;

static void
expand(const char *text)
{
	struct err e = { 0 };

	util_book(&book, text);
	ck_assert_msg(testcases_expand(&cases, &book, &e) == 0, "%s", e.msg);
}

static void
teardown(void)
{
	testcases_free(&cases);
	rulebook_free(&book);
}

static void
add_ids(struct buf *b)
{
	size_t i;

	for (i = 0; i < cases.n; i++)
		buf_addf(b, "%s%s", i ? " " : "", cases.v[i].id);
}

#define ONE(places) "case t in " places " what \"w\" ip 4 ctl SYN\n"

/* The only place goes without saying; where there are more, all are named. */
static const struct {
	const char *text;
	const char *ids;
} expand_rows[] = {
	{ ONE("CLOSED"), "t" },
	{ ONE("CLOSED via x"), "t" },
	{ ONE("CLOSED LISTEN"), "t/closed t/listen" },
	{ ONE("FIN-WAIT-1 FIN-WAIT-1 via close"),
	    "t/fin-wait-1 t/fin-wait-1-close" },
	{ ONE("SYN-RECEIVED via queue-full SYN-RECEIVED via own-listener"),
	    "t/syn-received-queue-full t/syn-received-own-listener" },
	/* the place stands first and turns slowest */
	{ "case t in CLOSED LISTEN via x what \"w\" ctl SYN RST\n"
	  "  seq 0 1 as \"1\" ip 4",
	    "t/closed/S t/closed/S/1 t/closed/R t/closed/R/1 "
	    "t/listen-x/S t/listen-x/S/1 t/listen-x/R t/listen-x/R/1" },
	{ "case t in CLOSED LISTEN what \"w\" call CLOSE",
	    "t/closed t/closed/ip6 t/listen t/listen/ip6" },
	/* tsval stands behind the options */
	{ "case t in CLOSED what \"w\" ctl SYN ip 4 reserved 1 as \"r\"\n"
	  "  tsval 0 as \"t\" options \"\" as \"o\"",
	    "t/o/t/r" },
};

START_TEST(test_expand)
{
	struct buf b = { 0 };

	expand(expand_rows[_i].text);
	add_ids(&b);
	ck_assert_str_eq(buf_str(&b), expand_rows[_i].ids);
	buf_free(&b);
}
END_TEST

START_TEST(test_expand_twice)
{
	struct err e = { 0 };

	util_book(&book, ONE("CLOSED LISTEN CLOSED"));
	ck_assert_int_eq(testcases_expand(&cases, &book, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.msg,
	    "f:1: two cases have the id t/closed; "));
}
END_TEST

/* Where each begins, and how it comes there. */
START_TEST(test_place)
{
	expand(ONE("LISTEN TIME-WAIT via x"));
	ck_assert_uint_eq(cases.n, 2);
	ck_assert_int_eq(testcase_state(&cases.v[0]), ST_LISTEN);
	ck_assert_ptr_null(testcase_via(&cases.v[0]));
	ck_assert_int_eq(testcase_state(&cases.v[1]), ST_TIME_WAIT);
	ck_assert_str_eq(testcase_via(&cases.v[1]), "x");
}
END_TEST

/* The addresses that a case asks for; they tell its cases apart. */
START_TEST(test_addresses)
{
	const struct tuple usual = util_tuple();
	struct segment seg = { .tuple = usual };
	struct buf b = { 0 };

	expand("case t in CLOSED what \"w\" ctl SYN ip 4\n"
	       "  source \"239.0.0.9\" as \"nine\"\n"
	       "  destination \"224.0.0.1\" \"255.255.255.255\"\n"
	       "case u in CLOSED what \"w\" ctl SYN ip 4\n");
	add_ids(&b);
	ck_assert_str_eq(buf_str(&b),
	    "t/nine/224.0.0.1 t/nine/255.255.255.255 u");
	testcase_addresses(&cases.v[2], &seg);
	ck_assert(tuple_eq(&seg.tuple, &usual));
	testcase_addresses(&cases.v[0], &seg);
	buf_reset(&b);
	endpoint_add(&b, &seg.tuple.src);
	buf_adds(&b, " > ");
	endpoint_add(&b, &seg.tuple.dst);
	ck_assert_str_eq(buf_str(&b), "239.0.0.9.1024 > 224.0.0.1.80");
	buf_free(&b);
}
END_TEST

/* ---- slow cases ---- */

static const struct {
	const char *pattern;
	bool slow;
	const char *ids;
} slow_rows[] = {
	{ NULL, false, "a c" },
	{ NULL, true, "a b/ip6 b/x c" },
	{ "b", true, "b/ip6 b/x" },
	/* the pattern is good, though nothing is left */
	{ "b", false, "" },
	{ "*", false, "a c" },
};

START_TEST(test_slow)
{
	char *pattern = (char *)slow_rows[_i].pattern;
	struct buf b = { 0 };
	struct err e = { 0 };

	expand("case a in CLOSED what \"w\" ip 4 ctl SYN\n"
	       "case b in CLOSED what \"w\" ip 6 ctl SYN slow\n"
	       "case b/x in CLOSED what \"w\" ip 4 ctl SYN slow\n"
	       "case c in CLOSED what \"w\" ip 4 ctl SYN\n");
	ck_assert_msg(testcases_select(&cases, &pattern, pattern ? 1 : 0, 0,
			  slow_rows[_i].slow, &e) == 0,
	    "%s", e.msg);
	add_ids(&b);
	ck_assert_str_eq(buf_str(&b), slow_rows[_i].ids);
	buf_free(&b);
}
END_TEST

/* ---- the segment ---- */

static int
make(const char *props, const struct tcb *tcb, struct segment *seg,
    struct err *e)
{
	static const uint8_t text[CASE_TEXT_MAX];
	struct random random = { .left = 64 };
	struct buf b = { 0 };

	buf_addf(&b, "case t in ESTABLISHED what \"w\" ip 4 %s", props);
	expand(buf_str(&b));
	buf_free(&b);
	return testcase_segment(&cases.v[0], tcb, &random, text, seg, e);
}

/* Text as long as the TCB says, if it fits into a segment. */
static const struct {
	const char *props;
	uint32_t rcv_wnd;
	uint32_t text_len;
	bool fits;
} text_rows[] = {
	{ "ctl ACK text RCV.WND", 0, 0, true },
	{ "ctl ACK text RCV.WND", 1400, 1400, true },
	{ "ctl ACK text RCV.WND+1", 1399, 1400, true },
	{ "ctl ACK text RCV.WND+1", 1400, 1401, false },
	{ "ctl ACK text RCV.WND-1", 0, 4294967295, false },
	{ "ctl ACK text RCV.WND", 65536, 65536, false },
	{ "ctl ACK text 700+701", 0, 1401, false },
};

START_TEST(test_text)
{
	const struct tcb tcb = { .rcv_wnd = text_rows[_i].rcv_wnd };
	struct segment seg;
	struct err e = { 0 };
	struct buf b = { 0 };
	int rc = make(text_rows[_i].props, &tcb, &seg, &e);

	if (text_rows[_i].fits) {
		ck_assert_msg(rc == 0, "%s", e.msg);
		ck_assert_uint_eq(seg.text_len, text_rows[_i].text_len);
		ck_assert_uint_eq(seg.text_kept, text_rows[_i].text_len);
		return;
	}
	ck_assert_int_eq(rc, -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	buf_addf(&b,
	    "the case wants %u octets of text, more than one segment "
	    "has room for",
	    text_rows[_i].text_len);
	ck_assert_str_eq(e.msg, buf_str(&b));
	buf_free(&b);
}
END_TEST

/* Timestamps: TS.RECENT is 1000, and the stack's last one 77. */
static const struct {
	const char *props;
	bool timestamps;
	bool there;
	uint32_t val, ecr;
} ts_rows[] = {
	{ "ctl ACK", false, false, 0, 0 },
	{ "ctl ACK", true, true, 1000, 77 },
	{ "ctl SYN", true, true, 1000, 0 },
	{ "ctl SYN,ACK", true, true, 1000, 77 },
	{ "ctl ACK tsval TS.RECENT-1001", true, true, 4294967295, 77 },
	{ "ctl ACK tsval 0", true, true, 0, 77 },
	{ "ctl ACK tsval 5", false, true, 5, 77 },
	/* options that the case names are all that it has */
	{ "ctl ACK options \"\"", true, false, 0, 0 },
	{ "ctl ACK options \"01\" tsval 5", true, false, 0, 0 },
};

START_TEST(test_timestamp)
{
	const struct tcb tcb = { .timestamps = ts_rows[_i].timestamps,
		.ts_recent = 1000,
		.ts_val = 77 };
	struct segment seg;
	struct option o;
	struct err e;

	ck_assert_int_eq(make(ts_rows[_i].props, &tcb, &seg, &e), 0);
	ck_assert(opt_find(&seg, OPT_TS, &o) == ts_rows[_i].there);
	if (!ts_rows[_i].there)
		return;
	ck_assert_uint_eq(get32(o.data), ts_rows[_i].val);
	ck_assert_uint_eq(get32(o.data + 4), ts_rows[_i].ecr);
	/* as RFC 7323, appendix A, wants them: in whole words */
	ck_assert_uint_eq(seg.options_len, 12);
	ck_assert_mem_eq(seg.options, "\x01\x01", 2);
	ck_assert_uint_eq(seg.faults, 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("testcase_places");
	TCase *tc = tcase_create("places");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_loop_test(tc, test_expand, 0, ARRAY_SIZE(expand_rows));
	tcase_add_test(tc, test_expand_twice);
	tcase_add_test(tc, test_place);
	tcase_add_test(tc, test_addresses);
	tcase_add_loop_test(tc, test_slow, 0, ARRAY_SIZE(slow_rows));
	tcase_add_loop_test(tc, test_text, 0, ARRAY_SIZE(text_rows));
	tcase_add_loop_test(tc, test_timestamp, 0, ARRAY_SIZE(ts_rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
