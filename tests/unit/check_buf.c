/* The growing string, and how octets from the wire are made safe to print. */
#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"

/* A string of octets, which may have a NUL in it, and its length. */
#define O(s) s, sizeof(s) - 1

START_TEST(test_empty)
{
	struct buf b = { 0 };

	ck_assert_ptr_null(b.p);
	ck_assert_str_eq(buf_str(&b), "");
	buf_reset(&b);
	ck_assert_str_eq(buf_str(&b), "");
	buf_add(&b, NULL, 0);
	ck_assert_ptr_nonnull(b.p);
	ck_assert_str_eq(buf_str(&b), "");
	ck_assert_uint_eq(b.len, 0);
	buf_free(&b);
	ck_assert_ptr_null(b.p);
	ck_assert_uint_eq(b.len, 0);
	ck_assert_uint_eq(b.cap, 0);
	buf_free(&b);
}
END_TEST

START_TEST(test_add)
{
	struct buf b = { 0 };
	char *p;

	buf_adds(&b, "SEQ");
	buf_add(&b, "=\0@@", 3);
	buf_addf(&b, "%u,%s", 4294967295u, "x");
	buf_addf(&b, "%s", "");
	ck_assert_uint_eq(b.len, 18);
	ck_assert_mem_eq(b.p, "SEQ=\0@4294967295,x", 19);
	p = b.p;
	buf_reset(&b);
	ck_assert_str_eq(buf_str(&b), "");
	ck_assert_uint_eq(b.len, 0);
	buf_adds(&b, "again");
	ck_assert_str_eq(buf_str(&b), "again");
	ck_assert_ptr_eq(b.p, p);
	buf_free(&b);
}
END_TEST

/* Every length, in pieces of one to a thousand octets, is terminated. */
static const size_t pieces[] = { 1, 3, 127, 128, 129, 255, 256, 1000 };

START_TEST(test_grow)
{
	size_t piece = pieces[_i], i, n;
	char text[1001];
	struct buf added = { 0 }, printed = { 0 };

	for (i = 0; i < piece; i++)
		text[i] = 'a' + i % 26;
	text[piece] = '\0';
	for (n = 1; n <= 600; n++) {
		buf_add(&added, text, piece);
		buf_addf(&printed, "%s", text);
		ck_assert_uint_eq(added.len, n * piece);
		ck_assert_uint_eq(printed.len, n * piece);
		ck_assert_uint_lt(added.len, added.cap);
		ck_assert_uint_lt(printed.len, printed.cap);
		ck_assert_int_eq(added.p[added.len], '\0');
		ck_assert_int_eq(printed.p[printed.len], '\0');
	}
	for (i = 0; i < 600 * piece; i++)
		if (added.p[i] != text[i % piece])
			ck_abort_msg("octet %zu is %d", i, added.p[i]);
	ck_assert_str_eq(buf_str(&printed), buf_str(&added));
	buf_free(&added);
	buf_free(&printed);
}
END_TEST

