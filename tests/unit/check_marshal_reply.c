/* What comes of a call against what the script says, and the descriptors. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/errqueue.h>

#include "base/table.h"
#include "calls.h"

/* A row of a field, or NULL: the reply is as it should be. */
static const struct {
	const char *text;
	int64_t result;
	int error;
	const char *name, *expected, *observed;
} results[] = {
	{ "listen(3, 1) = 0", 0, 0, NULL, NULL, NULL },
	{ "listen(3, 1) = 0", -1, EINVAL, "result", "0",
	    "-1 EINVAL (Invalid argument)" },
	{ "read(3, ..., 10) = 10", 10, 0, NULL, NULL, NULL },
	{ "read(3, ..., 10) = 10", 9, 0, "result", "10", "9" },
	{ "read(3, ..., 10) = ...", 9, 0, NULL, NULL, NULL },
	{ "read(3, ..., 10) = -1 EAGAIN (x)", -1, EAGAIN, NULL, NULL, NULL },
	{ "read(3, ..., 10) = -1 EWOULDBLOCK (x)", -1, EAGAIN, NULL, NULL,
	    NULL },
	{ "read(3, ..., 10) = -1", -1, ENOTCONN, NULL, NULL, NULL },
	{ "read(3, ..., 10) = -1 EAGAIN (x)", -1, ECONNRESET, "result",
	    "-1 EAGAIN (Resource temporarily unavailable)",
	    "-1 ECONNRESET (Connection reset by peer)" },
	{ "read(3, ..., 10) = -1 EAGAIN (x)", 3, 0, "result",
	    "-1 EAGAIN (Resource temporarily unavailable)", "3" },
	{ "read(3, ..., 10) = -1", 0, 0, "result", "-1", "0" },
	{ "read(3, ..., 10) = 0", -1, 4000, "result", "0", "-1 errno 4000" },
	{ "fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)", 2, 0, NULL, NULL, NULL },
	{ "fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)", 0x802, 0, "result", "0x2",
	    "0x802" },
	/* the kernel has its own numbers for descriptors */
	{ "accept(3, ..., ...) = 4", 17, 0, NULL, NULL, NULL },
	{ "fcntl(3, F_DUPFD, 9) = 9", 17, 0, NULL, NULL, NULL },
	{ "accept(3, ..., ...) = 4", -1, EAGAIN, "result", "4",
	    "-1 EAGAIN (Resource temporarily unavailable)" },
	{ "accept(3, ..., ...) = -1 EAGAIN (x)", 4, 0, "result",
	    "-1 EAGAIN (Resource temporarily unavailable)", "4" },
};

static void
expect_row(const struct field *f, size_t n, const char *name,
    const char *expected, const char *observed)
{
	ck_assert_uint_eq(n, name != NULL);
	if (name == NULL)
		return;
	ck_assert(!f->ok);
	ck_assert_str_eq(f->name, name);
	ck_assert_str_eq(f->expected, expected);
	ck_assert_str_eq(f->observed, observed);
}

START_TEST(test_result)
{
	struct field fields[NFIELDS];
	struct a_call c;
	size_t n = 0;
	bool ok;

	call_parse(&c, results[_i].text, 4);
	call_marshal(&c, &(struct descriptors){ 0 });
	call_reply(&c, results[_i].result, results[_i].error);
	ok = marshal_check(c.call, &c.outs, &c.ends, c.reply, fields, &n);
	ck_assert(ok == (results[_i].name == NULL));
	expect_row(fields, n, results[_i].name, results[_i].expected,
	    results[_i].observed);
	call_free(&c);
}
END_TEST

