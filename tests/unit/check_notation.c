/* A segment in the RFC's notation and in tcpdump's. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "tcp/notation.h"
#include "tcp/option.h"

/* A string of octets and its length. */
#define O(s) s, sizeof(s) - 1

/* Printed so, and read back the same. */
static const struct {
	uint32_t seq, ack;
	uint16_t ctl;
	const char *text;
} rfc_rows[] = {
	{ 100, 0, CTL_SYN, "<SEQ=100><CTL=SYN>" },
	{ 300, 101, CTL_SYN | CTL_ACK, "<SEQ=300><ACK=101><CTL=SYN,ACK>" },
	{ 0, 1001, CTL_RST | CTL_ACK, "<SEQ=0><ACK=1001><CTL=RST,ACK>" },
	{ 7, 0, CTL_RST, "<SEQ=7><CTL=RST>" },
	{ 7, 0, CTL_ACK, "<SEQ=7><ACK=0><CTL=ACK>" },
	{ 7, 0, 0, "<SEQ=7><CTL=>" },
	{ UINT32_MAX, UINT32_MAX, CTL_ACK,
	    "<SEQ=4294967295><ACK=4294967295><CTL=ACK>" },
	{ 1, 2, CTL_ALL,
	    "<SEQ=1><ACK=2><CTL=SYN,FIN,RST,PSH,ACK,URG,ECE,CWR,AE>" },
};

START_TEST(test_rfc)
{
	struct segment s = { .seq = rfc_rows[_i].seq,
		.ack = rfc_rows[_i].ack,
		.ctl = rfc_rows[_i].ctl };
	struct segment parsed = { .seq = 9, .ack = 9, .ctl = 0xffff };
	struct buf b = { 0 };

	notation_add_rfc(&b, &s);
	ck_assert_str_eq(buf_str(&b), rfc_rows[_i].text);
	ck_assert_int_eq(notation_parse_rfc(&parsed, buf_str(&b)), 0);
	ck_assert_mem_eq(&parsed, &s, sizeof(s));
	buf_free(&b);
}
END_TEST

/* An acknowledgment number that no ACK bit makes valid is not printed. */
START_TEST(test_rfc_stray_ack)
{
	struct segment s = { .seq = 5, .ack = 6, .ctl = CTL_RST };
	struct buf b = { 0 };

	notation_add_rfc(&b, &s);
	ck_assert_str_eq(buf_str(&b), "<SEQ=5><CTL=RST>");
	buf_free(&b);
}
END_TEST

/* Other forms that may be read. */
static const struct {
	const char *text;
	uint32_t seq, ack;
	uint16_t ctl;
} read_rows[] = {
	{ "<CTL=RST>", 0, 0, CTL_RST },
	{ "<CTL=>", 0, 0, 0 },
	{ "<SEQ=1><ACK=2><CTL=RST>", 1, 2, CTL_RST },
	{ "<ACK=2><CTL=ACK>", 0, 2, CTL_ACK },
	{ "<CTL=ACK,RST><ACK=2><SEQ=1>", 1, 2, CTL_RST | CTL_ACK },
	{ "<ACK=2><CTL=AE><SEQ=1>", 1, 2, CTL_AE },
	{ "<SEQ=007><CTL=SYN>", 7, 0, CTL_SYN },
	{ "<SEQ=00000000004294967295><CTL=SYN>", UINT32_MAX, 0, CTL_SYN },
};

START_TEST(test_read)
{
	struct segment s, before;

	memset(&s, 0xa5, sizeof(s));
	before = s;
	ck_assert_int_eq(notation_parse_rfc(&s, read_rows[_i].text), 0);
	ck_assert_uint_eq(s.seq, read_rows[_i].seq);
	ck_assert_uint_eq(s.ack, read_rows[_i].ack);
	ck_assert_uint_eq(s.ctl, read_rows[_i].ctl);
	/* the rest of it is untouched */
	s.seq = before.seq;
	s.ack = before.ack;
	s.ctl = before.ctl;
	ck_assert_mem_eq(&s, &before, sizeof(s));
}
END_TEST

