/* The TCB: which segments are acceptable, what a sent segment changes. */
#include <check.h>
#include <stdlib.h>

#include "base/table.h"
#include "tcp/option.h"
#include "tcp/tcb.h"

#define WRAP 0xfffffff0 /* a window of 32 from here ends at 16 */

/* RFC 9293 3.10.7.4, table 6. */
static const struct {
	uint32_t rcv_nxt, rcv_wnd;
	uint32_t seq, text_len;
	uint16_t ctl;
	bool acceptable;
} accept_rows[] = {
	/* length 0, window 0: SEG.SEQ = RCV.NXT */
	{ 1000, 0, 1000, 0, CTL_ACK, true },
	{ 1000, 0, 999, 0, CTL_ACK, false },
	{ 1000, 0, 1001, 0, CTL_ACK, false },
	{ 1000, 0, 1000, 0, CTL_RST, true },
	{ 1000, 0, 1000, 0, 0, true },
	{ 0, 0, 0, 0, CTL_ACK, true },
	{ 0, 0, UINT32_MAX, 0, CTL_ACK, false },
	{ UINT32_MAX, 0, 0, 0, CTL_ACK, false },
	{ 0, 0, 0x80000000, 0, CTL_ACK, false },
	/* length 0, window open: RCV.NXT =< SEG.SEQ < RCV.NXT+RCV.WND */
	{ 1000, 100, 999, 0, CTL_ACK, false },
	{ 1000, 100, 1000, 0, CTL_ACK, true },
	{ 1000, 100, 1099, 0, CTL_RST, true },
	{ 1000, 100, 1100, 0, CTL_RST, false },
	{ 1000, 1, 1000, 0, CTL_ACK, true },
	{ 1000, 1, 1001, 0, CTL_ACK, false },
	{ 1000, 100, 1000 + 0x80000000, 0, CTL_ACK, false },
	{ WRAP, 32, WRAP - 1, 0, CTL_ACK, false },
	{ WRAP, 32, WRAP, 0, CTL_ACK, true },
	{ WRAP, 32, UINT32_MAX, 0, CTL_ACK, true },
	{ WRAP, 32, 0, 0, CTL_ACK, true },
	{ WRAP, 32, 15, 0, CTL_ACK, true },
	{ WRAP, 32, 16, 0, CTL_ACK, false },
	{ WRAP, 16, UINT32_MAX, 0, CTL_ACK, true },
	{ WRAP, 16, 0, 0, CTL_ACK, false },
	/* length > 0, window 0: not acceptable */
	{ 1000, 0, 1000, 1, CTL_ACK, false },
	{ 1000, 0, 1000, 0, CTL_SYN, false },
	{ 1000, 0, 1000, 0, CTL_FIN | CTL_ACK, false },
	{ 1000, 0, 999, 1, CTL_ACK, false },
	{ 1000, 0, 999, 2, CTL_ACK, false },
	{ 1000, 0, 999, 0, CTL_FIN | CTL_ACK, false },
	{ 0, 0, UINT32_MAX, 1, CTL_ACK, false },
	/* length > 0, window open: the first octet is in the window */
	{ 1000, 100, 1000, 1, CTL_ACK, true },
	{ 1000, 100, 1000, 100, CTL_ACK, true },
	{ 1000, 100, 1000, 101, CTL_ACK, true },
	{ 1000, 100, 1099, 1, CTL_ACK, true },
	{ 1000, 100, 1099, 1460, CTL_ACK, true },
	{ 1000, 100, 1100, 1, CTL_ACK, false },
	{ 1000, 100, 1100, 1460, CTL_ACK, false },
	{ 1000, 100, 1099, 0, CTL_FIN, true },
	{ 1000, 100, 1100, 0, CTL_SYN, false },
	/* ... or the last octet is, SYN and FIN counted */
	{ 1000, 100, 999, 1, CTL_ACK, false },
	{ 1000, 100, 999, 2, CTL_ACK, true },
	{ 1000, 100, 900, 100, CTL_ACK, false },
	{ 1000, 100, 900, 101, CTL_ACK, true },
	{ 1000, 100, 900, 200, CTL_ACK, true },
	{ 1000, 100, 999, 0, CTL_FIN, false },
	{ 1000, 100, 999, 1, CTL_FIN, true },
	{ 1000, 100, 999, 1, CTL_SYN, true },
	{ 1000, 100, 998, 1, CTL_SYN, false },
	{ 1000, 100, 998, 1, CTL_SYN | CTL_FIN, true },
	{ 1000, 100, 999, 1, CTL_PSH | CTL_ACK | CTL_URG, false },
	/* a segment that covers the window and more has neither within */
	{ 1000, 100, 999, 101, CTL_ACK, true },
	{ 1000, 100, 999, 102, CTL_ACK, false },
	{ 1000, 1, 999, 2, CTL_ACK, true },
	{ 1000, 1, 999, 3, CTL_ACK, false },
	/* the same around the end of sequence space */
	{ WRAP, 32, WRAP - 1, 1, CTL_ACK, false },
	{ WRAP, 32, WRAP - 1, 2, CTL_ACK, true },
	{ WRAP, 32, 15, 100, CTL_ACK, true },
	{ WRAP, 32, 16, 1, CTL_ACK, false },
	{ WRAP, 32, WRAP - 1, 34, CTL_ACK, false },
	{ WRAP, 32, WRAP - 1, 33, CTL_ACK, true },
	{ 0, 10, UINT32_MAX, 1, CTL_ACK, false },
	{ 0, 10, UINT32_MAX, 2, CTL_ACK, true },
	{ 0, 10, UINT32_MAX, 0, CTL_SYN, false },
	{ 5, 10, 0xfffffff0, 21, CTL_ACK, false },
	{ 5, 10, 0xfffffff0, 22, CTL_ACK, true },
	/* the widest window: 65535 << 14 */
	{ WRAP, 1073725440, WRAP + 1073725439, 0, CTL_ACK, true },
	{ WRAP, 1073725440, WRAP + 1073725440, 0, CTL_ACK, false },
};

