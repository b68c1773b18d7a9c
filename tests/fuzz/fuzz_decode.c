/*
 * Frames: octet 0 picks the link type, octet 1 how many octets more there were
 * on the wire, the rest is the frame. The decoders must agree.
 */
#include <string.h>

#include "base/table.h"
#include "fuzz.h"
#include "sniff/tunnel.h"
#include "tcp/notation.h"

static const int links[] = { LINK_ETHERNET, LINK_NULL, LINK_PPP, LINK_RAW,
	LINK_PPP_SERIAL, LINK_PPP_ETHER, LINK_LOOP, LINK_LINUX_SLL, LINK_IPV4,
	LINK_IPV6, LINK_LINUX_SLL2, 105 };

static void
agree(const struct quick *q, const struct segment *s)
{
	size_t n = addr_len(&s->tuple.src.addr);

	HOLDS(q->ip == s->tuple.src.addr.ip && q->ip == s->tuple.dst.addr.ip);
	HOLDS(memcmp(q->addrs, s->tuple.src.addr.octets, n) == 0);
	HOLDS(memcmp(q->addrs + n, s->tuple.dst.addr.octets, n) == 0);
	HOLDS(q->sport == s->tuple.src.port && q->dport == s->tuple.dst.port);
	HOLDS(q->seq == s->seq && q->ack == s->ack && q->wnd == s->wnd);
	HOLDS(q->ctl == s->ctl && q->ttl == s->ttl && q->tos == s->tos);
	HOLDS(q->ip_id == s->ip_id && q->df == s->df);
	HOLDS(q->text_len == s->text_len && q->text == s->text);
	HOLDS(q->text_kept == s->text_kept && s->text_kept <= s->text_len);
	HOLDS(q->options_len >= s->options_len);
	HOLDS(s->options_len <= SEG_OPTIONS_MAX);
	HOLDS(memcmp(q->tcp + 20, s->options, s->options_len) == 0);
	HOLDS(q->faults == (s->faults & (FAULT_OFFSET | FAULT_CUT)));
}

/* All that a segment points to is read, so that a sanitizer sees it. */
static void
print(const struct segment *s)
{
	struct buf b = { 0 };

	notation_add_tcpdump(&b, s);
	buf_add_escaped(&b, s->text, s->text_kept);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct carried c;
	struct segment s;
	struct quick q;
	enum decode d;
	int dlt;

	if (n < 2)
		return 0;
	dlt = links[p[0] % ARRAY_SIZE(links)];
	c = (struct carried){ dlt, p + 2, n - 2, n - 2 + p[1] };
	d = decode_quick(dlt, c.p, c.caplen, c.len, &q);
	HOLDS(decode_frame(&s, dlt, c.p, c.caplen, c.len) == d);
	HOLDS(d < NDECODE);
	if (d == DECODE_TCP) {
		agree(&q, &s);
		print(&s);
	}
	if (tunnel_quick(&c, &q) == DECODE_TCP) {
		HOLDS(c.p >= p + 2 && c.p + c.caplen <= p + n);
		HOLDS(decode_frame(&s, c.dlt, c.p, c.caplen, c.len) ==
		      DECODE_TCP);
		agree(&q, &s);
		print(&s);
	}
	return 0;
}
