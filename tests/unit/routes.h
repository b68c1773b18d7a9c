#ifndef RETORT_TEST_ROUTES_H
#define RETORT_TEST_ROUTES_H

/*
 * Routes of a private network namespace, in which every test makes a veth pair
 * of its own: "in0" with addresses, and "out0" without.
 */
#include <check.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "links.h"
#include "path/netlink.h"
#include "path/route.h"

#define EXIT_SKIP 77

static const uint8_t in_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t out_mac[6] = { 2, 0, 0, 0, 0, 2 };

static inline int
private_net(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1)
		return unshare(CLONE_NEWNET);
	return 0;
}

static inline struct addr
addr(const char *text)
{
	struct addr a = { 0 };

	ck_assert_int_eq(addr_parse(&a, text), 0);
	return a;
}

static inline void
ok(int rc, const struct err *e)
{
	ck_assert_msg(rc == 0, "%s", e->msg);
}

/* The kernel does some of its work later: wait until it is done. */
static inline void
wait_running(const char *ifname, bool running)
{
	struct ifreq r = { .ifr_flags = 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	strncpy(r.ifr_name, ifname, IFNAMSIZ - 1);
	while (ioctl(fd, SIOCGIFFLAGS, &r) == 0 &&
	       !(r.ifr_flags & IFF_RUNNING) == running)
		usleep(1000);
	close(fd);
}

static inline void
add_addr(struct netlink *nl, const char *ifname, const char *text,
    unsigned prefix)
{
	struct addr a = addr(text);
	bool own = false;
	struct err e;

	ok(netlink_add_addr(nl, ifname, &a, prefix, &e), &e);
	while (!own) {
		ok(route_is_own(&a, &own, &e), &e);
		usleep(1000);
	}
}

/* The links and addresses of all tests. */
static inline struct netlink *
net(void)
{
	struct netlink *nl;
	struct err e;

	ck_assert_int_eq(private_net(), 0);
	ok(netlink_open(&nl, &e), &e);
	ok(netlink_add_veth(nl, "in0", in_mac, "out0", out_mac, getpid(), &e),
	    &e);
	ok(netlink_up(nl, "lo", &e), &e);
	ok(netlink_up(nl, "in0", &e), &e);
	ok(netlink_up(nl, "out0", &e), &e);
	wait_running("in0", true);
	wait_running("out0", true);
	add_addr(nl, "in0", "192.0.2.1", 24);
	add_addr(nl, "in0", "2001:db8::1", 64);
	return nl;
}

static inline void
put_gateway(struct nlmsghdr *h, uint8_t ip, const char *text)
{
	struct addr gw = addr(text);
	uint8_t via[2 + 16];
	uint16_t family = gw.ip == 6 ? AF_INET6 : AF_INET;

	memcpy(via, &family, 2);
	memcpy(via + 2, gw.octets, 16);
	if (gw.ip == ip)
		mnl_attr_put(h, RTA_GATEWAY, addr_len(&gw), gw.octets);
	else
		mnl_attr_put(h, RTA_VIA, 2 + addr_len(&gw), via);
}

/* A route of a type; gateway and mtu may be missing. */
static inline void
add_route(struct netlink *nl, uint8_t type, const char *to, unsigned prefix,
    const char *gateway, uint32_t mtu)
{
	struct nlmsghdr *h =
	    netlink_begin(nl, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
	struct rtmsg *rt = mnl_nlmsg_put_extra_header(h, sizeof(*rt));
	struct addr dst = addr(to);
	struct nlattr *metrics;

	rt->rtm_family = dst.ip == 6 ? AF_INET6 : AF_INET;
	rt->rtm_dst_len = prefix;
	rt->rtm_table = RT_TABLE_MAIN;
	rt->rtm_protocol = RTPROT_STATIC;
	rt->rtm_type = type;
	mnl_attr_put(h, RTA_DST, addr_len(&dst), dst.octets);
	if (type == RTN_UNICAST)
		mnl_attr_put_u32(h, RTA_OIF, if_nametoindex("in0"));
	if (gateway != NULL)
		put_gateway(h, dst.ip, gateway);
	if (mtu != 0) {
		metrics = mnl_attr_nest_start(h, RTA_METRICS);
		mnl_attr_put_u32(h, RTAX_MTU, mtu);
		mnl_attr_nest_end(h, metrics);
	}
	ck_assert_msg(netlink_run(nl, h, NULL, NULL) == 0, "route to %s: %s",
	    to, strerror(errno));
}

static inline void
check_addr(const struct addr *a, const char *text)
{
	struct buf b = { 0 };

	if (a->ip != 0)
		addr_add(&b, a);
	ck_assert_str_eq(buf_str(&b), text);
	buf_free(&b);
}

/* The way to an address; "" where there is no source. */
static inline struct route
check_way(const char *to, const char *ifname, const char *over,
    const char *source, const char *hop)
{
	struct addr a = addr(to);
	struct err e = { 0 };
	struct route r;

	memset(&r, 0xa5, sizeof(r));
	ck_assert_msg(route_find(&r, &a, ifname, &e) == 0, "%s", e.msg);
	ck_assert_str_eq(r.ifname, over);
	check_addr(&r.source, source);
	check_addr(&r.hop, hop);
	return r;
}

static inline void
check_refused(const char *to, const char *ifname, enum err_kind kind,
    const char *msg)
{
	struct addr a = addr(to);
	struct err e = { 0 };
	struct route r;

	ck_assert_int_eq(route_find(&r, &a, ifname, &e), -1);
	ck_assert_str_eq(e.msg, msg);
	ck_assert_int_eq(e.kind, kind);
}

static inline bool
private_net_allowed(void)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0)
		_exit(private_net() == 0 ? 0 : 1);
	return waitpid(pid, &status, 0) == pid && status == 0;
}

#endif
