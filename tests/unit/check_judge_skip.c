/* Deviations that skip a rule, that reply the same, or that bind one reply. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "judge/judge.h"
#include "util.h"

#define REST " level SPEC cite \"c\" why \"y\"\n"

/* Three rules that speak of a FIN, from the first check to the last. */
static const char rules[] =
    "rule first in ESTABLISHED when FIN reply none next LISTEN" REST
    "rule other in CLOSE-WAIT reply <SEQ=1><CTL=RST>" REST
    "rule second in ESTABLISHED when FIN reply <SEQ=2><CTL=RST>\n"
    "  next CLOSED allow <SEQ=3><CTL=RST> by \"x\"" REST
    "rule third in ESTABLISHED reply <SEQ=4><CTL=RST> next CLOSED" REST
    "rule last in TIME-WAIT reply none" REST
    "deviation d/same stack x breaks first does same next same why \"y\"\n"
    "deviation d/skip stack x breaks first does skip why \"y\"\n"
    "deviation d/next stack x breaks second does <SEQ=5><CTL=RST>\n"
    "  next CLOSED why \"y\"\n"
    "deviation d/on stack x breaks second does skip when PSH why \"y\"\n"
    "deviation d/not stack x breaks other instead none does same\n"
    "  next CLOSED why \"y\"\n"
    "deviation d/yes stack x breaks other instead <SEQ=1><CTL=RST>\n"
    "  does same next LISTEN why \"y\"\n"
    "deviation d/last stack x breaks last does skip why \"y\"\n";

#define FIN	"<SEQ=1000><CTL=FIN>"
#define FIN_PSH "<SEQ=1000><CTL=FIN,PSH>"
#define RST(n)	"<SEQ=" #n "><CTL=RST>"

static const struct {
	const char *name;
	enum state state;
	const char *stimulus, *came;
	enum state after;
	enum verdict verdict;
	const char *known;
} rows[] = {
	{ "as required", ST_ESTABLISHED, FIN, NULL, ST_LISTEN, V_PASS,
	    "d/same" },
	{ "the same reply, another end", ST_ESTABLISHED, FIN, NULL,
	    ST_ESTABLISHED, V_DEVIATION, "d/same" },
	{ "the same reply, a third end", ST_ESTABLISHED, FIN, NULL, ST_CLOSED,
	    V_FAIL, "d/same" },
	/* the first skipped: the second's reply, or what that one allows */
	{ "as the second requires", ST_ESTABLISHED, FIN, RST(2), ST_CLOSED,
	    V_DEVIATION, "d/skip" },
	{ "as the second allows", ST_ESTABLISHED, FIN, RST(3), ST_CLOSED,
	    V_DEVIATION, "d/skip" },
	{ "not as the second ends", ST_ESTABLISHED, FIN, RST(2), ST_LISTEN,
	    V_FAIL, "d/same" },
	{ "as a deviation from the second", ST_ESTABLISHED, FIN, RST(5),
	    ST_CLOSED, V_DEVIATION, "d/skip" },
	{ "the third is not reached", ST_ESTABLISHED, FIN, RST(4), ST_CLOSED,
	    V_FAIL, "d/same" },
	{ "but it is when the second is skipped", ST_ESTABLISHED, FIN_PSH,
	    RST(4), ST_CLOSED, V_DEVIATION, "d/skip" },
	{ "a rule of another state between them", ST_ESTABLISHED, FIN, RST(1),
	    ST_CLOSED, V_FAIL, "d/same" },
	/* no rule is left */
	{ "the last skipped", ST_TIME_WAIT, FIN, RST(1), ST_TIME_WAIT, V_FAIL,
	    "d/last" },
	/* bound to another reply than is required */
	{ "instead of another reply", ST_CLOSE_WAIT, FIN, RST(1), ST_CLOSED,
	    V_FAIL, "d/yes" },
	{ "instead of this reply", ST_CLOSE_WAIT, FIN, RST(1), ST_LISTEN,
	    V_DEVIATION, "d/yes" },
};

START_TEST(test_skip)
{
	const struct aftermath after = { .state = rows[_i].after };
	const struct util_came came = { .rfc = rows[_i].came };
	const struct tcb tcb = { .state = rows[_i].state };
	struct rulebook book;
	const struct known_stack stack = { &book, "x", "1" };
	const struct deviation *d;
	struct segment probe;
	const struct situation s = { .tcb = &tcb, .seg = &probe };
	struct judgement j;
	struct exchange x;

	util_book(&book, rules);
	util_exchange(&x, rows[_i].stimulus, &probe, &came, 1);
	judge(&j, &book, EV_SEGMENT, &s, &x, &after);
	d = judge_deviation(&j, &stack, EV_SEGMENT, &s, &x, &after);
	ck_assert_msg(j.verdict == rows[_i].verdict, "%s: %s", rows[_i].name,
	    verdict_name(j.verdict));
	ck_assert_msg(strcmp(d ? d->id : "", rows[_i].known) == 0, "%s: %s",
	    rows[_i].name, d ? d->id : "none");
	/* what came is what is shown */
	ck_assert_ptr_eq(j.observed, rows[_i].came ? &x.passages[1] : NULL);
	rulebook_free(&book);
}
END_TEST

/* The rules after one that speak of the same. */
START_TEST(test_match_after)
{
	static const struct tcb tcb = { .state = ST_ESTABLISHED };
	struct segment seg = { .ctl = CTL_FIN };
	const struct situation s = { .tcb = &tcb, .seg = &seg };
	struct rulebook book;
	const struct rule *r;

	util_book(&book, rules);
	r = rulebook_match(&book, EV_SEGMENT, &s);
	ck_assert_str_eq(r->id, "first");
	r = rulebook_match_after(r, EV_SEGMENT, &s);
	ck_assert_str_eq(r->id, "second");
	ck_assert_ptr_null(rulebook_match_after(r, EV_CLOSE, &s));
	r = rulebook_match_after(r, EV_SEGMENT, &s);
	ck_assert_str_eq(r->id, "third");
	ck_assert_ptr_null(rulebook_match_after(r, EV_SEGMENT, &s));
	rulebook_free(&book);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("judge_skip");
	TCase *tc = tcase_create("skip");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_skip, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_match_after);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
