#include <sys/socket.h>
#include <sys/syscall.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench/stage.h"
#include "calls.h"

void
calls_open(struct calls *u)
{
	struct stage stage;
	struct err e;

	stage_init(&stage);
	memset(u, 0, sizeof(*u));
	ck_assert_msg(bench_open_stage(&u->bench, &stage, &e) == 0, "%s",
	    e.msg);
}

void
calls_any(struct calls *u)
{
	int64_t deadline = clock_mono() + 10 * NSEC_PER_SEC;
	struct err e;
	int rc = caller_next(u->bench, &u->r, deadline, &e);

	ck_assert_msg(rc == 1, "%s", rc == 0 ? "no reply" : e.msg);
	ck_assert_int_le(u->r.began, u->r.ended);
	ck_assert_int_le(u->r.ended, clock_mono());
}

void
calls_next(struct calls *u, uint32_t id)
{
	calls_any(u);
	ck_assert_uint_eq(u->r.id, id);
}

void
calls_ask(struct calls *u)
{
	struct err e;

	u->q.id++;
	ck_assert_msg(caller_send(u->bench, &u->q, &e) == 0, "%s", e.msg);
}

void
calls_set(struct calls *u, long nr, long a, long b, long c, long d, long e)
{
	uint32_t id = u->q.id;

	memset(&u->q, 0, sizeof(u->q));
	u->q.id = id;
	u->q.nr = nr;
	u->q.arg[0] = a;
	u->q.arg[1] = b;
	u->q.arg[2] = c;
	u->q.arg[3] = d;
	u->q.arg[4] = e;
}

void
calls_at(struct calls *u, int arg, const void *data, uint32_t len)
{
	u->q.kind[arg] = CALLER_AT;
	u->q.arg[arg] = u->q.len;
	if (data != NULL)
		memcpy(u->q.data + u->q.len, data, len);
	u->q.len += len;
}

long
calls_result(struct calls *u)
{
	calls_ask(u);
	calls_next(u, u->q.id);
	return u->r.result;
}

void
calls_reloc(struct calls *u, uint32_t where, uint32_t to, uint32_t zeros)
{
	u->q.relocs[u->q.nrelocs++] = (struct caller_reloc){ where, to, zeros };
}

long
calls_socket(struct calls *u)
{
	long fd;

	calls_set(u, SYS_socket, AF_INET, SOCK_STREAM, IPPROTO_TCP, 0, 0);
	fd = calls_result(u);
	ck_assert_int_ge(fd, 0);
	return fd;
}

void
calls_set_address(struct calls *u, long nr, long fd, const char *text)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(CALLS_PORT) };

	inet_pton(AF_INET, text, &in.sin_addr);
	calls_set(u, nr, fd, 0, sizeof(in), 0, 0);
	calls_at(u, 1, &in, sizeof(in));
}

long
calls_listen(struct calls *u)
{
	long fd = calls_socket(u);

	calls_set_address(u, SYS_bind, fd, "192.168.0.1");
	ck_assert_int_eq(calls_result(u), 0);
	calls_set(u, SYS_listen, fd, 5, 0, 0, 0);
	ck_assert_int_eq(calls_result(u), 0);
	return fd;
}

uint32_t
calls_block(struct calls *u, long fd)
{
	struct err e;

	calls_set(u, SYS_accept, fd, 0, 0, 0, 0);
	calls_ask(u);
	ck_assert_int_eq(caller_next(u->bench, &u->r,
			     clock_mono() + 20 * NSEC_PER_MSEC, &e),
	    0);
	return u->q.id;
}

void
calls_pair(struct calls *u, long fds[2])
{
	long fd = calls_listen(u);
	uint32_t accept = calls_block(u, fd), connect;

	fds[0] = calls_socket(u);
	calls_set_address(u, SYS_connect, fds[0], "192.168.0.1");
	calls_ask(u);
	connect = u->q.id;
	/* they may return in any order */
	calls_any(u);
	if (u->r.id == accept) {
		fds[1] = u->r.result;
		calls_next(u, connect);
		ck_assert_int_eq(u->r.result, 0);
	} else {
		ck_assert_int_eq(u->r.result, 0);
		calls_next(u, accept);
		fds[1] = u->r.result;
	}
	ck_assert_int_ge(fds[1], 0);
}

/* Is a bench possible here at all? Asked in a child, which it changes. */
START_TEST(test_possible)
{
	struct calls u;

	calls_open(&u);
	bench_close(u.bench);
}
END_TEST

static int
run(const char *name, const struct calls_test *tests, size_t n)
{
	Suite *suite = suite_create(name);
	TCase *tc = tcase_create(name);
	SRunner *sr;
	size_t i;
	int failed;

	tcase_set_timeout(tc, 30);
	for (i = 0; i < n; i++)
		tcase_add_loop_test(tc, tests[i].test, 0, tests[i].times);
	suite_add_tcase(suite, tc);
	sr = srunner_create(suite);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed;
}

int
calls_main(const char *name, const struct calls_test *tests, size_t n)
{
	const struct calls_test possible = { test_possible, 1 };

	if (run("a bench for the caller", &possible, 1) != 0) {
		puts("SKIP: no private namespaces here (the line above "
		     "says why)");
		return 77;
	}
	return run(name, tests, n) != 0;
}
