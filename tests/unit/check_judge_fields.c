/* What the judge writes down: fields, reasons, and known deviations. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "judge/judge.h"
#include "util.h"

static const char rules[] =
    "rule closed/rst in CLOSED when RST reply none\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "rule closed/ack in CLOSED when ACK reply <SEQ=SEG.ACK><CTL=RST>\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "rule closed/no-ack in CLOSED\n"
    "  reply <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "rule listen in LISTEN reply <SEQ=any><ACK=SEG.SEQ+1><CTL=SYN,ACK>\n"
    "  allow none by \"RFC A\"\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "rule silent in FIN-WAIT-1 reply none\n"
    "  allow <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK> by \"RFC B\"\n"
    "  allow <SEQ=5><CTL=RST> by \"RFC C\"\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "rule lines in TIME-WAIT reply <SEQ=0><ACK=SEG.SEQ # \x1b \xff\n"
    "\t +\n  SEG.LEN><CTL=RST,ACK>\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "rule ecn in LAST-ACK reply "
    "<SEQ=any><ACK=SEG.SEQ+1><CTL=SYN,ACK,PSH?,ECE?,FIN?,AE?>\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "rule nine in CLOSING reply <SEQ=9><CTL=RST>\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "rule call in ESTABLISHED on CLOSE reply none\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "deviation d/none stack linux breaks closed/no-ack when FIN\n"
    "  does none why \"y\"\n"
    "deviation d/form stack linux since \"6.2\" until \"6.18\"\n"
    "  breaks closed/no-ack when SYN or FIN\n"
    "  does <SEQ=SEG.SEQ><CTL=RST> why \"y\"\n"
    "deviation d/answers stack linux breaks closed/rst\n"
    "  does <SEQ=0><ACK=SEG.SEQ><CTL=RST,ACK> why \"y\"\n"
    "deviation d/call stack linux breaks call\n"
    "  does <SEQ=SND.NXT><CTL=RST> why \"y\"\n"
    "deviation d/bsd stack freebsd breaks closed/no-ack\n"
    "  does none why \"y\"\n";

#define SYN	"<SEQ=1000><CTL=SYN>"
#define LAST	"<SEQ=4294967295><CTL=SYN>"
#define ACK	"<SEQ=1000><ACK=5000><CTL=ACK>"
#define FIN	"<SEQ=1000><CTL=FIN>"
#define RST	"<SEQ=1000><CTL=RST>"
#define RIGHT	"<SEQ=0><ACK=1001><CTL=RST,ACK>"
#define SYN_ACK "<SEQ=9000><ACK=1001><CTL=SYN,ACK>"

static struct rulebook book;
static struct exchange x;
static struct judgement j;
static struct segment probe;

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
play(struct tcb *tcb, enum state state, const char *stimulus,
    const struct util_came *came, size_t n)
{
	struct situation s = { .tcb = tcb };

	*tcb = (struct tcb){ .state = state, .snd_nxt = 5000 };
	util_exchange(&x, stimulus, &probe, came, n);
	if (stimulus != NULL)
		s.seg = &probe;
	memset(&j, 0xff, sizeof(j));
	return s;
}

/* One field of a verdict, in the words that are printed. */
static const struct {
	enum state state;
	const char *stimulus;
	struct util_came came[2];
	const char *name;
	bool ok;
	const char *expected, *observed;
} field_rows[] = {
	{ ST_CLOSED, SYN, { { .rfc = "<SEQ=0><ACK=1000><CTL=RST,ACK>" } },
	    "ack", false, "1001 (SEG.SEQ+SEG.LEN)", "1000 (1 too low)" },
	{ ST_CLOSED, SYN, { { .rfc = "<SEQ=0><ACK=1006><CTL=RST,ACK>" } },
	    "ack", false, "1001 (SEG.SEQ+SEG.LEN)", "1006 (5 too high)" },
	{ ST_CLOSED, SYN, { { .rfc = "<SEQ=0><ACK=66537><CTL=RST,ACK>" } },
	    "ack", false, "1001 (SEG.SEQ+SEG.LEN)", "66537 (65536 too high)" },
	{ ST_CLOSED, SYN, { { .rfc = "<SEQ=0><ACK=66538><CTL=RST,ACK>" } },
	    "ack", false, "1001 (SEG.SEQ+SEG.LEN)", "66538" },
	{ ST_CLOSED, LAST,
	    { { .rfc = "<SEQ=0><ACK=4294967295><CTL=RST,ACK>" } }, "ack", false,
	    "0 (SEG.SEQ+SEG.LEN)", "4294967295 (1 too low)" },
	{ ST_CLOSED, SYN, { { .rfc = "<SEQ=7><ACK=1001><CTL=RST,ACK>" } },
	    "seq", false, "0", "7 (7 too high)" },
	{ ST_CLOSED, SYN, { { .rfc = "<SEQ=7><ACK=1001><CTL=RST,ACK>" } },
	    "ack", true, "1001 (SEG.SEQ+SEG.LEN)", "1001" },
	{ ST_CLOSED, SYN, { { .rfc = "<SEQ=7><ACK=1001><CTL=RST,ACK>" } },
	    "ctl", true, "RST,ACK", "RST,ACK" },
	{ ST_CLOSED, ACK, { { .rfc = "<SEQ=4999><CTL=RST>" } }, "seq", false,
	    "5000 (SEG.ACK)", "4999 (1 too low)" },
	{ ST_CLOSED, SYN, { { .rfc = "<SEQ=0><ACK=1001><CTL=>" } }, "ctl",
	    false, "RST,ACK", "none" },
	{ ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=0><CTL=SYN,FIN,RST,PSH,ACK,URG,ECE,CWR,AE>" } },
	    "ctl", false, "RST,ACK", "SYN,FIN,RST,PSH,ACK,URG,ECE,CWR,AE" },
	{ ST_CLOSED, SYN, { { .rfc = "<SEQ=0><ACK=4294902761><CTL=RST,ACK>" } },
	    "ack", false, "1001 (SEG.SEQ+SEG.LEN)",
	    "4294902761 (65536 too low)" },
	{ ST_CLOSED, SYN, { { .rfc = "<SEQ=0><ACK=4294902760><CTL=RST,ACK>" } },
	    "ack", false, "1001 (SEG.SEQ+SEG.LEN)", "4294902760" },
	{ ST_CLOSING, SYN, { { .rfc = "<SEQ=8><CTL=RST>" } }, "seq", false, "9",
	    "8 (1 too low)" },
	{ ST_LAST_ACK, SYN, { { .rfc = RIGHT } }, "ctl", false,
	    "SYN,ACK,FIN?,PSH?,ECE?,AE?", "RST,ACK" },
	/* white space and comments in a form are left out */
	{ ST_TIME_WAIT, SYN, { { .rfc = "<SEQ=0><ACK=1000><CTL=RST,ACK>" } },
	    "ack", false, "1001 (SEG.SEQ + SEG.LEN)", "1000 (1 too low)" },
	{ ST_CLOSED, SYN, { { 0 } }, "reply", false, RIGHT, "none" },
	{ ST_CLOSED, RST, { { .rfc = RIGHT } }, "reply", false, "none", RIGHT },
	{ ST_CLOSED, SYN, { { .rfc = RIGHT }, { .rfc = RIGHT } }, "count",
	    false, "1", "2" },
	{ ST_CLOSED, SYN, { { .rfc = RIGHT, .port = 81 } }, "source port",
	    false, "80", "81" },
	{ ST_CLOSED, SYN, { { .rfc = RIGHT, .faults = FAULT_CHECKSUM } },
	    "checksum", false, "right", "0xbeef, wrong" },
	{ ST_CLOSED, SYN, { { .rfc = RIGHT, .faults = FAULT_IP_CHECKSUM } },
	    "IP checksum", false, "right", "wrong" },
};

