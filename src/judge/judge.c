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
 *   have believed says otherwise               INCONCLUSIVE, or FAIL where
 *                                              both are surely the stack's
 *   met, and a reply that no peer would have
 *   believed came too                          PASS, and the noise is named
 *   not met                                    FAIL, field by field against
 *                                              the nearest form
 *
 * A peer believes a segment when it acknowledges what the peer sent or, where
 * it bears no ACK, starts where the peer expects (RFC 9293 3.5.3): that takes
 * sight of the stimulus, which a forger off the path does not have. A peer
 * that is synchronized asks for both, and of a RST for the start alone.
 *
 * Where silence is required, or is what a deviation says, only what no stack
 * could mean as a reply is noise: a bad checksum, another port. Wrong numbers
 * are held against the stack, for a wrong reply must not pass for none. Where
 * a rule requires a reply and merely allows silence, nothing is noise.
 */
#include <stdio.h>
#include <string.h>

#include "base/table.h"
#include "judge/compare.h"
#include "judge/judge.h"
#include "tcp/seq.h"

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

/*
 * Does it acknowledge what the peer may have sent? A RST in a synchronized
 * state is believed for its sequence number alone (RFC 9293 3.5.3).
 */
static bool
ack_believable(const struct tcb *tcb, const struct segment *reply)
{
	return reply->ctl & CTL_RST || !(reply->ctl & CTL_ACK) ||
	       (seq_geq(reply->ack, tcb->irs) &&
		   seq_leq(reply->ack, tcb->rcv_nxt + tcb->rcv_wnd));
}

/* Would the sender of the stimulus have taken this reply for genuine? */
static bool
believable(const struct situation *s, const struct segment *reply)
{
	if (peer_knows_seq(s))
		return reply->seq == s->tcb->snd_nxt &&
		       ack_believable(s->tcb, reply);
	if (reply->ctl & CTL_ACK)
		return reply->ack == s->seg->seq + seg_len(s->seg);
	return s->seg->ctl & CTL_ACK && reply->seq == s->seg->ack;
}

/* Say what else came and was set aside. */
static void
note_noise(struct judgement *j, const struct exchange *x)
{
	const struct passage *p;
	unsigned noise = 0;
	size_t n = strlen(j->reason);

	for (p = x->passages; p < x->passages + x->n; p++)
		noise += p != j->observed &&
			 (p->rel == REL_REPLY || p->rel == REL_WRONG_PORT);
	if (noise > 0)
		snprintf(j->reason + n, sizeof(j->reason) - n,
		    "%sset aside: %u segment%s that no peer would have "
		    "believed",
		    n > 0 ? "; " : "", noise, noise == 1 ? "" : "s");
}

/* Something came beside the reply that met the form: is it noise? */
static void
judge_others(struct judgement *j, const struct situation *s,
    const struct exchange *x, const struct expected *want)
{
	const struct passage *p;

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
			j->verdict = x->alone ? V_FAIL : V_INCONCLUSIVE;
			snprintf(j->reason, sizeof(j->reason),
			    "two replies contradict each other, and the peer "
			    "would have believed either");
			return;
		}
	}
	note_noise(j, x);
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

/*
 * Was the stack silent? Where that is required, noise that cannot be meant as
 * a reply does not break it.
 */
static bool
is_silent(const struct exchange *x, bool required)
{
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (required ? is_reply(p)
			     : p->rel == REL_REPLY || p->rel == REL_WRONG_PORT)
			return false;
	return true;
}

/* Did this form come? j->observed is then what met it. */
static bool
find_form(struct judgement *j, const struct exchange *x,
    const struct expected *want, bool required)
{
	j->observed = want->form->none ? NULL : find_met(x, want);
	return want->form->none ? is_silent(x, required) : j->observed != NULL;
}

