/* The report for people: how it begins, and how it ends. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "samples.h"

static struct samples samples;

static void
setup(void)
{
	samples_make(&samples);
}

static void
teardown(void)
{
	samples_free(&samples);
}

static const struct {
	size_t ncases;
	bool matrix;
	const char *line;
} head_rows[] = {
	{ 4164, false, "Linux 6.18.44, 4164 cases against RFC 9293\n" },
	{ 1, false, "Linux 6.18.44, 1 case against RFC 9293\n" },
	{ 193536, true, "Linux 6.18.44, 193536 cells against RFC 9293\n" },
	{ 1, true, "Linux 6.18.44, 1 cell against RFC 9293\n" },
};

START_TEST(test_head)
{
	const struct report_head head = { .stack = "Linux",
		.version = "6.18.44",
		.against = "RFC 9293",
		.matrix = head_rows[_i].matrix,
		.ncases = head_rows[_i].ncases };
	char *text = samples_head(&report_text, &head);

	ck_assert_str_eq(text, head_rows[_i].line);
	free(text);
}
END_TEST

/* The summary, which is the last line. */
static const struct {
	struct report_tail tail;
	const char *summary;
} tail_rows[] = {
	{ { .n = { 0 } }, "0 cases: 0 pass, 0 fail, in 0.00 s\n" },
	{ { .n = { [V_PASS] = 3 }, .seconds = 1.005 },
	    "3 cases: 3 pass, 0 fail, in 1.00 s\n" },
	{ { .n = { [V_FAIL] = 1 }, .seconds = 0.126 },
	    "1 case: 0 pass, 1 fail, in 0.13 s\n" },
	{ { .n = { 1, 2, 3, 4, 5, 6, 7 }, .seconds = 100 },
	    "28 cases: 1 pass, 2 allowed, 3 deviation, 4 skip, "
	    "5 inconclusive, 6 fail, 7 error, in 100.00 s\n" },
	{ { .n = { [V_PASS] = 4100, [V_DEVIATION] = 64 }, .seconds = 0.5 },
	    "4164 cases: 4100 pass, 64 deviation, 0 fail, in 0.50 s\n" },
	{ { .n = { [V_PASS] = 1 }, .matrix = true },
	    "1 cell: 1 pass, 0 fail, in 0.00 s\n" },
	{ { .n = { [V_FAIL] = 2 }, .matrix = true, .nbehaviours = 1 },
	    "2 cells: 0 pass, 2 fail; 1 behaviour, in 0.00 s\n" },
	{ { .n = { [V_FAIL] = 2 }, .matrix = true, .nbehaviours = 12 },
	    "2 cells: 0 pass, 2 fail; 12 behaviours, in 0.00 s\n" },
};

START_TEST(test_tail)
{
	char *text = samples_tail(&report_text, 0, &tail_rows[_i].tail);

	ck_assert_str_eq(text, tail_rows[_i].summary);
	free(text);
}
END_TEST

/* What is known and allowed; a quiet report has told no reason before. */
#define TELL_ONE   "known deviation linux/fin: 1 case, first s/deviation\n"
#define TELL_TWO   "known deviation linux/fin: 2 cases, first s/x\n"
#define TELL_WHY   "    why        " SAMPLES_ESCAPED "\n"
#define TELL_ALLOW "allowed none by " SAMPLES_ESCAPED ": 3 cases, first s/y\n"
#define TELL_NOTE                                                       \
	"note: deviation linux/fin no longer occurs: in every case of " \
	"this run that it speaks of the stack did as required\n"
#define TELL_SUM "0 cases: 0 pass, 0 fail, in 0.00 s\n"

static const struct {
	int verbosity;
	const char *tail;
} known_rows[] = {
	{ -1,
	    TELL_ONE TELL_WHY TELL_TWO TELL_WHY TELL_NOTE TELL_ALLOW TELL_SUM },
	{ 0, TELL_ONE TELL_TWO TELL_NOTE TELL_ALLOW TELL_SUM },
	{ 1, TELL_ONE TELL_TWO TELL_NOTE TELL_ALLOW TELL_SUM },
};

START_TEST(test_tail_known)
{
	const struct deviation *d = STAILQ_FIRST(&samples.book.deviations);
	const struct reply r = { .form.text = "none", .by = SAMPLES_RAW };
	/* of one that was neither seen nor refuted nothing is said */
	struct report_known known[] = { { d, NULL, 1, "s/deviation", true },
		{ d, NULL, 2, "s/x", false }, { d, NULL, 0, NULL, false },
		{ d, NULL, 0, NULL, true }, { NULL, &r, 3, "s/y", false } };
	struct report_tail tail = { .known = known, .nknown = 5 };
	char *text =
	    samples_tail(&report_text, known_rows[_i].verbosity, &tail);

	ck_assert_str_eq(text, known_rows[_i].tail);
	free(text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("report_tail");
	TCase *tc = tcase_create("head and tail");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_head, 0, ARRAY_SIZE(head_rows));
	tcase_add_loop_test(tc, test_tail, 0, ARRAY_SIZE(tail_rows));
	tcase_add_loop_test(tc, test_tail_known, 0, ARRAY_SIZE(known_rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
