/*
 * What is learnt of a stack's ways, and which cases are for one that connects:
 * both look at how a case gets to its state.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "run/client.h"
#include "run/testcase.h"
#include "run/ways.h"
#include "util.h"

static struct rulebook book;
static struct testcases cases;

static void
expand(const char *text)
{
	struct err e;

	util_book(&book, text);
	ck_assert_msg(testcases_expand(&cases, &book, &e) == 0, "%s", e.msg);
}

static void
teardown(void)
{
	testcases_free(&cases);
	rulebook_free(&book);
}

#define CASE "what \"w\" ip 4 ctl ACK"

/* Pairs of cases: do they go the same way? */
static const struct {
	const char *one, *other;
	bool same;
} way_rows[] = {
	{ "in ESTABLISHED", "in ESTABLISHED", true },
	{ "in ESTABLISHED", "in ESTABLISHED seq 7 text 5", true },
	{ "in ESTABLISHED", "in CLOSE-WAIT", false },
	{ "in ESTABLISHED", "in ESTABLISHED via sack-gap", false },
	{ "in ESTABLISHED via sack-gap", "in ESTABLISHED via sack-gap", true },
	{ "in ESTABLISHED via sack-gap", "in ESTABLISHED via shut-read",
	    false },
	{ "in ESTABLISHED", "in ESTABLISHED unread 5", false },
	{ "in ESTABLISHED unread 5", "in ESTABLISHED unread 9", true },
	{ "in ESTABLISHED", "in ESTABLISHED in-flight 5", false },
	{ "in ESTABLISHED", "in ESTABLISHED window small", false },
	{ "in ESTABLISHED window closed", "in ESTABLISHED window small",
	    false },
	{ "in ESTABLISHED", "in ESTABLISHED timestamps", false },
};

START_TEST(test_way)
{
	struct buf b = { 0 };
	struct ways w = { 0 };
	struct way *one, *other;

	buf_addf(&b, "case a %s %s\ncase b %s %s", CASE, way_rows[_i].one, CASE,
	    way_rows[_i].other);
	expand(buf_str(&b));
	buf_free(&b);
	ck_assert_uint_eq(cases.n, 2);
	one = ways_find(&w, &cases.v[0]);
	one->failed = 3;
	other = ways_find(&w, &cases.v[1]);
	ck_assert_msg((one == other) == way_rows[_i].same, "%s, %s",
	    way_rows[_i].one, way_rows[_i].other);
	ck_assert_uint_eq(other->failed, way_rows[_i].same ? 3 : 0);
	/* and it is found again */
	ck_assert_ptr_eq(ways_find(&w, &cases.v[0]), one);
}
END_TEST

/* More than there is room for are not learnt, and nothing else is hurt. */
START_TEST(test_wait)
{
	static struct rule rules[WAYS_MAX + 1];
	struct ways w = { 0 };
	size_t i;

	for (i = 0; i < WAYS_MAX; i++)
		ways_wait(&w, &rules[i], ST_ESTABLISHED)->fruitless = i;
	ck_assert_ptr_null(ways_wait(&w, &rules[i], ST_ESTABLISHED));
	ck_assert_ptr_null(ways_wait(&w, &rules[0], ST_CLOSE_WAIT));
	for (i = 0; i < WAYS_MAX; i++)
		ck_assert_uint_eq(ways_wait(&w, &rules[i], ST_ESTABLISHED)
				      ->fruitless,
		    i);
}
END_TEST

/* Can one that never listens get there? */
static const struct {
	const char *text;
	bool client;
} client_rows[] = {
	{ "in CLOSED", false },
	{ "in LISTEN", false },
	{ "in LISTEN via mptcp", false },
	{ "in CLOSED via connect-gave-up", true },
	{ "in SYN-SENT", true },
	{ "in SYN-RECEIVED", true },
	{ "in SYN-RECEIVED via simultaneous", true },
	{ "in SYN-RECEIVED via cookie", false },
	{ "in SYN-RECEIVED via own-listener", false },
	{ "in SYN-RECEIVED via queue-full", false },
	{ "in SYN-RECEIVED via fast-open", false },
	{ "in ESTABLISHED", true },
	{ "in ESTABLISHED via unaccepted", false },
	{ "in ESTABLISHED via sack-gap", true },
	{ "in FIN-WAIT-1 via close", true },
	{ "in LAST-ACK via unsent", true },
	{ "in TIME-WAIT", true },
};

START_TEST(test_client)
{
	struct buf b = { 0 };

	buf_addf(&b, "case a %s %s", CASE, client_rows[_i].text);
	expand(buf_str(&b));
	buf_free(&b);
	ck_assert_msg(client_case(&cases.v[0]) == client_rows[_i].client, "%s",
	    client_rows[_i].text);
}
END_TEST

/* Those that are kept stay in their order. */
START_TEST(test_keep)
{
	expand("case a " CASE " in LISTEN case b " CASE " in SYN-SENT "
	       "case c " CASE " in CLOSED case d " CASE " in TIME-WAIT");
	testcases_keep(&cases, client_case);
	ck_assert_uint_eq(cases.n, 2);
	ck_assert_str_eq(cases.v[0].id, "b");
	ck_assert_str_eq(cases.v[1].id, "d");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("ways");
	TCase *t = tcase_create("ways");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_loop_test(t, test_way, 0, ARRAY_SIZE(way_rows));
	tcase_add_test(t, test_wait);
	tcase_add_loop_test(t, test_client, 0, ARRAY_SIZE(client_rows));
	tcase_add_test(t, test_keep);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed > 0;
}
