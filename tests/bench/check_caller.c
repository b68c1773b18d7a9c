/*
 * The caller makes a script's system calls: with what arguments, in what
 * order, and what comes back.
 */
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <check.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/table.h"
#include "calls.h"

START_TEST(test_calls)
{
	int64_t before = clock_mono();
	struct calls u;
	long fds[2];

	calls_open(&u);
	calls_pair(&u, fds);
	calls_set(&u, SYS_write, fds[0], 0, 5, 0, 0);
	calls_at(&u, 1, "abcde", 5);
	ck_assert_int_eq(calls_result(&u), 5);
	ck_assert_int_lt(before, u.r.began);
	before = u.r.ended;
	/* into the middle of data, and the rest is left alone */
	calls_set(&u, SYS_read, fds[1], 0, 5, 0, 0);
	calls_at(&u, 5, "[", 1);
	calls_at(&u, 1, NULL, 5);
	calls_at(&u, 4, "]", 1);
	ck_assert_int_eq(calls_result(&u), 5);
	ck_assert_uint_eq(u.r.len, 7);
	ck_assert_mem_eq(u.r.data, "[abcde]", 7);
	ck_assert_int_le(before, u.r.began);
	/* the largest message there is */
	calls_set(&u, SYS_write, fds[0], 0, CALLER_DATA, 0, 0);
	calls_at(&u, 1, NULL, CALLER_DATA);
	ck_assert_int_eq(calls_result(&u), CALLER_DATA);
	ck_assert_uint_eq(u.r.len, CALLER_DATA);
	bench_close(u.bench);
}
END_TEST

START_TEST(test_errno)
{
	struct calls u;
	int fds[2];

	calls_open(&u);
	calls_set(&u, SYS_close, 4242, 0, 0, 0, 0);
	ck_assert_int_eq(calls_result(&u), -1);
	ck_assert_int_eq(u.r.error, EBADF);
	/* no SIGPIPE, which would end the caller */
	calls_set(&u, SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, 0, 0);
	calls_at(&u, 3, NULL, sizeof(fds));
	ck_assert_int_eq(calls_result(&u), 0);
	ck_assert_int_eq(u.r.error, 0);
	memcpy(fds, u.r.data, sizeof(fds));
	calls_set(&u, SYS_close, fds[1], 0, 0, 0, 0);
	ck_assert_int_eq(calls_result(&u), 0);
	calls_set(&u, SYS_write, fds[0], 0, 1, 0, 0);
	calls_at(&u, 1, "a", 1);
	ck_assert_int_eq(calls_result(&u), -1);
	ck_assert_int_eq(u.r.error, EPIPE);
	bench_close(u.bench);
}
END_TEST

START_TEST(test_options)
{
	struct calls u;
	int one = 1;
	socklen_t len = sizeof(int);
	long fd;

	calls_open(&u);
	fd = calls_socket(&u);
	calls_set(&u, SYS_setsockopt, fd, IPPROTO_TCP, TCP_NODELAY, 0,
	    sizeof(one));
	calls_at(&u, 3, &one, sizeof(one));
	ck_assert_int_eq(calls_result(&u), 0);
	calls_set(&u, SYS_getsockopt, fd, IPPROTO_TCP, TCP_NODELAY, 0, 0);
	calls_at(&u, 3, NULL, sizeof(one));
	calls_at(&u, 4, &len, sizeof(len));
	ck_assert_int_eq(calls_result(&u), 0);
	ck_assert_mem_eq(u.r.data, &one, sizeof(one));
	/* the capability that it has, and one that it has not */
	calls_set(&u, SYS_setsockopt, fd, SOL_SOCKET, SO_MARK, 0, sizeof(one));
	calls_at(&u, 3, &one, sizeof(one));
	ck_assert_int_eq(calls_result(&u), 0);
	calls_set(&u, SYS_socket, AF_INET, SOCK_RAW, IPPROTO_TCP, 0, 0);
	ck_assert_int_eq(calls_result(&u), -1);
	ck_assert_int_eq(u.r.error, EPERM);
	bench_close(u.bench);
}
END_TEST

/* data: a msghdr, its two iovecs, their text; every pointer is relocated */
START_TEST(test_relocations)
{
	struct message {
		struct msghdr msg;
		struct iovec iov[2];
		char text[8];
	} m = { .msg = { .msg_iovlen = 2 },
		.iov = { { .iov_len = 3 }, { .iov_len = 4 } },
		.text = "vwxyz" };
	struct calls u;
	long fds[2];

	calls_open(&u);
	calls_pair(&u, fds);
	calls_set(&u, SYS_sendmsg, fds[0], 0, 0, 0, 0);
	calls_at(&u, 1, &m, sizeof(m));
	calls_reloc(&u, offsetof(struct message, msg.msg_iov),
	    offsetof(struct message, iov), 0);
	calls_reloc(&u, offsetof(struct message, iov[0].iov_base),
	    offsetof(struct message, text[2]), 0);
	calls_reloc(&u, offsetof(struct message, iov[1].iov_base), 0, 4);
	ck_assert_int_eq(calls_result(&u), 7);
	calls_set(&u, SYS_read, fds[1], 0, 7, 0, 0);
	calls_at(&u, 1, "???????", 7);
	ck_assert_int_eq(calls_result(&u), 7);
	ck_assert_mem_eq(u.r.data, "xyz\0\0\0\0", 7);
	bench_close(u.bench);
}
END_TEST

