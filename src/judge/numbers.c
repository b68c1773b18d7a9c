#include <stdio.h>
#include <string.h>

#include "base/table.h"
#include "judge/compare.h"
#include "judge/views.h"
#include "tcp/seq.h"

static const char *const receptions[] = {
	[RECEPTION_UNKNOWN] = "unknown",
	[RECEPTION_ACCEPTED] = "accepted",
	[RECEPTION_CHALLENGED] = "challenged",
	[RECEPTION_IGNORED] = "ignored",
};

const char *
reception_name(enum reception r)
{
	return receptions[r];
}

/* The reply of the rule that the RST meets, or NULL. */
static const struct reply *
meets(const struct rule *rule, const struct situation *s,
    const struct segment *rst)
{
	const struct reply *reply;
	struct expected want;

	STAILQ_FOREACH (reply, &rule->replies, next) {
		want = form_expect(&reply->form, s);
		if (compare_meets(&want, rst))
			return reply;
	}
	return NULL;
}

static bool
is_right(struct numbers *n, const struct rulebook *book, enum event event,
    const struct situation *s, const struct segment *rst)
{
	const struct rule *rule = rulebook_match(book, event, s);
	const struct reply *reply;

	if (rule == NULL || (reply = meets(rule, s, rst)) == NULL)
		return false;
	n->verdict = NUMBERS_RIGHT;
	n->rule = rule;
	n->by = reply->by;
	return true;
}

/* As an answer to the trigger: in the sender's state, or in none. */
static bool
right_answer(struct numbers *n, const struct rulebook *book,
    const struct tcb *tcb, const struct segment *trigger, const struct reset *r)
{
	struct tcb t = *tcb;
	struct situation s = {
		.tcb = &t, .seg = trigger, .claims = CLAIM_RFC5961
	};

	/* the trigger was new then */
	if (r->sender.seen & SIDE_ACKED)
		t.rcv_nxt = r->sender.rcv_nxt;
	if (is_right(n, book, EV_SEGMENT, &s, &r->seg))
		return true;
	t = (struct tcb){ .state = ST_CLOSED };
	if (is_right(n, book, EV_SEGMENT, &s, &r->seg))
		return true;
	t.state = ST_LISTEN;
	return is_right(n, book, EV_SEGMENT, &s, &r->seg);
}

/* On its user's or a timer's account. */
static bool
right_abort(struct numbers *n, const struct rulebook *book,
    const struct tcb *tcb, const struct reset *r)
{
	static const enum event events[] = { EV_KEEP_ALIVE, EV_CLOSE, EV_ABORT,
		EV_KEEP_ALIVE, EV_USER_TIMEOUT, EV_CLOSE_LISTEN };
	struct tcb t = *tcb;
	struct situation s = { .tcb = &t, .claims = CLAIM_RFC5961 };
	size_t i, k;

	/* its ACK of the SYN,ACK was not seen, or never sent */
	if (t.state == ST_SYN_SENT && r->peer.seen & SIDE_SYN)
		t.state = ST_ESTABLISHED;

	for (k = 0; k < 2; k++) {
		/* the first of them only where there were probes */
		for (i = r->sender.probes == 0; i < ARRAY_SIZE(events); i++)
			if (is_right(n, book, events[i], &s, &r->seg))
				return true;
		/* the last text may not have reached it */
		if (!(r->sender.seen & SIDE_ACKED))
			break;
		t.rcv_nxt = r->sender.rcv_nxt;
	}
	return false;
}

