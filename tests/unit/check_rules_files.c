/* The rule language: files as a whole, their names and their octets. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "util.h"

#define IN	"  in CLOSED\n"
#define REPLY	"  reply none\n"
#define LEVEL	"  level SPEC\n"
#define CITE	"  cite \"c\"\n"
#define WHY	"  why \"y\"\n"
#define REST	LEVEL CITE WHY
#define RULE(p) "rule a/b\n" p
#define GOOD	RULE(IN REPLY REST) /* six lines */

/* A NUL octet, wherever it stands. */
static const struct {
	const char *text;
	size_t len;
	const char *at;
} nul_rows[] = {
	{ "\0", 1, "f:1:1: " },
	{ "rule a/b\n  in \0CLOSED", 20, "f:2:6: " },
	{ "# in a comment\n\n#\0", 18, "f:3:2: " },
	{ GOOD "rule c/d\n  why \"\0\"", sizeof(GOOD) + 18, "f:8:8: " },
	{ GOOD "\0", sizeof(GOOD), "f:7:1: " },
};

START_TEST(test_nul)
{
	size_t n = strlen(nul_rows[_i].at);
	struct rulebook book;
	struct err e;

	rulebook_init(&book);
	ck_assert_int_eq(rulebook_add(&book, UTIL_NAME, nul_rows[_i].text,
			     nul_rows[_i].len, &e),
	    -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_msg(strncmp(e.msg, nul_rows[_i].at, n) == 0, "%s, wanted %s",
	    e.msg, nul_rows[_i].at);
	rulebook_free(&book);
}
END_TEST

/* A file without an entry is no mistake. */
START_TEST(test_nothing)
{
	static const char *const rows[] = { "", "\n", " \t\r\n", "# x",
		"#\n#" };
	struct rulebook book;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		util_book(&book, rows[i]);
		ck_assert(STAILQ_EMPTY(&book.rules));
		rulebook_free(&book);
	}
}
END_TEST

/* The other place is in another file. */
START_TEST(test_two_files)
{
	struct rulebook book;
	struct err e;

	util_book(&book, "\n\n" GOOD);
	ck_assert_int_eq(rulebook_add(&book, "g", GOOD, strlen(GOOD), &e), -1);
	ck_assert_str_eq(e.msg, "g:1:6: rule a/b is already at f:3");
	ck_assert_int_eq(e.kind, ERR_USAGE);
	rulebook_free(&book);
	/* and a rulebook that was freed can be filled again */
	ck_assert_int_eq(rulebook_add(&book, "g", GOOD, strlen(GOOD), &e), 0);
	ck_assert_int_eq(e.kind, ERR_NONE);
	rulebook_free(&book);
}
END_TEST

/* What goes on without end still gives one line, with its place. */
static const struct {
	const char *begin, *again;
	unsigned n;
	const char *msg;
} long_rows[] = {
	{ RULE("  "), "x", 600, "f:2:3: unexpected xxxxxxxx" },
	{ RULE("  when "), "X", 600, "f:2:8: unknown term \"XXXXXXXX" },
	{ RULE("  in \""), "\x01", 600, "f:2:6: this string does not end" },
	{ RULE("  in "), "\"\x01\" ", 600, "f:2:6: unexpected \"\\x01\"" },
	{ RULE("  when 1 = "), "9", 600, "f:2:12: 99999999" },
	{ RULE("  when 1 = 1"), "+1", 100000, "f:2:" },
	{ RULE("  when "), "(", 100000, "f:2:" },
	{ RULE("  when "), "not ", 100000, "f:2:" },
};

START_TEST(test_long)
{
	struct buf text = { 0 };
	struct rulebook book;
	struct err e;
	unsigned i;

	buf_adds(&text, long_rows[_i].begin);
	for (i = 0; i < long_rows[_i].n; i++)
		buf_adds(&text, long_rows[_i].again);
	rulebook_init(&book);
	ck_assert_int_eq(rulebook_add(&book, UTIL_NAME, buf_str(&text),
			     text.len, &e),
	    -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_msg(strncmp(e.msg, long_rows[_i].msg,
			  strlen(long_rows[_i].msg)) == 0,
	    "%s, wanted %s", e.msg, long_rows[_i].msg);
	ck_assert_ptr_null(strchr(e.msg, '\n'));
	ck_assert_uint_lt(strlen(e.msg), sizeof(e.msg));
	rulebook_free(&book);
	buf_free(&text);
}
END_TEST

/* The name of a file is not to be trusted either. */
START_TEST(test_name)
{
	struct rulebook book;
	struct err e;

	rulebook_init(&book);
	ck_assert_int_eq(rulebook_add(&book, "a\n\x1b[1m", "bogus", 5, &e), -1);
	ck_assert_msg(strncmp(e.msg, "a\\x0a\\x1b[1m:1:1: ", 18) == 0, "%s",
	    e.msg);
	rulebook_free(&book);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rule files");
	TCase *tc = tcase_create("files");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_nul, 0, ARRAY_SIZE(nul_rows));
	tcase_add_test(tc, test_nothing);
	tcase_add_test(tc, test_two_files);
	tcase_add_loop_test(tc, test_long, 0, ARRAY_SIZE(long_rows));
	tcase_add_test(tc, test_name);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
