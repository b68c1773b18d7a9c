/*
 * Ways that are found. Exits 77 where the machine allows no private network
 * namespace.
 */
#include <sys/ioctl.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <stdio.h>

#include "routes.h"

START_TEST(test_neighbour_and_gateway)
{
	struct netlink *nl = net();
	struct route r;

	r = check_way("192.0.2.9", NULL, "in0", "192.0.2.1", "192.0.2.9");
	ck_assert(r.ethernet && !r.loopback);
	ck_assert_mem_eq(r.mac, in_mac, 6);
	ck_assert_uint_eq(r.mtu, 1500);
	r = check_way("2001:db8::9", NULL, "in0", "2001:db8::1", "2001:db8::9");
	ck_assert_uint_eq(r.mtu, 1500);
	add_route(nl, RTN_UNICAST, "203.0.113.0", 24, "192.0.2.254", 1400);
	add_route(nl, RTN_UNICAST, "198.51.100.0", 24, "2001:db8::fe", 0);
	add_route(nl, RTN_UNICAST, "2001:db8:1::", 48, "2001:db8::fe", 1280);
	add_route(nl, RTN_UNICAST, "0.0.0.0", 0, "192.0.2.253", 9000);
	r = check_way("203.0.113.9", NULL, "in0", "192.0.2.1", "192.0.2.254");
	ck_assert_uint_eq(r.mtu, 1400);
	r = check_way("198.51.100.9", NULL, "in0", "192.0.2.1", "2001:db8::fe");
	ck_assert_uint_eq(r.mtu, 1500);
	r = check_way("2001:db8:1::9", NULL, "in0", "2001:db8::1",
	    "2001:db8::fe");
	ck_assert_uint_eq(r.mtu, 1280);
	/* no more than the link carries */
	r = check_way("8.8.8.8", NULL, "in0", "192.0.2.1", "192.0.2.253");
	ck_assert_uint_eq(r.mtu, 1500);
	check_way("8.8.8.8", "in0", "in0", "192.0.2.1", "192.0.2.253");
	netlink_close(nl);
}
END_TEST

/* Of two ways the kernel takes one. */
START_TEST(test_multipath)
{
	struct netlink *nl = net();
	struct nlmsghdr *h = netlink_begin(nl, RTM_NEWROUTE, NLM_F_CREATE);
	struct rtmsg *rt = mnl_nlmsg_put_extra_header(h, sizeof(*rt));
	struct addr dst = addr("203.0.113.0"), a = addr("203.0.113.9");
	struct {
		struct rtnexthop nh;
		struct nlattr at;
		uint8_t gw[4];
	} hops[2] = { { { sizeof(hops[0]), 0, 0, 0 }, { 8, RTA_GATEWAY },
			  { 192, 0, 2, 10 } },
		{ { sizeof(hops[0]), 0, 0, 0 }, { 8, RTA_GATEWAY },
		    { 192, 0, 2, 11 } } };
	struct route r;
	struct err e;

	rt->rtm_family = AF_INET;
	rt->rtm_dst_len = 24;
	rt->rtm_table = RT_TABLE_MAIN;
	rt->rtm_type = RTN_UNICAST;
	mnl_attr_put(h, RTA_DST, 4, dst.octets);
	mnl_attr_put(h, RTA_MULTIPATH, sizeof(hops), hops);
	ck_assert_int_eq(netlink_run(nl, h, NULL, NULL), 0);
	ok(route_find(&r, &a, NULL, &e), &e);
	ck_assert_str_eq(r.ifname, "in0");
	ck_assert_uint_eq(r.hop.ip, 4);
	ck_assert_mem_eq(r.hop.octets, hops[0].gw, 3);
	ck_assert(r.hop.octets[3] == 10 || r.hop.octets[3] == 11);
	netlink_close(nl);
}
END_TEST

