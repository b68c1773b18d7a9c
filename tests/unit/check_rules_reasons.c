/* The language of reasons: mistakes, and what entries hold. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "util.h"

#define STACK	 "  stack linux\n"
#define NAME	 "  name \"N\"\n"
#define OF	 "  of a/rst\n"
#define NOT	 "  unprovoked \"u\"\n"
#define WHY	 "  why \"y\"\n"
#define ENTRY(p) "reason r/s\n" p
#define GOOD	 ENTRY(STACK NAME OF WHY)	      /* five lines */
#define PROP(p)	 ENTRY(STACK NAME OF WHY "  " p "\n") /* p is at 6:3 */
#define EITHER	 "f:1:8: reason r/s needs either \"of\" or \"unprovoked\""

/* What reasons are of. */
#define RULES                                                      \
	"rule a/rst in CLOSED reply <SEQ=0><CTL=RST>\n"            \
	"  level SPEC cite \"c\" why \"y\"\n"                      \
	"rule a/none in CLOSED reply none level SPEC cite \"c\"\n" \
	"  why \"y\"\n"                                            \
	"deviation d/rst stack linux breaks a/none\n"              \
	"  does <SEQ=0><CTL=RST> why \"y\"\n"

/* The message, or its beginning before ';'. NULL: there is none. */
static const struct {
	const char *name;
	const char *text;
	const char *msg;
} rows[] = {
	{ "right", GOOD, NULL },
	{ "right, not provoked", ENTRY(STACK NAME NOT WHY), NULL },
	{ "stack missing", ENTRY(NAME OF WHY),
	    "f:1:8: reason r/s has no \"stack\"" },
	{ "name missing", ENTRY(STACK OF WHY),
	    "f:1:8: reason r/s has no \"name\"" },
	{ "why missing", ENTRY(STACK NAME OF),
	    "f:1:8: reason r/s has no \"why\"" },
	{ "why missing, not provoked", ENTRY(STACK NAME NOT),
	    "f:1:8: reason r/s has no \"why\"" },
	{ "neither of nor unprovoked", ENTRY(STACK NAME WHY), EITHER },
	{ "both", PROP("unprovoked \"u\""), EITHER },
	{ "id missing", "reason\n" STACK, "f:2:9: unexpected linux" },
	{ "id twice", GOOD "\n" GOOD, "f:7:8: reason r/s is there already" },
	{ "stack twice", PROP("stack bsd"),
	    "f:6:3: stack is said a second time" },
	{ "name twice", PROP("name \"M\""),
	    "f:6:3: name is said a second time" },
	{ "why twice", PROP("why \"z\""), "f:6:3: why is said a second time" },
	{ "unprovoked twice", ENTRY(STACK NAME NOT NOT WHY),
	    "f:5:3: unprovoked is said a second time" },
	{ "since twice", PROP("since \"6\" since \"7\""),
	    "f:6:13: since is said a second time" },
	{ "until twice", PROP("until \"6\" until \"7\""),
	    "f:6:13: until is said a second time" },
	{ "since no version", PROP("since \"six\""),
	    "f:6:9: a version begins with a digit, such as 6.18" },
	{ "until no version", PROP("until \"\""),
	    "f:6:9: a version begins with a digit, such as 6.18" },
	{ "of several", PROP("of a/none of d/rst"), NULL },
	{ "of what is not there", PROP("of a/b"),
	    "f:1:8: reason r/s is of a/b, which is no rule and no deviation" },
	{ "of a reason", PROP("of r/s"),
	    "f:1:8: reason r/s is of r/s, which is no rule and no deviation" },
	{ "of no id", PROP("of \"a/rst\""),
	    "f:6:6: an id was expected here, such as closed/no-ack" },
	{ "a property of deviations", PROP("breaks a/rst"),
	    "f:6:3: unexpected breaks" },
	{ "a property of rules", PROP("in CLOSED"), "f:6:3: unexpected in" },
};

START_TEST(test_rows)
{
	const char *msg = rows[_i].msg;
	struct rulebook book;
	struct err e;
	int rc;

	util_book(&book, RULES);
	rc = rulebook_add(&book, UTIL_NAME, rows[_i].text,
	    strlen(rows[_i].text), &e);
	if (msg == NULL) {
		ck_assert_msg(rc == 0, "%s: %s", rows[_i].name, e.msg);
	} else {
		ck_assert_msg(rc == -1, "%s: no mistake", rows[_i].name);
		ck_assert_int_eq(e.kind, ERR_USAGE);
		ck_assert_msg(strncmp(e.msg, msg, strlen(msg)) == 0 &&
				  strchr(";", e.msg[strlen(msg)]) != NULL,
		    "%s: %s, wanted %s", rows[_i].name, e.msg, msg);
	}
	rulebook_free(&book);
}
END_TEST

START_TEST(test_holds)
{
	const struct reason *r;
	struct rulebook book;

	util_book(&book,
	    RULES "reason r/one stack linux since \"6.1\" until \"7\"\n"
		  "  name \"A_B\" of d/rst of a/none why \"one\n  two\"\n"
		  "reason r/two stack open-bsd name \"C\"\n"
		  "  unprovoked \"three\n\tfour\" why \"five\"\n");
	r = STAILQ_FIRST(&book.reasons);
	ck_assert_str_eq(r->id, "r/one");
	ck_assert_str_eq(r->stack, "linux");
	ck_assert_str_eq(r->since, "6.1");
	ck_assert_str_eq(r->until, "7");
	ck_assert_str_eq(r->name, "A_B");
	ck_assert_str_eq(r->why, "one two");
	ck_assert_ptr_null(r->unprovoked);
	ck_assert_str_eq(STAILQ_FIRST(&r->of)->text, "d/rst");
	ck_assert_str_eq(STAILQ_NEXT(STAILQ_FIRST(&r->of), next)->text,
	    "a/none");
	r = STAILQ_NEXT(r, next);
	ck_assert_str_eq(r->id, "r/two");
	ck_assert_str_eq(r->stack, "open-bsd");
	ck_assert_ptr_null(r->since);
	ck_assert_ptr_null(r->until);
	ck_assert_str_eq(r->unprovoked, "three four");
	ck_assert(STAILQ_EMPTY(&r->of));
	ck_assert_ptr_null(STAILQ_NEXT(r, next));
	rulebook_free(&book);
}
END_TEST

/* What a reason says of its stack is not said of a deviation beside it. */
START_TEST(test_beside_deviation)
{
	struct rulebook book;

	util_book(&book,
	    RULES GOOD "deviation d/e stack bsd since \"5\" breaks a/rst\n"
		       "  does none why \"y\"\n");
	ck_assert_str_eq(STAILQ_FIRST(&book.reasons)->stack, "linux");
	ck_assert_ptr_null(STAILQ_FIRST(&book.reasons)->since);
	ck_assert_str_eq(rulebook_find_deviation(&book, "d/e")->stack, "bsd");
	ck_assert_str_eq(rulebook_find_deviation(&book, "d/e")->since, "5");
	ck_assert_ptr_null(rulebook_find_deviation(&book, "a/rst"));
	rulebook_free(&book);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rules_reasons");
	TCase *tc = tcase_create("entries");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_rows, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_holds);
	tcase_add_test(tc, test_beside_deviation);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
