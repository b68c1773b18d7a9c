/* The data directory: where it is, and what is wrong with it. */
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

#define RULE(id) \
	"rule " id " in any reply none level SPEC cite \"c\" why \"y\"\n"
#define CASE(id) "case " id " in CLOSED what \"w\" ctl SYN\n"
#define DEV(breaks, more) \
	"deviation d stack linux breaks " breaks " why \"y\"\n" more

/* A rule and a case, the least there may be. */
#define BOTH                               \
	{ "rules/a.rules", RULE("a") },    \
	{                                  \
		"cases/a.cases", CASE("c") \
	}

#define NO_FILES " files here; name the data directory with --data"

#define FILES 4

/* With this argument the program prints what data_dir() finds. */
#define PRINT "--print-data-dir"

struct file {
	const char *name;
	const char *text; /* NULL: a directory */
};

static char *root; /* everything that is written here is in it */
static char *tmp;  /* and of one test, in this */

static char *
make_tmp(const char *dir)
{
	struct buf b = { 0 };
	char *made;

	buf_addf(&b, "%s/check_data.XXXXXX", dir);
	made = mkdtemp(b.p);
	made = made ? mem_strdup(made) : NULL;
	buf_free(&b);
	return made;
}

static void
setup(void)
{
	tmp = make_tmp(root);
	ck_assert_ptr_nonnull(tmp);
}

static void
teardown(void)
{
	free(tmp);
}

static int
rm(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* A data directory of that name, with rules, cases and deviations. */
static char *
make_dir(const char *name, const struct file *files)
{
	static const char *const kinds[] = { "", "/rules", "/cases",
		"/deviations" };
	const struct file *f;
	struct buf path = { 0 };
	char *dir;
	FILE *out;
	size_t i;

	buf_addf(&path, "%s/%s", tmp, name);
	dir = mem_strdup(path.p);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		buf_reset(&path);
		buf_addf(&path, "%s%s", dir, kinds[i]);
		ck_assert_int_eq(mkdir(path.p, 0700), 0);
	}
	for (f = files; f < files + FILES && f->name != NULL; f++) {
		buf_reset(&path);
		buf_addf(&path, "%s/%s", dir, f->name);
		if (f->text == NULL) {
			ck_assert_int_eq(mkdir(path.p, 0700), 0);
			continue;
		}
		out = fopen(path.p, "w");
		ck_assert_ptr_nonnull(out);
		ck_assert_int_ge(fputs(f->text, out), 0);
		ck_assert_int_eq(fclose(out), 0);
	}
	buf_free(&path);
	return dir;
}

/* ---- data_load ---- */

static const struct {
	const char *what;
	const char *dir;
	struct file files[FILES];
	const char *ids; /* of the rules; NULL: an error */
	enum err_kind kind;
	const char *msg; /* its end */
} load_rows[] = {
	{ "a rule and a case", "d", { BOTH }, "a", ERR_NONE, NULL },
	{ "in the order of the names", "d",
	    { { "rules/b.rules", RULE("b") }, { "rules/a.rules", RULE("z") },
		{ "rules/c.rules", RULE("a") },
		{ "cases/a.cases", CASE("c") } },
	    "z b a", ERR_NONE, NULL },
	{ "other files are not read", "d",
	    { { "rules/a.rules", RULE("a") }, { "rules/b.rules~", "bogus" },
		{ "rules/.hidden.rules", "bogus" },
		{ "cases/a.cases", CASE("c") } },
	    "a", ERR_NONE, NULL },
	{ "a deviation", "d",
	    { BOTH, { "deviations/a.deviations", DEV("a", "does none") } }, "a",
	    ERR_NONE, NULL },
	/* a directory's name is no pattern */
	{ "a star", "d*", { BOTH }, "a", ERR_NONE, NULL },
	{ "brackets", "[d]", { BOTH }, "a", ERR_NONE, NULL },
	{ "others of sh(1)", "d?\\d", { BOTH }, "a", ERR_NONE, NULL },
	{ "and of some shells", "~ {d,e}", { BOTH }, "a", ERR_NONE, NULL },
	/* errors */
	{ "empty", "d", { { NULL, NULL } }, NULL, ERR_ENV,
	    "/d: no rules/*.rules" NO_FILES },
	{ "no cases", "d", { { "rules/a.rules", RULE("a") } }, NULL, ERR_ENV,
	    "/d: no cases/*.cases" NO_FILES },
	{ "no rules", "d", { { "cases/a.cases", CASE("c") } }, NULL, ERR_ENV,
	    "/d: no rules/*.rules" NO_FILES },
	{ "empty, with a name to escape", "d\n\x1b", { { NULL, NULL } }, NULL,
	    ERR_ENV, "/d\\x0a\\x1b: no rules/*.rules" NO_FILES },
	{ "a mistake in a rule", "d",
	    { { "rules/a.rules", RULE("a") }, { "rules/b.rules", "bogus" },
		{ "cases/a.cases", CASE("c") } },
	    NULL, ERR_USAGE, NULL },
	{ "a mistake in a case", "d",
	    { { "rules/a.rules", RULE("a") }, { "cases/a.cases", "\nbogus" } },
	    NULL, ERR_USAGE, NULL },
	{ "the same rule in two files", "d",
	    { { "rules/a.rules", RULE("a") }, { "rules/b.rules", RULE("a") } },
	    NULL, ERR_USAGE, "/d/rules/a.rules:1" },
	{ "a file that cannot be read", "d",
	    { BOTH, { "deviations/a.deviations", NULL } }, NULL, ERR_ENV,
	    "/d/deviations/a.deviations: Is a directory" },
	{ "the same, with a name to escape", "d\n",
	    { { "rules/a.rules", NULL } }, NULL, ERR_ENV,
	    "/d\\x0a/rules/a.rules: Is a directory" },
	{ "a deviation from no rule", "d",
	    { BOTH, { "deviations/a.deviations", DEV("b", "does none") } },
	    NULL, ERR_USAGE,
	    "/d/deviations/a.deviations:1:11: deviation d breaks b, which is "
	    "no rule" },
};

