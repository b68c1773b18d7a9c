/* Cases: their ids, which are selected, and the segments they make. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "run/testcase.h"
#include "util.h"

#define HEAD "case t in CLOSED what \"w\"\n"

static struct rulebook book;
static struct testcases cases;

static int
expand(const char *text, struct err *e)
{
	util_book(&book, text);
	return testcases_expand(&cases, &book, e);
}

static void
teardown(void)
{
	testcases_free(&cases);
	ck_assert(cases.n == 0 && cases.v == NULL && !cases.arena.blocks);
	rulebook_free(&book);
}

/* The ids, one space between two. */
static void
add_ids(struct buf *b)
{
	size_t i;

	for (i = 0; i < cases.n; i++)
		buf_addf(b, "%s%s", i ? " " : "", cases.v[i].id);
}

/* What a template expands to, in this order. */
static const struct {
	const char *text;
	const char *ids;
} expand_rows[] = {
	{ "", "" },
	{ HEAD "ctl SYN", "t t/ip6" },
	{ HEAD "ctl SYN ip 4", "t" },
	{ HEAD "ctl SYN ip 6", "t/ip6" },
	{ HEAD "ctl SYN ip 6 4", "t/ip6 t" },
	{ HEAD "call CLOSE", "t t/ip6" },
	/* control bits are named when there are several */
	{ HEAD "ctl SYN,ACK ip 4", "t" },
	{ HEAD "ctl none ip 4", "t" },
	{ HEAD "ctl SYN,ACK none ip 4", "t/S. t/none" },
	{ HEAD "ctl FIN,SYN,RST,PSH,ACK,URG,ECE,CWR,AE ACK ip 4",
	    "t/FSRP.UEWe t/." },
	{ HEAD "ctl SYN as \"first\" ACK ip 4", "t/first t/." },
	/* values have the labels that they are given, or none */
	{ HEAD "ctl SYN ip 4 ack 0 any as \"ack\"", "t t/ack" },
	{ HEAD "ctl SYN ip 4 seq 5 as \"five\"", "t/five" },
	{ HEAD "ctl SYN ip 4 reserved 1 as \"1\" 7 as \"7\"", "t/1 t/7" },
	{ HEAD "ctl SYN ip 4 fault none bad-checksum zero-checksum",
	    "t t/bad-checksum t/zero-checksum" },
	{ HEAD "ctl SYN ip 4 options \"01\" as \"nop\"", "t/nop" },
	/* the last axis turns fastest; the first stands first in the id */
	{ HEAD "ctl SYN ACK text 0 5 as \"text\"",
	    "t/S t/S/ip6 t/S/text t/S/text/ip6 "
	    "t/. t/./ip6 t/./text t/./text/ip6" },
	{ HEAD "dport 0 as \"d\" sport 0 as \"s\" offset 5 as \"o\"\n"
	       "reserved 1 as \"r\" options \"\" as \"p\" fault none as \"f\"\n"
	       "text 0 as \"t\" ack 0 as \"a\" seq 0 as \"q\" ip 6\n"
	       "ctl SYN ACK",
	    "t/S/q/a/t/f/p/r/o/s/d/ip6 t/./q/a/t/f/p/r/o/s/d/ip6" },
	/* templates in the order of the file */
	{ "case z in LISTEN what \"w\" ip 4 ctl SYN\n"
	  "case a/b in LISTEN what \"w\" ip 4 ctl SYN RST\n",
	    "z a/b/S a/b/R" },
};

START_TEST(test_expand)
{
	struct buf b = { 0 };
	struct err e;

	ck_assert_int_eq(expand(expand_rows[_i].text, &e), 0);
	add_ids(&b);
	ck_assert_str_eq(buf_str(&b), expand_rows[_i].ids);
	buf_free(&b);
}
END_TEST

