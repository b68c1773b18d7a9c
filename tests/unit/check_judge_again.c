/* Retransmissions: they may be the answer that is due, never a wrong one. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "judge/judge.h"
#include "util.h"

#define REST " level SPEC cite \"c\" why \"y\"\n"

/* On the way there the stack has sent <SEQ=4999><ACK=1001><CTL=SYN,ACK>. */
static const char rules[] =
    "rule again in SYN-RECEIVED when SYN\n"
    "  reply <SEQ=SND.NXT-1><ACK=RCV.NXT><CTL=SYN,ACK>" REST
    "rule silence in SYN-RECEIVED when RST reply none" REST
    "rule ack in SYN-RECEIVED reply <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>\n" REST
    "deviation d stack x breaks ack when FIN\n"
    "  does <SEQ=SND.NXT-1><ACK=RCV.NXT><CTL=SYN,ACK> why \"y\"\n";

#define SYN	"<SEQ=1000><CTL=SYN>"
#define RST	"<SEQ=1001><CTL=RST>"
#define ACK	"<SEQ=1000><ACK=5000><CTL=ACK>"
#define FIN	"<SEQ=1000><ACK=5000><CTL=FIN,ACK>"
#define SYN_ACK "<SEQ=4999><ACK=1001><CTL=SYN,ACK>"
#define BARE	"<SEQ=5000><ACK=1001><CTL=ACK>"
#define OLD	"<SEQ=4999><ACK=77><CTL=SYN,ACK>"

static const struct {
	const char *name;
	const char *stimulus;
	const char *came[2];
	uint8_t faults; /* of the first */
	enum verdict verdict;
	const char *reason;
} rows[] = {
	{ "it is what is required", SYN, { SYN_ACK }, 0, V_PASS, "" },
	{ "it is, and it comes twice", SYN, { SYN_ACK, SYN_ACK }, 0, V_PASS,
	    "" },
	{ "its checksum is wrong", SYN, { SYN_ACK }, FAULT_CHECKSUM, V_FAIL,
	    "nothing came" },
	{ "it acknowledges something else", SYN, { OLD }, 0, V_FAIL,
	    "nothing came" },
	{ "it does not break silence", RST, { SYN_ACK }, 0, V_PASS, "" },
	{ "something else breaks it", RST, { SYN_ACK, BARE }, 0, V_FAIL,
	    "where none is due" },
	{ "it comes before the answer", ACK, { SYN_ACK, BARE }, 0, V_PASS, "" },
	{ "it comes behind the answer", ACK, { BARE, SYN_ACK }, 0, V_PASS, "" },
	{ "it comes in place of the answer", ACK, { SYN_ACK }, 0, V_FAIL,
	    "nothing came" },
	/* what a deviation does may be that, too */
	{ "as known", FIN, { SYN_ACK }, 0, V_DEVIATION, "nothing came" },
	{ "not as known", FIN, { OLD }, 0, V_FAIL, "nothing came" },
};

START_TEST(test_again)
{
	const struct tcb tcb = {
		.state = ST_SYN_RECEIVED, .snd_nxt = 5000, .rcv_nxt = 1001
	};
	struct segment seg = util_theirs(SYN_ACK),
		       syn = util_ours("<SEQ=1000><CTL=SYN>"),
		       probe = util_ours(rows[_i].stimulus);
	const struct situation s = { .tcb = &tcb, .seg = &probe };
	struct tuple ours = util_tuple();
	struct rulebook book;
	const struct known_stack stack = { &book, "x", "1" };
	struct judgement j;
	struct exchange x;
	int i;

	util_book(&book, rules);
	exchange_start(&x, &ours);
	exchange_sent(&x, &syn, REL_SETUP);
	exchange_received(&x, &seg);
	exchange_sent(&x, &probe, REL_STIMULUS);
	for (i = 0; i < 2 && rows[_i].came[i] != NULL; i++) {
		seg = util_theirs(rows[_i].came[i]);
		seg.faults = i == 0 ? rows[_i].faults : 0;
		exchange_received(&x, &seg);
	}
	judge(&j, &book, EV_SEGMENT, &s, &x, NULL);
	judge_deviation(&j, &stack, EV_SEGMENT, &s, &x, NULL);
	ck_assert_msg(j.verdict == rows[_i].verdict, "%s: %s (%s)",
	    rows[_i].name, verdict_name(j.verdict), j.reason);
	ck_assert_msg(rows[_i].reason[0] == '\0'
			  ? j.reason[0] == '\0'
			  : strstr(j.reason, rows[_i].reason) != NULL,
	    "%s: \"%s\"", rows[_i].name, j.reason);
	rulebook_free(&book);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("judge_again");
	TCase *tc = tcase_create("retransmissions");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_again, 0, ARRAY_SIZE(rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
