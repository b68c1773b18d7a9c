/*
 * What a segment says of the two sides of its connection. It is not RFC
 * 9293's processing: a capture may begin in the middle, hold one direction
 * only, or hold what never arrived.
 */
#include <string.h>

#include "match/flow_table.h"
#include "tcp/option.h"
#include "tcp/seq.h"

#define FAR (1 << 28) /* no window reaches so far: another connection's */

static void
count(uint8_t *n)
{
	if (*n < UINT8_MAX)
		(*n)++;
}

/* The options of a SYN that say what the connection may do. */
static void
syn_options(struct flow_side *s, const struct quick *q)
{
	const uint8_t *o = q->tcp + 20;
	size_t len = q->options_len, i = 0;

	while (i + 1 < len && o[i] != OPT_EOL) {
		if (o[i] == OPT_NOP) {
			i++;
			continue;
		}
		if (o[i + 1] < 2 || i + o[i + 1] > len)
			return;
		if (o[i] == OPT_WSCALE && o[i + 1] == 3) {
			s->seen |= SIDE_WSCALE;
			s->shift = o[i + 2] > 14 ? 14 : o[i + 2];
		}
		if (o[i] == OPT_MPTCP)
			s->seen |= SIDE_MPTCP;
		if (o[i] == OPT_FASTOPEN)
			s->seen |= SIDE_FASTOPEN;
		i += o[i + 1];
	}
}

/* Did both ends say that they are done, or one that it is no more? */
static bool
is_over(const struct flow *flow)
{
	uint16_t both = flow->sides[0].seen & flow->sides[1].seen;
	uint16_t either = flow->sides[0].seen | flow->sides[1].seen;

	return both & SIDE_FIN || either & SIDE_RST;
}

/* A SYN of a new connection by a tuple that had another one before. */
static void
begin_anew(struct flows *f, struct passing *p)
{
	struct flow *flow = p->flow;
	uint32_t last = flow->sides[0].last > flow->sides[1].last
			    ? flow->sides[0].last
			    : flow->sides[1].last;
	uint32_t since = (p->ms - last) / 1000;

	reset_detach(f, flow, true);
	flow->reused = true;
	flow->old_open = !is_over(flow);
	flow->since_old = since > UINT16_MAX ? UINT16_MAX : since;
	memset(flow->sides, 0, sizeof(flow->sides));
	memset(flow->resets, 0, sizeof(flow->resets));
	flow->first = p->ms;
	flow->nsegs = 0;
	flow->idle = 0;
	f->counts.flows++;
}

/* The round trip to a host: from what it was sent to its answer. */
static void
learn_rtt(struct flows *f, const struct passing *p, struct host *h)
{
	const struct ring_seg *s = &f->ring[p->flow->last_seg & f->ring_mask];
	int64_t us;

	if (p->flow->last_seg == 0 || !(s->ctl & RING_SIDE) == !p->side)
		return;
	us = (p->when - s->when) / 1000;
	if (us >= 0 && us < INT32_MAX &&
	    (h->is.rtt_min == 0 || us < h->is.rtt_min))
		h->is.rtt_min = us > 0 ? us : 1;
}

static void
learn_syn(struct flows *f, const struct passing *p, struct host *h)
{
	const struct flow_side *peer = &p->flow->sides[!p->side];
	uint32_t asked = p->flow->addrs[!p->side];

	if (p->q->ctl & CTL_ACK) {
		if (peer->seen & SIDE_SYN) {
			/* some are enough: the ring is in no cache */
			if (h->is.accepted++ % 16 == 0 || h->is.accepted < 64)
				learn_rtt(f, p, h);
		} else {
			h->is.unasked++;
		}
		return;
	}
	if (h->is.opened++ > 0 &&
	    (h->last_addr != asked || h->last_port != p->q->dport))
		h->is.changes++;
	h->last_addr = asked;
	h->last_port = p->q->dport;
}

