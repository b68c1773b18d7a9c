/*
 * RSTs: what was known when one came, and what came after.
 */
#include <string.h>

#include "match/flow_table.h"
#include "tcp/option.h"
#include "tcp/seq.h"

/* a path does not delay one segment more than another by so much */
#define REORDER_MAX 500000000LL

static struct pending *
take_place(struct flows *f, int64_t now)
{
	struct pending *d;

	if (f->npending == PENDING_MAX)
		reset_decide(f, INT64_MIN);
	d = &f->pending[(f->oldest + f->npending++) % PENDING_MAX];
	d->until = now + f->config.patience;
	/* it is large, and most exchanges are short */
	memset(&d->reset, 0, offsetof(struct reset, told));
	return d;
}

/* Of a storm of RSTs only the last ones are still added to. */
static void
cut_chain(struct flows *f, struct pending *d)
{
	int n;

	for (n = 1; n < PENDING_CHAIN && d->before != 0; n++)
		d = &f->pending[d->before - 1];
	if (d->before != 0) {
		f->pending[d->before - 1].flow = 0;
		/* for all that will be seen of it */
		f->pending[d->before - 1].reset.sender_ends = true;
	}
	d->before = 0;
}

static void
set_flow(struct reset *r, const struct passing *p)
{
	const struct flow *flow = p->flow;

	r->frame = p->frame;
	r->sender = flow->sides[p->side];
	r->peer = flow->sides[!p->side];
	r->fresh = flow->nsegs == 1;
	r->middle = !((r->sender.seen | r->peer.seen) & SIDE_SYN);
	r->reused = flow->reused;
	r->old_open = flow->old_open;
	r->other_echo = flow->other_echo;
	r->sender_resets = flow->resets[p->side];
	r->peer_resets = flow->resets[!p->side];
}

struct reset *
reset_begin(struct flows *f, const struct passing *p)
{
	struct pending *d = take_place(f, p->when);
	struct flow *flow = p->flow;
	struct host *host;

	d->flow = flow - f->flows;
	d->turned = p->side;
	d->sender_key = host_key(f, p->q, true);
	d->peer_key = host_key(f, p->q, false);
	d->reset.number = f->counts.resets;
	set_flow(&d->reset, p);
	reset_tell(f, p, &d->reset);
	d->reset.copy = p->copy;
	d->before = flow->pending;
	flow->pending = d - f->pending + 1;
	cut_chain(f, d);
	if (p->copy)
		return &d->reset;
	host = host_find(f, d->sender_key);
	host->is.resets++;
	if (d->reset.sender.seen & SIDE_ACTIVE &&
	    !(d->reset.sender.seen & SIDE_DATA) && d->reset.sender_resets == 0)
		host->is.quick_ends++;
	flow->sides[p->side].seen |= SIDE_RST;
	if (flow->resets[p->side] < UINT8_MAX)
		flow->resets[p->side]++;
	return &d->reset;
}

/*
 * Was it sent after the RST? What was sent before may come later, when the
 * path does not keep the order.
 */
static bool
sent_later(const struct reset *r, const struct passing *p)
{
	const struct flow_seg *rst = &r->told[r->at], *t;
	bool took = true;

	if (p->when - rst->when >= REORDER_MAX)
		return true;
	/* it knows what the peer has said since */
	if (p->new_ack && r->peer.seen & SIDE_SEEN &&
	    seq_gt(p->q->ack, r->peer.snd_nxt))
		return true;
	/* text beyond the RST, by who took what the RST would have refused */
	if (r->answers && !(rst->ctl & CTL_ACK)) {
		t = &r->told[r->trigger];
		took = t->len > 0 && seq_geq(p->q->ack, t->seq + t->len);
	}
	return p->new_text && p->q->text_len > 0 && took &&
	       seq_gt(p->end, rst->seq);
}

static void
follow_sender(struct reset *r, const struct passing *p)
{
	if (p->copy)
		return;
	/* its own end, which what it answered may have overtaken */
	if (p->q->ctl & CTL_FIN || (p->q->ctl & CTL_RST && p->q->ctl & CTL_ACK))
		r->sender_ends = true;
	if (p->q->ctl & CTL_RST) {
		r->resets_after++;
		r->after_differ |=
		    p->answered == 0 && p->q->seq != r->told[r->at].seq;
		return;
	}
	r->sender_after++;
	if ((p->new_text || p->new_ack) && sent_later(r, p))
		r->sender_new_after++;
	else if (p->new_text && seq_gt(p->end, r->told[r->at].seq))
		r->sender_text_after++;
}