START_TEST(test_field)
{
	struct situation s;
	struct tcb tcb;
	size_t i;

	s = play(&tcb, field_rows[_i].state, field_rows[_i].stimulus,
	    field_rows[_i].came, 2);
	judge(&j, &book, EV_SEGMENT, &s, &x, NULL);
	for (i = 0; i < j.nfields; i++)
		if (strcmp(j.fields[i].name, field_rows[_i].name) == 0)
			break;
	ck_assert_msg(i < j.nfields, "no field %s", field_rows[_i].name);
	ck_assert_int_eq(j.fields[i].ok, field_rows[_i].ok);
	ck_assert_str_eq(j.fields[i].expected, field_rows[_i].expected);
	ck_assert_str_eq(j.fields[i].observed, field_rows[_i].observed);
}
END_TEST

/* Which rule, which of its replies, and which segment the verdict is on. */
static const struct {
	enum state state;
	const char *stimulus;
	struct util_came came[2];
	const char *rule;
	const char *expected;
	const char *by; /* the clause, when the reply is an allowed one */
	int observed;	/* the passage: 1 is the first to come, 0: none */
} told_rows[] = {
	{ ST_CLOSED, SYN, { { .rfc = RIGHT } }, "closed/no-ack", RIGHT, NULL,
	    1 },
	{ ST_CLOSED, SYN, { { .rfc = SYN_ACK }, { .rfc = RIGHT } },
	    "closed/no-ack", RIGHT, NULL, 2 },
	{ ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=9><CTL=FIN>" }, { .rfc = "<SEQ=0><CTL=RST>" } },
	    "closed/no-ack", RIGHT, NULL, 2 },
	{ ST_CLOSED, SYN, { { 0 } }, "closed/no-ack", RIGHT, NULL, 0 },
	{ ST_CLOSED, LAST, { { 0 } }, "closed/no-ack",
	    "<SEQ=0><ACK=0><CTL=RST,ACK>", NULL, 0 },
	{ ST_CLOSED, ACK, { { 0 } }, "closed/ack", "<SEQ=5000><CTL=RST>", NULL,
	    0 },
	{ ST_CLOSED, RST, { { 0 } }, "closed/rst", "none", NULL, 0 },
	{ ST_CLOSED, RST, { { .rfc = RIGHT } }, "closed/rst", "none", NULL, 1 },
	{ ST_LISTEN, SYN, { { .rfc = SYN_ACK } }, "listen",
	    "<SEQ=any><ACK=1001><CTL=SYN,ACK>", NULL, 1 },
	/* what is allowed is told by its clause; what is required stays */
	{ ST_LISTEN, SYN, { { 0 } }, "listen",
	    "<SEQ=any><ACK=1001><CTL=SYN,ACK>", "RFC A", 0 },
	{ ST_LISTEN, LAST, { { 0 } }, "listen", "<SEQ=any><ACK=0><CTL=SYN,ACK>",
	    "RFC A", 0 },
	{ ST_FIN_WAIT_1, SYN, { { .rfc = RIGHT } }, "silent", "none", "RFC B",
	    1 },
	{ ST_FIN_WAIT_1, SYN, { { .rfc = "<SEQ=5><CTL=RST>" } }, "silent",
	    "none", "RFC C", 1 },
	{ ST_LAST_ACK, SYN, { { 0 } }, "ecn",
	    "<SEQ=any><ACK=1001><CTL=SYN,ACK,FIN?,PSH?,ECE?,AE?>", NULL, 0 },
};

