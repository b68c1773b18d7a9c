/* Options: built, walked and printed, against their octets on the wire. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "tcp/option.h"

/* A string of octets and its length. */
#define O(s) s, sizeof(s) - 1

static int
add_raw(struct segment *s)
{
	return opt_add_raw(s, "\x4d\x05\xab\x00\xef", 5);
}

static int
add_mss(struct segment *s)
{
	return opt_add_mss(s, 0x05b5);
}

static int
add_wscale(struct segment *s)
{
	return opt_add_wscale(s, 14);
}

static int
add_sack_1(struct segment *s)
{
	static const uint32_t edges[][2] = { { 0x01020304, 0xfffefdfc } };

	return opt_add_sack(s, edges, 1);
}

static int
add_sack_4(struct segment *s)
{
	static const uint32_t edges[][2] = { { 1, 2 }, { 0x300, 0x400 },
		{ 0x50000, 0x60000 }, { 0x7000000, 0x80000000 } };

	return opt_add_sack(s, edges, 4);
}

static int
add_ts(struct segment *s)
{
	return opt_add_ts(s, 0x01020304, 0xfffefdfc);
}

static int
add_md5(struct segment *s)
{
	return opt_add_md5(s, (const uint8_t *)"0123456789abcdef");
}

static int
add_cookie_request(struct segment *s)
{
	return opt_add_fastopen(s, NULL, 0);
}

static int
add_cookie_4(struct segment *s)
{
	return opt_add_fastopen(s, "0123456789abcdef", 4);
}

static int
add_cookie_16(struct segment *s)
{
	return opt_add_fastopen(s, "0123456789abcdef", 16);
}

static const struct {
	int (*add)(struct segment *);
	const char *octets;
	size_t len;
} build_rows[] = {
	{ add_raw, O("\x4d\x05\xab\x00\xef") },
	{ add_mss, O("\x02\x04\x05\xb5") },
	{ add_wscale, O("\x03\x03\x0e") },
	{ opt_add_sack_ok, O("\x04\x02") },
	{ add_sack_1, O("\x05\x0a\1\2\3\4\xff\xfe\xfd\xfc") },
	{ add_sack_4, O("\x05\x22\0\0\0\1\0\0\0\2\0\0\3\0\0\0\4\0"
			"\0\5\0\0\0\6\0\0\7\0\0\0\x80\0\0\0") },
	{ add_ts, O("\x08\x0a\1\2\3\4\xff\xfe\xfd\xfc") },
	{ add_md5, O("\x13\x12"
		     "0123456789abcdef") },
	{ add_cookie_request, O("\x22\x02") },
	{ add_cookie_4, O("\x22\x06"
			  "0123") },
	{ add_cookie_16, O("\x22\x12"
			   "0123456789abcdef") },
};

/* Where there is room, to the last octet; where there is one too few. */
START_TEST(test_build)
{
	size_t len = build_rows[_i].len, room = SEG_OPTIONS_MAX - len;
	struct segment s = { 0 }, before;

	ck_assert_int_eq(build_rows[_i].add(&s), 0);
	ck_assert_uint_eq(s.options_len, len);
	ck_assert_mem_eq(s.options, build_rows[_i].octets, len);

	memset(s.options, OPT_NOP, sizeof(s.options));
	s.options_len = room;
	ck_assert_int_eq(build_rows[_i].add(&s), 0);
	ck_assert_uint_eq(s.options_len, SEG_OPTIONS_MAX);
	ck_assert_mem_eq(s.options + room, build_rows[_i].octets, len);
	while (room > 0)
		ck_assert_uint_eq(s.options[--room], OPT_NOP);

	memset(s.options, OPT_NOP, sizeof(s.options));
	s.options_len = SEG_OPTIONS_MAX - len + 1;
	before = s;
	ck_assert_int_eq(build_rows[_i].add(&s), -1);
	ck_assert_mem_eq(&s, &before, sizeof(s));
}
END_TEST

