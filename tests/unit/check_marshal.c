/* Calls of scripts as requests: numbers, descriptors, octets. */
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>

#include "base/table.h"
#include "calls.h"

/*
 * Arguments: a number; "@N": data at N; "#N": N zero octets. The script's
 * descriptor 3 is live 30.
 */
static const struct {
	const char *text;
	long nr;
	const char *args;
} rows[] = {
	{ "socket(..., SOCK_STREAM, IPPROTO_TCP) = 3", SYS_socket, "2 1 6" },
	{ "socket(AF_INET6, SOCK_STREAM, 0) = 3", SYS_socket, "10 1 0" },
	{ "bind(3, ..., ...) = 0", SYS_bind, "30 @0 16" },
	{ "bind(3, NULL, 7) = -1 EFAULT (Bad address)", SYS_bind, "30 0 7" },
	{ "listen(3, 1) = 0", SYS_listen, "30 1" },
	{ "listen(9, 1) = -1 EBADF (Bad file descriptor)", SYS_listen, "-1 1" },
	{ "accept(3, ..., ...) = 4", SYS_accept4, "30 @0 @128 0" },
	{ "accept(3, NULL, NULL) = 4", SYS_accept4, "30 0 0 0" },
	{ "connect(3, ..., ...) = 0", SYS_connect, "30 @0 16" },
	{ "read(3, ..., 1000) = 1000", SYS_read, "30 #1000 1000" },
	{ "read(3, ..., 0) = 0", SYS_read, "30 @0 0" },
	{ "read(3, NULL, 10) = -1 EFAULT (Bad address)", SYS_read, "30 0 10" },
	{ "read(3, \"abc\", 10) = 3", SYS_read, "30 @0 10" },
	{ "recv(3, ..., 10, MSG_PEEK) = 10", SYS_recvfrom, "30 #10 10 2 0 0" },
	{ "recvfrom(3, ..., 10, 0, ..., ...) = 10", SYS_recvfrom,
	    "30 #10 10 0 @0 @128" },
	{ "write(3, ..., 70000) = 70000", SYS_write, "30 #70000 70000" },
	{ "send(3, ..., 4, MSG_EOR) = 4", SYS_sendto, "30 #4 4 128 0 0" },
	{ "sendto(3, ..., 4, MSG_FASTOPEN, ..., ...) = 4", SYS_sendto,
	    "30 #4 4 536870912 @0 16" },
	{ "readv(3, [{..., 10}, {..., 20}], 2) = 30", SYS_readv, "30 @0 2" },
	{ "shutdown(3, SHUT_RDWR) = 0", SYS_shutdown, "30 2" },
	{ "close(3) = 0", SYS_close, "30" },
	{ "getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0", SYS_getsockopt,
	    "30 1 4 @0 @64" },
	{ "getsockopt(3, SOL_TCP, TCP_INFO, ..., ...) = 0", SYS_getsockopt,
	    "30 6 11 @0 @1024" },
	{ "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0", SYS_setsockopt,
	    "30 1 2 @0 4" },
	{ "fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)", SYS_fcntl, "30 3" },
	{ "fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0", SYS_fcntl, "30 4 2050" },
	{ "ioctl(3, SIOCINQ, [1000]) = 0", SYS_ioctl, "30 21531 @0" },
	{ "poll([{fd=3, events=POLLIN, revents=POLLIN}], 1, 1500) = 1",
	    SYS_ppoll, "@0 1 @16 0 0" },
	{ "poll([{fd=3, events=POLLIN}], 1, -1) = 1", SYS_ppoll, "@0 1 0 0 0" },
	{ "epoll_create(1) = 4", SYS_epoll_create1, "0" },
	{ "epoll_create(0) = -1 EINVAL (Invalid argument)", SYS_epoll_create1,
	    "-1" },
	{ "epoll_ctl(3, EPOLL_CTL_ADD, 3, {events=EPOLLIN, fd=3}) = 0",
	    SYS_epoll_ctl, "30 1 30 @0" },
	{ "epoll_wait(3, {events=EPOLLIN, fd=3}, 1, 0) = 1", SYS_epoll_pwait,
	    "30 @0 1 0 0" },
	{ "open(\"/x\", O_RDONLY) = 4", SYS_openat, "-100 @0 0 0" },
	{ "pipe([5, 6]) = 0", SYS_pipe2, "@0 0" },
	{ "sendfile(3, 3, [0], 5) = 5", SYS_sendfile, "30 30 @0 5" },
	{ "splice(3, NULL, 3, NULL, 5, 0) = 5", SYS_splice, "30 0 30 0 5 0" },
};

/* Two of data, such as "@12", in the notation of the rows. */
static void
spell(char *text, const struct caller_request *req, size_t n)
{
	static const char sign[] = { [CALLER_AT] = '@', [CALLER_ZEROS] = '#' };
	size_t i;
	char *p = text;

	for (i = 0; i < n; i++) {
		if (i > 0)
			*p++ = ' ';
		if (req->kind[i] != CALLER_NUM)
			*p++ = sign[req->kind[i]];
		p += sprintf(p, "%lld", (long long)req->arg[i]);
	}
}

