/*
 * DOC: what an answer tells of a port
 *
 * Whether a port is open is not known before it is asked. So what came is
 * held to the rules of CLOSED and to those of LISTEN, and the state whose rule
 * is met is the port's: a SYN that draws R. with the right numbers met a
 * closed port, one that draws S. an open one. An ACK draws the same reset from
 * both. What meets neither is wrong, and is explained by the nearer rule.
 *
 * Silence is not proved here: nobody knows what the network has lost. It says
 * something only where a rule requires it.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/table.h"
#include "run/finding.h"

/* What a port may be in before anything is known of it. */
static const enum state all[] = { ST_CLOSED, ST_LISTEN };

/* ---- the exchange ---- */

/* The first reply that answers a try as far as numbers go; NULL: none. */
static const struct segment *
first_answer(const struct scan *s, const struct scan_port *p, int *nth)
{
	unsigned i;

	for (i = 0; i < p->nreplies; i++) {
		*nth = scan_answers(s->o, p, &p->replies[i]);
		if (*nth != -1)
			return &p->replies[i];
	}
	*nth = p->ntries - 1;
	return NULL;
}

/* The segment that was the nth try. */
static void
fill_probe(struct finding *f, const struct scan *s, const struct scan_port *p,
    int nth)
{
	f->probe = s->o->seg;
	f->probe.tuple.dst.port = p->port;
	f->probe.seq = p->tries[nth].seq;
	f->probe.ack = p->tries[nth].ack;
	f->probe.when = p->tries[nth].when;
}

/*
 * The exchange of the nth try: what answers another one is left out. Where
 * the user chose the numbers the tries look alike, and each may have drawn an
 * answer.
 */
static void
fill_exchange(struct finding *f, const struct scan *s,
    const struct scan_port *p, int nth)
{
	bool drawn = s->o->any_seq || s->o->any_ack;
	unsigned spare = drawn ? 0 : p->ntries - 1;
	bool any = false;
	unsigned i;
	int of;

	exchange_start(&f->x, &f->probe.tuple);
	exchange_sent(&f->x, &f->probe, REL_STIMULUS);
	for (i = 0; i < p->nreplies; i++) {
		of = scan_answers(s->o, p, &p->replies[i]);
		if (of != -1 && of != nth)
			continue;
		if (of == nth && any && spare > 0) {
			spare--;
			continue;
		}
		any |= of == nth;
		exchange_received(&f->x, &p->replies[i]);
	}
	if (p->unsure)
		f->x.broken = "the capture dropped frames";
}

/* ---- the rules ---- */

static bool
is_good(const struct judgement *j)
{
	return j->verdict == V_PASS || j->verdict == V_ALLOWED;
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

/* Which of two judgements speaks of the port? */
static bool
is_better(const struct judgement *j, const struct judgement *than,
    bool any_reply)
{
	bool good = is_good(j), other = is_good(than);

	/* a reply that no state requires is no silence that one does */
	if (any_reply && good != other)
		return (good ? j : than)->observed != NULL ? good : other;
	if (good != other)
		return good;
	if ((j->verdict == V_INCONCLUSIVE) != (than->verdict == V_INCONCLUSIVE))
		return j->verdict == V_INCONCLUSIVE;
	return !good && count_wrong(j) < count_wrong(than);
}

static void
suppose(struct finding *f, enum state state, const struct finding_rules *r)
{
	f->tcb = (struct tcb){ .state = state };
	f->situation = (struct situation){
		.tcb = &f->tcb, .seg = &f->probe, .claims = r->claims
	};
}

/* Judge by each state it may be in; *both: more than one explains it. */
static void
judge_states(struct finding *f, const struct finding_rules *r, bool any_reply,
    bool *both)
{
	enum state best = NSTATES;
	struct judgement j;
	size_t i;

	*both = false;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		if (!(r->states & 1u << all[i]))
			continue;
		suppose(f, all[i], r);
		judge(&j, r->book, EV_SEGMENT, &f->situation, &f->x, NULL);
		if (best == NSTATES || is_better(&j, &f->j, any_reply)) {
			f->j = j;
			best = all[i];
		} else {
			*both = is_good(&j) && is_good(&f->j) &&
				j.observed == f->j.observed;
		}
	}
	f->tcb.state = best;
}