START_TEST(test_build_refuses)
{
	static const uint32_t edges[5][2] = { { 1, 2 } };
	static const size_t cookies[] = { 1, 2, 3, 5, 15, 17, 18, 254, 256 };
	static const struct segment none;
	struct segment s = { 0 };
	uint8_t octets[256] = { 0 };
	size_t i;

	ck_assert_int_eq(opt_add_sack(&s, edges, 0), -1);
	ck_assert_int_eq(opt_add_sack(&s, edges, 5), -1);
	ck_assert_int_eq(opt_add_sack(&s, edges, 32), -1);
	/* 2 + 8 n would be 2 again */
	ck_assert_int_eq(opt_add_sack(&s, edges, (SIZE_MAX >> 3) + 1), -1);
	for (i = 0; i < ARRAY_SIZE(cookies); i++)
		ck_assert_msg(opt_add_fastopen(&s, octets, cookies[i]) == -1,
		    "a cookie of %zu octets", cookies[i]);
	ck_assert_int_eq(opt_add_raw(&s, octets, 41), -1);
	ck_assert_int_eq(opt_add_raw(&s, octets, 256), -1);
	ck_assert_mem_eq(&s, &none, sizeof(s));
	ck_assert_int_eq(opt_add_raw(&s, NULL, 0), 0);
	ck_assert_mem_eq(&s, &none, sizeof(s));
}
END_TEST

/*
 * Each option that opt_next() finds, as kind/len@where its data stands, then
 * how the walk ended and at which octet.
 */
