/*
 * RSTs: what was known when one came, what it answers, and what came after.
 */
#include <string.h>

#include "match/flow_table.h"
#include "tcp/option.h"
#include "tcp/seq.h"

#define NSEC_PER_MSEC 1000000LL
#define NSEC_PER_SEC  1000000000LL
/* an answer that comes later than this is no answer */
#define ANSWER_MAX (10 * NSEC_PER_SEC)
/* and one whose numbers do not show it must come at once */
#define PROMPT_MAX (NSEC_PER_SEC / 2)

/* The segment before that one in its connection; 0: it is forgotten. */
static uint32_t
seg_before(const struct flows *f, uint32_t n)
{
	uint32_t before = f->ring[n & f->ring_mask].before;

	return before != 0 && f->nring - before <= f->ring_mask ? before : 0;
}

static uint32_t
seg_end(const struct flow_seg *s)
{
	return s->seq + s->len + !!(s->ctl & CTL_SYN) + !!(s->ctl & CTL_FIN);
}

/* A segment of the ring; the sender of the RST is side `sender`. */
static void
recall(struct flow_seg *s, const struct ring_seg *ring, int sender)
{
	*s = (struct flow_seg){ .when = ring->when,
		.frame = ring->frame,
		.seq = ring->seq,
		.ack = ring->ack,
		.len = ring->len,
		.tsval = ring->tsval,
		.ctl = ring->ctl & CTL_ALL,
		.wnd = ring->wnd,
		.ip_id = ring->ip_id,
		.ttl = ring->ttl,
		.tos = ring->tos,
		.by_sender = !(ring->ctl & RING_SIDE) == !sender,
		.ts = ring->ctl & RING_TS,
		.df = ring->ctl & RING_DF };
}

/* Copy the last segments of the flow; the RST is the latest of them. */
static void
tell(const struct flows *f, const struct passing *p, struct reset *r)
{
	uint32_t from[RESET_BEFORE], at = p->flow->last_seg;
	size_t n = 0;

	while (n < RESET_BEFORE && at != 0) {
		from[n++] = at;
		at = seg_before(f, at);
	}
	while (n > 0) {
		struct flow_seg *s = &r->told[r->ntold++];

		recall(s, &f->ring[from[--n] & f->ring_mask], p->side);
		if (s->by_sender && s->ctl & CTL_RST && s->seq != p->q->seq)
			r->resets_differ = true;
	}
	r->at = r->ntold - 1;
	/* those of an earlier connection are told too, but not counted */
	if (p->flow->nsegs > r->ntold)
		r->untold = p->flow->nsegs - r->ntold;
}

/* How the RST's numbers would follow from that segment. */
static bool
fits(const struct flow_seg *rst, const struct flow_seg *s)
{
	if (s->ctl & CTL_RST)
		return false;
	if (s->ctl & CTL_ACK)
		return rst->seq == s->ack &&
		       (!(rst->ctl & CTL_ACK) || rst->ack == seg_end(s));
	return rst->ctl & CTL_ACK && rst->seq == 0 && rst->ack == seg_end(s);
}

/*
 * What it answers, by its numbers. Of several that fit, those that the sender
 * has not acknowledged come first, in their order, one for each RST.
 */
static int
find_trigger(const struct reset *r)
{
	const struct flow_seg *rst = &r->told[r->at], *s;
	int i, fit = -1, skip = 0, open = -1;

	for (i = 0; i < (int)r->at; i++)
		if (r->told[i].by_sender && r->told[i].ctl & CTL_RST &&
		    r->told[i].seq == rst->seq)
			skip++;
	for (i = r->at - 1; i >= 0; i--) {
		s = &r->told[i];
		if (rst->when - s->when > ANSWER_MAX)
			break;
		/* the user's RST bears the same numbers as an answer would,
		   but what has been answered already does not draw it */
		if (s->by_sender && rst->ctl & CTL_ACK &&
		    !(s->ctl & (CTL_RST | CTL_SYN)))
			break;
		if (s->by_sender || !fits(rst, s))
			continue;
		if (fit == -1)
			fit = i;
		if (r->sender.seen & SIDE_ACKED && s->ctl & CTL_ACK &&
		    seq_gt(seg_end(s), r->sender.rcv_nxt) &&
		    seg_end(s) != s->seq)
			open = i;
	}
	for (; open != -1 && open < fit && skip > 0; skip--)
		for (open++; open < fit && (r->told[open].by_sender ||
					       !fits(rst, &r->told[open]));
		     open++)
			;
	return open != -1 ? open : fit;
}

