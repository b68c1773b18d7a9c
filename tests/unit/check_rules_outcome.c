/* What becomes of the connection: what a rule says, and which move applies. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "util.h"

#define REST	"  level SPEC\n  cite \"c\"\n  why \"y\"\n"
#define RULE(p) "rule a\n  in any\n  reply none\n  " p "\n" REST
#define CALL(p) "rule a\n  in any\n  on CLOSE\n  reply none\n  " p "\n" REST
#define DEV(p)                                                       \
	RULE("")                                                     \
	"deviation d\n  stack x\n  breaks a\n  does none\n  " p "\n" \
	"  why \"y\"\n"
#define DEV_CALL(p)                                                  \
	CALL("")                                                     \
	"deviation d\n  stack x\n  breaks a\n  does none\n  " p "\n" \
	"  why \"y\"\n"
#define DOES(p) \
	RULE("") "deviation d\n  stack x\n  breaks a\n  why \"y\"\n  " p "\n"
#define NO_SEGMENT \
	" asks for a segment, but on a user call or a timeout none arrives"
#define SEES                                                                \
	"the user sees nothing, closing, refused, reset, timeout or pipe, " \
	"not "

/* The message, or its beginning before ';'. NULL: there is none. */
static const struct {
	const char *text;
	const char *msg;
} parse_rows[] = {
	{ RULE("next CLOSED"), NULL },
	{ RULE("next same"), NULL },
	{ RULE("next CLOSED from LISTEN TIME-WAIT if SYN, not ACK next same"),
	    NULL },
	{ RULE("next LISTEN if passive"), NULL },
	{ RULE("next same from any"), NULL },
	{ RULE("next"), "f:5:3: unexpected level" },
	{ RULE("next any"), "f:4:8: unexpected any" },
	{ RULE("next CLOSED LISTEN"), "f:4:15: unexpected LISTEN" },
	{ RULE("next CLOSED from"), "f:5:3: unexpected level" },
	{ RULE("next CLOSED from same"), "f:4:20: unexpected same" },
	{ RULE("next CLOSED if"), "f:5:3: unexpected level" },
	{ RULE("next CLOSED if SEG.SEQ"), "f:5:3: unexpected level" },
	{ RULE("next CLOSED if SYN from LISTEN"), "f:4:22: unexpected from" },
	{ RULE("from CLOSED"), "f:4:3: unexpected from" },
	{ RULE("user nothing"), NULL },
	{ RULE("user closing"), NULL },
	{ RULE("user refused"), NULL },
	{ RULE("user reset"), NULL },
	{ RULE("user timeout"), NULL },
	{ RULE("user pipe"), NULL },
	/* another errno is seen, but nobody can ask for it */
	{ RULE("user other"), "f:4:8: " SEES "other" },
	{ RULE("user epipe"), "f:4:8: " SEES "epipe" },
	{ RULE("user none"), "f:4:8: unexpected none" },
	{ RULE("user \"reset\""), "f:4:8: unexpected \"reset\"" },
	{ RULE("user reset user pipe"), "f:4:14: user is said a second time" },
	{ RULE("user nothing user nothing"),
	    "f:4:16: user is said a second time" },
	{ RULE("data 0"), NULL },
	{ RULE("data UNREAD+SEG.LEN-1"), NULL },
	{ RULE("data"), "f:5:3: unexpected level" },
	{ RULE("data any"), "f:4:8: unexpected any" },
	{ RULE("data unread"), "f:4:8: unexpected unread" },
	{ RULE("data 1 data 2"), "f:4:10: data is said a second time" },
	{ RULE("when UNREAD > 0, not TS.RECENT = 1"), NULL },
	{ RULE("when timestamps, timestamp"), NULL },
	{ RULE("when SEG.TSVALS = 0"), "f:4:8: unknown term \"SEG.TSVALS\"" },
	/* of an alternative, between its form and its clause */
	{ RULE("allow none next same user reset data 1 by \"x\""), NULL },
	{ RULE("user reset allow none user pipe by \"x\" data 1"), NULL },
	{ RULE("allow none by \"x\" user pipe allow none by \"y\""), NULL },
	{ RULE("allow none user pipe user pipe by \"x\""),
	    "f:4:24: user is said a second time" },
	{ RULE("allow none data 1 data 1 by \"x\""),
	    "f:4:21: data is said a second time" },
	{ RULE("allow none next same"), "f:5:3: unexpected level" },
	{ RULE("allow none user other by \"x\""), "f:4:19: " SEES "other" },
	/* on a call no segment arrives */
	{ CALL("next CLOSED if unread user reset data UNREAD"), NULL },
	{ CALL("next CLOSED if SYN"), "f:1:6: rule a" NO_SEGMENT },
	{ CALL("next CLOSED next same from CLOSED if SEG.TSVAL = 1"),
	    "f:1:6: rule a" NO_SEGMENT },
	{ CALL("data SEG.LEN"), "f:1:6: rule a" NO_SEGMENT },
	{ CALL("allow none data SEG.LEN by \"x\""),
	    "f:1:6: rule a" NO_SEGMENT },
	{ CALL("allow none next LISTEN if ACK by \"x\""),
	    "f:1:6: rule a" NO_SEGMENT },
	{ CALL("when bad-source"), "f:1:6: rule a" NO_SEGMENT },
	/* several events */
	{ RULE("on CLOSE SHUTDOWN"), NULL },
	{ RULE("on USER-TIMEOUT KEEP-ALIVE FIN-WAIT-2-TIMEOUT CLOSE-LISTEN"),
	    NULL },
	{ RULE("on CLOSE on ABORT"), "f:4:12: on is said a second time" },
	{ RULE("on CLOSE KEEP-DEAD"), "f:4:12: unknown term \"KEEP\"" },
	{ RULE("on CLOSE ABORT when SYN"), "f:1:6: rule a" NO_SEGMENT },
	/* the same of a deviation, which stands at line 8, of a call 9 */
	{ DEV("next LISTEN from any if FIN next same user pipe data 0"), NULL },
	{ DEV("next"), "f:13:3: unexpected why" },
	{ DEV("user other"), "f:12:8: " SEES "other" },
	{ DEV("user pipe user pipe"), "f:12:13: user is said a second time" },
	{ DEV("data 0 data 0"), "f:12:10: data is said a second time" },
	{ DEV("in CLOSED LISTEN"), NULL },
	{ DEV("in any"), NULL },
	{ DEV("in CLOSED in LISTEN"), "f:12:13: in is said a second time" },
	{ DEV("in"), "f:13:3: unexpected why" },
	{ DEV("breaks b"), "f:8:11: deviation d breaks b, which is no rule" },
	{ DEV("breaks a breaks a"), NULL },
	{ DOES("does same"), NULL },
	{ DOES("does skip"), NULL },
	{ DOES("instead none does same"), NULL },
	{ DOES("does <SEQ=1><CTL=RST> instead <SEQ=any><ACK=1><CTL=ACK>"),
	    NULL },
	{ DOES("instead none"), "f:8:11: deviation d has no \"does\"" },
	{ DOES("instead same does none"), "f:12:11: unexpected same" },
	{ DOES("instead none instead none"),
	    "f:12:16: instead is said a second time" },
	{ DOES("does skip does same"), "f:12:13: does is said a second time" },
	{ DOES("does same does skip"), "f:12:13: does is said a second time" },
	{ DOES("does same does none"), "f:12:13: does is said a second time" },
	{ RULE("allow same by \"x\""), "f:4:9: unexpected same" },
	{ RULE("allow skip by \"x\""), "f:4:9: unexpected skip" },
	{ DEV_CALL("next CLOSED if unread data UNREAD"), NULL },
	{ DEV_CALL("next CLOSED if ACK"), "f:9:11: deviation d" NO_SEGMENT },
	{ DEV_CALL("data SEG.LEN"), "f:9:11: deviation d" NO_SEGMENT },
};

