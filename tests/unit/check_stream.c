/* Messages over a stream of octets, as User Mode Linux's driver has them. */
#include <sys/socket.h>

#include <check.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/stream.h"

static int line[2];

static void
open_line(void)
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, line), 0);
}

static void
close_line(void)
{
	close(line[0]);
	close(line[1]);
}

/* Zeros inside count; those at the end are not sent, and there again. */
START_TEST(test_zeros)
{
	static const uint8_t sent[300] = { 0, 1, 0, 0, 255 };
	uint8_t wire[16], got[300];

	ck_assert_int_eq(stream_send(line[0], sent, sizeof(sent)), 300);
	ck_assert_int_eq(recv(line[1], wire, sizeof(wire), MSG_PEEK), 7);
	ck_assert_mem_eq(wire, "\5\0\0\1\0\0\377", 7);
	memset(got, 0xee, sizeof(got));
	ck_assert_int_eq(stream_receive(line[1], got, sizeof(got)), 300);
	ck_assert_mem_eq(got, sent, sizeof(got));
}
END_TEST

/* An empty message is one, too; each keeps to itself. */
START_TEST(test_several)
{
	uint8_t sent[1000], got[1000];

	memset(sent, 7, sizeof(sent));
	ck_assert_int_eq(stream_send(line[0], "", 0), 0);
	ck_assert_int_eq(stream_send(line[0], sent, sizeof(sent)), 1000);
	ck_assert_int_eq(stream_send(line[0], "ab", 2), 2);
	ck_assert_int_eq(stream_receive(line[1], got, 4), 4);
	ck_assert_mem_eq(got, "\0\0\0\0", 4);
	ck_assert_int_eq(stream_receive(line[1], got, sizeof(got)), 1000);
	ck_assert_mem_eq(got, sent, sizeof(got));
	ck_assert_int_eq(stream_receive(line[1], got, 3), 3);
	ck_assert_mem_eq(got, "ab\0", 3);
}
END_TEST

START_TEST(test_too_long)
{
	uint8_t got[4];

	ck_assert_int_eq(stream_send(line[0], "abcde", 5), 5);
	errno = 0;
	ck_assert_int_eq(stream_receive(line[1], got, sizeof(got)), -1);
	ck_assert_int_eq(errno, EMSGSIZE);
}
END_TEST

/* The other end may end before a message, in its length, in its text. */
START_TEST(test_end)
{
	uint8_t got[4];

	ck_assert_int_eq(write(line[0], "\3\0ab", _i), _i);
	shutdown(line[0], SHUT_WR);
	ck_assert_int_eq(stream_receive(line[1], got, sizeof(got)), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("stream");
	TCase *tc = tcase_create("stream");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, open_line, close_line);
	tcase_add_test(tc, test_zeros);
	tcase_add_test(tc, test_several);
	tcase_add_test(tc, test_too_long);
	tcase_add_loop_test(tc, test_end, 0, 5);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
