/* How the texts of reports are folded, in English and in Chinese. */
#include <check.h>
#include <stdlib.h>

#include "base/table.h"
#include "report/lines.h"

static const struct {
	const char *text, *lines;
} folds[] = {
	{ "", "  why        \n" },
	{ "short", "  why        short\n" },
	{ "   one  and   more blanks  ", "  why        one and more blanks\n" },
	{ "The peer was told to go away, and it did.",
	    "  why        The peer was told to go\n"
	    "             away, and it did.\n" },
	{ "exactly-as-wide-as-the-line and-more",
	    "  why        exactly-as-wide-as-the-line\n"
	    "             and-more\n" },
	{ "wider-than-the-line-and-never-broken here",
	    "  why        wider-than-the-line-and-never-broken\n"
	    "             here\n" },
	{ "主机收到一个不属于任何连接的报文段，于是回复 RST。",
	    "  why        主机收到一个不属于任何连接\n"
	    "             的报文段，于是回复 RST。\n" },
	/* no line begins with a full stop */
	{ "服务器收到一个应该被它拒绝的。报文",
	    "  why        服务器收到一个应该被它拒绝\n"
	    "             的。报文\n" },
	{ "服务器收到一个应该被拒绝的。报文",
	    "  why        服务器收到一个应该被拒绝\n"
	    "             的。报文\n" },
};

START_TEST(test_fold)
{
	struct buf b = { 0 };

	lines_add_folded_to(&b, 40, "  ", "why", folds[_i].text);
	ck_assert_str_eq(buf_str(&b), folds[_i].lines);
	buf_free(&b);
}
END_TEST

/* A label in Chinese takes the same columns as one in English. */
START_TEST(test_label)
{
	struct buf b = { 0 };

	lines_add_folded_to(&b, 60, "", "原因", "没有");
	lines_add_folded_to(&b, 60, "", "reason", "none");
	ck_assert_str_eq(buf_str(&b), "原因       没有\nreason     none\n");
	buf_free(&b);
}
END_TEST

/* 80 columns, where nothing else is said, and what is no UTF-8 escaped. */
START_TEST(test_text)
{
	struct buf b = { 0 };

	lines_add_text(&b, "    ", "why",
	    "An octet \xff that is no text, and so many words that this line "
	    "has to end before it says all.");
	ck_assert_str_eq(buf_str(&b),
	    "    why        An octet \\xff that is no text, and so many words "
	    "that this line\n"
	    "               has to end before it says all.\n");
	buf_free(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("lines");
	TCase *tc = tcase_create("lines");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_fold, 0, ARRAY_SIZE(folds));
	tcase_add_test(tc, test_label);
	tcase_add_test(tc, test_text);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