static const struct {
	const char *octets;
	size_t len;
	const char *text;
} escape_rows[] = {
	/* ASCII */
	{ O(""), "" },
	{ O(" !\"#$%&'()*+,-./09:;<=>?@AZ[]^_`az{|}~"),
	    " !\"#$%&'()*+,-./09:;<=>?@AZ[]^_`az{|}~" },
	{ O("\\"), "\\x5c" },
	{ O("\\x41"), "\\x5cx41" },
	{ O("\0"), "\\x00" },
	{ O("a\0b\0"), "a\\x00b\\x00" },
	{ O("\t\n\r\033[1m"), "\\x09\\x0a\\x0d\\x1b[1m" },
	{ O("\x01\x1f \x7f"), "\\x01\\x1f \\x7f" },
	/* the least and the greatest of each length */
	{ O("\xc2\xa0"), "\xc2\xa0" },
	{ O("\xdf\xbf"), "\xdf\xbf" },
	{ O("\xe0\xa0\x80"), "\xe0\xa0\x80" },
	{ O("\xef\xbf\xbd"), "\xef\xbf\xbd" },
	{ O("\xf0\x90\x80\x80"), "\xf0\x90\x80\x80" },
	{ O("\xf4\x8f\xbf\xbf"), "\xf4\x8f\xbf\xbf" },
	{ O("na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80!"),
	    "na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80!" },
	/* C1 controls, among them CSI */
	{ O("\xc2\x80"), "\\xc2\\x80" },
	{ O("\xc2\x9b"), "\\xc2\\x9b" },
	{ O("\xc2\x9f"), "\\xc2\\x9f" },
	/* overlong forms, of NUL, slash, U+007F, U+07FF and U+FFFF */
	{ O("\xc0\x80"), "\\xc0\\x80" },
	{ O("\xc0\xaf"), "\\xc0\\xaf" },
	{ O("\xc1\xbf"), "\\xc1\\xbf" },
	{ O("\xe0\x80\xaf"), "\\xe0\\x80\\xaf" },
	{ O("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf" },
	{ O("\xf0\x80\x80\xaf"), "\\xf0\\x80\\x80\\xaf" },
	{ O("\xf0\x8f\xbf\xbf"), "\\xf0\\x8f\\xbf\\xbf" },
	/* surrogates and their neighbours */
	{ O("\xed\x9f\xbf"), "\xed\x9f\xbf" },
	{ O("\xed\xa0\x80"), "\\xed\\xa0\\x80" },
	{ O("\xed\xbf\xbf"), "\\xed\\xbf\\xbf" },
	{ O("\xee\x80\x80"), "\xee\x80\x80" },
	/* above U+10FFFF, and first octets that are none */
	{ O("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80" },
	{ O("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80" },
	{ O("\xf8\x88\x80\x80\x80"), "\\xf8\\x88\\x80\\x80\\x80" },
	{ O("\xfe\xff"), "\\xfe\\xff" },
	{ O("\x80\xbf"), "\\x80\\xbf" },
	/* sequences cut by the end, and by another character */
	{ O("\xc3"), "\\xc3" },
	{ O("\xe2\x82"), "\\xe2\\x82" },
	{ O("\xf0\x9f\x98"), "\\xf0\\x9f\\x98" },
	{ O("ab\xc3"), "ab\\xc3" },
	{ O("zzzz\xf0\x9f\x98"), "zzzz\\xf0\\x9f\\x98" },
	{ O("\xc3z"), "\\xc3z" },
	{ O("\xe2\x82z"), "\\xe2\\x82z" },
	{ O("\xe2z\xac"), "\\xe2z\\xac" },
	{ O("\xe2\x82\xc3\xaf"), "\\xe2\\x82\xc3\xaf" },
	{ O("\xf0\x9f\x98z"), "\\xf0\\x9f\\x98z" },
	{ O("\xc3\xc3\xaf"), "\\xc3\xc3\xaf" },
	/* line and paragraph separators, bidirectional overrides, and what
	 * stands on either side of them */
	{ O("\xd8\x9b"), "\xd8\x9b" }, /* U+061B, 061C, 061D */
	{ O("\xd8\x9c"), "\\xd8\\x9c" },
	{ O("\xd8\x9d"), "\xd8\x9d" },
	{ O("\xe2\x80\x8a"), "\xe2\x80\x8a" }, /* U+200A, 200B, 200F, 2010 */
	{ O("\xe2\x80\x8b"), "\\xe2\\x80\\x8b" },
	{ O("\xe2\x80\x8f"), "\\xe2\\x80\\x8f" },
	{ O("\xe2\x80\x90"), "\xe2\x80\x90" },
	{ O("\xe2\x81\x9f"), "\xe2\x81\x9f" }, /* U+205F, 2060, 206F, 2070 */
	{ O("\xe2\x81\xa0"), "\\xe2\\x81\\xa0" },
	{ O("\xe2\x81\xaf"), "\\xe2\\x81\\xaf" },
	{ O("\xe2\x81\xb0"), "\xe2\x81\xb0" },
	{ O("\xef\xbb\xbf"), "\\xef\\xbb\\xbf" }, /* U+FEFF */
	{ O("\xe2\x80\xa7"), "\xe2\x80\xa7" },
	{ O("\xe2\x80\xa8"), "\\xe2\\x80\\xa8" },
	{ O("\xe2\x80\xa9"), "\\xe2\\x80\\xa9" },
	{ O("\xe2\x80\xaa"), "\\xe2\\x80\\xaa" },
	{ O("a\xe2\x80\xae"
	    "b"),
	    "a\\xe2\\x80\\xae"
	    "b" },
	{ O("\xe2\x80\xaf"), "\xe2\x80\xaf" },
	{ O("\xe2\x81\xa6"), "\\xe2\\x81\\xa6" },
	{ O("\xe2\x81\xa9"), "\\xe2\\x81\\xa9" },
	{ O("\xe2\x81\xb0"), "\xe2\x81\xb0" },
};

/* The octets stand in memory of their own: one read past them is found. */
START_TEST(test_escape)
{
	size_t len = escape_rows[_i].len;
	char *octets = malloc(len ? len : 1);
	struct buf b = { 0 };

	ck_assert_ptr_nonnull(octets);
	memcpy(octets, escape_rows[_i].octets, len);
	buf_adds(&b, "<");
	buf_add_escaped(&b, octets, len);
	buf_adds(&b, ">");
	ck_assert_uint_eq(b.len, strlen(escape_rows[_i].text) + 2);
	ck_assert_int_eq(b.p[0], '<');
	ck_assert_mem_eq(b.p + 1, escape_rows[_i].text, b.len - 2);
	ck_assert_int_eq(b.p[b.len - 1], '>');
	buf_free(&b);
	free(octets);
}
END_TEST

/* A lone octet is printed as it is when it is ASCII, printable, no \. */
START_TEST(test_escape_octet)
{
	struct buf b = { 0 };
	char hex[5];
	uint8_t c = _i;

	buf_add_escaped(&b, &c, 1);
	snprintf(hex, sizeof(hex), "\\x%02x", c);
	if (c >= ' ' && c <= '~' && c != '\\')
		ck_assert_mem_eq(buf_str(&b), ((char[]){ c, '\0' }), 2);
	else
		ck_assert_str_eq(buf_str(&b), hex);
	buf_free(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("buf");
	TCase *tc = tcase_create("buf");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_test(tc, test_empty);
	tcase_add_test(tc, test_add);
	tcase_add_loop_test(tc, test_grow, 0, ARRAY_SIZE(pieces));
	tcase_add_loop_test(tc, test_escape, 0, ARRAY_SIZE(escape_rows));
	tcase_add_loop_test(tc, test_escape_octet, 0, 256);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
