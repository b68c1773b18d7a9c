#include "match/exchange.h"

void
exchange_start(struct exchange *x, const struct tuple *ours)
{
	x->ours = *ours;
	x->n = x->lost = 0;
	x->any_port = x->stimulated = false;
	x->broken = NULL;
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

/*
 * Has the stack sent these sequence numbers before? Only a segment that
 * occupies some can be a retransmission; a RST or a bare ACK never is.
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
		    seg_len(&p->seg) == seg_len(s) &&
		    !((p->seg.ctl ^ s->ctl) &
			(CTL_SYN | CTL_FIN | CTL_RST | CTL_ACK)))
			return true;
	return false;
}

const struct passage *
exchange_received(struct exchange *x, const struct segment *s)
{
	enum relation rel = x->stimulated ? REL_REPLY : REL_SETUP;

	if (!endpoint_eq(&s->tuple.dst, &x->ours.src) ||
	    !addr_eq(&s->tuple.src.addr, &x->ours.dst.addr))
		return NULL;
	if (s->tuple.src.port != x->ours.dst.port && !x->any_port) {
		/* before the stimulus it can be no answer to it */
		if (!x->stimulated)
			return NULL;
		rel = REL_WRONG_PORT;
	} else if (seen_before(x, s)) {
		rel = REL_AGAIN;
	}
	return add(x, s, rel, false);
}
