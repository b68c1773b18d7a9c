/* nmap's notation: the numbers of an answer in terms of the probe's. */
#include <check.h>
#include <stdlib.h>

#include "base/table.h"
#include "samples.h"

static const struct {
	const char *probe;
	const char *came[2]; /* the last is the one that counts */
	const char *line;
} rows[] = {
	{ "<SEQ=1000><CTL=SYN>", { NULL }, "a/b(R=N)\n" },
	{ "<SEQ=1000><CTL=SYN>", { "<SEQ=0><ACK=1001><CTL=RST,ACK>" },
	    "a/b(R=Y%W=FAF0%S=Z%A=S+%F=AR)\n" },
	{ "<SEQ=1000><ACK=77><CTL=ACK>", { "<SEQ=77><CTL=RST>" },
	    "a/b(R=Y%W=FAF0%S=A%A=Z%F=R)\n" },
	{ "<SEQ=1000><ACK=77><CTL=ACK>", { "<SEQ=78><ACK=1000><CTL=ACK>" },
	    "a/b(R=Y%W=FAF0%S=A+%A=S%F=A)\n" },
	{ "<SEQ=1000><ACK=77><CTL=ACK>",
	    { "<SEQ=76><ACK=1002><CTL=FIN,SYN,PSH,URG,ECE,CWR>" },
	    "a/b(R=Y%W=FAF0%S=O%A=O%F=EUPSF)\n" },
	/* what was set aside is not it */
	{ "<SEQ=1000><CTL=SYN>",
	    { "<SEQ=9><ACK=9><CTL=SYN,ACK>", "<SEQ=0><ACK=1001><CTL=RST,ACK>" },
	    "a/b(R=Y%W=FAF0%S=Z%A=S+%F=AR)\n" },
};

START_TEST(test_line)
{
	struct judgement j = { .verdict = V_PASS };
	struct report_case c = { .id = "a/b", .j = &j };
	struct util_came came[2] = { { 0 } };
	struct segment probe;
	struct exchange x;
	size_t n;
	char *text;

	for (n = 0; n < 2 && rows[_i].came[n] != NULL; n++)
		came[n].rfc = rows[_i].came[n];
	util_exchange(&x, rows[_i].probe, &probe, came, n);
	if (n == 2)
		j.observed = &x.passages[x.n - 1];
	c.x = &x;
	text = samples_one(&report_nmap, 0, false, 1, &c);
	ck_assert_str_eq(text, rows[_i].line);
	free(text);
}
END_TEST

/* What was not sent has no answer, and no line. */
START_TEST(test_not_run)
{
	struct judgement j = { .verdict = V_SKIP };
	struct exchange x = { 0 };
	struct report_case c = { .id = "a/b", .j = &j, .x = &x };
	struct report_head head = { 0 };
	struct report_tail tail = { 0 };
	char *text;

	text = samples_one(&report_nmap, 0, false, 1, &c);
	ck_assert_str_eq(text, "");
	free(text);
	text = samples_head(&report_nmap, &head);
	ck_assert_str_eq(text, "");
	free(text);
	text = samples_tail(&report_nmap, 0, &tail);
	ck_assert_str_eq(text, "");
	free(text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("report_nmap");
	TCase *tc = tcase_create("lines");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_line, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_not_run);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
