/* Numbers, times and ports, as options and operands say them. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/table.h"
#include "cmd/value.h"

static const struct {
	const char *text;
	uint32_t least, most;
	int64_t value; /* -1: not taken */
} numbers[] = {
	{ "0", 0, 9, 0 },
	{ "9", 0, 9, 9 },
	{ "10", 0, 9, -1 },
	{ "1", 2, 9, -1 },
	{ "007", 0, 9, 7 },
	{ "4294967295", 0, UINT32_MAX, UINT32_MAX },
	{ "4294967296", 0, UINT32_MAX, -1 },
	{ "18446744073709551617", 0, UINT32_MAX, -1 },
	{ "99999999999999999999999999999999", 0, UINT32_MAX, -1 },
	{ "", 0, 9, -1 },
	{ "-1", 0, 9, -1 },
	{ "+1", 0, 9, -1 },
	{ " 1", 0, 9, -1 },
	{ "1 ", 0, 9, -1 },
	{ "1\n", 0, 9, -1 },
	{ "0x1", 0, 9, -1 },
	{ "1.5", 0, 9, -1 },
	{ "1e3", 0, 9999, -1 },
	{ "any", 0, 9, -1 },
	{ "\x1b[2J", 0, 9, -1 },
};

START_TEST(test_number)
{
	struct err e = { 0 };
	uint32_t n = 4711;
	int rc = value_number(&n, "--it", numbers[_i].text, numbers[_i].least,
	    numbers[_i].most, &e);

	if (numbers[_i].value == -1) {
		ck_assert_msg(rc == -1, "'%s' is taken", numbers[_i].text);
		ck_assert_int_eq(e.kind, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(e.msg, "--it takes a number"));
		ck_assert_ptr_null(strpbrk(e.msg, "\x1b\n"));
	} else {
		ck_assert_msg(rc == 0, "%s", e.msg);
		ck_assert_int_eq(n, numbers[_i].value);
	}
}
END_TEST

static const struct {
	const char *text;
	int64_t ns; /* -1: not taken */
} times[] = {
	{ "0", 0 },
	{ "1", NSEC_PER_SEC },
	{ "1s", NSEC_PER_SEC },
	{ "1.5s", 3 * NSEC_PER_SEC / 2 },
	{ "200ms", 200 * NSEC_PER_MSEC },
	{ "50us", 50000 },
	{ "3600", 3600 * NSEC_PER_SEC },
	{ "3601", -1 },
	{ "1e300", -1 },
	{ "1h", -1 },
	{ "1m", -1 },
	{ "1 s", -1 },
	{ "", -1 },
	{ "s", -1 },
	{ "-1", -1 },
	{ "+1", -1 },
	{ " 1", -1 },
	{ ".5", -1 },
	{ "inf", -1 },
	{ "nan", -1 },
	{ "1S", -1 },
	{ "1\x1b", -1 },
};

START_TEST(test_time)
{
	struct err e = { 0 };
	int64_t ns = 4711;
	int rc = value_time(&ns, "--it", times[_i].text, &e);

	if (times[_i].ns == -1) {
		ck_assert_msg(rc == -1, "'%s' is taken", times[_i].text);
		ck_assert_int_eq(e.kind, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(e.msg, "--it takes a time"));
		ck_assert_ptr_null(strpbrk(e.msg, "\x1b\n"));
	} else {
		ck_assert_msg(rc == 0, "%s", e.msg);
		ck_assert_int_eq(ns, times[_i].ns);
	}
}
END_TEST

/* Which ports, as ranges; NULL: not taken. */
static const struct {
	const char *text, *ports;
} ports[] = {
	{ "1", "1-1" },
	{ "65535", "65535-65535" },
	{ "080", "80-80" },
	{ "80-80", "80-80" },
	{ "80-83", "80-83" },
	{ "22,80-90,8000-", "22-22 80-90 8000-65535" },
	{ "-3", "1-3" },
	{ "-", NULL },
	{ "1-", "1-65535" },
	{ "1-65535", "1-65535" },
	{ "65535-", "65535-65535" },
	/* each once, and in order */
	{ "90,80", "80-80 90-90" },
	{ "80,80,80", "80-80" },
	{ "80-85,83-90,81", "80-90" },
	{ "80-,1-", "1-65535" },
	{ "5-,-3", "1-3 5-65535" },
	{ "0", NULL },
	{ "0-5", NULL },
	{ "5-0", NULL },
	{ "65536", NULL },
	{ "1-65536", NULL },
	{ "9-8", NULL },
	{ "", NULL },
	{ ",", NULL },
	{ "80,", NULL },
	{ ",80", NULL },
	{ "80,,81", NULL },
	{ "80--90", NULL },
	{ "--90", NULL },
	{ "80-90-100", NULL },
	{ "80 81", NULL },
	{ "80;81", NULL },
	{ "http", NULL },
	{ "80x", NULL },
	{ "+80", NULL },
	{ "0x50", NULL },
	{ "4294967376", NULL },
	{ "18446744073709551696", NULL },
	{ "80\n", NULL },
	{ "\x1b[31m80", NULL },
	{ "\xff", NULL },
};

/* "1-3 5-5", of ports in order. */
static void
add_ranges(struct buf *b, const uint16_t *p, size_t n)
{
	size_t i, first = 0;

	for (i = 1; i <= n; i++) {
		if (i < n && p[i] == p[i - 1] + 1)
			continue;
		buf_addf(b, "%s%u-%u", first > 0 ? " " : "", p[first],
		    p[i - 1]);
		first = i;
	}
}

START_TEST(test_ports)
{
	struct buf got = { 0 };
	struct err e = { 0 };
	uint16_t *p = NULL;
	size_t n = 0;
	int rc = value_ports(&p, &n, ports[_i].text, &e);

	if (ports[_i].ports == NULL) {
		ck_assert_msg(rc == -1, "'%s' is taken", ports[_i].text);
		ck_assert_int_eq(e.kind, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(e.msg, "ports are numbers"));
		ck_assert_ptr_null(strpbrk(e.msg, "\x1b\n\xff"));
		ck_assert_ptr_null(p);
		return;
	}
	ck_assert_msg(rc == 0, "%s", e.msg);
	add_ranges(&got, p, n);
	ck_assert_str_eq(buf_str(&got), ports[_i].ports);
	buf_free(&got);
	free(p);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("value");
	TCase *tc = tcase_create("value");
	SRunner *sr;
	int failed;

	tcase_add_loop_test(tc, test_number, 0, ARRAY_SIZE(numbers));
	tcase_add_loop_test(tc, test_time, 0, ARRAY_SIZE(times));
	tcase_add_loop_test(tc, test_ports, 0, ARRAY_SIZE(ports));
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
