/* The data directory, when the cells of the matrix are asked for. */
#include <sys/stat.h>

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/table.h"
#include "run/data.h"
#include "run/testcase.h"
#include "util.h"

#define RULE	 "rule a in any reply none level SPEC cite \"c\" why \"y\"\n"
#define CASE(id) "case " id " in CLOSED what \"w\" ctl SYN\n"
#define DEVIATION(breaks) \
	"deviation d stack linux breaks " breaks " does none why \"y\"\n"

#define NO_FILES " files here; name the data directory with --data"
#define NFILES	 5

struct file {
	const char *name, *text;
};

static char *dir;

static void
setup(void)
{
	static const char *const kinds[] = { "rules", "cases", "matrix",
		"deviations", "reasons" };
	const char *tmp = getenv("TMPDIR");
	struct buf b = { 0 };
	size_t i;

	buf_addf(&b, "%s/check_data_matrix.XXXXXX", tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(b.p));
	dir = mem_strdup(b.p);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		buf_reset(&b);
		buf_addf(&b, "%s/%s", dir, kinds[i]);
		ck_assert_int_eq(mkdir(b.p, 0700), 0);
	}
	buf_free(&b);
}

static int
rm(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
teardown(void)
{
	nftw(dir, rm, 8, FTW_DEPTH | FTW_PHYS);
	free(dir);
}

static void
write_files(const struct file *files)
{
	const struct file *f;
	struct buf b = { 0 };
	FILE *out;

	for (f = files; f < files + NFILES && f->name != NULL; f++) {
		buf_reset(&b);
		buf_addf(&b, "%s/%s", dir, f->name);
		out = fopen(b.p, "w");
		ck_assert_ptr_nonnull(out);
		ck_assert_int_ge(fputs(f->text, out), 0);
		ck_assert_int_eq(fclose(out), 0);
	}
	buf_free(&b);
}

#define ALL                                                        \
	{ "rules/a.rules", RULE }, { "cases/a.cases", CASE("c") }, \
	{                                                          \
		"matrix/a.cases", CASE("m")                        \
	}

/* The cases that are there, or the end of the message. */
static const struct {
	struct file files[NFILES];
	bool matrix;
	const char *ids; /* of the templates; NULL: an error */
	enum err_kind kind;
	const char *msg;
} rows[] = {
	{ { ALL }, false, "c", ERR_NONE, NULL },
	{ { ALL }, true, "m", ERR_NONE, NULL },
	{ { ALL, { "matrix/0.cases", CASE("z") } }, true, "z m", ERR_NONE,
	    NULL },
	/* neither minds what is wrong with the other */
	{ { ALL, { "cases/b.cases", "bogus" } }, true, "m", ERR_NONE, NULL },
	{ { ALL, { "matrix/b.cases", "bogus" } }, false, "c", ERR_NONE, NULL },
	{ { ALL, { "matrix/b.cases~", "bogus" } }, true, "m", ERR_NONE, NULL },
	{ { ALL, { "matrix/b.cases", CASE("c") } }, true, "m c", ERR_NONE,
	    NULL },
	{ { { "rules/a.rules", RULE }, { "matrix/a.cases", CASE("m") } }, true,
	    "m", ERR_NONE, NULL },
	/* and neither stands in for the other */
	{ { { "rules/a.rules", RULE }, { "matrix/a.cases", CASE("m") } }, false,
	    NULL, ERR_ENV, ": no cases/*.cases" NO_FILES },
	{ { { "rules/a.rules", RULE }, { "cases/a.cases", CASE("c") } }, true,
	    NULL, ERR_ENV, ": no matrix/*.cases" NO_FILES },
	{ { { "matrix/a.cases", CASE("m") } }, true, NULL, ERR_ENV,
	    ": no rules/*.rules" NO_FILES },
	{ { { "rules/a.rules", RULE }, { "matrix/a.cases", "\n bogus" } }, true,
	    NULL, ERR_USAGE, "/matrix/a.cases:2:2: unexpected bogus" },
	{ { { "rules/a.rules", RULE },
	      { "matrix/a.cases", CASE("m") CASE("m") } },
	    true, NULL, ERR_USAGE, "case m is already at" },
	/* what is known of stacks is read for both */
	{ { ALL, { "deviations/a.deviations", DEVIATION("b") } }, true, NULL,
	    ERR_USAGE, "deviation d breaks b, which is no rule" },
	{ { ALL, { "reasons/a.reasons", "bogus" } }, true, NULL, ERR_USAGE,
	    "/reasons/a.reasons:1:1: unexpected bogus" },
};

START_TEST(test_load)
{
	const struct template *t;
	struct rulebook book;
	struct buf b = { 0 };
	struct err e = { 0 };
	int rc;

	write_files(rows[_i].files);
	rulebook_init(&book);
	rc = data_load(&book, dir,
	    (rows[_i].matrix ? DATA_MATRIX : DATA_CASES) | DATA_KNOWN, &e);
	if (rows[_i].ids != NULL) {
		ck_assert_msg(rc == 0, "%s", e.msg);
		STAILQ_FOREACH (t, &book.templates, next)
			buf_addf(&b, "%s%s", b.len ? " " : "", t->id);
		ck_assert_str_eq(buf_str(&b), rows[_i].ids);
	} else {
		ck_assert_msg(rc == -1, "no error, wanted %s", rows[_i].msg);
		ck_assert_int_eq(e.kind, rows[_i].kind);
		ck_assert_msg(strncmp(e.msg, dir, strlen(dir)) == 0, "%s",
		    e.msg);
		ck_assert_msg(strstr(e.msg, rows[_i].msg) != NULL,
		    "%s, wanted %s", e.msg, rows[_i].msg);
	}
	rulebook_free(&book);
	buf_free(&b);
}
END_TEST

/* The matrix that is shipped: it loads, and its cells have ids of their own. */
START_TEST(test_load_shipped)
{
	const char *srcdir = getenv("srcdir");
	struct testcases cases;
	struct rulebook book;
	struct buf b = { 0 };
	struct err e = { 0 };
	size_t i;
	int rc;

	buf_addf(&b, "%s/data", srcdir ? srcdir : ".");
	rulebook_init(&book);
	rc = data_load(&book, b.p, DATA_MATRIX | DATA_KNOWN, &e);
	ck_assert_msg(rc == 0, "%s", e.msg);
	rc = testcases_expand(&cases, &book, &e);
	ck_assert_msg(rc == 0, "%s", e.msg);
	/* a place a state and more, all control bits, both families */
	ck_assert_uint_ge(cases.n, NSTATES * 64 * 2);
	for (i = 0; i < cases.n; i++)
		ck_assert_msg(strncmp(cases.v[i].id, "matrix/", 7) == 0, "%s",
		    cases.v[i].id);
	testcases_free(&cases);
	rulebook_free(&book);
	buf_free(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("data_matrix");
	TCase *tc = tcase_create("matrix");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_load, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_load_shipped);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
