/* The verdict on what has become of the connection, beside the reply. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "judge/judge.h"
#include "util.h"

#define REST " level SPEC cite \"c\" why \"y\"\n"

static const char rules[] =
    "rule rst in ESTABLISHED when RST reply none\n"
    "  next CLOSED user reset data UNREAD" REST
    "rule time-wait in TIME-WAIT when RST reply none next CLOSED\n"
    "  allow none next same by \"RFC A\"\n"
    "  allow none next LISTEN user pipe by \"RFC B\"" REST
    "rule fin in ESTABLISHED CLOSE-WAIT when FIN\n"
    "  reply <SEQ=SND.NXT><ACK=SEG.SEQ+1><CTL=ACK>\n"
    "  next CLOSE-WAIT user closing data UNREAD+SEG.LEN-1\n"
    "  allow none by \"RFC C\"\n"
    "  allow <SEQ=SND.NXT><CTL=RST> next CLOSED user reset data 0\n"
    "  by \"RFC D\"" REST "rule still in LISTEN reply none" REST
    "rule call in CLOSE-WAIT on CLOSE reply none next LAST-ACK" REST
    "deviation d/stays stack x breaks rst when ACK does none why \"y\"\n"
    "deviation d/pipe stack x breaks rst breaks time-wait when ACK\n"
    "  does none next CLOSED user pipe why \"y\"\n"
    "deviation d/empty stack x breaks rst when ACK does none\n"
    "  next CLOSED user reset data 0 why \"y\"\n"
    "deviation d/new stack x since \"7\" breaks fin does none next LISTEN\n"
    "  why \"y\"\n"
    "deviation d/answer stack x in CLOSE-WAIT ESTABLISHED breaks fin\n"
    "  does <SEQ=SND.NXT><ACK=SEG.SEQ+1><CTL=ACK> next CLOSED why \"y\"\n"
    "deviation d/close-wait stack x in CLOSE-WAIT breaks fin\n"
    "  does none next LISTEN why \"y\"\n"
    "rule answer in LAST-ACK reply <SEQ=1><CTL=RST>" REST
    "deviation d/mute stack x breaks answer does none next CLOSED\n"
    "  user pipe data 7 why \"y\"\n"
    "deviation d/call stack x breaks call does none next CLOSED why \"y\"\n";

#define RST	"<SEQ=1000><CTL=RST>"
#define RST_ACK "<SEQ=1000><ACK=5000><CTL=RST,ACK>"
#define FIN	"<SEQ=1000><ACK=5000><CTL=FIN,ACK>"
#define ACK	"<SEQ=5000><ACK=1001><CTL=ACK>"
#define RESET	"<SEQ=5000><CTL=RST>"
#define CLOSE	NULL

/* Five octets wait for the user. */
static const struct tcb world = {
	.snd_una = 5000, .snd_nxt = 5000, .rcv_nxt = 1000, .unread = 5
};

struct row {
	const char *name;
	enum state state;
	const char *stimulus;
	const char *came; /* NULL: silence */
	struct aftermath after;
	enum verdict verdict;
	const char *wrong; /* the fields that are wrong */
	const char *by;	   /* the clause of the reply that was met */
};

