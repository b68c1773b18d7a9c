#include <string.h>

#include "base/octets.h"
#include "base/table.h"
#include "sniff/decode.h"
#include "tcp/option.h"

/*
 * How it works: a struct packet starts as the whole frame and is narrowed
 * from the front by each header that take() steps over, and from the back by
 * limit(), when an IP header says where the packet ends and padding begins.
 * Only these two move it, and nothing is read before one of them or a look
 * at cap has shown that it is there. What is left in the end is the segment.
 */
struct packet {
	const uint8_t *p;
	size_t cap;    /* octets that the capture kept, from p on */
	size_t len;    /* octets that were on the wire, from p on; >= cap */
	bool fragment; /* the rest of the segment is in other packets */
	bool routed;   /* on its way to an intermediate address */
};

enum {
	TYPE_IP = 0x0800,
	TYPE_IPV6 = 0x86dd,
	TYPE_VLAN = 0x8100,	/* 802.1Q */
	TYPE_QINQ = 0x88a8,	/* 802.1ad */
	TYPE_OLD_QINQ = 0x9100, /* before 802.1ad */
	PROTO_TCP = 6,
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

/* The packet ends n octets on, says its header. -1: the frame ends before. */
static int
limit(struct packet *k, size_t n)
{
	if (n > k->len)
		return -1;
	k->len = n;
	if (k->cap > n)
		k->cap = n;
	return 0;
}

/* The Internet checksum's sum (RFC 1071), not yet complemented. */
static uint16_t
fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static uint64_t
sum16(const uint8_t *p, size_t n)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i + 1 < n; i += 2)
		sum += get16(p + i);
	if (i < n)
		sum += p[i] << 8;
	return sum;
}

/* 0, or the fault that the TCP checksum has (RFC 9293 3.1). */
static uint8_t
check_checksum(const struct segment *s, const struct packet *k)
{
	uint64_t pseudo =
	    (uint64_t)PROTO_TCP + (k->len >> 16) + (k->len & 0xffff);

	pseudo += sum16(s->tuple.src.addr.octets, 16);
	pseudo += sum16(s->tuple.dst.addr.octets, 16);
	if (fold(pseudo + sum16(k->p, k->len)) == 0xffff)
		return 0;
	return fold(pseudo) == s->cksum ? FAULT_OFFLOAD : FAULT_CHECKSUM;
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

static enum decode
decode_tcp(struct segment *s, const struct packet *k)
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
		s->faults |= check_checksum(s, k);
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

static enum decode
decode_ip(struct segment *s, struct packet *k)
{
	const uint8_t *p = k->p;
	size_t header, total;

	if (k->cap < IP_HEADER)
		return DECODE_SHORT;
	if (p[0] >> 4 != 4 || p[9] != PROTO_TCP || get16(p + 6) & 0x1fff)
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
	k->fragment = p[6] & 0x20;
	if (fold(sum16(p, header)) != 0xffff)
		s->faults |= FAULT_IP_CHECKSUM;
	return decode_tcp(s, k);
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
decode_extensions(struct segment *s, struct packet *k, uint8_t next)
{
	const struct extension *x;
	const uint8_t *p;

	for (; next != PROTO_TCP; next = p[0]) {
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
	return decode_tcp(s, k);
}

static enum decode
decode_ip6(struct segment *s, struct packet *k)
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
	return decode_extensions(s, k, p[6]);
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
decode_frame(struct segment *s, int dlt, const uint8_t *p, size_t caplen,
    size_t len)
{
	struct packet k = { .p = p, .cap = caplen, .len = len };
	uint16_t type;
	int n;

	if (k.len < k.cap)
		k.len = k.cap;
	memset(s, 0, sizeof(*s));
	n = decode_link(dlt, p, caplen, &type);
	if (n == -1)
		return decode_knows(dlt) ? DECODE_SHORT : DECODE_OTHER;
	take(&k, n);
	if (type == TYPE_IP)
		return decode_ip(s, &k);
	if (type == TYPE_IPV6)
		return decode_ip6(s, &k);
	return DECODE_OTHER;
}
