/* The language of causes: how it is read, and what it means. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "rules/cause.h"

#define TITLE	"  title \"t\"\n"
#define SURE	"  sure likely\n"
#define SEE	"  evidence \"e\"\n"
#define CHECK	"  check \"c\"\n"
#define WHY	"  why \"w\"\n"
#define REST	SEE CHECK WHY
#define GOOD	"cause a\n" TITLE SURE REST
#define WHEN(c) "cause a\n" TITLE "  when " c "\n" SURE REST

static int
add(struct causes *c, const char *text, struct err *e)
{
	causes_init(c);
	*e = (struct err){ 0 };
	return causes_add(c, "f", text, strlen(text), e);
}

/* Every mistake is told with its place. */
START_TEST(test_mistakes)
{
	static const struct {
		const char *text, *msg;
	} rows[] = {
		{ "rule a", "f:1:1: unexpected rule; expected \"cause\"" },
		{ "cause", "f:1:6: the file ends too early; expected the id "
			   "of a cause" },
		{ "cause \"a\"", "f:1:7: unexpected a; expected the id of a "
				 "cause" },
		{ GOOD GOOD, "f:7:7: cause a is there already" },
		{ "cause a\n" SURE REST "cause b",
		    "f:6:1: cause a has no \"title\"" },
		{ "cause a\n" TITLE REST "#", "f:6:2: cause a has no "
					      "\"sure\"" },
		{ "cause a\n" TITLE SURE CHECK WHY,
		    "f:6:1: cause a has no \"evidence\"" },
		{ "cause a\n" TITLE SURE SEE WHY,
		    "f:6:1: cause a has no \"check\"" },
		{ "cause a\n" TITLE SURE SEE CHECK,
		    "f:6:1: cause a has no \"why\"" },
		{ "cause a\n" TITLE TITLE, "f:3:3: title is said a second "
					   "time" },
		{ WHEN("ack\n  when ack"), "f:4:3: when is said a second "
					   "time" },
		{ WHEN("colour"), "f:3:8: unknown clue \"colour\"" },
		{ WHEN("idle > 3y"), "f:3:15: a number has the unit ms, s, "
				     "min, h or none" },
		{ WHEN("idle > 99999999999"), "f:3:15: this number is too "
					      "great" },
		{ WHEN("idle >"), "f:4:3: unknown clue \"sure\"" },
		{ WHEN("(ack"), "f:4:3: unexpected sure; expected \")\"" },
		{ WHEN("\"ack\""), "f:3:8: unexpected ack; expected a clue or "
				   "a number" },
		{ "cause a\n" TITLE "  sure perhaps\n",
		    "f:3:8: unexpected perhaps; expected certain or likely" },
		{ "cause a\n" TITLE "  in LAND\n",
		    "f:3:6: unexpected LAND; expected a state" },
		{ "cause a\n" TITLE "  why \"w\n\n",
		    "f:3:7: this string does not end" },
		{ "cause a\n  evidence \"{idle\"\n",
		    "f:3:1: this brace does not end" },
		{ "cause a\n  evidence \"{Idle}\"\n",
		    "f:3:1: unknown clue \"Idle\"" },
		{ "cause a\n  odd\n", "f:2:3: unexpected odd; expected a "
				      "property of the cause" },
		{ "\x1b", "f:1:1: unexpected \\x1b; expected \"cause\"" },
	};
	struct causes c;
	struct err e;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ck_assert_msg(add(&c, rows[i].text, &e) == -1, "%s",
		    rows[i].text);
		ck_assert_int_eq(e.kind, ERR_USAGE);
		ck_assert_str_eq(e.msg, rows[i].msg);
		causes_free(&c);
	}
}
END_TEST