/* All 64 combinations, each once. */
START_TEST(test_expand_all)
{
	uint64_t seen = 0;
	struct err e;
	size_t i;

	ck_assert_int_eq(expand(HEAD "ctl all ip 4", &e), 0);
	ck_assert_uint_eq(cases.n, 64);
	for (i = 0; i < cases.n; i++)
		seen |= 1ULL << cases.v[i].v[AXIS_CTL]->num;
	ck_assert(seen == UINT64_MAX);
	ck_assert_str_eq(cases.v[0].id, "t/none");
	ck_assert_str_eq(cases.v[63].id, "t/FSRP.U");
}
END_TEST

/* An id names one case only. */
static const struct {
	const char *text;
	const char *msg; /* NULL: no error */
} twice_rows[] = {
	{ HEAD "ctl SYN seq 5 6",
	    "f:1: two cases have the id t; label the values with \"as\"" },
	{ "\n\n" HEAD "ctl SYN ACK ip 6 seq 5 6 as \"six\" 7",
	    "f:3: two cases have the id t/" },
	{ HEAD "ctl SYN ACK SYN", "f:1: two cases have the id t/S; label" },
	{ HEAD "ctl SYN ip 4\ncase t/x in CLOSED what \"w\" ctl SYN ip 4",
	    NULL },
	{ HEAD "ctl SYN ip 4 text 0 5 as \"x\"\n"
	       "case t/x in CLOSED what \"w\" ctl SYN ip 4",
	    ": two cases have the id t/x; label" },
	{ HEAD "ctl SYN ip 6\ncase t/ip6 in CLOSED what \"w\" ctl SYN ip 4",
	    ": two cases have the id t/ip6; label" },
};