START_TEST(test_told)
{
	struct situation s;
	struct tcb tcb;

	s = play(&tcb, told_rows[_i].state, told_rows[_i].stimulus,
	    told_rows[_i].came, 2);
	judge(&j, &book, EV_SEGMENT, &s, &x, NULL);
	ck_assert_str_eq(j.rule->id, told_rows[_i].rule);
	ck_assert_str_eq(j.expected, told_rows[_i].expected);
	if (told_rows[_i].by == NULL)
		ck_assert_ptr_null(j.reply->by);
	else
		ck_assert_str_eq(j.reply->by, told_rows[_i].by);
	if (told_rows[_i].observed == 0)
		ck_assert_ptr_null(j.observed);
	else
		ck_assert_ptr_eq(j.observed,
		    &x.passages[told_rows[_i].observed]);
}
END_TEST

/* A broken exchange proves nothing, whatever came. */
static const struct {
	enum state state;
	const char *stimulus;
	struct util_came came[2];
} broken_rows[] = {
	{ ST_CLOSED, SYN, { { .rfc = RIGHT } } },
	{ ST_CLOSED, SYN, { { .rfc = RIGHT }, { .rfc = RIGHT } } },
	{ ST_CLOSED, SYN, { { .rfc = SYN_ACK } } },
	{ ST_CLOSED, SYN, { { .rfc = RIGHT, .port = 81 } } },
	{ ST_CLOSED, SYN, { { 0 } } },
	{ ST_CLOSED, RST, { { 0 } } },
	{ ST_CLOSED, RST, { { .rfc = RIGHT } } },
	{ ST_LISTEN, SYN, { { 0 } } },
};

