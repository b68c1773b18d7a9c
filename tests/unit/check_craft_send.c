/*
 * Frames are sent on a loopback of their own, which any user may have where
 * user namespaces are allowed; elsewhere these tests are skipped.
 */
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crafted.h"

static void
set_up(bool up)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = up ? IFF_UP : 0 };
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ne(s, -1);
	ck_assert_int_eq(ioctl(s, SIOCSIFFLAGS, &ifr), 0);
	close(s);
}

/* A network namespace with nothing but a loopback, of this process alone. */
static int
private_net(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1)
		return unshare(CLONE_NEWNET);
	return 0;
}

static bool
private_net_allowed(void)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0)
		_exit(private_net() == 0 ? 0 : 1);
	return waitpid(pid, &status, 0) == pid && status == 0;
}

/* Missing, too long for a name, hostile, down: one line says so. */
START_TEST(test_unusable_interface)
{
	static const char *const names[] = { "", "none0",
		"a-name-of-more-than-15-octets", "\033[31mred", "lo" };
	const char *name = names[_i];
	struct craft *c = (struct craft *)&c;
	struct err e = { 0 };

	ck_assert_int_eq(private_net(), 0); /* there, lo is down */
	ck_assert_int_eq(craft_open(&c, name, src_mac, dst_mac, &e), -1);
	ck_assert_ptr_null(c);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_uint_gt(strlen(e.msg), 10);
	ck_assert_ptr_null(strpbrk(e.msg, "\n\033"));
	if (strcmp(name, "lo") != 0)
		ck_assert_ptr_nonnull(strstr(e.msg, "no interface"));
	else
		ck_assert_str_eq(e.msg + strlen(e.msg) - 7, "is down");
}
END_TEST

/* Without the capability the message tells how to get it. */
START_TEST(test_no_permission)
{
	struct craft *c;
	struct err e = { 0 };

	/* in a user namespace of our own, with the network of another */
	if (unshare(CLONE_NEWUSER) == -1 && geteuid() == 0)
		ck_assert_int_eq(setuid(65534), 0);
	ck_assert_int_eq(craft_open(&c, "lo", src_mac, dst_mac, &e), -1);
	ck_assert_ptr_null(c);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_ptr_nonnull(strstr(e.msg, "CAP_NET_RAW"));
	ck_assert_ptr_nonnull(strstr(e.msg, "setcap"));
	ck_assert_ptr_null(strchr(e.msg, '\n'));
}
END_TEST

/* A socket that sees all that passes the loopback, both ways. */
static int
open_wire(void)
{
	struct timeval tv = { .tv_sec = 2 };
	struct sockaddr_ll ll = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex("lo") };
	int s = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));

	ck_assert_int_ne(s, -1);
	ck_assert_int_eq(bind(s, (struct sockaddr *)&ll, sizeof(ll)), 0);
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	return s;
}

/*
 * What was built is what is on the wire. The socket of libnet takes in
 * nothing of it, and is not handed to a child.
 */
START_TEST(test_send_frame)
{
	uint8_t seen[2048], again[2048];
	const uint8_t *frame;
	struct segment s = syn(_i ? 6 : 4);
	int fd, wire;
	struct craft *c;
	struct err e = { 0 };
	size_t len;

	ck_assert_int_eq(private_net(), 0);
	set_up(true);
	wire = open_wire();
	fd = dup(0);
	close(fd); /* the number of the next socket */
	ck_assert_msg(craft_open(&c, "lo", src_mac, dst_mac, &e) == 0, "%s",
	    e.msg);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	s.text = (const uint8_t *)"text";
	s.text_len = 4;
	s.rsvd = 5;
	s.faults = FAULT_CHECKSUM;
	frame = build(c, &s, &len);
	ck_assert_msg(craft_send(c, &e) == 0, "%s", e.msg);
	ck_assert_int_eq(recv(wire, seen, sizeof(seen), 0), len);
	ck_assert_mem_eq(seen, frame, len);
	ck_assert_int_eq(recv(wire, seen, sizeof(seen), 0), len);
	ck_assert_int_eq(recv(fd, seen, sizeof(seen), MSG_DONTWAIT), -1);
	ck_assert_int_eq(errno, EAGAIN);
	/* octets of ours, and what was built is there all the same */
	seen[0] ^= 0x40;
	ck_assert_int_eq(craft_send_frame(c, seen, len - 1, &e), 0);
	ck_assert_int_eq(recv(wire, again, sizeof(again), 0), len - 1);
	ck_assert_mem_eq(again, seen, len - 1);
	ck_assert_int_eq(recv(wire, again, sizeof(again), 0), len - 1);
	ck_assert_int_eq(craft_send(c, &e), 0);
	ck_assert_int_eq(recv(wire, again, sizeof(again), 0), len);
	ck_assert_mem_eq(again, frame, len);
	craft_close(c);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	close(wire);
}
END_TEST

/*
 * A frame that did not leave is an error: too long for lo, not built, so that
 * the one before it must not leave either, or lo is down.
 */
START_TEST(test_send_fails)
{
	struct segment s = syn(6);
	struct err e = { 0 };
	struct craft *c;
	const uint8_t *frame;
	uint8_t *text;
	size_t len;

	ck_assert_int_eq(private_net(), 0);
	set_up(true);
	ck_assert_int_eq(craft_open(&c, "lo", src_mac, dst_mac, &e), 0);
	s.text = text = calloc(1, MAX_TEXT_6);
	s.text_len = MAX_TEXT_6;
	build(c, &s, &len);
	ck_assert_int_eq(craft_send(c, &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_ptr_nonnull(strstr(e.msg, "too long"));
	s.text_len = 0;
	build(c, &s, &len);
	ck_assert_int_eq(craft_send(c, &e), 0);
	s.rsvd = 8;
	ck_assert_int_eq(craft_build(c, &s, &frame, &len, &e), -1);
	ck_assert_int_eq(craft_send(c, &e), -1);
	ck_assert_int_eq(e.kind, ERR_INTERNAL);
	s.rsvd = 0;
	build(c, &s, &len);
	set_up(false);
	ck_assert_int_eq(craft_send(c, &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_ptr_nonnull(strstr(e.msg, "is down"));
	ck_assert_int_eq(craft_send_frame(c, text, 60, &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	free(text);
	craft_close(c);
}
END_TEST

int
main(void)
{
	SRunner *sr;
	TCase *tc;
	Suite *s;
	int failed;

	if (!private_net_allowed()) {
		puts("SKIP: network namespaces are not allowed here");
		return 77;
	}
	s = suite_create("craft_send");
	tc = tcase_create("craft_send");
	sr = srunner_create(s);
	tcase_add_test(tc, test_no_permission);
	tcase_add_loop_test(tc, test_unusable_interface, 0, 5);
	tcase_add_loop_test(tc, test_send_frame, 0, 2);
	tcase_add_test(tc, test_send_fails);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