START_TEST(test_acceptable)
{
	struct tcb t = {
		.state = ST_ESTABLISHED,
		.rcv_nxt = accept_rows[_i].rcv_nxt,
		.rcv_wnd = accept_rows[_i].rcv_wnd,
	};
	struct segment s = {
		.seq = accept_rows[_i].seq,
		.text_len = accept_rows[_i].text_len,
		.ctl = accept_rows[_i].ctl,
		.wnd = 1,
	};

	ck_assert_int_eq(tcb_acceptable(&t, &s), accept_rows[_i].acceptable);
}
END_TEST

/* Table 6 by counting: the window is the numbers one steps on. */
static bool
steps_on(uint32_t from, uint32_t steps, uint32_t number)
{
	uint32_t i;

	for (i = 0; i < steps; i++)
		if (from + i == number)
			return true;
	return false;
}

START_TEST(test_acceptable_counted)
{
	uint32_t nxt = _i, wnd, off, len, last;
	bool expected;

	for (wnd = 0; wnd < 6; wnd++)
		for (off = 0; off < 24; off++)
			for (len = 0; len < 12; len++) {
				struct tcb t = { .rcv_nxt = nxt,
					.rcv_wnd = wnd };
				struct segment s = { .seq = nxt + off - 12,
					.text_len = len,
					.ctl = CTL_ACK };

				last = s.seq + len - 1;
				if (len == 0 && wnd == 0)
					expected = s.seq == nxt;
				else if (len == 0)
					expected = steps_on(nxt, wnd, s.seq);
				else
					expected = steps_on(nxt, wnd, s.seq) ||
						   steps_on(nxt, wnd, last);
				ck_assert_msg(tcb_acceptable(&t, &s) ==
						  expected,
				    "nxt %u wnd %u seq %u len %u", nxt, wnd,
				    s.seq, len);
			}
}
END_TEST

/* What of a TCB a segment that the stack sends may change. */
struct numbers {
	uint32_t iss, snd_una, snd_nxt, rcv_wnd;
};