static void
follow_peer(struct reset *r, const struct passing *p)
{
	const struct quick *q = p->q;

	if (q->ctl & CTL_RST) {
		r->peer_resets_after++;
		return;
	}
	if (r->peer_after++ == 0)
		r->challenged = q->ctl == CTL_ACK && q->text_len == 0 &&
				q->seq == r->peer.snd_nxt &&
				q->ack == r->peer.rcv_nxt;
	r->peer_new_after += p->new_text || p->new_ack;
}

/* Another segment of a flow with pending RSTs. */
void
reset_follow(struct flows *f, const struct passing *p)
{
	const struct ring_seg *now = &f->ring[f->nring & f->ring_mask];
	struct pending *d;
	struct reset *r;
	uint32_t at;
	bool same;

	for (at = p->flow->pending; at != 0; at = d->before) {
		d = &f->pending[at - 1];
		r = &d->reset;
		same = d->turned == p->side;
		if (same)
			follow_sender(r, p);
		else
			follow_peer(r, p);
		if (r->ntold == RESET_TOLD)
			continue;
		seg_recall(&r->told[r->ntold++], now, d->turned);
	}
}

/* No more is to come for the RSTs of that flow. */
void
reset_detach(struct flows *f, struct flow *flow, bool reopened)
{
	struct pending *d;
	uint32_t at, before;

	for (at = flow->pending; at != 0; at = before) {
		d = &f->pending[at - 1];
		before = d->before;
		d->reset.reopened = reopened;
		d->flow = 0;
		d->before = 0;
	}
	flow->pending = 0;
}

/* Take the oldest off the end of its flow's chain, and hand it over. */
static void
decide(struct flows *f, struct pending *d)
{
	uint32_t place = d - f->pending + 1;
	uint16_t *at;

	if (d->flow != 0) {
		at = &f->flows[d->flow].pending;
		while (*at != 0 && *at != place)
			at = &f->pending[*at - 1].before;
		*at = 0;
	}
	d->reset.sender_host = host_find(f, d->sender_key)->is;
	d->reset.peer_host = host_find(f, d->peer_key)->is;
	f->config.decided(f->config.arg, &d->reset);
}

/*
 * The last one that waits came long ago, and is in no cache any more. Have it
 * fetched before its turn, and then what it needs, too.
 */
static void
fetch_oldest(const struct flows *f)
{
	const struct pending *d;
	const char *p;

	d = &f->pending[(f->oldest + 2) % PENDING_MAX];
	for (p = (const char *)d;
	     p < (const char *)&d->reset.told[RESET_BEFORE]; p += 64)
		__builtin_prefetch(p, 1);
	__builtin_prefetch(&d->flow);
	d = &f->pending[(f->oldest + 1) % PENDING_MAX];
	__builtin_prefetch(&f->flows[d->flow].pending, 1);
	host_fetch(f, d->sender_key);
	host_fetch(f, d->peer_key);
}

void
reset_decide(struct flows *f, int64_t now)
{
	struct pending *d;

	while (f->npending > 0) {
		d = &f->pending[f->oldest];
		if (d->until > now && f->npending < PENDING_MAX)
			break;
		fetch_oldest(f);
		decide(f, d);
		f->oldest = (f->oldest + 1) % PENDING_MAX;
		f->npending--;
	}
}

void
reset_told(const struct reset *r, size_t i, struct segment *s)
{
	const struct flow_seg *t = &r->told[i];

	*s = (struct segment){ .seq = t->seq,
		.ack = t->ack,
		.ctl = t->ctl,
		.wnd = t->wnd,
		.ip_id = t->ip_id,
		.ttl = t->ttl,
		.tos = t->tos,
		.df = t->df,
		.text_len = t->len,
		.when = t->when };
	s->tuple = t->by_sender ? r->seg.tuple : tuple_reverse(&r->seg.tuple);
	if (t->ts)
		opt_add_ts(s, t->tsval, 0);
}
