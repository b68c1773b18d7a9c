/* The figures of RFC 6298 section 2, with K=4, alpha=1/8 and beta=1/4. */
#include <check.h>
#include <stdlib.h>

#include "base/table.h"
#include "match/rtt.h"

#define LEAST 100
#define MOST  100000

START_TEST(test_unknown)
{
	const struct rtt r = { 0 };

	/* 2.1: until a measurement, what is waited for at most */
	ck_assert_int_eq(rtt_timeout(&r, LEAST, MOST), MOST);
	ck_assert_int_eq(rtt_timeout(&r, LEAST, 10), 10);
}
END_TEST

START_TEST(test_first)
{
	struct rtt r = { 0 };

	/* 2.2: SRTT = R, RTTVAR = R/2, RTO = SRTT + 4 RTTVAR */
	rtt_learn(&r, 800);
	ck_assert_int_eq(r.srtt, 800);
	ck_assert_int_eq(r.rttvar, 400);
	ck_assert_int_eq(rtt_timeout(&r, LEAST, MOST), 2400);
}
END_TEST

/* 2.3: RTTVAR = 3/4 RTTVAR + 1/4 |SRTT - R'|, then SRTT = 7/8 SRTT + 1/8 R' */
START_TEST(test_next)
{
	static const struct {
		int64_t r, srtt, rttvar, rto;
	} rows[] = {
		{ 800, 800, 300, 2000 },
		{ 1600, 900, 425, 2600 },
		{ 100, 800, 519, 2876 },
	};
	struct rtt r = { 0 };
	size_t i;

	rtt_learn(&r, 800);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		rtt_learn(&r, rows[i].r);
		ck_assert_int_eq(r.srtt, rows[i].srtt);
		/* whole nanoseconds: one may be lost in a step */
		ck_assert_int_le(llabs(r.rttvar - rows[i].rttvar), 1);
		ck_assert_int_le(llabs(rtt_timeout(&r, LEAST, MOST) -
				       rows[i].rto),
		    4);
	}
}
END_TEST

START_TEST(test_limits)
{
	struct rtt r = { 0 };

	rtt_learn(&r, 20); /* 60 */
	ck_assert_int_eq(rtt_timeout(&r, LEAST, MOST), LEAST);
	ck_assert_int_eq(rtt_timeout(&r, 10, MOST), 60);
	ck_assert_int_eq(rtt_timeout(&r, 10, 30), 30);
	/* who waits for less than the least is taken at his word */
	ck_assert_int_eq(rtt_timeout(&r, LEAST, 50), 50);
}
END_TEST

/* It settles on what is always the same, and follows a change. */
START_TEST(test_settles)
{
	struct rtt r = { 0 };
	int i;

	for (i = 0; i < 200; i++)
		rtt_learn(&r, 1000000);
	ck_assert_int_eq(r.srtt, 1000000);
	ck_assert_int_lt(r.rttvar, 100);
	for (i = 0; i < 200; i++)
		rtt_learn(&r, 5000000);
	ck_assert_int_gt(r.srtt, 4990000);
	ck_assert_int_le(r.srtt, 5000000);
}
END_TEST

/* An answer that two clocks put before its probe. */
START_TEST(test_backward)
{
	struct rtt r = { 0 };

	rtt_learn(&r, 0);
	ck_assert_int_gt(r.srtt, 0);
	rtt_learn(&r, -5000);
	ck_assert_int_gt(r.srtt, 0);
	ck_assert_int_ge(r.rttvar, 0);
	ck_assert_int_ge(rtt_timeout(&r, LEAST, MOST), LEAST);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rtt");
	TCase *tc = tcase_create("rtt");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, test_unknown);
	tcase_add_test(tc, test_first);
	tcase_add_test(tc, test_next);
	tcase_add_test(tc, test_limits);
	tcase_add_test(tc, test_settles);
	tcase_add_test(tc, test_backward);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