static const struct {
	struct numbers before;
	uint8_t rcv_shift;
	uint16_t ctl;
	uint32_t seq, text_len;
	uint16_t wnd;
	struct numbers after;
} sent_rows[] = {
	/* SYN: RFC 9293 3.10.1, ISS = SND.UNA, SND.NXT = ISS+1 */
	{ { 0, 0, 0, 0 }, 0, CTL_SYN, 100, 0, 64240, { 100, 100, 101, 0 } },
	{ { 0, 0, 0, 0 }, 7, CTL_SYN | CTL_ACK, 300, 0, 64240,
	    { 300, 300, 301, 64240 } },
	{ { 0, 0, 0, 0 }, 0, CTL_SYN, 100, 10, 64240, { 100, 100, 111, 0 } },
	{ { 0, 0, 0, 0 }, 0, CTL_SYN, UINT32_MAX, 0, 1,
	    { UINT32_MAX, UINT32_MAX, 0, 0 } },
	{ { 0, 0, 0, 0 }, 0, CTL_SYN, 0, 0, 1, { 0, 0, 1, 0 } },
	{ { 0, 0, 0, 0 }, 0, CTL_SYN, 0x80000000, 0, 1,
	    { 0x80000000, 0x80000000, 0x80000001, 0 } },
	/* a new incarnation, below and above the old one */
	{ { 900, 950, 960, 5 }, 0, CTL_SYN | CTL_ACK, 100, 0, 7,
	    { 100, 100, 101, 7 } },
	{ { 100, 150, 160, 5 }, 0, CTL_SYN | CTL_ACK, 900, 0, 7,
	    { 900, 900, 901, 7 } },
	/* the SYN again, also as the SYN,ACK of a simultaneous open */
	{ { 100, 100, 101, 5 }, 7, CTL_SYN | CTL_ACK, 100, 0, 64240,
	    { 100, 100, 101, 64240 } },
	{ { 100, 100, 101, 5 }, 7, CTL_SYN, 100, 0, 64240,
	    { 100, 100, 101, 5 } },
	/* ... when text was sent since: SND.NXT does not go back */
	{ { 100, 100, 111, 5 }, 0, CTL_SYN | CTL_ACK, 100, 0, 5,
	    { 100, 100, 111, 5 } },
	{ { 100, 101, 111, 5 }, 0, CTL_SYN | CTL_ACK, 100, 0, 5,
	    { 100, 101, 111, 5 } },
	/* text and FIN */
	{ { 300, 301, 301, 5 }, 0, CTL_PSH | CTL_ACK, 301, 10, 6,
	    { 300, 301, 311, 6 } },
	{ { 300, 301, 311, 5 }, 0, CTL_FIN | CTL_ACK, 311, 0, 6,
	    { 300, 301, 312, 6 } },
	{ { 300, 301, 311, 5 }, 0, CTL_FIN | CTL_ACK, 311, 10, 6,
	    { 300, 301, 322, 6 } },
	{ { 300, UINT32_MAX, UINT32_MAX, 5 }, 0, CTL_ACK, UINT32_MAX, 10, 6,
	    { 300, UINT32_MAX, 9, 6 } },
	{ { 300, 0x7ffffff0, 0x7ffffff0, 5 }, 0, CTL_ACK, 0x7ffffff0, 32, 6,
	    { 300, 0x7ffffff0, 0x80000010, 6 } },
	{ { 300, 301, 301, 5 }, 0, CTL_ACK, 301, 0, 6, { 300, 301, 301, 6 } },
	/* retransmitted, whole, in part, and more than there was */
	{ { 300, 301, 351, 5 }, 0, CTL_ACK, 301, 50, 6, { 300, 301, 351, 6 } },
	{ { 300, 301, 351, 5 }, 0, CTL_ACK, 301, 10, 6, { 300, 301, 351, 6 } },
	{ { 300, 301, 351, 5 }, 0, CTL_FIN | CTL_ACK, 301, 50, 6,
	    { 300, 301, 352, 6 } },
	{ { 300, 301, 351, 5 }, 0, CTL_ACK, 341, 20, 6, { 300, 301, 361, 6 } },
	{ { 300, 0xfffffff0, 5, 5 }, 0, CTL_ACK, 0xfffffff0, 10, 6,
	    { 300, 0xfffffff0, 5, 6 } },
	/* a keep-alive and a probe of a window stand below SND.NXT */
	{ { 300, 301, 351, 5 }, 0, CTL_ACK, 350, 0, 6, { 300, 301, 351, 6 } },
	/* windows: scaled, closed, the widest, and none without ACK */
	{ { 300, 301, 301, 5 }, 7, CTL_ACK, 301, 0, 502,
	    { 300, 301, 301, 64256 } },
	{ { 300, 301, 301, 5 }, 7, CTL_ACK, 301, 0, 0, { 300, 301, 301, 0 } },
	{ { 300, 301, 301, 5 }, 14, CTL_FIN | CTL_ACK, 301, 0, 65535,
	    { 300, 301, 302, 1073725440 } },
	/* a shift beyond 14 counts as 14 */
	{ { 300, 301, 301, 5 }, 40, CTL_ACK, 301, 0, 1,
	    { 300, 301, 301, 16384 } },
	{ { 300, 301, 301, 5 }, 7, CTL_FIN, 301, 0, 502, { 300, 301, 302, 5 } },
	/* a RST borrows its numbers from the segment that it answers */
	{ { 300, 300, 301, 5 }, 0, CTL_RST, 5000, 0, 0, { 300, 300, 301, 5 } },
	{ { 300, 300, 301, 5 }, 0, CTL_RST | CTL_ACK, 0, 0, 0,
	    { 300, 300, 301, 5 } },
	{ { 300, 301, 301, 5 }, 0, CTL_RST | CTL_ACK, 301, 20, 0,
	    { 300, 301, 301, 5 } },
};

