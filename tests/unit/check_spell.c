/* What people write for control bits and options, good and bad. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "tcp/spell.h"

/* A string of octets and its length. */
#define O(s) s, sizeof(s) - 1

#define BAD 0xffff

static const struct {
	const char *text;
	uint16_t ctl;
} bits[] = {
	{ "none", 0 },
	{ "S", CTL_SYN },
	{ "SA", CTL_SYN | CTL_ACK },
	{ "S.", CTL_SYN | CTL_ACK },
	{ ".", CTL_ACK },
	{ "FPU", CTL_FIN | CTL_PSH | CTL_URG },
	{ "R.", CTL_RST | CTL_ACK },
	{ "SEW", CTL_SYN | CTL_ECE | CTL_CWR },
	{ "SEC", CTL_SYN | CTL_ECE | CTL_CWR },
	{ "eA", CTL_ACK | CTL_AE },
	{ "EA", CTL_ACK | CTL_ECE },
	/* the name of a bit goes before the letters of two */
	{ "AE", CTL_AE },
	{ "Ae", CTL_AE },
	{ "FSRPAUEWe", CTL_FIN | CTL_SYN | CTL_RST | CTL_PSH | CTL_ACK |
			   CTL_URG | CTL_ECE | CTL_CWR | CTL_AE },
	{ "SS", CTL_SYN },
	{ "SYN", CTL_SYN },
	{ "SYN,ACK", CTL_SYN | CTL_ACK },
	{ "syn,Ack", CTL_SYN | CTL_ACK },
	{ "AE,ECE,CWR", CTL_AE | CTL_ECE | CTL_CWR },
	{ "RST,RST", CTL_RST },
	{ "", BAD },
	{ "s", BAD },
	{ "NONE", BAD },
	{ "SYN,", BAD },
	{ ",SYN", BAD },
	{ "SYN ACK", BAD },
	{ "SYNACK", BAD },
	{ "SYN,none", BAD },
	{ "X", BAD },
	{ "S,A", BAD },
	{ "SYN\n", BAD },
	{ "\xff", BAD },
	{ "synchronize", BAD },
};

START_TEST(test_bits)
{
	struct err e = { 0 };
	uint16_t ctl = 0x5555;
	int rc = spell_ctl(&ctl, bits[_i].text, &e);

	if (bits[_i].ctl == BAD) {
		ck_assert_msg(rc == -1, "'%s' is taken", bits[_i].text);
		ck_assert_int_eq(e.kind, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(e.msg, "control bits"));
	} else {
		ck_assert_msg(rc == 0, "%s", e.msg);
		ck_assert_uint_eq(ctl, bits[_i].ctl);
	}
}
END_TEST

