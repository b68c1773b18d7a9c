/* Who has which link address: questions and answers (RFC 826, RFC 4861). */
#include <sys/socket.h>

#include <errno.h>
#include <string.h>

#include "craft/context.h"
#include "craft/craft.h"

#define OPTION_LEN 8   /* an option that holds a link address */
#define HOP_LIMIT  255 /* RFC 4861 7.1: no router has forwarded it */

static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };
static const uint8_t unknown[6];

/* 0 when c can send such a frame about two addresses. */
static int
check(const struct craft *c, const struct addr *ours, const struct addr *other,
    struct err *e)
{
	if (c->raw)
		return err_set(e, ERR_INTERNAL, "%s has no link addresses",
		    buf_str(&c->ifname));
	if ((ours->ip != 4 && ours->ip != 6) || ours->ip != other->ip)
		return err_set(e, ERR_USAGE,
		    "both addresses must be IPv4 or both IPv6");
	return 0;
}

static int
join_arp(struct craft *c, uint16_t op, const struct addr *from,
    const struct addr *to, const uint8_t to_mac[6], const uint8_t dst_mac[6])
{
	if (libnet_build_arp(ARPHRD_ETHER, ETHERTYPE_IP, 6, 4, op, c->src_mac,
		from->octets, to_mac, to->octets, NULL, 0, c->net, 0) == -1)
		return -1;
	return context_join(c, dst_mac, ETHERTYPE_ARP);
}

static struct libnet_in6_addr
in6(const uint8_t octets[16])
{
	struct libnet_in6_addr a;

	memcpy(&a, octets, sizeof(a));
	return a;
}

/* Our link address as an option, and the headers around the message. */
static int
join_nd(struct craft *c, bool ask, const uint8_t from[16], const uint8_t to[16],
    const uint8_t target[16], const uint8_t dst_mac[6])
{
	uint32_t flags = ND_NA_FLAG_SOLICITED | ND_NA_FLAG_OVERRIDE;
	uint16_t len = OPTION_LEN;
	libnet_ptag_t tag;

	tag = libnet_build_icmpv6_ndp_opt(ask ? ND_OPT_SOURCE_LINKADDR
					      : ND_OPT_TARGET_LINKADDR,
	    c->src_mac, sizeof(c->src_mac), c->net, 0);
	if (tag == -1)
		return -1;
	if (ask) {
		len += LIBNET_ICMPV6_NDP_NSOL_H;
		tag = libnet_build_icmpv6_ndp_nsol(ND_NEIGHBOR_SOLICIT, 0, 0,
		    in6(target), NULL, 0, c->net, 0);
	} else {
		len += LIBNET_ICMPV6_NDP_NADV_H;
		tag = libnet_build_icmpv6_ndp_nadv(ND_NEIGHBOR_ADVERT, 0, 0,
		    flags, in6(target), NULL, 0, c->net, 0);
	}
	if (tag == -1 || libnet_build_ipv6(0, 0, len, IPPROTO_ICMPV6, HOP_LIMIT,
			     in6(from), in6(to), NULL, 0, c->net, 0) == -1)
		return -1;
	return context_join(c, dst_mac, ETHERTYPE_IPV6);
}

/* The frame that was joined with the result rc, as craft_build() has it. */
static int
joined(const struct craft *c, int rc, const uint8_t **frame, size_t *len,
    struct err *e)
{
	if (rc == -1)
		return context_failed(c, ERR_INTERNAL, libnet_geterror(c->net),
		    e);
	*frame = c->frame;
	*len = c->len;
	return 0;
}

int
craft_build_ask(struct craft *c, const struct addr *from,
    const struct addr *whose, const uint8_t **frame, size_t *len, struct err *e)
{
	/* RFC 4291 2.7.1 and RFC 2464 7: of the address its end is enough */
	uint8_t group[16] = { 0xff, 2, [11] = 1, 0xff };
	uint8_t mac[6] = { 0x33, 0x33, 0xff };
	int rc;

	context_clear(c);
	if (check(c, from, whose, e) == -1)
		return -1;
	memcpy(group + 13, whose->octets + 13, 3);
	memcpy(mac + 3, whose->octets + 13, 3);
	if (from->ip == 4)
		rc =
		    join_arp(c, ARPOP_REQUEST, from, whose, unknown, broadcast);
	else
		rc = join_nd(c, true, from->octets, group, whose->octets, mac);
	return joined(c, rc, frame, len, e);
}

int
craft_build_tell(struct craft *c, const struct addr *ours,
    const struct addr *to, const uint8_t to_mac[6], const uint8_t **frame,
    size_t *len, struct err *e)
{
	int rc;

	context_clear(c);
	if (check(c, ours, to, e) == -1)
		return -1;
	if (ours->ip == 4)
		rc = join_arp(c, ARPOP_REPLY, ours, to, to_mac, to_mac);
	else
		rc = join_nd(c, false, ours->octets, to->octets, ours->octets,
		    to_mac);
	return joined(c, rc, frame, len, e);
}

int
craft_join(struct craft *c, const struct addr *ours, struct err *e)
{
	struct packet_mreq group = { .mr_ifindex = c->to.sll_ifindex,
		.mr_type = PACKET_MR_MULTICAST,
		.mr_alen = 6,
		.mr_address = { 0x33, 0x33, 0xff, ours->octets[13],
		    ours->octets[14], ours->octets[15] } };

	if (ours->ip != 6 ||
	    setsockopt(libnet_getfd(c->net), SOL_PACKET, PACKET_ADD_MEMBERSHIP,
		&group, sizeof(group)) == 0)
		return 0;
	return err_set(e, ERR_ENV, "%s: cannot join a multicast group: %s",
	    buf_str(&c->ifname), strerror(errno));
}
