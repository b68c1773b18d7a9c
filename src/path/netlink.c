#include <sys/socket.h>

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "path/netlink.h"

struct netlink {
	struct mnl_socket *sock;
	unsigned seq;
	char buf[8192]; /* no message to us is longer */
};

int
netlink_open(struct netlink **out, struct err *e)
{
	struct netlink *nl = mem_calloc(1, sizeof(*nl));

	nl->sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (nl->sock == NULL || mnl_socket_bind(nl->sock, 0, 0) == -1) {
		err_set(e, ERR_ENV, "netlink: %s", strerror(errno));
		netlink_close(nl);
		return -1;
	}
	*out = nl;
	return 0;
}

void
netlink_close(struct netlink *nl)
{
	if (nl != NULL && nl->sock != NULL)
		mnl_socket_close(nl->sock);
	free(nl);
}

struct nlmsghdr *
netlink_begin(struct netlink *nl, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *h = mnl_nlmsg_put_header(nl->buf);

	h->nlmsg_type = type;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	h->nlmsg_seq = ++nl->seq;
	return h;
}

int
netlink_run(struct netlink *nl, struct nlmsghdr *h,
    int (*each)(const struct nlmsghdr *, void *), void *arg)
{
	unsigned id = mnl_socket_get_portid(nl->sock);
	ssize_t n;
	int more = 1;

	if (mnl_socket_sendto(nl->sock, h, h->nlmsg_len) == -1)
		return -1;
	while (more > 0) {
		n = mnl_socket_recvfrom(nl->sock, nl->buf, sizeof(nl->buf));
		if (n == -1)
			return -1;
		more = mnl_cb_run(nl->buf, n, nl->seq, id, each, arg);
	}
	return more;
}

/* Have a thing done. */
static int
ask(struct netlink *nl, struct nlmsghdr *h, const char *what,
    const char *ifname, struct err *e)
{
	if (netlink_run(nl, h, NULL, NULL) == 0)
		return 0;
	return err_set(e, ERR_ENV, "cannot %s %s: %s", what, ifname,
	    strerror(errno));
}

static void
put_end(struct nlmsghdr *h, const char *name, const uint8_t mac[6])
{
	mnl_attr_put_strz(h, IFLA_IFNAME, name);
	mnl_attr_put(h, IFLA_ADDRESS, 6, mac);
}