START_TEST(test_broken)
{
	struct situation s;
	struct tcb tcb;

	s = play(&tcb, broken_rows[_i].state, broken_rows[_i].stimulus,
	    broken_rows[_i].came, 2);
	judge(&j, &book, EV_SEGMENT, &s, &x, NULL);
	ck_assert_int_ne(j.verdict, V_INCONCLUSIVE);
	x.broken = "the capture dropped frames";
	judge(&j, &book, EV_SEGMENT, &s, &x, NULL);
	ck_assert_int_eq(j.verdict, V_INCONCLUSIVE);
	ck_assert_str_eq(j.reason, x.broken);
	x.broken = NULL;
	x.lost = 1;
	judge(&j, &book, EV_SEGMENT, &s, &x, NULL);
	ck_assert_int_eq(j.verdict, V_INCONCLUSIVE);
	ck_assert_str_eq(j.reason, "more segments came than are kept");
	/* our own fault stays our own fault */
	tcb.state = ST_SYN_SENT;
	judge(&j, &book, EV_SEGMENT, &s, &x, NULL);
	ck_assert_int_eq(j.verdict, V_ERROR);
	ck_assert_ptr_null(j.rule);
	ck_assert_str_eq(j.reason, "no rule speaks of this in SYN-SENT");
}
END_TEST

#define LINUX "linux", "6.18.44-x"

