#include <string.h>

#include "match/exchange.h"
#include "tcp/seq.h"

void
exchange_start(struct exchange *x, const struct tuple *ours)
{
	x->ours = *ours;
	x->n = x->lost = 0;
	x->any_port = x->stimulated = false;
	x->broken = NULL;
}

void
exchange_forget(struct exchange *x, size_t n)
{
	if (x->n > n)
		x->n = n;
}

void
exchange_again(struct exchange *x, size_t kept)
{
	size_t i;

	if (kept > x->n)
		kept = x->n;
	memmove(x->passages, x->passages + x->n - kept,
	    kept * sizeof(x->passages[0]));
	x->n = kept;
	x->lost = 0;
	for (i = 0; i < kept; i++)
		if (x->passages[i].rel != REL_AGAIN)
			x->passages[i].rel = REL_SETUP;
}

void
exchange_stimulate(struct exchange *x)
{
	x->stimulated = true;
}

static const struct passage *
add(struct exchange *x, const struct segment *s, enum relation rel, bool ours)
{
	struct passage *p = &x->passages[x->n];

	if (x->n == EXCHANGE_MAX) {
		x->lost++;
		return NULL;
	}
	x->n++;
	p->seg = *s;
	p->seg.text = NULL;
	p->seg.text_kept = 0;
	p->rel = rel;
	p->ours = ours;
	return p;
}

void
exchange_sent(struct exchange *x, const struct segment *s, enum relation rel)
{
	add(x, s, rel, true);
	if (rel == REL_STIMULUS)
		x->stimulated = true;
}

bool
exchange_acknowledges(const struct exchange *x, const struct segment *s)
{
	const struct passage *p;
	bool sent = false;

	if (!(s->ctl & CTL_ACK))
		return true;
	for (p = x->passages; p < x->passages + x->n; p++) {
		if (!p->ours)
			continue;
		sent = true;
		if (seq_leq(p->seg.seq, s->ack) &&
		    seq_leq(s->ack, p->seg.seq + seg_len(&p->seg)))
			return true;
	}
	return !sent;
}

/*
 * Does it acknowledge more than the stack did before? Some stacks put their
 * FIN on every ACK until it is acknowledged itself.
 */
static bool
acknowledges_more(const struct exchange *x, const struct segment *s)
{
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (!p->ours && p->seg.faults == 0 && p->seg.ctl & CTL_ACK &&
		    seq_leq(s->ack, p->seg.ack))
			return false;
	return s->ctl & CTL_ACK && exchange_acknowledges(x, s);
}

/*
 * Has the stack sent these sequence numbers before? Only a segment that
 * occupies some can be a retransmission; a RST or a bare ACK never is. What
 * acknowledges nothing of ours was not the stack's.
 */
static bool
seen_before(const struct exchange *x, const struct segment *s)
{
	const struct passage *p;

	if (seg_len(s) == 0 || s->ctl & CTL_RST)
		return false;
	for (p = x->passages; p < x->passages + x->n; p++)
		if (!p->ours && p->rel != REL_WRONG_PORT &&
		    p->seg.faults == 0 && p->seg.seq == s->seq &&
		    exchange_acknowledges(x, &p->seg) &&
		    seg_len(&p->seg) == seg_len(s) &&
		    !((p->seg.ctl ^ s->ctl) &
			(CTL_SYN | CTL_FIN | CTL_RST | CTL_ACK)))
			return true;
	return false;
}

/*
 * Would the peer believe before the stimulus that this is the stack's? What
 * it acknowledges was sent, and it begins where the stack's last one ended,
 * or where one did before; a SYN may come again as a SYN,ACK.
 */
static bool
believed(const struct exchange *x, const struct segment *s, bool again)
{
	const struct passage *p, *last = NULL;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (p->rel == REL_SETUP && !p->ours)
			last = p;
	if (s->faults != 0 || !exchange_acknowledges(x, s))
		return false;
	if (last == NULL || again)
		return true;
	return s->seq ==
	       last->seg.seq + (s->ctl & CTL_SYN ? 0 : seg_len(&last->seg));
}

const struct passage *
exchange_received(struct exchange *x, const struct segment *s)
{
	enum relation rel = x->stimulated ? REL_REPLY : REL_SETUP;
	bool again = seen_before(x, s);

	if (!endpoint_eq(&s->tuple.dst, &x->ours.src) ||
	    !addr_eq(&s->tuple.src.addr, &x->ours.dst.addr))
		return NULL;
	if (s->tuple.src.port != x->ours.dst.port && !x->any_port) {
		/* before the stimulus it can be no answer to it */
		if (!x->stimulated)
			return NULL;
		rel = REL_WRONG_PORT;
	} else if (again && !acknowledges_more(x, s)) {
		rel = REL_AGAIN;
	} else if (!x->stimulated && !believed(x, s, again)) {
		return NULL;
	}
	return add(x, s, rel, false);
}

bool
exchange_came_twice(const struct exchange *x, const struct passage *reply)
{
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (p != reply && p->rel == REL_REPLY && p->seg.faults == 0 &&
		    p->seg.ctl == reply->seg.ctl &&
		    p->seg.seq == reply->seg.seq &&
		    p->seg.ack == reply->seg.ack)
			return true;
	return false;
}
