/*
 * The reasons that this kernel gives, on the loopback of a private network
 * namespace. Exits 77 without the privilege, or where the kernel gives none.
 */
#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <net/ethernet.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/privilege.h"
#include "bench/reason.h"
#include "craft/craft.h"
#include "links.h"

#define EXIT_SKIP   77
#define CLOSED_PORT 4242

static void
lo_up(void)
{
	set_up_or_down("lo", true);
}

static struct reasons *
open_reasons(void)
{
	struct reasons *r = NULL;
	struct err e = { 0 };

	ck_assert_msg(reasons_open(&r, &e) == 0, "%s", e.msg);
	return r;
}

static struct sockaddr_storage
make_sockaddr(const struct endpoint *end, socklen_t *len)
{
	struct sockaddr_storage ss = { 0 };
	struct sockaddr_in *in = (struct sockaddr_in *)&ss;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&ss;

	if (end->addr.ip == 6) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(end->port);
		memcpy(&in6->sin6_addr, end->addr.octets, 16);
		*len = sizeof(*in6);
	} else {
		in->sin_family = AF_INET;
		in->sin_port = htons(end->port);
		memcpy(&in->sin_addr, end->addr.octets, 4);
		*len = sizeof(*in);
	}
	return ss;
}

/* A socket of ours on this endpoint, whose port is filled in when it is 0. */
static int
bind_to(struct endpoint *end)
{
	socklen_t len;
	struct sockaddr_storage ss = make_sockaddr(end, &len);
	int fd = socket(ss.ss_family, SOCK_STREAM, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&ss, len), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&ss, &len), 0);
	end->port = ntohs(((struct sockaddr_in *)&ss)->sin_port);
	return fd;
}

static int
connect_to(int fd, const struct endpoint *end)
{
	socklen_t len;
	struct sockaddr_storage ss = make_sockaddr(end, &len);

	return connect(fd, (struct sockaddr *)&ss, len);
}

static struct endpoint
make_endpoint(const char *addr, uint16_t port)
{
	struct endpoint end = { .port = port };

	ck_assert_int_eq(addr_parse(&end.addr, addr), 0);
	return end;
}