/* The trigger, or what the RST follows so closely that it may be. */
static void
set_trigger(struct reset *r)
{
	const struct flow_seg *rst = &r->told[r->at], *s;
	int i;

	r->trigger = find_trigger(r);
	r->answers = r->trigger != -1;
	for (i = r->at - 1; i >= 0 && r->trigger == -1; i--) {
		s = &r->told[i];
		if (s->by_sender && !(s->ctl & CTL_RST))
			break;
		if (!s->by_sender && !(s->ctl & CTL_RST) &&
		    rst->when - s->when <= PROMPT_MAX)
			r->trigger = i;
	}
	if (r->trigger == -1 || !r->told[r->trigger].ts)
		return;
	for (i = 0; i < r->trigger; i++) {
		s = &r->told[i];
		if (!s->by_sender && s->ts && !(s->ctl & CTL_RST) &&
		    seq_lt(r->told[r->trigger].tsval, s->tsval))
			r->old_timestamp = true;
	}
}

static void
set_times(const struct passing *p, struct reset *r)
{
	uint32_t last =
	    r->sender.last > r->peer.last ? r->sender.last : r->peer.last;
	const struct flow_seg *rst = &r->told[r->at];
	int64_t gap = 0;

	if (r->at > 0)
		gap = rst->when - r->told[r->at - 1].when;
	else if (!r->fresh)
		gap = (int64_t)(p->ms - last) * NSEC_PER_MSEC;
	r->idle = p->flow->idle * NSEC_PER_MSEC;
	if (gap > r->idle)
		r->idle = gap;
	r->age = (int64_t)(p->ms - p->flow->first) * NSEC_PER_MSEC;
	r->quiet = r->sender.seen & SIDE_SEEN
		       ? (int64_t)(p->ms - r->sender.last) * NSEC_PER_MSEC
		       : r->age;
	r->since_old = p->flow->since_old * NSEC_PER_SEC;
}

static struct pending *
take_place(struct flows *f, int64_t now)
{
	struct pending *d;

	if (f->npending == PENDING_MAX)
		reset_decide(f, INT64_MIN);
	d = &f->pending[(f->oldest + f->npending++) % PENDING_MAX];
	*d = (struct pending){ .until = now + f->config.patience };
	return d;
}

/* Of a storm of RSTs only the last ones are still added to. */
static void
cut_chain(struct flows *f, struct pending *d)
{
	int n;

	for (n = 1; n < PENDING_CHAIN && d->before != 0; n++)
		d = &f->pending[d->before - 1];
	if (d->before != 0)
		f->pending[d->before - 1].flow = 0;
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
	tell(f, p, &d->reset);
	set_times(p, &d->reset);
	set_trigger(&d->reset);
	d->before = flow->pending;
	flow->pending = d - f->pending + 1;
	cut_chain(f, d);
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

static void
follow_sender(struct reset *r, const struct passing *p)
{
	if (p->q->ctl & CTL_RST) {
		r->resets_after++;
		r->after_differ |= p->q->seq != r->told[r->at].seq;
		return;
	}
	r->sender_after++;
	r->sender_new_after += p->new_text || p->new_ack;
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
		recall(&r->told[r->ntold++], now, d->turned);
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
	uint32_t place = d - f->pending + 1, *at;

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

void
reset_decide(struct flows *f, int64_t now)
{
	struct pending *d;

	while (f->npending > 0) {
		d = &f->pending[f->oldest];
		if (d->until > now && f->npending < PENDING_MAX)
			break;
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
