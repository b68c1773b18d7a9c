/* The rule language: what expressions, rules and forms come to. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "util.h"

#define TWO31 "2147483648"

/* Each number is another; RCV.NXT .. RCV.NXT+RCV.WND-1 passes 0. */
static const struct tcb world = {
	.state = ST_ESTABLISHED,
	.iss = 101,
	.irs = 102,
	.snd_una = 103,
	.snd_nxt = 104,
	.snd_wnd = 105,
	.max_snd_wnd = 106,
	.rcv_nxt = 0xfffffff0,
	.rcv_wnd = 32,
};
static const struct segment arrives = {
	.seq = 0xffffffff,
	.ack = 108,
	.wnd = 109,
	.up = 110,
	.text_len = 12,
};

/* Put a condition into a rule; does the rule speak of the situation? */
static bool
holds(const char *when, const struct tcb *tcb, const struct segment *seg)
{
	const struct situation s = { .tcb = tcb, .seg = seg };
	struct rulebook book;
	struct buf b = { 0 };
	bool yes;

	buf_addf(&b,
	    "rule a/b\n in ESTABLISHED\n when %s\n%s reply none\n level SPEC\n"
	    " cite \"c\"\n why \"y\"\n",
	    when, seg == NULL ? " on CLOSE\n" : "");
	util_book(&book, buf_str(&b));
	yes = rulebook_match(&book, seg == NULL ? EV_CLOSE : EV_SEGMENT, &s) !=
	      NULL;
	rulebook_free(&book);
	buf_free(&b);
	return yes;
}

/* Every term, and no other number than its own. */
static const struct {
	const char *term;
	uint16_t ctl;
	uint32_t value;
} term_rows[] = {
	{ "SEG.SEQ", 0, 0xffffffff },
	{ "SEG.ACK", CTL_ACK, 108 },
	{ "SEG.ACK", 0, 108 },
	{ "SEG.LEN", 0, 12 },
	{ "SEG.LEN", CTL_SYN, 13 },
	{ "SEG.LEN", CTL_FIN | CTL_ACK, 13 },
	{ "SEG.LEN", CTL_SYN | CTL_FIN, 14 },
	{ "SEG.LEN", CTL_RST | CTL_PSH | CTL_ACK | CTL_URG, 12 },
	{ "SEG.WND", 0, 109 },
	{ "SEG.UP", 0, 110 },
	{ "SND.UNA", 0, 103 },
	{ "SND.NXT", 0, 104 },
	{ "SND.WND", 0, 105 },
	{ "MAX.SND.WND", 0, 106 },
	{ "ISS", 0, 101 },
	{ "RCV.NXT", 0, 0xfffffff0 },
	{ "RCV.WND", 0, 32 },
	{ "IRS", 0, 102 },
	{ "0", 0, 0 },
	{ "4294967295", 0, 0xffffffff },
	{ "0x1aF", 0, 431 },
	{ "007", 0, 7 },
	/* sums and differences, from left to right, modulo 2^32 */
	{ "SEG.SEQ+SEG.LEN", CTL_SYN, 12 },
	{ "SEG.SEQ + 1", 0, 0 },
	{ "RCV.NXT+RCV.WND", 0, 16 },
	{ "ISS-IRS", 0, 0xffffffff },
	{ "10-3-2", 0, 5 },
	{ "10-3+2", 0, 9 },
	{ "10+3-2-1", 0, 10 },
	{ "0-1", 0, 0xffffffff },
};

START_TEST(test_term)
{
	const char *term = term_rows[_i].term;
	uint32_t value = term_rows[_i].value;
	struct segment s = arrives;
	struct buf b = { 0 };

	s.ctl = term_rows[_i].ctl;
	buf_addf(&b, "%s = %u", term, value);
	ck_assert_msg(holds(b.p, &world, &s), "%s", b.p);
	buf_reset(&b);
	buf_addf(&b, "%s != %u", term, value);
	ck_assert_msg(!holds(b.p, &world, &s), "%s", b.p);
	buf_free(&b);
}
END_TEST

/* Comparisons, in sequence space, of l and r: what is true of them? */
static const struct {
	const char *l, *r;
	const char *true_of; /* of < =< = != >= > */
} order_rows[] = {
	{ "1", "2", "< =< !=" },
	{ "2", "2", "=< = >=" },
	{ "2", "1", "!= >= >" },
	{ "0", "4294967295", "!= >= >" },
	{ "4294967295", "0", "< =< !=" },
	{ "4294967290", "5", "< =< !=" },
	{ "5", "4294967290", "!= >= >" },
	{ "0", "2147483647", "< =< !=" },
	{ "2147483647", "0", "!= >= >" },
	{ "0", "2147483649", "!= >= >" },
	{ "4294967295", "4294967295", "=< = >=" },
	/* half way round there is no order but the stacks' */
	{ "0", TWO31, "< =< !=" },
	{ TWO31, "0", "< =< !=" },
};

