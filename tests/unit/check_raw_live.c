/*
 * IP packets without frames, in a private network namespace: to the loopback's
 * kernel, and to a TUN device, whose far end is this test. Exits 77 where the
 * machine allows no such namespace.
 */
#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "craft/craft.h"
#include "links.h"
#include "sniff/sniff.h"

#define EXIT_SKIP   77
#define CLOSED_PORT 4242
#define LONG	    (20 * NSEC_PER_SEC) /* nothing takes so long */

static struct segment
syn(const char *src, const char *dst)
{
	struct segment s = { .seq = 0x01020304, .ctl = CTL_SYN, .wnd = 1000 };

	ck_assert_int_eq(addr_parse(&s.tuple.src.addr, src), 0);
	ck_assert_int_eq(addr_parse(&s.tuple.dst.addr, dst), 0);
	s.tuple.src.port = 1024;
	s.tuple.dst.port = CLOSED_PORT;
	s.ip_id = 7;
	return s;
}

static struct craft *
open_raw(const char *ifname, int ip)
{
	struct err e = { 0 };
	struct craft *c;

	ck_assert_msg(craft_open_raw(&c, ifname, ip, &e) == 0, "%s", e.msg);
	return c;
}

static struct sniff *
open_sniff(const char *ifname)
{
	struct err e = { 0 };
	struct sniff *s;

	ck_assert_msg(sniff_open_live(&s, ifname, NULL, &e) == 0, "%s", e.msg);
	return s;
}

/* Build and send; the frame without its Ethernet header. */
static const uint8_t *
send_segment(struct craft *c, const struct segment *s, size_t *len)
{
	struct err e = { 0 };
	const uint8_t *frame;

	ck_assert_msg(craft_build(c, s, &frame, len, &e) == 0, "%s", e.msg);
	ck_assert_msg(craft_send(c, &e) == 0, "%s", e.msg);
	*len -= 14;
	return frame + 14;
}

static struct sight
see(struct sniff *s)
{
	struct err e = { 0 };
	struct sight v;

	ck_assert_msg(sniff_see(s, &v, clock_mono() + LONG, &e) == 1,
	    "nothing came: %s", e.msg);
	return v;
}

/* The kernel resets a SYN to a closed port of loopback. */
START_TEST(test_loopback)
{
	const char *host = _i ? "::1" : "127.0.0.1";
	int64_t start = clock_wall();
	struct segment s = syn(host, host);
	struct sight syn, rst;
	struct tuple reverse;
	struct sniff *sniff;
	struct craft *c;
	struct err e;
	size_t len;

	set_up_or_down("lo", true);
	sniff = open_sniff("lo");
	c = open_raw("lo", _i ? 6 : 4);
	send_segment(c, &s, &len);
	syn = see(sniff);
	ck_assert_int_eq(syn.kind, SIGHT_SEGMENT);
	ck_assert_uint_eq(syn.seg.ctl, CTL_SYN);
	ck_assert_uint_eq(syn.seg.faults, 0);
	ck_assert_uint_eq(syn.seg.ip_id, _i ? 0 : 7);
	ck_assert(tuple_eq(&syn.seg.tuple, &s.tuple));
	rst = see(sniff);
	ck_assert_int_eq(rst.kind, SIGHT_SEGMENT);
	ck_assert_uint_eq(rst.seg.ctl, CTL_RST | CTL_ACK);
	ck_assert_uint_eq(rst.seg.seq, 0);
	ck_assert_uint_eq(rst.seg.ack, s.seq + 1);
	reverse = tuple_reverse(&rst.seg.tuple);
	ck_assert(tuple_eq(&reverse, &s.tuple));
	ck_assert_int_gt(syn.seg.when, start);
	ck_assert_int_ge(rst.seg.when, syn.seg.when);
	ck_assert_int_gt(clock_wall(), rst.seg.when);
	ck_assert_int_eq(sniff_see(sniff, &rst, 0, &e), 0);
	craft_close(c);
	sniff_close(sniff);
}
END_TEST

/*
 * The socket's number is the lowest free one; it takes in nothing, and is not
 * bound, for the kernel's own addresses are on other interfaces.
 */
START_TEST(test_socket)
{
	struct segment s = syn("127.0.0.1", "127.0.0.1");
	struct craft *c;
	uint8_t octets[64];
	char name[IFNAMSIZ] = "";
	socklen_t name_len = sizeof(name);
	size_t len;
	int fd = dup(0);

	close(fd);
	set_up_or_down("lo", true);
	c = open_raw("lo", 4);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name,
			     &name_len),
	    0);
	ck_assert_str_eq(name, "");
	send_segment(c, &s, &len);
	ck_assert_int_eq(recv(fd, octets, sizeof(octets), MSG_DONTWAIT), -1);
	ck_assert_int_eq(errno, EAGAIN);
	craft_close(c);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
}
END_TEST