/* What the call writes at a place of its data, and the row of it. */
static const struct {
	const char *text;
	int64_t result;
	unsigned at, width;
	uint32_t value;
	const char *name, *expected, *observed;
} outs[] = {
	{ "getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0", 0, 0, 4,
	    ECONNRESET, NULL, NULL, NULL },
	{ "getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0", 0, 0, 4,
	    ETIMEDOUT, "option value", "ECONNRESET", "ETIMEDOUT" },
	{ "getsockopt(3, SOL_TCP, TCP_MAXSEG, [1460], [4]) = 0", 0, 0, 4, 1400,
	    "option value", "1460", "1400" },
	{ "getsockopt(3, SOL_TCP, TCP_MAXSEG, ..., [4]) = 0", 0, 0, 4, 1400,
	    NULL, NULL, NULL },
	{ "getsockopt(3, SOL_TCP, 1000, [0xffffffff], [4]) = 0", 0, 0, 4,
	    UINT32_MAX, NULL, NULL, NULL },
	{ "getsockopt(3, SOL_TCP, 1000, [-1], [4]) = 0", 0, 0, 4, UINT32_MAX,
	    NULL, NULL, NULL },
	{ "getsockopt(3, SOL_TCP, 1000, ..., [4]) = 0", 0, 64, 4, 8,
	    "option length", "4", "8" },
	/* what failed has written nothing */
	{ "getsockopt(3, SOL_TCP, 1000, [3], [4]) = -1", -1, 0, 4, 1, NULL,
	    NULL, NULL },
	{ "getsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=5}, ...) = 0",
	    0, 0, 4, 1, "linger", "5", "0" },
	{ "getsockopt(3, SOL_TCP, TCP_CONGESTION, \"a\", ...) = 0", 0, 0, 4,
	    'a', NULL, NULL, NULL },
	{ "getsockopt(3, SOL_TCP, TCP_CONGESTION, \"a\", ...) = 0", 0, 0, 4,
	    'a' | 'b' << 8, "option value", "\"a\"", "\"ab\"" },
	{ "ioctl(3, SIOCINQ, [1000]) = 0", 0, 0, 4, 1000, NULL, NULL, NULL },
	{ "ioctl(3, SIOCINQ, [1000]) = 0", 0, 0, 4, 5, "ioctl value", "1000",
	    "5" },
	{ "poll([{fd=3, events=POLLIN, revents=POLLIN|POLLHUP}], 1, 0) = 1", 1,
	    6, 2, POLLIN | POLLHUP, NULL, NULL, NULL },
	{ "poll([{fd=3, events=POLLIN, revents=POLLIN}], 1, 0) = 1", 1, 6, 2,
	    POLLIN | POLLERR, "revents", "POLLIN", "POLLERR | POLLIN" },
	{ "epoll_wait(3, {events=EPOLLIN, fd=7}, 1, 0) = 1", 1, 0, 4, EPOLLOUT,
	    "events", "EPOLLIN", "EPOLLOUT" },
	{ "epoll_wait(3, {events=EPOLLIN, fd=7}, 1, 0) = 0", 0, 0, 4, 0, NULL,
	    NULL, NULL },
	{ "read(3, \"abc\", 8) = 3", 3, 0, 4, 'a' | 'b' << 8 | 'c' << 16, NULL,
	    NULL, NULL },
	{ "read(3, \"ab\"..., 8) = 3", 3, 0, 4, 'a' | 'b' << 8 | 'c' << 16,
	    NULL, NULL, NULL },
	{ "read(3, \"abc\", 8) = 3", 3, 0, 4, 'a' | 'b' << 8 | 7 << 16, "data",
	    "\"abc\"", "\"ab\\x07\"" },
	{ "read(3, \"abc\", 8) = ...", 2, 0, 4, 'a' | 'b' << 8 | 'c' << 16,
	    "data", "\"abc\"", "\"ab\"" },
	{ "accept(3, {sa_family=..., sin_port=htons(80)}, ...) = 4", 4, 2, 2,
	    0x5000, NULL, NULL, NULL },
	{ "accept(3, {sa_family=..., sin_port=htons(80)}, ...) = 4", 4, 2, 2,
	    0x5100, "sin_port", "80", "81" },
	/* live 256 is the script's 80 */
	{ "accept(3, {sa_family=..., sin_port=htons(80)}, ...) = 4", 4, 2, 2, 1,
	    NULL, NULL, NULL },
	{ "accept(3, {sin_addr=inet_addr(\"1.2.3.4\")}, ...) = 4", 4, 4, 4,
	    0x04030201, NULL, NULL, NULL },
	{ "accept(3, {sin_addr=inet_addr(\"1.2.3.4\")}, ...) = 4", 4, 4, 4,
	    0x05030201, "sin_addr", "1.2.3.4", "1.2.3.5" },
};

