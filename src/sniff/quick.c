#include "base/octets.h"
#include "sniff/packet.h"

/*
 * How it works: nearly every frame of a large capture is Ethernet, IPv4 without
 * options, TCP, and lies about nothing. is_plain() finds that with a few
 * comparisons, and the rest is loads at fixed places. All others take the long
 * way, which decode_frame() takes too.
 */
enum { ETHER_LEN = 14, IP_LEN = 20, TCP_LEN = 20 };

/* The numbers of a segment whose header is there. */
static inline void
read_tcp(struct quick *q, const uint8_t *p, size_t cap, size_t len,
    bool fragment)
{
	size_t header = p[12] >> 4 << 2;
	size_t here = header < cap ? header : cap;

	q->tcp = p;
	q->sport = get16(p);
	q->dport = get16(p + 2);
	q->seq = get32(p + 4);
	q->ack = get32(p + 8);
	q->ctl = get16(p + 12) & CTL_ALL;
	q->wnd = get16(p + 14);
	q->fragment = fragment;
	q->faults = fragment || cap < len ? FAULT_CUT : 0;
	q->text = NULL;
	q->text_len = q->text_kept = q->options_len = 0;
	if (header < TCP_LEN || (header > len && !fragment)) {
		q->faults |= FAULT_OFFSET;
		return;
	}
	q->options_len = here - TCP_LEN;
	if (header >= len)
		return;
	q->text_len = len - header;
	q->text_kept = cap - here;
	if (cap > here)
		q->text = p + header;
}

static inline void
read_ip4(struct quick *q, const uint8_t *p)
{
	q->addrs = p + 12;
	q->ip = 4;
	q->tos = p[1];
	q->ip_id = get16(p + 4);
	q->df = p[6] >> 6 & 1;
	q->ttl = p[8];
}

static inline void
read_ip6(struct quick *q, const uint8_t *p)
{
	q->addrs = p + 8;
	q->ip = 6;
	q->tos = get16(p) >> 4;
	q->ip_id = 0;
	q->df = false;
	q->ttl = p[7];
}

/* Version 4 without options, no fragment, TCP, and as long as it says. */
static inline bool
is_plain(const uint8_t *p, size_t caplen, size_t len)
{
	const uint8_t *ip = p + ETHER_LEN;
	size_t total;

	if (caplen < ETHER_LEN + IP_LEN + TCP_LEN || get16(p + 12) != TYPE_IP ||
	    ip[0] != 0x45 || ip[9] != PROTO_TCP || get16(ip + 6) & 0x3fff)
		return false;
	total = get16(ip + 2);
	return total >= IP_LEN + TCP_LEN &&
	       total <= (len < caplen ? caplen : len) - ETHER_LEN;
}

enum decode
packet_quick(const struct packet *k, struct quick *q)
{
	if (k->proto != PROTO_TCP)
		return DECODE_OTHER;
	if (k->cap < TCP_LEN) {
		if (k->fragment && k->len < TCP_LEN)
			return DECODE_FRAGMENT;
		return k->len < TCP_LEN ? DECODE_SHORT : DECODE_CUT;
	}
	if (k->ip[0] >> 4 == 4)
		read_ip4(q, k->ip);
	else
		read_ip6(q, k->ip);
	read_tcp(q, k->p, k->cap, k->len, k->fragment);
	return DECODE_TCP;
}

enum decode
decode_quick(int dlt, const uint8_t *p, size_t caplen, size_t len,
    struct quick *q)
{
	size_t total;
	struct packet k;
	enum decode d;
	uint16_t type;

	if (dlt == LINK_ETHERNET && is_plain(p, caplen, len)) {
		p += ETHER_LEN;
		caplen -= ETHER_LEN;
		total = get16(p + 2);
		read_ip4(q, p);
		read_tcp(q, p + IP_LEN,
		    (caplen < total ? caplen : total) - IP_LEN, total - IP_LEN,
		    false);
		return DECODE_TCP;
	}
	d = packet_open(&k, dlt, p, caplen, len, &type);
	if (d == DECODE_TCP)
		d = packet_ip(&k, type);
	return d == DECODE_TCP ? packet_quick(&k, q) : d;
}
