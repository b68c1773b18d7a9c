#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/octets.h"
#include "match/flow_table.h"
#include "tcp/option.h"

#define FLOWS_MAX     1000000
#define RING	      (1u << 18)
#define PATIENCE      3000000000LL
#define NSEC_PER_MSEC 1000000
#define EVICT_LOOK    16 /* flows among which the oldest is sought */

struct flows *
flows_new(const struct flow_config *config)
{
	struct flows *f = mem_calloc(1, sizeof(*f));
	uint32_t max = config->max_flows != 0 ? config->max_flows : FLOWS_MAX;
	uint32_t n = 1;

	f->config = *config;
	f->config.max_flows = max;
	if (f->config.patience == 0)
		f->config.patience = PATIENCE;
	while (n < max && n < 1u << 31)
		n *= 2;
	f->mask = n - 1;
	f->heads = mem_calloc(n, sizeof(*f->heads));
	f->flows = mem_calloc((size_t)max + 1, sizeof(*f->flows));
	f->ring_mask = RING - 1;
	f->ring = mem_calloc(RING, sizeof(*f->ring));
	f->hosts = mem_calloc((size_t)HOST_SETS * HOST_WAYS, sizeof(*f->hosts));
	f->pending = mem_calloc(PENDING_MAX, sizeof(*f->pending));
	f->addrs = addrs_new(f);
	return f;
}

void
flows_free(struct flows *f)
{
	if (f == NULL)
		return;
	addrs_free(f->addrs);
	free(f->pending);
	free(f->hosts);
	free(f->ring);
	free(f->flows);
	free(f->heads);
	free(f);
}

void
flows_count(const struct flows *f, struct flow_counts *c)
{
	*c = f->counts;
}

/* A tuple with its ends in order, and which of them the source is. */
struct key {
	uint32_t addrs[2];
	uint16_t ports[2];
	bool ip6;
	int side;
};

static void
key_make(struct flows *f, struct key *k, const struct quick *q)
{
	uint32_t src, dst;

	if (q->ip == 6) {
		src = addrs_number(f, q->addrs);
		addrs_hold(f, src);
		dst = addrs_number(f, q->addrs + 16);
		addrs_hold(f, dst);
	} else {
		src = get32(q->addrs);
		dst = get32(q->addrs + 4);
	}
	k->ip6 = q->ip == 6;
	k->side = src > dst || (src == dst && q->sport > q->dport);
	k->addrs[k->side] = src;
	k->addrs[!k->side] = dst;
	k->ports[k->side] = q->sport;
	k->ports[!k->side] = q->dport;
}

/* The flow has its own hold on the addresses, or there is no flow. */
static void
key_done(struct flows *f, const struct key *k)
{
	if (!k->ip6)
		return;
	addrs_release(f, k->addrs[0]);
	addrs_release(f, k->addrs[1]);
}

static uint32_t *
head_of(struct flows *f, const uint32_t addrs[2], const uint16_t ports[2],
    bool ip6)
{
	uint64_t a = (uint64_t)addrs[0] << 32 | addrs[1];
	uint64_t b = (uint64_t)ip6 << 32 | (uint32_t)ports[0] << 16 | ports[1];

	return &f->heads[flow_hash(f, a, b) & f->mask];
}