/* This machine's own: over loopback, whatever interface is named. */
START_TEST(test_own)
{
	static const char *const own[] = { "127.0.0.1", "127.1.2.3", "::1",
		"192.0.2.1", "2001:db8::1" };
	static const char *const source[] = { "127.0.0.1", "127.0.0.1", "::1",
		"192.0.2.1", "2001:db8::1" };
	static const char *const others[] = { "192.0.2.9", "2001:db8::9",
		"203.0.113.1", "2001:db8:1::1", "192.0.2.255", "224.0.0.1" };
	struct netlink *nl = net();
	struct err e = { 0 };
	struct route r;
	struct addr a;
	bool is;
	size_t i;

	add_route(nl, RTN_BLACKHOLE, "203.0.113.0", 24, NULL, 0);
	for (i = 0; i < 5; i++) {
		r = check_way(own[i], NULL, "lo", source[i], own[i]);
		ck_assert(r.loopback && !r.ethernet);
		ck_assert_uint_eq(r.mtu, 65536);
		check_way(own[i], "out0", "lo", source[i], own[i]);
		a = addr(own[i]);
		is = false;
		ok(route_is_own(&a, &is, &e), &e);
		ck_assert_msg(is, "%s", own[i]);
	}
	for (i = 0; i < 6; i++) {
		a = addr(others[i]);
		is = true;
		ok(route_is_own(&a, &is, &e), &e);
		ck_assert_msg(!is, "%s", others[i]);
	}
	netlink_close(nl);
}
END_TEST

/* An interface that no route leads over. */
START_TEST(test_on_link)
{
	struct netlink *nl = net();
	struct route r;

	r = check_way("203.0.113.9", "in0", "in0", "192.0.2.1", "203.0.113.9");
	ck_assert_mem_eq(r.mac, in_mac, 6);
	check_way("2001:db8:1::9", "in0", "in0", "2001:db8::1",
	    "2001:db8:1::9");
	r = check_way("2001:db8::9", "out0", "out0", "", "2001:db8::9");
	ck_assert_mem_eq(r.mac, out_mac, 6);
	add_addr(nl, "out0", "fe80::2", 64);
	add_addr(nl, "out0", "2001:db8:2::2", 64);
	check_way("2001:db8:1::9", "out0", "out0", "2001:db8:2::2",
	    "2001:db8:1::9");
	/* what the tables forbid, the interface's name allows */
	add_route(nl, RTN_PROHIBIT, "203.0.113.0", 24, NULL, 0);
	check_way("203.0.113.9", "in0", "in0", "192.0.2.1", "203.0.113.9");
	netlink_close(nl);
}
END_TEST

START_TEST(test_link_local)
{
	struct netlink *nl = net();

	add_addr(nl, "in0", "fe80::1", 64);
	add_addr(nl, "out0", "fe80::2", 64);
	check_way("fe80::9", "in0", "in0", "fe80::1", "fe80::9");
	check_way("fe80::9", "out0", "out0", "fe80::2", "fe80::9");
	check_way("fe80::1", "in0", "lo", "fe80::1", "fe80::1");
	/* the same address is another host's on the other link */
	check_way("fe80::1", "out0", "out0", "fe80::2", "fe80::1");
	check_refused("fe80::9", NULL, ERR_USAGE,
	    "fe80::9 is link-local: name its interface, too");
	netlink_close(nl);
}
END_TEST

/* A device that bears packets without a link's header. */
START_TEST(test_tun)
{
	struct netlink *nl = net();
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	struct ifreq ifr = { .ifr_name = "tun9",
		.ifr_flags = IFF_TUN | IFF_NO_PI };
	struct route r;

	if (fd == -1 || ioctl(fd, TUNSETIFF, &ifr) == -1) {
		printf("no TUN device: %s\n", strerror(errno));
		netlink_close(nl);
		return;
	}
	set_up_or_down("tun9", true);
	add_addr(nl, "tun9", "198.51.100.1", 24);
	r = check_way("198.51.100.9", NULL, "tun9", "198.51.100.1",
	    "198.51.100.9");
	ck_assert(!r.ethernet && !r.loopback);
	ck_assert_mem_eq(r.mac, "\0\0\0\0\0", 6);
	close(fd);
	netlink_close(nl);
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
		return EXIT_SKIP;
	}
	s = suite_create("route");
	tc = tcase_create("route");
	sr = srunner_create(s);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_neighbour_and_gateway);
	tcase_add_test(tc, test_multipath);
	tcase_add_test(tc, test_own);
	tcase_add_test(tc, test_on_link);
	tcase_add_test(tc, test_link_local);
	tcase_add_test(tc, test_tun);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
