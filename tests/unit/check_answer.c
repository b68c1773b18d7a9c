/* What somebody answers in a quiz, and how that is marked. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "judge/answer.h"

/* ESTABLISHED, with five octets unread; the last segment brought them. */
static const struct tcb tcb = {
	.state = ST_ESTABLISHED, .snd_nxt = 1, .rcv_nxt = 6
};
static const struct segment stimulus = {
	.ctl = CTL_ACK | CTL_PSH, .seq = 1, .ack = 1, .text_len = 5
};
static const struct situation situation = { .tcb = &tcb, .seg = &stimulus };

/* What came. */
static const struct segment rst_ack = {
	.ctl = CTL_RST | CTL_ACK, .seq = 1, .ack = 6, .wnd = 64
};
static const struct segment rst = { .ctl = CTL_RST, .seq = 2 };
static const struct segment ack = { .ctl = CTL_ACK, .seq = 1, .ack = 6 };
static const struct segment text = {
	.ctl = CTL_ACK | CTL_PSH, .seq = 1, .ack = 6, .text_len = 3
};

/* The names of what is wrong; "" when the answer is right. */
static const struct {
	const struct segment *came;
	const char *answer, *wrong;
} rows[] = {
	/* tcpdump's way, whole and shorter */
	{ &rst_ack, "Flags [R.], seq 1, ack 6, win 64, length 0", "" },
	{ &rst_ack, "[R.] seq 1 ack 6", "" },
	{ &rst_ack, "[R.], seq 1, ack 6", "" },
	{ &rst_ack, "  R. 1:1(0) ack 6 \r", "" },
	{ &rst_ack, "RA seq 1 ack 6", "" },
	{ &rst_ack, "rst,ack seq 1 ack 6", "" },
	{ &rst_ack, "flags [R.]; seq 1; ack 6; win 64; length 0", "" },
	{ &rst_ack, "R. seq snd.nxt ack RCV.NXT", "" },
	/* the RFC's */
	{ &rst_ack, "<SEQ=1><ACK=6><CTL=RST,ACK>", "" },
	{ &rst_ack, "<CTL=ACK,RST> <ack=6>, <seq=1>", "" },
	{ &rst_ack, "< SEQ = SND.NXT >< ACK = SEG.SEQ + SEG.LEN >< CTL = R. >",
	    "" },
	{ &rst_ack, "<SEQ=SEG.ACK><ACK=RCV.NXT><CTL=RST,ACK><WND=64>", "" },
	/* Wireshark's, and what people write */
	{ &rst_ack, "[RST, ACK] Seq=1 Ack=6 Win=64 Len=0", "" },
	{ &rst_ack, "RST ACK seq 1 ack 6", "" },
	{ &rst_ack, "RST/ACK seq=1 ack=6", "" },
	{ &rst_ack, "rst + ack, seq = 1, ack = 6", "" },
	{ &rst_ack, "r. 1:1(0) ack 6", "" },
	{ &rst_ack, "SEQ=1 ACK=6 CTL=RST,ACK", "" },
	{ &rst_ack, "> R. 1:1(0) ack 6", "" },
	{ &rst_ack,
	    "0.001 IP 192.0.2.1.8080 > 192.0.2.2.1: Flags [R.], seq 1, "
	    "ack 6, win 64, options [nop,nop,TS val 1 ecr 2], length 0",
	    "" },
	/* half right, and wrong */
	{ &rst_ack, "[R.] seq 0 ack 6", "seq" },
	{ &rst_ack, "[R.] seq 1 ack 1", "ack" },
	{ &rst_ack, "[R.] seq 6 ack 1", "seq ack" },
	{ &rst_ack, "[R] seq 1", "ctl ack" },
	{ &rst_ack, "[F.] seq 1 ack 6", "ctl" },
	{ &rst_ack, "[R.]", "seq ack" },
	{ &rst_ack, "R. 1:1(0) ack 6 win 0", "win" },
	{ &rst_ack, "R. 1:6(5) ack 6", "length" },
	{ &rst_ack, "<SEQ=SEG.ACK><CTL=RST>", "ctl ack" },
	{ &rst_ack, "none", "reply" },
	{ &rst, "<SEQ=2><CTL=RST>", "" },
	{ &rst, "R 2:2(0) win 0", "" },
	{ &rst, "R. 2:2(0) ack 6", "ctl ack" },
	{ &rst, "R seq 2 ack 6", "ack" },
	{ &rst, "[RST, ACK] seq 2", "ctl" },
	/* what goes without saying */
	{ &ack, "[.] ack 6", "" },
	{ &ack, ". seq 1 ack 6", "" },
	{ &ack, ". seq 2 ack 6", "seq" },
	{ &ack, ".", "ack" },
	{ &text, "[.] seq 1:4 ack 6", "" },
	{ &text, "[P.] seq 1:4 ack 6", "" },
	{ &text, "[P.] seq 1:6 ack 6", "length" },
	/* silence */
	{ NULL, "none", "" },
	{ NULL, " Nothing ", "" },
	{ NULL, "silence", "" },
	{ NULL, "[R.] seq 0 ack 1", "reply" },
};