static const char *const malformed[] = {
	/* no control bits: not a segment */
	"",
	"<SEQ=1>",
	"<SEQ=1><ACK=2>",
	/* a missing > or < */
	"<CTL=RST",
	"<SEQ=1<CTL=RST>",
	"<SEQ=1><CTL=RST",
	"<SEQ=1>CTL=RST>",
	"SEQ=1><CTL=RST>",
	">",
	"<>",
	"<CTL=RST>>",
	"<<CTL=RST>",
	/* numbers */
	"<SEQ=4294967296><CTL=RST>",
	"<SEQ=18446744073709551616><CTL=RST>",
	"<SEQ=18446744073709551617><CTL=RST>",
	"<SEQ=1><ACK=4294967296><CTL=ACK>",
	"<SEQ=><CTL=RST>",
	"<SEQ=1><ACK=><CTL=ACK>",
	"<SEQ=-1><CTL=RST>",
	"<SEQ=+1><CTL=RST>",
	"<SEQ= 1><CTL=RST>",
	"<SEQ=1 ><CTL=RST>",
	"<SEQ=0x10><CTL=RST>",
	"<SEQ=1.5><CTL=RST>",
	"<SEQ=SND.NXT><CTL=RST>",
	/* parts */
	"<WND=1><CTL=RST>",
	"<DATA=10><CTL=RST>",
	"<seq=1><CTL=RST>",
	"<SEQ 1><CTL=RST>",
	"<ACK:1><CTL=ACK>",
	"<CTL:RST>",
	"<SEQ><CTL=RST>",
	"<CTL>",
	"<SEQ=1><SEQ=1><CTL=RST>",
	"<ACK=1><ACK=2><CTL=ACK>",
	"<CTL=RST><CTL=RST>",
	"<CTL=><CTL=RST>",
	/* control bits */
	"<CTL=NS>",
	"<CTL=rst>",
	"<CTL=RST,XYZ>",
	"<CTL=RST ACK>",
	"<CTL=RST.ACK>",
	"<CTL=RST, ACK>",
	"<CTL=RST,>",
	"<CTL=,RST>",
	"<CTL=,>",
	"<CTL=RST,,ACK>",
	"<CTL=RST,RST>",
	"<CTL=RST,ACK,RST>",
	/* text before, between and after the parts */
	" <CTL=RST>",
	"<SEQ=1> <CTL=RST>",
	"<CTL=RST> ",
	"<CTL=RST>x",
	"<CTL=RST>\n",
	"<CTL=RST><",
	"<CTL=RST><SEQ=",
};

START_TEST(test_malformed)
{
	struct segment s, before;

	memset(&s, 0xa5, sizeof(s));
	before = s;
	ck_assert_msg(notation_parse_rfc(&s, malformed[_i]) == -1, "read: %s",
	    malformed[_i]);
	ck_assert_mem_eq(&s, &before, sizeof(s));
}
END_TEST

/* What tcpdump -n -S -t prints. Numbers of all segments, where there: */
#define SEQ 4294967290u
#define ACK 1001
#define WND 64240
#define UP  3

