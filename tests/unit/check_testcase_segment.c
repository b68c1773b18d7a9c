/* Cases: the segment that each property makes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "run/testcase.h"
#include "util.h"

/* What is drawn at random here, always. */
#define DRAWN 0x51515150

static const struct tcb world = {
	.iss = 100,
	.irs = 200,
	.snd_una = 300,
	.snd_nxt = 400,
	.snd_wnd = 500,
	.max_snd_wnd = 600,
	.rcv_nxt = 4294967290,
	.rcv_wnd = 700,
};

/* The last case that the properties make; its ports when none are asked. */
static const struct {
	const char *props;
	struct segment want; /* seq 0: what is drawn */
	uint8_t ip;
	uint16_t sport, dport;
} rows[] = {
	{ "ctl SYN", { .ctl = CTL_SYN }, 6, 1, 2 },
	{ "ctl SYN ip 4", { .ctl = CTL_SYN }, 4, 1, 2 },
	{ "ctl SYN ip 6", { .ctl = CTL_SYN }, 6, 1, 2 },
	{ "ctl SYN ip 6 4", { .ctl = CTL_SYN }, 4, 1, 2 },
	{ "ctl none", { .ctl = 0 }, 6, 1, 2 },
	{ "ctl all", { .ctl = CTL_CLASSIC }, 6, 1, 2 },
	{ "ctl FIN,SYN,RST,PSH,ACK,URG,ECE,CWR,AE", { .ctl = CTL_ALL }, 6, 1,
	    2 },
	{ "ctl SYN ACK,CWR", { .ctl = CTL_ACK | CTL_CWR }, 6, 1, 2 },
	{ "ctl ACK seq any", { .ctl = CTL_ACK }, 6, 1, 2 },
	{ "ctl ACK seq 7", { .ctl = CTL_ACK, .seq = 7 }, 6, 1, 2 },
	{ "ctl ACK seq 4294967295", { .ctl = CTL_ACK, .seq = 4294967295 }, 6, 1,
	    2 },
	{ "ctl ACK seq IRS", { .ctl = CTL_ACK, .seq = 200 }, 6, 1, 2 },
	{ "ctl ACK seq RCV.NXT+RCV.WND-1", { .ctl = CTL_ACK, .seq = 693 }, 6, 1,
	    2 },
	{ "ctl ACK seq RCV.NXT-RCV.WND", { .ctl = CTL_ACK, .seq = 4294966590 },
	    6, 1, 2 },
	{ "ctl ACK ack 0", { .ctl = CTL_ACK }, 6, 1, 2 },
	{ "ctl SYN ack any", { .ctl = CTL_SYN, .ack = DRAWN | 1 }, 6, 1, 2 },
	{ "ctl ACK ack SND.UNA-1", { .ctl = CTL_ACK, .ack = 299 }, 6, 1, 2 },
	{ "ctl ACK ack SND.NXT+MAX.SND.WND+SND.WND-ISS",
	    { .ctl = CTL_ACK, .ack = 1400 }, 6, 1, 2 },
	{ "ctl ACK text 0", { .ctl = CTL_ACK }, 6, 1, 2 },
	{ "ctl ACK text 5", { .ctl = CTL_ACK, .text_len = 5 }, 6, 1, 2 },
	{ "ctl ACK text 1400", { .ctl = CTL_ACK, .text_len = 1400 }, 6, 1, 2 },
	{ "ctl ACK fault none", { .ctl = CTL_ACK }, 6, 1, 2 },
	{ "ctl ACK fault bad-checksum",
	    { .ctl = CTL_ACK, .faults = FAULT_CHECKSUM }, 6, 1, 2 },
	{ "ctl ACK fault zero-checksum",
	    { .ctl = CTL_ACK, .faults = FAULT_CHECKSUM_ZERO }, 6, 1, 2 },
	{ "ctl ACK reserved 0", { .ctl = CTL_ACK }, 6, 1, 2 },
	{ "ctl ACK reserved 7", { .ctl = CTL_ACK, .rsvd = 7 }, 6, 1, 2 },
	{ "ctl ACK offset 5", { .ctl = CTL_ACK, .offset = 5 }, 6, 1, 2 },
	{ "ctl ACK sport any dport any", { .ctl = CTL_ACK }, 6, 1, 2 },
	{ "ctl ACK sport 0", { .ctl = CTL_ACK }, 6, 0, 2 },
	{ "ctl ACK dport 65535", { .ctl = CTL_ACK }, 6, 1, 65535 },
	{ "ctl ACK sport 80 dport 0", { .ctl = CTL_ACK }, 6, 80, 0 },
	{ "ctl ACK options \"02 04 05 b4\"",
	    { .ctl = CTL_ACK, .options = { 2, 4, 5, 0xb4 }, .options_len = 4 },
	    6, 1, 2 },
	{ "ctl ACK options \"\"", { .ctl = CTL_ACK }, 6, 1, 2 },
	/* an octet of 0 does not end them */
	{ "ctl ACK options \"00 01 00\"",
	    { .ctl = CTL_ACK, .options = { 0, 1, 0 }, .options_len = 3 }, 6, 1,
	    2 },
	/* the rules are told what is broken */
	{ "ctl ACK options \"02 00\"",
	    { .ctl = CTL_ACK,
		.options = { 2, 0 },
		.options_len = 2,
		.faults = FAULT_OPTION },
	    6, 1, 2 },
	{ "ctl ACK offset 4",
	    { .ctl = CTL_ACK, .offset = 4, .faults = FAULT_OFFSET }, 6, 1, 2 },
	/* 0 is meant, though a segment's 0 is "computed" */
	{ "ctl ACK offset 0", { .ctl = CTL_ACK, .faults = FAULT_OFFSET }, 6, 1,
	    2 },
	{ "ctl ACK offset 6",
	    { .ctl = CTL_ACK, .offset = 6, .faults = FAULT_OFFSET }, 6, 1, 2 },
	{ "ctl ACK offset 6 text 4",
	    { .ctl = CTL_ACK, .offset = 6, .text_len = 4 }, 6, 1, 2 },
	{ "ctl ACK offset 4 fault bad-checksum options \"02\"",
	    { .ctl = CTL_ACK,
		.offset = 4,
		.options = { 2 },
		.options_len = 1,
		.faults = FAULT_OFFSET | FAULT_OPTION | FAULT_CHECKSUM },
	    6, 1, 2 },
	/* every property at once */
	{ "ctl PSH,ACK seq 1 ack 2 text 3 fault bad-checksum\n"
	  "options \"01 01 01 01\" reserved 5 offset 6 sport 7 dport 8 ip 4",
	    { .ctl = CTL_PSH | CTL_ACK,
		.seq = 1,
		.ack = 2,
		.text_len = 3,
		.faults = FAULT_CHECKSUM,
		.options = { 1, 1, 1, 1 },
		.options_len = 4,
		.rsvd = 5,
		.offset = 6 },
	    4, 7, 8 },
};

