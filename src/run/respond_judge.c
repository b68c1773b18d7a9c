/*
 * DOC: what is held against those who connect to us
 *
 * What we send to the other side is an event of its TCP, and the rulebook says
 * what must follow. Of its state we know what the wire has shown, and no
 * kernel tells more. So an answer that the rules require of that state is
 * right, and so is one that they require of a state that it may have come
 * into unseen: its user may have given up, so that the connection is CLOSED,
 * or have called CLOSE, so that nobody reads any more.
 *
 * Silence is not proved here. Where an answer is due, what we sent is sent
 * again, and in the end nothing is said of a side that stays mute. Where
 * silence is due, what comes within a while breaks it, but not what had been
 * sent already when ours arrived. Text and FIN are the other side's user's;
 * the acknowledgment that travels with them is the answer.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "report/report_respond.h"
#include "run/responder.h"
#include "tcp/seq.h"

#define STATES_MAX 3

/* ---- judging ---- */

/* The states that it may be in, the likeliest first. How many. */
static size_t
suppose(const struct asked *a, struct tcb tcbs[STATES_MAX])
{
	size_t n = 0;
	enum state st = a->before.state;

	tcbs[n++] = a->before;
	if (a->event != EV_SEGMENT)
		return n;
	if (st == ST_FIN_WAIT_1 || st == ST_FIN_WAIT_2) {
		tcbs[n] = a->before;
		tcbs[n++].orphan = true;
	}
	if (st != ST_CLOSED)
		tcbs[n++] = (struct tcb){ .state = ST_CLOSED };
	return n;
}

static bool
is_good(const struct judgement *j)
{
	return j->verdict <= V_DEVIATION;
}

static unsigned
count_wrong(const struct judgement *j)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < j->nfields; i++)
		n += !j->fields[i].ok;
	return n;
}

/*
 * By the first state that explains the answer; else by the one that it comes
 * nearest to. Returns which of tcbs it was.
 */
static size_t
judge_states(const struct responder *r, const struct asked *a,
    struct judgement *j, struct tcb tcbs[STATES_MAX],
    const struct aftermath *after)
{
	size_t n = suppose(a, tcbs), i, best = 0;
	struct situation s = { .seg =
				   a->event == EV_SEGMENT ? &a->stimulus : NULL,
		.claims = r->o->claims };
	struct judgement other;

	for (i = 0; i < n; i++) {
		s.tcb = &tcbs[i];
		judge(&other, r->o->known.book, a->event, &s, &a->x, after);
		judge_deviation(&other, &r->o->known, a->event, &s, &a->x,
		    after);
		if (i == 0 || (is_good(&other) && other.verdict < j->verdict) ||
		    (!is_good(j) && count_wrong(&other) < count_wrong(j))) {
			*j = other;
			best = i;
		}
	}
	return best;
}

/* Is an answer required at all, in the likeliest state? */
static bool
wants_answer(const struct responder *r, const struct asked *a)
{
	const struct situation s = {
		.tcb = &a->before, .seg = &a->stimulus, .claims = r->o->claims
	};
	const struct rule *rule =
	    rulebook_match(r->o->known.book, EV_SEGMENT, &s);

	return rule != NULL && !STAILQ_FIRST(&rule->replies)->form.none;
}

bool
asked_replied(const struct peer_conn *c)
{
	const struct exchange *x = &c->asked.x;
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (p->rel == REL_REPLY)
			return true;
	return false;
}

/* ---- telling ---- */

static void
tell(struct responder *r, struct peer_conn *c, struct report_respond_verdict *v)
{
	v->conn = c->number;
	r->tail->n[v->c.j->verdict]++;
	r->o->format->respond_verdict(&r->o->report, v);
}

/* What the state says that explained the answer. */
static const char *
find_note(const struct asked *a, const struct tcb *tcb,
    const struct judgement *j)
{
	if (tcb->state == ST_CLOSED && a->before.state == ST_SYN_SENT)
		return "it had given up";
	if (tcb->state == ST_CLOSED && a->before.state != ST_CLOSED)
		return "the connection was gone there";
	if (tcb->orphan)
		return "nobody reads there any more";
	if (a->event == EV_ABORT && j->verdict != V_FAIL)
		return "its user aborts, or closes with text unread";
	return NULL;
}

static void
conclude(struct responder *r, struct peer_conn *c,
    const struct aftermath *after)
{
	struct asked *a = &c->asked;
	struct tcb tcbs[STATES_MAX];
	struct judgement j;
	size_t i = judge_states(r, a, &j, tcbs, after);
	struct report_respond_verdict v = { .c = { .state = tcbs[i].state,
						.event = a->event,
						.j = &j,
						.x = &a->x,
						.after = after } };

	a->pending = false;
	if (a->event == EV_SEGMENT && wants_answer(r, a) && !asked_replied(c)) {
		j.verdict = V_INCONCLUSIVE;
		snprintf(j.reason, sizeof(j.reason),
		    "nothing came, and it was sent %u time%s: the other side "
		    "is mute, or what was sent or answered was lost",
		    a->tries, a->tries == 1 ? "" : "s");
	}
	v.note = find_note(a, &tcbs[i], &j);
	tell(r, c, &v);
}