START_TEST(test_out)
{
	static const struct port_pair ports[] = { { 80, 256 } };
	struct field fields[NFIELDS];
	struct a_call c;
	uint16_t two = outs[_i].value;
	size_t n = 0;
	bool ok;

	call_parse(&c, outs[_i].text, 4);
	c.ends.ports = ports;
	c.ends.nports = ARRAY_SIZE(ports);
	call_marshal(&c, &(struct descriptors){ 0 });
	call_reply(&c, outs[_i].result, EINVAL);
	memcpy(c.reply->data + outs[_i].at,
	    outs[_i].width == 2 ? (const void *)&two
				: (const void *)&outs[_i].value,
	    outs[_i].width);
	ok = marshal_check(c.call, &c.outs, &c.ends, c.reply, fields, &n);
	ck_assert(ok == (outs[_i].name == NULL));
	if (n > 0 && strcmp(fields[0].name, "events") == 0)
		n = 1; /* and its fd is 0 */
	expect_row(fields, n, outs[_i].name, outs[_i].expected,
	    outs[_i].observed);
	call_free(&c);
}
END_TEST

#define ERRORS(errno, info)                                                    \
	"recvmsg(3, {msg_name(...)=..., msg_iov(1)=[{..., 0}], "               \
	"msg_flags=MSG_ERRQUEUE, msg_control=["                                \
	"{cmsg_level=SOL_SOCKET, cmsg_type=SCM_TIMESTAMPING, "                 \
	"cmsg_data={scm_sec=0, scm_nsec=10000}}, "                             \
	"{cmsg_level=CMSG_LEVEL_IP, cmsg_type=CMSG_TYPE_RECVERR, "             \
	"cmsg_data={ee_errno=" errno ", ee_origin=4, ee_type=0, ee_code=..., " \
	"ee_info=" info ", ee_data=999}}]}, MSG_ERRQUEUE) = 0"

static const struct {
	const char *text;
	int ip;
	bool mapped;
	int level, type;
	const char *name, *expected, *observed;
} errors[] = {
	{ ERRORS("ENOMSG", "SCM_TSTAMP_ACK"), 4, false, SOL_IP, IP_RECVERR,
	    NULL, NULL, NULL },
	{ ERRORS("ENOMSG", "SCM_TSTAMP_ACK"), 6, false, SOL_IPV6, IPV6_RECVERR,
	    NULL, NULL, NULL },
	{ ERRORS("ENOMSG", "2"), 4, true, SOL_IPV6, IPV6_RECVERR, NULL, NULL,
	    NULL },
	{ ERRORS("ENOMSG", "2"), 4, false, SOL_IP, IP_TTL, "cmsg_type",
	    "CMSG_TYPE_RECVERR", "2" },
	{ ERRORS("EAGAIN", "2"), 4, false, SOL_IP, IP_RECVERR, "ee_errno",
	    "EAGAIN", "ENOMSG" },
	{ ERRORS("ENOMSG", "7"), 4, false, SOL_IP, IP_RECVERR, "ee_info", "7",
	    "2" },
};

static void
add_control(struct msghdr *msg, int level, int type, const void *data,
    size_t len)
{
	struct cmsghdr h = { .cmsg_len = CMSG_LEN(len),
		.cmsg_level = level,
		.cmsg_type = type };
	uint8_t *to = (uint8_t *)msg->msg_control + msg->msg_controllen;

	memcpy(to, &h, sizeof(h));
	memcpy(to + CMSG_LEN(0), data, len);
	msg->msg_controllen += CMSG_SPACE(len);
}