static const struct {
	const char *octets;
	size_t len;
	const char *walk;
} walk_rows[] = {
	{ O(""), "end@0" },
	{ O("\x02\x04\x05\xb4"), "2/4@2 end@4" },
	{ O("\x01\x01\x04\x02"), "1/1@1 1/1@2 4/2@4 end@4" },
	{ O("\x03\x03\x07\x01\x08\x0a\0\0\0\0\0\0\0\0"),
	    "3/3@2 1/1@4 8/10@6 end@14" },
	/* EOL ends the list, whatever follows */
	{ O("\x00"), "end@0" },
	{ O("\x00\x02\x04\x05\xb4"), "end@0" },
	{ O("\x01\x00\x02\x00"), "1/1@1 end@1" },
	/* kinds that nobody knows: any length from 2 */
	{ O("\x4d\x02"), "77/2@2 end@2" },
	{ O("\x4d\x05\0\0\0"), "77/5@2 end@5" },
	{ O("\xff\x03\x00\x01"), "255/3@2 1/1@4 end@4" },
	{ O("\xfe\x28\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
	    "254/40@2 end@40" },
	/* below 2 */
	{ O("\x4d\x00\x01\x01"), "bad@0" },
	{ O("\x4d\x01\x01\x01"), "bad@0" },
	{ O("\x02\x00\x05\xb4"), "bad@0" },
	{ O("\x02\x01\x05\xb4"), "bad@0" },
	/* past the end, and no length octet at all */
	{ O("\x4d\x05\0\0"), "bad@0" },
	{ O("\x01\x01\x02\x04\x05"), "1/1@1 1/1@2 bad@2" },
	{ O("\x4d\xff\0\0"), "bad@0" },
	{ O("\x4d"), "bad@0" },
	{ O("\x01\x01\x01\x02"), "1/1@1 1/1@2 1/1@3 bad@3" },
};

static void
walk(struct buf *b, const struct segment *s)
{
	struct option o;
	size_t at = 0;
	int rc;

	while ((rc = opt_next(s, &at, &o)) == 1)
		buf_addf(b, "%u/%u@%td ", o.kind, o.len, o.data - s->options);
	buf_addf(b, "%s@%zu", rc == 0 ? "end" : "bad", at);
}

START_TEST(test_walk)
{
	struct segment s = { 0 };
	struct buf b = { 0 };

	opt_add_raw(&s, walk_rows[_i].octets, walk_rows[_i].len);
	walk(&b, &s);
	ck_assert_str_eq(buf_str(&b), walk_rows[_i].walk);
	buf_free(&b);
}
END_TEST

/* The lengths a kind may have; all others, from 0 to 40, are illegal. */
static const struct {
	uint8_t kind;
	const char *legal;
} kind_rows[] = {
	{ OPT_MSS, " 4 " },
	{ OPT_WSCALE, " 3 " },
	{ OPT_SACK_OK, " 2 " },
	{ OPT_SACK, " 10 18 26 34 " },
	{ OPT_TS, " 10 " },
	{ OPT_MD5, " 18 " },
	{ OPT_AO, " 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 "
		  "25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 " },
	{ OPT_MPTCP, " 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 "
		     "23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 "
		     "40 " },
	/* RFC 7413 4.1.1: 2, or 6 to 18 and even */
	{ OPT_FASTOPEN, " 2 6 8 10 12 14 16 18 " },
};

START_TEST(test_kind)
{
	const char *legal = kind_rows[_i].legal;
	unsigned len;

	for (len = 0; len <= SEG_OPTIONS_MAX; len++) {
		struct segment s = { .options_len = SEG_OPTIONS_MAX };
		struct option o = { 0 };
		size_t at = 0;
		char find[8];
		int rc;

		s.options[0] = kind_rows[_i].kind;
		s.options[1] = len;
		snprintf(find, sizeof(find), " %u ", len);
		rc = opt_next(&s, &at, &o);
		ck_assert_msg(rc == (strstr(legal, find) ? 1 : -1),
		    "kind %u, length %u: %d", kind_rows[_i].kind, len, rc);
		ck_assert_uint_eq(at, rc == 1 ? len : 0);
	}
}
END_TEST

/*
 * What tcpdump 4.99 prints between "options [" and "]", but for three: an MD5
 * digest as it prints it when built without OpenSSL, MPTCP in hexadecimal,
 * and a list that goes on after an illegal length is not read on.
 */
static const struct {
	const char *octets;
	size_t len;
	const char *text;
} text_rows[] = {
	{ O(""), "" },
	{ O("\x02\x04\x05\xb4"), "mss 1460" },
	{ O("\x02\x04\xff\xff"), "mss 65535" },
	{ O("\x03\x03\x0f\x00"), "wscale 15,eol" },
	{ O("\x04\x02\x01\x01"), "sackOK,nop,nop" },
	{ O("\x08\x0a\0\0\0\1\xff\xff\xff\xff\x01\x01"),
	    "TS val 1 ecr 4294967295,nop,nop" },
	{ O("\x01\x01\x05\x0a\0\0\0\1\0\0\1\0"), "nop,nop,sack 1 {1:256}" },
	{ O("\x05\x12\xff\xff\xff\xff\0\0\0\1\0\0\0\2\0\1\0\0\x01\x01"),
	    "sack 2 {4294967295:1}{2:65536},nop,nop" },
	{ O("\x02\x04\x05\xb4\x04\x02\x08\x0a\0\0\0\1\0\0\0\2\x01\x03\x03\x07"),
	    "mss 1460,sackOK,TS val 1 ecr 2,nop,wscale 7" },
	{ O("\x00"), "eol" },
	{ O("\x01\x00\x02\x04"), "nop,eol" },
	{ O("\x13\x12"
	    "0123456789abcdef\x01\x01"),
	    "md5 30313233343536373839616263646566,nop,nop" },
	{ O("\x1d\x04\x01\xff"), "tcp-ao keyid 1 rnextkeyid 255" },
	{ O("\x1d\x05\x01\xff\x0a\x01\x01\x01"),
	    "tcp-ao keyid 1 rnextkeyid 255 mac 0x0a,nop,nop,nop" },
	{ O("\x1d\x10\x01\xff\0\1\2\3\4\5\6\7\x08\x09\xab\xcd"),
	    "tcp-ao keyid 1 rnextkeyid 255 mac 0x00010203040506070809abcd" },
	{ O("\x1e\x04\x81\x01"), "mptcp 8101" },
	{ O("\x22\x02\x01\x01"), "tfo  cookiereq,nop,nop" },
	{ O("\x22\x06\xaa\xbb\xcc\x0d\x01\x01"),
	    "tfo  cookie aabbcc0d,nop,nop" },
	{ O("\x22\x12"
	    "0123456789abcdef"),
	    "tfo  cookie 30313233343536373839616263646566" },
	{ O("\x4d\x02\x01\x01"), "unknown-77,nop,nop" },
	{ O("\x4d\x04\x00\xab"), "unknown-77 0x00ab" },
	{ O("\xff\x03\x0f\x00"), "unknown-255 0x0f,eol" },
	/* illegal lengths */
	{ O("\x02\x00\x05\xb4"), "[bad opt]" },
	{ O("\x01\x02\xff\x00"), "nop,[bad opt]" },
	{ O("\x4d\x03\x01\x02\x03\x05\xb4\x00"), "unknown-77 0x01,[bad opt]" },
};

START_TEST(test_text)
{
	struct segment s = { 0 };
	struct buf b = { 0 };

	opt_add_raw(&s, text_rows[_i].octets, text_rows[_i].len);
	opt_add_text(&b, &s);
	ck_assert_str_eq(buf_str(&b), text_rows[_i].text);
	buf_free(&b);
}
END_TEST

/* The first option of a kind, where the walk comes to one. */
static const struct {
	const char *octets;
	size_t len;
	enum option_kind kind;
	const char *data; /* NULL: it is not there */
	size_t data_len;
} find_rows[] = {
	{ O(""), OPT_TS, NULL, 0 },
	{ O("\x01\x01\x08\x0a\0\0\0\1\0\0\0\2"), OPT_TS,
	    O("\0\0\0\1\0\0\0\2") },
	{ O("\x01\x01\x08\x0a\0\0\0\1\0\0\0\2"), OPT_MSS, NULL, 0 },
	{ O("\x02\x04\x05\xb4\x02\x04\x05\xb5"), OPT_MSS, O("\x05\xb4") },
	{ O("\x4d\x04\x03\x03\x03\x03\x07\x01"), OPT_WSCALE, O("\x07") },
	{ O("\x04\x02"), OPT_SACK_OK, O("") },
	/* not behind the end, nor behind what is broken */
	{ O("\x00\x04\x02\x00"), OPT_SACK_OK, NULL, 0 },
	{ O("\x02\x03\x05\x04\x02"), OPT_SACK_OK, NULL, 0 },
	{ O("\x08\x09\0\0\0\1\0\0\0"), OPT_TS, NULL, 0 },
};

START_TEST(test_find)
{
	struct segment s = { 0 };
	struct option o;
	bool found;

	opt_add_raw(&s, find_rows[_i].octets, find_rows[_i].len);
	found = opt_find(&s, find_rows[_i].kind, &o);
	ck_assert(found == (find_rows[_i].data != NULL));
	if (!found)
		return;
	ck_assert_uint_eq(o.kind, find_rows[_i].kind);
	ck_assert_uint_eq(o.len, find_rows[_i].data_len + 2);
	ck_assert(memcmp(o.data, find_rows[_i].data, o.len - 2) == 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("option");
	TCase *tc = tcase_create("option");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_build, 0, ARRAY_SIZE(build_rows));
	tcase_add_test(tc, test_build_refuses);
	tcase_add_loop_test(tc, test_walk, 0, ARRAY_SIZE(walk_rows));
	tcase_add_loop_test(tc, test_kind, 0, ARRAY_SIZE(kind_rows));
	tcase_add_loop_test(tc, test_find, 0, ARRAY_SIZE(find_rows));
	tcase_add_loop_test(tc, test_text, 0, ARRAY_SIZE(text_rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
