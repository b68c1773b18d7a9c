/* The report for people, and what all formats have in common. */
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

/* ---- all formats ---- */

static const struct report_format *const formats[] = { &report_text,
	&report_tap, &report_json };

START_TEST(test_by_name)
{
	ck_assert_ptr_eq(report_by_name("text"), &report_text);
	ck_assert_ptr_eq(report_by_name("tap"), &report_tap);
	ck_assert_ptr_eq(report_by_name("json"), &report_json);
	ck_assert_ptr_null(report_by_name(""));
	ck_assert_ptr_null(report_by_name("TEXT"));
	ck_assert_ptr_null(report_by_name("xml"));
}
END_TEST

/* Nothing from a file or from the wire is printed as it is. */
START_TEST(test_printable)
{
	const struct report_format *f = formats[_i / NSAMPLES];
	enum sample i = _i % NSAMPLES;
	int verbosity;
	char *text;

	for (verbosity = -1; verbosity <= 1; verbosity++) {
		text = samples_one(f, verbosity, false, 1, &samples.c[i]);
		ck_assert_msg(samples_printable(text), "%s of %s:\n%s", f->name,
		    samples.c[i].id, text);
		ck_assert_ptr_null(strchr(text, '\033'));
		ck_assert(text[0] == '\0' || text[strlen(text) - 1] == '\n');
		free(text);
	}
}
END_TEST

/* ---- text ---- */

#define SYN   "IP 192.0.2.1.1024 > 192.0.2.2.80: Flags [S], seq 1000, win "
#define FROM  "IP 192.0.2.2.80 > 192.0.2.1.1024: Flags "
#define UNDER "    <- the segment under test\n"

