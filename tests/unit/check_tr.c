/* The user's language, also where its locale is not installed. */
#include <check.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/table.h"
#include "base/tr.h"

#define ENGLISH "The listener accepts."
#define CHINESE "\u76d1\u542c\u65b9\u63a5\u53d7\u4e86\u8fde\u63a5\u3002"
#define HEADER	"Content-Type: text/plain; charset=UTF-8\n"

static const char *const texts[][2] = {
	{ "", HEADER },
	{ ENGLISH, CHINESE },
	{ "two", "\u4e8c" },
};

/* Of a catalogue: seven words, two tables, the texts. */
struct catalogue {
	uint32_t word[7 + 4 * ARRAY_SIZE(texts)];
	char text[512];
};

static char dir[] = "/tmp/retort-tr-XXXXXX";

/* Returns its size. */
static size_t
make_catalogue(struct catalogue *c)
{
	const size_t n = ARRAY_SIZE(texts);
	size_t i, column, used = 0;
	uint32_t *entry;

	memset(c, 0, sizeof(*c));
	c->word[0] = 0x950412de;
	c->word[2] = n;
	c->word[3] = 7 * 4;
	c->word[4] = c->word[3] + n * 8;
	for (column = 0; column < 2; column++)
		for (i = 0; i < n; i++) {
			entry = &c->word[7 + 2 * (column * n + i)];
			entry[0] = strlen(texts[i][column]);
			entry[1] = sizeof(c->word) + used;
			memcpy(c->text + used, texts[i][column], entry[0]);
			used += entry[0] + 1;
		}
	return sizeof(c->word) + used;
}

static void
make_dir(const char *path)
{
	ck_assert_msg(mkdir(path, 0700) == 0, "cannot make %s", path);
}

/* Write a catalogue for zh_CN below a new directory, whose path it returns. */
static char *
install(const void *octets, size_t len)
{
	static char top[64];
	char path[128];
	FILE *f;

	snprintf(top, sizeof(top), "%s/XXXXXX", dir);
	ck_assert_ptr_nonnull(mkdtemp(top));
	snprintf(path, sizeof(path), "%s/zh_CN", top);
	make_dir(path);
	strcat(path, "/LC_MESSAGES");
	make_dir(path);
	strcat(path, "/retort.mo");
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(octets, 1, len, f), len);
	fclose(f);
	return top;
}

static void
set(const char *name, const char *value)
{
	if (value == NULL)
		unsetenv(name);
	else
		setenv(name, value, 1);
}

static const struct {
	const char *all, *messages, *ctype, *lang, *language;
	bool chinese, utf8;
} wishes[] = {
	{ .lang = "zh_CN.UTF-8", .chinese = true, .utf8 = true },
	{ .lang = "zh_CN.utf8", .chinese = true, .utf8 = true },
	{ .lang = "zh_CN.UTF-8@pinyin", .chinese = true, .utf8 = true },
	{ .all = "zh_CN.UTF-8", .chinese = true, .utf8 = true },
	{ .all = "zh_CN.UTF-8", .lang = "C", .chinese = true, .utf8 = true },
	{ .all = "zh_CN.UTF-8",
	    .messages = "C",
	    .chinese = true,
	    .utf8 = true },
	{ .messages = "zh_CN.UTF-8",
	    .lang = "en_US.UTF-8",
	    .chinese = true,
	    .utf8 = true },
	{ .messages = "zh_CN",
	    .lang = "en_US.UTF-8",
	    .chinese = true,
	    .utf8 = true },
	{ .lang = "en_US.UTF-8",
	    .language = "zh_CN:en",
	    .chinese = true,
	    .utf8 = true },
	{ .lang = "C.UTF-8",
	    .language = "zh_CN",
	    .chinese = true,
	    .utf8 = true },
	{ .lang = "zh_CN.UTF-8",
	    .language = "",
	    .chinese = true,
	    .utf8 = true },
	{ .all = "", .lang = "zh_CN.UTF-8", .chinese = true, .utf8 = true },
	{ .lang = "zh_CN.UTF-8", .language = "de:en", .utf8 = true },
	{ .messages = "en_US.UTF-8", .lang = "zh_CN.UTF-8", .utf8 = true },
	{ .messages = "C", .lang = "zh_CN.UTF-8", .utf8 = true },
	{ .lang = "zh_TW.UTF-8", .utf8 = true },
	{ .lang = "de_DE.UTF-8", .utf8 = true },
	{ .lang = "C.UTF-8", .utf8 = true },
	/* of the locales without a name of a codeset, these have others */
	{ .lang = "zh_CN" },
	{ .lang = "zh_CN.GB18030" },
	{ .lang = "zh_CN.UTF-8", .ctype = "zh_CN.GB18030" },
	{ .lang = "zh_CN.UTF-8", .ctype = "C" },
	{ .all = "C", .lang = "zh_CN.UTF-8" },
	{ .all = "POSIX", .language = "zh_CN" },
	{ .lang = "C", .language = "zh_CN" },
	{ .lang = "" },
	{ .lang = "../../..//%n" },
	{ 0 },
};

