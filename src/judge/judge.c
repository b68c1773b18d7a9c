/*
 * DOC: how a verdict is found
 *
 * The rule gives one required reply and perhaps others that a clause allows.
 * What came after the stimulus falls into heaps: replies with our 4-tuple
 * and a good checksum; those with a bad checksum; segments from a wrong port;
 * retransmissions, which are set aside. Each reply is compared with each
 * form the rule knows, and the first form that is met decides:
 *
 *   met once, nothing else came                PASS or ALLOWED
 *   met twice by a RST                         FAIL: one segment, one reset
 *   met, and a reply that the peer would also
 *   have believed says otherwise               INCONCLUSIVE
 *   met, and a reply that no peer would have
 *   believed came too                          PASS, and the noise is named
 *   not met                                    FAIL, field by field against
 *                                              the nearest form
 *
 * A peer believes a segment when it acknowledges what the peer sent or, where
 * it bears no ACK, starts where the peer expects (RFC 9293 3.5.3): that takes
 * sight of the stimulus, which a forger off the path does not have.
 */
#include <stdio.h>
#include <string.h>

#include "base/table.h"
#include "judge/compare.h"
#include "judge/judge.h"

static const char *const names[] = {
	[V_PASS] = "PASS",
	[V_ALLOWED] = "ALLOWED",
	[V_DEVIATION] = "DEVIATION",
	[V_SKIP] = "SKIP",
	[V_INCONCLUSIVE] = "INCONCLUSIVE",
	[V_FAIL] = "FAIL",
	[V_ERROR] = "ERROR",
};
_Static_assert(ARRAY_SIZE(names) == NVERDICTS, "a name for each verdict");

const char *
verdict_name(enum verdict v)
{
	return v < NVERDICTS ? names[v] : "?";
}

static bool
is_reply(const struct passage *p)
{
	/* of a long text the capture may have kept a part */
	return p->rel == REL_REPLY && (p->seg.faults & ~FAULT_CUT) == 0;
}

/* A retransmission may be the answer that is due; it is never a wrong one. */
static bool
may_meet(const struct passage *p)
{
	return is_reply(p) ||
	       (p->rel == REL_AGAIN && (p->seg.faults & ~FAULT_CUT) == 0);
}

/* The first good reply that meets the form, or NULL. */
static const struct passage *
find_met(const struct exchange *x, const struct expected *want)
{
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (may_meet(p) && compare_meets(want, &p->seg))
			return p;
	return NULL;
}

/* In these states the peer knows which sequence number comes next. */
static bool
peer_knows_seq(const struct situation *s)
{
	enum state st = s->tcb->state;

	return s->seg == NULL || st >= ST_SYN_RECEIVED;
}

/* Would the sender of the stimulus have taken this reply for genuine? */
static bool
believable(const struct situation *s, const struct segment *reply)
{
	if (peer_knows_seq(s))
		return reply->seq == s->tcb->snd_nxt;
	if (reply->ctl & CTL_ACK)
		return reply->ack == s->seg->seq + seg_len(s->seg);
	return s->seg->ctl & CTL_ACK && reply->seq == s->seg->ack;
}

/* Something came beside the reply that met the form: is it noise? */
static void
judge_others(struct judgement *j, const struct situation *s,
    const struct exchange *x, const struct expected *want)
{
	const struct passage *p;
	unsigned noise = 0;
	size_t n;

	for (p = x->passages; p < x->passages + x->n; p++) {
		if (p == j->observed || p->ours || p->rel == REL_SETUP)
			continue;
		if (is_reply(p) && compare_meets(want, &p->seg)) {
			compare_count(j, 1, 2);
			j->verdict = V_FAIL;
			snprintf(j->reason, sizeof(j->reason),
			    "the same reply came twice: one segment gets one "
			    "answer");
			return;
		}
		if (is_reply(p) && believable(s, &p->seg)) {
			compare_fields(j, want, &p->seg);
			j->verdict = V_INCONCLUSIVE;
			snprintf(j->reason, sizeof(j->reason),
			    "two replies contradict each other, and the peer "
			    "would have believed either");
			return;
		}
		noise += p->rel != REL_AGAIN;
	}
	n = strlen(j->reason);
	if (noise > 0)
		snprintf(j->reason + n, sizeof(j->reason) - n,
		    "%sset aside: %u segment%s that no peer would have "
		    "believed",
		    n > 0 ? "; " : "", noise, noise == 1 ? "" : "s");
}

/* No form was met: say what is wrong with the best of what came. */
static void
judge_unmet(struct judgement *j, const struct exchange *x,
    const struct expected *want)
{
	const struct passage *p, *best = NULL;
	const char *fault;

	j->verdict = V_FAIL;
	for (p = x->passages; p < x->passages + x->n; p++)
		if (p->rel == REL_REPLY || p->rel == REL_WRONG_PORT)
			if (best == NULL ||
			    compare_score(want, p) > compare_score(want, best))
				best = p;
	j->observed = best;
	if (best == NULL) {
		compare_presence(j, want, NULL);
		snprintf(j->reason, sizeof(j->reason),
		    "nothing came, and silence is proved");
		return;
	}
	if (want->form->none) {
		compare_presence(j, want, &best->seg);
		snprintf(j->reason, sizeof(j->reason),
		    "a reply came where none is due");
		return;
	}
	if (best->rel == REL_WRONG_PORT) {
		compare_port(j, x, &best->seg);
		snprintf(j->reason, sizeof(j->reason),
		    "the reply does not come from the port that was probed");
	}
	fault = compare_faults(j, &best->seg);
	if (fault != NULL)
		snprintf(j->reason, sizeof(j->reason), "%s", fault);
	compare_fields(j, want, &best->seg);
}

