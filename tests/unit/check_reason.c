/* The records of tcp:tcp_send_reset, from made-up octets: no privilege. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "resets.h"

/* Linux 6.1's. */
#define OLD_FORMAT                                                      \
	COMMON                                                          \
	"\tfield:__u16 sport;\toffset:28;\tsize:2;\tsigned:0;\n"        \
	"\tfield:__u16 dport;\toffset:30;\tsize:2;\tsigned:0;\n"        \
	"\tfield:__u16 family;\toffset:32;\tsize:2;\tsigned:0;\n"       \
	"\tfield:__u8 saddr[4];\toffset:34;\tsize:4;\tsigned:0;\n"      \
	"\tfield:__u8 daddr[4];\toffset:38;\tsize:4;\tsigned:0;\n"      \
	"\tfield:__u8 saddr_v6[16];\toffset:42;\tsize:16;\tsigned:0;\n" \
	"\tfield:__u8 daddr_v6[16];\toffset:58;\tsize:16;\tsigned:0;\n" \
	"\nprint fmt: \"skbaddr=%p skaddr=%p\", REC->skbaddr, REC->skaddr\n"

#define GIVES_NONE                                                           \
	"the kernel's tracepoint tcp:tcp_send_reset gives no reason: Linux " \
	"6.10 is the first whose does"
#define UNKNOWN                                                            \
	"the kernel's tracepoint tcp:tcp_send_reset has a format that is " \
	"unknown here"

START_TEST(test_format)
{
	struct trace_format f = parse_format(FORMAT);

	ck_assert_uint_eq(f.reason, 28);
	ck_assert_uint_eq(f.saddr, 32);
	ck_assert_uint_eq(f.daddr, 60);
	ck_assert_uint_eq(f.size, RAW_SIZE);
	ck_assert_uint_eq(f.nreasons, 3);
	ck_assert_str_eq(f.reasons[2].name, "TCP_OLD_ACK");
	ck_assert_str_eq(trace_name(&f, 0), "NOT_SPECIFIED");
	ck_assert_str_eq(trace_name(&f, 1), "NO_SOCKET");
	ck_assert_ptr_null(trace_name(&f, 2));
	ck_assert_str_eq(trace_name(&f, 7), "TCP_OLD_ACK");
	trace_free(&f);
	ck_assert_ptr_null(trace_name(&f, 0));
}
END_TEST

/* Nothing but the text says where a field is. */
START_TEST(test_format_moved)
{
	struct trace_format f = parse_format(DADDR COMMON
	    "\tfield:u32 no_reason;\toffset:4;\tsize:4;\tsigned:0;\n"
	    "\tfield:u32 reason;\toffset:252;\tsize:4;\tsigned:0;\n"
	    "\tfield:char saddr[28];\toffset:100;\tsize:28;\tsigned:0;\n" PRINT
	    "__print_symbolic(REC->reason,{ 4294967295,\"LAST\"})");

	ck_assert_uint_eq(f.reason, 252);
	ck_assert_uint_eq(f.saddr, 100);
	ck_assert_uint_eq(f.daddr, 60);
	ck_assert_uint_eq(f.size, 256);
	ck_assert_str_eq(trace_name(&f, 4294967295), "LAST");
	trace_free(&f);
}
END_TEST

static const struct {
	const char *text, *msg;
} refused[] = {
	{ OLD_FORMAT, GIVES_NONE },
	{ COMMON SADDR DADDR PRINT SYMBOLS, GIVES_NONE },
	{ "", UNKNOWN },
	{ "field:", UNKNOWN },
	{ "field:u32 reason", UNKNOWN },
	{ "field:u32 reason;", UNKNOWN },
	{ COMMON REASON DADDR PRINT SYMBOLS, UNKNOWN },
	{ COMMON REASON SADDR PRINT SYMBOLS, UNKNOWN },
	{ COMMON REASON SADDR DADDR PRINT, UNKNOWN },
	/* fields of other sizes, or out of bounds */
	{ COMMON "\tfield:u64 reason;\toffset:28;\tsize:8;\n" SADDR DADDR PRINT
		SYMBOLS,
	    UNKNOWN },
	{ COMMON REASON
	    "\tfield:u8 saddr[4];\toffset:32;\tsize:4;\n" DADDR PRINT SYMBOLS,
	    UNKNOWN },
	{ COMMON REASON SADDR
	    "\tfield:u8 daddr[28];\toffset:229;\tsize:28;\n" PRINT SYMBOLS,
	    UNKNOWN },
	{ COMMON REASON SADDR
	    "\tfield:u8 daddr[28];\toffset:-1;\tsize:28;\n" PRINT SYMBOLS,
	    UNKNOWN },
	{ COMMON REASON SADDR
	    "\tfield:u8 daddr[28];\toffset:4294967296;\tsize:28;\n" PRINT
		SYMBOLS,
	    UNKNOWN },
/* tables that are none */
#define TABLE(t) COMMON REASON SADDR DADDR PRINT "__print_symbolic(REC->" t
	{ TABLE("reason)"), UNKNOWN },
	{ TABLE("reason, )"), UNKNOWN },
	{ TABLE("reason, { A, \"A\" })"), UNKNOWN },
	{ TABLE("reason, { 1, A })"), UNKNOWN },
	{ TABLE("reason, { 1, \"\" })"), UNKNOWN },
	{ TABLE("reason, { 1, \"\x1b[m\" })"), UNKNOWN },
	{ TABLE("reason, { 4294967296, \"A\" })"), UNKNOWN },
	{ TABLE("reason, { 1, \"A\" }; { 2, \"B\" })"), UNKNOWN },
	{ TABLE("reasons, { 1, \"A\" })"), UNKNOWN },
};

