/*
 * A checker that never fails proves nothing. Each lie must be caught with the
 * right verdict and the right field named, through the whole path: libnet,
 * veth, a user-space peer, libpcap, rules and judge.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "liar.h"
#include "run/data.h"
#include "run/suite.h"

static const struct row {
	enum lie lie;
	const char *id; /* the case it is told to */
	enum verdict verdict;
	const char *field;  /* the first that is wrong; NULL: none */
	const char *reason; /* part of it */
} rows[] = {
	{ LIE_NONE, "closed/S", V_PASS, NULL, "" },
	{ LIE_NONE, "closed/.", V_PASS, NULL, "" },
	{ LIE_NONE, "closed/R", V_PASS, NULL, "" },
	{ LIE_NONE, "closed/S/wrap/text", V_PASS, NULL, "" },
	{ LIE_ACK_NOT_PLUS_1, "closed/S", V_FAIL, "ack", "" },
	{ LIE_ACK_NOT_PLUS_1, "closed/S/wrap", V_FAIL, "ack", "" },
	{ LIE_ACK_RANDOM, "closed/S", V_FAIL, "ack", "" },
	{ LIE_RST_WITHOUT_ACK, "closed/S", V_FAIL, "ctl", "" },
	{ LIE_SEQ_NOT_ZERO, "closed/S", V_FAIL, "seq", "" },
	{ LIE_SEQ_PLUS_1, "closed/.", V_FAIL, "seq", "" },
	{ LIE_SEQ_PLUS_1, "closed/S./ack", V_FAIL, "seq", "" },
	{ LIE_ANSWERS_RST, "closed/R", V_FAIL, "reply", "none is due" },
	{ LIE_ANSWERS_RST, "closed/R.", V_FAIL, "reply", "none is due" },
	{ LIE_FIN_TOO, "closed/S", V_FAIL, "ctl", "" },
	{ LIE_ACK_BIT_OFF, "closed/S", V_FAIL, "ctl", "" },
	{ LIE_CHECKSUM, "closed/S", V_FAIL, "checksum", "checksum" },
	{ LIE_WRONG_PORT, "closed/S", V_FAIL, "source port", "port" },
	{ LIE_FORGED_BLIND, "closed/S", V_PASS, NULL, "set aside: 1" },
	{ LIE_FORGED_SIGHTED, "closed/S", V_INCONCLUSIVE, "seq", "contradict" },
	{ LIE_TWICE, "closed/S", V_FAIL, "count", "twice" },
	{ LIE_TWICE, "closed/.", V_FAIL, "count", "twice" },
	{ LIE_NOTHING, "closed/S", V_FAIL, "reply", "silence is proved" },
	{ LIE_TEXT, "closed/S", V_PASS, NULL, "" },
};

/* Our own open failed for want of privilege: the caller then skips. */
static int
open_liar(struct session *s, enum lie lie)
{
	struct err e;

	liar_choose(lie);
	if (session_open(s, liar_run, NULL, &e) == 0)
		return 0;
	fprintf(stderr, "%s\n", e.msg);
	return -1;
}

/* All that a case needs to run against a liar. */
struct world {
	struct rulebook book;
	struct testcases cases;
	struct suite suite;
	struct session session;
};

static void
set_up(struct world *w, enum lie lie)
{
	const char *src = getenv("srcdir");
	char dir[4096];
	struct err e;

	snprintf(dir, sizeof(dir), "%s/data", src ? src : ".");
	rulebook_init(&w->book);
	ck_assert_msg(data_load(&w->book, dir, DATA_SUITE, &e) == 0, "%s",
	    e.msg);
	ck_assert_int_eq(testcases_expand(&w->cases, &w->book, &e), 0);
	w->suite = (struct suite){ .book = &w->book,
		.cases = &w->cases,
		.stack = "liar",
		.version = "1" };
	ck_assert_int_eq(open_liar(&w->session, lie), 0);
}

static void
tear_down(struct world *w)
{
	struct err e;

	ck_assert_int_eq(session_close(&w->session, &e), 0);
	testcases_free(&w->cases);
	rulebook_free(&w->book);
}

static const char *
first_wrong(const struct judgement *j)
{
	size_t i;

	for (i = 0; i < j->nfields; i++)
		if (!j->fields[i].ok)
			return j->fields[i].name;
	return "none";
}

START_TEST(test_lie)
{
	const struct row *row = &rows[_i];
	const struct testcase *t;
	struct suite_result r;
	const char *field;
	struct world w;

	set_up(&w, row->lie);
	for (t = w.cases.v; strcmp(t->id, row->id) != 0; t++)
		ck_assert(t + 1 < w.cases.v + w.cases.n);
	suite_run_case(&w.suite, &w.session, t, &r);
	field = first_wrong(&r.j);
	ck_assert_msg(r.j.verdict == row->verdict &&
			  strcmp(field, row->field ? row->field : "none") ==
			      0 &&
			  strstr(r.j.reason, row->reason) != NULL,
	    "lie %d to %s: %s, field %s, \"%s\"", row->lie, row->id,
	    verdict_name(r.j.verdict), field, r.j.reason);
	/* every FAIL names its rule and what was expected */
	ck_assert(r.j.verdict == V_PASS || (r.j.rule && r.j.expected[0]));
	tear_down(&w);
}
END_TEST

/* A stack that dies or hangs: no wrong verdict, and no wait for each case. */
START_TEST(test_gone)
{
	static const enum lie lies[] = { LIE_DIES, LIE_MUTE };
	const struct testcase *t;
	struct suite_result r;
	struct world w;

	set_up(&w, lies[_i]);
	/* they would wait for an hour if each waited a second */
	ck_assert_uint_gt(w.cases.n, 2000);
	for (t = w.cases.v; t < w.cases.v + w.cases.n; t++) {
		suite_run_case(&w.suite, &w.session, t, &r);
		ck_assert_msg(r.j.verdict == V_INCONCLUSIVE ||
				  (r.j.verdict == V_SKIP &&
				      testcase_ip(t) == 6),
		    "%s: %s", t->id, verdict_name(r.j.verdict));
		ck_assert_str_ne(r.j.reason, "");
	}
	tear_down(&w);
}
END_TEST

/* Is a bench possible here at all? Asked in a child, which it changes. */
START_TEST(test_possible)
{
	struct session s;
	struct err e;

	if (open_liar(&s, LIE_NONE) == -1)
		exit(1);
	session_close(&s, &e);
}
END_TEST

static int
run(const char *name, const TTest *test, int n)
{
	Suite *suite = suite_create(name);
	TCase *tc = tcase_create(name);
	SRunner *sr;
	int failed;

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, test, 0, n);
	suite_add_tcase(suite, tc);
	sr = srunner_create(suite);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed;
}

int
main(void)
{
	if (run("a bench for the liar", test_possible, 1) != 0) {
		puts("SKIP: no private namespaces here (the line above "
		     "says why)");
		return 77;
	}
	return run("liar", test_lie, sizeof(rows) / sizeof(rows[0])) +
		   run("a stack that is gone", test_gone, 2) !=
	       0;
}