/* ---- the question ---- */

void
asked_end(struct responder *r, struct peer_conn *c)
{
	if (c->asked.pending)
		conclude(r, c, NULL);
}

void
asked_begin(struct responder *r, struct peer_conn *c, const struct segment *seg,
    const struct tcb *before)
{
	struct asked *a = &c->asked;

	/* what is overtaken is judged if there is something to judge */
	if (a->pending && asked_replied(c))
		conclude(r, c, NULL);
	*a = (struct asked){ .pending = true,
		.event = EV_SEGMENT,
		.stimulus = *seg,
		.before = *before,
		.tries = 1 };
	a->stimulus.text = NULL;
	a->stimulus.text_kept = 0;
	exchange_start(&a->x, &c->ours);
	/* so that it is known when it comes again */
	if (before->state == ST_SYN_SENT)
		exchange_received(&a->x, &c->syn);
	exchange_sent(&a->x, seg, REL_STIMULUS);
	a->due = wants_answer(r, a) ? INT64_MAX : clock_mono() + PEER_GRACE;
}

/* Text and FIN are its user's, and may be on their way: true to pass over. */
static bool
is_users(struct peer_conn *c, const struct segment *seg, struct segment *reply)
{
	struct asked *a = &c->asked;
	uint32_t end = a->stimulus.seq + seg_len(&a->stimulus);
	bool carries = seg->text_len > 0 || seg->ctl & CTL_FIN;

	*reply = *seg;
	if (seg->ctl & CTL_RST || seg->faults & ~FAULT_CUT)
		return false;
	/* it was sent before our RST arrived */
	if (a->stimulus.ctl & CTL_RST)
		return seg->when - a->stimulus.when < PEER_FLIGHT;
	if (a->stimulus.ctl & CTL_SYN && !carries)
		return false;
	/* before ours arrived, or to keep the connection alive */
	if (seg->ctl & CTL_SYN || (!carries && seq_lt(seg->ack, end)) ||
	    (!carries && seq_lt(seg->seq, a->before.snd_nxt)))
		return true;
	if (!carries)
		return false;
	if (seg->seq == a->before.snd_nxt && seg->ctl & CTL_ACK &&
	    seg->ack == end) {
		reply->ctl &= CTL_ACK | CTL_ECE | CTL_CWR | CTL_AE;
		reply->text_len = 0;
		return false;
	}
	tcb_sent(&a->before, seg);
	return true;
}

void
asked_came(struct responder *r, struct peer_conn *c, const struct segment *seg)
{
	struct asked *a = &c->asked;
	struct tcb tcbs[STATES_MAX];
	struct segment reply;
	struct judgement j;

	if (!a->pending || is_users(c, seg, &reply))
		return;
	exchange_received(&a->x, &reply);
	judge_states(r, a, &j, tcbs, NULL);
	if (!is_good(&j) && a->due == INT64_MAX)
		a->due = clock_mono() + PEER_REGRET;
	if (!is_good(&j) || j.observed == NULL || a->answered)
		return;
	if (reply.ctl & CTL_RST && a->tries == 1) {
		/* a second one would be one too many */
		a->answered = true;
		a->due = clock_mono() + PEER_SETTLE;
	} else {
		conclude(r, c, NULL);
	}
}

void
asked_reset(struct peer_conn *c, const struct segment *rst)
{
	struct asked *a = &c->asked;

	*a = (struct asked){
		.pending = true, .event = EV_ABORT, .before = c->tcb
	};
	exchange_start(&a->x, &c->ours);
	exchange_stimulate(&a->x);
	exchange_received(&a->x, rst);
	a->due = clock_mono() + PEER_SETTLE;
}

void
asked_ignored(struct responder *r, struct peer_conn *c,
    const struct segment *again)
{
	const struct aftermath after = { .state = c->asked.before.state };

	exchange_received(&c->asked.x, again);
	conclude(r, c, &after);
}

void
asked_script(struct responder *r, struct peer_conn *c, struct judgement *j,
    const char *expected, const char *observed)
{
	const struct script_event *ev = c->script.next;
	struct report_respond_verdict v = { .c = { .state = c->tcb.state,
						.event = EV_SEGMENT,
						.j = j,
						.x = &c->asked.x },
		.event = ev != NULL ? ev->source : "",
		.line = ev != NULL ? ev->what_pos.line : 0,
		.expected = expected,
		.observed = observed };

	tell(r, c, &v);
}
