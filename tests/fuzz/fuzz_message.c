/*
 * ICMP: octet 0 picks the version of IP, the rest is a message. Its lengths
 * and checksums are made right here, or nearly none would be looked at.
 */
#include <string.h>

#include "base/octets.h"
#include "fuzz.h"
#include "sniff/decode.h"
#include "sniff/packet.h"

enum { MESSAGE_MAX = 2000 };

/* An IP packet of one message. Returns the length of its header. */
static size_t
make_header(uint8_t *f, uint8_t version, size_t n)
{
	static const uint8_t ip4[20] = { 0x45, [8] = 64, PROTO_ICMP, [12] = 192,
		0, 2, 1, 192, 0, 2, 2 };
	static const uint8_t ip6[40] = { 0x60, [6] = PROTO_ICMPV6,
		255, [8] = 0x20, 1, 13, 0xb8, [23] = 1, [24] = 0x20, 1, 13,
		0xb8, [39] = 2 };

	if (version == 6) {
		memcpy(f, ip6, sizeof(ip6));
		put16(f + 4, n);
		return sizeof(ip6);
	}
	memcpy(f, ip4, sizeof(ip4));
	put16(f + 2, sizeof(ip4) + n);
	put16(f + 10, ~packet_fold(packet_sum(f, sizeof(ip4))));
	return sizeof(ip4);
}

static void
check(const struct sight *v, uint8_t version)
{
	const struct neighbour *n = &v->neighbour;
	const struct icmp *m = &v->icmp;
	struct buf b = { 0 };
	size_t i, sum = 0;

	if (v->kind == SIGHT_NEIGHBOUR) {
		HOLDS(n->sender.ip == 6 && n->target.ip == 6);
		return;
	}
	if (v->kind == SIGHT_ECHO) {
		HOLDS(v->echo.from.ip == version && v->echo.to.ip == version);
		for (i = 0; i < v->echo.len; i++)
			sum += v->echo.text[i];
		HOLDS(sum <= 255 * v->echo.len);
		return;
	}
	HOLDS(v->kind == SIGHT_ICMP);
	HOLDS(m->from.ip == version && m->probe.src.addr.ip == version);
	icmp_add_text(&b, m);
	endpoint_add(&b, &m->probe.src);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint8_t *f, version;
	size_t header;
	uint64_t sum;
	struct sight v;

	if (n < 5 || n > MESSAGE_MAX)
		return 0;
	version = p[0] & 1 ? 6 : 4;
	header = version == 6 ? 40 : 20;
	f = malloc(header + --n);
	HOLDS(f != NULL);
	make_header(f, version, n);
	memcpy(f + header, p + 1, n);
	put16(f + header + 2, 0);
	sum = packet_sum(f + header, n);
	if (version == 6)
		sum += PROTO_ICMPV6 + n + packet_sum(f + 8, 32);
	put16(f + header + 2, ~packet_fold(sum));
	if (decode_sight(&v, LINK_RAW, f, header + n, header + n) == DECODE_TCP)
		check(&v, version);
	free(f);
	return 0;
}