START_TEST(test_arguments)
{
	struct descriptors fds = { 0 };
	struct a_call c;
	const char *p;
	char text[200];
	size_t n = 1;

	for (p = rows[_i].args; *p != '\0'; p++)
		n += *p == ' ';
	descriptors_add(&fds, 3, 30);
	call_parse(&c, rows[_i].text, 4);
	call_marshal(&c, &fds);
	ck_assert_int_eq(c.req->op, CALLER_CALL);
	ck_assert_int_eq(c.req->nr, rows[_i].nr);
	spell(text, c.req, n);
	ck_assert_str_eq(text, rows[_i].args);
	call_free(&c);
	descriptors_free(&fds);
}
END_TEST

static const struct {
	int ip;
	bool mapped;
	const char *text;
	int64_t len;
	const char *octets; /* after the family */
} addresses[] = {
	{ 4, false, "bind(3, ..., ...) = 0", 16, "1f90c0a80001" },
	{ 4, false, "connect(3, ..., ...) = 0", 16, "1f91c0000201" },
	{ 6, false, "bind(3, ..., ...) = 0", 28,
	    "1f900000000020010db8000000000000000000000001" },
	{ 6, false, "connect(3, ..., ...) = 0", 28,
	    "1f910000000020010db8000000000000000000000002" },
	{ 4, true, "bind(3, ..., ...) = 0", 28,
	    "1f900000000000000000000000000000ffffc0a80001" },
	{ 4, true, "connect(3, ..., ...) = 0", 28,
	    "1f910000000000000000000000000000ffffc0000201" },
	{ 4, false,
	    "bind(3, {sa_family=AF_INET, sin_port=htons(80), "
	    "sin_addr=inet_addr(\"10.1.2.3\")}, ...) = 0",
	    16, "00500a010203" },
	/* the script's port 9000 is live 9001 */
	{ 4, false,
	    "connect(3, {sa_family=AF_INET, sin_port=htons(9000), "
	    "sin_addr=inet_addr(\"10.1.2.3\")}, 12) = 0",
	    12, "23290a010203" },
	{ 6, false,
	    "connect(3, {sa_family=AF_INET6, sin6_port=htons(80), "
	    "sin6_addr=inet6_addr(\"::1\")}, ...) = 0",
	    28, "00500000000000000000000000000000000000000001" },
	{ 4, false, "connect(3, AF_UNSPEC, ...) = 0", 16, "000000000000" },
};

START_TEST(test_addresses)
{
	static const struct port_pair ports[] = { { 9000, 9001 } };
	const char *want = addresses[_i].octets;
	struct a_call c;
	char text[64];
	uint16_t family;
	size_t i;

	call_parse(&c, addresses[_i].text, addresses[_i].ip);
	c.ends.mapped = addresses[_i].mapped;
	c.ends.ports = ports;
	c.ends.nports = ARRAY_SIZE(ports);
	call_marshal(&c, &(struct descriptors){ 0 });
	ck_assert_int_eq(c.req->arg[2], addresses[_i].len);
	memcpy(&family, c.req->data, 2);
	ck_assert_int_eq(family, strstr(addresses[_i].text, "UNSPEC")
				     ? AF_UNSPEC
				 : addresses[_i].len == 28 ? AF_INET6
							   : AF_INET);
	for (i = 0; i < strlen(want) / 2; i++)
		sprintf(text + 2 * i, "%02x", c.req->data[2 + i]);
	ck_assert_str_eq(text, want);
	for (i += 2; i < 28; i++)
		ck_assert_uint_eq(c.req->data[i], 0);
	call_free(&c);
}
END_TEST

/* A vector: its pointers are written by the caller, its lengths by us. */
START_TEST(test_message)
{
	struct a_call c;
	struct msghdr msg;
	struct iovec iov[2];
	const struct caller_reloc *r;

	call_parse(&c,
	    "sendmsg(3, {msg_name(...)=..., msg_iov(2)=[{..., 500}, "
	    "{\"ab\", 2}], msg_flags=MSG_EOR}, MSG_MORE) = 502",
	    4);
	call_marshal(&c, &(struct descriptors){ 0 });
	ck_assert_int_eq(c.req->arg[1], 0);
	ck_assert_int_eq(c.req->arg[2], MSG_MORE);
	memcpy(&msg, c.req->data, sizeof(msg));
	ck_assert_uint_eq(msg.msg_namelen, 16);
	ck_assert_uint_eq(msg.msg_iovlen, 2);
	ck_assert_int_eq(msg.msg_flags, MSG_EOR);
	r = c.req->relocs;
	ck_assert_uint_eq(c.req->nrelocs, 4);
	ck_assert_uint_eq(r[0].at, offsetof(struct msghdr, msg_name));
	ck_assert_uint_eq(r[1].zeros, 500);
	ck_assert_uint_eq(r[2].zeros, 0);
	ck_assert_mem_eq(c.req->data + r[2].to, "ab", 2);
	ck_assert_uint_eq(r[3].at, offsetof(struct msghdr, msg_iov));
	memcpy(iov, c.req->data + r[3].to, sizeof(iov));
	ck_assert_uint_eq(iov[0].iov_len, 500);
	ck_assert_uint_eq(iov[1].iov_len, 2);
	ck_assert_uint_eq(r[1].at, r[3].to + offsetof(struct iovec, iov_base));
	ck_assert_uint_eq(r[2].at, r[1].at + sizeof(struct iovec));
	call_free(&c);
}
END_TEST