/* Does a deviation make up for it? */
static const struct {
	const char *name;
	const char *stack, *version;
	enum state state;
	const char *stimulus;
	struct util_came came[2];
	enum verdict verdict;
	const char *known; /* the deviation that speaks of it */
	const char *broken;
} known_rows[] = {
	{ "silence, as known", LINUX, ST_CLOSED, FIN, { { 0 } }, V_DEVIATION,
	    "d/none", NULL },
	{ "a form, as known", LINUX, ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=1000><CTL=RST>" } }, V_DEVIATION, "d/form", NULL },
	{ "a form where silence is due", LINUX, ST_CLOSED, RST,
	    { { .rfc = "<SEQ=0><ACK=1000><CTL=RST,ACK>" } }, V_DEVIATION,
	    "d/answers", NULL },
	{ "on a call", LINUX, ST_ESTABLISHED, NULL,
	    { { .rfc = "<SEQ=5000><CTL=RST>" } }, V_DEVIATION, "d/call", NULL },
	{ "it no longer occurs", LINUX, ST_CLOSED, FIN, { { .rfc = RIGHT } },
	    V_PASS, "d/none", NULL },
	{ "it no longer answers", LINUX, ST_CLOSED, RST, { { 0 } }, V_PASS,
	    "d/answers", NULL },
	{ "wrong in another way", LINUX, ST_CLOSED, FIN,
	    { { .rfc = "<SEQ=0><ACK=1000><CTL=RST,ACK>" } }, V_FAIL, "d/none",
	    NULL },
	{ "from a wrong port, which is as good as silence", LINUX, ST_CLOSED,
	    FIN, { { .rfc = RIGHT, .port = 81 } }, V_DEVIATION, "d/none",
	    NULL },
	{ "silence instead of the form", LINUX, ST_CLOSED, SYN, { { 0 } },
	    V_FAIL, "d/form", NULL },
	{ "the form, but one off", LINUX, ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=1001><CTL=RST>" } }, V_FAIL, "d/form", NULL },
	{ "the form, but broken", LINUX, ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=1000><CTL=RST>", .faults = FAULT_CHECKSUM } },
	    V_FAIL, "d/form", NULL },
	{ "the form, twice", LINUX, ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=1000><CTL=RST>" },
		{ .rfc = "<SEQ=1000><CTL=RST>" } },
	    V_FAIL, "d/form", NULL },
	{ "twice what is required", LINUX, ST_CLOSED, SYN,
	    { { .rfc = RIGHT }, { .rfc = RIGHT } }, V_FAIL, "d/form", NULL },
	{ "too old a version", "linux", "6.1.9", ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=1000><CTL=RST>" } }, V_FAIL, NULL, NULL },
	{ "too new a version", "linux", "6.19", ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=1000><CTL=RST>" } }, V_FAIL, NULL, NULL },
	{ "another stack's", "freebsd", "6.18.44", ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=1000><CTL=RST>" } }, V_FAIL, "d/bsd", NULL },
	{ "that stack", "FreeBSD", "14.1", ST_CLOSED, SYN, { { 0 } },
	    V_DEVIATION, "d/bsd", NULL },
	{ "no known stack", "openbsd", "7.6", ST_CLOSED, FIN, { { 0 } }, V_FAIL,
	    NULL, NULL },
	{ "another segment", LINUX, ST_CLOSED, "<SEQ=1000><CTL=URG>", { { 0 } },
	    V_FAIL, NULL, NULL },
	{ "another rule", LINUX, ST_CLOSED, ACK, { { 0 } }, V_FAIL, NULL,
	    NULL },
	{ "allowed anyway", LINUX, ST_LISTEN, SYN, { { 0 } }, V_ALLOWED, NULL,
	    NULL },
	{ "the evidence is not enough", LINUX, ST_CLOSED, FIN, { { 0 } },
	    V_INCONCLUSIVE, "d/none", "the link is down" },
	{ "no rule", LINUX, ST_SYN_SENT, FIN, { { 0 } }, V_ERROR, NULL, NULL },
};

START_TEST(test_known)
{
	const struct known_stack stack = { &book, known_rows[_i].stack,
		known_rows[_i].version };
	const struct deviation *d;
	const char *id, *known;
	enum event event;
	struct situation s;
	struct tcb tcb;

	s = play(&tcb, known_rows[_i].state, known_rows[_i].stimulus,
	    known_rows[_i].came, 2);
	x.broken = known_rows[_i].broken;
	event = s.seg ? EV_SEGMENT : EV_CLOSE;
	judge(&j, &book, event, &s, &x, NULL);
	d = judge_deviation(&j, &stack, event, &s, &x, NULL);
	ck_assert_msg(j.verdict == known_rows[_i].verdict, "%s: %s, wanted %s",
	    known_rows[_i].name, verdict_name(j.verdict),
	    verdict_name(known_rows[_i].verdict));
	id = d ? d->id : "none";
	known = known_rows[_i].known ? known_rows[_i].known : "none";
	ck_assert_msg(strcmp(id, known) == 0, "%s: %s, wanted %s",
	    known_rows[_i].name, id, known);
	/* only what occurred is the verdict's */
	ck_assert_ptr_eq(j.deviation, j.verdict == V_DEVIATION ? d : NULL);
}
END_TEST

START_TEST(test_verdict_name)
{
	static const char *const names[] = { "PASS", "ALLOWED", "DEVIATION",
		"SKIP", "INCONCLUSIVE", "FAIL", "ERROR", "?" };
	int v;

	ck_assert_int_eq(ARRAY_SIZE(names), NVERDICTS + 1);
	for (v = 0; v <= NVERDICTS; v++)
		ck_assert_str_eq(verdict_name(v), names[v]);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("judge_fields");
	TCase *tc = tcase_create("fields");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_field, 0, ARRAY_SIZE(field_rows));
	tcase_add_loop_test(tc, test_told, 0, ARRAY_SIZE(told_rows));
	tcase_add_loop_test(tc, test_broken, 0, ARRAY_SIZE(broken_rows));
	tcase_add_loop_test(tc, test_known, 0, ARRAY_SIZE(known_rows));
	tcase_add_test(tc, test_verdict_name);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