/* The first of a rule's replies that came with its outcome, or NULL. */
static const struct reply *
find_reply(struct judgement *j, const struct rule *rule,
    const struct situation *s, const struct exchange *x,
    const struct aftermath *after)
{
	const struct reply *r;
	struct expected want;

	STAILQ_FOREACH (r, &rule->replies, next) {
		want = form_expect(&r->form, s);
		if (find_form(j, x, &want,
			STAILQ_FIRST(&rule->replies)->form.none) &&
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

	j->reply = find_reply(j, j->rule, s, x, after);
	if (j->reply != NULL) {
		j->verdict = j->reply == required ? V_PASS : V_ALLOWED;
		if (j->verdict == V_ALLOWED)
			snprintf(j->reason, sizeof(j->reason),
			    "not what is required, but %s allows it",
			    j->reply->by);
		want = form_expect(&required->form, s);
		compare_expected(j, &want);
		if (j->verdict == V_ALLOWED)
			compare_required(j, required, &want, s, after);
		want = form_expect(&j->reply->form, s);
		if (j->observed != NULL)
			judge_others(j, s, x, &want);
		else
			note_noise(j, x);
		return;
	}
	j->reply = required;
	want = form_expect(&required->form, s);
	compare_expected(j, &want);
	if (find_form(j, x, &want, true)) {
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

/* Does the deviation speak of this rule, stack and situation? */
static bool
binds(const struct deviation *d, const struct rule *rule,
    const struct known_stack *stack, const struct situation *s)
{
	const struct reply *required = STAILQ_FIRST(&rule->replies);

	return deviation_breaks(d, rule) &&
	       (d->instead == NULL ||
		   strcmp(d->instead, required->form.text) == 0) &&
	       deviation_binds(d, stack->name, stack->version) &&
	       (d->states == 0 || d->states & 1u << s->tcb->state) &&
	       (d->when == NULL || expr_eval(d->when, s));
}

static const struct deviation *find_deviation(struct judgement *,
    const struct rule *, const struct known_stack *, enum event,
    const struct situation *, const struct exchange *,
    const struct aftermath *);

/*
 * Is this what the stack did? A rule that it skips leaves the case to the
 * next one that speaks of it, which may have a deviation of its own.
 */
static bool
did(struct judgement *j, const struct deviation *d, const struct rule *rule,
    const struct known_stack *stack, enum event event,
    const struct situation *s, const struct exchange *x,
    const struct aftermath *after)
{
	struct expected does;

	if (!d->skips) {
		does = form_expect(d->same ? &STAILQ_FIRST(&rule->replies)->form
					   : &d->does,
		    s);
		return find_form(j, x, &does, true) &&
		       compare_outcome_meets(&d->outcome, s, after);
	}
	rule = rulebook_match_after(rule, event, s);
	return rule != NULL &&
	       (find_reply(j, rule, s, x, after) != NULL ||
		   find_deviation(j, rule, stack, event, s, x, after) != NULL);
}

/* The first that the stack did, or NULL; j->observed is then what it sent. */
static const struct deviation *
find_deviation(struct judgement *j, const struct rule *rule,
    const struct known_stack *stack, enum event event,
    const struct situation *s, const struct exchange *x,
    const struct aftermath *after)
{
	const struct deviation *d;

	STAILQ_FOREACH (d, &stack->book->deviations, next)
		if (binds(d, rule, stack, s) &&
		    did(j, d, rule, stack, event, s, x, after))
			break;
	return d;
}

const struct deviation *
judge_deviation(struct judgement *j, const struct known_stack *stack,
    enum event event, const struct situation *s, const struct exchange *x,
    const struct aftermath *after)
{
	const struct passage *observed = j->observed;
	const struct deviation *d = NULL;

	if (j->rule == NULL)
		return NULL;
	if (j->verdict == V_FAIL)
		d = find_deviation(j, j->rule, stack, event, s, x, after);
	/* one segment gets one answer: none is known to send two */
	if (d != NULL &&
	    (j->observed == NULL || !exchange_came_twice(x, j->observed))) {
		j->verdict = V_DEVIATION;
		j->deviation = d;
		return d;
	}
	j->observed = observed;
	STAILQ_FOREACH (d, &stack->book->deviations, next)
		if (binds(d, j->rule, stack, s))
			break;
	return d;
}
