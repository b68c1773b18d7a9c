#include <string.h>

#include "bench/bench.h"
#include "bench/stage.h"
#include "bench/target.h"
#include "path/netlink.h"

#define MTU 1500

void
stage_init(struct stage *s)
{
	memset(s, 0, sizeof(*s));
	addr_parse(&s->stack[0], "192.168.0.1");
	addr_parse(&s->gateway[0], "192.168.0.2");
	addr_parse(&s->peer[0], "192.0.2.1");
	s->prefix[0] = 16;
	addr_parse(&s->stack[1], "fd3d:fa7b:d17d::");
	addr_parse(&s->gateway[1], "fd3d:fa7b:d17d:8888::");
	addr_parse(&s->peer[1], "2001:db8::1");
	s->prefix[1] = 48;
}

static int
set_up_ip(struct netlink *nl, const struct bench_net *net, int six,
    unsigned mtu, struct err *e)
{
	const struct stage *s = net->stage;
	const char *ifname = net->stack_if;

	if (netlink_add_addr(nl, ifname, &s->stack[six], s->prefix[six], e) ==
		-1 ||
	    netlink_add_neigh(nl, ifname, &s->gateway[six], net->peer_mac, e) ==
		-1 ||
	    netlink_add_neigh(nl, ifname, &s->peer[six], net->peer_mac, e) ==
		-1)
		return -1;
	return netlink_add_route(nl, ifname, &s->peer[six], &s->gateway[six],
	    mtu, e);
}

int
stage_set_up(const struct bench_net *net, bool *has_ip6, struct err *e)
{
	const struct stage *s = net->stage;
	unsigned mtu = s->mtu == 0 ? MTU : s->mtu;
	bool large = s->largest > mtu;
	struct netlink *nl = NULL;
	struct err e6;
	int rc = -1;

	if (netlink_open(&nl, e) == 0 &&
	    (s->offload || target_checksums_on(net->stack_if, e) == 0) &&
	    netlink_set_mtu(nl, net->stack_if, large ? s->largest : mtu, e) ==
		0 &&
	    netlink_up(nl, "lo", e) == 0 &&
	    netlink_up(nl, net->stack_if, e) == 0)
		rc = set_up_ip(nl, net, 0, large ? mtu : 0, e);
	if (rc == 0)
		*has_ip6 = set_up_ip(nl, net, 1, large ? mtu : 0, &e6) == 0;
	netlink_close(nl);
	return rc;
}