START_TEST(test_sent)
{
	const struct numbers *before = &sent_rows[_i].before;
	const struct numbers *after = &sent_rows[_i].after;
	struct segment s = {
		.seq = sent_rows[_i].seq,
		.ack = 77777,
		.ctl = sent_rows[_i].ctl,
		.wnd = sent_rows[_i].wnd,
		.text_len = sent_rows[_i].text_len,
	};
	struct tcb t = {
		.state = ST_ESTABLISHED,
		.iss = before->iss,
		.irs = 11,
		.snd_una = before->snd_una,
		.snd_nxt = before->snd_nxt,
		.snd_wnd = 12,
		.max_snd_wnd = 13,
		.rcv_nxt = 14,
		.rcv_wnd = before->rcv_wnd,
		.rcv_shift = sent_rows[_i].rcv_shift,
		.unread = 15,
		.passive = true,
	};

	tcb_sent(&t, &s);
	ck_assert_uint_eq(t.iss, after->iss);
	ck_assert_uint_eq(t.snd_una, after->snd_una);
	ck_assert_uint_eq(t.snd_nxt, after->snd_nxt);
	ck_assert_uint_eq(t.rcv_wnd, after->rcv_wnd);
	/* the rest is not the segment's to change */
	ck_assert_uint_eq(t.state, ST_ESTABLISHED);
	ck_assert_uint_eq(t.irs, 11);
	ck_assert_uint_eq(t.snd_wnd, 12);
	ck_assert_uint_eq(t.max_snd_wnd, 13);
	ck_assert_uint_eq(t.rcv_nxt, 14);
	ck_assert_uint_eq(t.rcv_shift, sent_rows[_i].rcv_shift);
	ck_assert_uint_eq(t.unread, 15);
	ck_assert(t.passive);
	ck_assert(!t.orphan);
}
END_TEST

/* The last timestamp that the stack sent is kept; a RST is not heeded. */
START_TEST(test_sent_timestamp)
{
	static const uint16_t ctls[] = { CTL_SYN, CTL_SYN | CTL_ACK, CTL_ACK,
		CTL_FIN | CTL_ACK, 0, CTL_RST, CTL_RST | CTL_ACK };
	struct segment s = { .ctl = ctls[_i] };
	struct tcb t = { .ts_val = 5, .ts_recent = 6 };

	tcb_sent(&t, &s);
	ck_assert_uint_eq(t.ts_val, 5);
	ck_assert_int_eq(opt_add_raw(&s, "\x01\x01", 2), 0);
	ck_assert_int_eq(opt_add_ts(&s, 0xfedcba98, 7), 0);
	tcb_sent(&t, &s);
	ck_assert_uint_eq(t.ts_val, ctls[_i] & CTL_RST ? 5 : 0xfedcba98);
	/* what the stack took from us, and whether, is ours to say */
	ck_assert_uint_eq(t.ts_recent, 6);
	ck_assert(!t.timestamps);
}
END_TEST