START_TEST(test_parse)
{
	util_parse(parse_rows[_i].text, parse_rows[_i].msg);
}
END_TEST

/* ---- which move applies ---- */

#define MOVES                                           \
	"next CLOSED from ESTABLISHED CLOSING if RST\n" \
	"next LISTEN from ESTABLISHED\n"                \
	"next same from TIME-WAIT if SYN\n"             \
	"next CLOSED from TIME-WAIT\n"

static const struct {
	const char *moves;
	enum state was;
	uint16_t ctl;
	enum state is;
} move_rows[] = {
	{ "", ST_CLOSING, CTL_RST, ST_CLOSING },
	{ "next same", ST_CLOSING, CTL_RST, ST_CLOSING },
	{ "next CLOSED", ST_CLOSING, CTL_RST, ST_CLOSED },
	{ "next CLOSED", ST_CLOSED, CTL_RST, ST_CLOSED },
	{ MOVES, ST_ESTABLISHED, CTL_RST, ST_CLOSED },
	{ MOVES, ST_ESTABLISHED, CTL_ACK, ST_LISTEN },
	{ MOVES, ST_CLOSING, CTL_RST, ST_CLOSED },
	/* no move speaks of it */
	{ MOVES, ST_CLOSING, CTL_ACK, ST_CLOSING },
	{ MOVES, ST_SYN_SENT, CTL_RST | CTL_SYN, ST_SYN_SENT },
	/* the first that does ends the search, though it leads nowhere */
	{ MOVES, ST_TIME_WAIT, CTL_SYN, ST_TIME_WAIT },
	{ MOVES, ST_TIME_WAIT, CTL_RST, ST_CLOSED },
	{ "next LISTEN next CLOSED", ST_CLOSING, 0, ST_LISTEN },
	{ "next TIME-WAIT from CLOSED if SYN next LAST-ACK from any", ST_CLOSED,
	    CTL_SYN, ST_TIME_WAIT },
	{ "next TIME-WAIT from CLOSED if SYN next LAST-ACK from any", ST_CLOSED,
	    CTL_ACK, ST_LAST_ACK },
};

