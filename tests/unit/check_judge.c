/* The verdict: one stimulus, what came back, and what the judge says. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "judge/judge.h"
#include "util.h"

/*
 * CLOSED and LISTEN are the RFC's; the rest is made up, to have replies that
 * are allowed, silence that is allowed, and a user call.
 */
static const char rules[] =
    "rule closed/rst in CLOSED when RST reply none\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "rule closed/ack in CLOSED when ACK reply <SEQ=SEG.ACK><CTL=RST>\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "rule closed/no-ack in CLOSED\n"
    "  reply <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "rule listen/syn in LISTEN when SYN, not ACK, not RST\n"
    "  reply <SEQ=any><ACK=SEG.SEQ+1><CTL=SYN,ACK,ECE?>\n"
    "  allow <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK> by \"RFC A\"\n"
    "  allow none by \"RFC B\"\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "rule listen/other in LISTEN reply none\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "rule fin/segment in FIN-WAIT-2 reply none\n"
    "  allow <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK> by \"RFC C\"\n"
    "  level SPEC cite \"c\" why \"y\"\n"
    "rule call/unread in ESTABLISHED on CLOSE when unread\n"
    "  reply <SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>\n"
    "  allow <SEQ=SND.NXT><CTL=RST> by \"RFC 9293 3.10.5\"\n"
    "  level SPEC cite \"c\" why \"y\"\n";

#define SYN   "<SEQ=1000><CTL=SYN>"
#define ACK   "<SEQ=1000><ACK=5000><CTL=ACK>"
#define RST   "<SEQ=1000><CTL=RST>"
#define CLOSE NULL /* the user calls, with SND.NXT=5000, RCV.NXT=1000 */

#define RIGHT	"<SEQ=0><ACK=1001><CTL=RST,ACK>" /* the answer to SYN */
#define BLIND	"<SEQ=0><ACK=77777777><CTL=RST,ACK>"
#define SYN_ACK "<SEQ=9000><ACK=1001><CTL=SYN,ACK>"

struct row {
	const char *name;
	enum state state;
	const char *stimulus;
	struct util_came came[4];
	enum verdict verdict;
	const char *wrong;  /* the fields that are wrong, "" for none */
	const char *reason; /* part of it; "": there is none */
};