START_TEST(test_mark)
{
	const char *wrong = rows[_i].wrong;
	struct field fields[NFIELDS];
	struct buf b = { 0 };
	struct answer a;
	struct err e;
	size_t n, i;
	bool right;

	if (answer_parse(&a, rows[_i].answer, &situation, &e) == -1)
		ck_abort_msg("%s", e.msg);
	right = answer_mark(&a, rows[_i].came, NULL, fields, &n);
	for (i = 0; i < n; i++)
		if (!fields[i].ok)
			buf_addf(&b, "%s%s", b.len > 0 ? " " : "",
			    fields[i].name);
	if (strcmp(buf_str(&b), wrong) != 0)
		ck_abort_msg("%s: wrong is '%s', not '%s'", rows[_i].answer,
		    buf_str(&b), wrong);
	ck_assert_int_eq(right, *wrong == '\0');
	buf_free(&b);
}
END_TEST

/* The rule's term says where a number comes from. */
START_TEST(test_terms)
{
	const struct form form = { .seq = (const struct expr *)&tcb,
		.ack = (const struct expr *)&tcb,
		.seq_text = "0",
		.ack_text = "SEG.SEQ+SEG.LEN" };
	struct field f[NFIELDS];
	struct answer a;
	struct err e;
	size_t n;

	ck_assert_int_eq(answer_parse(&a, "R. seq 7", &situation, &e), 0);
	ck_assert(!answer_mark(&a, &rst_ack, &form, f, &n));
	ck_assert_uint_eq(n, 3);
	ck_assert(f[0].ok);
	ck_assert_str_eq(f[0].expected, "RST,ACK");
	ck_assert_str_eq(f[1].expected, "1");
	ck_assert_str_eq(f[1].observed, "7");
	ck_assert_str_eq(f[2].expected, "6 (SEG.SEQ+SEG.LEN)");
	ck_assert_str_eq(f[2].observed, "");
}
END_TEST

static const char *const refused[] = { "", "x", "hello world", "[R. seq x",
	"R. seq", "R. seq x", "R. foo 1", "R. seq 1:x", "R. 1:", "<SEQ=1>",
	"<SEQ=1", "<SEQ><CTL=RST>", "<FOO=1><CTL=RST>",
	"SEQ=1 CTL=", "<SEQ=FOO.BAR><CTL=RST>", "<SEQ=><CTL=RST>", "<CTL=>x",
	"R. seq 99999999999", "R. ack 1 seq", "[Q] seq 1",
	"<SEQ=SEG.SEQ+(1)><CTL=RST>", "\x1b[31m" };

START_TEST(test_refused)
{
	struct answer a;
	struct err e = { 0 };

	if (answer_parse(&a, refused[_i], &situation, &e) == 0)
		ck_abort_msg("'%s' is taken for an answer", refused[_i]);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_ptr_null(strchr(e.msg, '\x1b'));
}
END_TEST

/* Without a segment before there is nothing for SEG to be. */
START_TEST(test_no_segment)
{
	const struct situation call = { .tcb = &tcb };
	struct answer a;
	struct err e;

	ck_assert_int_eq(answer_parse(&a, "R seq SEG.ACK", &call, &e), -1);
	ck_assert_int_eq(answer_parse(&a, "R seq SND.NXT", &call, &e), 0);
	ck_assert_uint_eq(a.seq, 1);
}
END_TEST

START_TEST(test_long)
{
	char line[1000];
	struct answer a;
	struct err e;

	memset(line, 'R', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	ck_assert_int_eq(answer_parse(&a, line, &situation, &e), -1);
	line[0] = '<';
	line[150] = '\0';
	ck_assert_int_eq(answer_parse(&a, line, &situation, &e), -1);
	memcpy(line, "R seq ", 6);
	ck_assert_int_eq(answer_parse(&a, line, &situation, &e), -1);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("answer");
	Suite *s = suite_create("answer");
	SRunner *r;
	int failed;

	tcase_add_loop_test(t, test_mark, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(t, test_terms);
	tcase_add_loop_test(t, test_refused, 0,
	    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(t, test_no_segment);
	tcase_add_test(t, test_long);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed > 0;
}