/* What the stack takes of a segment of ours; it stood at 100, and sent 50. */
static const struct {
	uint32_t seq, text_len, ack;
	uint16_t ctl;
	uint32_t rcv_nxt, snd_una;
} received_rows[] = {
	{ 100, 0, 45, CTL_ACK, 100, 45 },
	{ 100, 5, 45, CTL_ACK, 105, 45 },
	{ 98, 5, 50, CTL_ACK, 103, 50 },
	{ 100, 5, 40, CTL_ACK | CTL_FIN, 106, 40 },
	/* behind a gap, old, without ACK, or of what was not sent */
	{ 101, 5, 45, CTL_ACK, 100, 45 },
	{ 90, 5, 45, CTL_ACK, 100, 45 },
	{ 100, 5, 45, 0, 100, 40 },
	{ 100, 0, 51, CTL_ACK, 100, 40 },
	{ 100, 0, 39, CTL_ACK, 100, 40 },
	{ 100, 0, 45, CTL_RST | CTL_ACK, 100, 40 },
	{ 200, 0, 45, CTL_SYN | CTL_ACK, 201, 45 },
};

START_TEST(test_received)
{
	struct segment s = { .seq = received_rows[_i].seq,
		.text_len = received_rows[_i].text_len,
		.ack = received_rows[_i].ack,
		.ctl = received_rows[_i].ctl,
		.wnd = 77 };
	struct tcb t = { .iss = 30,
		.irs = 99,
		.snd_una = 40,
		.snd_nxt = 50,
		.snd_wnd = 60,
		.max_snd_wnd = 70,
		.rcv_nxt = 100 };
	bool taken = !(s.ctl & CTL_RST);

	tcb_received(&t, &s);
	ck_assert_uint_eq(t.rcv_nxt, received_rows[_i].rcv_nxt);
	ck_assert_uint_eq(t.snd_una, received_rows[_i].snd_una);
	ck_assert_uint_eq(t.irs, s.ctl & CTL_SYN ? 200 : 99);
	ck_assert_uint_eq(t.snd_wnd, taken && s.ctl & CTL_ACK ? 77 : 60);
	ck_assert_uint_eq(t.max_snd_wnd, taken ? 77 : 70);
	ck_assert(!t.passive);
	/* what the stack itself does is not the segment's to change */
	ck_assert_uint_eq(t.snd_nxt, 50);
	ck_assert_uint_eq(t.iss, 30);
}
END_TEST

/* A SYN to a stack that has sent none comes to a listener. */
START_TEST(test_received_first)
{
	struct segment syn = { .seq = 7, .ctl = CTL_SYN };
	struct tcb t = { 0 };

	ck_assert_int_eq(opt_add_ts(&syn, 0xfedcba98, 7), 0);
	tcb_received(&t, &syn);
	ck_assert(t.passive);
	ck_assert_uint_eq(t.irs, 7);
	ck_assert_uint_eq(t.rcv_nxt, 8);
	ck_assert_uint_eq(t.ts_recent, 0xfedcba98);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("tcb");
	TCase *tc = tcase_create("tcb");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_acceptable, 0, ARRAY_SIZE(accept_rows));
	/* RCV.NXT from 30 below the end of sequence space to 30 above */
	tcase_add_loop_test(tc, test_acceptable_counted, -30, 30);
	tcase_add_loop_test(tc, test_sent, 0, ARRAY_SIZE(sent_rows));
	tcase_add_loop_test(tc, test_sent_timestamp, 0, 7);
	tcase_add_loop_test(tc, test_received, 0, ARRAY_SIZE(received_rows));
	tcase_add_test(tc, test_received_first);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
