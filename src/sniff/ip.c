/* The way from a frame to what its IP headers carry. */
#include "base/octets.h"
#include "base/table.h"
#include "sniff/packet.h"

/* How it works: see packet.h. Only take() and limit() narrow a packet. */
enum { IP_HEADER = 20, IP6_HEADER = 40 };
enum { MORE_FRAGMENTS = 0x2000, FRAGMENT_AT = 0x1fff, FRAGMENT6_AT = 0xfff8 };

/* IPv6 extension headers; each takes 8 octets and unit times its octet 1. */
enum { EXT_ROUTING = 43, EXT_FRAGMENT = 44, EXT_MIN = 8 };
static const struct extension {
	uint8_t kind;
	uint8_t unit;
} extensions[] = {
	{ 0, 8 }, /* hop-by-hop options */
	{ EXT_ROUTING, 8 }, { EXT_FRAGMENT, 0 },
	{ 51, 4 }, /* authentication (RFC 4302) */
	{ 60, 8 }, /* destination options */
};

/* A header of n octets is not all there: whose fault is it? */
static enum decode
lacks(const struct packet *k, size_t n)
{
	return n > k->len ? DECODE_SHORT : DECODE_CUT;
}

/* Step over a header of n octets; NULL when it is not all there. */
static const uint8_t *
take(struct packet *k, size_t n)
{
	const uint8_t *p = k->p;

	if (n > k->cap)
		return NULL;
	k->p += n;
	k->cap -= n;
	k->len -= n;
	return p;
}

/*
 * The packet ends n octets on, says its header. -1: the frame ends before.
 * Of a packet that ICMP quotes there is as much as there is, and not all
 * stacks return the length as they got it.
 */
static int
limit(struct packet *k, size_t n)
{
	if (k->quoted)
		return 0;
	if (n > k->len)
		return -1;
	k->len = n;
	if (k->cap > n)
		k->cap = n;
	return 0;
}

/* Whether this protocol is one that ends the walk over the headers. */
static bool
is_last(const struct packet *k, uint8_t proto)
{
	return proto == PROTO_TCP || proto == PROTO_ICMP ||
	       proto == PROTO_ICMPV6 ||
	       (k->tunnels && (proto == PROTO_IP || proto == PROTO_UDP ||
				  proto == PROTO_IPV6 || proto == PROTO_GRE));
}

/* A later fragment, of which only TCP's concern us. */
static enum decode
later_fragment(uint8_t proto)
{
	return proto == PROTO_TCP ? DECODE_FRAGMENT : DECODE_OTHER;
}

static enum decode
step_ip(struct packet *k)
{
	const uint8_t *p = k->p;
	size_t header, total;

	if (k->cap < IP_HEADER)
		return lacks(k, IP_HEADER);
	if (p[0] >> 4 != 4 || !is_last(k, p[9]))
		return DECODE_OTHER;
	if (get16(p + 6) & FRAGMENT_AT)
		return later_fragment(p[9]);
	header = (p[0] & 15) * 4;
	total = get16(p + 2) ? get16(p + 2) : k->len;
	if (header < IP_HEADER || limit(k, total) == -1)
		return DECODE_SHORT;
	if (take(k, header) == NULL)
		return lacks(k, header);
	k->ip = p;
	k->proto = p[9];
	k->fragment = get16(p + 6) & MORE_FRAGMENTS;
	return DECODE_TCP;
}

static const struct extension *
find_extension(uint8_t kind)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(extensions); i++)
		if (extensions[i].kind == kind)
			return &extensions[i];
	return NULL;
}

/* Walk the extension headers (RFC 8200, 4), from one of kind next on. */
static enum decode
step_extensions(struct packet *k, uint8_t next)
{
	const struct extension *x;
	const uint8_t *p;
	size_t n;

	for (; !is_last(k, next); next = p[0]) {
		x = find_extension(next);
		if (x == NULL)
			return DECODE_OTHER;
		p = k->p;
		if (k->cap < EXT_MIN)
			return lacks(k, EXT_MIN);
		n = EXT_MIN + p[1] * x->unit;
		if (take(k, n) == NULL)
			return lacks(k, n);
		if (next == EXT_FRAGMENT && get16(p + 2) & FRAGMENT6_AT)
			return later_fragment(p[0]);
		if (next == EXT_FRAGMENT && p[3] & 1)
			k->fragment = true;
		if (next == EXT_ROUTING && p[3] > 0)
			k->routed = true;
	}
	k->proto = next;
	return DECODE_TCP;
}

static enum decode
step_ip6(struct packet *k)
{
	const uint8_t *p = take(k, IP6_HEADER);
	size_t payload;

	if (p == NULL)
		return lacks(k, IP6_HEADER);
	if (p[0] >> 4 != 6)
		return DECODE_OTHER;
	payload = get16(p + 4) ? get16(p + 4) : k->len;
	if (limit(k, payload) == -1)
		return DECODE_SHORT;
	k->ip = p;
	return step_extensions(k, p[6]);
}

enum decode
packet_open(struct packet *k, int dlt, const uint8_t *p, size_t caplen,
    size_t len, uint16_t *type)
{
	int n = decode_link(dlt, p, caplen, type);

	if (n == -1 && !decode_knows(dlt))
		return DECODE_OTHER;
	if (n == -1)
		return caplen < len ? DECODE_CUT : DECODE_SHORT;
	*k = (struct packet){
		.p = p, .cap = caplen, .len = len < caplen ? caplen : len
	};
	take(k, n);
	return DECODE_TCP;
}

enum decode
packet_ip(struct packet *k, uint16_t type)
{
	if (type == TYPE_IP)
		return step_ip(k);
	if (type == TYPE_IPV6)
		return step_ip6(k);
	return DECODE_OTHER;
}