/* A SYN, first or again. */
static void
see_syn(struct flows *f, struct passing *p)
{
	struct flow_side *s = &p->flow->sides[p->side];
	struct flow_side *peer = &p->flow->sides[!p->side];
	const struct quick *q = p->q;
	bool mine = s->seen & SIDE_SYN && s->isn == q->seq;

	if (mine) {
		count(&s->syns);
		return;
	}
	/* an answer to a SYN that was seen belongs to that connection */
	if ((s->seen & SIDE_SEEN || is_over(p->flow) ||
		(peer->seen & SIDE_SEEN && !(q->ctl & CTL_ACK) &&
		    peer->seen & SIDE_ACKED)) &&
	    !(q->ctl & CTL_ACK && peer->seen & SIDE_SYN &&
		q->ack == peer->isn + 1))
		begin_anew(f, p);
	if (s->seen & SIDE_SYN)
		*s = (struct flow_side){ 0 };
	s->isn = q->seq;
	s->snd_nxt = q->seq;
	s->syns = 1;
	s->seen |= SIDE_SYN | (q->ctl & CTL_ACK ? 0 : SIDE_ACTIVE) |
		   (q->text_len > 0 ? SIDE_SYN_DATA : 0);
	syn_options(s, q);
	/* RFC 7323 2.2: scaling is in use when both SYNs offered it */
	if (q->ctl & CTL_ACK && peer->seen & SIDE_SYN &&
	    !(s->seen & peer->seen & SIDE_WSCALE))
		s->shift = peer->shift = 0;
	/* of the SYNs that were seen the last one; an earlier one may be meant
	 */
	p->flow->other_echo = q->ctl & CTL_ACK && p->ts &&
			      peer->seen & SIDE_TS && peer->syns == 1 &&
			      p->tsecr != peer->tsval;
	learn_syn(f, p, host_of(f, p));
}

/* Its place in the sequence space: new, again, or a probe. */
static void
see_text(struct passing *p, struct flow_side *s)
{
	const struct quick *q = p->q;
	bool first = !(s->seen & (SIDE_SEEN | SIDE_SYN));
	int32_t beyond = seq_diff(p->end, s->snd_nxt);

	s->seen &= ~SIDE_PROBE;
	if (first || beyond > FAR || beyond < -FAR) {
		s->snd_nxt = p->end;
		beyond = 1;
	}
	if (q->text_len > 0)
		s->seen |= SIDE_DATA;
	if (q->ctl & CTL_FIN)
		s->seen |= SIDE_FIN;
	if (beyond > 0) {
		s->snd_nxt = p->end;
		p->new_text = p->end != q->seq;
		if (p->new_text)
			s->last_new = p->ms;
	} else if (q->text_len <= 1 && !(q->ctl & (CTL_SYN | CTL_FIN)) &&
		   q->seq == s->snd_nxt - 1) {
		s->seen |= SIDE_PROBE;
		count(&s->probes);
	} else if (p->end != q->seq) {
		count(&s->retries);
	}
}

static void
see_ack(struct passing *p, struct flow_side *s, struct flow_side *peer)
{
	const struct quick *q = p->q;
	int32_t beyond = seq_diff(q->ack, s->rcv_nxt);

	if (!(s->seen & SIDE_ACKED) || beyond > 0 || beyond < -FAR) {
		p->new_ack = s->seen & SIDE_ACKED;
		s->rcv_nxt = q->ack;
		s->seen |= SIDE_ACKED;
		peer->retries = 0;
		p->flow->idle = 0;
	}
	s->wnd = q->wnd;
}

/* What the IP header is like, for comparison with a RST's. */
static void
see_packet(struct flows *f, struct passing *p, struct flow_side *s)
{
	const struct quick *q = p->q;

	if (!(s->seen & SIDE_SEEN)) {
		s->ttl = q->ttl;
		s->tos = q->tos;
		host_learn_ttl(host_of(f, p), q->ttl);
	} else if (s->ttl != q->ttl) {
		s->seen |= SIDE_TTL_VARIES;
	}
	s->seen |= SIDE_SEEN | (q->ip_id == 0 ? SIDE_ID_ZERO : SIDE_ID_SET);
	s->ip_id = q->ip_id;
}

void
flow_follow(struct flows *f, struct passing *p)
{
	struct flow_side *s = &p->flow->sides[p->side];
	struct flow_side *peer = &p->flow->sides[!p->side];
	uint32_t last = s->last > peer->last ? s->last : peer->last;

	if (p->q->ctl & CTL_SYN)
		see_syn(f, p);
	if (p->flow->nsegs > 0 && p->ms > last && p->ms - last > p->flow->idle)
		p->flow->idle = p->ms - last;
	see_text(p, s);
	if (p->q->ctl & CTL_ACK)
		see_ack(p, s, peer);
	peer->probes = 0;
	see_packet(f, p, s);
	if (p->ts && (!(s->seen & SIDE_TS) || seq_gt(p->tsval, s->tsval))) {
		s->seen |= SIDE_TS;
		s->tsval = p->tsval;
	}
	s->last = p->ms;
}
