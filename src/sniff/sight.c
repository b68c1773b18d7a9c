/*
 * What is no segment, but concerns whoever sends some: ICMP errors, pings, and
 * link addresses.
 */
#include <string.h>

#include "base/octets.h"
#include "sniff/packet.h"

enum {
	ICMP_HEADER = 8,
	ICMP_UNREACHABLE = 3,
	ICMP_TOO_BIG = 4, /* a code of it */
	ICMP6_TOO_BIG = 2,
	ICMP_PING = 8, /* an echo request */
	ICMP6_PING = 128,
	ICMP6_ASK = 135, /* neighbour solicitation */
	ICMP6_TELL = 136 /* neighbour advertisement */
};
enum {
	QUOTED = 8,	   /* octets of a segment: the ports and SEQ */
	QUOTED_LEN = 65575 /* more than any packet has: see limit() */
};
enum { ND_HEADER = 24, ND_HOP_LIMIT = 255, ND_SOURCE = 1, ND_TARGET = 2 };
enum { ARP_LEN = 28, ARP_ASK = 1, ARP_TELL = 2 };

/* Of Ethernet (1) and IPv4, with addresses of 6 and 4 octets. */
static const uint8_t arp_kind[] = { 0, 1, 8, 0, 6, 4, 0 };

static struct addr
addr_of(uint8_t ip, const uint8_t *octets)
{
	struct addr a = { .ip = ip };

	memcpy(a.octets, octets, addr_len(&a));
	return a;
}

static enum decode
see_neighbour(struct sight *v, const struct neighbour *n)
{
	v->kind = SIGHT_NEIGHBOUR;
	v->neighbour = *n;
	return DECODE_TCP;
}

static enum decode
decode_arp(struct sight *v, const struct packet *k)
{
	struct neighbour n = { 0 };
	const uint8_t *p = k->p;

	if (k->cap < ARP_LEN)
		return k->len < ARP_LEN ? DECODE_SHORT : DECODE_CUT;
	if (memcmp(p, arp_kind, sizeof(arp_kind)) != 0 ||
	    (p[7] != ARP_ASK && p[7] != ARP_TELL))
		return DECODE_OTHER;
	n.asks = p[7] == ARP_ASK;
	memcpy(n.mac, p + 8, 6);
	n.sender = addr_of(4, p + 14);
	n.target = n.asks ? addr_of(4, p + 24) : n.sender;
	return see_neighbour(v, &n);
}

/* Find the option that has the link address. -1: they are malformed. */
static int
find_mac(const struct packet *k, uint8_t kind, uint8_t mac[6])
{
	const uint8_t *p = k->p + ND_HEADER, *end = k->p + k->cap;

	for (; p < end; p += p[1] * 8) {
		if (end - p < 8 || p[1] == 0 || end - p < p[1] * 8)
			return -1;
		if (p[0] == kind && p[1] == 1)
			memcpy(mac, p + 2, 6);
	}
	return 0;
}

/* RFC 4861 7.1 says what is valid. */
static enum decode
decode_nd(struct sight *v, const struct packet *k)
{
	struct neighbour n = { .asks = k->p[0] == ICMP6_ASK };

	if (k->cap < ND_HEADER || v->seg.ttl != ND_HOP_LIMIT || k->p[1] != 0)
		return DECODE_OTHER;
	n.target = addr_of(6, k->p + 8);
	n.sender = n.asks ? v->seg.tuple.src.addr : n.target;
	if (addr_is_group(&n.target) ||
	    find_mac(k, n.asks ? ND_SOURCE : ND_TARGET, n.mac) == -1)
		return DECODE_OTHER;
	return see_neighbour(v, &n);
}

