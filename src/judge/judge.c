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

/* The first good reply that meets the form, or NULL. */
static const struct passage *
find_met(const struct exchange *x, const struct expected *want)
{
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (is_reply(p) && compare_meets(want, &p->seg))
			return p;
	return NULL;
}

/* Would the sender of the stimulus have taken this reply for genuine? */
static bool
believable(const struct situation *s, const struct segment *reply)
{
	if (s->seg == NULL)
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

/* Compare with every form of the rule, the required one first. */
static void
judge_by_rule(struct judgement *j, const struct situation *s,
    const struct exchange *x)
{
	const struct reply *required = STAILQ_FIRST(&j->rule->replies), *r;
	const struct passage *p;
	struct expected want;
	bool silent = true;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (p->rel == REL_REPLY || p->rel == REL_WRONG_PORT)
			silent = false;
	STAILQ_FOREACH (r, &j->rule->replies, next) {
		want = form_expect(&r->form, s);
		j->observed = r->form.none ? NULL : find_met(x, &want);
		if (r->form.none ? !silent : j->observed == NULL)
			continue;
		j->reply = r;
		j->verdict = r == required ? V_PASS : V_ALLOWED;
		if (j->verdict == V_ALLOWED)
			snprintf(j->reason, sizeof(j->reason),
			    "not the reply required, but %s allows it", r->by);
		compare_expected(j, &want);
		if (j->observed != NULL)
			judge_others(j, s, x, &want);
		return;
	}
	j->reply = required;
	want = form_expect(&required->form, s);
	compare_expected(j, &want);
	judge_unmet(j, x, &want);
}

void
judge(struct judgement *j, const struct rulebook *book, enum event event,
    const struct situation *s, const struct exchange *x)
{
	memset(j, 0, sizeof(*j));
	j->rule = rulebook_match(book, event, s);
	if (j->rule != NULL) {
		judge_by_rule(j, s, x);
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

const struct deviation *
judge_deviation(struct judgement *j, const struct rulebook *book,
    const char *stack, const char *version, const struct situation *s,
    const struct exchange *x)
{
	const struct deviation *d;
	struct expected does;

	if (j->rule == NULL)
		return NULL;
	STAILQ_FOREACH (d, &book->deviations, next)
		if (strcmp(d->breaks, j->rule->id) == 0 &&
		    deviation_binds(d, stack, version) &&
		    (d->when == NULL || expr_eval(d->when, s)))
			break;
	if (d == NULL || j->verdict != V_FAIL)
		return d;
	does = form_expect(&d->does, s);
	if (d->does.none ? j->observed != NULL : find_met(x, &does) == NULL)
		return d;
	j->verdict = V_DEVIATION;
	j->deviation = d;
	return d;
}
