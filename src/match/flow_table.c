/*
 * The table of flows: a hash in which both directions of a connection find
 * it. A slot has the number of a flow and eight bits of its hash, so that
 * others need not be looked at; if a slot is taken, the next one is tried. At
 * most a quarter of the slots is in use, so that few are tried in vain.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/octets.h"
#include "match/flow_table.h"

#define EVICT_LOOK 16 /* flows among which the oldest is sought */

/*
 * The end with the lower number is side 0, then the one with the lower port.
 * The number of an IPv4 address is the address itself, that of an IPv6 address
 * a hash of it. Segments come from either side at random, so nothing here is a
 * branch on it: half of them would be guessed wrong.
 */
void
flows_hint(const struct flows *f, const struct quick *q, struct flow_hint *h)
{
	uint64_t src, dst, w[4], flip;

	if (q->ip == 6) {
		memcpy(w, q->addrs, sizeof(w));
		src = flow_hash(f, w[0], w[1]);
		dst = flow_hash(f, w[2], w[3]);
	} else {
		src = get32(q->addrs);
		dst = get32(q->addrs + 4);
	}
	h->side = (src > dst) | ((src == dst) & (q->sport > q->dport));
	h->addrs[h->side] = src;
	h->addrs[!h->side] = dst;
	h->ports[h->side] = q->sport;
	h->ports[!h->side] = q->dport;
	/* ports in the upper half, so that IPv4 addresses are not mixed up */
	src ^= (uint64_t)q->sport << 32;
	dst ^= (uint64_t)q->dport << 32;
	flip = (src ^ dst) & -(uint64_t)h->side;
	h->hash = flow_hash(f, src ^ flip, dst ^ flip);
	h->flow = 0;
	if (q->ctl & (CTL_SYN | CTL_RST))
		host_fetch(f, host_key(f, q, true));
	__builtin_prefetch(&f->slots[h->hash & f->mask]);
}

/* The number of the flow in a slot, if it may be the one of that hash. */
static uint32_t
slot_flow(uint32_t slot, uint32_t hash)
{
	return (slot ^ hash) >> 24 == 0 ? slot & FLOWS_LIMIT : 0;
}

void
flows_fetch(const struct flows *f, struct flow_hint *h)
{
	uint32_t at = h->hash & f->mask, i;
	const char *flow;

	for (; f->slots[at] != 0; at = (at + 1) & f->mask) {
		i = slot_flow(f->slots[at], h->hash);
		if (i == 0)
			continue;
		flow = (const char *)&f->flows[i];
		__builtin_prefetch(flow, 1);
		__builtin_prefetch(flow + 64, 1);
		__builtin_prefetch(flow + sizeof(struct flow) - 1, 1);
		h->flow = i;
		break;
	}
}

static inline bool
is_of(const struct flow *flow, const struct quick *q, const struct flow_hint *h)
{
	return flow->hash == h->hash &&
	       memcmp(flow->addrs, h->addrs, sizeof(flow->addrs)) == 0 &&
	       memcmp(flow->ports, h->ports, sizeof(flow->ports)) == 0 &&
	       flow->ip6 == (q->ip == 6);
}

static void
slot_put(struct flows *f, uint32_t i)
{
	uint32_t hash = f->flows[i].hash, at = hash & f->mask;

	while (f->slots[at] != 0)
		at = (at + 1) & f->mask;
	f->slots[at] = (hash & ~FLOWS_LIMIT) | i;
}

/* Empty the slot of a flow; what stands behind it may have to move there. */
static void
slot_clear(struct flows *f, uint32_t i)
{
	uint32_t hole = f->flows[i].hash & f->mask, at, home;

	while ((f->slots[hole] & FLOWS_LIMIT) != i)
		hole = (hole + 1) & f->mask;
	for (at = (hole + 1) & f->mask; f->slots[at] != 0;
	     at = (at + 1) & f->mask) {
		home = f->flows[f->slots[at] & FLOWS_LIMIT].hash;
		if (((at - home) & f->mask) < ((at - hole) & f->mask))
			continue;
		f->slots[hole] = f->slots[at];
		hole = at;
	}
	f->slots[hole] = 0;
}

static void
flow_remove(struct flows *f, uint32_t i)
{
	struct flow *flow = &f->flows[i];

	slot_clear(f, i);
	reset_detach(f, flow, false);
	f->counts.now--;
}

static uint32_t
last_ms(const struct flow *flow)
{
	uint32_t a = flow->sides[0].last, b = flow->sides[1].last;

	return a > b ? a : b;
}

/*
 * Make room: of the flows that the hand comes by next, the one that has been
 * silent longest goes. That is nearly the oldest, without a list to keep.
 */
static uint32_t
evict(struct flows *f)
{
	uint32_t oldest = 0;
	int k;

	for (k = 0; k < EVICT_LOOK; k++) {
		f->hand = f->hand % f->config.max_flows + 1;
		if (oldest == 0 ||
		    last_ms(&f->flows[f->hand]) < last_ms(&f->flows[oldest]))
			oldest = f->hand;
	}
	flow_remove(f, oldest);
	f->counts.evicted++;
	return oldest;
}

static void
grow(struct flows *f)
{
	uint32_t n = (f->mask + 1) * 2, i;

	mem_table_free(f->slots, (size_t)f->mask + 1, sizeof(*f->slots));
	f->slots = mem_table(n, sizeof(*f->slots));
	f->mask = n - 1;
	/* the flows that are there have the first places of the array */
	for (i = 1; i <= f->counts.now; i++)
		slot_put(f, i);
}

static struct flow *
flow_add(struct flows *f, const struct quick *q, const struct flow_hint *h)
{
	struct flow *flow;
	uint32_t i;

	if (f->counts.now == f->config.max_flows)
		i = evict(f);
	else
		i = f->counts.now + 1;
	if (i * 4 > f->mask)
		grow(f);
	flow = &f->flows[i];
	*flow = (struct flow){ .ip6 = q->ip == 6, .hash = h->hash };
	memcpy(flow->addrs, h->addrs, sizeof(flow->addrs));
	memcpy(flow->ports, h->ports, sizeof(flow->ports));
	slot_put(f, i);
	f->counts.flows++;
	if (++f->counts.now > f->counts.most)
		f->counts.most = f->counts.now;
	return flow;
}

struct flow *
flow_of(struct flows *f, const struct quick *q, const struct flow_hint *h)
{
	uint32_t at = h->hash & f->mask, i;

	/* that place may belong to another by now, but never a second one */
	if (h->flow != 0 && is_of(&f->flows[h->flow], q, h))
		return &f->flows[h->flow];
	for (; f->slots[at] != 0; at = (at + 1) & f->mask) {
		i = slot_flow(f->slots[at], h->hash);
		if (i != 0 && is_of(&f->flows[i], q, h))
			return &f->flows[i];
	}
	return flow_add(f, q, h);
}