static const struct row rows[] = {
	{ "all as required", ST_ESTABLISHED, RST, NULL,
	    { ST_CLOSED, true, SEES_RESET, 5 }, V_PASS, "", NULL },
	{ "another state", ST_ESTABLISHED, RST, NULL,
	    { ST_ESTABLISHED, true, SEES_RESET, 5 }, V_FAIL, "next state",
	    NULL },
	{ "the user sees nothing", ST_ESTABLISHED, RST, NULL,
	    { ST_CLOSED, true, SEES_NOTHING, 5 }, V_FAIL, "the user sees",
	    NULL },
	{ "the user sees something else", ST_ESTABLISHED, RST, NULL,
	    { ST_CLOSED, true, SEES_OTHER, 5 }, V_FAIL, "the user sees", NULL },
	{ "its data are lost", ST_ESTABLISHED, RST, NULL,
	    { ST_CLOSED, true, SEES_RESET, 0 }, V_FAIL, "octets to read",
	    NULL },
	{ "all otherwise", ST_ESTABLISHED, RST, NULL,
	    { ST_LISTEN, true, SEES_PIPE, 4 }, V_FAIL,
	    "next state, the user sees, octets to read", NULL },
	/* without a user there is nobody to see and nothing to read */
	{ "no user", ST_ESTABLISHED, RST, NULL,
	    { ST_CLOSED, false, SEES_NOTHING, 0 }, V_PASS, "", NULL },
	{ "no user, another state", ST_ESTABLISHED, RST, NULL,
	    { ST_TIME_WAIT, false, SEES_RESET, 5 }, V_FAIL, "next state",
	    NULL },
	{ "a wrong reply, and the rest otherwise", ST_ESTABLISHED, RST, RESET,
	    { ST_LISTEN, true, SEES_PIPE, 4 }, V_FAIL,
	    "reply, next state, the user sees, octets to read", NULL },
	{ "a wrong reply alone", ST_ESTABLISHED, RST, RESET,
	    { ST_CLOSED, true, SEES_RESET, 5 }, V_FAIL, "reply", NULL },
	{ "all wrong in a form", ST_ESTABLISHED, FIN, "<SEQ=1><CTL=SYN>",
	    { ST_LISTEN, true, SEES_PIPE, 4 }, V_FAIL,
	    "ctl, seq, ack, next state, the user sees, octets to read", NULL },
	/* what the rule does not say is not asked */
	{ "no next is same", ST_LISTEN, RST, NULL,
	    { ST_LISTEN, true, SEES_OTHER, 99 }, V_PASS, "", NULL },
	{ "no next, but it moved", ST_LISTEN, RST, NULL,
	    { ST_CLOSED, true, SEES_OTHER, 99 }, V_FAIL, "next state", NULL },
	/* one form, three outcomes */
	{ "required", ST_TIME_WAIT, RST, NULL,
	    { ST_CLOSED, true, SEES_OTHER, 99 }, V_PASS, "", NULL },
	{ "the first alternative", ST_TIME_WAIT, RST, NULL,
	    { ST_TIME_WAIT, true, SEES_OTHER, 99 }, V_ALLOWED, "next state",
	    "RFC A" },
	{ "the second alternative", ST_TIME_WAIT, RST, NULL,
	    { ST_LISTEN, true, SEES_PIPE, 99 }, V_ALLOWED, "next state",
	    "RFC B" },
	{ "none of the three", ST_TIME_WAIT, RST, NULL,
	    { ST_LISTEN, true, SEES_RESET, 99 }, V_FAIL, "next state", NULL },
	/* form and outcome belong together */
	{ "an answer", ST_ESTABLISHED, FIN, ACK,
	    { ST_CLOSE_WAIT, true, SEES_CLOSING, 5 }, V_PASS, "", NULL },
	{ "silence, as the rule has it", ST_ESTABLISHED, FIN, NULL,
	    { ST_CLOSE_WAIT, true, SEES_CLOSING, 5 }, V_ALLOWED, "reply",
	    "RFC C" },
	{ "a reset with its own outcome", ST_ESTABLISHED, FIN, RESET,
	    { ST_CLOSED, true, SEES_RESET, 0 }, V_ALLOWED,
	    "ctl, ack, next state, the user sees, octets to read", "RFC D" },
	{ "the answer, the outcome of the reset", ST_ESTABLISHED, FIN, ACK,
	    { ST_CLOSED, true, SEES_RESET, 0 }, V_FAIL,
	    "next state, the user sees, octets to read", NULL },
	{ "silence, the outcome of the reset", ST_ESTABLISHED, FIN, NULL,
	    { ST_CLOSED, true, SEES_RESET, 0 }, V_FAIL,
	    "reply, next state, the user sees, octets to read", NULL },
	{ "a call", ST_CLOSE_WAIT, CLOSE, NULL,
	    { ST_LAST_ACK, false, SEES_NOTHING, 0 }, V_PASS, "", NULL },
	{ "a call, another state", ST_CLOSE_WAIT, CLOSE, NULL,
	    { ST_CLOSE_WAIT, false, SEES_NOTHING, 0 }, V_FAIL, "next state",
	    NULL },
};