/* Connect to a closed port; the tuple is that of the RST. */
static struct tuple
connect_to_closed(const char *addr)
{
	struct tuple t = { .src = make_endpoint(addr, CLOSED_PORT),
		.dst = make_endpoint(addr, 0) };
	int fd = bind_to(&t.dst);

	ck_assert_int_eq(connect_to(fd, &t.src), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	close(fd);
	return t;
}

static void
check_reason(struct reasons *r, const struct tuple *t, const char *expected)
{
	const char *name = reasons_take(r, t);

	if (expected == NULL)
		ck_assert_msg(name == NULL, "there is %s", name);
	else
		ck_assert_pstr_eq(name, expected);
}

/* As a session does: everything is given up once the ring is there. */
START_TEST(test_no_socket)
{
	const char *addr = _i == 0 ? "127.0.0.1" : "::1";
	struct reasons *r = open_reasons();
	struct tuple first, second;
	struct err e;

	ck_assert_int_eq(privilege_drop(&e), 0);
	first = connect_to_closed(addr);
	check_reason(r, &first, "NO_SOCKET");
	check_reason(r, &first, NULL);
	first = connect_to_closed(addr);
	second = connect_to_closed(addr);
	check_reason(r, &second, "NO_SOCKET");
	check_reason(r, &first, NULL);
	second = tuple_reverse(&second);
	connect_to_closed(addr);
	check_reason(r, &second, NULL);
	reasons_close(r);
}
END_TEST

/*
 * A connection whose near end is closed with unread data. The sockets may be
 * for both families, with the addresses ::ffff:127.0.0.1.
 */
START_TEST(test_active)
{
	struct endpoint any = make_endpoint(_i == 0 ? "0.0.0.0" : "::", 0);
	struct tuple t = { .src = make_endpoint("127.0.0.1", 0),
		.dst = make_endpoint("127.0.0.1", 0) };
	int listener = bind_to(&any), far = bind_to(&t.dst), near;
	struct reasons *r = open_reasons();

	ck_assert_int_eq(listen(listener, 1), 0);
	t.src.port = any.port;
	ck_assert_int_eq(connect_to(far, &t.src), 0);
	near = accept(listener, NULL, NULL);
	ck_assert_int_eq(send(far, "unread", 6, 0), 6);
	check_reason(r, &t, NULL);
	close(near);
	check_reason(r, &t, "TCP_ABORT_ON_CLOSE");
	close(far);
	close(listener);
	reasons_close(r);
}
END_TEST

/* Send a segment on loopback by way of the kernel, which knows the route. */
static void
send_raw(const struct segment *seg)
{
	static const uint8_t mac[6];
	socklen_t len_to;
	struct sockaddr_storage to = make_sockaddr(&seg->tuple.dst, &len_to);
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	const uint8_t *frame;
	struct craft *c;
	struct err e;
	size_t len;

	ck_assert_int_eq(craft_open(&c, NULL, mac, mac, &e), 0);
	ck_assert_int_eq(craft_build(c, seg, &frame, &len, &e), 0);
	len -= ETHER_HDR_LEN;
	ck_assert_int_eq(sendto(fd, frame + ETHER_HDR_LEN, len, 0,
			     (struct sockaddr *)&to, len_to),
	    len);
	craft_close(c);
	close(fd);
}

/* An ACK to a listener on any address: what it notes is not the tuple. */
START_TEST(test_listener)
{
	struct endpoint any = make_endpoint(_i == 0 ? "0.0.0.0" : "::", 0);
	struct segment ack = { .tuple = { make_endpoint("127.0.0.1", 5001),
				   make_endpoint("127.0.0.1", 0) },
		.ctl = CTL_ACK };
	struct reasons *r = open_reasons();
	int listener = bind_to(&any);
	struct tuple t;

	ck_assert_int_eq(listen(listener, 1), 0);
	ack.tuple.dst.port = any.port;
	t = tuple_reverse(&ack.tuple);
	send_raw(&ack);
	check_reason(r, &t, "TCP_FLAGS");
	close(listener);
	reasons_close(r);
}
END_TEST

/* Many times round the ring, and then more than it holds. */
START_TEST(test_many)
{
	struct reasons *r = open_reasons();
	struct tuple t;
	int i;

	for (i = 0; i < 5000; i++) {
		t = connect_to_closed("127.0.0.1");
		check_reason(r, &t, "NO_SOCKET");
	}
	for (i = 0; i < 1500; i++)
		t = connect_to_closed("127.0.0.1");
	check_reason(r, &t, NULL);
	t = connect_to_closed("127.0.0.1");
	check_reason(r, &t, "NO_SOCKET");
	reasons_close(r);
}
END_TEST

/* Those of all processors, with the times of a capture. */
START_TEST(test_all)
{
	struct reasons *r = NULL;
	struct trace_reset reset;
	struct tuple t;
	const char *name;
	struct err e;

	ck_assert_int_eq(reasons_open_all(&r, &e), 0);
	t = connect_to_closed("127.0.0.1");
	for (name = NULL; name == NULL || !tuple_eq(&reset.tuple, &t);)
		ck_assert(reasons_next(r, &reset, &name));
	ck_assert_str_eq(name, "NO_SOCKET");
	ck_assert(llabs(clock_wall() - reset.time) < NSEC_PER_SEC);
	reasons_close(r);
}
END_TEST

START_TEST(test_names)
{
	struct reasons *r = open_reasons();
	bool no_socket = false;
	const char *name;
	unsigned i;

	for (i = 0; (name = reasons_name(r, i)) != NULL; i++)
		no_socket |= strcmp(name, "NO_SOCKET") == 0;
	ck_assert(no_socket);
	ck_assert_uint_gt(i, 10);
	ck_assert_ptr_null(reasons_name(r, i));
	ck_assert_ptr_null(reasons_name(r, ~0U));
	reasons_close(r);
}
END_TEST

static unsigned
count_descriptors(void)
{
	unsigned n = 0;
	int fd;

	for (fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}

static char *
read_proc(const char *path)
{
	struct err e = { 0 };
	size_t len;
	char *text = file_read(path, &len, &e);

	ck_assert_msg(text != NULL, "%s", e.msg);
	return text;
}

/* No descriptor, no memory; and no mount even while it is open. */
START_TEST(test_nothing_left)
{
	char *before = read_proc("/proc/self/mountinfo"), *then;
	unsigned descriptors = count_descriptors();
	struct reasons *r = open_reasons();

	/* the ring's */
	ck_assert_uint_eq(count_descriptors(), descriptors + 1);
	then = read_proc("/proc/self/mountinfo");
	ck_assert_str_eq(before, then);
	free(then);
	then = read_proc("/proc/self/maps");
	ck_assert_ptr_nonnull(strstr(then, "perf_event"));
	free(then);
	reasons_close(r);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	then = read_proc("/proc/self/maps");
	ck_assert_ptr_null(strstr(then, "perf_event"));
	free(then);
	free(before);
	reasons_close(NULL);
}
END_TEST

/* Without the privilege, and when it is not certain which processor. */
START_TEST(test_refused)
{
	struct reasons *r;
	cpu_set_t all;
	struct err e;

	memset(&all, 0xff, sizeof(all));
	sched_setaffinity(0, sizeof(all), &all);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1) {
		ck_assert_int_eq(reasons_open(&r, &e), -1);
		ck_assert_int_eq(e.kind, ERR_INTERNAL);
		ck_assert_ptr_nonnull(strstr(e.msg, "not pinned"));
	}
	ck_assert_int_eq(privilege_drop(&e), 0);
	ck_assert_int_eq(reasons_open(&r, &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_ptr_nonnull(strstr(e.msg, "tracepoint"));
}
END_TEST

/* Does the system refuse, and not we fail? */
static bool
is_refusal(const char *msg)
{
	return strstr(msg, "gives no reason") != NULL ||
	       strstr(msg, strerror(EPERM)) != NULL ||
	       strstr(msg, strerror(EACCES)) != NULL ||
	       strstr(msg, strerror(ENODEV)) != NULL;
}

/*
 * A namespace, one processor, and a kernel that gives reasons: 0, or the exit
 * status without them.
 */
static int
prepare(void)
{
	struct reasons *r;
	struct err e;
	cpu_set_t set;

	if (unshare(CLONE_NEWNET) == -1) {
		printf("SKIP: no network namespace: %s\n", strerror(errno));
		return EXIT_SKIP;
	}
	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
	if (reasons_open(&r, &e) == -1) {
		printf("%s: %s\n", is_refusal(e.msg) ? "SKIP" : "FAIL", e.msg);
		return is_refusal(e.msg) ? EXIT_SKIP : EXIT_FAILURE;
	}
	reasons_close(r);
	return 0;
}

int
main(void)
{
	Suite *s = suite_create("reason_live");
	TCase *tc = tcase_create("live");
	SRunner *sr = srunner_create(s);
	int failed, status = prepare();

	if (status != 0) {
		srunner_free(sr);
		return status;
	}
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, lo_up, NULL);
	tcase_add_loop_test(tc, test_no_socket, 0, 2);
	tcase_add_loop_test(tc, test_active, 0, 2);
	tcase_add_loop_test(tc, test_listener, 0, 2);
	tcase_add_test(tc, test_many);
	tcase_add_test(tc, test_all);
	tcase_add_test(tc, test_names);
	tcase_add_test(tc, test_nothing_left);
	tcase_add_test(tc, test_refused);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