static const struct {
	const char *text;
	enum err_kind kind;
	const char *msg;
} bad[] = {
	{ "psp_rx_assoc(3, [1]) = 0", ERR_ENV,
	    "psp_rx_assoc() cannot be called here" },
	{ "setsockopt(3, IPPROTO_TCP, TCP_NOOPT, [1], 4) = 0", ERR_ENV,
	    "setsockopt, argument 3: Linux has no constant TCP_NOOPT" },
	{ "setsockopt(3, SOL_SOCKET, SO_REUSADDR, [1], 4) = 0", ERR_USAGE,
	    "setsockopt, argument 3: no constant is called SO_REUSADDR: "
	    "give its number" },
	{ "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, 1, 4) = 0", ERR_USAGE,
	    "setsockopt, argument 4: a value is [1], a string or a "
	    "structure" },
	{ "setsockopt(3, SOL_SOCKET, SO_LINGER, {onof=1}, 8) = 0", ERR_USAGE,
	    "setsockopt, argument 4: no member of this structure is called "
	    "onof" },
	{ "getsockopt(3, SOL_SOCKET, SO_ERROR, [EFOO], [4]) = 0", ERR_USAGE,
	    "getsockopt, argument 4: no constant is called EFOO: give its "
	    "number" },
	{ "read(3, ..., ...) = 1", ERR_USAGE,
	    "read, argument 2: a number is wanted, or a constant such as "
	    "O_RDWR" },
	{ "read(3, ..., 1000000000) = 1", ERR_USAGE,
	    "read, argument 2: a buffer of more than 67108864 octets" },
	{ "write(3, \"a\", 65537) = 1", ERR_USAGE,
	    "write, argument 2: more than 65536 octets of data: write ... for "
	    "octets that do not matter" },
	{ "connect(3, {sin_port=htons(70000)}, ...) = 0", ERR_USAGE,
	    "connect, argument 2: a port is a number from 0 to 65535" },
	{ "connect(3, {sin_addr=inet_addr(\"1.2.3\")}, ...) = 0", ERR_USAGE,
	    "connect, argument 2: no IP address: 1.2.3" },
	{ "pipe([5]) = 0", ERR_USAGE,
	    "pipe, argument 1: the ends of a pipe are two numbers: [5, 6]" },
	{ "read(3, ..., 1) = -1 EFOO (Foo)", ERR_USAGE,
	    "read: no constant is called EFOO: give its number" },
	{ "read(3, ..., 1) = -1 ECAPMODE (Foo)", ERR_ENV,
	    "read: Linux has no constant ECAPMODE" },
};

START_TEST(test_bad)
{
	struct a_call c;
	struct err e = { 0 };

	call_parse(&c, bad[_i].text, 4);
	ck_assert_int_eq(marshal_call(c.req, &c.outs, c.call,
			     &(struct descriptors){ 0 }, &c.ends, &e),
	    -1);
	ck_assert_str_eq(e.msg, bad[_i].msg);
	ck_assert_int_eq(e.kind, bad[_i].kind);
	call_free(&c);
}
END_TEST

/* poll()'s milliseconds are seconds and nanoseconds to ppoll(). */
START_TEST(test_timeout)
{
	struct a_call c;
	struct timespec ts;

	call_parse(&c, "poll([{fd=3, events=POLLIN}], 1, 1500) = 0", 4);
	call_marshal(&c, &(struct descriptors){ 0 });
	memcpy(&ts, c.req->data + c.req->arg[2], sizeof(ts));
	ck_assert_int_eq(ts.tv_sec, 1);
	ck_assert_int_eq(ts.tv_nsec, 500000000);
	call_free(&c);
}
END_TEST

/* 65 elements and their vector are more pointers than 64. */
START_TEST(test_many)
{
	struct buf b = { 0 };
	struct a_call c;
	int i;

	buf_adds(&b, "writev(3, [{..., 1}");
	for (i = 1; i < 65; i++)
		buf_adds(&b, ", {..., 1}");
	buf_adds(&b, "], 65) = 65");
	call_parse(&c, buf_str(&b), 4);
	call_marshal(&c, &(struct descriptors){ 0 });
	ck_assert_uint_eq(c.req->nrelocs, 65);
	ck_assert_uint_eq(c.req->len, 65 * sizeof(struct iovec));
	call_free(&c);
	buf_free(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("marshal");
	TCase *tc = tcase_create("marshal");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_arguments, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, test_addresses, 0, ARRAY_SIZE(addresses));
	tcase_add_test(tc, test_message);
	tcase_add_loop_test(tc, test_bad, 0, ARRAY_SIZE(bad));
	tcase_add_test(tc, test_many);
	tcase_add_test(tc, test_timeout);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