static struct rulebook book;
static const struct known_stack stack = { &book, "x", "6.18" };
static struct exchange x;
static struct judgement j;
static struct segment probe;
static struct tcb tcb;

static void
setup(void)
{
	util_book(&book, rules);
}

static void
teardown(void)
{
	rulebook_free(&book);
}

static struct situation
play(enum state state, const char *stimulus, const char *reply,
    const struct aftermath *after)
{
	const struct util_came came = { .rfc = reply };
	struct situation s = { .tcb = &tcb };

	tcb = world;
	tcb.state = state;
	util_exchange(&x, stimulus, &probe, &came, 1);
	if (stimulus != CLOSE)
		s.seg = &probe;
	memset(&j, 0xff, sizeof(j));
	judge(&j, &book, s.seg ? EV_SEGMENT : EV_CLOSE, &s, &x, after);
	return s;
}

START_TEST(test_outcome)
{
	const struct row *row = &rows[_i];
	struct buf wrong = { 0 };
	size_t i;

	play(row->state, row->stimulus, row->came, &row->after);
	ck_assert_msg(j.verdict == row->verdict, "%s: %s (%s)", row->name,
	    verdict_name(j.verdict), j.reason);
	for (i = 0; i < j.nfields; i++)
		if (!j.fields[i].ok)
			buf_addf(&wrong, "%s%s", wrong.len ? ", " : "",
			    j.fields[i].name);
	ck_assert_msg(strcmp(buf_str(&wrong), row->wrong) == 0,
	    "%s: wrong is \"%s\"", row->name, buf_str(&wrong));
	ck_assert_msg((j.reply->by == NULL) == (row->by == NULL), "%s",
	    row->name);
	if (row->by != NULL)
		ck_assert_str_eq(j.reply->by, row->by);
	buf_free(&wrong);
}
END_TEST

/* What is not known is not held against the stack: only the form counts. */
START_TEST(test_unknown)
{
	const struct row *row = &rows[_i];
	bool fin = row->stimulus != CLOSE && strcmp(row->stimulus, FIN) == 0;

	play(row->state, row->stimulus, fin ? ACK : NULL, NULL);
	ck_assert_msg(j.verdict == V_PASS, "%s: %s", row->name, j.reason);
	ck_assert_ptr_null(j.reply->by);
}
END_TEST

START_TEST(test_words)
{
	static const struct aftermath after = { ST_LISTEN, true, SEES_PIPE, 4 };
	static const char *const words[][3] = {
		{ "next state", "CLOSED", "LISTEN" },
		{ "the user sees", "reset", "pipe" },
		{ "octets to read", "5", "4" },
	};
	size_t i;

	play(ST_ESTABLISHED, RST, NULL, &after);
	ck_assert_str_eq(j.reason,
	    "the reply is right, but not what became of the connection");
	ck_assert_uint_eq(j.nfields, 3);
	for (i = 0; i < 3; i++) {
		ck_assert_str_eq(j.fields[i].name, words[i][0]);
		ck_assert_str_eq(j.fields[i].expected, words[i][1]);
		ck_assert_str_eq(j.fields[i].observed, words[i][2]);
	}
}
END_TEST

/* ---- deviations: which one was it? ---- */

