/* What of another stack is asked again, and what three tries say together. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"
#include "run/reach.h"

static const struct {
	const char *name;
	enum verdict verdict;
	bool known, driven, dead, again;
} ask_rows[] = {
	{ "it fails", V_FAIL, false, true, false, true },
	{ "it is right, and nothing else known", V_PASS, false, true, false,
	    false },
	{ "it is right, but was not", V_PASS, true, true, false, true },
	{ "it is allowed, but was not", V_ALLOWED, true, true, false, true },
	{ "it does what is known", V_DEVIATION, true, true, false, false },
	{ "it is skipped", V_SKIP, true, true, false, false },
	{ "it is open", V_INCONCLUSIVE, true, true, false, true },
	{ "nobody is there", V_FAIL, false, true, true, false },
	{ "it is far away", V_FAIL, false, false, false, false },
};

START_TEST(test_ask)
{
	struct session *s = mem_calloc(1, sizeof(*s));
	struct deviation d = { 0 };
	struct suite_result r = { .j.verdict = ask_rows[_i].verdict,
		.known = ask_rows[_i].known ? &d : NULL };

	s->driven = ask_rows[_i].driven;
	s->dead = ask_rows[_i].dead;
	ck_assert_msg(reach_surprises(s, &r) == ask_rows[_i].again, "%s",
	    ask_rows[_i].name);
	free(s);
}
END_TEST

static const struct {
	enum verdict before[2], last, stands;
	const char *was, *reason;
} agree_rows[] = {
	{ { V_FAIL, V_PASS }, V_PASS, V_PASS, "", "one of three tries: FAIL" },
	{ { V_FAIL, V_PASS }, V_FAIL, V_FAIL, "silence",
	    "silence; one of three tries: PASS" },
	{ { V_PASS, V_DEVIATION }, V_DEVIATION, V_DEVIATION, "",
	    "one of three tries: PASS" },
	{ { V_PASS, V_FAIL }, V_PASS, V_PASS, "", "one of three tries: FAIL" },
	{ { V_FAIL, V_PASS }, V_DEVIATION, V_INCONCLUSIVE, "known",
	    "three tries, three verdicts: FAIL, PASS, DEVIATION" },
};

START_TEST(test_agree)
{
	struct deviation d = { 0 };
	struct suite_result r = { .j = { .verdict = agree_rows[_i].last,
				      .deviation = &d } };

	strcpy(r.j.reason, agree_rows[_i].was);
	reach_agree(&r, agree_rows[_i].before);
	ck_assert_int_eq(r.j.verdict, agree_rows[_i].stands);
	ck_assert_str_eq(r.j.reason, agree_rows[_i].reason);
	ck_assert((r.j.deviation == NULL) == (r.j.verdict == V_INCONCLUSIVE));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("surprise");
	TCase *t = tcase_create("surprise");
	SRunner *sr;
	int failed;

	tcase_add_loop_test(t, test_ask, 0, ARRAY_SIZE(ask_rows));
	tcase_add_loop_test(t, test_agree, 0, ARRAY_SIZE(agree_rows));
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed > 0;
}