/* Nothing came, and nothing proves that the probe arrived. */
static void
leave_open(struct finding *f, const char *reason)
{
	f->j.verdict = V_INCONCLUSIVE;
	f->j.rule = NULL;
	f->j.nfields = 0;
	snprintf(f->j.reason, sizeof(f->j.reason), "%s", reason);
}

static enum answer
classify(struct finding *f, const struct scan_port *p, bool both)
{
	const struct judgement *j = &f->j;

	if (j->verdict == V_INCONCLUSIVE)
		return ANSWER_UNCLEAR;
	if (p->icmp != NULL && p->nreplies == 0) {
		leave_open(f, "somebody on the way says that it did not "
			      "arrive");
		return ANSWER_REFUSED;
	}
	if (p->nreplies == 0 && !is_good(j)) {
		leave_open(f, "nothing came: the port is filtered, or what "
			      "was sent or answered was lost");
		return ANSWER_SILENT;
	}
	if (!is_good(j))
		return ANSWER_WRONG;
	if (j->observed == NULL)
		return ANSWER_SILENT;
	if (both)
		return ANSWER_RESET;
	return f->tcb.state == ST_CLOSED	? ANSWER_CLOSED
	       : j->observed->seg.ctl & CTL_SYN ? ANSWER_OPEN
						: ANSWER_RESET;
}

/* ---- who sent it ---- */

static const struct segment *
find_answer(const struct scan *s, const struct scan_port *p, int *nth)
{
	const struct segment *r = first_answer(s, p, nth);

	return r != NULL && r->faults == 0 ? r : NULL;
}

static void
learn_rtt(struct baseline *b, int64_t rtt, uint16_t port)
{
	if (b->rtts[0] == 0 || rtt < b->rtts[0]) {
		b->rtts[1] = b->rtts[0];
		b->rtts[0] = rtt;
		b->fastest = port;
	} else if (b->rtts[1] == 0 || rtt < b->rtts[1]) {
		b->rtts[1] = rtt;
	}
}

/*
 * A port that opens is the host's own doing: its TTL is the host's. Without
 * one, what most answers have, if those are more than half of three or more.
 */
void
baseline_learn(struct baseline *b, const struct scan *s)
{
	unsigned count[256] = { 0 }, n = 0, open = 0;
	const struct scan_port *p;
	const struct segment *r;
	uint16_t port[256];
	int nth;

	memset(b, 0, sizeof(*b));
	for (p = s->ports; p < s->ports + s->n; p++) {
		r = find_answer(s, p, &nth);
		if (r == NULL)
			continue;
		learn_rtt(b, r->when - p->tries[nth].when, p->port);
		if (r->ctl & CTL_SYN && p->nreplies == 1 && open++ == 0) {
			b->ttl = r->ttl;
			b->port = p->port;
		}
		if (count[r->ttl]++ == 0)
			port[r->ttl] = p->port;
		n++;
	}
	for (nth = 0; nth < 256 && open == 0 && n >= 3; nth++)
		if (2 * count[nth] > n) {
			b->ttl = nth;
			b->port = port[nth];
		}
}

/* Another reply to the same probe whose TTL is another, or NULL. */
static const struct segment *
find_other(const struct scan_port *p, const struct segment *reply)
{
	unsigned i;

	for (i = 0; i < p->nreplies; i++)
		if (p->replies[i].ttl != reply->ttl)
			return &p->replies[i];
	return NULL;
}