static void
flow_remove(struct flows *f, uint32_t i)
{
	struct flow *flow = &f->flows[i];
	uint32_t *at = head_of(f, flow->addrs, flow->ports, flow->ip6);

	while (*at != i)
		at = &f->flows[*at].chain;
	*at = flow->chain;
	reset_detach(f, flow, false);
	if (flow->ip6) {
		addrs_release(f, flow->addrs[0]);
		addrs_release(f, flow->addrs[1]);
	}
	flow->used = false;
	flow->chain = f->free;
	f->free = i;
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
static void
evict(struct flows *f)
{
	uint32_t i, oldest = 0;
	int k;

	for (k = 0; k < EVICT_LOOK; k++) {
		i = f->hand % f->config.max_flows + 1;
		f->hand = i;
		if (oldest == 0 ||
		    last_ms(&f->flows[i]) < last_ms(&f->flows[oldest]))
			oldest = i;
	}
	flow_remove(f, oldest);
	f->counts.evicted++;
}

static struct flow *
flow_add(struct flows *f, const struct key *k, uint32_t *head)
{
	struct flow *flow;
	uint32_t i;

	if (f->free == 0 && f->counts.now == f->config.max_flows)
		evict(f);
	if (f->free != 0) {
		i = f->free;
		f->free = f->flows[i].chain;
	} else {
		i = f->counts.now + 1;
	}
	flow = &f->flows[i];
	*flow = (struct flow){ .used = true,
		.ip6 = k->ip6,
		.addrs = { k->addrs[0], k->addrs[1] },
		.ports = { k->ports[0], k->ports[1] },
		.chain = *head };
	*head = i;
	if (k->ip6) {
		addrs_hold(f, k->addrs[0]);
		addrs_hold(f, k->addrs[1]);
	}
	f->counts.flows++;
	if (++f->counts.now > f->counts.most)
		f->counts.most = f->counts.now;
	return flow;
}

static struct flow *
flow_of(struct flows *f, const struct quick *q, int *side)
{
	struct flow *flow;
	struct key k;
	uint32_t *head, i;

	key_make(f, &k, q);
	*side = k.side;
	head = head_of(f, k.addrs, k.ports, k.ip6);
	for (i = *head; i != 0; i = flow->chain) {
		flow = &f->flows[i];
		if (flow->addrs[0] == k.addrs[0] &&
		    flow->addrs[1] == k.addrs[1] &&
		    flow->ports[0] == k.ports[0] &&
		    flow->ports[1] == k.ports[1] && flow->ip6 == k.ip6)
			break;
	}
	if (i == 0)
		flow = flow_add(f, &k, head);
	key_done(f, &k);
	return flow;
}

/* Its timestamp, which nearly all stacks put first, behind two NOPs. */
static void
find_timestamp(struct passing *p)
{
	const uint8_t *o = p->q->tcp + 20;
	size_t len = p->q->options_len, i = 0;

	if (len >= 12 && get32(o) == 0x0101080a) {
		p->ts = true;
		p->tsval = get32(o + 4);
		p->tsecr = get32(o + 8);
		return;
	}
	while (i + 1 < len && o[i] != OPT_EOL) {
		if (o[i] == OPT_NOP) {
			i++;
			continue;
		}
		if (o[i] == OPT_TS && o[i + 1] == 10 && i + 10 <= len) {
			p->ts = true;
			p->tsval = get32(o + i + 2);
			p->tsecr = get32(o + i + 6);
			return;
		}
		if (o[i + 1] < 2)
			return;
		i += o[i + 1];
	}
}

void
seg_note(struct flow_seg *s, const struct passing *p)
{
	const struct quick *q = p->q;

	*s = (struct flow_seg){ .when = p->when,
		.frame = p->frame,
		.seq = q->seq,
		.ack = q->ack,
		.len = q->text_len,
		.tsval = p->tsval,
		.before = p->flow->last_seg,
		.ctl = q->ctl,
		.wnd = q->wnd,
		.ip_id = q->ip_id,
		.ttl = q->ttl,
		.tos = q->tos,
		.by_sender = p->side,
		.ts = p->ts,
		.df = q->df };
}

static void
remember(struct flows *f, const struct passing *p)
{
	seg_note(&f->ring[++f->nring & f->ring_mask], p);
	p->flow->last_seg = f->nring;
	p->flow->nsegs++;
}

struct reset *
flows_see(struct flows *f, const struct quick *q, int64_t when, uint64_t frame)
{
	struct passing p = { .q = q, .when = when, .frame = frame };

	if (f->npending > 0 && f->pending[f->oldest].until <= when)
		reset_decide(f, when);
	if (f->counts.segments++ == 0)
		f->began = when;
	/* stamps that go back count as the beginning */
	if (when > f->began)
		p.ms = (when - f->began) / NSEC_PER_MSEC;
	p.flow = flow_of(f, q, &p.side);
	if (p.flow->nsegs == 0)
		p.flow->first = p.ms;
	p.end =
	    q->seq + q->text_len + !!(q->ctl & CTL_SYN) + !!(q->ctl & CTL_FIN);
	if (q->options_len >= 10)
		find_timestamp(&p);
	if (q->ctl & CTL_RST) {
		f->counts.resets++;
		reset_follow(f, &p);
		remember(f, &p);
		return reset_begin(f, &p);
	}
	flow_follow(f, &p);
	if (p.flow->pending != 0)
		reset_follow(f, &p);
	remember(f, &p);
	return NULL;
}

void
flows_tick(struct flows *f, int64_t when)
{
	reset_decide(f, when);
}

void
flows_end(struct flows *f)
{
	reset_decide(f, INT64_MAX);
}
