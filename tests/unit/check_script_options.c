/* Scripts: the options of TCP segments. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "scripts.h"

#define COOKIE "\x01\x23\xab\xCD"

/* One option, as it is written and as it is read. */
static const struct {
	const char *text;
	struct script_opt opt;
} rows[] = {
	{ "nop", { .kind = 1 } },
	{ "eol", { .kind = 0 } },
	{ "sackOK", { .kind = 4 } },
	{ "mss 1460", { .kind = 2, .n = 1, .num = { { .num = 1460 } } } },
	{ "mss 0xffff", { .kind = 2, .n = 1, .num = { { .num = 65535 } } } },
	{ "mss ...", { .kind = 2, .n = 1, .num = { { .any = true } } } },
	{ "mss MSS", { .kind = 2, .n = 1, .num = { { .term = "MSS" } } } },
	{ "wscale 255", { .kind = 3, .n = 1, .num = { { .num = 255 } } } },
	{ "TS val 4294967295 ecr 0",
	    { .kind = 8, .n = 2, .num = { { .num = UINT32_MAX } } } },
	{ "TS val ... ecr TS.RECENT+1",
	    { .kind = 8,
		.n = 2,
		.num = { { .any = true }, { .term = "TS.RECENT+1" } } } },
	{ "sack 1:2",
	    { .kind = 5, .n = 2, .num = { { .num = 1 }, { .num = 2 } } } },
	{ "sack 1:2 30:40 5:6 7:8",
	    { .kind = 5,
		.n = 8,
		.num = { { .num = 1 }, { .num = 2 }, { .num = 30 },
		    { .num = 40 }, { .num = 5 }, { .num = 6 }, { .num = 7 },
		    { .num = 8 } } } },
	{ "FO", { .kind = 34 } },
	{ "FO 0123abCD",
	    { .kind = 34, .octets = (const uint8_t *)COOKIE, .len = 4 } },
	{ "FO 12345678901234567890123456789012", { .kind = 34, .len = 16 } },
	{ "FO TFO_COOKIE", { .kind = 34, .word = "TFO_COOKIE" } },
	{ "FOEXP", { .kind = 254, .exid = 0xf989 } },
	{ "FOEXP 0123abcd", { .kind = 254,
				.exid = 0xf989,
				.octets = (const uint8_t *)COOKIE,
				.len = 4 } },
	{ "exp 0xacce 0123abcd", { .kind = 254,
				     .exid = 0xacce,
				     .octets = (const uint8_t *)COOKIE,
				     .len = 4 } },
	{ "kind 77", { .kind = 77 } },
	{ "kind 255 0x0123abcd",
	    { .kind = 255, .octets = (const uint8_t *)COOKIE, .len = 4 } },
	{ "md5 valid", { .kind = 19, .word = "valid" } },
	{ "md5 invalid", { .kind = 19, .word = "invalid" } },
	{ "md5 000102030405060708090a0b0c0d0e0f", { .kind = 19, .len = 16 } },
	{ "ECN e0b 1", { .kind = 172, .n = 1, .num = { { .num = 1 } } } },
	{ "ECN e0b 1 ceb 2 e1b 16777215",
	    { .kind = 172,
		.n = 3,
		.num = { { .num = 1 }, { .num = 2 }, { .num = 16777215 } } } },
	{ "ECN e1b 1 ceb 2 e0b 3",
	    { .kind = 174,
		.n = 3,
		.num = { { .num = 1 }, { .num = 2 }, { .num = 3 } } } },
};

START_TEST(test_one)
{
	const struct script_opt *o, *want = &rows[_i].opt;
	char text[120];
	struct script s;
	size_t i;

	snprintf(text, sizeof(text), "0 > . 1:1(0) <nop, %s>", rows[_i].text);
	scripts_read(&s, text);
	o = STAILQ_NEXT(STAILQ_FIRST(&scripts_packet(&s)->opts), next);
	ck_assert_ptr_null(STAILQ_NEXT(o, next));
	ck_assert_int_eq(o->pos.col, 20);
	ck_assert_uint_eq(o->kind, want->kind);
	ck_assert_uint_eq(o->exid, want->exid);
	ck_assert_uint_eq(o->n, want->n);
	for (i = 0; i < o->n; i++) {
		ck_assert_uint_eq(o->num[i].num, want->num[i].num);
		ck_assert_pstr_eq(o->num[i].term, want->num[i].term);
		ck_assert(o->num[i].any == want->num[i].any);
	}
	ck_assert_uint_eq(o->len, want->len);
	ck_assert_pstr_eq(o->word, want->word);
	if (want->octets != NULL)
		ck_assert_mem_eq(o->octets, want->octets, want->len);
	script_free(&s);
}
END_TEST

/* In their order, up to the 40 octets of a header. */
START_TEST(test_list)
{
	static const uint8_t kinds[] = { 2, 4, 8, 1, 3, 5 };
	const struct script_opt *o;
	struct script s;
	size_t i = 0;

	scripts_read(&s,
	    "0 < S 0:0(0) win 1 <mss 1000, sackOK,TS val 1 ecr 0,nop,wscale 7,"
	    "sack 1:2 3:4>");
	STAILQ_FOREACH (o, &scripts_packet(&s)->opts, next)
		ck_assert_uint_eq(o->kind, kinds[i++]);
	ck_assert_uint_eq(i, ARRAY_SIZE(kinds));
	ck_assert(!scripts_packet(&s)->any_options);
	script_free(&s);
	scripts_read(&s, "0 > S. 0:0(0) ack 1 <...>");
	ck_assert(scripts_packet(&s)->any_options);
	script_free(&s);
}
END_TEST

