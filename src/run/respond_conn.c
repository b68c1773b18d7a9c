/*
 * DOC: the TCP of a hand-made peer
 *
 * As small as can be, for those who test against it are to see its segments
 * and nothing else: one segment is outstanding at a time, windows are never
 * larger than one, what is out of order is dropped, and what is not
 * acknowledged is sent again, four times in all. A window of one segment also
 * keeps the other side from handing its device more than a capture holds.
 */
#include <string.h>

#include "base/clock.h"
#include "base/octets.h"
#include "run/responder.h"
#include "tcp/option.h"
#include "tcp/seq.h"

#define TRIES 4
#define MSS4  536 /* RFC 9293 3.7.1, where no option says more */
#define MSS6  1220

/* We know of no connection, or no longer. */
static int
refuse(struct responder *r, struct peer_conn *c, const struct segment *seg,
    bool ask, struct err *e)
{
	struct segment rst = peer_refusal(seg);
	int rc = peer_send(r, c, &rst, ask, e);

	peer_end(c);
	return rc;
}

/* ---- opening ---- */

static uint16_t
find_mss(const struct responder *r, const struct peer_conn *c,
    const struct segment *syn)
{
	uint32_t mss = c->ours.src.addr.ip == 4 ? MSS4 : MSS6;
	uint32_t room = r->host.link.mtu - peer_headers(c);
	struct option o;

	if (opt_find(syn, OPT_MSS, &o) && get16(o.data) > 0)
		mss = get16(o.data);
	return mss < room ? mss : room;
}

int
peer_open(struct responder *r, struct peer_conn *c, const struct segment *syn,
    struct err *e)
{
	c->syn = *syn;
	c->syn.text = NULL;
	c->syn.text_kept = 0;
	c->tcb.state = ST_SYN_SENT;
	tcb_sent(&c->tcb, syn);
	c->rcv_nxt = syn->seq + 1;
	c->mss = find_mss(r, c, syn);
	switch (c->as) {
	case AS_CLOSED:
		return refuse(r, c, syn, true, e);
	case AS_BLACKHOLE:
		return 0;
	case AS_LATE_SYNACK:
		c->later = clock_mono() + r->o->delay;
		return 0;
	case AS_BAD_ACK:
		return peer_send_syn_ack(r, c,
		    c->rcv_nxt + 1 + (random_u32(&r->random) >> 2), e);
	case AS_SCRIPT:
		return peer_script_came(r, c, syn, e);
	default:
		return peer_send_syn_ack(r, c, c->rcv_nxt, e);
	}
}

/* Its SYN again: the answer was lost, wrong, or not to its liking. */
static int
syn_came_again(struct responder *r, struct peer_conn *c,
    const struct segment *syn, struct err *e)
{
	struct segment rst = peer_refusal(syn), again = c->last;

	if (c->phase == PEER_DONE && c->rst_at != 0) {
		if (syn->when - c->rst_at < PEER_FLIGHT)
			return 0;
		if (!c->ignored)
			asked_ignored(r, c, syn);
		c->ignored = true;
		return responder_send(r, c->number, c->mac, &rst, e);
	}
	if (c->phase != PEER_OPENING || c->resend == 0)
		return 0;
	if (c->as == AS_BAD_ACK && c->last.ack != c->rcv_nxt)
		return peer_send_syn_ack(r, c, c->rcv_nxt, e);
	return responder_send(r, c->number, c->mac, &again, e);
}

static int
opening_came(struct responder *r, struct peer_conn *c,
    const struct segment *seg, struct err *e)
{
	if (!(seg->ctl & CTL_ACK) || c->resend == 0 || seg->ack != c->snd_nxt ||
	    c->last.ack != c->rcv_nxt)
		return 0;
	c->phase = c->as == AS_HALF_OPEN ? PEER_FORGOT : PEER_OPEN;
	c->snd_una = c->snd_nxt;
	c->snd_wnd = seg->wnd;
	c->resend = 0;
	if (c->as == AS_RESET_AFTER && r->o->octets == 0)
		return peer_send_reset(r, c, CTL_RST, e);
	return 0;
}

/* ---- open ---- */

/* It has taken something of ours. */
static void
take_ack(struct peer_conn *c, const struct segment *seg)
{
	uint32_t n = seg->ack - c->snd_una, text = n < c->len ? n : c->len;

	c->snd_wnd = seg->wnd;
	/* it lives, though its window is closed */
	if (!c->asked.pending)
		c->asked.tries = 0;
	if (n == 0 || !seq_gt(seg->ack, c->snd_una) ||
	    !seq_leq(seg->ack, c->snd_nxt))
		return;
	c->len -= text;
	memmove(c->text, c->text + text, c->len);
	/* what it left of one segment is sent anew */
	c->snd_una = c->snd_nxt = c->tcb.rcv_nxt = seg->ack;
	c->resend = 0;
}

/* Take what is next in sequence. How many numbers that was. */
static uint32_t
take_text(struct peer_conn *c, const struct segment *seg)
{
	uint32_t skip = c->rcv_nxt - seg->seq, n, room = PEER_TEXT_MAX - c->len;
	bool echoes = c->as != AS_RESET_AFTER && c->as != AS_CLOSE_UNREAD;

	if (seq_gt(seg->seq, c->rcv_nxt) || c->fin_came || skip > seg->text_len)
		return 0;
	n = seg->text_kept > skip ? seg->text_kept - skip : 0;
	if (echoes && n > 0) {
		n = n < room ? n : room;
		memcpy(c->text + c->len, seg->text + skip, n);
		c->len += n;
	}
	c->rcv_nxt += n;
	c->taken += n;
	if (!(seg->ctl & CTL_FIN) || skip + n != seg->text_len)
		return n;
	c->rcv_nxt++;
	c->fin_came = true;
	return n + 1;
}

