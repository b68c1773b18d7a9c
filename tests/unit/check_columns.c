/* How many columns text takes, and where its lines may end. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "base/table.h"

static const struct {
	const char *text;
	size_t columns;
} widths[] = {
	{ "", 0 },
	{ "SYN-SENT", 8 },
	{ "复位", 4 },
	{ "状态 CLOSED，", 13 },
	{ "かな", 4 },
	{ "한글", 4 },
	{ "𠀀", 2 },
	{ "│─═►◄×●├┤·", 10 },
	{ "é", 1 },
	{ "e\xcc\x81", 1 },		   /* with its accent apart */
	{ "\xe1\x84\x80\xe1\x85\xa1", 2 }, /* a syllable of two letters */
	{ "“x”—…", 5 },
	{ "\xff", 1 },	   /* no UTF-8 */
	{ "\xe5\xa4", 2 }, /* cut short */
	{ "\xe5\xa4x", 3 },
	{ "\xc0\x80", 2 },
	{ "\U0001f600", 2 },
};

START_TEST(test_width)
{
	ck_assert_uint_eq(columns_of(widths[_i].text, strlen(widths[_i].text)),
	    widths[_i].columns);
}
END_TEST

static const struct {
	const char *text;
	size_t room, octets, columns;
} fits[] = {
	{ "abc", 2, 2, 2 },
	{ "abc", 9, 3, 3 },
	{ "abc", 0, 0, 0 },
	{ "复位", 3, 3, 2 },
	{ "复位", 1, 0, 0 },
	{ "复位", 4, 6, 4 },
	{ "e\xcc\x81x", 1, 3, 1 },
};

START_TEST(test_fit)
{
	size_t columns = 99;

	ck_assert_uint_eq(columns_fit(fits[_i].text, strlen(fits[_i].text),
			      fits[_i].room, &columns),
	    fits[_i].octets);
	ck_assert_uint_eq(columns, fits[_i].columns);
}
END_TEST

/* Every place where a line may end, as a bar. */
static const char *const words[] = {
	"one |two,  |three.",
	"  |x",
	"x ",
	"复|位|报|文",
	"发|送|“复|位”，|然|后",
	"（RFC |9293）。|完",
	"收|到|RST|后|关|闭",
	"置|为|0,|即|可",
	"见|《规|范》",
	"a-b|复|e\xcc\x81x|复",
	"一——|二",
	"ab(复|位)",
	"甲、|乙",
	"(a|复",
	"复\xcc\x81|位",
};

START_TEST(test_word)
{
	const char *marked = words[_i], *p;
	char text[128], got[256] = "";
	size_t len = 0, n;

	for (p = marked; *p != '\0'; p++)
		if (*p != '|')
			text[len++] = *p;
	for (p = text; len > 0; p += n, len -= n) {
		n = columns_word(p, len);
		ck_assert_uint_gt(n, 0);
		strncat(got, p, n);
		if (n < len)
			strcat(got, "|");
	}
	ck_assert_str_eq(got, marked);
}
END_TEST

static const struct {
	const char *text;
	size_t room;
	const char *line;
} lines[] = {
	{ "one two three", 7, "one two" },
	{ "one two three", 6, "one" },
	{ "one two three", 13, "one two three" },
	{ "one two three", 12, "one two" },
	{ "one two ", 7, "one two" },
	{ "one two", 6, "one" }, /* one column is missing */
	{ "one two ", 7, "one two" },
	{ "one  two", 4, "one" },
	{ "longer than it", 3, "longer" },
	{ "no more ", 9, "no more" },
	{ "收到复位", 5, "收到" },
	{ "收到。复位", 5, "收" },
	{ "收到。复位", 6, "收到。" },
	{ "state 复位", 8, "state 复" },
	{ "", 5, "" },
};

START_TEST(test_line)
{
	const char *text = lines[_i].text;
	size_t n = columns_line(text, strlen(text), lines[_i].room);

	ck_assert_uint_eq(n, strlen(lines[_i].line));
	ck_assert_mem_eq(text, lines[_i].line, n);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("columns");
	TCase *tc = tcase_create("columns");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_width, 0, ARRAY_SIZE(widths));
	tcase_add_loop_test(tc, test_fit, 0, ARRAY_SIZE(fits));
	tcase_add_loop_test(tc, test_word, 0, ARRAY_SIZE(words));
	tcase_add_loop_test(tc, test_line, 0, ARRAY_SIZE(lines));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
