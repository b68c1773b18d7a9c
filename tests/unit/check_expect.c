/* A packet that is expected against one that came, field by field. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "run/expect.h"
#include "tcp/option.h"
#include "tcp/spell.h"

/* The packet of a script's only event, as a segment in its numbers. */
static const struct script_packet *
read_packet(struct script *s, const char *text, const struct situation *sit,
    const struct mapping *map, struct segment *want)
{
	struct expect_context context = { sit, map };
	const struct script_packet *packet;
	struct err e;

	ck_assert_msg(script_parse(s, "f", text, strlen(text), NULL, &e) == 0,
	    "%s: %s", text, e.msg);
	packet = STAILQ_FIRST(&s->events)->packet;
	ck_assert_msg(expect_segment(want, packet, &context, &e) == 0, "%s",
	    e.msg);
	return packet;
}

/* What came, and the fields that are wrong; all else is right. */
static const struct {
	const char *script;
	const char *ctl;
	uint32_t seq, len, ack, wnd;
	const char *options;
	const char *wrong; /* "name: expected, observed; " each */
} compare_rows[] = {
	{ "0 > S. 0:0(0) ack 1 win 5 <mss 1460>", "S.", 0, 0, 1, 5, "mss=1460",
	    "" },
	{ "0 > S. 0:0(0) ack 1 <mss 1460>", "S.", 0, 0, 1, 5, "mss=1460", "" },
	{ "0 > . 1:1(0) ack 1", "P.", 1, 0, 1, 5, NULL, "ctl: ACK, PSH,ACK; " },
	{ "0 > . 1:1(0) ack 1", "none", 1, 0, 1, 5, NULL, "ctl: ACK, none; " },
	{ "0 > . 1:11(10) ack 7", ".", 5, 12, 5, 5, NULL,
	    "seq: 1, 5 (+4); len: 10, 12; ack: 7, 5 (-2); " },
	{ "0 > . 1:1(0) ack 1 win 6", ".", 1, 0, 1, 5, NULL, "win: 6, 5; " },
	{ "0 > . ...(10)", ".", 5, 10, 5, 5, NULL, "" },
	{ "0 > . 1:1(0) ack 1 <...>", ".", 1, 0, 1, 5, "nop,nop,ts=1:2", "" },
	{ "0 > . 1:1(0) ack 1", ".", 1, 0, 1, 5, "nop,nop,ts=1:2",
	    "options: none, <nop,nop,TS val 1 ecr 2>; " },
	{ "0 > . 1:1(0) ack 1 <nop,nop,sackOK>", ".", 1, 0, 1, 5,
	    "sackok,nop,nop", "options: <nop,nop,sackOK>, <sackOK,nop,nop>; " },
	/* the stack's clock is not compared, and what it echoes is */
	{ "0 > . 1:1(0) ack 1 <nop,nop,TS val 9 ecr 2>", ".", 1, 0, 1, 5,
	    "nop,nop,ts=1:2", "" },
	{ "0 > . 1:1(0) ack 1 <nop,nop,TS val 1 ecr 3>", ".", 1, 0, 1, 5,
	    "nop,nop,ts=1:2",
	    "options: <nop,nop,TS val 1 ecr 3>, <nop,nop,TS val 1 ecr 2>; " },
	{ "0 > . 1:1(0) ack 1 <nop,nop,TS val ... ecr ...>", ".", 1, 0, 1, 5,
	    "nop,nop,ts=1:2", "" },
	{ "0 > . 1:1(0) ack 1 <sack 1:2>", ".", 1, 0, 1, 5, "sack=1:3",
	    "options: <sack 1:2>, <sack 1:3>; " },
	{ "0 > . 1:1(0) ack 1 <mss 5,eol,eol>", ".", 1, 0, 1, 5, "mss=5", "" },
	{ "0 > . 1:1(0) ack 1 <mss 5>", ".", 1, 0, 1, 5, "mss=5,wscale=1",
	    "options: <mss 5>, <mss 5,wscale 1>; " },
	{ "0 > S 0:0(0) <FO abcd1234>", "S", 0, 0, 0, 5, "fastopen=abcd1235",
	    "options: <FO abcd1234>, <FO abcd1235>; " },
	{ "0 > [ect0, ttl 64] . 1:1(0) ack 1", ".", 1, 0, 1, 5, NULL,
	    "ecn: ect0, noecn; ttl: 64, 63; " },
};