/* What the report of a case has, or has not, at a verbosity. */
static const struct {
	enum sample sample;
	int verbosity;
	bool without;
	const char *part; /* "" `without`: nothing at all is printed */
} text_rows[] = {
	{ S_PASS, 0, false,
	    "PASS         s/pass                                     "
	    "[S] -> [R.]\n" },
	{ S_PASS, 0, true, "rule" },
	{ S_PASS, 0, true, "\n    " },
	{ S_PASS, -1, true, "" },
	{ S_PASS, 1, false, "\n    > " SYN "64240, length 0" UNDER },
	{ S_PASS, 1, false,
	    "\n    < IP 192.0.2.2.80 > 192.0.2.1.1024: Flags [R.], seq 0, "
	    "ack 1001, win 64240, length 0\n" },
	{ S_PASS, 1, false, "\n    rule       closed/no-ack (MUST-7) RFC " },
	{ S_PASS, 1, false,
	    "\n    expected   <SEQ=0><ACK=1001><CTL=RST,ACK>\n"
	    "    observed   <SEQ=0><ACK=1001><CTL=RST,ACK>\n" },
	{ S_PASS, 1, false, "\n    why        " SAMPLES_ESCAPED "\n" },
	{ S_PASS, 1, true, "verdict" },
	{ S_PASS, 1, true, "wrong" },
	/* a remark is made on a PASS, even when only little is said */
	{ S_PASS_NOISE, 0, false,
	    "PASS         s/noise                                    "
	    "[S] -> [R.] [R.]\n    set aside: 1 segment" },
	{ S_PASS_NOISE, -1, false, "set aside: 1 segment" },
	{ S_ALLOWED, 0, false,
	    "ALLOWED      s/allowed                                  "
	    "[S] -> [R.]\n" },
	{ S_ALLOWED, 0, false, "\n    verdict    not what is required" },
	{ S_ALLOWED, 0, false,
	    "\n    expected   <SEQ=any><ACK=1001><CTL=SYN,ACK>\n"
	    "    observed   <SEQ=0><ACK=1001><CTL=RST,ACK>\n" },
	/* what is known and allowed is told at the end, in few words */
	{ S_ALLOWED, -1, true, "" },
	{ S_DEVIATION, 0, false,
	    "DEVIATION    s/deviation                                "
	    "[F] -> silence\n" },
	{ S_DEVIATION, 0, false,
	    "\n    known as   linux/fin\n"
	    "               " SAMPLES_ESCAPED "\n" },
	{ S_DEVIATION, -1, true, "" },
	{ S_SKIP, 0, false,
	    "SKIP         s/skip                                     "
	    "no IPv6 " SAMPLES_ESCAPED "\n" },
	{ S_SKIP, 0, true, "silence" },
	{ S_SKIP, 0, true, "\n    " },
	{ S_SKIP, -1, false, "SKIP" },
	{ S_INCONCLUSIVE, 0, false,
	    "INCONCLUSIVE s/inconclusive                             "
	    "[S] -> [R.]\n" },
	{ S_INCONCLUSIVE, 0, false, "\n    verdict    the link is down\n" },
	{ S_INCONCLUSIVE, -1, false, "the link is down" },
	/* what was not sent was not met with silence */
	{ S_NOT_SENT, 0, false, "\n    verdict    no way into the state\n" },
	{ S_NOT_SENT, 0, false, " not tried\n" },
	{ S_NOT_SENT, 0, true, "silence" },
	{ S_NOT_CALLED, 0, false, "\n    verdict    no way into the state\n" },
	{ S_NOT_CALLED, 0, true, "silence" },
	{ S_NOT_CALLED, 1, true, "the user calls" },
	{ S_FAIL, 0, false,
	    "FAIL         s/fail                                     "
	    "[S] -> [R.]\n" },
	{ S_FAIL, 0, false,
	    "\n    rule       closed/no-ack (MUST-7) RFC 9293 3.10.7.1, "
	    "a\\x1b[31m \\x07 \\xff\n"
	    "               \\xe2\\x80\\xae \\x5c \xc3\xa9z\n" },
	{ S_FAIL, 0, false,
	    "\n    expected   <SEQ=0><ACK=1001><CTL=RST,ACK>\n"
	    "    observed   <SEQ=0><ACK=1000><CTL=RST,ACK>\n"
	    "      wrong    ack: expected 1001 (SEG.SEQ+SEG.LEN), observed "
	    "1000 (1 too low)\n" },
	{ S_FAIL, 0, true, "wrong    seq" },
	{ S_FAIL, 0, false, "\n    why        " SAMPLES_ESCAPED "\n" },
	{ S_FAIL, -1, false, "      wrong    ack: " },
	{ S_FAIL_PORT, 0, false,
	    "[R.], seq 0, ack 1001, win 64240, length 0"
	    "    (from another port)\n" },
	{ S_FAIL_PORT, 0, false,
	    "\n      wrong    source port: expected 80, observed 81\n" },
	{ S_FAIL_PORT, 0, true, "silence" },
	{ S_FAIL_TWICE, 0, false, "[S] -> [R.] [R.]\n" },
	{ S_FAIL_TWICE, 0, false,
	    "\n      wrong    count: expected 1, observed 2\n" },
	{ S_FAIL_CALL, 0, false,
	    "FAIL         s/call                                     "
	    "CLOSE -> silence\n    * the user calls CLOSE    <- under test\n" },
	{ S_FAIL_CALL, 0, false,
	    "\n    expected   <SEQ=5000><ACK=1001><CTL=RST,ACK>\n"
	    "    observed   none\n" },
	{ S_ERROR, 0, false,
	    "ERROR        s/error                                    "
	    "[S] -> silence\n" },
	{ S_ERROR, 0, false,
	    "\n    verdict    no rule speaks of this in SYN-SENT\n" },
	{ S_ERROR, 0, true, "    rule " },
};

START_TEST(test_text)
{
	const char *part = text_rows[_i].part;
	enum sample i = text_rows[_i].sample;
	char *text;
	bool has;

	text = samples_one(&report_text, text_rows[_i].verbosity, false, 1,
	    &samples.c[i]);
	has = part[0] == '\0' ? text[0] != '\0' : strstr(text, part) != NULL;
	ck_assert_msg(has != text_rows[_i].without, "%s has%s \"%s\":\n%s",
	    samples.c[i].id, has ? "" : " not", part, text);
	free(text);
}
END_TEST

/* All that is said of a case, in its order. */
START_TEST(test_whole)
{
	static const char whole[] =
	    "PASS         s/close                                    "
	    "CLOSE -> [R.]\n"
	    "    > " SYN "64240, length 0\n"
	    "    < " FROM "[S.], seq 4999, ack 1001, win 64240, length 0\n"
	    "    * the user calls CLOSE    <- under test\n"
	    "    < " FROM "[R.], seq 5000, ack 1001, win 64240, length 0\n"
	    "    < " FROM "[S.], seq 4999, ack 1001, win 64240, length 0"
	    "    (seen before, set aside)\n"
	    "    rule       close/unread (SHLD-3) RFC 9293 3.6.1\n"
	    "    expected   <SEQ=5000><ACK=1001><CTL=RST,ACK>\n"
	    "    observed   <SEQ=5000><ACK=1001><CTL=RST,ACK>\n"
	    "    why        y\n";
	char *text;

	text = samples_one(&report_text, 1, false, 1, &samples.c[S_PASS_CALL]);
	ck_assert_str_eq(text, whole);
	free(text);
}
END_TEST

