/*
 * RSTs: the exchange before one, and what in it the RST answers.
 */
#include <string.h>

#include "match/flow_table.h"
#include "tcp/seq.h"

#define NSEC_PER_MSEC 1000000LL
#define NSEC_PER_SEC  1000000000LL
/* an answer that comes later than this is no answer */
#define ANSWER_MAX (10 * NSEC_PER_SEC)
/* and one whose numbers do not show it must come at once */
#define PROMPT_MAX (NSEC_PER_SEC / 2)
/* a copy at the other end of the path comes not later */
#define COPY_MAX    (NSEC_PER_SEC / 2)
#define COPY_SEARCH 64
/* as many segments back an answer is looked for: a large window of them */
#define SEARCH 1024

/* The segment before that one in its connection; 0: it is forgotten. */
static uint32_t
seg_before(const struct flows *f, uint32_t n)
{
	uint32_t before = f->before[n & f->ring_mask];

	return before != 0 && f->nring - before <= f->ring_mask ? before : 0;
}

uint32_t
seg_answered(const struct flows *f, const struct passing *p)
{
	const struct ring_seg *s;
	uint32_t at = p->flow->last_seg, n;

	if (!(p->q->ctl & CTL_RST) || p->q->ctl & CTL_ACK)
		return 0;
	for (n = 0; n < SEARCH && at != 0; n++, at = seg_before(f, at)) {
		s = &f->ring[at & f->ring_mask];
		if (p->when - s->when > ANSWER_MAX)
			return 0;
		if (!(s->ctl & RING_SIDE) != !p->side && s->ctl & CTL_ACK &&
		    !(s->ctl & CTL_RST) && s->ack == p->q->seq)
			return at;
	}
	return 0;
}

bool
seg_is_copy(const struct flows *f, const struct passing *p)
{
	const struct quick *q = p->q;
	const struct ring_seg *s;
	uint32_t at = p->flow->last_seg, n;

	for (n = 0; n < COPY_SEARCH && at != 0; n++, at = seg_before(f, at)) {
		s = &f->ring[at & f->ring_mask];
		if (p->when - s->when > COPY_MAX)
			return false;
		if (!(s->ctl & RING_SIDE) == !p->side && s->ttl != q->ttl &&
		    s->seq == q->seq && s->ack == q->ack &&
		    s->len == q->text_len && (s->ctl & CTL_ALL) == q->ctl &&
		    s->ip_id == q->ip_id && s->wnd == q->wnd &&
		    s->tsval == p->tsval)
			return true;
	}
	return false;
}

static uint32_t
seg_end(const struct flow_seg *s)
{
	return s->seq + s->len + !!(s->ctl & CTL_SYN) + !!(s->ctl & CTL_FIN);
}

void
seg_recall(struct flow_seg *s, const struct ring_seg *ring, int sender)
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
		__builtin_prefetch(&f->ring[at & f->ring_mask]);
		from[n++] = at;
		at = seg_before(f, at);
	}
	while (n > 0) {
		const struct ring_seg *seg = &f->ring[from[--n] & f->ring_mask];
		struct flow_seg *s = &r->told[r->ntold++];

		seg_recall(s, seg, p->side);
		/* of this connection; and answers differ as what they answer */
		if (s->by_sender && s->ctl & CTL_RST && s->seq != p->q->seq &&
		    n < p->flow->nsegs && !(seg->ctl & RING_ANSWER))
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
	int64_t most =
	    rst->ctl & CTL_ACK && rst->seq != 0 ? PROMPT_MAX : ANSWER_MAX;
	int i, fit = -1, skip = 0, open = -1;

	for (i = 0; i < (int)r->at; i++)
		if (r->told[i].by_sender && r->told[i].ctl & CTL_RST &&
		    r->told[i].seq == rst->seq)
			skip++;
	for (i = r->at - 1; i >= 0; i--) {
		s = &r->told[i];
		if (rst->when - s->when > most)
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

/*
 * The ring may have forgotten even a SYN that the RST answers. But the flow
 * knows its numbers.
 */
static void
tell_syn(const struct flows *f, const struct passing *p, struct reset *r)
{
	const struct flow_side *peer = &r->peer;

	if (r->at > 0 || p->flow->nsegs == 1 || !(peer->seen & SIDE_SYN) ||
	    peer->snd_nxt != peer->isn + 1)
		return;
	r->told[1] = r->told[0];
	r->told[0] = (struct flow_seg){ .when = f->began +
						peer->last * NSEC_PER_MSEC,
		.seq = peer->isn,
		.ack = peer->rcv_nxt,
		.ctl = peer->seen & SIDE_ACTIVE ? CTL_SYN : CTL_SYN | CTL_ACK,
		.wnd = peer->wnd,
		.ttl = peer->ttl,
		.tos = peer->tos,
		.tsval = peer->tsval,
		.ts = peer->seen & SIDE_TS };
	if (peer->seen & SIDE_ACTIVE && peer->seen & SIDE_ACKED) {
		r->told[0].ctl = CTL_ACK;
		r->told[0].seq = peer->snd_nxt;
	}
	r->at = 1;
	r->ntold = 2;
	r->untold--;
}

/* What it answers was sent too long before to be told: it is told first. */
static void
tell_far(const struct flows *f, const struct passing *p, struct reset *r)
{
	seg_recall(&r->told[0], &f->ring[p->answered & f->ring_mask], p->side);
	r->trigger = 0;
	r->answers = true;
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

void
reset_tell(const struct flows *f, const struct passing *p, struct reset *r)
{
	tell(f, p, r);
	tell_syn(f, p, r);
	set_times(p, r);
	set_trigger(r);
	if (!r->answers && p->answered != 0 && r->at > 0)
		tell_far(f, p, r);
}
