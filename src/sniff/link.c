/* Link headers, and what may stand between them and IP. */
#include "base/octets.h"
#include "base/table.h"
#include "sniff/packet.h"

enum {
	TYPE_VLAN = 0x8100,	/* 802.1Q */
	TYPE_QINQ = 0x88a8,	/* 802.1ad */
	TYPE_OLD_QINQ = 0x9100, /* before 802.1ad */
	TYPE_PPPOE = 0x8864,	/* a session (RFC 2516) */
	TYPE_MPLS = 0x8847,	/* RFC 3032 */
	TYPE_MPLS_GROUP = 0x8848,
	TAG_LEN = 4,
	LABEL_LEN = 4,
	PPPOE_LEN = 6
};

/* Protocols of PPP, without the first octet where that is 0 and left out. */
enum { PPP_IP = 0x21, PPP_IPV6 = 0x57, PPP_MPLS = 0x281 };
enum { HDLC_ALL = 0xff, HDLC_UI = 3, CISCO_UNICAST = 0x0f, CISCO_BCAST = 0x8f };

/* What holds no Ethernet type: bare IP follows, or PPP. */
enum { BY_VERSION = 255, BY_PPP = 254, BY_PPPOE = 253 };
static const struct link_header {
	uint16_t dlt;
	uint8_t len;
	uint8_t type_at;
} link_headers[] = {
	{ LINK_ETHERNET, 14, 12 },
	{ LINK_LINUX_SLL, 16, 14 },
	{ LINK_LINUX_SLL2, 20, 0 },
	{ LINK_RAW, 0, BY_VERSION },
	{ LINK_NULL, 4, BY_VERSION },
	{ LINK_LOOP, 4, BY_VERSION },
	{ LINK_IPV4, 0, BY_VERSION },
	{ LINK_IPV6, 0, BY_VERSION },
	{ LINK_PPP, 0, BY_PPP },
	{ LINK_PPP_SERIAL, 0, BY_PPP },
	{ LINK_PPP_ETHER, 0, BY_PPPOE },
	{ LINK_CISCO_HDLC, 0, BY_PPP },
};

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

/* Over a stack of labels, of which the last has a bit set; or over none. */
static int
step_labels(const uint8_t *p, size_t caplen, size_t n, uint16_t *type)
{
	if (*type != TYPE_MPLS && *type != TYPE_MPLS_GROUP)
		return n;
	do {
		if (caplen - n <= LABEL_LEN)
			return -1;
		n += LABEL_LEN;
	} while (!(p[n - 2] & 1));
	*type = type_by_version(p[n]);
	return n;
}

/*
 * PPP's own header (RFC 1661, RFC 1662), n octets into the frame: HDLC's
 * address and control, which may be left out, as may the protocol's first
 * octet. Cisco's HDLC has an Ethernet type in the place of the protocol.
 */
static int
step_ppp(const uint8_t *p, size_t caplen, size_t n, uint16_t *type)
{
	bool cisco = false;

	if (caplen - n < 2)
		return -1;
	if (p[n] == HDLC_ALL && p[n + 1] == HDLC_UI) {
		n += 2;
	} else if ((p[n] == CISCO_UNICAST || p[n] == CISCO_BCAST) &&
		   p[n + 1] == 0) {
		cisco = true;
		n += 2;
	}
	if (caplen - n < 2)
		return -1;
	*type = get16(p + n);
	if (cisco)
		return step_labels(p, caplen, n + 2, type);
	n += p[n] & 1 ? 1 : 2;
	if (*type >> 8 & 1)
		*type >>= 8;
	*type = *type == PPP_IP	    ? TYPE_IP
		: *type == PPP_IPV6 ? TYPE_IPV6
		: *type == PPP_MPLS ? TYPE_MPLS
				    : 0;
	return step_labels(p, caplen, n, type);
}

/* Over tags and PPPoE, from an Ethernet type on that ends n octets on. */
static int
step_types(const uint8_t *p, size_t caplen, size_t n, uint16_t *type)
{
	while (*type == TYPE_VLAN || *type == TYPE_QINQ ||
	       *type == TYPE_OLD_QINQ) {
		if (caplen - n < TAG_LEN)
			return -1;
		*type = get16(p + n + 2);
		n += TAG_LEN;
	}
	if (*type != TYPE_PPPOE)
		return step_labels(p, caplen, n, type);
	if (caplen - n < PPPOE_LEN)
		return -1;
	return step_ppp(p, caplen, n + PPPOE_LEN, type);
}

int
decode_link(int dlt, const uint8_t *p, size_t caplen, uint16_t *type)
{
	const struct link_header *h = find_link(dlt);
	size_t n;

	if (h == NULL || caplen < h->len)
		return -1;
	n = h->len;
	switch (h->type_at) {
	case BY_VERSION:
		if (caplen == n)
			return -1;
		*type = type_by_version(p[n]);
		return n;
	case BY_PPP:
		return step_ppp(p, caplen, n, type);
	case BY_PPPOE:
		*type = TYPE_PPPOE;
		break;
	default:
		*type = get16(p + h->type_at);
	}
	return step_types(p, caplen, n, type);
}
