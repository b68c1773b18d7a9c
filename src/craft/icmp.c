/* ICMP errors about a segment (RFC 792, RFC 4443). */
#include <string.h>

#include "base/octets.h"
#include "craft/context.h"
#include "craft/craft.h"

enum {
	HEADER = 8,
	QUOTED = LIBNET_TCP_H, /* of the segment: its fixed octets */
	MESSAGE_MAX = HEADER + LIBNET_IPV6_H + QUOTED,
	UNREACHABLE = 3,
	FRAG_NEEDED = 4,
	TOO_BIG = 2,
	TTL = 64
};

/* The Internet checksum (RFC 1071) on top of a sum; len is even. */
static uint16_t
checksum(uint32_t sum, const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i += 2)
		sum += get16(p + i);
	sum = (sum >> 16) + (sum & 0xffff);
	return ~((sum >> 16) + sum);
}

/* The IPv4 header of the segment that is quoted. Octets written. */
static size_t
quote_ip4(uint8_t *p, const struct tuple *t, uint32_t len)
{
	p[0] = 0x45;
	put16(p + 2, LIBNET_IPV4_H + len);
	p[6] = 0x40; /* DF */
	p[8] = TTL;
	p[9] = IPPROTO_TCP;
	memcpy(p + 12, t->src.addr.octets, 4);
	memcpy(p + 16, t->dst.addr.octets, 4);
	put16(p + 10, checksum(0, p, LIBNET_IPV4_H));
	return LIBNET_IPV4_H;
}

static size_t
quote_ip6(uint8_t *p, const struct tuple *t, uint32_t len)
{
	p[0] = 0x60;
	put16(p + 4, len);
	p[6] = IPPROTO_TCP;
	p[7] = TTL;
	memcpy(p + 8, t->src.addr.octets, 16);
	memcpy(p + 24, t->dst.addr.octets, 16);
	return LIBNET_IPV6_H;
}

static size_t
make_message(uint8_t m[MESSAGE_MAX], const struct icmp *icmp, uint32_t len)
{
	bool is4 = icmp->from.ip == 4;
	uint32_t sum = 0;
	uint8_t *p = m + HEADER;

	m[0] = icmp->type;
	m[1] = icmp->code;
	if (is4 && icmp->type == UNREACHABLE && icmp->code == FRAG_NEEDED)
		put16(m + 6, icmp->mtu);
	else if (!is4 && icmp->type == TOO_BIG)
		put32(m + 4, icmp->mtu);
	p += (is4 ? quote_ip4 : quote_ip6)(p, &icmp->probe, QUOTED + len);
	put16(p, icmp->probe.src.port);
	put16(p + 2, icmp->probe.dst.port);
	put32(p + 4, icmp->seq);
	p[12] = QUOTED / 4 << 4;
	p += QUOTED;
	/* RFC 4443 2.3: over the pseudo header, too */
	if (!is4)
		sum = (p - m) + IPPROTO_ICMPV6 +
		      (uint16_t)~checksum(0, icmp->from.octets, 16) +
		      (uint16_t)~checksum(0, icmp->to.octets, 16);
	put16(m + 2, checksum(sum, m, p - m));
	return p - m;
}

static int
join_message(struct craft *c, const struct icmp *icmp, const uint8_t *m,
    size_t len)
{
	struct libnet_in6_addr from6, to6;
	uint32_t from, to;

	if (icmp->from.ip == 4) {
		memcpy(&from, icmp->from.octets, sizeof(from));
		memcpy(&to, icmp->to.octets, sizeof(to));
		if (libnet_build_ipv4(LIBNET_IPV4_H + len, 0, 0, 0, TTL,
			IPPROTO_ICMP, 0, from, to, m, len, c->net, 0) == -1)
			return -1;
		return context_join(c, c->dst_mac, ETHERTYPE_IP);
	}
	memcpy(&from6, icmp->from.octets, sizeof(from6));
	memcpy(&to6, icmp->to.octets, sizeof(to6));
	if (libnet_build_ipv6(0, 0, len, IPPROTO_ICMPV6, TTL, from6, to6, m,
		len, c->net, 0) == -1)
		return -1;
	return context_join(c, c->dst_mac, ETHERTYPE_IPV6);
}

int
craft_build_icmp(struct craft *c, const struct icmp *icmp, uint32_t text_len,
    const uint8_t **frame, size_t *len, struct err *e)
{
	uint8_t m[MESSAGE_MAX] = { 0 };
	uint8_t ip = icmp->from.ip;

	context_clear(c);
	if ((ip != 4 && ip != 6) || icmp->to.ip != ip ||
	    icmp->probe.src.addr.ip != ip || icmp->probe.dst.addr.ip != ip)
		return err_set(e, ERR_USAGE,
		    "all addresses must be IPv4 or all IPv6");
	if (join_message(c, icmp, m, make_message(m, icmp, text_len)) == -1)
		return context_failed(c, ERR_INTERNAL, libnet_geterror(c->net),
		    e);
	*frame = c->frame;
	*len = c->len;
	return 0;
}