/* The rest of an error, of whose header *m has the addresses and the type. */
static enum decode
decode_error(struct sight *v, const struct packet *k, struct icmp *m)
{
	struct packet quote = { .p = k->p + ICMP_HEADER,
		.cap = k->cap - ICMP_HEADER,
		.len = QUOTED_LEN,
		.quoted = true };
	bool v6 = m->from.ip == 6;
	struct segment s = { 0 };

	if (packet_ip(&quote, v6 ? TYPE_IPV6 : TYPE_IP) != DECODE_TCP ||
	    quote.proto != PROTO_TCP || quote.cap < QUOTED)
		return DECODE_OTHER;
	packet_numbers(&quote, &s);
	if (v6 && m->type == ICMP6_TOO_BIG)
		m->mtu = get32(k->p + 4);
	else if (!v6 && m->type == ICMP_UNREACHABLE && m->code == ICMP_TOO_BIG)
		m->mtu = get16(k->p + 6);
	m->probe = s.tuple;
	m->probe.src.port = get16(quote.p);
	m->probe.dst.port = get16(quote.p + 2);
	m->seq = get32(quote.p + 4);
	v->kind = SIGHT_ICMP;
	v->icmp = *m;
	return DECODE_TCP;
}

static enum decode
decode_echo(struct sight *v, const struct packet *k)
{
	const struct tuple t = v->seg.tuple;

	if (k->p[1] != 0)
		return DECODE_OTHER;
	v->kind = SIGHT_ECHO;
	v->echo = (struct echo){ .from = t.src.addr,
		.to = t.dst.addr,
		.id = get16(k->p + 4),
		.seq = get16(k->p + 6),
		.text = k->p + ICMP_HEADER,
		.len = k->len - ICMP_HEADER };
	return DECODE_TCP;
}

/* Types that say that a packet did not arrive: RFC 792, RFC 4443. */
static bool
is_error(bool v6, uint8_t type)
{
	return v6 ? type >= 1 && type <= 4
		  : type == ICMP_UNREACHABLE || type == 11 || type == 12;
}

/* An ICMP message; v->seg has what the IP header said. */
static enum decode
decode_icmp(struct sight *v, const struct packet *k)
{
	const struct segment *s = &v->seg;
	bool v6 = s->tuple.src.addr.ip == 6;
	struct icmp m = { .from = s->tuple.src.addr,
		.to = s->tuple.dst.addr,
		.ttl = s->ttl };

	if (k->proto != (v6 ? PROTO_ICMPV6 : PROTO_ICMP) || k->routed ||
	    s->faults)
		return DECODE_OTHER;
	if (k->cap < k->len)
		return DECODE_CUT;
	if (k->cap < ICMP_HEADER || k->fragment)
		return DECODE_SHORT;
	if (packet_fold((v6 ? packet_pseudo(k, s) : 0) +
			packet_sum(k->p, k->len)) != 0xffff)
		return DECODE_OTHER;
	m.type = k->p[0];
	m.code = k->p[1];
	if (v6 && (m.type == ICMP6_ASK || m.type == ICMP6_TELL))
		return decode_nd(v, k);
	if (m.type == (v6 ? ICMP6_PING : ICMP_PING))
		return decode_echo(v, k);
	return is_error(v6, m.type) ? decode_error(v, k, &m) : DECODE_OTHER;
}

enum decode
decode_sight(struct sight *v, int dlt, const uint8_t *p, size_t caplen,
    size_t len)
{
	struct packet k;
	enum decode d;
	uint16_t type;

	memset(&v->seg, 0, sizeof(v->seg));
	memset(v->mac, 0, sizeof(v->mac));
	d = packet_open(&k, dlt, p, caplen, len, &type);
	if (d == DECODE_TCP && dlt == LINK_ETHERNET)
		memcpy(v->mac, p + sizeof(v->mac), sizeof(v->mac));
	if (d == DECODE_TCP && type == TYPE_ARP)
		return decode_arp(v, &k);
	if (d == DECODE_TCP)
		d = packet_ip(&k, type);
	if (d != DECODE_TCP)
		return d;
	packet_numbers(&k, &v->seg);
	v->kind = SIGHT_SEGMENT;
	return k.proto == PROTO_TCP ? packet_tcp(&k, &v->seg)
				    : decode_icmp(v, &k);
}