static const struct {
	const char *name;
	enum state state;
	const char *stimulus;
	const char *came;
	struct aftermath after;
	enum verdict verdict;
	const char *known; /* the deviation that is told; "": none */
} known_rows[] = {
	/* three that differ in the outcome alone */
	{ "the first", ST_ESTABLISHED, RST_ACK, NULL,
	    { ST_ESTABLISHED, true, SEES_NOTHING, 5 }, V_DEVIATION, "d/stays" },
	{ "the second", ST_ESTABLISHED, RST_ACK, NULL,
	    { ST_CLOSED, true, SEES_PIPE, 5 }, V_DEVIATION, "d/pipe" },
	{ "the third", ST_ESTABLISHED, RST_ACK, NULL,
	    { ST_CLOSED, true, SEES_RESET, 0 }, V_DEVIATION, "d/empty" },
	{ "none of them", ST_ESTABLISHED, RST_ACK, NULL,
	    { ST_LISTEN, true, SEES_PIPE, 5 }, V_FAIL, "d/stays" },
	{ "as required: the first is known", ST_ESTABLISHED, RST_ACK, NULL,
	    { ST_CLOSED, true, SEES_RESET, 5 }, V_PASS, "d/stays" },
	{ "the outcome of one, with a reply", ST_ESTABLISHED, RST_ACK, RESET,
	    { ST_CLOSED, true, SEES_PIPE, 5 }, V_FAIL, "d/stays" },
	{ "another segment", ST_ESTABLISHED, RST, NULL,
	    { ST_CLOSED, true, SEES_PIPE, 5 }, V_FAIL, "" },
	/* the second of the rules that it breaks */
	{ "its other rule", ST_TIME_WAIT, RST_ACK, NULL,
	    { ST_CLOSED, true, SEES_NOTHING, 5 }, V_PASS, "d/pipe" },
	/* states and versions */
	{ "in its state, not in another's", ST_ESTABLISHED, FIN, ACK,
	    { ST_CLOSED, true, SEES_PIPE, 5 }, V_DEVIATION, "d/answer" },
	{ "another's", ST_ESTABLISHED, FIN, NULL,
	    { ST_LISTEN, true, SEES_PIPE, 5 }, V_FAIL, "d/answer" },
	{ "in both, the second", ST_CLOSE_WAIT, FIN, NULL,
	    { ST_LISTEN, true, SEES_PIPE, 5 }, V_DEVIATION, "d/close-wait" },
	{ "on a call", ST_CLOSE_WAIT, CLOSE, NULL,
	    { ST_CLOSED, false, SEES_NOTHING, 5 }, V_DEVIATION, "d/call" },
	{ "allowed, so none is needed", ST_ESTABLISHED, FIN, NULL,
	    { ST_CLOSE_WAIT, true, SEES_CLOSING, 5 }, V_ALLOWED, "d/answer" },
};

START_TEST(test_known)
{
	const struct aftermath *after = &known_rows[_i].after;
	const struct deviation *d;
	struct situation s;

	s = play(known_rows[_i].state, known_rows[_i].stimulus,
	    known_rows[_i].came, after);
	d = judge_deviation(&j, &stack, s.seg ? EV_SEGMENT : EV_CLOSE, &s, &x,
	    after);
	ck_assert_msg(j.verdict == known_rows[_i].verdict, "%s: %s",
	    known_rows[_i].name, verdict_name(j.verdict));
	ck_assert_msg(strcmp(d ? d->id : "", known_rows[_i].known) == 0,
	    "%s: %s", known_rows[_i].name, d ? d->id : "none");
	ck_assert_ptr_eq(j.deviation, j.verdict == V_DEVIATION ? d : NULL);
}
END_TEST

/* A deviation's outcome is not asked when it is not known. */
START_TEST(test_known_unknown)
{
	const struct deviation *d;
	struct situation s;

	s = play(ST_LAST_ACK, RST, NULL, NULL);
	ck_assert_int_eq(j.verdict, V_FAIL);
	d = judge_deviation(&j, &stack, EV_SEGMENT, &s, &x, NULL);
	ck_assert_int_eq(j.verdict, V_DEVIATION);
	ck_assert_str_eq(d->id, "d/mute");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("judge_outcome");
	TCase *tc = tcase_create("outcome");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_outcome, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, test_unknown, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_words);
	tcase_add_loop_test(tc, test_known, 0, ARRAY_SIZE(known_rows));
	tcase_add_test(tc, test_known_unknown);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