START_TEST(test_zeros)
{
	enum { SIZE = 10 << 20 };
	long fds[2], left = SIZE;
	uint32_t write;
	struct calls u;

	calls_open(&u);
	calls_pair(&u, fds);
	calls_set(&u, SYS_write, fds[0], SIZE, SIZE, 0, 0);
	u.q.kind[1] = CALLER_ZEROS;
	calls_ask(&u);
	write = u.q.id;
	while (left > 0) {
		calls_set(&u, SYS_recvfrom, fds[1], left, left, MSG_WAITALL, 0);
		u.q.kind[1] = CALLER_ZEROS;
		calls_ask(&u);
		/* the write returns before the last read, or after it */
		calls_any(&u);
		if (u.r.id == write) {
			ck_assert_int_eq(u.r.result, SIZE);
			write = 0;
			calls_next(&u, u.q.id);
		}
		ck_assert_int_gt(u.r.result, 0);
		left -= u.r.result;
	}
	if (write != 0) {
		calls_next(&u, write);
		ck_assert_int_eq(u.r.result, SIZE);
	}
	bench_close(u.bench);
}
END_TEST

/* None of them is a call: a descriptor would be made if one were. */
START_TEST(test_out_of_bounds)
{
	static const struct row {
		uint32_t where, to, zeros;
	} rows[] = {
		{ 0, 17, 0 },
		{ 9, 0, 0 },
		{ 0xfffffffc, 0, 0 },
		{ 0, 0xffffffff, 0 },
		{ 0, 0, CALLER_ZEROS_MAX + 1 },
	};
	const struct row *row;
	struct calls u;
	long fd, i;

	calls_open(&u);
	fd = calls_socket(&u);
	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		calls_set(&u, SYS_dup, fd, 0, 0, 0, 0);
		u.q.len = 16;
		calls_reloc(&u, row->where, row->to, row->zeros);
		ck_assert_int_eq(calls_result(&u), -1);
		ck_assert_int_eq(u.r.error, EFAULT);
	}
	for (i = -1; i < CALLER_DATA; i += CALLER_DATA / 2) {
		calls_set(&u, SYS_dup, fd, i, 0, 0, 0);
		u.q.kind[1] = CALLER_AT;
		ck_assert_int_eq(calls_result(&u), -1);
		ck_assert_int_eq(u.r.error, EFAULT);
	}
	calls_set(&u, SYS_dup, fd, CALLER_ZEROS_MAX + 1L, 0, 0, 0);
	u.q.kind[1] = CALLER_ZEROS;
	ck_assert_int_eq(calls_result(&u), -1);
	calls_set(&u, SYS_dup, fd, 0, 0, 0, 0);
	u.q.nrelocs = CALLER_RELOCS + 1;
	ck_assert_int_eq(calls_result(&u), -1);
	ck_assert_int_eq(u.r.error, EINVAL);
	/* within bounds, it is one, and the first */
	calls_set(&u, SYS_dup, fd, 0, 0, 0, 0);
	u.q.len = 16;
	calls_reloc(&u, 8, 16, 0);
	ck_assert_int_eq(calls_result(&u), fd + 1);
	bench_close(u.bench);
}
END_TEST

/* Who waits for one reply does not lose those of others. */
START_TEST(test_ask)
{
	static struct caller_reply own;
	struct calls u;
	uint32_t id;
	struct err e;
	long fd;

	calls_open(&u);
	fd = calls_listen(&u);
	calls_block(&u, fd);
	calls_set(&u, SYS_getpid, 0, 0, 0, 0, 0);
	calls_ask(&u);
	id = u.q.id;
	calls_ask(&u);
	usleep(20000);
	u.q.id = 0x80000000;
	ck_assert_int_eq(caller_ask(u.bench, &u.q, &own,
			     clock_mono() + NSEC_PER_SEC, &e),
	    1);
	ck_assert_uint_eq(own.id, 0x80000000);
	ck_assert_int_gt(own.result, 1);
	calls_any(&u);
	ck_assert_int_eq(u.r.result, own.result);
	ck_assert(u.r.id == id || u.r.id == id + 1);
	/* the other one is kept when the bench is closed */
	/* in time, or not at all */
	calls_set(&u, SYS_accept, fd, 0, 0, 0, 0);
	ck_assert_int_eq(caller_ask(u.bench, &u.q, &own,
			     clock_mono() + NSEC_PER_MSEC, &e),
	    0);
	bench_close(u.bench);
}
END_TEST

int
main(void)
{
	const struct calls_test tests[] = { { test_calls, 1 },
		{ test_errno, 1 }, { test_options, 1 }, { test_relocations, 1 },
		{ test_zeros, 1 }, { test_out_of_bounds, 1 }, { test_ask, 1 } };

	return calls_main("caller", tests, ARRAY_SIZE(tests));
}
