/*
 * The kernel is asked for the way to one address (RTM_GETROUTE), as "ip route
 * get" does. It applies its policy rules and picks one hop of a multipath
 * route, so what comes back is what it would do itself with the next packet.
 */
#include <arpa/inet.h>

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "path/link.h"
#include "path/netlink.h"
#include "path/route.h"

#define LOOPBACK    1 /* its index, in every namespace */
#define DIRECT_WAIT (2 * NSEC_PER_SEC)

struct answer {
	uint8_t type; /* RTN_UNSPEC: none came */
	uint32_t index;
	uint32_t mtu; /* 0: the link's */
	struct addr source, hop;
};

struct neighbour {
	uint8_t *mac;
	bool known;
};

/*
 * Why there is no way. Today's kernels say it by errno; before Linux 4.12
 * IPv6 said it by the type of route.
 */
static const struct refusal {
	int error;
	uint8_t type;
	const char *why;
} refusals[] = {
	{ ENETUNREACH, RTN_UNSPEC, "add one, or name an interface" },
	{ EHOSTUNREACH, RTN_UNREACHABLE,
	    "the routing table says unreachable; name an interface" },
	{ EACCES, RTN_PROHIBIT,
	    "the routing table says prohibit; name an interface" },
	{ EINVAL, RTN_BLACKHOLE,
	    "the routing table says blackhole; name an interface" },
	{ EOPNOTSUPP, RTN_THROW, "this kernel has no such protocol" },
};

static const struct refusal *
find_refusal(int error, uint8_t type)
{
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		if (refusals[i].error == error ||
		    (type != RTN_UNSPEC && refusals[i].type == type))
			return &refusals[i];
	}
	return NULL;
}

static uint8_t
family(const struct addr *a)
{
	return a->ip == 6 ? AF_INET6 : AF_INET;
}

static void
set_addr(struct addr *a, const void *octets, size_t len)
{
	memset(a, 0, sizeof(*a));
	if (len == 4 || len == 16) {
		a->ip = len == 4 ? 4 : 6;
		memcpy(a->octets, octets, len);
	}
}

static uint32_t
read_mtu(const struct nlattr *metrics)
{
	const struct nlattr *at;

	mnl_attr_for_each_nested (at, metrics) {
		if (mnl_attr_get_type(at) == RTAX_MTU)
			return mnl_attr_get_u32(at);
	}
	return 0;
}

static int
read_route(const struct nlmsghdr *h, void *arg)
{
	const struct rtmsg *rt = mnl_nlmsg_get_payload(h);
	struct answer *a = arg;
	const struct nlattr *at;
	const uint8_t *p;
	size_t len;

	a->type = rt->rtm_type;
	mnl_attr_for_each (at, h, sizeof(*rt)) {
		p = mnl_attr_get_payload(at);
		len = mnl_attr_get_payload_len(at);
		switch (mnl_attr_get_type(at)) {
		case RTA_OIF:
			a->index = mnl_attr_get_u32(at);
			break;
		case RTA_GATEWAY:
			set_addr(&a->hop, p, len);
			break;
		case RTA_VIA: /* of another family, which comes first */
			set_addr(&a->hop, p + sizeof(sa_family_t),
			    len - sizeof(sa_family_t));
			break;
		case RTA_PREFSRC:
			set_addr(&a->source, p, len);
			break;
		case RTA_METRICS:
			a->mtu = read_mtu(at);
			break;
		}
	}
	return MNL_CB_OK;
}

/* The kernel's way, over that interface unless index is 0. */
static int
ask_route(struct netlink *nl, const struct addr *to, unsigned index,
    struct answer *a)
{
	struct nlmsghdr *h = netlink_begin(nl, RTM_GETROUTE, 0);
	struct rtmsg *rt = mnl_nlmsg_put_extra_header(h, sizeof(*rt));

	memset(a, 0, sizeof(*a));
	rt->rtm_family = family(to);
	rt->rtm_dst_len = 8 * addr_len(to);
	mnl_attr_put(h, RTA_DST, addr_len(to), to->octets);
	if (index != 0)
		mnl_attr_put_u32(h, RTA_OIF, index);
	return netlink_run(nl, h, read_route, a);
}

/* An anycast address is one that this router listens to. */
static bool
is_own(const struct answer *a)
{
	return a->type == RTN_LOCAL || a->type == RTN_ANYCAST;
}

static bool
is_unspecified(const struct addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->octets, zero, sizeof(zero)) == 0;
}

static bool
is_link_local(const struct addr *a)
{
	return a->ip == 6 && a->octets[0] == 0xfe &&
	       (a->octets[1] & 0xc0) == 0x80;
}

/*
 * The address is a neighbour: the kernel would send from what it sends to a
 * group of all the world from, over that interface.
 */
static void
on_link(struct netlink *nl, const struct addr *to, unsigned index,
    struct answer *a)
{
	static const struct addr group4 = { 4, { 224, 0, 0, 1 } };
	static const struct addr group6 = { 6, { 0xff, 0x0e, [15] = 1 } };
	struct addr source = { 0 };

	if (ask_route(nl, to->ip == 6 ? &group6 : &group4, index, a) == 0)
		source = a->source;
	*a = (struct answer){
		.type = RTN_UNICAST, .index = index, .source = source
	};
}

static int
fail(struct err *e, enum err_kind kind, const struct addr *a, const char *why)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(family(a), a->octets, text, sizeof(text));
	return err_set(e, kind, "%s %s", text, why);
}