/* A condition that never ends, and text that is not one. */
START_TEST(test_hostile)
{
	char text[4096] = "cause a\n when ";
	struct causes c;
	struct err e;
	size_t i;

	memset(text + strlen(text), '(', 3000);
	ck_assert_int_eq(add(&c, text, &e), -1);
	ck_assert_str_eq(e.msg, "f:2:107: this condition is too deep");
	causes_free(&c);
	/* all that is before an octet, and nothing after it, is looked at */
	for (i = 0; i < strlen(GOOD) - 1; i++) {
		memcpy(text, GOOD, i);
		causes_init(&c);
		ck_assert_int_eq(causes_add(&c, "f", text, i, &e),
		    i == 0 ? 0 : -1);
		causes_free(&c);
	}
}
END_TEST

/* idle is 65 s, delay 3 ms, ack and peer-retries are 1, the rest is 0. */
START_TEST(test_conditions)
{
	static const struct {
		const char *cond;
		bool holds;
	} rows[] = {
		{ "ack", true },
		{ "not ack", false },
		{ "not not ack", true },
		{ "middle", false },
		{ "middle or ack", true },
		{ "ack, middle", false },
		{ "ack, middle or ack", true },
		{ "middle or ack, middle", false },
		{ "middle or (ack, ack)", true },
		{ "not (middle or ack)", false },
		{ "not middle, ack", true },
		{ "idle", true },
		{ "idle > 65s", false },
		{ "idle >= 65s", true },
		{ "idle = 65000", true },
		{ "idle = 65000ms", true },
		{ "idle != 65s", false },
		{ "idle < 2min", true },
		{ "idle =< 1min", false },
		{ "idle < 1h", true },
		{ "1min < idle < 70s", true },
		{ "1min < idle < 64s", false },
		{ "delay < idle, peer-retries < 2", true },
		{ "delay=3", true },
		{ "ack = 0", false },
		{ "middle = 0", true },
		{ "ack != 0", true },
		{ "middle != 0", false },
		{ "middle >= 0", true },
		{ "middle < 1", true },
		{ "ack > 0", true },
		{ "middle > 0", false },
		{ "middle >= middle", true },
		{ "middle = middle", true },
		{ "not (middle > 0)", true },
		{ "ack # or not\n, middle", false },
	};
	struct clues clues = { 0 };
	struct causes c;
	struct err e;
	char text[200];
	size_t i;

	clues.v[CLUE_ACK] = clues.v[CLUE_PEER_RETRIES] = 1;
	clues.v[CLUE_IDLE] = 65000;
	clues.v[CLUE_DELAY] = 3;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(text, sizeof(text), WHEN("%s"), rows[i].cond);
		ck_assert_msg(add(&c, text, &e) == 0, "%s", e.msg);
		ck_assert_msg((cause_match(&c, ST_CLOSED, &clues) != NULL) ==
				  rows[i].holds,
		    "%s", rows[i].cond);
		causes_free(&c);
	}
}
END_TEST

/* The first that fits, in the state that it is about. */
START_TEST(test_order)
{
	static const char text[] =
	    "cause a\n" TITLE "  in SYN-SENT CLOSED\n  when ack\n" SURE REST
	    "cause b\n" TITLE "  when middle\n" SURE REST
	    "cause c\n" TITLE SURE REST;
	struct clues clues = { 0 };
	struct causes c;
	struct err e;

	ck_assert_msg(add(&c, text, &e) == 0, "%s", e.msg);
	ck_assert_uint_eq(c.n, 3);
	ck_assert_str_eq(cause_match(&c, ST_CLOSED, &clues)->id, "c");
	clues.v[CLUE_MIDDLE] = 1;
	ck_assert_str_eq(cause_match(&c, ST_CLOSED, &clues)->id, "b");
	clues.v[CLUE_ACK] = 1;
	ck_assert_str_eq(cause_match(&c, ST_CLOSED, &clues)->id, "a");
	ck_assert_str_eq(cause_match(&c, ST_SYN_SENT, &clues)->id, "a");
	ck_assert_str_eq(cause_match(&c, ST_LISTEN, &clues)->id, "b");
	ck_assert_ptr_null(cause_find(&c, "d"));
	ck_assert_int_eq(cause_find(&c, "b")->line, 9);
	causes_free(&c);
}
END_TEST

