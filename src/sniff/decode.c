#include <string.h>

#include "base/octets.h"
#include "base/table.h"
#include "sniff/packet.h"
#include "tcp/option.h"

/* How it works: see packet.h. Only take() and limit() narrow a packet. */
enum {
	TYPE_VLAN = 0x8100,	/* 802.1Q */
	TYPE_QINQ = 0x88a8,	/* 802.1ad */
	TYPE_OLD_QINQ = 0x9100, /* before 802.1ad */
	IP_HEADER = 20,
	IP6_HEADER = 40,
	TCP_HEADER = 20
};

/* Link headers. Those that hold no Ethernet type are followed by bare IP. */
#define NO_TYPE 255
static const struct link_header {
	uint16_t dlt;
	uint8_t len;
	uint8_t type_at;
} link_headers[] = {
	{ LINK_NULL, 4, NO_TYPE },
	{ LINK_ETHERNET, 14, 12 },
	{ LINK_RAW, 0, NO_TYPE },
	{ LINK_LOOP, 4, NO_TYPE },
	{ LINK_LINUX_SLL, 16, 14 },
	{ LINK_IPV4, 0, NO_TYPE },
	{ LINK_IPV6, 0, NO_TYPE },
	{ LINK_LINUX_SLL2, 20, 0 },
};

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

uint16_t
packet_fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

uint64_t
packet_sum(const uint8_t *p, size_t n)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i + 1 < n; i += 2)
		sum += get16(p + i);
	if (i < n)
		sum += p[i] << 8;
	return sum;
}

uint64_t
packet_pseudo(const struct packet *k, const struct segment *s)
{
	return (uint64_t)k->proto + (k->len >> 16) + (k->len & 0xffff) +
	       packet_sum(s->tuple.src.addr.octets, 16) +
	       packet_sum(s->tuple.dst.addr.octets, 16);
}

/* 0, or the fault that the TCP checksum has (RFC 9293 3.1). */
static uint8_t
check_checksum(const struct packet *k, const struct segment *s)
{
	uint64_t pseudo = packet_pseudo(k, s);

	if (packet_fold(pseudo + packet_sum(k->p, k->len)) == 0xffff)
		return 0;
	return packet_fold(pseudo) == s->cksum ? FAULT_OFFLOAD : FAULT_CHECKSUM;
}

/* Copy the options, or as many as the capture has kept whole. */
static void
copy_options(struct segment *s, const uint8_t *p, size_t n, bool cut)
{
	struct option o;
	size_t at = 0;
	int rc;

	memcpy(s->options, p, n);
	s->options_len = n;
	while ((rc = opt_next(s, &at, &o)) == 1)
		;
	if (rc == -1 && cut)
		s->options_len = at;
	else if (rc == -1)
		s->faults |= FAULT_OPTION;
}

/* The options and the text, behind the fixed header. */
static void
decode_rest(struct segment *s, const struct packet *k)
{
	size_t header = s->offset * 4;
	size_t here = header < k->cap ? header : k->cap;

	if (header < TCP_HEADER || (header > k->len && !k->fragment)) {
		s->faults |= FAULT_OFFSET;
		return;
	}
	copy_options(s, k->p + TCP_HEADER, here - TCP_HEADER, here < header);
	if (header >= k->len)
		return;
	s->text_len = k->len - header;
	s->text_kept = k->cap - here;
	if (s->text_kept > 0)
		s->text = k->p + header;
}

enum decode
packet_tcp(const struct packet *k, struct segment *s)
{
	const uint8_t *p = k->p;

	if (k->cap < TCP_HEADER)
		return DECODE_SHORT;
	s->tuple.src.port = get16(p);
	s->tuple.dst.port = get16(p + 2);
	s->seq = get32(p + 4);
	s->ack = get32(p + 8);
	s->offset = p[12] >> 4;
	s->rsvd = p[12] >> 1 & 7;
	s->ctl = get16(p + 12) & CTL_ALL;
	s->wnd = get16(p + 14);
	s->cksum = get16(p + 16);
	s->up = get16(p + 18);
	if (k->fragment || k->cap < k->len)
		s->faults |= FAULT_CUT;
	else if (!k->routed)
		s->faults |= check_checksum(k, s);
	decode_rest(s, k);
	return DECODE_TCP;
}

static void
set_addrs(struct segment *s, unsigned ip, const uint8_t *src)
{
	size_t n;

	s->tuple.src.addr.ip = s->tuple.dst.addr.ip = ip;
	n = addr_len(&s->tuple.src.addr);
	memcpy(s->tuple.src.addr.octets, src, n);
	memcpy(s->tuple.dst.addr.octets, src + n, n);
}

/* Whether this protocol is one that ends the walk over the headers. */
static bool
is_last(uint8_t proto)
{
	return proto == PROTO_TCP || proto == PROTO_ICMP ||
	       proto == PROTO_ICMPV6;
}