/* Neither a reply nor something from a wrong port came. */
static bool
is_silent(const struct exchange *x)
{
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (p->rel == REL_REPLY || p->rel == REL_WRONG_PORT)
			return false;
	return true;
}

/* Did this form come? j->observed is then what met it. */
static bool
find_form(struct judgement *j, const struct exchange *x,
    const struct expected *want)
{
	j->observed = want->form->none ? NULL : find_met(x, want);
	return want->form->none ? is_silent(x) : j->observed != NULL;
}

/* The first of the rule's replies that came with its outcome, or NULL. */
static const struct reply *
find_reply(struct judgement *j, const struct situation *s,
    const struct exchange *x, const struct aftermath *after)
{
	const struct reply *r;
	struct expected want;

	STAILQ_FOREACH (r, &j->rule->replies, next) {
		want = form_expect(&r->form, s);
		if (find_form(j, x, &want) &&
		    compare_outcome_meets(&r->outcome, s, after))
			break;
	}
	return r;
}

/* Compare with every reply that the rule knows, the required one first. */
static void
judge_by_rule(struct judgement *j, const struct situation *s,
    const struct exchange *x, const struct aftermath *after)
{
	const struct reply *required = STAILQ_FIRST(&j->rule->replies);
	struct expected want;

	j->reply = find_reply(j, s, x, after);
	if (j->reply != NULL) {
		j->verdict = j->reply == required ? V_PASS : V_ALLOWED;
		if (j->verdict == V_ALLOWED)
			snprintf(j->reason, sizeof(j->reason),
			    "not what is required, but %s allows it",
			    j->reply->by);
		want = form_expect(&j->reply->form, s);
		compare_expected(j, &want);
		if (j->observed != NULL)
			judge_others(j, s, x, &want);
		return;
	}
	j->reply = required;
	want = form_expect(&required->form, s);
	compare_expected(j, &want);
	if (find_form(j, x, &want)) {
		j->verdict = V_FAIL;
		snprintf(j->reason, sizeof(j->reason),
		    "the reply is right, but not what became of the "
		    "connection");
		compare_outcome(j, &required->outcome, s, after);
	} else {
		judge_unmet(j, x, &want);
		if (j->nfields + 2 < NFIELDS)
			compare_outcome(j, &required->outcome, s, after);
	}
}

void
judge(struct judgement *j, const struct rulebook *book, enum event event,
    const struct situation *s, const struct exchange *x,
    const struct aftermath *after)
{
	memset(j, 0, sizeof(*j));
	j->rule = rulebook_match(book, event, s);
	if (j->rule != NULL) {
		judge_by_rule(j, s, x, after);
	} else {
		j->verdict = V_ERROR;
		snprintf(j->reason, sizeof(j->reason),
		    "no rule speaks of this in %s", state_name(s->tcb->state));
	}
	if (j->verdict == V_ERROR || (x->broken == NULL && x->lost == 0))
		return;
	j->verdict = V_INCONCLUSIVE;
	snprintf(j->reason, sizeof(j->reason), "%s",
	    x->broken ? x->broken : "more segments came than are kept");
}

/* Is this what the stack did? Then *observed is the segment, or NULL. */
static bool
did(const struct deviation *d, const struct situation *s,
    const struct exchange *x, const struct aftermath *after,
    const struct passage **observed)
{
	struct expected does = form_expect(&d->does, s);

	*observed = does.form->none ? NULL : find_met(x, &does);
	return (does.form->none ? is_silent(x) : *observed != NULL) &&
	       compare_outcome_meets(&d->outcome, s, after);
}

const struct deviation *
judge_deviation(struct judgement *j, const struct rulebook *book,
    const char *stack, const char *version, const struct situation *s,
    const struct exchange *x, const struct aftermath *after)
{
	const struct deviation *d, *first = NULL;
	const struct passage *observed;

	if (j->rule == NULL)
		return NULL;
	STAILQ_FOREACH (d, &book->deviations, next) {
		if (!deviation_breaks(d, j->rule) ||
		    !deviation_binds(d, stack, version) ||
		    (d->states != 0 && !(d->states & 1u << s->tcb->state)) ||
		    (d->when != NULL && !expr_eval(d->when, s)))
			continue;
		if (first == NULL)
			first = d;
		if (j->verdict != V_FAIL || !did(d, s, x, after, &observed))
			continue;
		j->verdict = V_DEVIATION;
		j->deviation = d;
		j->observed = observed;
		return d;
	}
	return first;
}