START_TEST(test_format_refused)
{
	struct trace_format f;
	struct err e = { 0 };

	ck_assert_int_eq(trace_parse(&f, refused[_i].text, &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_str_eq(e.msg, refused[_i].msg);
	ck_assert_ptr_null(f.reasons);
}
END_TEST

/* Cut anywhere, with the octet after the text not ours to read. */
START_TEST(test_format_cut)
{
	size_t len;

	for (len = 0; len < sizeof(FORMAT) - 2; len++) {
		char *text = strndup(FORMAT, len);
		struct trace_format f;
		struct err e;

		ck_assert_int_eq(trace_parse(&f, text, &e), -1);
		ck_assert_int_eq(e.kind, ERR_ENV);
		free(text);
	}
}
END_TEST

static const struct {
	const char *src, *dst, *text; /* NULL: no addresses */
} decoded[] = {
	{ "192.0.2.2", "192.0.2.1", "192.0.2.2.258 > 192.0.2.1.772" },
	{ "2001:db8::2", "2001:db8::1", "2001:db8::2.258 > 2001:db8::1.772" },
	{ "::ffff:192.0.2.2", "::ffff:192.0.2.1",
	    "192.0.2.2.258 > 192.0.2.1.772" },
	{ "::", "::", "::.258 > ::.772" },
	{ "", "192.0.2.1", NULL },
	{ "192.0.2.2", "", NULL },
};

START_TEST(test_decode)
{
	struct trace_format f = parse_format(FORMAT);
	struct trace_reset r;
	uint8_t raw[RAW_SIZE];
	struct buf b = { 0 };
	bool good = decoded[_i].text != NULL;

	make_raw(raw, decoded[_i].src, 0x102, decoded[_i].dst, 0x304, 7);
	ck_assert_int_eq(trace_decode(&f, raw, sizeof(raw), &r), good ? 0 : -1);
	if (good) {
		endpoint_add(&b, &r.tuple.src);
		buf_adds(&b, " > ");
		endpoint_add(&b, &r.tuple.dst);
		ck_assert_str_eq(buf_str(&b), decoded[_i].text);
		ck_assert_uint_eq(r.reason, 7);
	}
	ck_assert_int_eq(trace_decode(&f, raw, sizeof(raw) - 1, &r), -1);
	ck_assert_int_eq(trace_decode(&f, raw, 0, &r), -1);
	buf_free(&b);
	trace_free(&f);
}
END_TEST

/* The ports are 5000 and 1024, but for those of what a listener noted. */
static const struct {
	const char *src, *dst; /* in the record */
	uint16_t sport, dport;
	bool is_of[2]; /* 192.0.2.2 > 192.0.2.1; 2001:db8::2 > 2001:db8::1 */
} matched[] = {
	{ "192.0.2.2", "192.0.2.1", 5000, 1024, { true, false } },
	{ "2001:db8::2", "2001:db8::1", 5000, 1024, { false, true } },
	{ "::ffff:192.0.2.2", "::ffff:192.0.2.1", 5000, 1024, { true, false } },
	{ "192.0.2.1", "192.0.2.2", 1024, 5000, { false, false } },
	{ "192.0.2.2", "192.0.2.1", 5001, 1024, { false, false } },
	{ "192.0.2.2", "192.0.2.1", 5000, 1025, { false, false } },
	{ "192.0.2.2", "192.0.2.3", 5000, 1024, { false, false } },
	{ "192.0.2.3", "192.0.2.1", 5000, 1024, { false, false } },
	/* listeners on an address, on any, and on any of both families */
	{ "192.0.2.2", "0.0.0.0", 5000, 0, { true, false } },
	{ "192.0.2.3", "0.0.0.0", 5000, 0, { false, false } },
	{ "192.0.2.2", "0.0.0.0", 5001, 0, { false, false } },
	{ "0.0.0.0", "0.0.0.0", 5000, 0, { true, false } },
	{ "2001:db8::2", "::", 5000, 0, { false, true } },
	{ "::", "::", 5000, 0, { true, true } },
	{ "::", "::", 5001, 0, { false, false } },
	/* neither is what a listener notes */
	{ "192.0.2.2", "0.0.0.0", 5000, 1024, { false, false } },
	{ "192.0.2.2", "192.0.2.1", 5000, 0, { false, false } },
};

START_TEST(test_is_of)
{
	struct trace_format f = parse_format(FORMAT);
	struct trace_reset r;
	uint8_t raw[RAW_SIZE];
	const struct tuple t[] = {
		make_tuple("192.0.2.2", 5000, "192.0.2.1", 1024),
		make_tuple("2001:db8::2", 5000, "2001:db8::1", 1024),
	};
	size_t i;

	make_raw(raw, matched[_i].src, matched[_i].sport, matched[_i].dst,
	    matched[_i].dport, 1);
	ck_assert_int_eq(trace_decode(&f, raw, sizeof(raw), &r), 0);
	for (i = 0; i < ARRAY_SIZE(t); i++)
		ck_assert_msg(trace_is_of(&r, &t[i]) == matched[_i].is_of[i],
		    "tuple %zu", i);
	trace_free(&f);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("reason");
	TCase *tc = tcase_create("reason");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_test(tc, test_format);
	tcase_add_test(tc, test_format_moved);
	tcase_add_loop_test(tc, test_format_refused, 0, ARRAY_SIZE(refused));
	tcase_add_test(tc, test_format_cut);
	tcase_add_loop_test(tc, test_decode, 0, ARRAY_SIZE(decoded));
	tcase_add_loop_test(tc, test_is_of, 0, ARRAY_SIZE(matched));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
