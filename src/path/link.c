#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <string.h>

#include "path/link.h"

struct facts {
	struct route *route;
	unsigned flags;
};

int
link_index(const char *ifname, unsigned *index, struct err *e)
{
	*index = if_nametoindex(ifname);
	if (*index != 0)
		return 0;
	return err_about(e, ERR_ENV, "there is no interface ", ifname, "");
}

static int
read_link(const struct nlmsghdr *h, void *arg)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(h);
	struct facts *l = arg;
	struct route *r = l->route;
	const struct nlattr *at;

	l->flags = ifi->ifi_flags;
	r->ethernet = ifi->ifi_type == ARPHRD_ETHER;
	r->loopback = ifi->ifi_type == ARPHRD_LOOPBACK;
	mnl_attr_for_each (at, h, sizeof(*ifi)) {
		switch (mnl_attr_get_type(at)) {
		case IFLA_IFNAME:
			strncpy(r->ifname, mnl_attr_get_str(at),
			    sizeof(r->ifname) - 1);
			break;
		case IFLA_ADDRESS:
			if (mnl_attr_get_payload_len(at) == sizeof(r->mac))
				memcpy(r->mac, mnl_attr_get_payload(at),
				    sizeof(r->mac));
			break;
		case IFLA_MTU:
			r->mtu = mnl_attr_get_u32(at);
			break;
		}
	}
	return MNL_CB_OK;
}

int
link_look(struct netlink *nl, unsigned index, struct route *r, struct err *e)
{
	struct nlmsghdr *h = netlink_begin(nl, RTM_GETLINK, 0);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(h, sizeof(*ifi));
	struct facts l = { .route = r };

	memset(r, 0, sizeof(*r));
	ifi->ifi_index = index;
	if (netlink_run(nl, h, read_link, &l) == -1)
		return err_set(e, ERR_ENV, "interface %u: %s", index,
		    strerror(errno));
	if (!(l.flags & IFF_UP))
		return err_about(e, ERR_ENV, "", r->ifname, " is down");
	if (!(l.flags & IFF_RUNNING))
		return err_about(e, ERR_ENV, "", r->ifname, " has no carrier");
	return 0;
}