/* Refuse what no answer of a host can come from. */
static int
check_addr(const struct addr *to, const char *ifname, struct err *e)
{
	if (is_unspecified(to))
		return fail(e, ERR_USAGE, to, "is no host's address");
	if (addr_is_group(to))
		return fail(e, ERR_USAGE, to,
		    "is the address of a group: name one host");
	if (is_link_local(to) && ifname == NULL)
		return fail(e, ERR_USAGE, to,
		    "is link-local: name its interface, too");
	return 0;
}

static int
no_route(const struct addr *to, int error, uint8_t type, struct err *e)
{
	const struct refusal *r = find_refusal(error, type);
	char text[INET6_ADDRSTRLEN];

	inet_ntop(family(to), to->octets, text, sizeof(text));
	return err_set(e, ERR_ENV, "no route to %s: %s", text,
	    r != NULL ? r->why : strerror(error));
}

/*
 * The way to an address that may be asked for. What it is does not depend on
 * the interface to take, save for a link-local one.
 */
static int
choose(struct netlink *nl, const struct addr *to, unsigned index,
    struct answer *a, struct err *e)
{
	int rc = ask_route(nl, to, is_link_local(to) ? index : 0, a);

	if (a->type == RTN_BROADCAST || a->type == RTN_MULTICAST)
		return fail(e, ERR_USAGE, to,
		    "is a broadcast address: name one host");
	if (is_own(a))
		return 0;
	if (index == LOOPBACK)
		return fail(e, ERR_USAGE, to,
		    "is not this machine's: nothing leads there over "
		    "loopback");
	if (index != 0)
		rc = ask_route(nl, to, index, a);
	if (rc == 0 && a->type == RTN_UNICAST)
		return 0;
	if (index == 0)
		return no_route(to, rc == 0 ? 0 : errno, a->type, e);
	on_link(nl, to, index, a);
	return 0;
}

static int
find(struct netlink *nl, struct route *r, const struct addr *to,
    const char *ifname, struct err *e)
{
	unsigned index = 0;
	struct answer a;

	if (ifname != NULL && (link_index(ifname, &index, e) == -1 ||
				  link_look(nl, index, r, e) == -1))
		return -1;
	if (choose(nl, to, index, &a, e) == -1 ||
	    link_look(nl, a.index, r, e) == -1)
		return -1;
	if (a.mtu != 0 && a.mtu < r->mtu)
		r->mtu = a.mtu;
	r->source = a.source;
	r->hop = a.hop.ip != 0 ? a.hop : *to;
	return 0;
}

int
route_find(struct route *r, const struct addr *to, const char *ifname,
    struct err *e)
{
	struct netlink *nl;
	int rc;

	if (check_addr(to, ifname, e) == -1 || netlink_open(&nl, e) == -1)
		return -1;
	rc = find(nl, r, to, ifname, e);
	netlink_close(nl);
	return rc;
}

int
route_direct(struct route *r, const struct addr *to, const char *ifname,
    struct err *e)
{
	static const struct timespec step = { .tv_nsec = 10 * NSEC_PER_MSEC };
	int64_t deadline = clock_mono() + DIRECT_WAIT;
	struct netlink *nl;
	unsigned index;
	int rc;

	if (link_index(ifname, &index, e) == -1 || netlink_open(&nl, e) == -1)
		return -1;
	while ((rc = link_look(nl, index, r, e)) == -1 &&
	       clock_mono() < deadline)
		nanosleep(&step, NULL);
	netlink_close(nl);
	if (rc == 0 && !r->ethernet)
		rc = err_about(e, ERR_ENV, "", ifname,
		    " has no Ethernet frames");
	r->hop = *to;
	return rc;
}

int
route_is_own(const struct addr *addr, bool *own, struct err *e)
{
	struct netlink *nl;
	struct answer a;
	int rc;

	if (netlink_open(&nl, e) == -1)
		return -1;
	rc = ask_route(nl, addr, 0, &a);
	/* without a way to it, it is not here */
	if (rc == -1 && find_refusal(errno, a.type) != NULL)
		rc = 0;
	else if (rc == -1)
		fail(e, ERR_ENV, addr, "cannot be looked up");
	*own = is_own(&a);
	netlink_close(nl);
	return rc;
}

/* The kernel tells it in those states only in which it would use it itself. */
static int
read_neighbour(const struct nlmsghdr *h, void *arg)
{
	struct neighbour *n = arg;
	const struct nlattr *at;

	mnl_attr_for_each (at, h, sizeof(struct ndmsg)) {
		if (mnl_attr_get_type(at) == NDA_LLADDR &&
		    mnl_attr_get_payload_len(at) == 6) {
			memcpy(n->mac, mnl_attr_get_payload(at), 6);
			n->known = true;
		}
	}
	return MNL_CB_OK;
}

int
route_neighbour(const char *ifname, const struct addr *addr, uint8_t mac[6],
    struct err *e)
{
	struct neighbour n = { .mac = mac };
	struct netlink *nl;
	struct nlmsghdr *h;
	struct ndmsg *nd;
	unsigned index;
	int rc;

	if (link_index(ifname, &index, e) == -1 || netlink_open(&nl, e) == -1)
		return -1;
	h = netlink_begin(nl, RTM_GETNEIGH, 0);
	nd = mnl_nlmsg_put_extra_header(h, sizeof(*nd));
	nd->ndm_family = family(addr);
	nd->ndm_ifindex = index;
	mnl_attr_put(h, NDA_DST, addr_len(addr), addr->octets);
	rc = netlink_run(nl, h, read_neighbour, &n);
	if (rc == -1 && (errno == ENOENT || errno == EOPNOTSUPP))
		rc = 0;
	else if (rc == -1)
		err_set(e, ERR_ENV, "%s: cannot look up a neighbour: %s",
		    ifname, strerror(errno));
	netlink_close(nl);
	return rc == 0 ? n.known : -1;
}