/* What would leave otherwise than it was built is not built. */
START_TEST(test_refused)
{
	struct segment s = syn("127.0.0.1", "127.0.0.1");
	struct segment s6 = syn("::1", "::1");
	struct craft *c;
	struct err e = { 0 };
	const uint8_t *frame;
	size_t len;

	set_up_or_down("lo", true);
	c = open_raw("lo", 4);
	ck_assert_int_eq(craft_build(c, &s6, &frame, &len, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_str_eq(e.msg, "lo is open for IPv4 only");
	s.faults = FAULT_IP_CHECKSUM;
	ck_assert_int_eq(craft_build(c, &s, &frame, &len, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(e.msg, "header checksum"));
	ck_assert_int_eq(craft_build_ask(c, &s.tuple.src.addr,
			     &s.tuple.dst.addr, &frame, &len, &e),
	    -1);
	ck_assert_int_eq(e.kind, ERR_INTERNAL);
	ck_assert_int_eq(craft_send(c, &e), -1);
	ck_assert_int_eq(e.kind, ERR_INTERNAL);
	craft_close(c);
}
END_TEST

/* Missing or down; or there is no route to where the packet is to go. */
START_TEST(test_unusable)
{
	struct segment s =
	    _i == 6 ? syn("::1", "2001:db8::2") : syn("127.0.0.1", "192.0.2.2");
	struct err e = { 0 };
	struct craft *c;
	const uint8_t *frame;
	size_t len;

	set_up_or_down("lo", false);
	ck_assert_int_eq(craft_open_raw(&c, "none0", _i, &e), -1);
	ck_assert_ptr_null(c);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_str_eq(e.msg, "there is no interface none0");
	ck_assert_int_eq(craft_open_raw(&c, "lo", _i, &e), -1);
	ck_assert_ptr_null(c);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_str_eq(e.msg, "lo: the interface is down");
	set_up_or_down("lo", true);
	c = open_raw("lo", _i);
	s.text = calloc(1, 65000);
	s.text_len = 65000;
	ck_assert_int_eq(craft_build(c, &s, &frame, &len, &e), 0);
	set_up_or_down("lo", false);
	ck_assert_int_eq(craft_send(c, &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_msg(strncmp(e.msg, "cannot send 650", 15) == 0, "%s", e.msg);
	free((void *)s.text);
	craft_close(c);
}
END_TEST

/* The message tells how to get the capability. */
START_TEST(test_no_permission)
{
	struct __user_cap_header_struct h = { .version =
						  _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };
	struct craft *c;
	struct err e = { 0 };

	set_up_or_down("lo", true);
	ck_assert_int_eq(syscall(SYS_capset, &h, none), 0);
	ck_assert_int_eq(craft_open_raw(&c, "lo", _i, &e), -1);
	ck_assert_ptr_null(c);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_str_eq(e.msg,
	    "lo needs CAP_NET_RAW: be root, or use setcap(8)");
}
END_TEST

/* An octet into a file of /proc/sys/net. */
static void
forward(const char *path)
{
	int fd = open(path, O_WRONLY);

	ck_assert_msg(fd != -1, "%s: %s", path, strerror(errno));
	ck_assert_int_eq(write(fd, "1", 1), 1);
	close(fd);
}

static int
open_tun(const char *ifname)
{
	struct ifreq r = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);

	strncpy(r.ifr_name, ifname, IFNAMSIZ - 1);
	if (fd != -1 && ioctl(fd, TUNSETIFF, &r) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

/* 192.0.2.254/24 and 2001:db8::fe/64 */
static void
set_addresses(const char *ifname)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	struct {
		struct in6_addr addr;
		uint32_t prefix;
		int ifindex;
	} r6 = { .prefix = 64, .ifindex = if_nametoindex(ifname) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int fd6 = socket(AF_INET6, SOCK_DGRAM, 0);
	struct ifreq r = { 0 };

	strncpy(r.ifr_name, ifname, IFNAMSIZ - 1);
	inet_pton(AF_INET, "192.0.2.254", &sin.sin_addr);
	memcpy(&r.ifr_addr, &sin, sizeof(sin));
	ck_assert_int_eq(ioctl(fd, SIOCSIFADDR, &r), 0);
	sin.sin_addr.s_addr = htonl(0xffffff00);
	memcpy(&r.ifr_netmask, &sin, sizeof(sin));
	ck_assert_int_eq(ioctl(fd, SIOCSIFNETMASK, &r), 0);
	inet_pton(AF_INET6, "2001:db8::fe", &r6.addr);
	ck_assert_int_eq(ioctl(fd6, SIOCSIFADDR, &r6), 0);
	close(fd);
	close(fd6);
}

/* The next packet with TCP that the kernel puts into the device. */
static size_t
read_tun(int fd, uint8_t *octets, size_t size)
{
	ssize_t n;

	do
		n = read(fd, octets, size);
	while (n > 0 && octets[octets[0] >> 4 == 4 ? 9 : 6] != 6);
	ck_assert_msg(n > 0, "nothing left through the device");
	return n;
}

/*
 * What leaves is what was built. What comes to a closed port is reset. What
 * comes for others, and has no route, draws an ICMP error.
 */
START_TEST(test_tun)
{
	static const char *const us[] = { "192.0.2.254", "2001:db8::fe" };
	static const char *const them[] = { "192.0.2.1", "2001:db8::1" };
	static const char *const nobody[] = { "198.51.100.7", "2001:db8:7::7" };
	struct segment s = syn(us[_i], them[_i]);
	struct segment back = syn(them[_i], us[_i]);
	struct segment lost = syn(them[_i], nobody[_i]);
	static const uint8_t zero[6];
	int tun = open_tun("tun9");
	struct craft *c, *builder;
	const uint8_t *frame;
	uint8_t octets[2048];
	struct sniff *sniff;
	struct sight v;
	struct err e;
	size_t len;

	set_up_or_down("tun9", true);
	set_addresses("tun9");
	forward("/proc/sys/net/ipv4/ip_forward");
	forward("/proc/sys/net/ipv6/conf/all/forwarding");
	sniff = open_sniff("tun9");
	c = open_raw("tun9", _i ? 6 : 4);
	frame = send_segment(c, &s, &len);
	ck_assert_uint_eq(read_tun(tun, octets, sizeof(octets)), len);
	ck_assert_mem_eq(octets, frame, len);
	v = see(sniff);
	ck_assert_int_eq(v.kind, SIGHT_SEGMENT);
	ck_assert(tuple_eq(&v.seg.tuple, &s.tuple));
	craft_close(c);

	ck_assert_int_eq(craft_open(&builder, NULL, zero, zero, &e), 0);
	ck_assert_int_eq(craft_build(builder, &back, &frame, &len, &e), 0);
	ck_assert_int_eq(write(tun, frame + 14, len - 14), len - 14);
	v = see(sniff);
	ck_assert_uint_eq(v.seg.ctl, CTL_SYN);
	v = see(sniff);
	ck_assert_int_eq(v.kind, SIGHT_SEGMENT);
	ck_assert_uint_eq(v.seg.ctl, CTL_RST | CTL_ACK);
	ck_assert_uint_eq(v.seg.ack, back.seq + 1);

	ck_assert_int_eq(craft_build(builder, &lost, &frame, &len, &e), 0);
	ck_assert_int_eq(write(tun, frame + 14, len - 14), len - 14);
	v = see(sniff);
	ck_assert_uint_eq(v.seg.ctl, CTL_SYN);
	v = see(sniff);
	ck_assert_int_eq(v.kind, SIGHT_ICMP);
	ck_assert_uint_eq(v.icmp.type, _i ? 1 : 3);
	ck_assert_uint_eq(v.icmp.code, 0);
	ck_assert(addr_eq(&v.icmp.from, &s.tuple.src.addr));
	ck_assert(addr_eq(&v.icmp.to, &lost.tuple.src.addr));
	ck_assert(tuple_eq(&v.icmp.probe, &lost.tuple));
	ck_assert_uint_eq(v.icmp.seq, lost.seq);
	ck_assert_int_lt(clock_wall() - v.icmp.when, LONG);
	ck_assert_int_ge(clock_wall(), v.icmp.when);
	craft_close(builder);
	sniff_close(sniff);
	close(tun);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("raw_live");
	TCase *tc = tcase_create("raw_live");
	SRunner *sr = srunner_create(s);
	int failed, tun;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1) {
		printf("SKIP: no private network namespace: %s\n",
		    strerror(errno));
		srunner_free(sr);
		return EXIT_SKIP;
	}
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, test_loopback, 0, 2);
	tcase_add_test(tc, test_socket);
	tcase_add_test(tc, test_refused);
	tcase_add_loop_test(tc, test_unusable, 4, 5);
	tcase_add_loop_test(tc, test_unusable, 6, 7);
	tcase_add_loop_test(tc, test_no_permission, 4, 5);
	tcase_add_loop_test(tc, test_no_permission, 6, 7);
	tun = open_tun("tun8");
	if (tun != -1)
		tcase_add_loop_test(tc, test_tun, 0, 2);
	else
		printf("no TUN device to test: %s\n", strerror(errno));
	close(tun);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