/* The last of the cases of a template, and its segment. */
static void
make(const char *props, uint32_t drawn, struct segment *s, uint8_t *ip,
    uint16_t ports[2])
{
	static const uint8_t text[CASE_TEXT_MAX];
	struct random random = { .left = 64 };
	const struct testcase *c;
	struct testcases cases;
	struct rulebook book;
	struct buf b = { 0 };
	struct err e;
	size_t i;

	for (i = 0; i < 64; i++)
		random.pool[i] = drawn;
	buf_addf(&b, "case t in ESTABLISHED what \"w\" %s", props);
	util_book(&book, buf_str(&b));
	ck_assert_int_eq(testcases_expand(&cases, &book, &e), 0);
	c = &cases.v[cases.n - 1];
	memset(s, 0xff, sizeof(*s));
	ck_assert_int_eq(testcase_segment(c, &world, &random, text, s, &e), 0);
	ck_assert_ptr_eq(s->text, text);
	*ip = testcase_ip(c);
	ports[0] = testcase_port(c, AXIS_SPORT, 1);
	ports[1] = testcase_port(c, AXIS_DPORT, 2);
	testcases_free(&cases);
	rulebook_free(&book);
	buf_free(&b);
}

START_TEST(test_segment)
{
	const struct segment *want = &rows[_i].want;
	uint16_t ports[2];
	struct segment s;
	uint8_t ip;

	make(rows[_i].props, DRAWN, &s, &ip, ports);
	ck_assert_uint_eq(ip, rows[_i].ip);
	ck_assert_uint_eq(ports[0], rows[_i].sport);
	ck_assert_uint_eq(ports[1], rows[_i].dport);
	ck_assert_uint_eq(s.ctl, want->ctl);
	ck_assert_uint_eq(s.seq, want->seq ? want->seq : DRAWN);
	ck_assert_uint_eq(s.ack, want->ack);
	ck_assert_uint_eq(s.wnd, 64240);
	ck_assert_uint_eq(s.text_len, want->text_len);
	ck_assert_uint_eq(s.text_kept, want->text_len);
	ck_assert_uint_eq(s.faults, want->faults);
	ck_assert_uint_eq(s.rsvd, want->rsvd);
	ck_assert_uint_eq(s.offset, want->offset);
	ck_assert_uint_eq(s.options_len, want->options_len);
	ck_assert_mem_eq(s.options, want->options, SEG_OPTIONS_MAX);
	ck_assert_uint_eq(s.up, 0);
	ck_assert_uint_eq(s.cksum, 0);
	ck_assert_uint_eq(s.ttl, 0);
}
END_TEST

/* Forty octets fit. */
START_TEST(test_options_40)
{
	struct buf b = { 0 };
	uint16_t ports[2];
	struct segment s;
	uint8_t ip;
	int i;

	buf_adds(&b, "ctl ACK options \"");
	for (i = 0; i < 40; i++)
		buf_addf(&b, "%02x", i ? i : 1);
	buf_adds(&b, "\"");
	make(buf_str(&b), DRAWN, &s, &ip, ports);
	ck_assert_uint_eq(s.options_len, 40);
	for (i = 1; i < 40; i++)
		ck_assert_uint_eq(s.options[i], i);
	buf_free(&b);
}
END_TEST

/* "ack any" is any number but 0, which is what no ACK has. */
START_TEST(test_ack_any)
{
	uint16_t ports[2];
	struct segment s;
	uint8_t ip;

	make("ctl ACK seq any ack any", 0, &s, &ip, ports);
	ck_assert_uint_eq(s.seq, 0);
	ck_assert_uint_ne(s.ack, 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("testcase_segment");
	TCase *tc = tcase_create("segments");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_segment, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_options_40);
	tcase_add_test(tc, test_ack_any);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
