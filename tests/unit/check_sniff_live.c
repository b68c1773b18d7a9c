/*
 * Capture on interfaces of a private network namespace: nothing is sent but
 * on its loopback. Exits 77 where the machine allows no such namespace.
 */
#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "links.h"
#include "sniff/dump.h"
#include "sniff/sniff.h"

#define EXIT_SKIP   77
#define CLOSED_PORT 4242
#define LONG	    (20 * NSEC_PER_SEC) /* nothing takes so long */

static void
lo_up(void)
{
	set_up_or_down("lo", true);
}

static void
lo_down(void)
{
	set_up_or_down("lo", false);
}

/* Connect to a port of loopback where nobody listens. */
static void
connect_to_closed(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(CLOSED_PORT),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof(to)), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	close(fd);
}

static void
send_datagrams(unsigned n)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(CLOSED_PORT),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	while (n-- > 0)
		sendto(fd, "hi", 2, 0, (struct sockaddr *)&to, sizeof(to));
	close(fd);
}

static struct sniff *
open_sniff(const char *ifname, const char *filter)
{
	struct err e = { 0 };
	struct sniff *s;

	ck_assert_msg(sniff_open_live(&s, ifname, filter, &e) == 0, "%s",
	    e.msg);
	return s;
}

static void
check_next(struct sniff *s, struct segment *seg, uint16_t ctl)
{
	struct err e = { 0 };

	ck_assert_msg(sniff_next(s, seg, clock_mono() + LONG, &e) == 1,
	    "no segment: %s", e.msg);
	ck_assert_uint_eq(seg->ctl, ctl);
	/* the kernel leaves loopback's checksums to a device */
	ck_assert_uint_eq(seg->faults & ~FAULT_OFFLOAD, 0);
}

/* Nothing comes before the deadline, and the deadline is kept. */
static void
check_silence(struct sniff *s, int64_t ns)
{
	int64_t start = clock_mono();
	struct err e = { 0 };
	struct segment seg;

	ck_assert_msg(sniff_next(s, &seg, start + ns, &e) == 0, "%s", e.msg);
	ck_assert_int_ge(clock_mono() - start, ns);
	ck_assert_int_lt(clock_mono() - start, ns + LONG / 4);
}

static int
readable(const struct sniff *s)
{
	struct pollfd p = { .fd = sniff_fd(s), .events = POLLIN };

	return poll(&p, 1, 0);
}

START_TEST(test_syn_and_rst)
{
	int64_t start = clock_wall();
	struct segment syn, rst;
	struct tuple reverse;
	struct sniff *s;
	struct err e;
	unsigned drops = 1;

	lo_up();
	s = open_sniff("lo", NULL);
	check_silence(s, 0);
	check_silence(s, 50 * NSEC_PER_MSEC);
	ck_assert_int_eq(readable(s), 0);
	connect_to_closed();
	ck_assert_int_eq(readable(s), 1);
	/* On loopback they are there when connect() returns. */
	ck_assert_int_eq(sniff_next(s, &syn, 0, &e), 1);
	ck_assert_uint_eq(syn.ctl, CTL_SYN);
	ck_assert_int_eq(sniff_next(s, &rst, 0, &e), 1);
	ck_assert_uint_eq(rst.ctl, CTL_RST | CTL_ACK);
	ck_assert_uint_eq(syn.tuple.dst.port, CLOSED_PORT);
	ck_assert_uint_gt(syn.options_len, 0);
	reverse = tuple_reverse(&rst.tuple);
	ck_assert(tuple_eq(&syn.tuple, &reverse));
	ck_assert_uint_eq(rst.seq, 0);
	ck_assert_uint_eq(rst.ack, syn.seq + 1);
	ck_assert_int_gt(syn.when, start);
	ck_assert_int_ge(rst.when, syn.when);
	ck_assert_int_gt(clock_wall(), rst.when);
	/* In nanoseconds: both are whole microseconds once in 10^6 runs. */
	ck_assert_int_ne(syn.when % 1000 + rst.when % 1000, 0);
	check_silence(s, 0);
	/* What is not TCP neither comes out nor stops what comes after. */
	send_datagrams(10);
	connect_to_closed();
	check_next(s, &syn, CTL_SYN);
	ck_assert_int_eq(sniff_next(s, &rst, 0, &e), 1);
	ck_assert_int_eq(sniff_drops(s, &drops, &e), 0);
	ck_assert_uint_eq(drops, 0);
	sniff_close(s);
}
END_TEST

START_TEST(test_filter)
{
	struct err e = { 0 };
	struct segment seg;
	struct sniff *s;

	lo_up();
	s = open_sniff("lo", "tcp[tcpflags] & tcp-rst != 0");
	connect_to_closed();
	check_next(s, &seg, CTL_RST | CTL_ACK);
	check_silence(s, 0);
	sniff_close(s);
	ck_assert_int_eq(sniff_open_live(&s, "lo", "proto \\\x1bx", &e), -1);
	ck_assert_ptr_null(s);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_str_eq(e.msg,
	    "lo: capture filter: unknown ip proto '\\x1bx'");
}
END_TEST

/* A segment that is longer than the snaplen. */
START_TEST(test_long)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	socklen_t len = sizeof(to);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	static const char text[10000] = "long";
	struct segment seg;
	struct sniff *s;

	lo_up();
	s = open_sniff("lo", "greater 3000");
	ck_assert_int_eq(listen(listener, 1), 0);
	getsockname(listener, (struct sockaddr *)&to, &len);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, len), 0);
	ck_assert_int_eq(send(fd, text, sizeof(text), 0), sizeof(text));
	ck_assert_int_eq(sniff_next(s, &seg, clock_mono() + LONG, NULL), 1);
	ck_assert_uint_eq(seg.faults, FAULT_CUT);
	ck_assert_uint_eq(seg.text_len, sizeof(text));
	ck_assert_uint_eq(seg.text_kept, 2048 - 14 - 20 - 20 - seg.options_len);
	ck_assert_mem_eq(seg.text, text, seg.text_kept);
	close(fd);
	close(listener);
	sniff_close(s);
}
END_TEST

