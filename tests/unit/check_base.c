/* Errors, files, the clocks and random numbers. */
#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/table.h"

#define MIB (1 << 20)

START_TEST(test_err_set)
{
	struct err e = { 0 };

	ck_assert_int_eq(err_set(&e, ERR_ENV, "%s: %d", "eth0", 7), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_str_eq(e.msg, "eth0: 7");
	ck_assert_int_eq(err_set(&e, ERR_USAGE, "short"), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_str_eq(e.msg, "short");
}
END_TEST

START_TEST(test_err_prefix)
{
	struct err e = { 0 };

	err_set(&e, ERR_USAGE, "no such rule");
	ck_assert_int_eq(err_prefix(&e, "%s:%u", "x.rules", 12u), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_str_eq(e.msg, "x.rules:12: no such rule");
	err_prefix(&e, "check");
	ck_assert_str_eq(e.msg, "check: x.rules:12: no such rule");
}
END_TEST

/* The exit codes of the program: retort(1), EXIT STATUS. */
START_TEST(test_err_kinds)
{
	ck_assert_int_eq(ERR_NONE, 0);
	ck_assert_int_eq(ERR_USAGE, 2);
	ck_assert_int_eq(ERR_ENV, 3);
	ck_assert_int_eq(ERR_INTERNAL, 5);
}
END_TEST

/* Messages of so many octets, and what is left of them in the 511. */
static const struct {
	size_t prefix, msg; /* prefix 0: err_prefix is not called */
	size_t len;
} cut_rows[] = {
	{ 0, 510, 510 },
	{ 0, 511, 511 },
	{ 0, 512, 511 },
	{ 0, 5000, 511 },
	{ 9, 500, 511 },
	{ 9, 501, 511 },
	{ 9, 511, 511 },
	{ 509, 1, 511 },
	{ 510, 1, 511 },
	{ 511, 1, 511 },
	{ 512, 1, 511 },
	{ 5000, 511, 511 },
};

START_TEST(test_err_cut)
{
	size_t prefix = cut_rows[_i].prefix, msg = cut_rows[_i].msg;
	char whole[10100], head[5001], tail[5001];
	struct {
		struct err e;
		char after[8];
	} box = { { 0 }, "guarded" };

	memset(head, 'p', prefix);
	head[prefix] = '\0';
	memset(tail, 'm', msg);
	tail[msg] = '\0';
	snprintf(whole, sizeof(whole), "%s%s%s", head, prefix ? ": " : "",
	    tail);
	whole[511] = '\0';
	ck_assert_int_eq(err_set(&box.e, ERR_INTERNAL, "%s", tail), -1);
	if (prefix > 0)
		ck_assert_int_eq(err_prefix(&box.e, "%s", head), -1);
	ck_assert_uint_eq(strlen(box.e.msg), cut_rows[_i].len);
	ck_assert_str_eq(box.e.msg, whole);
	ck_assert_int_eq(box.e.kind, ERR_INTERNAL);
	ck_assert_str_eq(box.after, "guarded");
}
END_TEST

/* The descriptor that the next open(2) will get. */
static int
next_fd(void)
{
	int fd = dup(STDERR_FILENO);

	close(fd);
	return fd;
}

/* A file of so many octets, none of them 0 but the second. */
static const struct {
	size_t len;
	bool fits;
} file_rows[] = {
	{ 0, true },
	{ 1, true },
	{ 3, true },
	{ 4096, true },
	{ MIB - 1, true },
	{ MIB, true },
	{ MIB + 1, false },
	{ 2 * MIB, false },
};

START_TEST(test_file_read)
{
	char path[] = P_tmpdir "/retort.XXXXXX";
	char *octets = mem_calloc(2 * MIB + 1, 1), *text;
	size_t size = file_rows[_i].len, len = 12345, i;
	struct err e = { 0 };
	ssize_t written;
	int fd;

	for (i = 0; i < size; i++)
		octets[i] = i == 1 ? '\0' : 'a' + i % 26;
	fd = mkstemp(path);
	ck_assert_int_ne(fd, -1);
	written = write(fd, octets, size);
	close(fd);
	text = file_read(path, &len, &e);
	unlink(path);
	ck_assert_int_eq(written, (ssize_t)size);
	ck_assert_int_eq(next_fd(), fd);
	if (file_rows[_i].fits) {
		ck_assert_ptr_nonnull(text);
		ck_assert_uint_eq(len, size);
		ck_assert_mem_eq(text, octets, size + 1);
		ck_assert_int_eq(e.kind, ERR_NONE);
	} else {
		ck_assert_ptr_null(text);
		ck_assert_int_eq(e.kind, ERR_ENV);
		ck_assert_int_eq(strncmp(e.msg, path, strlen(path)), 0);
		ck_assert_str_eq(e.msg + strlen(path), ": File too large");
	}
	free(text);
	free(octets);
}
END_TEST

/* The message is one line that is safe to print, whatever the name. */
static const struct {
	const char *path, *msg;
} unreadable_rows[] = {
	{ "no such file", "no such file: No such file or directory" },
	{ "", ": No such file or directory" },
	{ ".", ".: Is a directory" },
	{ "a\nb\033[7m", "a\\x0ab\\x1b[7m: No such file or directory" },
};

START_TEST(test_file_unreadable)
{
	struct err e = { 0 };
	int fd = next_fd();
	size_t len;

	ck_assert_ptr_null(file_read(unreadable_rows[_i].path, &len, &e));
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_str_eq(e.msg, unreadable_rows[_i].msg);
	ck_assert_int_eq(next_fd(), fd);
}
END_TEST

static const struct {
	clockid_t id;
	int64_t (*now)(void);
} clocks[] = {
	{ CLOCK_MONOTONIC, clock_mono },
	{ CLOCK_REALTIME, clock_wall },
};

static int64_t
clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

START_TEST(test_clock)
{
	int64_t before, now, after;
	int i;

	ck_assert_int_eq(NSEC_PER_SEC, 1000000000);
	ck_assert_int_eq(NSEC_PER_MSEC, 1000000);
	for (i = 0; i < 1000; i++) {
		before = clock_ns(clocks[_i].id);
		now = clocks[_i].now();
		after = clock_ns(clocks[_i].id);
		ck_assert_int_le(before, now);
		ck_assert_int_le(now, after);
	}
}
END_TEST

/* Each number in the pool is used once, the pool is filled when empty. */
START_TEST(test_random_pool)
{
	struct random x = { 0 }, y = { 0 };
	size_t i, same = 0, zero = 0;
	uint32_t expected;

	random_u32(&x);
	random_u32(&y);
	ck_assert_uint_eq(x.left, ARRAY_SIZE(x.pool) - 1);
	for (i = 0; i < ARRAY_SIZE(x.pool); i++) {
		same += x.pool[i] == y.pool[i];
		zero += x.pool[i] == 0;
	}
	ck_assert_uint_lt(same, 3);
	ck_assert_uint_lt(zero, 3);
	y = x;
	while (x.left > 0) {
		expected = y.pool[x.left - 1];
		ck_assert_uint_eq(random_u32(&x), expected);
	}
	random_u32(&x);
	ck_assert_uint_eq(x.left, ARRAY_SIZE(x.pool) - 1);
	ck_assert_mem_ne(x.pool, y.pool, sizeof(x.pool));
}
END_TEST

static const struct {
	uint32_t number;
	uint16_t port;
} port_rows[] = {
	{ 0, 1024 },
	{ 1, 1025 },
	{ 64510, 65534 },
	{ 64511, 65535 },
	{ 64512, 1024 },
	{ UINT32_MAX, 1024 + UINT32_MAX % 64512 },
};

START_TEST(test_random_port)
{
	struct random r = { 0 };

	r.pool[0] = port_rows[_i].number;
	r.left = 1;
	ck_assert_uint_eq(random_port(&r), port_rows[_i].port);
}
END_TEST

START_TEST(test_random_port_range)
{
	struct random r = { 0 };
	uint16_t port, low = 65535, high = 0;
	int i;

	for (i = 0; i < 100000; i++) {
		port = random_port(&r);
		ck_assert_uint_ge(port, 1024);
		low = port < low ? port : low;
		high = port > high ? port : high;
	}
	ck_assert_uint_lt(low, 2024);
	ck_assert_uint_gt(high, 64535);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("base");
	TCase *tc = tcase_create("base");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_test(tc, test_err_set);
	tcase_add_test(tc, test_err_prefix);
	tcase_add_test(tc, test_err_kinds);
	tcase_add_loop_test(tc, test_err_cut, 0, ARRAY_SIZE(cut_rows));
	tcase_add_loop_test(tc, test_file_read, 0, ARRAY_SIZE(file_rows));
	tcase_add_loop_test(tc, test_file_unreadable, 0,
	    ARRAY_SIZE(unreadable_rows));
	tcase_add_loop_test(tc, test_clock, 0, ARRAY_SIZE(clocks));
	tcase_add_test(tc, test_random_pool);
	tcase_add_loop_test(tc, test_random_port, 0, ARRAY_SIZE(port_rows));
	tcase_add_test(tc, test_random_port_range);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
