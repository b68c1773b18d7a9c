/* Symbolic constants of scripts. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/table.h"
#include "run/words.h"

static const struct {
	const char *name;
	int64_t value;
} known[] = {
	{ "AF_INET6", AF_INET6 },
	{ "SOCK_STREAM", SOCK_STREAM },
	{ "IPPROTO_TCP", 6 },
	{ "SOL_TCP", 6 },
	{ "SOL_SOCKET", SOL_SOCKET },
	{ "SO_REUSEADDR", SO_REUSEADDR },
	{ "TCP_MAXSEG", 2 },
	{ "TCP_FASTOPEN_CONNECT", 30 },
	{ "SIOCINQ", 0x541b },
	{ "IPTOS_DSCP_CS7", 0xe0 },
	{ "MSG_ZEROCOPY", 0x4000000 },
	{ "O_RDWR", O_RDWR },
	{ "O_RDONLY", 0 },
	{ "EPOLLET", 0x80000000 },
	{ "EAGAIN", EAGAIN },
	{ "EWOULDBLOCK", EAGAIN },
	{ "ERFKILL", ERFKILL },
};

START_TEST(test_known)
{
	struct err e = { 0 };
	int64_t value = -7;

	ck_assert_msg(words_value(known[_i].name, &value, &e) == 0, "%s",
	    e.msg);
	ck_assert_int_eq(value, known[_i].value);
}
END_TEST

static const struct {
	const char *name;
	enum err_kind kind;
	const char *msg;
} unknown[] = {
	{ "TCP_NOOPT", ERR_ENV, "Linux has no constant TCP_NOOPT" },
	{ "TCP_REMOTE_UDP_ENCAPS_PORT", ERR_ENV,
	    "Linux has no constant TCP_REMOTE_UDP_ENCAPS_PORT" },
	{ "ECAPMODE", ERR_ENV, "Linux has no constant ECAPMODE" },
	{ "SO_REUSADDR", ERR_USAGE,
	    "no constant is called SO_REUSADDR: give its number" },
	{ "", ERR_USAGE, "no constant is called : give its number" },
	{ "\033", ERR_USAGE, "no constant is called \\x1b: give its number" },
};

START_TEST(test_unknown)
{
	struct err e = { 0 };
	int64_t value;

	ck_assert_int_eq(words_value(unknown[_i].name, &value, &e), -1);
	ck_assert_int_eq(e.kind, unknown[_i].kind);
	ck_assert_str_eq(e.msg, unknown[_i].msg);
}
END_TEST

/* Each error has a name, which is its own; of two names the usual one. */
START_TEST(test_errno)
{
	struct err e;
	int64_t value;
	int error;

	for (error = 1; error < 134; error++) {
		if (strerrorname_np(error) == NULL)
			continue;
		ck_assert_msg(words_errno(error) != NULL, "%d", error);
		ck_assert_int_eq(words_value(words_errno(error), &value, &e),
		    0);
		ck_assert_int_eq(value, error);
	}
	ck_assert_str_eq(words_errno(EAGAIN), "EAGAIN");
	ck_assert_str_eq(words_errno(EOPNOTSUPP), "EOPNOTSUPP");
	ck_assert_ptr_null(words_errno(0));
	ck_assert_ptr_null(words_errno(4000));
}
END_TEST

static const struct {
	const char *prefix;
	uint32_t value;
	const char *text;
} flags[] = {
	{ "POLL", 0, "0" },
	{ "POLL", POLLIN, "POLLIN" },
	{ "POLL", POLLIN | POLLOUT | POLLHUP, "POLLHUP | POLLIN | POLLOUT" },
	{ "EPOLL", 1, "EPOLLIN" },
	{ "EPOLL", 0x80000001, "EPOLLET | EPOLLIN" },
	{ "MSG_", MSG_ERRQUEUE, "MSG_ERRQUEUE" },
	{ "POLL", 0x800000 | POLLERR, "POLLERR | 0x800000" },
	{ "NONE_", 3, "0x3" },
};

START_TEST(test_flags)
{
	struct buf b = { 0 };

	words_add_flags(&b, flags[_i].prefix, flags[_i].value);
	ck_assert_str_eq(buf_str(&b), flags[_i].text);
	buf_free(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("words");
	TCase *tc = tcase_create("words");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_known, 0, ARRAY_SIZE(known));
	tcase_add_loop_test(tc, test_unknown, 0, ARRAY_SIZE(unknown));
	tcase_add_test(tc, test_errno);
	tcase_add_loop_test(tc, test_flags, 0, ARRAY_SIZE(flags));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