#define LIST(o) "0 > . 1:1(0) <" o ">" /* o is at 1:15 */
#define TEN	"01010101010101010101"
/* 40 octets */
#define KIND38 "kind 7 " TEN TEN TEN "0101010101010101"
#define ROOM(n)                                                           \
	"f:1:15: these options take " n " octets, and a header has room " \
	"for 40"
#define SO(name) "f:1:15: " name " is written so: " name

static const struct {
	const char *text, *msg;
} bad_rows[] = {
	{ LIST(KIND38), NULL },
	{ LIST("nop," KIND38), ROOM("41") },
	{ LIST("md5 valid,TS val 1 ecr 1,md5 valid"), ROOM("46") },
	{ LIST("ECN e0b 1,sack 1:2 3:4 5:6 7:8,nop"), NULL },
	{ LIST("ECN e0b 1,sack 1:2 3:4 5:6 7:8,nop,nop"), ROOM("41") },
	{ LIST("exp 1,mss 1,wscale 1,sack 1:2 3:4 5:6,kind 9 01"), NULL },
	{ LIST("exp 1,mss 1,wscale 1,sack 1:2 3:4 5:6,mss 1"), ROOM("41") },
	{ LIST("mss 65536"),
	    "f:1:19: mss is a number from 0 to 65535, not 65536" },
	{ LIST("mss -1"), "f:1:19: mss is a number from 0 to 65535, not -1" },
	{ LIST("mss big"),
	    "f:1:19: mss is a number or a term such as SEG.SEQ, not big" },
	{ LIST("mss"), "f:1:15: mss is written so: mss 1460" },
	{ LIST("mss 1 2"), "f:1:15: mss is written so: mss 1460" },
	{ LIST("nop 1"), "f:1:15: nop is written so: nop" },
	{ LIST("wscale 256"),
	    "f:1:22: wscale is a number from 0 to 255, not 256" },
	{ LIST("TS val 1 ecr 4294967296"),
	    "f:1:28: ecr is a number from 0 to 4294967295, not 4294967296" },
	{ LIST("TS ecr 1 val 2"), SO("TS") " val 1 ecr 2" },
	{ LIST("TS val 1"), SO("TS") " val 1 ecr 2" },
	{ LIST("sack"), SO("sack") " 1:2 3:4, up to four" },
	{ LIST("sack 1:2 3"), SO("sack") " 1:2 3:4, up to four" },
	{ LIST("sack 1 2 3"), SO("sack") " 1:2 3:4, up to four" },
	{ LIST("sack 1:2 3:4 5:6 7:8 9:10"),
	    SO("sack") " 1:2 3:4, up to four" },
	{ LIST("sack 1:2 3:4 5:6 7:8 9:10 11:12"),
	    SO("sack") " 1:2 3:4, up to four" },
	{ LIST("FO 123"), SO("FO") ", or FO and two digits an octet" },
	{ LIST("FO 12 34"), SO("FO") ", or FO and two digits an octet" },
	{ LIST("FO 12xy"), SO("FO") ", or FO and two digits an octet" },
	{ LIST("md5"), SO("md5") " valid, or 32 hexadecimal digits" },
	{ LIST("md5 0102"), SO("md5") " valid, or 32 hexadecimal digits" },
	{ LIST("ECN ceb 1"), SO("ECN") " e0b 1 ceb 2 e1b 3, or from e1b on" },
	{ LIST("ECN e0b 1 e1b 2"),
	    SO("ECN") " e0b 1 ceb 2 e1b 3, or from e1b on" },
	{ LIST("ECN e0b 16777216"),
	    "f:1:23: e0b is a number from 0 to 16777215, not 16777216" },
	{ LIST("kind"), SO("kind") " 77 and two digits an octet" },
	{ LIST("kind 256"),
	    "f:1:20: a kind is a number from 0 to 255, not 256" },
	{ LIST("exp 65536 00"),
	    "f:1:19: an ExID is a number from 0 to 65535, not 65536" },
	{ LIST("mptcp 1"),
	    "f:1:15: unknown option mptcp: write kind N and its octets, as in "
	    "kind 77 0123" },
	{ LIST(""), "f:1:15: unexpected >" },
	{ LIST("nop,"), "f:1:19: unexpected >" },
	{ "0 < . 1:1(0) <...>",
	    "f:1:3: ... is for packets that are expected: one that is sent "
	    "needs numbers" },
	{ "0 < . 1:1(0) <nop,mss ...>",
	    "f:1:3: ... is for packets that are expected: one that is sent "
	    "needs numbers" },
};

START_TEST(test_bad)
{
	scripts_check(bad_rows[_i].text, bad_rows[_i].msg);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("script_options");
	TCase *tc = tcase_create("options");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_one, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_list);
	tcase_add_loop_test(tc, test_bad, 0, ARRAY_SIZE(bad_rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