static const struct {
	uint16_t ctl;
	uint32_t text_len;
	const char *options;
	size_t options_len;
	uint8_t faults;
	const char *text; /* after the addresses */
} tcpdump_rows[] = {
	{ CTL_SYN, 0, O(""), 0,
	    "Flags [S], seq 4294967290, win 64240, length 0" },
	{ CTL_SYN | CTL_ACK, 0, O(""), 0,
	    "Flags [S.], seq 4294967290, ack 1001, win 64240, length 0" },
	{ CTL_RST, 0, O(""), 0,
	    "Flags [R], seq 4294967290, win 64240, length 0" },
	{ CTL_RST | CTL_ACK, 0, O(""), 0,
	    "Flags [R.], seq 4294967290, ack 1001, win 64240, length 0" },
	{ CTL_FIN | CTL_ACK, 0, O(""), 0,
	    "Flags [F.], seq 4294967290, ack 1001, win 64240, length 0" },
	/* the sequence number is left out where nothing stands on it */
	{ CTL_ACK, 0, O(""), 0, "Flags [.], ack 1001, win 64240, length 0" },
	{ CTL_PSH, 0, O(""), 0, "Flags [P], win 64240, length 0" },
	{ 0, 0, O(""), 0, "Flags [none], win 64240, length 0" },
	/* text has first:last + 1, which wraps; SYN and FIN do not count */
	{ CTL_PSH | CTL_ACK, 3, O(""), 0,
	    "Flags [P.], seq 4294967290:4294967293, ack 1001, win 64240, "
	    "length 3" },
	{ CTL_ACK, 5, O(""), 0,
	    "Flags [.], seq 4294967290:4294967295, ack 1001, win 64240, "
	    "length 5" },
	{ CTL_ACK, 6, O(""), 0,
	    "Flags [.], seq 4294967290:0, ack 1001, win 64240, length 6" },
	{ CTL_SYN | CTL_FIN, 2, O(""), 0,
	    "Flags [FS], seq 4294967290:4294967292, win 64240, length 2" },
	{ CTL_RST, 5, O(""), 0,
	    "Flags [R], seq 4294967290:4294967295, win 64240, length 5" },
	{ CTL_RST | CTL_ACK, 40, O(""), 0,
	    "Flags [R.], seq 4294967290:34, ack 1001, win 64240, length 40" },
	{ 0, 1, O(""), 0,
	    "Flags [none], seq 4294967290:4294967291, win 64240, length 1" },
	/* the urgent pointer, and the bits of ECN */
	{ CTL_ACK | CTL_URG, 0, O(""), 0,
	    "Flags [.U], ack 1001, win 64240, urg 3, length 0" },
	{ CTL_URG, 4, O(""), 0,
	    "Flags [U], seq 4294967290:4294967294, win 64240, urg 3, "
	    "length 4" },
	{ CTL_SYN | CTL_ECE | CTL_CWR, 0, O(""), 0,
	    "Flags [SEW], seq 4294967290, win 64240, length 0" },
	{ CTL_SYN | CTL_ACK | CTL_ECE, 0, O(""), 0,
	    "Flags [S.E], seq 4294967290, ack 1001, win 64240, length 0" },
	{ CTL_ACK | CTL_CWR, 0, O(""), 0,
	    "Flags [.W], ack 1001, win 64240, length 0" },
	/* tcpdump 5's letter; tcpdump 4.99 does not print AE */
	{ CTL_ACK | CTL_AE, 0, O(""), 0,
	    "Flags [.e], ack 1001, win 64240, length 0" },
	{ CTL_ALL, 0, O(""), 0,
	    "Flags [FSRP.UEWe], seq 4294967290, ack 1001, win 64240, urg 3, "
	    "length 0" },
	/* options */
	{ CTL_SYN, 0, O("\x02\x04\x05\xb4\x01\x03\x03\x07"), 0,
	    "Flags [S], seq 4294967290, win 64240, "
	    "options [mss 1460,nop,wscale 7], length 0" },
	{ CTL_ACK | CTL_URG, 2, O("\x01\x01\x05\x0a\0\0\0\1\0\0\0\2"), 0,
	    "Flags [.U], seq 4294967290:4294967292, ack 1001, win 64240, "
	    "urg 3, options [nop,nop,sack 1 {1:2}], length 2" },
	{ CTL_ACK, 0, O("\0\0\0\0"), 0,
	    "Flags [.], ack 1001, win 64240, options [eol], length 0" },
	/* faults, which tcpdump tells elsewhere or not at all */
	{ CTL_ACK, 0, O(""), FAULT_CHECKSUM,
	    "Flags [.], ack 1001, win 64240, length 0 [bad checksum]" },
	{ CTL_ACK, 0, O(""), FAULT_CHECKSUM_ZERO,
	    "Flags [.], ack 1001, win 64240, length 0 [bad checksum]" },
	{ CTL_ACK, 0, O(""), FAULT_CHECKSUM | FAULT_CHECKSUM_ZERO,
	    "Flags [.], ack 1001, win 64240, length 0 [bad checksum]" },
	{ CTL_ACK, 0, O(""), FAULT_OFFSET,
	    "Flags [.], ack 1001, win 64240, length 0 [bad data offset]" },
	{ CTL_ACK, 0, O("\x02\0\0\0"), FAULT_OPTION,
	    "Flags [.], ack 1001, win 64240, options [[bad opt]], length 0 "
	    "[bad option length]" },
	{ CTL_ACK, 0, O(""), FAULT_IP_CHECKSUM,
	    "Flags [.], ack 1001, win 64240, length 0 [bad IP checksum]" },
	{ CTL_ACK, 0, O(""), FAULT_OFFLOAD,
	    "Flags [.], ack 1001, win 64240, length 0 "
	    "[checksum left to the device]" },
	{ CTL_ACK, 9, O(""), FAULT_CUT,
	    "Flags [.], seq 4294967290:3, ack 1001, win 64240, length 9 "
	    "[not all of it captured]" },
	{ CTL_ACK, 0, O(""), 0x7f,
	    "Flags [.], ack 1001, win 64240, length 0 [bad checksum] "
	    "[bad data offset] [bad option length] [bad IP checksum] "
	    "[checksum left to the device] [not all of it captured]" },
};