/* The error queue; its times are not compared. */
START_TEST(test_errors)
{
	struct sock_extended_err ee = { .ee_errno = ENOMSG,
		.ee_origin = 4,
		.ee_code = 9,
		.ee_info = SCM_TSTAMP_ACK,
		.ee_data = 999 };
	struct timespec ts[3] = { { 1700000000, 5 } };
	struct field fields[NFIELDS];
	struct msghdr msg;
	struct a_call c;
	size_t n = 0;
	bool ok;

	call_parse(&c, errors[_i].text, errors[_i].ip);
	c.ends.mapped = errors[_i].mapped;
	call_marshal(&c, &(struct descriptors){ 0 });
	call_reply(&c, 0, 0);
	memcpy(&msg, c.reply->data, sizeof(msg));
	ck_assert_uint_ge(msg.msg_controllen, 512);
	msg.msg_flags = MSG_ERRQUEUE;
	msg.msg_controllen = 0;
	msg.msg_control = c.reply->data + c.req->relocs[c.req->nrelocs - 1].to;
	add_control(&msg, SOL_SOCKET, SCM_TIMESTAMPING, ts, sizeof(ts));
	add_control(&msg, errors[_i].level, errors[_i].type, &ee, sizeof(ee));
	memcpy(c.reply->data, &msg, sizeof(msg));
	ok = marshal_check(c.call, &c.outs, &c.ends, c.reply, fields, &n);
	ck_assert(ok == (errors[_i].name == NULL));
	expect_row(fields, n, errors[_i].name, errors[_i].expected,
	    errors[_i].observed);
	call_free(&c);
}
END_TEST

/* More differences than there are rows: it is still no agreement. */
START_TEST(test_full)
{
	struct field fields[NFIELDS];
	struct a_call c;
	size_t n = NFIELDS;

	call_parse(&c, "listen(3, 1) = 0", 4);
	call_marshal(&c, &(struct descriptors){ 0 });
	call_reply(&c, 1, 0);
	ck_assert(!marshal_check(c.call, &c.outs, &c.ends, c.reply, fields,
	    &n));
	ck_assert_uint_eq(n, NFIELDS);
	call_free(&c);
}
END_TEST

static void
learn(struct descriptors *fds, const char *text, int64_t result)
{
	static const int pair[] = { 41, 42 };
	struct a_call c;

	call_parse(&c, text, 4);
	call_marshal(&c, fds);
	call_reply(&c, result, EBADF);
	if (c.call->id == CALL_PIPE)
		memcpy(c.reply->data, pair, sizeof(pair));
	marshal_learn(fds, c.call, c.reply);
	call_free(&c);
}

START_TEST(test_descriptors)
{
	struct descriptors fds = { 0 };
	int i;

	learn(&fds, "socket(..., SOCK_STREAM, 0) = 3", 30);
	learn(&fds, "accept(3, ..., ...) = 4", 31);
	learn(&fds, "accept(3, ..., ...) = -1 EAGAIN (x)", 32);
	learn(&fds, "accept(3, ..., ...) = 5", -1);
	learn(&fds, "listen(3, 1) = 0", 0);
	learn(&fds, "pipe([6, 7]) = 0", 0);
	learn(&fds, "epoll_create(1) = 8", 33);
	ck_assert_int_eq(descriptors_live(&fds, 3), 30);
	ck_assert_int_eq(descriptors_live(&fds, 4), 31);
	ck_assert_int_eq(descriptors_live(&fds, 5), -1);
	ck_assert_int_eq(descriptors_live(&fds, 6), 41);
	ck_assert_int_eq(descriptors_live(&fds, 7), 42);
	ck_assert_int_eq(descriptors_live(&fds, 8), 33);
	ck_assert_int_eq(descriptors_live(&fds, -1), -1);
	learn(&fds, "close(4) = 0", -1);
	ck_assert_int_eq(descriptors_live(&fds, 4), 31);
	learn(&fds, "close(4) = 0", 0);
	ck_assert_int_eq(descriptors_live(&fds, 4), -1);
	/* the same number again */
	for (i = 50; i < 60; i++)
		learn(&fds, "socket(..., SOCK_STREAM, 0) = 3", i);
	ck_assert_int_eq(descriptors_live(&fds, 3), 59);
	descriptors_free(&fds);
	ck_assert_int_eq(descriptors_live(&fds, 3), -1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("marshal reply");
	TCase *tc = tcase_create("reply");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_result, 0, ARRAY_SIZE(results));
	tcase_add_loop_test(tc, test_out, 0, ARRAY_SIZE(outs));
	tcase_add_loop_test(tc, test_errors, 0, ARRAY_SIZE(errors));
	tcase_add_test(tc, test_full);
	tcase_add_test(tc, test_descriptors);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