START_TEST(test_order)
{
	static const char *const ops[] = { "<", "=<", "=", "!=", ">=", ">" };
	struct buf b = { 0 }, truth = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		buf_reset(&b);
		buf_addf(&b, "%s %s %s", order_rows[_i].l, ops[i],
		    order_rows[_i].r);
		if (holds(b.p, &world, &arrives))
			buf_addf(&truth, "%s%s", truth.len ? " " : "", ops[i]);
	}
	ck_assert_msg(strcmp(buf_str(&truth), order_rows[_i].true_of) == 0,
	    "%s and %s: %s, wanted %s", order_rows[_i].l, order_rows[_i].r,
	    buf_str(&truth), order_rows[_i].true_of);
	buf_free(&truth);
	buf_free(&b);
}
END_TEST

/* Conditions on the control bits, and how they hang together. */
static const struct {
	const char *when;
	uint16_t ctl;
	bool yes;
} logic_rows[] = {
	/* every bit, its own and no other */
	{ "FIN", CTL_FIN, true },
	{ "FIN", CTL_ALL & ~CTL_FIN, false },
	{ "SYN", CTL_SYN, true },
	{ "SYN", CTL_ALL & ~CTL_SYN, false },
	{ "RST", CTL_RST, true },
	{ "RST", CTL_ALL & ~CTL_RST, false },
	{ "PSH", CTL_PSH, true },
	{ "PSH", CTL_ALL & ~CTL_PSH, false },
	{ "ACK", CTL_ACK, true },
	{ "ACK", CTL_ALL & ~CTL_ACK, false },
	{ "URG", CTL_URG, true },
	{ "URG", CTL_ALL & ~CTL_URG, false },
	{ "ECE", CTL_ECE, true },
	{ "ECE", CTL_ALL & ~CTL_ECE, false },
	{ "CWR", CTL_CWR, true },
	{ "CWR", CTL_ALL & ~CTL_CWR, false },
	{ "AE", CTL_AE, true },
	{ "AE", CTL_ALL & ~CTL_AE, false },
	/* a comma is "and" */
	{ "SYN, ACK", CTL_SYN | CTL_ACK, true },
	{ "SYN, ACK", CTL_SYN, false },
	{ "SYN, ACK", CTL_ACK, false },
	{ "SYN, ACK, FIN", CTL_ACK | CTL_FIN, false },
	{ "SYN or ACK", CTL_SYN, true },
	{ "SYN or ACK", CTL_ACK, true },
	{ "SYN or ACK", CTL_RST, false },
	{ "SYN or ACK or RST", CTL_RST, true },
	/* "or" binds tighter than the comma, on either side */
	{ "ACK or SYN, RST", CTL_ACK, false },
	{ "ACK or SYN, RST", CTL_ACK | CTL_RST, true },
	{ "RST, SYN or ACK", CTL_ACK, false },
	{ "RST, SYN or ACK", CTL_RST | CTL_ACK, true },
	{ "ACK or SYN, RST or FIN", CTL_ACK | CTL_FIN, true },
	{ "ACK or SYN, RST or FIN", CTL_ACK | CTL_SYN, false },
	/* "not" binds tightest */
	{ "not ACK", CTL_ACK, false },
	{ "not ACK", CTL_SYN, true },
	{ "not not ACK", CTL_ACK, true },
	{ "not RST, ACK", CTL_RST, false },
	{ "not RST, ACK", CTL_ACK, true },
	{ "not RST, ACK", 0, false },
	{ "not RST or ACK", CTL_RST | CTL_ACK, true },
	{ "not RST or ACK", CTL_RST, false },
	{ "ACK or not RST", CTL_ACK | CTL_RST, true },
	{ "not SEG.LEN = 12", 0, false },
	{ "not SEG.LEN = 12, ACK", CTL_ACK, false },
	{ "not SEG.LEN = 13, ACK", CTL_ACK, true },
	/* brackets bind what is in them */
	{ "not (RST, ACK)", CTL_RST, true },
	{ "not (RST, ACK)", CTL_RST | CTL_ACK, false },
	{ "not (RST or ACK)", CTL_RST | CTL_ACK, false },
	{ "not (RST or ACK)", CTL_SYN, true },
	{ "(RST, ACK) or SYN", CTL_SYN, true },
	{ "(RST, ACK) or SYN", CTL_RST, false },
	{ "SYN or (RST, ACK)", CTL_RST | CTL_ACK, true },
	{ "((ACK))", CTL_ACK, true },
	/* two comparisons in one, across the end of sequence space */
	{ "4294967290 =< 3 < 5", 0, true },
	{ "4294967290 < 4294967290 < 5", 0, false },
	{ "4294967290 =< 5 < 5", 0, false },
	{ "4294967290 =< 4294967289 < 5", 0, false },
	{ "RCV.NXT =< SEG.SEQ < RCV.NXT+RCV.WND", 0, true },
	{ "RCV.NXT =< SEG.SEQ+16 < RCV.NXT+RCV.WND", 0, true },
	{ "RCV.NXT =< SEG.SEQ+17 < RCV.NXT+RCV.WND", 0, false },
	{ "RCV.NXT =< SEG.SEQ-15 < RCV.NXT+RCV.WND", 0, true },
	{ "RCV.NXT =< SEG.SEQ-16 < RCV.NXT+RCV.WND", 0, false },
	{ "3 > 2 >= 2", 0, true },
	{ "3 > 2 > 2", 0, false },
	{ "1 != 2 = 2", 0, true },
	{ "1 != 1 = 1", 0, false },
	{ "not 1 < 2 < 3", 0, false },
	{ "not 1 < 3 < 2", 0, true },
};

