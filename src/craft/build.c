/*
 * Theory of operation. libnet keeps a packet as a list of protocol blocks,
 * the innermost first, and joins them to one string of octets on demand. We
 * clear the list and add all blocks anew for each segment, as libnet does not
 * keep the lengths right when a block is changed in place.
 *
 * What libnet cannot say is patched into the joined octets: the four bits
 * beside the data offset, another data offset than the true one, and the TCP
 * checksum, which libnet gets wrong for the largest IPv6 segments.
 */
#include <string.h>

#include "base/octets.h"
#include "craft/context.h"
#include "craft/craft.h"

/* The TCP header with its options, padded. */
static uint32_t
header_len(const struct segment *s)
{
	return LIBNET_TCP_H + (s->options_len + 3) / 4 * 4;
}

static bool
is_ipv4(const struct segment *s)
{
	return s->tuple.src.addr.ip == 4;
}

/* 0 when there can be a frame of this segment. */
static int
check_segment(const struct segment *s, struct err *e)
{
	uint8_t ip = s->tuple.src.addr.ip;
	uint32_t room;

	if ((ip != 4 && ip != 6) || ip != s->tuple.dst.addr.ip)
		return err_set(e, ERR_USAGE,
		    "source and destination must both be IPv4 or both IPv6");
	if (s->ctl > CTL_ALL || s->rsvd > 7 || s->offset > 15 ||
	    s->options_len > SEG_OPTIONS_MAX)
		return err_set(e, ERR_USAGE,
		    "a field is too large for its bits in the TCP header");
	room = IP_MAXPACKET - (ip == 4 ? LIBNET_IPV4_H : 0) - header_len(s);
	if (s->text_len > room)
		return err_set(e, ERR_USAGE,
		    "%u octets of text: one packet has room for %u",
		    s->text_len, room);
	if (s->text_len > 0 &&
	    (s->text == NULL || (s->text_kept && s->text_kept < s->text_len)))
		return err_set(e, ERR_USAGE, "the segment's text was not kept");
	if (s->faults & FAULT_IP_CHECKSUM && ip == 6)
		return err_set(e, ERR_USAGE, "IPv6 has no header checksum");
	return 0;
}

/* 0 when the socket can send this segment as it is. */
static int
check_raw(const struct craft *c, const struct segment *s, struct err *e)
{
	const char *name = buf_str(&c->ifname);

	if (c->raw != 0 && c->raw != s->tuple.src.addr.ip)
		return err_set(e, ERR_USAGE, "%s is open for IPv%d only", name,
		    c->raw);
	if (c->raw != 0 && s->faults & FAULT_IP_CHECKSUM)
		return err_set(e, ERR_USAGE,
		    "on %s the kernel makes the IPv4 header checksum, and "
		    "makes it right",
		    name);
	return 0;
}

/* Add the IP header, in front of len octets. */
static libnet_ptag_t
add_ip(libnet_t *net, const struct segment *s, uint16_t len)
{
	uint8_t ttl = s->ttl ? s->ttl : 64;
	union {
		uint32_t v4;
		struct libnet_in6_addr v6;
	} src, dst;

	memcpy(&src, s->tuple.src.addr.octets, sizeof(src));
	memcpy(&dst, s->tuple.dst.addr.octets, sizeof(dst));
	if (is_ipv4(s))
		return libnet_build_ipv4(LIBNET_IPV4_H + len, s->tos, s->ip_id,
		    s->df ? IP_DF : 0, ttl, IPPROTO_TCP, 0, src.v4, dst.v4,
		    NULL, 0, net, 0);
	return libnet_build_ipv6(s->tos, 0, len, IPPROTO_TCP, ttl, src.v6,
	    dst.v6, NULL, 0, net, 0);
}

/*
 * Add the blocks, the innermost first, and join them. We pad the options:
 * libnet has but one octet of padding, and reads on behind it for more.
 */
static int
join_blocks(struct craft *c, const struct segment *s)
{
	uint16_t type = is_ipv4(s) ? ETHERTYPE_IP : ETHERTYPE_IPV6;
	uint8_t options[SEG_OPTIONS_MAX] = { 0 }; /* EOL */
	uint32_t len = header_len(s) + s->text_len;
	uint32_t optlen = header_len(s) - LIBNET_TCP_H;
	libnet_ptag_t tcp;

	memcpy(options, s->options, s->options_len);
	if (optlen > 0 &&
	    libnet_build_tcp_options(options, optlen, c->net, 0) == -1)
		return -1;
	tcp = libnet_build_tcp(s->tuple.src.port, s->tuple.dst.port, s->seq,
	    s->ack, s->ctl & 0xff, s->wnd, 0, s->up, len, s->text, s->text_len,
	    c->net, 0);
	if (tcp == -1 ||
	    libnet_toggle_checksum(c->net, tcp, LIBNET_OFF) == -1 ||
	    add_ip(c->net, s, len) == -1)
		return -1;
	return context_join(c, c->dst_mac, type);
}

/*
 * RFC 9293 3.1: over the pseudo header and the segment, whose checksum field
 * is still 0. The two addresses stand before the TCP header in both IPs. The
 * result is at most 0xfffe, as the sum is never 0: one more is always wrong
 * and never 0.
 */
static uint16_t
tcp_checksum(const uint8_t *tcp, size_t len, size_t addrs_len)
{
	const uint8_t *p = tcp - addrs_len, *end = tcp + len;
	uint32_t sum = IPPROTO_TCP + len; /* and 2^17 octets: no overflow */

	for (; end - p > 1; p += 2)
		sum += p[0] << 8 | p[1];
	if (p < end)
		sum += p[0] << 8;
	sum = (sum >> 16) + (sum & 0xffff);
	sum = (sum >> 16) + (sum & 0xffff);
	return ~sum;
}

/* Say what libnet cannot, and break what is to be broken. */
static void
patch(const struct segment *s, uint8_t *ip, size_t len)
{
	size_t ip_len = is_ipv4(s) ? LIBNET_IPV4_H : LIBNET_IPV6_H;
	uint8_t *tcp = ip + ip_len;
	uint8_t offset = s->offset;
	uint16_t cksum;

	if (offset == 0 && !(s->faults & FAULT_OFFSET))
		offset = header_len(s) / 4;
	tcp[12] = offset << 4 | s->rsvd << 1 | s->ctl >> 8;
	cksum = tcp_checksum(tcp, len - ip_len, is_ipv4(s) ? 8 : 32);
	if (s->faults & FAULT_CHECKSUM_ZERO)
		cksum = cksum == 0;
	else if (s->faults & FAULT_CHECKSUM)
		cksum++;
	put16(tcp + 16, cksum);
	if (s->faults & FAULT_IP_CHECKSUM)
		put16(ip + 10, (ip[10] << 8 | ip[11]) + 1);
}

int
craft_build(struct craft *c, const struct segment *s, const uint8_t **frame,
    size_t *len, struct err *e)
{
	context_clear(c);
	if (check_segment(s, e) == -1 || check_raw(c, s, e) == -1)
		return -1;
	if (join_blocks(c, s) == -1)
		return context_failed(c, ERR_INTERNAL, libnet_geterror(c->net),
		    e);
	patch(s, c->frame + LIBNET_ETH_H, c->len - LIBNET_ETH_H);
	*frame = c->frame;
	*len = c->len;
	return 0;
}
