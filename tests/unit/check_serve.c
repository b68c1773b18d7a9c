/* What the programs that are linked with a stack have in common. */
#include <sys/socket.h>

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/table.h"
#include "bench/program.h"
#include "stacks/serve.h"

static const char *const good[] = { "retort-x", "7", "peer",
	"02:02:03:04:05:fe", "192.0.2.2", "2001:db8::2", "5000", "5002" };

START_TEST(test_args)
{
	struct serve_args a;
	struct err e;

	ck_assert_int_eq(serve_args(&a, ARRAY_SIZE(good), (char *const *)good,
			     &e),
	    0);
	ck_assert_int_eq(a.fd, 7);
	ck_assert_str_eq(a.tap, "peer");
	ck_assert_mem_eq(a.mac, "\x02\x02\x03\x04\x05\xfe", 6);
	ck_assert_int_eq(a.ip[0].ip, 4);
	ck_assert_mem_eq(a.ip[0].octets, "\xc0\x00\x02\x02", 4);
	ck_assert_int_eq(a.ip[1].ip, 6);
	ck_assert_int_eq(a.ip[1].octets[15], 2);
	ck_assert_uint_eq(a.listen_port, 5000);
}
END_TEST

/* Somebody runs it by hand: any argument that is missing or wrong. */
START_TEST(test_args_wrong)
{
	const char *argv[ARRAY_SIZE(good)];
	struct serve_args a;
	struct err e = { 0 };
	int argc = ARRAY_SIZE(good);

	memcpy(argv, good, sizeof(argv));
	if (_i == 0)
		argc = 1;
	else
		argv[2 + _i] = "x";
	ck_assert_int_eq(serve_args(&a, argc, (char *const *)argv, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(e.msg, "retort check --target"));
}
END_TEST

/* ---- one request ---- */

struct user {
	char calls[8]; /* what was called, in this order */
	int fd;	       /* at the last look */
	int error;     /* of the operation */
};

static void
note(struct user *u, char call)
{
	u->calls[strlen(u->calls)] = call;
}

static int
look(void *user, const struct drv_request *request, struct drv_reply *reply)
{
	struct user *u = user;

	note(u, 'L');
	u->fd = request->fd;
	reply->state = ST_ESTABLISHED;
	return 0;
}

static int
do_it(void *user, const struct drv_request *request, struct drv_reply *reply)
{
	struct user *u = user;

	note(u, 'D');
	if (request->op == DRV_ACCEPT)
		reply->fd = 9;
	return u->error;
}

static serve_op *const ops[] = {
	[DRV_LOOK] = look,
	[DRV_ACCEPT] = do_it,
	[DRV_CLOSE] = do_it,
};

/* Ask it of a user, and return what is answered. */
static struct drv_reply
ask(struct user *u, enum drv_op op, enum drv_look when)
{
	struct drv_request request = { .op = op, .look = when, .fd = 4 };
	struct drv_reply reply;
	int fds[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	ck_assert(send(fds[0], &request, sizeof(request), 0) > 0);
	ck_assert_int_eq(serve_one(fds[1], ops, ARRAY_SIZE(ops), u), 0);
	ck_assert_int_eq(recv(fds[0], &reply, sizeof(reply), MSG_DONTWAIT),
	    sizeof(reply));
	close(fds[0]);
	close(fds[1]);
	return reply;
}

START_TEST(test_order)
{
	struct user before = { 0 }, after = { 0 }, none = { 0 };
	struct drv_reply reply = ask(&before, DRV_CLOSE, DRV_LOOK_BEFORE);

	ck_assert_str_eq(before.calls, "LD");
	ck_assert_int_eq(before.fd, 4);
	ck_assert_int_eq(reply.state, ST_ESTABLISHED);
	ck_assert_int_eq(reply.fd, -1);
	ask(&after, DRV_CLOSE, DRV_LOOK_AFTER);
	ck_assert_str_eq(after.calls, "DL");
	/* its user has let go of it */
	ck_assert_int_eq(after.fd, -1);
	ask(&none, DRV_CLOSE, DRV_LOOK_NOT);
	ck_assert_str_eq(none.calls, "D");
}
END_TEST

START_TEST(test_new_descriptor)
{
	struct user u = { 0 };
	struct drv_reply reply = ask(&u, DRV_ACCEPT, DRV_LOOK_AFTER);

	ck_assert_int_eq(reply.fd, 9);
	ck_assert_int_eq(u.fd, 9);
}
END_TEST

/* An operation that fails is not looked at. */
START_TEST(test_error)
{
	struct user u = { .error = ENOTCONN };

	ck_assert_int_eq(ask(&u, DRV_CLOSE, DRV_LOOK_AFTER).error, ENOTCONN);
	ck_assert_str_eq(u.calls, "D");
}
END_TEST

START_TEST(test_not_supported)
{
	static const int unknown[] = { DRV_CONNECT, DRV_SYSCTL, 1000, -1 };
	struct user u = { 0 };

	ck_assert_int_eq(ask(&u, unknown[_i], DRV_LOOK_NOT).error, EOPNOTSUPP);
	ck_assert_str_eq(u.calls, "");
}
END_TEST

/* The bench is gone, or is none. */
START_TEST(test_end)
{
	struct user u = { 0 };
	int fds[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	ck_assert_int_eq(send(fds[0], "?", 1, 0), 1);
	ck_assert_int_eq(serve_one(fds[1], ops, ARRAY_SIZE(ops), &u), -1);
	close(fds[0]);
	ck_assert_int_eq(serve_one(fds[1], ops, ARRAY_SIZE(ops), &u), -1);
	ck_assert_int_eq(serve_hello(fds[1], "x 1", true, NULL), -1);
	close(fds[1]);
	ck_assert_str_eq(u.calls, "");
}
END_TEST

START_TEST(test_hello)
{
	struct err e = { ERR_ENV, "no TAP" };
	struct drv_reply hello;
	int fds[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	ck_assert_int_eq(serve_hello(fds[1], "x 1", true, NULL), 0);
	ck_assert(recv(fds[0], &hello, sizeof(hello), 0) > 0);
	ck_assert_int_eq(hello.error, 0);
	ck_assert_str_eq(hello.stack, "x 1");
	ck_assert(hello.looks && hello.has_ip6);
	ck_assert_int_eq(serve_hello(fds[1], "x 1", false, &e), 0);
	ck_assert(recv(fds[0], &hello, sizeof(hello), 0) > 0);
	ck_assert_int_ne(hello.error, 0);
	ck_assert_str_eq(hello.msg, "no TAP");
	close(fds[0]);
	close(fds[1]);
}
END_TEST

/* ---- the program ---- */

START_TEST(test_not_built)
{
	struct err e = { 0 };

	ck_assert_int_eq(program_find("retort-x", "libx-dev", &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_ptr_nonnull(strstr(e.msg, "retort-x was not built"));
	ck_assert_ptr_nonnull(strstr(e.msg, "apt-get install libx-dev"));
}
END_TEST

START_TEST(test_cannot_run)
{
	struct bench_net net = { .peer_if = "peer" };
	struct drv_reply hello;
	int fds[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	ck_assert_int_ne(program_run("retort-x", fds[1], &net), 0);
	ck_assert(recv(fds[0], &hello, sizeof(hello), MSG_DONTWAIT) > 0);
	ck_assert_int_eq(hello.error, ENOENT);
	ck_assert_ptr_nonnull(strstr(hello.msg, "cannot run retort-x"));
	close(fds[0]);
	close(fds[1]);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("serve");
	TCase *tc = tcase_create("serve");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, test_args);
	tcase_add_loop_test(tc, test_args_wrong, 0, 4);
	tcase_add_test(tc, test_order);
	tcase_add_test(tc, test_new_descriptor);
	tcase_add_test(tc, test_error);
	tcase_add_loop_test(tc, test_not_supported, 0, 4);
	tcase_add_test(tc, test_end);
	tcase_add_test(tc, test_hello);
	tcase_add_test(tc, test_not_built);
	tcase_add_test(tc, test_cannot_run);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