/* All that is read is kept, TCP or not. */
START_TEST(test_keep)
{
	char path[] = "/tmp/check_sniff_live.XXXXXX";
	int fd = mkstemp(path);
	struct segment seg;
	struct dump *d;
	struct sniff *s;
	struct err e;

	lo_up();
	s = open_sniff("lo", NULL);
	ck_assert_int_eq(dump_open(&d, path, &e), 0);
	sniff_keep(s, d);
	connect_to_closed();
	send_datagrams(1);
	check_next(s, &seg, CTL_SYN);
	check_next(s, &seg, CTL_RST | CTL_ACK);
	check_silence(s, 0);
	sniff_keep(s, NULL);
	connect_to_closed();
	check_next(s, &seg, CTL_SYN);
	sniff_close(s);
	ck_assert_int_eq(dump_close(d, &e), 0);
	/* SYN, RST, a datagram of 2 octets, ICMP that returns all of it. */
	ck_assert_int_eq(lseek(fd, 0, SEEK_END),
	    24 + 4 * 16 + 74 + 54 + 44 + 14 + 28 + 30);
	close(fd);
	ck_assert_int_eq(sniff_open_file(&s, path, &e), 0);
	check_next(s, &seg, CTL_SYN);
	check_next(s, &seg, CTL_RST | CTL_ACK);
	ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 0);
	sniff_close(s);
	unlink(path);
}
END_TEST

START_TEST(test_drops)
{
	struct segment seg;
	struct sniff *s;
	unsigned drops, again;
	struct err e;

	lo_up();
	s = open_sniff("lo", NULL);
	send_datagrams(20000);
	ck_assert_int_eq(sniff_drops(s, &drops, &e), 0);
	ck_assert_uint_gt(drops, 10000);
	ck_assert_int_eq(sniff_drops(s, &again, &e), 0);
	ck_assert_uint_ge(again, drops);
	ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 0);
	/* There is room again. */
	connect_to_closed();
	check_next(s, &seg, CTL_SYN);
	sniff_close(s);
}
END_TEST

/* The error comes at once, not at the deadline. */
static void
check_gone(struct sniff *s, const char *message)
{
	int64_t start = clock_mono();
	struct err e = { 0 };
	struct segment seg;

	ck_assert_int_eq(sniff_next(s, &seg, start + LONG, &e), -1);
	ck_assert_int_lt(clock_mono() - start, LONG / 2);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_str_eq(e.msg, message);
}

START_TEST(test_down)
{
	struct segment seg;
	struct sniff *s;
	pid_t pid;

	lo_up();
	s = open_sniff("lo", NULL);
	connect_to_closed();
	lo_down();
	/* What came before is not lost. */
	check_next(s, &seg, CTL_SYN);
	check_next(s, &seg, CTL_RST | CTL_ACK);
	check_gone(s, "lo: the interface is down");
	check_gone(s, "lo: the interface is down");
	lo_up();
	connect_to_closed();
	check_next(s, &seg, CTL_SYN);
	check_next(s, &seg, CTL_RST | CTL_ACK);
	/* While we sleep. */
	pid = fork();
	if (pid == 0) {
		usleep(50000);
		lo_down();
		_exit(0);
	}
	check_gone(s, "lo: the interface is down");
	waitpid(pid, NULL, 0);
	sniff_close(s);
}
END_TEST

START_TEST(test_deleted)
{
	struct sniff *s;

	ck_assert_int_eq(change_veth(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL),
	    0);
	set_up_or_down("veth9", true);
	s = open_sniff("veth9", NULL);
	check_silence(s, 0);
	ck_assert_int_eq(change_veth(RTM_DELLINK, 0), 0);
	check_gone(s, "veth9: The interface disappeared");
	sniff_close(s);
}
END_TEST

static void
check_refused(const char *ifname, const char *message)
{
	struct err e = { 0 };
	struct sniff *s;

	ck_assert_int_eq(sniff_open_live(&s, ifname, NULL, &e), -1);
	ck_assert_ptr_null(s);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_str_eq(e.msg, message);
}

/* Last, as it gives up all capabilities. */
START_TEST(test_refused)
{
	struct __user_cap_header_struct h = { .version =
						  _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };

	lo_down();
	check_refused("lo", "lo: the interface is down");
	check_refused("nosuch\n0", "nosuch\\x0a0: no such interface");
	lo_up();
	ck_assert_int_eq(syscall(SYS_capset, &h, none), 0);
	check_refused("lo",
	    "lo: no permission to capture: run as root, or give the program "
	    "the capability CAP_NET_RAW");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("sniff_live");
	TCase *tc = tcase_create("live");
	SRunner *sr = srunner_create(s);
	int failed;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1) {
		printf("SKIP: no private network namespace: %s\n",
		    strerror(errno));
		srunner_free(sr);
		return EXIT_SKIP;
	}
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_syn_and_rst);
	tcase_add_test(tc, test_filter);
	tcase_add_test(tc, test_long);
	tcase_add_test(tc, test_keep);
	tcase_add_test(tc, test_drops);
	tcase_add_test(tc, test_down);
	tcase_add_test(tc, test_deleted);
	tcase_add_test(tc, test_refused);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