/* What it should have been: the reply, or what ABORT sends. */
static void
set_wrong(struct numbers *n, const struct rulebook *book, const struct tcb *tcb,
    const struct segment *trigger, const struct segment *rst)
{
	struct tcb t = *tcb, none = { .state = ST_CLOSED };
	struct situation s = { .tcb = &none, .seg = trigger };
	enum event event = EV_SEGMENT;
	const struct reply *reply;
	struct expected want;

	if (trigger == NULL ||
	    (rst->ctl & CTL_ACK && rst->seq != 0 && t.state != ST_CLOSED)) {
		event = EV_ABORT;
		s.seg = NULL;
		s.tcb = &t;
		if (t.state <= ST_SYN_SENT || t.state >= ST_CLOSING)
			t.state = ST_ESTABLISHED;
	}
	n->rule = rulebook_match(book, event, &s);
	if (n->rule == NULL)
		return;
	reply = STAILQ_FIRST(&n->rule->replies);
	if (rst->ctl & CTL_ACK && STAILQ_NEXT(reply, next) != NULL)
		reply = STAILQ_NEXT(reply, next);
	want = form_expect(&reply->form, &s);
	n->verdict = NUMBERS_WRONG;
	n->by = reply->by;
	n->j.verdict = V_FAIL;
	n->j.rule = n->rule;
	n->j.reply = reply;
	compare_expected(&n->j, &want);
	if (want.form->none)
		compare_presence(&n->j, &want, rst);
	compare_fields(&n->j, &want, rst);
}

/* What the peer makes of the RST, in the state t. */
static enum reception
receive(const struct segment *rst, const struct tcb *t)
{
	uint32_t off = rst->seq - t->rcv_nxt;

	if (t->state == ST_SYN_SENT)
		return rst->ctl & CTL_ACK && seq_gt(rst->ack, t->iss) &&
			       seq_leq(rst->ack, t->snd_nxt)
			   ? RECEPTION_ACCEPTED
			   : RECEPTION_IGNORED;
	if (t->state == ST_CLOSED || t->state == ST_LISTEN)
		return RECEPTION_IGNORED;
	if (off == 0)
		return RECEPTION_ACCEPTED;
	return off < t->rcv_wnd ? RECEPTION_CHALLENGED : RECEPTION_IGNORED;
}

enum reception
reset_reception(const struct reset *r)
{
	struct tcb t;

	if (!view_peer(r, &t) || t.state == NSTATES)
		return RECEPTION_UNKNOWN;
	return receive(&r->seg, &t);
}

/* That, by which rule, and why. */
static void
set_reception(struct numbers *n, const struct rulebook *book,
    const struct reset *r)
{
	struct tcb t;
	struct segment seg = r->seg;
	struct situation s = {
		.tcb = &t, .seg = &seg, .claims = CLAIM_RFC5961
	};
	bool known = view_peer(r, &t);

	n->peer_state = t.state;
	if (!known || t.state == NSTATES)
		return;
	/* captured on the sending host, a checksum is not there yet */
	seg.faults &= ~(FAULT_CHECKSUM | FAULT_IP_CHECKSUM | FAULT_OFFLOAD);
	if (book != NULL)
		n->received_by = rulebook_match(book, EV_SEGMENT, &s);
	n->reception = receive(&seg, &t);
	if (t.state == ST_SYN_SENT)
		snprintf(n->reason, sizeof(n->reason), "%s",
		    n->reception == RECEPTION_ACCEPTED
			? "it acknowledges the SYN"
			: "it does not acknowledge the SYN");
	else if (t.state == ST_CLOSED || t.state == ST_LISTEN)
		snprintf(n->reason, sizeof(n->reason),
		    "there is no connection any more");
	else if (n->reception == RECEPTION_ACCEPTED)
		snprintf(n->reason, sizeof(n->reason),
		    "its SEG.SEQ is RCV.NXT, %u", t.rcv_nxt);
	else if (n->reception == RECEPTION_CHALLENGED)
		snprintf(n->reason, sizeof(n->reason),
		    "its SEG.SEQ is in the window, but %u above RCV.NXT",
		    seg.seq - t.rcv_nxt);
	else
		snprintf(n->reason, sizeof(n->reason),
		    "its SEG.SEQ is outside of the window at %u", t.rcv_nxt);
}

void
numbers_judge(struct numbers *n, const struct rulebook *book,
    const struct reset *r)
{
	struct segment seg;
	const struct segment *trigger = view_trigger(r, &seg);
	struct tcb tcb;
	bool known = view_sender(r, &tcb);

	memset(n, 0, sizeof(*n));
	set_reception(n, book, r);
	if (book == NULL || (trigger == NULL && !known))
		return;
	if (trigger != NULL && right_answer(n, book, &tcb, trigger, r))
		return;
	if (known && right_abort(n, book, &tcb, r))
		return;
	set_wrong(n, book, &tcb, trigger, &r->seg);
}