START_TEST(test_move)
{
	const struct tcb tcb = { .state = move_rows[_i].was };
	const struct segment seg = { .ctl = move_rows[_i].ctl };
	const struct situation s = { .tcb = &tcb, .seg = &seg };
	struct rulebook book;
	struct buf b = { 0 };
	const struct rule *r;
	enum state is;

	buf_addf(&b, "rule a in any reply none %s\n" REST, move_rows[_i].moves);
	util_book(&book, buf_str(&b));
	r = STAILQ_FIRST(&book.rules);
	is = outcome_state(&r->outcome, &s);
	ck_assert_str_eq(state_name(is), state_name(move_rows[_i].is));
	/* the required reply has the outcome of the rule */
	is = outcome_state(&STAILQ_FIRST(&r->replies)->outcome, &s);
	ck_assert_str_eq(state_name(is), state_name(move_rows[_i].is));
	rulebook_free(&book);
	buf_free(&b);
}
END_TEST

/* ---- what an alternative does not say is as the rule has it ---- */

static const struct {
	const char *before, *allowed, *after; /* around and in the "allow" */
	enum state is;
	enum sees sees;
	uint32_t data; /* 99: not said */
} allow_rows[] = {
	{ "", "", "", ST_LISTEN, NSEES, 99 },
	{ "next CLOSED user reset data 5", "", "", ST_CLOSED, SEES_RESET, 5 },
	/* also where the rule says it later */
	{ "", "", "next CLOSED user reset data 5", ST_CLOSED, SEES_RESET, 5 },
	{ "next CLOSED", "next same", "user reset", ST_LISTEN, SEES_RESET, 99 },
	{ "next CLOSED user reset data 5", "next TIME-WAIT user pipe data 6",
	    "", ST_TIME_WAIT, SEES_PIPE, 6 },
	{ "", "next TIME-WAIT user pipe data 6",
	    "next CLOSED user reset data 5", ST_TIME_WAIT, SEES_PIPE, 6 },
	{ "user reset", "user nothing", "", ST_LISTEN, SEES_NOTHING, 99 },
	{ "data 5", "data 0", "", ST_LISTEN, NSEES, 0 },
};

START_TEST(test_allow)
{
	const struct tcb tcb = { .state = ST_LISTEN };
	const struct segment seg = { .ctl = 0 };
	const struct situation s = { .tcb = &tcb, .seg = &seg };
	const struct outcome *o;
	struct rulebook book;
	struct buf b = { 0 };

	buf_addf(&b,
	    "rule a in any reply none %s allow none %s by \"x\" %s\n" REST,
	    allow_rows[_i].before, allow_rows[_i].allowed,
	    allow_rows[_i].after);
	util_book(&book, buf_str(&b));
	o = &STAILQ_NEXT(STAILQ_FIRST(&STAILQ_FIRST(&book.rules)->replies),
	    next)
		 ->outcome;
	ck_assert_int_eq(outcome_state(o, &s), allow_rows[_i].is);
	ck_assert_int_eq(o->sees, allow_rows[_i].sees);
	ck_assert_uint_eq(o->data ? expr_eval(o->data, &s) : 99,
	    allow_rows[_i].data);
	rulebook_free(&book);
	buf_free(&b);
}
END_TEST

/* A deviation takes nothing from the rule. */
START_TEST(test_deviation)
{
	const struct deviation *d;
	struct rulebook book;

	util_book(&book,
	    "rule a in any reply none next CLOSED user reset data 1\n" REST
	    "rule b in any reply none\n" REST "rule c in any reply none\n" REST
	    "deviation d stack x breaks a breaks c does none why \"y\"\n"
	    "deviation e stack x in LISTEN TIME-WAIT breaks a does none\n"
	    "  next LISTEN user pipe data UNREAD why \"y\"\n");
	d = STAILQ_FIRST(&book.deviations);
	ck_assert(STAILQ_EMPTY(&d->outcome.moves));
	ck_assert_int_eq(d->outcome.sees, NSEES);
	ck_assert_ptr_null(d->outcome.data);
	ck_assert_uint_eq(d->states, 0);
	ck_assert(deviation_breaks(d, rulebook_find(&book, "a")));
	ck_assert(!deviation_breaks(d, rulebook_find(&book, "b")));
	ck_assert(deviation_breaks(d, rulebook_find(&book, "c")));
	d = STAILQ_NEXT(d, next);
	ck_assert_int_eq(STAILQ_FIRST(&d->outcome.moves)->to, ST_LISTEN);
	ck_assert_int_eq(d->outcome.sees, SEES_PIPE);
	ck_assert_int_eq(d->outcome.data->num, TERM_UNREAD);
	ck_assert_uint_eq(d->states, 1u << ST_LISTEN | 1u << ST_TIME_WAIT);
	ck_assert(!d->same && !d->skips);
	ck_assert_ptr_null(d->instead);
	rulebook_free(&book);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rules_outcome");
	TCase *tc = tcase_create("outcome");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_parse, 0, ARRAY_SIZE(parse_rows));
	tcase_add_loop_test(tc, test_move, 0, ARRAY_SIZE(move_rows));
	tcase_add_loop_test(tc, test_allow, 0, ARRAY_SIZE(allow_rows));
	tcase_add_test(tc, test_deviation);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
