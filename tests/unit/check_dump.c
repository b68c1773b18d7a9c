/* Capture files that are written: their octets, and when writing fails. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sniff/dump.h"

static const uint8_t frame[] = "a frame of 24 octets....";

/* The header of a file, and one of a frame of which octets were cut. */
static const uint32_t header[6] = { 0xa1b23c4d, 0, 0, 0, 262144, 1 };
static const uint32_t record[4] = { 4294967295, 999999999, 24, 1500 };

START_TEST(test_octets)
{
	char path[] = "/tmp/check_dump.XXXXXX";
	uint32_t octets[20];
	struct dump *d;
	struct err e;
	FILE *f;

	ck_assert_int_ne(close(mkstemp(path)), -1);
	ck_assert_int_eq(dump_open(&d, path, &e), 0);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fread(octets, 1, sizeof(octets), f), 0);
	clearerr(f);
	ck_assert_int_eq(dump_flush(d, &e), 0);
	ck_assert_uint_eq(fread(octets, 1, sizeof(octets), f), 24);
	ck_assert_mem_eq(octets, header, 4);
	ck_assert_mem_eq(octets + 2, header + 2, 16);
	dump_cut_frame(d, 4294967295999999999, frame, 24, 1500);
	clearerr(f);
	ck_assert_int_eq(dump_close(d, &e), 0);
	ck_assert_uint_eq(fread(octets, 1, sizeof(octets), f), 16 + 24);
	ck_assert_mem_eq(octets, record, 16);
	ck_assert_mem_eq(octets + 4, frame, 24);
	fclose(f);
	unlink(path);
}
END_TEST

/* A frame longer than any reader takes is cut to what they do take. */
START_TEST(test_huge)
{
	char path[] = "/tmp/check_dump.XXXXXX";
	uint8_t *huge = calloc(1, 300000);
	struct dump *d;
	struct err e;
	FILE *f;

	ck_assert_int_ne(close(mkstemp(path)), -1);
	ck_assert_int_eq(dump_open(&d, path, &e), 0);
	dump_frame(d, 0, huge, 300000);
	free(huge);
	ck_assert_int_eq(dump_close(d, &e), 0);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
	ck_assert_int_eq(ftell(f), 24 + 16 + 262144);
	fclose(f);
	unlink(path);
}
END_TEST

START_TEST(test_disk_full)
{
	static const char message[] = "/dev/full: No space left on device";
	struct err e = { 0 };
	struct dump *d;
	int i;

	ck_assert_int_eq(dump_open(&d, "/dev/full", &e), 0);
	dump_frame(d, 1, frame, sizeof(frame));
	ck_assert_int_eq(dump_flush(d, &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_str_eq(e.msg, message);
	memset(&e, 0, sizeof(e));
	ck_assert_int_eq(dump_close(d, &e), -1);
	ck_assert_str_eq(e.msg, message);
	/* Without a flush close sees it first, */
	memset(&e, 0, sizeof(e));
	ck_assert_int_eq(dump_open(&d, "/dev/full", &e), 0);
	ck_assert_int_eq(dump_close(d, &e), -1);
	ck_assert_str_eq(e.msg, message);
	/* or a frame, when the buffer is full; it is not forgotten. */
	memset(&e, 0, sizeof(e));
	ck_assert_int_eq(dump_open(&d, "/dev/full", &e), 0);
	for (i = 0; i < 10000; i++)
		dump_frame(d, 1, frame, sizeof(frame));
	ck_assert_int_eq(dump_close(d, &e), -1);
	ck_assert_str_eq(e.msg, message);
}
END_TEST

/* A write that fails is told although all later ones succeed. */
START_TEST(test_passing_failure)
{
	char path[] = "/tmp/check_dump.XXXXXX";
	struct rlimit old, limit;
	struct err e = { 0 };
	struct dump *d;
	int i;

	ck_assert_int_ne(close(mkstemp(path)), -1);
	ck_assert_int_eq(dump_open(&d, path, &e), 0);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 1000;
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (i = 0; i < 10000; i++)
		dump_frame(d, 1, frame, sizeof(frame));
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
	ck_assert_int_eq(dump_close(d, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.msg, "File too large"));
	unlink(path);
}
END_TEST

START_TEST(test_refused)
{
	struct err e = { 0 };
	struct dump *d;

	ck_assert_int_eq(dump_open(&d, "/tmp", &e), -1);
	ck_assert_ptr_null(d);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_str_eq(e.msg, "/tmp: Is a directory");
	ck_assert_int_eq(dump_open(&d, "no\n/such", &e), -1);
	ck_assert_str_eq(e.msg, "no\\x0a/such: No such file or directory");
	ck_assert_int_eq(dump_close(NULL, &e), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("dump");
	TCase *tc = tcase_create("dump");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_test(tc, test_octets);
	tcase_add_test(tc, test_huge);
	tcase_add_test(tc, test_disk_full);
	tcase_add_test(tc, test_passing_failure);
	tcase_add_test(tc, test_refused);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