START_TEST(test_load)
{
	char *dir = make_dir(load_rows[_i].dir, load_rows[_i].files);
	const char *want = load_rows[_i].msg;
	struct rulebook book;
	struct buf b = { 0 };
	const struct rule *r;
	struct err e = { 0 };
	size_t n;
	int rc;

	rulebook_init(&book);
	rc = data_load(&book, dir, DATA_SUITE, &e);
	if (load_rows[_i].ids != NULL) {
		ck_assert_msg(rc == 0, "%s: %s", load_rows[_i].what, e.msg);
		STAILQ_FOREACH (r, &book.rules, next) {
			buf_addf(&b, "%s%s", b.len ? " " : "", r->id);
		}
		ck_assert_str_eq(buf_str(&b), load_rows[_i].ids);
	} else {
		ck_assert_msg(rc == -1, "%s: no error", load_rows[_i].what);
		ck_assert_int_eq(e.kind, load_rows[_i].kind);
		ck_assert_msg(strncmp(e.msg, tmp, strlen(tmp)) == 0, "%s",
		    e.msg);
		ck_assert_msg(strchr(e.msg, '\n') == NULL, "%s", e.msg);
		n = want ? strlen(want) : 0;
		ck_assert_msg(strlen(e.msg) >= n &&
				  strcmp(e.msg + strlen(e.msg) - n,
				      want ? want : "") == 0,
		    "%s: %s, wanted %s", load_rows[_i].what, e.msg, want);
	}
	rulebook_free(&book);
	buf_free(&b);
	free(dir);
}
END_TEST

/* The place of a mistake is in the file's own path. */
START_TEST(test_load_place)
{
	static const struct file files[FILES] = { { "rules/a.rules",
	    RULE("a") "\n bogus" } };
	char *dir = make_dir("d", files);
	struct buf want = { 0 };
	struct rulebook book;
	struct err e;

	rulebook_init(&book);
	ck_assert_int_eq(data_load(&book, dir, DATA_SUITE, &e), -1);
	buf_addf(&want, "%s/rules/a.rules:3:2: unexpected bogus", dir);
	ck_assert_msg(strncmp(e.msg, want.p, want.len) == 0, "%s", e.msg);
	rulebook_free(&book);
	buf_free(&want);
	free(dir);
}
END_TEST

START_TEST(test_load_missing)
{
	static const char *const missing[] = { "nothing-here", "", "/" };
	struct rulebook book;
	struct buf b = { 0 };
	struct err e;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(missing); i++) {
		buf_reset(&b);
		buf_addf(&b, "%s/%s", tmp, missing[i]);
		rulebook_init(&book);
		ck_assert_int_eq(data_load(&book, b.p, DATA_SUITE, &e), -1);
		ck_assert_int_eq(e.kind, ERR_ENV);
		ck_assert_ptr_nonnull(strstr(e.msg, "--data"));
		rulebook_free(&book);
	}
	buf_free(&b);
}
END_TEST

