/* ICMP errors about a segment, and replies to pings (RFC 792, RFC 4443). */
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
	PONG = 0, /* an echo reply */
	PONG6 = 129,
	TTL = 64
};

/* The Internet checksum (RFC 1071) on top of a sum; at an odd end 0 follows */
static uint16_t
checksum(uint32_t sum, const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += get16(p + i);
	if (i < len)
		sum += p[i] << 8;
	sum = (sum >> 16) + (sum & 0xffff);
	return ~((sum >> 16) + sum);
}

/* RFC 4443 2.3: that of ICMPv6 is over the pseudo header, too. */
static uint32_t
pseudo(const struct addr *from, const struct addr *to, size_t len)
{
	return from->ip == 4 ? 0
			     : len + IPPROTO_ICMPV6 +
				   (uint16_t)~checksum(0, from->octets, 16) +
				   (uint16_t)~checksum(0, to->octets, 16);
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
	put16(m + 2, checksum(pseudo(&icmp->from, &icmp->to, p - m), m, p - m));
	return p - m;
}

static int
join_message(struct craft *c, const struct addr *from, const struct addr *to,
    const uint8_t *m, size_t len)
{
	struct libnet_in6_addr from6, to6;
	uint32_t from4, to4;

	if (from->ip == 4) {
		memcpy(&from4, from->octets, sizeof(from4));
		memcpy(&to4, to->octets, sizeof(to4));
		if (libnet_build_ipv4(LIBNET_IPV4_H + len, 0, 0, 0, TTL,
			IPPROTO_ICMP, 0, from4, to4, m, len, c->net, 0) == -1)
			return -1;
		return context_join(c, c->dst_mac, ETHERTYPE_IP);
	}
	memcpy(&from6, from->octets, sizeof(from6));
	memcpy(&to6, to->octets, sizeof(to6));
	if (libnet_build_ipv6(0, 0, len, IPPROTO_ICMPV6, TTL, from6, to6, m,
		len, c->net, 0) == -1)
		return -1;
	return context_join(c, c->dst_mac, ETHERTYPE_IPV6);
}

static int
finish(struct craft *c, const struct addr *from, const struct addr *to,
    const uint8_t *m, size_t n, const uint8_t **frame, size_t *len,
    struct err *e)
{
	if (join_message(c, from, to, m, n) == -1)
		return context_failed(c, ERR_INTERNAL, libnet_geterror(c->net),
		    e);
	*frame = c->frame;
	*len = c->len;
	return 0;
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
	return finish(c, &icmp->from, &icmp->to, m,
	    make_message(m, icmp, text_len), frame, len, e);
}

int
craft_build_echo(struct craft *c, const struct echo *reply,
    const uint8_t **frame, size_t *len, struct err *e)
{
	uint8_t m[HEADER + CRAFT_ECHO_MAX] = { 0 };
	size_t n = HEADER + reply->len;

	context_clear(c);
	if ((reply->from.ip != 4 && reply->from.ip != 6) ||
	    reply->to.ip != reply->from.ip)
		return err_set(e, ERR_USAGE,
		    "both addresses must be IPv4 or both IPv6");
	if (n > sizeof(m))
		return err_set(e, ERR_USAGE,
		    "a ping of %zu octets is longer than %d", reply->len,
		    CRAFT_ECHO_MAX);
	m[0] = reply->from.ip == 4 ? PONG : PONG6;
	put16(m + 4, reply->id);
	put16(m + 6, reply->seq);
	memcpy(m + HEADER, reply->text, reply->len);
	put16(m + 2, checksum(pseudo(&reply->from, &reply->to, n), m, n));
	return finish(c, &reply->from, &reply->to, m, n, frame, len, e);
}