START_TEST(test_compare)
{
	const struct tcb tcb = { 0 };
	const struct situation sit = { .tcb = &tcb };
	const struct mapping map = { 0 };
	const struct script_packet *packet;
	struct segment want, came = { .seq = compare_rows[_i].seq,
		.ack = compare_rows[_i].ack,
		.wnd = compare_rows[_i].wnd,
		.text_len = compare_rows[_i].len,
		.ttl = 63 };
	struct field fields[NFIELDS];
	struct buf b = { 0 };
	struct script s;
	struct err e;
	size_t i, n = 5;
	bool same;

	packet = read_packet(&s, compare_rows[_i].script, &sit, &map, &want);
	ck_assert_int_eq(spell_ctl(&came.ctl, compare_rows[_i].ctl, &e), 0);
	if (compare_rows[_i].options != NULL)
		ck_assert_int_eq(spell_options(&came, compare_rows[_i].options,
				     &e),
		    0);
	same = expect_compare(packet, &want, &came, fields, &n);
	for (i = 0; i < n; i++)
		if (!fields[i].ok)
			buf_addf(&b, "%s: %s, %s; ", fields[i].name,
			    fields[i].expected, fields[i].observed);
	ck_assert_str_eq(buf_str(&b), compare_rows[_i].wrong);
	ck_assert_int_eq(same, b.len == 0);
	ck_assert_uint_le(n, NFIELDS);
	buf_free(&b);
	script_free(&s);
}
END_TEST

/* How a packet reads again, once it is a segment in the script's numbers. */
static const struct {
	const char *script, *text;
} notation_rows[] = {
	{ "0 < S 0:0(0) win 1000", "S 0:0(0) win 1000" },
	{ "0 < FSRPUEWA. 4294967295:1(2) ack 7 win 0 urg 3",
	    "FSRPUEWA. 4294967295:1(2) ack 7 win 0 urg 3" },
	{ "0 < - 1:1(0) win 0", "- 1:1(0) win 0" },
	{ "0 < . 1:1(0) ack 1 win 9 <mss 1460,nop,wscale 7,sackOK,sack 1:2 "
	  "3:4>",
	    ". 1:1(0) ack 1 win 9 <mss 1460,nop,wscale 7,sackOK,sack 1:2 "
	    "3:4>" },
	{ "0 < . 1:1(0) ack 1 win 9 <TS val 1 ecr 4294967295,FO,FO 0123abcd>",
	    ". 1:1(0) ack 1 win 9 <TS val 1 ecr 4294967295,FO,FO 0123abcd>" },
	{ "0 < . 1:1(0) ack 1 win 9 <kind 77 0123,kind 78>",
	    ". 1:1(0) ack 1 win 9 <kind 77 0123,kind 78>" },
	{ "0 < . 1:1(0) ack 1 win 9 <md5 000102030405060708090a0b0c0d0e0f>",
	    ". 1:1(0) ack 1 win 9 <md5 000102030405060708090a0b0c0d0e0f>" },
	{ "0 < . 1:1(0) ack 1 win 9 <FOEXP 1234,ECN e0b 1 ceb 258>",
	    ". 1:1(0) ack 1 win 9 <kind 254 f9891234,kind 172 "
	    "000001000102>" },
	/* what is not said of a packet that is sent */
	{ "0 < . 1:1(0) ack 1", ". 1:1(0) ack 1 win 65535" },
	/* terms, in the numbers of whom they are: irs 1000, iss 5000 */
	{ "0 < . RCV.NXT:RCV.NXT(0) ack SND.NXT win SND.WND",
	    ". 7:7(0) ack 9 win 77" },
	{ "0 > . SND.NXT:SND.NXT(0) ack SEG.SEQ+SEG.LEN win 1 <sack "
	  "SEG.SEQ:SEG.SEQ+1>",
	    ". 9:9(0) ack 103 win 1 <sack 100:101>" },
	{ "0 > S. ISS:ISS(0) ack SEG.SEQ win 1", "S. 0:0(0) ack 100 win 1" },
	{ "0 < . 1007:1007(0)! ack 1 win 1", ". 7:7(0) ack 1 win 1" },
};

START_TEST(test_notation)
{
	const struct tcb tcb = {
		.rcv_nxt = 1007, .snd_nxt = 5009, .iss = 5000, .snd_wnd = 77
	};
	const struct segment seg = { .seq = 1100, .text_len = 3 };
	const struct situation sit = { .tcb = &tcb, .seg = &seg };
	struct mapping map = { 0 };
	struct buf b = { 0 };
	struct segment s;
	struct script script;

	mapping_learn(&map.ours, 0, 1000);
	mapping_learn(&map.theirs, 0, 5000);
	read_packet(&script, notation_rows[_i].script, &sit, &map, &s);
	script_notation_add(&b, &s);
	ck_assert_str_eq(buf_str(&b), notation_rows[_i].text);
	buf_free(&b);
	script_free(&script);
}
END_TEST

START_TEST(test_hostile)
{
	/* an option that goes past the end */
	struct segment s = { .ctl = CTL_ACK,
		.options = { OPT_NOP, OPT_MSS, 9, 1 },
		.options_len = 4 };
	struct buf b = { 0 };

	script_notation_add(&b, &s);
	ck_assert_str_eq(buf_str(&b),
	    ". 0:0(0) ack 0 win 0 <nop,illegal 020901>");
	buf_free(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("expect");
	TCase *tc = tcase_create("expect");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_compare, 0, ARRAY_SIZE(compare_rows));
	tcase_add_loop_test(tc, test_notation, 0, ARRAY_SIZE(notation_rows));
	tcase_add_test(tc, test_hostile);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