int
netlink_add_veth(struct netlink *nl, const char *name, const uint8_t mac[6],
    const char *peer, const uint8_t peer_mac[6], pid_t pid, struct err *e)
{
	struct nlmsghdr *h =
	    netlink_begin(nl, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	struct nlattr *info, *data, *end;

	mnl_nlmsg_put_extra_header(h, sizeof(struct ifinfomsg));
	put_end(h, name, mac);
	info = mnl_attr_nest_start(h, IFLA_LINKINFO);
	mnl_attr_put_strz(h, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(h, IFLA_INFO_DATA);
	end = mnl_attr_nest_start(h, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(h, sizeof(struct ifinfomsg));
	put_end(h, peer, peer_mac);
	mnl_attr_put_u32(h, IFLA_NET_NS_PID, pid);
	mnl_attr_nest_end(h, end);
	mnl_attr_nest_end(h, data);
	mnl_attr_nest_end(h, info);
	return ask(nl, h, "make the veth pair", name, e);
}

/*
 * No IPv6 address of its own making: the kernel would announce it. A kernel
 * without IPv6 refuses, and that is as good.
 */
static void
no_link_local(struct netlink *nl, const char *ifname)
{
	struct nlmsghdr *h = netlink_begin(nl, RTM_NEWLINK, 0);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(h, sizeof(*ifi));
	struct nlattr *spec, *inet6;
	struct err ignored;

	ifi->ifi_index = if_nametoindex(ifname);
	spec = mnl_attr_nest_start(h, IFLA_AF_SPEC);
	inet6 = mnl_attr_nest_start(h, AF_INET6);
	mnl_attr_put_u8(h, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	mnl_attr_nest_end(h, inet6);
	mnl_attr_nest_end(h, spec);
	ask(nl, h, "set up", ifname, &ignored);
}

int
netlink_up(struct netlink *nl, const char *ifname, struct err *e)
{
	struct nlmsghdr *h;
	struct ifinfomsg *ifi;

	no_link_local(nl, ifname);
	h = netlink_begin(nl, RTM_NEWLINK, 0);
	ifi = mnl_nlmsg_put_extra_header(h, sizeof(*ifi));
	ifi->ifi_index = if_nametoindex(ifname);
	ifi->ifi_flags = ifi->ifi_change = IFF_UP;
	return ask(nl, h, "bring up", ifname, e);
}

int
netlink_set_mac(struct netlink *nl, const char *ifname, const uint8_t mac[6],
    struct err *e)
{
	struct nlmsghdr *h = netlink_begin(nl, RTM_NEWLINK, 0);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(h, sizeof(*ifi));

	ifi->ifi_index = if_nametoindex(ifname);
	mnl_attr_put(h, IFLA_ADDRESS, 6, mac);
	return ask(nl, h, "set the link address of", ifname, e);
}

int
netlink_set_mtu(struct netlink *nl, const char *ifname, unsigned mtu,
    struct err *e)
{
	struct nlmsghdr *h = netlink_begin(nl, RTM_NEWLINK, 0);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(h, sizeof(*ifi));

	ifi->ifi_index = if_nametoindex(ifname);
	mnl_attr_put_u32(h, IFLA_MTU, mtu);
	return ask(nl, h, "set the MTU of", ifname, e);
}

int
netlink_add_addr(struct netlink *nl, const char *ifname, const struct addr *a,
    unsigned prefix, struct err *e)
{
	struct nlmsghdr *h =
	    netlink_begin(nl, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(h, sizeof(*ifa));

	ifa->ifa_family = a->ip == 6 ? AF_INET6 : AF_INET;
	ifa->ifa_prefixlen = prefix;
	ifa->ifa_flags = IFA_F_NODAD;
	ifa->ifa_index = if_nametoindex(ifname);
	mnl_attr_put(h, IFA_LOCAL, addr_len(a), a->octets);
	mnl_attr_put(h, IFA_ADDRESS, addr_len(a), a->octets);
	return ask(nl, h, "add an address to", ifname, e);
}

int
netlink_add_neigh(struct netlink *nl, const char *ifname, const struct addr *a,
    const uint8_t mac[6], struct err *e)
{
	struct nlmsghdr *h =
	    netlink_begin(nl, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE);
	struct ndmsg *nd = mnl_nlmsg_put_extra_header(h, sizeof(*nd));

	nd->ndm_family = a->ip == 6 ? AF_INET6 : AF_INET;
	nd->ndm_ifindex = if_nametoindex(ifname);
	nd->ndm_state = NUD_PERMANENT;
	mnl_attr_put(h, NDA_DST, addr_len(a), a->octets);
	mnl_attr_put(h, NDA_LLADDR, 6, mac);
	return ask(nl, h, "add a neighbour to", ifname, e);
}

/* The route to one host through that interface. */
static struct nlmsghdr *
begin_route(struct netlink *nl, const char *ifname, const struct addr *a,
    uint8_t scope)
{
	struct nlmsghdr *h =
	    netlink_begin(nl, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
	struct rtmsg *rt = mnl_nlmsg_put_extra_header(h, sizeof(*rt));

	rt->rtm_family = a->ip == 6 ? AF_INET6 : AF_INET;
	rt->rtm_dst_len = 8 * addr_len(a);
	rt->rtm_table = RT_TABLE_MAIN;
	rt->rtm_protocol = RTPROT_STATIC;
	rt->rtm_scope = scope;
	rt->rtm_type = RTN_UNICAST;
	mnl_attr_put(h, RTA_DST, addr_len(a), a->octets);
	mnl_attr_put_u32(h, RTA_OIF, if_nametoindex(ifname));
	return h;
}

static void
put_metric(struct nlmsghdr *h, uint16_t metric, uint32_t value)
{
	struct nlattr *metrics = mnl_attr_nest_start(h, RTA_METRICS);

	mnl_attr_put_u32(h, metric, value);
	mnl_attr_nest_end(h, metrics);
}

int
netlink_add_quickack_route(struct netlink *nl, const char *ifname,
    const struct addr *a, struct err *e)
{
	struct nlmsghdr *h = begin_route(nl, ifname, a, RT_SCOPE_LINK);

	put_metric(h, RTAX_QUICKACK, 1);
	return ask(nl, h, "add a route to", ifname, e);
}

int
netlink_add_route(struct netlink *nl, const char *ifname, const struct addr *a,
    const struct addr *via, unsigned mtu, struct err *e)
{
	struct nlmsghdr *h = begin_route(nl, ifname, a, RT_SCOPE_UNIVERSE);

	mnl_attr_put(h, RTA_GATEWAY, addr_len(via), via->octets);
	if (mtu > 0)
		put_metric(h, RTAX_MTU, mtu);
	return ask(nl, h, "add a route to", ifname, e);
}
