/*
 * Calls of a script as our kernel takes them: each is made here and compared,
 * on sockets that talk over the loopback interface.
 */
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/table.h"
#include "calls.h"

static uint64_t
pointer(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

/* What the caller does: syscall() on a copy of the data. */
static void
make(struct a_call *c, uint8_t *zeros)
{
	const struct caller_request *req = c->req;
	const struct caller_reloc *r;
	uint64_t p, arg[CALLER_ARGS];
	size_t i;

	memcpy(c->reply->data, req->data, req->len);
	for (r = req->relocs; r < req->relocs + req->nrelocs; r++) {
		p = pointer(r->zeros > 0 ? zeros : c->reply->data + r->to);
		memcpy(c->reply->data + r->at, &p, sizeof(p));
	}
	for (i = 0; i < CALLER_ARGS; i++)
		arg[i] = req->kind[i] == CALLER_NUM ? (uint64_t)req->arg[i]
			 : req->kind[i] == CALLER_AT
			     ? pointer(c->reply->data + req->arg[i])
			     : pointer(zeros);
	c->reply->result =
	    syscall(req->nr, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
	c->reply->error = errno;
	c->reply->len = req->len;
}

/* Each must come out as it says; "!" before it: it must not. */
static const char *const calls[] = {
	"socket(..., SOCK_STREAM, IPPROTO_TCP) = 3",
	"setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0",
	"getsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], [4]) = 0",
	"!getsockopt(3, SOL_SOCKET, SO_REUSEADDR, [0], [4]) = 0",
	"getsockopt(3, SOL_SOCKET, SO_REUSEADDR, ..., ...) = 0",
	"setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=7}, 8) = 0",
	"getsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=7}, [8]) = 0",
	"!getsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=8}, [8]) = 0",
	"setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=0, linger=0}, 8) = 0",
	"setsockopt(3, SOL_SOCKET, SO_RCVTIMEO, {tv_sec=2, tv_usec=0}, 16) = 0",
	"getsockopt(3, SOL_SOCKET, SO_RCVTIMEO, {tv_sec=2}, [16]) = 0",
	"setsockopt(3, SOL_SOCKET, SO_TYPE, [1], 4) = -1 ENOPROTOOPT (x)",
	"setsockopt(3, SOL_TCP, TCP_CONGESTION, \"reno\", 4) = 0",
	"getsockopt(3, SOL_TCP, TCP_CONGESTION, \"reno\", ...) = 0",
	"!getsockopt(3, SOL_TCP, TCP_CONGESTION, \"ren\", ...) = 0",
	"getsockopt(3, SOL_TCP, TCP_INFO, ..., ...) = 0",
	"bind(3, ..., ...) = 0",
	"listen(3, 5) = 0",
	"socket(..., SOCK_STREAM, IPPROTO_TCP) = 4",
	"connect(4, ..., ...) = 0",
	"connect(4, ..., ...) = -1 EISCONN (x)",
	"accept(3, {sa_family=AF_INET, sin_addr=inet_addr(\"127.0.0.1\")}, "
	"...) = 5",
	"fcntl(5, F_GETFL) = 0x2 (flags O_RDWR)",
	"fcntl(5, F_SETFL, O_RDWR|O_NONBLOCK) = 0",
	"fcntl(5, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)",
	"read(5, ..., 100) = -1 EAGAIN (x)",
	"read(9, ..., 100) = -1 EBADF (x)",
	"poll([{fd=5, events=POLLIN|POLLOUT, revents=POLLOUT}], 1, 0) = 1",
	"epoll_create(1) = 6",
	"epoll_ctl(6, EPOLL_CTL_ADD, 5, {events=EPOLLIN|EPOLLET, fd=5}) = 0",
	"epoll_wait(6, {events=0, ptr=0}, 1, 0) = 0",
	"write(4, \"hello\", 5) = 5",
	"epoll_wait(6, {events=EPOLLIN, fd=5}, 1, 1000) = 1",
	"epoll_wait(6, {events=0, ptr=0}, 1, 0) = 0",
	"ioctl(5, SIOCINQ, [5]) = 0",
	"recv(5, \"hel\"..., 100, MSG_PEEK) = 5",
	"!recv(5, \"help\"..., 100, MSG_PEEK) = 5",
	"readv(5, [{..., 2}, {..., 100}], 2) = 5",
	"sendmsg(4, {msg_name(...)=..., msg_iov(2)=[{\"ab\", 2}, {..., 3}], "
	"msg_flags=0}, 0) = 5",
	"setsockopt(5, SOL_TCP, TCP_INQ, [1], 4) = 0",
	"poll([{fd=5, events=POLLIN, revents=POLLIN}], 1, 1000) = 1",
	"recvmsg(5, {msg_name(...)=..., msg_iov(1)=[{..., 2}], msg_flags=0, "
	"msg_control=[{cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, "
	"cmsg_data=3}]}, 0) = 2",
	"!recvmsg(5, {msg_name(...)=..., msg_iov(1)=[{..., 1}], msg_flags=0, "
	"msg_control=[{cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, "
	"cmsg_data=3}]}, 0) = 1",
	"!recvmsg(5, {msg_name(...)=..., msg_iov(1)=[{..., 1}], msg_flags=0, "
	"msg_control=[]}, 0) = 1",
	"!recvmsg(5, {msg_name(...)=..., msg_iov(1)=[{..., 1}], msg_flags=0, "
	"msg_control=[{cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, "
	"cmsg_data=0}, {cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, "
	"cmsg_data=0}]}, 0) = 1",
	"recvmsg(5, {msg_name(...)=..., msg_iov(1)=[{..., 1}], "
	"msg_flags=MSG_ERRQUEUE, msg_control=[]}, MSG_ERRQUEUE) "
	"= -1 EAGAIN (x)",
	"sendto(4, ..., 3, 0, ..., ...) = 3",
	"poll([{fd=5, events=POLLIN, revents=POLLIN}], 1, 1000) = 1",
	"pipe([7, 8]) = 0",
	"splice(5, NULL, 8, NULL, 3, 0) = 3",
	"read(7, ..., 10) = 3",
	"open(\"/dev/zero\", O_RDONLY) = 9",
	"read(9, \"\\0\\0\", 2) = 2",
	"!read(9, \"\\0a\", 2) = 2",
	"shutdown(4, SHUT_WR) = 0",
	"poll([{fd=5, events=POLLIN|POLLRDHUP, revents=POLLIN|POLLRDHUP}], 1, "
	"1000) = 1",
	"close(5) = 0",
	"close(5) = -1 EBADF (x)",
	"read(4, NULL, 100) = 0",
	"read(5, ..., 100) = -1 EBADF (x)",
};

/* A port that is free at the moment. */
static uint16_t
free_port(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, len), 0);
	getsockname(fd, (struct sockaddr *)&in, &len);
	close(fd);
	return ntohs(in.sin_port);
}

START_TEST(test_live)
{
	struct field fields[NFIELDS];
	struct descriptors fds = { 0 };
	static uint8_t zeros[4096];
	uint16_t port = free_port();
	struct a_call c;
	size_t i, n;
	bool ok, not ;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		not = *calls[i] == '!';
		n = 0;
		call_parse(&c, calls[i] + not, 4);
		addr_parse(&c.ends.stack, "127.0.0.1");
		c.ends.peer = c.ends.stack;
		c.ends.bind_port = c.ends.connect_port = port;
		call_marshal(&c, &fds);
		make(&c, zeros);
		ok = marshal_check(c.call, &c.outs, &c.ends, c.reply, fields,
		    &n);
		ck_assert_msg(ok == !not &&(n > 0) == not, "%s: %s %s, not %s",
		    calls[i], n ? fields[0].name : "",
		    n ? fields[0].observed : "", n ? fields[0].expected : "");
		marshal_learn(&fds, c.call, c.reply);
		call_free(&c);
	}
	for (i = 0; i < fds.n; i++)
		if (fds.d[i].live != -1)
			close(fds.d[i].live);
	descriptors_free(&fds);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("marshal live");
	TCase *tc = tcase_create("live");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_test(tc, test_live);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
