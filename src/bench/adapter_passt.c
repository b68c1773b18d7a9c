#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/table.h"
#include "bench/adapter.h"
#include "bench/command.h"
#include "bench/outside.h"
#include "path/netlink.h"

/*
 * DOC: passt
 *
 * pasta, which is passt for a network namespace. It takes its addresses from
 * an interface of T: that is the loopback. A connection to its gateway it
 * opens on T's loopback, so the stack under test has the gateway's address. To
 * the peer it forwards a fixed range of ports, for each of which it listens.
 */
#define START_MS      8000
#define CONNECT_FIRST 10000
#define CONNECT_LAST  11023

static int
find(struct err *e)
{
	return command_find("pasta", "passt", e);
}

static void
set_net(struct bench_net *net)
{
	net->connect_first = CONNECT_FIRST;
	net->connect_last = CONNECT_LAST;
}

/* Without it pasta would speak no IPv6. */
static int
add_link_local(struct err *e)
{
	struct netlink *nl = NULL;
	struct addr a;
	int rc = -1;

	addr_parse(&a, "fe80::2");
	if (netlink_open(&nl, e) == 0)
		rc = netlink_add_addr(nl, "lo", &a, 64, e);
	netlink_close(nl);
	return rc;
}

/*
 * It goes to the background when it is ready. As root it would become nobody,
 * and could not enter P any more.
 */
static int
start(const struct bench_net *net, bool ip6, struct err *e)
{
	char netns[32], user[32], ports[16];
	const char *argv[] = { "pasta", "--quiet", "--netns", netns,
		"--no-netns-quit", "--runas", user, "--ns-ifname", net->peer_if,
		"--interface", "lo", "--mac-addr", "02:00:00:00:00:02", "--mtu",
		"1500", "--netmask", "24", "--tcp-ports", ports, "--udp-ports",
		"none", "--tcp-ns", "none", "--udp-ns", "none", "--no-dhcp",
		"--no-dhcpv6", "--no-ra", "--address", "192.0.2.1", "--gateway",
		"192.0.2.2", "--address", "2001:db8::1", "--gateway",
		"2001:db8::2", NULL };

	if (!ip6)
		argv[ARRAY_SIZE(argv) - 5] = NULL;
	snprintf(netns, sizeof(netns), "/proc/self/fd/%d", net->peer_ns);
	snprintf(user, sizeof(user), "%u:%u", geteuid(), getegid());
	snprintf(ports, sizeof(ports), "%u-%u", net->connect_first,
	    net->connect_last);
	return command_run(argv, START_MS, e);
}

static int
run(int fd, const struct bench_net *net)
{
	static const char *const version[] = { "pasta", "--version", NULL };
	struct drv_reply hello = { 0 };
	struct outside o;
	struct err e, ignored;

	command_name("passt", version, hello.stack, sizeof(hello.stack));
	if (outside_set_up(&o, net, &e) == -1 ||
	    (o.target.has_ip6 && add_link_local(&ignored) == -1) ||
	    start(net, o.target.has_ip6, &e) == -1) {
		hello.error = EPERM;
		snprintf(hello.msg, sizeof(hello.msg), "%.255s", e.msg);
	}
	outside_serve(&o, fd, &hello);
	return 0;
}

const struct adapter adapter_passt = {
	.name = "passt",
	.package = "passt",
	.beside = true,
	.net = set_net,
	.find = find,
	.run = run,
};