static void
set_wish(size_t i)
{
	set("LC_ALL", wishes[i].all);
	set("LC_MESSAGES", wishes[i].messages);
	set("LC_CTYPE", wishes[i].ctype);
	set("LANG", wishes[i].lang);
	set("LANGUAGE", wishes[i].language);
}

START_TEST(test_wish)
{
	struct catalogue c;
	size_t len = make_catalogue(&c);
	char number[16];

	set_wish(_i);
	ck_assert_int_eq(tr_utf8(), wishes[_i].utf8);
	tr_open(install(&c, len));
	ck_assert_str_eq(tr(ENGLISH), wishes[_i].chinese ? CHINESE : ENGLISH);
	ck_assert_str_eq(tr("three"), "three");
	ck_assert_str_eq(tr(""), "");
	snprintf(number, sizeof(number), "%.1f %'d", 1.5, 10000);
	ck_assert_str_eq(number, "1.5 10000");
	ck_assert_str_eq(setlocale(LC_NUMERIC, NULL), "C");
}
END_TEST

START_TEST(test_not_opened)
{
	set_wish(0);
	ck_assert_str_eq(tr(ENGLISH), ENGLISH);
}
END_TEST

START_TEST(test_no_catalogue)
{
	static const char *const paths[] = { "/nonexistent", "", "/dev/null" };
	size_t i;

	set_wish(0);
	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		tr_open(paths[i]);
		ck_assert_str_eq(tr(ENGLISH), ENGLISH);
	}
}
END_TEST

START_TEST(test_other_byte_order)
{
	struct catalogue c;
	size_t i, len = make_catalogue(&c);

	for (i = 0; i < ARRAY_SIZE(c.word); i++)
		c.word[i] = __builtin_bswap32(c.word[i]);
	set_wish(0);
	tr_open(install(&c, len));
	ck_assert_str_eq(tr(ENGLISH), CHINESE);
	ck_assert_str_eq(tr("two"), "\u4e8c");
}
END_TEST

START_TEST(test_cut_short)
{
	struct catalogue c;
	size_t i, len = make_catalogue(&c);

	set_wish(0);
	for (i = 0; i < len; i++) {
		tr_open(install(&c, i));
		ck_assert_str_eq(tr(ENGLISH), ENGLISH);
	}
}
END_TEST

/* Each word of the header and the tables in turn, which must not go unseen. */
START_TEST(test_broken)
{
	static const uint32_t values[] = { UINT32_MAX, INT32_MAX, 0x80000000,
		4096, 2 };
	struct catalogue c;
	size_t i, len = make_catalogue(&c);

	set_wish(0);
	for (i = 0; i < ARRAY_SIZE(c.word); i++) {
		make_catalogue(&c);
		/* where the hash table is says nothing without one */
		if (i == 6 || c.word[i] == values[_i])
			continue;
		c.word[i] = values[_i];
		tr_open(install(&c, len));
		if (values[_i] > 2)
			ck_assert_msg(strcmp(tr(ENGLISH), ENGLISH) == 0,
			    "word %zu", i);
		else
			tr(ENGLISH);
	}
}
END_TEST

START_TEST(test_format)
{
	static const char noise[] = "\xde\x12\x04\x95 no catalogue at all";
	char path[128];

	set_wish(0);
	tr_open(install(noise, sizeof(noise)));
	ck_assert_str_eq(tr(ENGLISH), ENGLISH);
	snprintf(path, sizeof(path), "%s/zh_CN/LC_MESSAGES/retort.mo",
	    install("", 0));
	unlink(path);
	make_dir(path);
	tr_open(dir);
	ck_assert_str_eq(tr(ENGLISH), ENGLISH);
}
END_TEST

static void
remove_dir(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static void
new_dir(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
}

int
main(void)
{
	Suite *s = suite_create("tr");
	TCase *tc = tcase_create("tr");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_unchecked_fixture(tc, new_dir, remove_dir);
	tcase_add_loop_test(tc, test_wish, 0, ARRAY_SIZE(wishes));
	tcase_add_test(tc, test_not_opened);
	tcase_add_test(tc, test_no_catalogue);
	tcase_add_test(tc, test_other_byte_order);
	tcase_add_test(tc, test_cut_short);
	tcase_add_loop_test(tc, test_broken, 0, 5);
	tcase_add_test(tc, test_format);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