/* Say what makes the reply look like somebody else's. */
static void
find_hint(struct finding *f, const struct scan_port *p,
    const struct baseline *b)
{
	const struct segment *other = find_other(p, f->reply);
	int64_t rtt = b->rtts[b->fastest == p->port];

	if (other != NULL)
		snprintf(f->hint, sizeof(f->hint),
		    "answers with TTL %u and %u came to one probe: one box "
		    "did not send both",
		    f->reply->ttl, other->ttl);
	else if (b->ttl != 0 && b->port != p->port && f->reply->ttl != b->ttl)
		snprintf(f->hint, sizeof(f->hint),
		    "its TTL is %u, that of the host's other answers is %u "
		    "(port %u): another box seems to have sent it",
		    f->reply->ttl, b->ttl, b->port);
	else if (rtt > 0 && f->reply->ctl & CTL_RST && 4 * f->rtt < rtt &&
		 rtt - f->rtt > 2 * NSEC_PER_MSEC)
		snprintf(f->hint, sizeof(f->hint),
		    "it came after %.2f ms, no other answer of the host in "
		    "less than %.2f ms: a nearer box seems to have sent it",
		    (double)f->rtt / NSEC_PER_MSEC,
		    (double)rtt / NSEC_PER_MSEC);
}

/* What is so before anything is looked at. */
static void
begin(struct finding *f, const struct scan *s)
{
	f->answer = ANSWER_UNTRIED;
	f->reply = NULL;
	f->hint[0] = '\0';
	f->rtt = 0;
	memset(&f->j, 0, sizeof(f->j));
	f->x.alone = false;
	exchange_start(&f->x, &s->o->seg.tuple);
	f->tcb.state = ST_CLOSED;
	f->j.verdict = V_INCONCLUSIVE;
}

bool
finding_glance(struct finding *f, const struct finding_rules *r,
    const struct scan *s, const struct scan_port *p, const struct baseline *b)
{
	const struct rule *rule;
	size_t i;
	int nth;

	begin(f, s);
	if (!p->done || p->nreplies != 1 || p->unsure)
		return !p->done;
	f->reply = first_answer(s, p, &nth);
	if (f->reply == NULL || f->reply->tuple.src.port != p->port)
		return false;
	fill_probe(f, s, p, nth);
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		suppose(f, all[i], r);
		rule = r->states & 1u << all[i]
			   ? judge_plainly(r->book, EV_SEGMENT, &f->situation,
				 f->reply)
			   : NULL;
		if (rule == NULL)
			continue;
		f->answer = f->j.rule != NULL	      ? ANSWER_RESET
			    : all[i] == ST_CLOSED     ? ANSWER_CLOSED
			    : f->reply->ctl & CTL_SYN ? ANSWER_OPEN
						      : ANSWER_RESET;
		if (f->j.rule == NULL)
			f->j.rule = rule;
		f->j.verdict = V_PASS;
	}
	f->rtt = f->reply->when - p->tries[nth].when;
	find_hint(f, p, b);
	return f->j.rule != NULL;
}

void
finding_make(struct finding *f, const struct finding_rules *r,
    const struct scan *s, const struct scan_port *p, const struct baseline *b)
{
	bool both;
	int nth;

	begin(f, s);
	if (!p->done)
		return;
	f->reply = first_answer(s, p, &nth);
	fill_probe(f, s, p, nth);
	fill_exchange(f, s, p, nth);
	judge_states(f, r, p->nreplies > 0, &both);
	f->answer = classify(f, p, both);
	if (f->j.observed == NULL && f->answer == ANSWER_SILENT)
		f->reply = NULL;
	else if (f->reply == NULL && p->nreplies > 0)
		f->reply = &p->replies[0];
	if (f->reply == NULL)
		return;
	f->rtt = f->reply->when - p->tries[nth].when;
	find_hint(f, p, b);
	/* what two boxes sent is no fault of the host's */
	if (f->answer == ANSWER_WRONG && find_other(p, f->reply) != NULL) {
		f->answer = ANSWER_UNCLEAR;
		f->j.verdict = V_INCONCLUSIVE;
		snprintf(f->j.reason, sizeof(f->j.reason),
		    "more than one box answered");
	}
}

bool
finding_may_answer(const struct finding_rules *rules, const struct segment *seg)
{
	struct tcb tcb = { 0 };
	const struct situation s = {
		.tcb = &tcb, .seg = seg, .claims = rules->claims
	};
	const struct rule *r;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		tcb.state = all[i];
		r = rulebook_match(rules->book, EV_SEGMENT, &s);
		if (rules->states & 1u << all[i] &&
		    (r == NULL || !STAILQ_FIRST(&r->replies)->form.none))
			return true;
	}
	return false;
}
