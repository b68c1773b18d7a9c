#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/octets.h"
#include "match/flow_table.h"
#include "tcp/option.h"

#define FLOWS_MAX     1000000
#define RING	      (1u << 17)
#define PATIENCE      3000000000LL
#define NSEC_PER_MSEC 1000000
#define SLOTS_FIRST   4096 /* a power of two */

struct flows *
flows_new(const struct flow_config *config)
{
	struct flows *f = mem_calloc(1, sizeof(*f));
	uint32_t max = config->max_flows != 0 ? config->max_flows : FLOWS_MAX;

	f->config = *config;
	if (max > FLOWS_LIMIT)
		max = FLOWS_LIMIT;
	f->config.max_flows = max;
	if (f->config.patience == 0)
		f->config.patience = PATIENCE;
	f->mask = SLOTS_FIRST - 1;
	f->slots = mem_table(SLOTS_FIRST, sizeof(*f->slots));
	f->flows = mem_table((size_t)max + 1, sizeof(*f->flows));
	f->ring_mask = RING - 1;
	f->ring = mem_table(RING, sizeof(*f->ring));
	f->before = mem_table(RING, sizeof(*f->before));
	f->hosts = mem_table(HOST_SETS, sizeof(*f->hosts));
	f->pending = mem_table(PENDING_MAX, sizeof(*f->pending));
	return f;
}

void
flows_free(struct flows *f)
{
	if (f == NULL)
		return;
	mem_table_free(f->pending, PENDING_MAX, sizeof(*f->pending));
	mem_table_free(f->hosts, HOST_SETS, sizeof(*f->hosts));
	mem_table_free(f->before, RING, sizeof(*f->before));
	mem_table_free(f->ring, RING, sizeof(*f->ring));
	mem_table_free(f->flows, (size_t)f->config.max_flows + 1,
	    sizeof(*f->flows));
	mem_table_free(f->slots, (size_t)f->mask + 1, sizeof(*f->slots));
	free(f);
}

void
flows_count(const struct flows *f, struct flow_counts *c)
{
	*c = f->counts;
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

/*
 * Most segments have the TTL of those before, and are none; and no RST can be
 * the copy of one that never came.
 */
static bool
may_be_copy(const struct passing *p)
{
	const struct flow_side *s = &p->flow->sides[p->side];

	if (p->q->ctl & CTL_RST)
		return p->flow->resets[p->side] > 0;
	return s->ttl != p->q->ttl && s->seen & SIDE_SEEN;
}

static void
remember(struct flows *f, const struct passing *p)
{
	const struct quick *q = p->q;

	f->ring[++f->nring & f->ring_mask] = (struct ring_seg){
		.when = p->when,
		.frame = p->frame,
		.seq = q->seq,
		.ack = q->ack,
		.len = q->text_len,
		.tsval = p->tsval,
		.ctl = q->ctl | (p->side ? RING_SIDE : 0) |
		       (p->ts ? RING_TS : 0) | (q->df ? RING_DF : 0) |
		       (p->answered ? RING_ANSWER : 0),
		.wnd = q->wnd,
		.ip_id = q->ip_id,
		.ttl = q->ttl,
		.tos = q->tos,
	};
	f->before[f->nring & f->ring_mask] = p->flow->last_seg;
	p->flow->last_seg = f->nring;
	p->flow->nsegs++;
}

struct reset *
flows_see(struct flows *f, const struct quick *q, const struct flow_hint *hint,
    int64_t when, uint64_t frame)
{
	struct passing p = {
		.q = q, .when = when, .frame = frame, .side = hint->side
	};

	if (f->npending > 0 && f->pending[f->oldest].until <= when)
		reset_decide(f, when);
	if (f->counts.segments++ == 0)
		f->began = when;
	/* stamps that go back count as the beginning */
	if (when > f->began)
		p.ms = (when - f->began) / NSEC_PER_MSEC;
	p.flow = flow_of(f, q, hint);
	if (p.flow->nsegs == 0)
		p.flow->first = p.ms;
	p.end =
	    q->seq + q->text_len + !!(q->ctl & CTL_SYN) + !!(q->ctl & CTL_FIN);
	if (q->options_len >= 10)
		find_timestamp(&p);
	p.copy = may_be_copy(&p) && seg_is_copy(f, &p);
	if (p.copy && !(q->ctl & CTL_RST))
		return NULL;
	if (q->ctl & CTL_RST) {
		f->counts.resets++;
		p.answered = seg_answered(f, &p);
	} else {
		flow_follow(f, &p);
	}
	remember(f, &p);
	if (p.flow->pending != 0)
		reset_follow(f, &p);
	return q->ctl & CTL_RST ? reset_begin(f, &p) : NULL;
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