/* What is said if something holds. */
START_TEST(test_clauses)
{
	static const char text[] =
	    "cause a\n" TITLE "  sure certain if ack\n  sure likely\n"
	    "  like b c if not ack\n  like c\n"
	    "  evidence \"idle for {idle},\n\t{delay}\"\n"
	    "  evidence \"{peer-retries} times\" if peer-retries > 1\n" CHECK
	    "  cite \"RFC 1\" \"RFC 2\"\n" WHY "cause b\n" TITLE SURE REST
	    "cause c\n" TITLE SURE REST;
	static const struct {
		int64_t ms;
		const char *text;
	} times[] = { { 0, "less than 1 ms" }, { 7, "7 ms" }, { 1250, "1.2 s" },
		{ 61000, "1 min 1 s" }, { 7500000, "2 h 5 min" } };
	const struct clause *first, *second;
	struct clues clues = { 0 };
	struct buf b = { 0 };
	const struct cause *a;
	struct causes c;
	char line[80];
	struct err e;
	size_t i;

	ck_assert_msg(add(&c, text, &e) == 0, "%s", e.msg);
	ck_assert_int_eq(causes_check(&c, &e), 0);
	a = cause_find(&c, "a");
	ck_assert_int_eq(cause_sure(a, &clues), SURE_LIKELY);
	first = STAILQ_FIRST(&a->like);
	second = STAILQ_NEXT(first, next);
	ck_assert(clause_holds(first, &clues) && clause_holds(second, &clues));
	clues.v[CLUE_ACK] = 1;
	ck_assert_int_eq(cause_sure(a, &clues), SURE_CERTAIN);
	ck_assert(!clause_holds(first, &clues));
	ck_assert(!clause_holds(second, &clues));
	ck_assert(clause_holds(STAILQ_NEXT(second, next), &clues));
	first = STAILQ_FIRST(&a->evidence);
	for (i = 0; i < ARRAY_SIZE(times); i++) {
		clues.v[CLUE_IDLE] = times[i].ms;
		clues.v[CLUE_DELAY] = 1;
		buf_reset(&b);
		clause_add_text(&b, first, &clues);
		snprintf(line, sizeof(line), "idle for %s, 1 ms",
		    times[i].text);
		ck_assert_str_eq(buf_str(&b), line);
	}
	second = STAILQ_NEXT(first, next);
	ck_assert(!clause_holds(second, &clues));
	clues.v[CLUE_PEER_RETRIES] = 12;
	ck_assert(clause_holds(second, &clues));
	buf_reset(&b);
	clause_add_text(&b, second, &clues);
	ck_assert_str_eq(buf_str(&b), "12 times");
	clues.v[CLUE_PEER_RETRIES] = 1;
	buf_reset(&b);
	clause_add_text(&b, second, &clues);
	ck_assert_str_eq(buf_str(&b), "1 time");
	buf_free(&b);
	causes_free(&c);
}
END_TEST

START_TEST(test_unknown_like)
{
	struct causes c;
	struct err e;

	ck_assert_int_eq(add(&c, GOOD "  like gone\n", &e), 0);
	ck_assert_int_eq(causes_check(&c, &e), -1);
	ck_assert_str_eq(e.msg, "f:1: cause a is like gone, which is no cause");
	causes_free(&c);
}
END_TEST

/* Each clue has a name of its own, and words. */
START_TEST(test_names)
{
	const char *name;
	enum clue c;

	for (c = 0; c < NCLUES; c++) {
		name = clue_name(c)->name;
		ck_assert_int_eq(clue_by_name(name, strlen(name)), c);
		ck_assert(strlen(clue_name(c)->means) > 0);
	}
	ck_assert_int_eq(clue_by_name("ackk", 4), NCLUES);
	ck_assert_str_eq(sure_name(SURE_UNKNOWN), "unknown");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("cause");
	TCase *tc = tcase_create("cause");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, test_mistakes);
	tcase_add_test(tc, test_hostile);
	tcase_add_test(tc, test_conditions);
	tcase_add_test(tc, test_order);
	tcase_add_test(tc, test_clauses);
	tcase_add_test(tc, test_unknown_like);
	tcase_add_test(tc, test_names);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
