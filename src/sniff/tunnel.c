#include "base/octets.h"
#include "base/table.h"
#include "sniff/packet.h"
#include "sniff/tunnel.h"

enum { TUNNELS_MAX = 4, CARRIED_MAX = 65575 };
enum { TYPE_BRIDGED = 0x6558, TYPE_ERSPAN = 0x88be, ERSPAN_LEN = 8 };
enum { GRE_LEN = 4, GRE_VERSION = 7, GRE_ROUTING = 0x4000, GRE_SEQ = 0x1000 };
enum { UDP_LEN = 8, VXLAN_LEN = 8, VXLAN_ID = 0x08, GENEVE_LEN = 8 };
enum { VXLAN_PORT = 4789, VXLAN_OLD_PORT = 8472, GENEVE_PORT = 6081 };

/* GRE's optional fields take 4 octets each: checksum, key, sequence number. */
static const uint16_t gre_fields[] = { 0x8000, 0x2000, GRE_SEQ };

/* What is n octets into the packet is the carried one. */
static bool
enter(struct carried *c, const struct packet *k, int dlt, size_t n)
{
	if (n > k->cap)
		return false;
	*c = (struct carried){ dlt, k->p + n, k->cap - n, k->len - n };
	return true;
}

/* The same, by an Ethernet type. */
static bool
enter_type(struct carried *c, const struct packet *k, uint16_t type, size_t n)
{
	if (type == TYPE_BRIDGED)
		return enter(c, k, LINK_ETHERNET, n);
	return (type == TYPE_IP || type == TYPE_IPV6) &&
	       enter(c, k, LINK_RAW, n);
}

/* RFC 2784 and 2890; with ERSPAN, by which switches mirror what they see. */
static bool
enter_gre(struct carried *c, const struct packet *k)
{
	size_t n = GRE_LEN, i;
	uint16_t flags;

	if (k->cap < GRE_LEN)
		return false;
	flags = get16(k->p);
	if (flags & (GRE_VERSION | GRE_ROUTING))
		return false;
	for (i = 0; i < ARRAY_SIZE(gre_fields); i++)
		if (flags & gre_fields[i])
			n += 4;
	/* ERSPAN's first version has no header */
	if (get16(k->p + 2) == TYPE_ERSPAN)
		return enter(c, k, LINK_ETHERNET,
		    flags & GRE_SEQ ? n + ERSPAN_LEN : n);
	return enter_type(c, k, get16(k->p + 2), n);
}

/* RFC 7348, or RFC 8926, whose options have a length in words. */
static bool
enter_udp(struct carried *c, const struct packet *k)
{
	const uint8_t *p = k->p + UDP_LEN;

	if (k->cap < UDP_LEN + VXLAN_LEN)
		return false;
	switch (get16(k->p + 2)) {
	case VXLAN_PORT:
	case VXLAN_OLD_PORT:
		return p[0] & VXLAN_ID &&
		       enter(c, k, LINK_ETHERNET, UDP_LEN + VXLAN_LEN);
	case GENEVE_PORT:
		return p[0] >> 6 == 0 &&
		       enter_type(c, k, get16(p + 2),
			   UDP_LEN + GENEVE_LEN + (p[0] & 63) * 4);
	default:
		return false;
	}
}

bool
tunnel_enter(struct carried *c)
{
	struct packet k;
	uint16_t type;

	if (packet_open(&k, c->dlt, c->p, c->caplen, c->len, &type) !=
	    DECODE_TCP)
		return false;
	k.tunnels = true;
	if (packet_ip(&k, type) != DECODE_TCP)
		return false;
	/* what it carries goes on in other packets, and says how far */
	if (k.fragment)
		k.len = CARRIED_MAX;
	switch (k.proto) {
	case PROTO_IP:
		return enter(c, &k, LINK_IPV4, 0);
	case PROTO_IPV6:
		return enter(c, &k, LINK_IPV6, 0);
	case PROTO_GRE:
		return enter_gre(c, &k);
	case PROTO_UDP:
		return enter_udp(c, &k);
	default:
		return false;
	}
}

enum decode
tunnel_quick(struct carried *c, struct quick *q)
{
	enum decode d;
	unsigned n;

	for (n = 0;; n++) {
		d = decode_quick(c->dlt, c->p, c->caplen, c->len, q);
		if (d != DECODE_OTHER || n == TUNNELS_MAX || !tunnel_enter(c))
			return d;
	}
}
