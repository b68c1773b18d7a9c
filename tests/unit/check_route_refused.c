/*
 * Addresses to which there is no way, and neighbours that are known or not.
 * Exits 77 where the machine allows no private network namespace.
 */
#include <stdio.h>

#include "routes.h"

START_TEST(test_no_host)
{
	static const char *const ifnames[] = { NULL, "in0" };
	const char *ifname = ifnames[_i];
	struct netlink *nl = net();

	check_refused("0.0.0.0", ifname, ERR_USAGE,
	    "0.0.0.0 is no host's address");
	check_refused("::", ifname, ERR_USAGE, ":: is no host's address");
	check_refused("224.0.0.1", ifname, ERR_USAGE,
	    "224.0.0.1 is the address of a group: name one host");
	check_refused("255.255.255.255", ifname, ERR_USAGE,
	    "255.255.255.255 is the address of a group: name one host");
	check_refused("ff02::1", ifname, ERR_USAGE,
	    "ff02::1 is the address of a group: name one host");
	check_refused("192.0.2.255", ifname, ERR_USAGE,
	    "192.0.2.255 is a broadcast address: name one host");
	netlink_close(nl);
}
END_TEST

START_TEST(test_no_way)
{
	struct netlink *nl = net();

	check_refused("203.0.113.9", NULL, ERR_ENV,
	    "no route to 203.0.113.9: add one, or name an interface");
	check_refused("2001:db8:1::9", NULL, ERR_ENV,
	    "no route to 2001:db8:1::9: add one, or name an interface");
	add_route(nl, RTN_UNREACHABLE, "203.0.113.1", 32, NULL, 0);
	add_route(nl, RTN_PROHIBIT, "203.0.113.2", 32, NULL, 0);
	add_route(nl, RTN_BLACKHOLE, "203.0.113.3", 32, NULL, 0);
	add_route(nl, RTN_UNREACHABLE, "2001:db8:1::1", 128, NULL, 0);
	add_route(nl, RTN_PROHIBIT, "2001:db8:1::2", 128, NULL, 0);
	add_route(nl, RTN_BLACKHOLE, "2001:db8:1::3", 128, NULL, 0);
	check_refused("203.0.113.1", NULL, ERR_ENV,
	    "no route to 203.0.113.1: the routing table says unreachable; "
	    "name an interface");
	check_refused("203.0.113.2", NULL, ERR_ENV,
	    "no route to 203.0.113.2: the routing table says prohibit; "
	    "name an interface");
	check_refused("203.0.113.3", NULL, ERR_ENV,
	    "no route to 203.0.113.3: the routing table says blackhole; "
	    "name an interface");
	check_refused("2001:db8:1::1", NULL, ERR_ENV,
	    "no route to 2001:db8:1::1: the routing table says unreachable; "
	    "name an interface");
	check_refused("2001:db8:1::2", NULL, ERR_ENV,
	    "no route to 2001:db8:1::2: the routing table says prohibit; "
	    "name an interface");
	check_refused("2001:db8:1::3", NULL, ERR_ENV,
	    "no route to 2001:db8:1::3: the routing table says blackhole; "
	    "name an interface");
	netlink_close(nl);
}
END_TEST

START_TEST(test_bad_interface)
{
	struct netlink *nl = net();

	check_refused("192.0.2.9", "none0", ERR_ENV,
	    "there is no interface none0");
	check_refused("192.0.2.9", "", ERR_ENV, "there is no interface ");
	check_refused("192.0.2.9", "a\033-name-of-more-than-15", ERR_ENV,
	    "there is no interface a\\x1b-name-of-more-than-15");
	/* the other end is down: no carrier here, but the route stays */
	set_up_or_down("out0", false);
	wait_running("in0", false);
	check_refused("192.0.2.9", NULL, ERR_ENV, "in0 has no carrier");
	check_refused("192.0.2.9", "out0", ERR_ENV, "out0 is down");
	set_up_or_down("lo", false);
	check_refused("192.0.2.1", NULL, ERR_ENV, "lo is down");
	netlink_close(nl);
}
END_TEST

static void
set_neighbour(struct netlink *nl, const char *text, uint16_t state, bool mac)
{
	struct nlmsghdr *h =
	    netlink_begin(nl, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE);
	struct ndmsg *nd = mnl_nlmsg_put_extra_header(h, sizeof(*nd));
	struct addr a = addr(text);

	nd->ndm_family = a.ip == 6 ? AF_INET6 : AF_INET;
	nd->ndm_ifindex = if_nametoindex("in0");
	nd->ndm_state = state;
	mnl_attr_put(h, NDA_DST, addr_len(&a), a.octets);
	if (mac)
		mnl_attr_put(h, NDA_LLADDR, 6, out_mac);
	ck_assert_int_eq(netlink_run(nl, h, NULL, NULL), 0);
}

START_TEST(test_neighbour)
{
	static const struct {
		const char *addr;
		uint16_t state; /* 0: not there */
		bool mac;
		int known;
	} t[] = {
		{ "192.0.2.9", 0, false, 0 },
		{ "192.0.2.9", NUD_PERMANENT, true, 1 },
		{ "192.0.2.9", NUD_REACHABLE, true, 1 },
		{ "192.0.2.9", NUD_STALE, true, 1 },
		{ "192.0.2.9", NUD_NOARP, true, 1 },
		{ "192.0.2.9", NUD_FAILED, true, 0 },
		{ "192.0.2.9", NUD_INCOMPLETE, false, 0 },
		{ "2001:db8::9", 0, false, 0 },
		{ "2001:db8::9", NUD_PERMANENT, true, 1 },
		{ "2001:db8::9", NUD_STALE, true, 1 },
	};
	struct netlink *nl = net();
	struct addr a = addr(t[_i].addr);
	uint8_t mac[6] = { 0 };
	struct err e = { 0 };

	if (t[_i].state != 0)
		set_neighbour(nl, t[_i].addr, t[_i].state, t[_i].mac);
	ck_assert_int_eq(route_neighbour("in0", &a, mac, &e), t[_i].known);
	if (t[_i].known)
		ck_assert_mem_eq(mac, out_mac, 6);
	ck_assert_int_eq(route_neighbour("out0", &a, mac, &e), 0);
	ck_assert_int_eq(route_neighbour("none0", &a, mac, &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_str_eq(e.msg, "there is no interface none0");
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
	s = suite_create("route_refused");
	tc = tcase_create("route_refused");
	sr = srunner_create(s);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, test_no_host, 0, 2);
	tcase_add_test(tc, test_no_way);
	tcase_add_test(tc, test_bad_interface);
	tcase_add_loop_test(tc, test_neighbour, 0, 10);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