static enum decode
decode_ip(struct packet *k, struct segment *s)
{
	const uint8_t *p = k->p;
	size_t header, total;

	if (k->cap < IP_HEADER)
		return DECODE_SHORT;
	if (p[0] >> 4 != 4 || !is_last(p[9]) || get16(p + 6) & 0x1fff)
		return DECODE_OTHER;
	header = (p[0] & 15) * 4;
	total = get16(p + 2) ? get16(p + 2) : k->len;
	if (header < IP_HEADER || limit(k, total) == -1 ||
	    take(k, header) == NULL)
		return DECODE_SHORT;
	set_addrs(s, 4, p + 12);
	s->tos = p[1];
	s->ip_id = get16(p + 4);
	s->df = p[6] & 0x40;
	s->ttl = p[8];
	k->proto = p[9];
	k->fragment = p[6] & 0x20;
	if (packet_fold(packet_sum(p, header)) != 0xffff)
		s->faults |= FAULT_IP_CHECKSUM;
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
decode_extensions(struct packet *k, uint8_t next)
{
	const struct extension *x;
	const uint8_t *p;

	for (; !is_last(next); next = p[0]) {
		x = find_extension(next);
		if (x == NULL)
			return DECODE_OTHER;
		p = k->p;
		if (k->cap < EXT_MIN ||
		    take(k, EXT_MIN + p[1] * x->unit) == NULL)
			return DECODE_SHORT;
		if (next == EXT_FRAGMENT && get16(p + 2) & 0xfff8)
			return DECODE_OTHER;
		if (next == EXT_FRAGMENT && p[3] & 1)
			k->fragment = true;
		if (next == EXT_ROUTING && p[3] > 0)
			k->routed = true;
	}
	k->proto = next;
	return DECODE_TCP;
}

static enum decode
decode_ip6(struct packet *k, struct segment *s)
{
	const uint8_t *p = take(k, IP6_HEADER);
	size_t payload;

	if (p == NULL)
		return DECODE_SHORT;
	if (p[0] >> 4 != 6)
		return DECODE_OTHER;
	payload = get16(p + 4) ? get16(p + 4) : k->len;
	if (limit(k, payload) == -1)
		return DECODE_SHORT;
	set_addrs(s, 6, p + 8);
	s->tos = get16(p) >> 4;
	s->ttl = p[7];
	return decode_extensions(k, p[6]);
}

static const struct link_header *
find_link(int dlt)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(link_headers); i++)
		if (link_headers[i].dlt == dlt)
			return &link_headers[i];
	return NULL;
}

bool
decode_knows(int dlt)
{
	return find_link(dlt) != NULL;
}

/* Before bare IP the version is all there is to tell the two apart. */
static uint16_t
type_by_version(uint8_t octet)
{
	return octet >> 4 == 4 ? TYPE_IP : octet >> 4 == 6 ? TYPE_IPV6 : 0;
}

int
decode_link(int dlt, const uint8_t *p, size_t caplen, uint16_t *type)
{
	const struct link_header *h = find_link(dlt);
	size_t n;

	if (h == NULL || caplen < h->len)
		return -1;
	n = h->len;
	if (h->type_at == NO_TYPE) {
		if (caplen == n)
			return -1;
		*type = type_by_version(p[n]);
		return n;
	}
	*type = get16(p + h->type_at);
	while (*type == TYPE_VLAN || *type == TYPE_QINQ ||
	       *type == TYPE_OLD_QINQ) {
		if (caplen - n < 4)
			return -1;
		*type = get16(p + n + 2);
		n += 4;
	}
	return n;
}

enum decode
packet_open(struct packet *k, int dlt, const uint8_t *p, size_t caplen,
    size_t len, uint16_t *type)
{
	int n = decode_link(dlt, p, caplen, type);

	if (n == -1)
		return decode_knows(dlt) ? DECODE_SHORT : DECODE_OTHER;
	*k = (struct packet){
		.p = p, .cap = caplen, .len = len < caplen ? caplen : len
	};
	take(k, n);
	return DECODE_TCP;
}

enum decode
packet_ip(struct packet *k, struct segment *s, uint16_t type)
{
	if (type == TYPE_IP)
		return decode_ip(k, s);
	if (type == TYPE_IPV6)
		return decode_ip6(k, s);
	return DECODE_OTHER;
}

enum decode
decode_frame(struct segment *s, int dlt, const uint8_t *p, size_t caplen,
    size_t len)
{
	struct packet k;
	enum decode d;
	uint16_t type;

	memset(s, 0, sizeof(*s));
	d = packet_open(&k, dlt, p, caplen, len, &type);
	if (d == DECODE_TCP)
		d = packet_ip(&k, s, type);
	if (d != DECODE_TCP)
		return d;
	return k.proto == PROTO_TCP ? packet_tcp(&k, s) : DECODE_OTHER;
}