static const struct {
	const char *text, *octets; /* octets NULL: not taken */
	size_t len;
} lists[] = {
	{ "eol", O("\0") },
	{ "nop", O("\1") },
	{ "mss=1460", O("\2\4\5\xb4") },
	{ "mss=0", O("\2\4\0\0") },
	{ "mss=65535", O("\2\4\xff\xff") },
	{ "wscale=255", O("\3\3\xff") },
	{ "sackok", O("\4\2") },
	{ "sack=1:256", O("\5\12\0\0\0\1\0\0\1\0") },
	{ "sack=5", O("\5\12\0\0\0\5\0\0\0\0") },
	{ "ts", O("\10\12\0\0\0\1\0\0\0\0") },
	{ "ts=7", O("\10\12\0\0\0\7\0\0\0\0") },
	{ "ts=4294967295:2", O("\10\12\xff\xff\xff\xff\0\0\0\2") },
	{ "md5=000102030405060708090a0B0c0D0e0F",
	    O("\23\22\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17") },
	{ "fastopen", O("\42\2") },
	{ "fastopen=01020304", O("\42\6\1\2\3\4") },
	{ "hex=0200", O("\2\0") },
	{ "hex=ff", O("\xff") },
	{ "nop,nop,ts", O("\1\1\10\12\0\0\0\1\0\0\0\0") },
	{ "mss=1,sackok,eol,nop", O("\2\4\0\1\4\2\0\1") },
	/* forty octets, and one more */
	{ "ts,ts,ts,ts", O("\10\12\0\0\0\1\0\0\0\0\10\12\0\0\0\1\0\0\0\0"
			   "\10\12\0\0\0\1\0\0\0\0\10\12\0\0\0\1\0\0\0\0") },
	{ "hex=0101010101010101010101010101010101010101"
	  "01010101010101010101010101010101010101"
	  "02",
	    O("\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"
	      "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\2") },
	{ "ts,ts,ts,ts,nop", NULL, 0 },
	{ "hex=0101010101010101010101010101010101010101"
	  "0101010101010101010101010101010101010101"
	  "02",
	    NULL, 0 },
	{ "", NULL, 0 },
	{ ",", NULL, 0 },
	{ "nop,", NULL, 0 },
	{ ",nop", NULL, 0 },
	{ "nop=1", NULL, 0 },
	{ "sackok=", NULL, 0 },
	{ "mss", NULL, 0 },
	{ "mss=", NULL, 0 },
	{ "mss=65536", NULL, 0 },
	{ "mss=-1", NULL, 0 },
	{ "mss=+1", NULL, 0 },
	{ "mss= 1", NULL, 0 },
	{ "mss=0x10", NULL, 0 },
	{ "mss=1460x", NULL, 0 },
	{ "mss=99999999999999999999999", NULL, 0 },
	{ "wscale=256", NULL, 0 },
	{ "sack", NULL, 0 },
	{ "sack=", NULL, 0 },
	{ "sack=1:", NULL, 0 },
	{ "sack=1:2:3", NULL, 0 },
	{ "ts=", NULL, 0 },
	{ "ts=4294967296", NULL, 0 },
	{ "ts=1:4294967296", NULL, 0 },
	{ "md5", NULL, 0 },
	{ "md5=00", NULL, 0 },
	{ "fastopen=010", NULL, 0 },
	{ "hex", NULL, 0 },
	{ "hex=", NULL, 0 },
	{ "hex=0", NULL, 0 },
	{ "hex=0g", NULL, 0 },
	{ "MSS=1460", NULL, 0 },
	{ "mss:1460", NULL, 0 },
	{ "unknown", NULL, 0 },
	{ "\x1b[31m", NULL, 0 },
};

START_TEST(test_options)
{
	struct segment s = { 0 };
	struct err e = { 0 };
	int rc = spell_options(&s, lists[_i].text, &e);

	if (lists[_i].octets == NULL) {
		ck_assert_msg(rc == -1, "'%s' is taken", lists[_i].text);
		ck_assert_int_eq(e.kind, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(e.msg, "options are written"));
		ck_assert_ptr_null(strchr(e.msg, '\x1b'));
		ck_assert_ptr_null(strchr(e.msg, '\n'));
	} else {
		ck_assert_msg(rc == 0, "%s", e.msg);
		ck_assert_uint_eq(s.options_len, lists[_i].len);
		ck_assert_mem_eq(s.options, lists[_i].octets, lists[_i].len);
	}
}
END_TEST

/* An option behind those that are there; and one that is far too long. */
START_TEST(test_more)
{
	static char text[100001];
	struct segment s = { 0 };
	struct err e = { 0 };

	ck_assert_int_eq(spell_options(&s, "nop", &e), 0);
	ck_assert_int_eq(spell_options(&s, "sackok", &e), 0);
	ck_assert_uint_eq(s.options_len, 3);
	ck_assert_mem_eq(s.options, "\1\4\2", 3);
	memset(text, 'a', sizeof(text) - 1);
	memcpy(text, "hex=", 4);
	ck_assert_int_eq(spell_options(&s, text, &e), -1);
	memset(text, 'S', sizeof(text) - 1);
	ck_assert_int_eq(spell_options(&s, text, &e), -1);
	ck_assert_uint_eq(s.options_len, 3);
	text[0] = 'x';
	ck_assert_int_eq(spell_ctl(&s.ctl, text, &e), -1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("spell");
	TCase *tc = tcase_create("spell");
	SRunner *sr;
	int failed;

	tcase_add_loop_test(tc, test_bits, 0, ARRAY_SIZE(bits));
	tcase_add_loop_test(tc, test_options, 0, ARRAY_SIZE(lists));
	tcase_add_test(tc, test_more);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