START_TEST(test_logic)
{
	struct segment s = arrives;

	s.ctl = logic_rows[_i].ctl;
	ck_assert_msg(holds(logic_rows[_i].when, &world, &s) ==
			  logic_rows[_i].yes,
	    "%s with 0x%x", logic_rows[_i].when, s.ctl);
}
END_TEST

/* What can be true beyond the numbers; the event is CLOSE without `seg`. */
static const struct {
	const char *fact;
	bool seg;
	uint32_t seq;
	uint8_t faults;
	bool passive, orphan;
	uint32_t unread;
	bool yes;
} fact_rows[] = {
	{ "acceptable", true, 0xfffffff0, 0, 0, 0, 0, true },
	{ "acceptable", true, 15, 0, 0, 0, 0, true },
	{ "acceptable", true, 16, 0, 0, 0, 0, false },
	{ "acceptable", true, 0xffffffe5, 0, 0, 0, 0, true },
	{ "acceptable", true, 0xffffffe4, 0, 1, 1, 1, false },
	{ "bad-checksum", true, 0, FAULT_CHECKSUM, 0, 0, 0, true },
	{ "bad-checksum", true, 0, FAULT_CHECKSUM_ZERO, 0, 0, 0, true },
	{ "bad-checksum", true, 0,
	    0xff & ~(FAULT_CHECKSUM | FAULT_CHECKSUM_ZERO), 1, 1, 1, false },
	{ "bad-offset", true, 0, FAULT_OFFSET, 0, 0, 0, true },
	{ "bad-offset", true, 0, 0xff & ~FAULT_OFFSET, 1, 1, 1, false },
	{ "bad-option", true, 0, FAULT_OPTION, 0, 0, 0, true },
	{ "bad-option", true, 0, 0xff & ~FAULT_OPTION, 1, 1, 1, false },
	{ "passive", true, 0, 0, 1, 0, 0, true },
	{ "passive", true, 0, 0xff, 0, 1, 1, false },
	{ "orphan", true, 0, 0, 0, 1, 0, true },
	{ "orphan", true, 0, 0xff, 1, 0, 1, false },
	{ "unread", true, 0, 0, 0, 0, 256, true },
	{ "unread", true, 0, 0xff, 1, 1, 0, false },
	{ "passive", false, 0, 0, 1, 0, 0, true },
	{ "orphan", false, 0, 0, 1, 0, 0, false },
	{ "unread", false, 0, 0, 0, 0, 1, true },
	{ "unread", false, 0, 0, 1, 1, 0, false },
};

START_TEST(test_fact)
{
	struct segment s = arrives;
	struct tcb t = world;
	struct buf b = { 0 };

	s.seq = fact_rows[_i].seq;
	s.faults = fact_rows[_i].faults;
	t.passive = fact_rows[_i].passive;
	t.orphan = fact_rows[_i].orphan;
	t.unread = fact_rows[_i].unread;
	buf_adds(&b, fact_rows[_i].fact);
	ck_assert(holds(b.p, &t, fact_rows[_i].seg ? &s : NULL) ==
		  fact_rows[_i].yes);
	buf_reset(&b);
	buf_addf(&b, "not %s", fact_rows[_i].fact);
	ck_assert(holds(b.p, &t, fact_rows[_i].seg ? &s : NULL) ==
		  !fact_rows[_i].yes);
	buf_free(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rules_eval");
	TCase *tc = tcase_create("expressions");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_term, 0, ARRAY_SIZE(term_rows));
	tcase_add_loop_test(tc, test_order, 0, ARRAY_SIZE(order_rows));
	tcase_add_loop_test(tc, test_logic, 0, ARRAY_SIZE(logic_rows));
	tcase_add_loop_test(tc, test_fact, 0, ARRAY_SIZE(fact_rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