static int
open_came(struct responder *r, struct peer_conn *c, const struct segment *seg,
    struct err *e)
{
	uint32_t next = c->snd_nxt, took;
	struct segment ack;

	if (!(seg->ctl & CTL_ACK))
		return 0;
	take_ack(c, seg);
	if (c->fin_sent && c->snd_una == c->snd_nxt && next == c->snd_nxt) {
		peer_end(c);
		return 0;
	}
	took = take_text(c, seg);
	if (c->as == AS_RESET_AFTER && c->taken >= r->o->octets)
		return peer_send_reset(r, c, CTL_RST, e);
	if (c->as == AS_CLOSE_UNREAD && c->taken > 0)
		return peer_send_reset(r, c, CTL_RST | CTL_ACK, e);
	next = c->snd_nxt;
	if (peer_send_text(r, c, false, e) == -1)
		return -1;
	/* what is sent acknowledges, too */
	if (c->snd_nxt != next ||
	    (took == 0 && seg_len(seg) == 0 && !seq_lt(seg->seq, c->rcv_nxt)))
		return 0;
	ack = peer_make(c, CTL_ACK);
	return peer_send(r, c, &ack, false, e);
}

/* ---- closed ---- */

static int
done_came(struct responder *r, struct peer_conn *c, const struct segment *seg,
    struct err *e)
{
	if (c->rst_at == 0)
		return refuse(r, c, seg, true, e);
	/* it was on its way, or is judged, when our RST arrived */
	if (seg->when - c->rst_at < PEER_FLIGHT || c->asked.pending)
		return 0;
	if (!c->ignored)
		asked_ignored(r, c, seg);
	c->ignored = true;
	return refuse(r, c, seg, false, e);
}

/* ---- what comes ---- */

void
peer_note_sent(struct responder *r, struct peer_conn *c,
    const struct segment *seg)
{
	uint32_t end = seg->seq + seg_len(seg);
	bool closes = seg->ctl & CTL_FIN && seq_gt(end, c->tcb.snd_nxt);
	const struct situation s = { .tcb = &c->tcb, .claims = r->o->claims };
	const struct rule *rule;

	tcb_sent(&c->tcb, seg);
	rule =
	    closes ? rulebook_match(r->o->known.book, EV_SHUTDOWN, &s) : NULL;
	if (rule != NULL)
		c->tcb.state = outcome_state(&rule->outcome, &s);
}

static void
reset_came(struct peer_conn *c, const struct segment *rst)
{
	bool taken = c->asked.pending && c->asked.answered;
	bool exact = rst->seq == c->rcv_nxt || rst->seq == c->tcb.snd_nxt;

	if (c->phase == PEER_OPENING) {
		if (exact && c->last.ack == c->rcv_nxt)
			peer_end(c);
		return;
	}
	if (c->phase == PEER_DONE || (!exact && c->asked.pending))
		return;
	/* unless it answers what we sent, its user has ended it */
	if (!taken)
		asked_reset(c, rst);
	if (exact)
		peer_end(c);
}

static int
dispatch(struct responder *r, struct peer_conn *c, const struct segment *seg,
    struct err *e)
{
	if (c->phase == PEER_OPENING) {
		if (opening_came(r, c, seg, e) == -1)
			return -1;
		/* text may come with the ACK */
		if (seg_len(seg) == 0)
			return 0;
	}
	switch (c->phase) {
	case PEER_OPENING:
		break;
	case PEER_OPEN:
		return open_came(r, c, seg, e);
	case PEER_FORGOT:
		return refuse(r, c, seg, true, e);
	case PEER_DONE:
		return done_came(r, c, seg, e);
	}
	return 0;
}

int
peer_came(struct responder *r, struct peer_conn *c, const struct segment *seg,
    struct err *e)
{
	if (c->as == AS_SCRIPT)
		return peer_script_came(r, c, seg, e);
	if ((seg->ctl & (CTL_SYN | CTL_ACK | CTL_RST)) == CTL_SYN)
		return syn_came_again(r, c, seg, e);
	asked_came(r, c, seg);
	if (seg->faults & ~FAULT_CUT)
		return 0;
	peer_note_sent(r, c, seg);
	if (!(seg->ctl & CTL_RST))
		return dispatch(r, c, seg, e);
	reset_came(c, seg);
	return 0;
}

/* ---- time ---- */

/* What was sent surely was not acknowledged. */
static int
send_again(struct responder *r, struct peer_conn *c, int64_t now, struct err *e)
{
	struct segment again = c->last;

	if (c->snd_una == c->snd_nxt) {
		c->resend = 0;
		return peer_send_text(r, c, true, e);
	}
	if ((c->asked.pending && asked_replied(c)) || c->asked.tries == TRIES) {
		asked_end(r, c);
		peer_end(c);
		return 0;
	}
	c->resend = now + (NSEC_PER_SEC << c->asked.tries / 2);
	c->asked.tries++;
	return responder_send(r, c->number, c->mac, &again, e);
}

int
peer_tick(struct responder *r, struct peer_conn *c, int64_t now, struct err *e)
{
	if (c->as == AS_SCRIPT && c->phase != PEER_DONE)
		return peer_script_tick(r, c, now, e);
	if (c->asked.pending && now >= c->asked.due)
		asked_end(r, c);
	if (c->later != 0 && now >= c->later) {
		c->later = 0;
		return peer_send_syn_ack(r, c, c->rcv_nxt, e);
	}
	if (c->resend != 0 && now >= c->resend)
		return send_again(r, c, now, e);
	return 0;
}