static const struct {
	const char *src, *dst, *text;
} sides[] = {
	{ "192.0.2.1", "198.51.100.2",
	    "IP 192.0.2.1.1024 > 198.51.100.2.80: " },
	{ "2001:db8::1", "::ffff:192.0.2.2",
	    "IP6 2001:db8::1.1024 > ::ffff:192.0.2.2.80: " },
};

START_TEST(test_tcpdump)
{
	struct segment s = {
		.tuple = { .src.port = 1024, .dst.port = 80 },
		.seq = SEQ,
		.ack = ACK,
		.wnd = WND,
		.up = UP,
		.ctl = tcpdump_rows[_i].ctl,
		.faults = tcpdump_rows[_i].faults,
		.text_len = tcpdump_rows[_i].text_len,
	};
	struct buf b = { 0 };
	size_t i, n;

	opt_add_raw(&s, tcpdump_rows[_i].options, tcpdump_rows[_i].options_len);
	for (i = 0; i < ARRAY_SIZE(sides); i++) {
		n = strlen(sides[i].text);
		addr_parse(&s.tuple.src.addr, sides[i].src);
		addr_parse(&s.tuple.dst.addr, sides[i].dst);
		buf_reset(&b);
		notation_add_tcpdump(&b, &s);
		ck_assert_uint_gt(b.len, n);
		ck_assert_str_eq(b.p + n, tcpdump_rows[_i].text);
		b.p[n] = '\0';
		ck_assert_str_eq(b.p, sides[i].text);
	}
	buf_free(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("notation");
	TCase *tc = tcase_create("notation");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_rfc, 0, ARRAY_SIZE(rfc_rows));
	tcase_add_test(tc, test_rfc_stray_ack);
	tcase_add_loop_test(tc, test_read, 0, ARRAY_SIZE(read_rows));
	tcase_add_loop_test(tc, test_malformed, 0, ARRAY_SIZE(malformed));
	tcase_add_loop_test(tc, test_tcpdump, 0, ARRAY_SIZE(tcpdump_rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