/* The data that is shipped: it loads, and its cases have ids of their own. */
START_TEST(test_load_shipped)
{
	const char *srcdir = getenv("srcdir");
	struct testcases cases;
	struct rulebook book;
	struct buf b = { 0 };
	struct err e = { 0 };
	int rc;

	buf_addf(&b, "%s/data", srcdir ? srcdir : ".");
	rulebook_init(&book);
	rc = data_load(&book, b.p, DATA_SUITE, &e);
	ck_assert_msg(rc == 0, "%s", e.msg);
	rc = testcases_expand(&cases, &book, &e);
	ck_assert_msg(rc == 0, "%s", e.msg);
	/* closed and listen: 64 * ack * seq * text * family, each */
	ck_assert_uint_ge(cases.n, 2 * 64 * 2 * 2 * 2 * 2);
	testcases_free(&cases);
	rulebook_free(&book);
	buf_free(&b);
}
END_TEST

/* ---- data_dir ---- */

static const struct {
	const char *dir, *variable;
	const char *found; /* NULL: neither */
} dir_rows[] = {
	{ "/a", "/b", "/a" },
	{ "/a", NULL, "/a" },
	{ "/a", "", "/a" },
	{ NULL, "/b", "/b" },
	{ "b/*", "/b", "b/*" },
	{ "b", "/b", "b" },
	{ NULL, "", NULL },
	{ NULL, NULL, NULL },
};

START_TEST(test_dir)
{
	char *found;

	if (dir_rows[_i].variable != NULL)
		setenv("RETORT_DATA", dir_rows[_i].variable, 1);
	else
		unsetenv("RETORT_DATA");
	found = data_dir(dir_rows[_i].dir);
	ck_assert_ptr_nonnull(found);
	if (dir_rows[_i].found != NULL)
		ck_assert_str_eq(found, dir_rows[_i].found);
	else /* the build tree's, or where it is installed */
		ck_assert(found[0] == '/');
	free(found);
}
END_TEST

/* A program finds the data of the tree that it was built in. */
static const struct {
	const char *file;     /* that stands beside the program */
	const char *variable; /* RETORT_DATA= */
	const char *found; /* a '.' before it: from the program's directory */
} built_rows[] = {
	{ "config.status", "", "./data" },
	{ "config.status", "/b", "/b" },
	{ "config.log", "", PKGDATADIR },
};

START_TEST(test_built)
{
	const char *found = built_rows[_i].found;
	char line[4096] = "";
	struct buf b = { 0 };
	FILE *out;

	buf_addf(&b,
	    "cd '%s' && >%s && cp /proc/%ld/exe prog && test -x prog && "
	    "RETORT_DATA='%s' ./prog " PRINT,
	    tmp, built_rows[_i].file, (long)getpid(), built_rows[_i].variable);
	out = popen(b.p, "r");
	ck_assert_ptr_nonnull(out);
	ck_assert_msg(fgets(line, sizeof(line), out) != NULL, "%s", b.p);
	ck_assert_int_eq(pclose(out), 0);
	buf_reset(&b);
	if (found[0] == '.')
		buf_add(&b, tmp, strlen(tmp));
	buf_addf(&b, "%s\n", found + (found[0] == '.'));
	ck_assert_str_eq(line, b.p);
	buf_free(&b);
}
END_TEST

static int
print_dir(void)
{
	char *dir = data_dir(NULL);

	printf("%s\n", dir);
	free(dir);
	return EXIT_SUCCESS;
}

static int
run_tests(void)
{
	Suite *s = suite_create("data");
	TCase *tc = tcase_create("directory");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_load, 0, ARRAY_SIZE(load_rows));
	tcase_add_test(tc, test_load_place);
	tcase_add_test(tc, test_load_missing);
	tcase_add_test(tc, test_load_shipped);
	tcase_add_loop_test(tc, test_dir, 0, ARRAY_SIZE(dir_rows));
	tcase_add_loop_test(tc, test_built, 0, ARRAY_SIZE(built_rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	const char *dir = getenv("TMPDIR");
	int rc;

	if (argc > 1 && strcmp(argv[1], PRINT) == 0)
		return print_dir();
	root = make_tmp(dir ? dir : "/tmp");
	if (root == NULL) {
		perror("mkdtemp");
		return EXIT_FAILURE;
	}
	rc = run_tests();
	/* tests that failed do not clean up */
	nftw(root, rm, 8, FTW_DEPTH | FTW_PHYS);
	free(root);
	return rc;
}