/* What is known or allowed is left out of a quiet report, no failure is. */
static const struct {
	enum sample sample;
	int verbosity;
	bool told;
} quiet_rows[] = {
	{ S_DEVIATION, -1, false },
	{ S_DEVIATION, 0, true },
	{ S_ALLOWED, -1, false },
	{ S_ALLOWED, 0, true },
	{ S_FAIL, -1, true },
	{ S_FAIL, 0, true },
};

START_TEST(test_quiet)
{
	const struct report_case *c = &samples.c[quiet_rows[_i].sample];
	char *text =
	    samples_one(&report_text, quiet_rows[_i].verbosity, false, 2, c);

	ck_assert_msg((text[0] != '\0') == quiet_rows[_i].told, "%s", text);
	free(text);
}
END_TEST

/* Colour is on the verdict only, and put back after it. */
START_TEST(test_colour)
{
	char *text = samples_one(&report_text, 1, true, 1, &samples.c[_i]);
	const char *end = strstr(text, "\033[0m");

	ck_assert_ptr_nonnull(end);
	ck_assert_msg(strncmp(text, "\033[3", 3) == 0, "%s", text);
	ck_assert(strspn(text + 3, "0123456789") == 1 && text[4] == 'm');
	ck_assert_uint_eq(strcspn(text + 5, "\033"), end - text - 5);
	ck_assert_msg(strncmp(text + 5, verdict_name(samples.c[_i].j->verdict),
			  strcspn(text + 5, " \033")) == 0,
	    "%s", text);
	ck_assert_msg(samples_printable(end + 4), "%s", text);
	free(text);
}
END_TEST

/* Sentences are folded at 80 columns, and hang under the first word. */
#define TEN   "123456789 "
#define FORTY TEN TEN TEN TEN
#define WHY   "\n    why        "
#define HANGS "\n               "

static const struct {
	const char *why;
	const char *folded;
} fold_rows[] = {
	{ "", "\n    why        \n" },
	{ "one", WHY "one\n" },
	{ "a b c", WHY "a b c\n" },
	{ "01234567890123456789012345678901234567890123456789012345678901234567"
	  " b",
	    WHY "0123456789012345678901234567890123456789012345678901234567890"
		"1234567" HANGS "b\n" },
	{ FORTY TEN TEN "12345", WHY FORTY TEN TEN "12345\n" },
	{ FORTY TEN TEN "123456", WHY FORTY TEN "123456789" HANGS "123456\n" },
	{ FORTY FORTY FORTY "the end", WHY FORTY TEN
	    "123456789" HANGS FORTY TEN "123456789 the" HANGS "end\n" },
	/* what has no space is not cut */
	{ "a 0123456789012345678901234567890123456789012345678901234567890123"
	  "456789 b",
	    WHY "a" HANGS "012345678901234567890123456789012345678901234567890"
		"1234567890123456789" HANGS "b\n" },
	{ " two  spaces", WHY "two spaces\n" },
};

START_TEST(test_fold)
{
	struct report_case c = samples.c[S_FAIL];
	struct judgement j = *c.j;
	struct rule r = *j.rule;
	char *text;

	r.why = fold_rows[_i].why;
	j.rule = &r;
	c.j = &j;
	text = samples_one(&report_text, 0, false, 1, &c);
	ck_assert_msg(strstr(text, fold_rows[_i].folded) != NULL,
	    "not folded as \"%s\":\n%s", fold_rows[_i].folded, text);
	free(text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("report");
	TCase *tc = tcase_create("text");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_by_name);
	tcase_add_loop_test(tc, test_printable, 0,
	    ARRAY_SIZE(formats) * NSAMPLES);
	tcase_add_loop_test(tc, test_text, 0, ARRAY_SIZE(text_rows));
	tcase_add_test(tc, test_whole);
	tcase_add_loop_test(tc, test_quiet, 0, ARRAY_SIZE(quiet_rows));
	tcase_add_loop_test(tc, test_colour, 0, NSAMPLES);
	tcase_add_loop_test(tc, test_fold, 0, ARRAY_SIZE(fold_rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