START_TEST(test_expand_twice)
{
	struct err e = { 0 };

	if (twice_rows[_i].msg == NULL) {
		ck_assert_int_eq(expand(twice_rows[_i].text, &e), 0);
		return;
	}
	ck_assert_int_eq(expand(twice_rows[_i].text, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_msg(strstr(e.msg, twice_rows[_i].msg) != NULL, "%s", e.msg);
}
END_TEST

/* ---- selection ---- */

#define SIX "a a/s a/s/x a/./x b/s bc"

#define CASE(id) "case " id " in CLOSED what \"w\" ip 4 ctl SYN\n"
static const char select_text[] =
    CASE("a") CASE("a/s") CASE("a/s/x") CASE("a/./x") CASE("b/s") CASE("bc");

static const struct {
	const char *patterns[3];
	const char *ids; /* NULL: an error that names `missing` */
	const char *missing;
} select_rows[] = {
	{ { NULL }, SIX, NULL },
	{ { "*" }, SIX, NULL },
	{ { "a/s/x" }, "a/s/x", NULL },
	{ { "bc" }, "bc", NULL },
	/* the beginning of an id, up to a slash */
	{ { "a" }, "a a/s a/s/x a/./x", NULL },
	{ { "a/" }, "a/s a/s/x a/./x", NULL },
	{ { "a/s" }, "a/s a/s/x", NULL },
	{ { "a/s/" }, "a/s/x", NULL },
	{ { "b" }, "b/s", NULL },
	{ { "b/" }, "b/s", NULL },
	{ { "a/." }, "a/./x", NULL },
	/* globs, in which '*' crosses slashes */
	{ { "*x" }, "a/s/x a/./x", NULL },
	{ { "a*x" }, "a/s/x a/./x", NULL },
	{ { "a/?/x" }, "a/s/x a/./x", NULL },
	{ { "*/s" }, "a/s b/s", NULL },
	{ { "[bc]*" }, "b/s bc", NULL },
	{ { "b?" }, "bc", NULL },
	{ { "b*" }, "b/s bc", NULL },
	/* several: each case once, in the cases' own order */
	{ { "bc", "a/s" }, "a/s a/s/x bc", NULL },
	{ { "a", "a/s" }, "a a/s a/s/x a/./x", NULL },
	{ { "a*", "b*" }, SIX, NULL },
	/* a pattern that matches nothing */
	{ { "c" }, NULL, "'c'" },
	{ { "" }, NULL, "''" },
	{ { "/" }, NULL, "'/'" },
	{ { "A" }, NULL, "'A'" },
	{ { "a/s/x/" }, NULL, "'a/s/x/'" },
	{ { "a/s/xy" }, NULL, "'a/s/xy'" },
	{ { "???x" }, NULL, "'???x'" },
	{ { "[" }, NULL, "'['" },
	{ { "a", "b", "d" }, NULL, "'d'" },
	{ { "q", "a" }, NULL, "'q'" },
	{ { "\x1b[1m\n\\" }, NULL, "'\\x1b[1m\\x0a\\x5c'" },
	{ { "\xff" }, NULL, "'\\xff'" },
};

START_TEST(test_select)
{
	char *patterns[3];
	struct buf b = { 0 };
	struct err e = { 0 };
	size_t n = 0;
	int rc;

	ck_assert_int_eq(expand(select_text, &e), 0);
	while (n < 3 && select_rows[_i].patterns[n] != NULL) {
		patterns[n] = (char *)select_rows[_i].patterns[n];
		n++;
	}
	rc = testcases_select(&cases, patterns, n, 0, false, &e);
	if (select_rows[_i].ids == NULL) {
		ck_assert_int_eq(rc, -1);
		ck_assert_int_eq(e.kind, ERR_USAGE);
		ck_assert_msg(strstr(e.msg, select_rows[_i].missing) != NULL,
		    "%s", e.msg);
		return;
	}
	ck_assert_msg(rc == 0, "%s", e.msg);
	add_ids(&b);
	ck_assert_str_eq(buf_str(&b), select_rows[_i].ids);
	buf_free(&b);
}
END_TEST

/* And only one family of addresses. */
static const struct {
	const char *pattern;
	uint8_t ip;
	const char *ids; /* NULL: an error */
} family_rows[] = {
	{ NULL, 0, "a b b/ip6 c/ip6" },
	{ NULL, 4, "a b" },
	{ NULL, 6, "b/ip6 c/ip6" },
	{ "b", 0, "b b/ip6" },
	{ "b", 4, "b" },
	{ "b", 6, "b/ip6" },
	/* the pattern is good, though nothing is left */
	{ "a", 6, "" },
	{ "d", 6, NULL },
};

START_TEST(test_family)
{
	char *pattern = (char *)family_rows[_i].pattern;
	struct buf b = { 0 };
	struct err e;
	int rc;

	ck_assert_int_eq(expand("case a in CLOSED what \"w\" ip 4 ctl SYN\n"
				"case b in CLOSED what \"w\" ctl SYN\n"
				"case c in CLOSED what \"w\" ip 6 ctl SYN\n",
			     &e),
	    0);
	rc = testcases_select(&cases, &pattern, pattern ? 1 : 0,
	    family_rows[_i].ip, false, &e);
	ck_assert_int_eq(rc, family_rows[_i].ids ? 0 : -1);
	if (rc == -1)
		return;
	add_ids(&b);
	ck_assert_str_eq(buf_str(&b), family_rows[_i].ids);
	buf_free(&b);
}
END_TEST

/* id_matches() is asked of rules, too. */
START_TEST(test_id_matches)
{
	ck_assert(id_matches("closed", "closed/no-ack"));
	ck_assert(id_matches("closed/no-ack", "closed/no-ack"));
	ck_assert(!id_matches("closed/no", "closed/no-ack"));
	ck_assert(id_matches("*-ack", "closed/no-ack"));
	ck_assert(!id_matches("", "closed"));
	ck_assert(!id_matches("closed/no-ack", "closed"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("testcase");
	TCase *tc = tcase_create("ids");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_loop_test(tc, test_expand, 0, ARRAY_SIZE(expand_rows));
	tcase_add_test(tc, test_expand_all);
	tcase_add_loop_test(tc, test_expand_twice, 0, ARRAY_SIZE(twice_rows));
	tcase_add_loop_test(tc, test_select, 0, ARRAY_SIZE(select_rows));
	tcase_add_loop_test(tc, test_family, 0, ARRAY_SIZE(family_rows));
	tcase_add_test(tc, test_id_matches);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