/* One reply, right or with one thing wrong. */
static const struct row one_rows[] = {
	{ "the reply required", ST_CLOSED, SYN, { { .rfc = RIGHT } }, V_PASS,
	    "", "" },
	{ "RST from the ACK", ST_CLOSED, ACK,
	    { { .rfc = "<SEQ=5000><CTL=RST>" } }, V_PASS, "", "" },
	{ "a RST may carry text", ST_CLOSED, SYN,
	    { { .rfc = RIGHT, .text = 5 } }, V_PASS, "", "" },
	{ "even more than is captured", ST_CLOSED, SYN,
	    { { .rfc = RIGHT, .text = 1400, .faults = FAULT_CUT } }, V_PASS, "",
	    "" },
	{ "SEQ any", ST_LISTEN, SYN, { { .rfc = SYN_ACK } }, V_PASS, "", "" },
	{ "a bit that may be set", ST_LISTEN, SYN,
	    { { .rfc = "<SEQ=9000><ACK=1001><CTL=SYN,ACK,ECE>" } }, V_PASS, "",
	    "" },
	{ "a bit that may not", ST_LISTEN, SYN,
	    { { .rfc = "<SEQ=9000><ACK=1001><CTL=SYN,ACK,CWR>" } }, V_FAIL,
	    "ctl", "" },
	{ "silence where it is due", ST_CLOSED, RST, { { 0 } }, V_PASS, "",
	    "" },
	{ "silence where it is due, LISTEN", ST_LISTEN, ACK, { { 0 } }, V_PASS,
	    "", "" },
	/* each wrong form */
	{ "ack without +1", ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=0><ACK=1000><CTL=RST,ACK>" } }, V_FAIL, "ack",
	    "" },
	{ "ack one too high", ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=0><ACK=1002><CTL=RST,ACK>" } }, V_FAIL, "ack",
	    "" },
	{ "random ack", ST_CLOSED, SYN, { { .rfc = BLIND } }, V_FAIL, "ack",
	    "" },
	{ "right ack, seq not 0", ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=1><ACK=1001><CTL=RST,ACK>" } }, V_FAIL, "seq",
	    "" },
	{ "RST without ACK", ST_CLOSED, SYN, { { .rfc = "<SEQ=0><CTL=RST>" } },
	    V_FAIL, "ctl ack", "" },
	{ "ack is there, the bit is not", ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=0><ACK=1001><CTL=RST>" } }, V_FAIL, "ctl", "" },
	{ "RST,ACK and FIN", ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=0><ACK=1001><CTL=FIN,RST,ACK>" } }, V_FAIL, "ctl",
	    "" },
	{ "RST,ACK and AE", ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=0><ACK=1001><CTL=RST,ACK,AE>" } }, V_FAIL, "ctl",
	    "" },
	{ "ACK, not RST", ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=0><ACK=1001><CTL=ACK>" } }, V_FAIL, "ctl", "" },
	{ "everything", ST_CLOSED, SYN, { { .rfc = "<SEQ=9><CTL=FIN>" } },
	    V_FAIL, "ctl seq ack", "" },
	{ "seq = SEG.ACK+1", ST_CLOSED, ACK,
	    { { .rfc = "<SEQ=5001><CTL=RST>" } }, V_FAIL, "seq", "" },
	{ "seq 0", ST_CLOSED, ACK, { { .rfc = "<SEQ=0><CTL=RST>" } }, V_FAIL,
	    "seq", "" },
	{ "RST,ACK where RST is due", ST_CLOSED, ACK,
	    { { .rfc = "<SEQ=5000><ACK=1000><CTL=RST,ACK>" } }, V_FAIL, "ctl",
	    "" },
	{ "bad checksum", ST_CLOSED, SYN,
	    { { .rfc = RIGHT, .faults = FAULT_CHECKSUM } }, V_FAIL, "checksum",
	    "TCP checksum is wrong" },
	{ "a checksum that no device completed", ST_CLOSED, SYN,
	    { { .rfc = RIGHT, .faults = FAULT_OFFLOAD } }, V_FAIL, "checksum",
	    "TCP checksum is wrong" },
	{ "bad IP checksum", ST_CLOSED, SYN,
	    { { .rfc = RIGHT, .faults = FAULT_IP_CHECKSUM } }, V_FAIL,
	    "IP checksum", "IP header checksum is wrong" },
	{ "bad offset", ST_CLOSED, SYN,
	    { { .rfc = RIGHT, .faults = FAULT_OFFSET } }, V_FAIL, "data offset",
	    "data offset" },
	{ "bad option", ST_CLOSED, SYN,
	    { { .rfc = RIGHT, .faults = FAULT_OPTION } }, V_FAIL, "options",
	    "option" },
	{ "bad checksum and bad ack", ST_CLOSED, SYN,
	    { { .rfc = BLIND, .faults = FAULT_CHECKSUM } }, V_FAIL,
	    "checksum ack", "TCP checksum is wrong" },
	{ "wrong port", ST_CLOSED, SYN, { { .rfc = RIGHT, .port = 81 } },
	    V_FAIL, "source port", "not come from the port" },
	{ "nothing", ST_CLOSED, SYN, { { 0 } }, V_FAIL, "reply",
	    "silence is proved" },
	{ "a RST answers a RST", ST_CLOSED, RST,
	    { { .rfc = "<SEQ=0><CTL=RST>" } }, V_FAIL, "reply",
	    "where none is due" },
	{ "a reply where none is due", ST_LISTEN, ACK,
	    { { .rfc = "<SEQ=5000><CTL=RST>" } }, V_FAIL, "reply",
	    "where none is due" },
	{ "from a wrong port where none is due", ST_LISTEN, ACK,
	    { { .rfc = "<SEQ=5000><CTL=RST>", .port = 81 } }, V_PASS, "",
	    "set aside: 1" },
	{ "with a bad checksum where none is due", ST_LISTEN, ACK,
	    { { .rfc = "<SEQ=5000><CTL=RST>", .faults = FAULT_CHECKSUM } },
	    V_PASS, "", "set aside: 1" },
	{ "with wrong numbers where none is due", ST_LISTEN, ACK,
	    { { .rfc = "<SEQ=77><CTL=RST>" } }, V_FAIL, "reply",
	    "where none is due" },
};

/* Several replies: which one counts? */
static const struct row many_rows[] = {
	{ "the same RST twice", ST_CLOSED, SYN,
	    { { .rfc = RIGHT }, { .rfc = RIGHT } }, V_FAIL, "count",
	    "came twice" },
	{ "the same, the second with text", ST_CLOSED, SYN,
	    { { .rfc = RIGHT }, { .rfc = RIGHT, .text = 5 } }, V_FAIL, "count",
	    "came twice" },
	{ "two SYN,ACKs", ST_LISTEN, SYN,
	    { { .rfc = SYN_ACK },
		{ .rfc = "<SEQ=9001><ACK=1001><CTL=SYN,ACK>" } },
	    V_FAIL, "count", "came twice" },
	{ "SYN,ACK sent again", ST_LISTEN, SYN,
	    { { .rfc = SYN_ACK }, { .rfc = SYN_ACK } }, V_PASS, "", "" },
	{ "a blind forger comes first", ST_CLOSED, SYN,
	    { { .rfc = BLIND }, { .rfc = RIGHT } }, V_PASS, "",
	    "set aside: 1 segment " },
	{ "a blind forger comes last", ST_CLOSED, SYN,
	    { { .rfc = RIGHT }, { .rfc = BLIND } }, V_PASS, "",
	    "set aside: 1 segment " },
	{ "a blind forger without ACK", ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=4711><CTL=RST>" }, { .rfc = RIGHT } }, V_PASS, "",
	    "set aside: 1 segment " },
	{ "two blind forgers", ST_CLOSED, SYN,
	    { { .rfc = BLIND }, { .rfc = RIGHT }, { .rfc = BLIND } }, V_PASS,
	    "", "set aside: 2 segments " },
	{ "a blind forger, RST from the ACK", ST_CLOSED, ACK,
	    { { .rfc = "<SEQ=4711><CTL=RST>" },
		{ .rfc = "<SEQ=5000><CTL=RST>" } },
	    V_PASS, "", "set aside: 1 segment " },
	{ "from a wrong port, too", ST_CLOSED, SYN,
	    { { .rfc = RIGHT, .port = 81 }, { .rfc = RIGHT } }, V_PASS, "",
	    "set aside: 1 segment" },
	{ "a broken one, too", ST_CLOSED, SYN,
	    { { .rfc = RIGHT, .faults = FAULT_CHECKSUM }, { .rfc = RIGHT } },
	    V_PASS, "", "set aside: 1 segment" },
	{ "who saw the SYN comes first", ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=4711><ACK=1001><CTL=RST,ACK>" },
		{ .rfc = RIGHT } },
	    V_INCONCLUSIVE, "seq", "contradict" },
	{ "who saw the SYN comes last", ST_CLOSED, SYN,
	    { { .rfc = RIGHT },
		{ .rfc = "<SEQ=4711><ACK=1001><CTL=RST,ACK>" } },
	    V_INCONCLUSIVE, "seq", "contradict" },
	{ "SYN,ACK, and RST", ST_CLOSED, SYN,
	    { { .rfc = SYN_ACK }, { .rfc = RIGHT } }, V_INCONCLUSIVE, "ctl seq",
	    "contradict" },
	{ "who saw the ACK", ST_CLOSED, ACK,
	    { { .rfc = "<SEQ=5000><CTL=RST,PSH>" },
		{ .rfc = "<SEQ=5000><CTL=RST>" } },
	    V_INCONCLUSIVE, "ctl", "contradict" },
	/* the nearest one is explained */
	{ "a broken one and a blind one", ST_CLOSED, SYN,
	    { { .rfc = BLIND },
		{ .rfc = "<SEQ=0><ACK=1001><CTL=FIN,RST,ACK>" } },
	    V_FAIL, "ctl", "" },
	{ "a broken one and one of another kind", ST_CLOSED, SYN,
	    { { .rfc = RIGHT, .faults = FAULT_CHECKSUM }, { .rfc = SYN_ACK } },
	    V_FAIL, "ctl seq", "" },
	{ "a wrong port and wrong numbers", ST_CLOSED, SYN,
	    { { .rfc = RIGHT, .port = 81 },
		{ .rfc = "<SEQ=0><ACK=1000><CTL=RST,ACK>" } },
	    V_FAIL, "ack", "" },
};

/* What a clause allows, what a call makes, what no rule speaks of. */
static const struct row other_rows[] = {
	{ "allowed", ST_LISTEN, SYN, { { .rfc = RIGHT } }, V_ALLOWED, "ctl",
	    "not what is required, but RFC A allows it" },
	{ "allowed, and noise", ST_LISTEN, SYN,
	    { { .rfc = BLIND }, { .rfc = RIGHT } }, V_ALLOWED, "ctl",
	    "RFC A allows it; set aside: 1 segment " },
	{ "allowed, twice", ST_LISTEN, SYN,
	    { { .rfc = RIGHT }, { .rfc = RIGHT } }, V_FAIL, "ctl count",
	    "came twice" },
	{ "required and allowed", ST_LISTEN, SYN,
	    { { .rfc = RIGHT }, { .rfc = SYN_ACK } }, V_INCONCLUSIVE, "ctl",
	    "contradict" },
	{ "allowed silence", ST_LISTEN, SYN, { { 0 } }, V_ALLOWED, "reply",
	    "RFC B allows it" },
	{ "neither", ST_LISTEN, SYN,
	    { { .rfc = "<SEQ=9000><ACK=1002><CTL=SYN,ACK>" } }, V_FAIL, "ack",
	    "" },
	{ "silence is required", ST_FIN_WAIT_2, ACK, { { 0 } }, V_PASS, "",
	    "" },
	{ "silence is required, a reply allowed", ST_FIN_WAIT_2, ACK,
	    { { .rfc = "<SEQ=5000><ACK=1000><CTL=ACK>" } }, V_ALLOWED, "reply",
	    "RFC C allows it" },
	{ "silence is required, another reply came", ST_FIN_WAIT_2, ACK,
	    { { .rfc = "<SEQ=5000><CTL=RST>" } }, V_FAIL, "reply",
	    "where none is due" },
	{ "call", ST_ESTABLISHED, CLOSE,
	    { { .rfc = "<SEQ=5000><ACK=1000><CTL=RST,ACK>" } }, V_PASS, "",
	    "" },
	{ "call, allowed", ST_ESTABLISHED, CLOSE,
	    { { .rfc = "<SEQ=5000><CTL=RST>" } }, V_ALLOWED, "ctl ack",
	    "RFC 9293 3.10.5 allows it" },
	{ "call, FIN", ST_ESTABLISHED, CLOSE,
	    { { .rfc = "<SEQ=5000><ACK=1000><CTL=FIN,ACK>" } }, V_FAIL, "ctl",
	    "" },
	{ "call, nothing", ST_ESTABLISHED, CLOSE, { { 0 } }, V_FAIL, "reply",
	    "silence is proved" },
	{ "call, and a blind forger", ST_ESTABLISHED, CLOSE,
	    { { .rfc = "<SEQ=4711><CTL=RST>" },
		{ .rfc = "<SEQ=5000><ACK=1000><CTL=RST,ACK>" } },
	    V_PASS, "", "set aside: 1 segment " },
	{ "call, FIN and RST", ST_ESTABLISHED, CLOSE,
	    { { .rfc = "<SEQ=5000><ACK=1000><CTL=FIN,ACK>" },
		{ .rfc = "<SEQ=5000><ACK=1000><CTL=RST,ACK>" } },
	    V_INCONCLUSIVE, "ctl", "contradict" },
	{ "no rule", ST_SYN_SENT, ACK, { { .rfc = RIGHT } }, V_ERROR, "",
	    "no rule speaks of this in SYN-SENT" },
	{ "no rule for a call", ST_CLOSE_WAIT, CLOSE, { { 0 } }, V_ERROR, "",
	    "no rule speaks of this in CLOSE-WAIT" },
};

static struct rulebook book;
static struct exchange x;
static struct judgement j;
static struct segment probe;
static const struct tcb world = {
	.snd_una = 5000, .snd_nxt = 5000, .rcv_nxt = 1000, .unread = 5
};

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

/* Play a row and have it judged. */
static void
play(const struct row *row)
{
	struct tcb tcb = world;
	struct situation s = { .tcb = &tcb };

	tcb.state = row->state;
	util_exchange(&x, row->stimulus, &probe, row->came, 4);
	if (row->stimulus != CLOSE)
		s.seg = &probe;
	memset(&j, 0xff, sizeof(j));
	judge(&j, &book, s.seg ? EV_SEGMENT : EV_CLOSE, &s, &x, NULL);
}

static void
check_row(const struct row *row)
{
	struct buf wrong = { 0 };
	size_t i;

	play(row);
	ck_assert_msg(j.verdict == row->verdict, "%s: %s (%s), wanted %s",
	    row->name, verdict_name(j.verdict), j.reason,
	    verdict_name(row->verdict));
	for (i = 0; i < j.nfields; i++)
		if (!j.fields[i].ok)
			buf_addf(&wrong, "%s%s", wrong.len ? " " : "",
			    j.fields[i].name);
	ck_assert_msg(strcmp(buf_str(&wrong), row->wrong) == 0,
	    "%s: wrong is \"%s\", wanted \"%s\"", row->name, buf_str(&wrong),
	    row->wrong);
	ck_assert_msg(row->reason[0] == '\0'
			  ? j.reason[0] == '\0'
			  : strstr(j.reason, row->reason) != NULL,
	    "%s: \"%s\", wanted \"%s\"", row->name, j.reason, row->reason);
	/* a verdict that is no pass says why, in words or fields */
	ck_assert(row->verdict == V_PASS || wrong.len > 0 || j.reason[0]);
	ck_assert(j.reason[0] != ';');
	ck_assert_ptr_null(j.deviation);
	buf_free(&wrong);
}

START_TEST(test_one)
{
	check_row(&one_rows[_i]);
}
END_TEST

START_TEST(test_many)
{
	check_row(&many_rows[_i]);
}
END_TEST

START_TEST(test_other)
{
	check_row(&other_rows[_i]);
}
END_TEST

/* Where nobody else is on the wire, the evidence is enough. */
START_TEST(test_alone)
{
	struct row row = many_rows[_i];

	if (row.verdict == V_INCONCLUSIVE)
		row.verdict = V_FAIL;
	x.alone = true;
	check_row(&row);
	x.alone = false;
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("judge");
	TCase *tc = tcase_create("verdicts");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_one, 0, ARRAY_SIZE(one_rows));
	tcase_add_loop_test(tc, test_many, 0, ARRAY_SIZE(many_rows));
	tcase_add_loop_test(tc, test_alone, 0, ARRAY_SIZE(many_rows));
	tcase_add_loop_test(tc, test_other, 0, ARRAY_SIZE(other_rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
