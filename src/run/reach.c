#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "run/reach.h"
#include "run/remote.h"
#include "tcp/option.h"
#include "tcp/seq.h"

#define DELAYED_ACK (500 * NSEC_PER_MSEC)
#define HELD	    (100 * NSEC_PER_MSEC)
#define FRUITLESS   2 /* waits for one and the same, then it never comes */

/* ---- before: what can be asked ---- */

static bool
is_via(const struct testcase *t, const char *way)
{
	return testcase_via(t) != NULL && strcmp(testcase_via(t), way) == 0;
}

/* What takes the stack's user, or the machine it runs on. */
static int
check_user(const struct session *s, const struct testcase *t, struct err *e)
{
	if (t->t->event != EV_SEGMENT)
		return err_set(e, ERR_USAGE,
		    "%s takes the target's user, who is out of reach",
		    event_name(t->t->event));
	if (t->t->sysctl != NULL)
		return err_set(e, ERR_USAGE,
		    "net.ipv4.%s of the target is out of reach", t->t->sysctl);
	if (t->t->in_flight > 0)
		return err_set(e, ERR_USAGE,
		    "octets in flight take the target's user, who is out of "
		    "reach");
	if (t->t->window != WINDOW_USUAL)
		return err_set(e, ERR_USAGE,
		    "a small or closed window takes the target's user, who is "
		    "out of reach");
	if (testcase_via(t) != NULL && !is_via(t, "sack-gap") &&
	    !(s->client && is_via(t, "simultaneous")))
		return err_set(e, ERR_USAGE,
		    "the way via %s takes the target's user, who is out of "
		    "reach",
		    testcase_via(t));
	return 0;
}

/* States that a peer alone cannot bring about, or not here. */
static int
check_state(const struct session *s, enum state state, struct err *e)
{
	const struct remote *r = &s->remote;

	if (state == ST_CLOSED && s->closed_port == 0)
		return err_set(e, ERR_USAGE,
		    "no closed port is named: --closed-port");
	if (state <= ST_LISTEN)
		return 0;
	if (state != ST_SYN_RECEIVED && !(s->client && state == ST_SYN_SENT) &&
	    state != ST_ESTABLISHED && state != ST_CLOSE_WAIT &&
	    state != ST_LAST_ACK)
		return err_set(e, ERR_USAGE,
		    "%s takes the target's user, who is out of reach",
		    state_name(state));
	if (s->wire.own)
		return err_set(e, ERR_USAGE,
		    "this machine's kernel would reset the handshake: "
		    "--source takes an address that nobody has");
	if (state >= ST_ESTABLISHED && r->speaks == HABIT_YES)
		return err_set(e, ERR_USAGE, "the target's user speaks first");
	if (state == ST_CLOSE_WAIT && r->closes == HABIT_YES)
		return err_set(e, ERR_USAGE,
		    "the target's user closes when its peer does: that is "
		    "LAST-ACK");
	if (state == ST_LAST_ACK && r->closes == HABIT_NO)
		return err_set(e, ERR_USAGE,
		    "the target's user does not close when its peer does");
	return 0;
}

int
reach_case(const struct session *s, const struct testcase *t, struct err *e)
{
	if (check_user(s, t, e) == -1 ||
	    check_state(s, testcase_state(t), e) == -1)
		return -1;
	if (t->t->timestamps && s->remote.timestamps == HABIT_NO)
		return err_set(e, ERR_USAGE,
		    "the target does not agree to timestamps");
	if (is_via(t, "sack-gap") && s->remote.sack == HABIT_NO)
		return err_set(e, ERR_USAGE,
		    "the target does not agree to SACK");
	/* a router, or a kernel of ours, would not pass it on */
	if ((t->v[AXIS_SOURCE] != NULL || t->v[AXIS_DESTINATION] != NULL) &&
	    (s->wire.raw || !addr_eq(&s->wire.route.hop, &s->wire.theirs)))
		return err_set(e, ERR_USAGE,
		    "only to a neighbour on Ethernet can this address be sent");
	return 0;
}

/* ---- the setup ---- */

/* The first segment of the stack's that bears one of these bits, or NULL. */
static const struct segment *
find_sent(const struct exchange *x, enum relation rel, uint16_t ctl)
{
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (!p->ours && p->rel == rel && p->seg.ctl & ctl)
			return &p->seg;
	return NULL;
}

int
reach_close(struct session *s, struct conn *c, struct err *e)
{
	struct remote *r = &s->remote;
	bool closed;

	if (conn_send(s, c, CTL_FIN | CTL_ACK, c->tcb.snd_una, 0, e) == -1 ||
	    conn_expect(s, c, CTL_ACK, e) == -1)
		return -1;
	closed = find_sent(&s->x, REL_SETUP, CTL_FIN) != NULL;
	if (!closed && r->closes != HABIT_NO) {
		closed = conn_expect(s, c, CTL_FIN, e) == 0;
		if (!closed && r->closes == HABIT_YES)
			return -1;
	}
	r->closes = closed ? HABIT_YES : HABIT_NO;
	c->tcb.state = closed ? ST_LAST_ACK : ST_CLOSE_WAIT;
	return check_state(s, testcase_state(c->t), e);
}

static bool
speaks(const struct exchange *x, enum relation rel)
{
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (!p->ours && p->rel == rel && p->seg.text_len > 0 &&
		    p->seg.faults == 0 && !(p->seg.ctl & (CTL_SYN | CTL_RST)))
			return true;
	return false;
}

int
reach_alive(const struct session *s, struct err *e)
{
	if (!find_sent(&s->x, REL_SETUP, CTL_RST))
		return 0;
	return err_set(e, ERR_ENV,
	    "the stack resets the connection before the case begins");
}

int
reach_held(struct session *s, const struct conn *c, size_t from, struct err *e)
{
	const struct way *w = ways_find(&s->ways, c->t);
	int64_t wait = remote_grace(s);
	const struct passage *p;

	if (s->ordered)
		return 0;
	/* no fence is behind what its user does: the first time decides */
	if (w != NULL && !w->reached && wait < HELD)
		wait = HELD;
	session_fence(s, s->x.ours.src.addr.ip);
	if (session_listen(s, clock_mono() + wait, e) == -1)
		return -1;
	for (p = s->x.passages + from; p < s->x.passages + s->x.n; p++)
		if (!p->ours && seg_len(&p->seg) > 0)
			return err_set(e, ERR_ENV,
			    "the stack sends into a closed window");
	return 0;
}

int
reach_setup(struct session *s, struct conn *c, struct err *e)
{
	const struct segment *syn = find_sent(&s->x, REL_SETUP, CTL_SYN);
	struct remote *r = &s->remote;
	struct option o;

	if (speaks(&s->x, REL_SETUP)) {
		r->speaks = HABIT_YES;
		return check_state(s, ST_ESTABLISHED, e);
	}
	if (reach_alive(s, e) == -1)
		return -1;
	if (c->tcb.state != ST_LAST_ACK && find_sent(&s->x, REL_SETUP, CTL_FIN))
		return err_set(e, ERR_USAGE, "the target's user closes first");
	if (c->t->t->timestamps)
		r->timestamps = c->tcb.timestamps ? HABIT_YES : HABIT_NO;
	if (c->sack && syn != NULL)
		r->sack = opt_find(syn, OPT_SACK_OK, &o) ? HABIT_YES : HABIT_NO;
	return reach_case(s, c->t, e);
}

/* ---- after: what the answer is worth ---- */

/* Nothing at all came for the stimulus, where the rule wants a reply. */
static bool
is_missing(const struct rule *rule, const struct exchange *x)
{
	const struct passage *p;

	if (rule == NULL || STAILQ_FIRST(&rule->replies)->form.none)
		return false;
	for (p = x->passages; p < x->passages + x->n; p++)
		if (!p->ours && p->rel != REL_SETUP)
			return false;
	return true;
}

/* Only an ACK of text, or of a FIN, that is the next may be delayed. */
static bool
may_be_delayed(const struct tcb *tcb, const struct segment *seg)
{
	return tcb->state >= ST_SYN_RECEIVED &&
	       (seg->text_len > 0 || seg->ctl & CTL_FIN) &&
	       seq_leq(seg->seq, tcb->rcv_nxt) &&
	       seq_gt(seg->seq + seg_len(seg), tcb->rcv_nxt);
}

void
reach_wait(struct session *s, const struct rule *rule,
    const struct suite_result *r)
{
	struct patience *p;
	struct err e;

	if (s->prompt || s->x.broken != NULL || !is_missing(rule, &s->x) ||
	    !may_be_delayed(&r->tcb, &r->probe))
		return;
	p = s->driven ? ways_wait(&s->ways, rule, r->tcb.state) : NULL;
	if (p != NULL && !p->fruitful && p->fruitless == FRUITLESS)
		return;
	if (session_listen(s, clock_mono() + DELAYED_ACK + remote_grace(s),
		&e) == -1)
		s->x.broken = "the link or the capture ended";
	if (p != NULL && is_missing(rule, &s->x))
		p->fruitless++;
	else if (p != NULL)
		p->fruitful = true;
}

bool
reach_again(const struct session *s, const struct suite_result *r)
{
	if (s->dead || r->j.verdict == V_SKIP)
		return false;
	/* nothing is lost on the way there: it does what is known of it */
	if (s->driven && r->j.verdict == V_DEVIATION)
		return false;
	/* what is broken by a fence has been repeated already */
	return r->j.verdict == V_INCONCLUSIVE
		   ? s->x.broken == NULL || s->remote.refused
		   : is_missing(r->j.rule, &s->x);
}

static void
set_aside(struct suite_result *r, const char *why, const char *what)
{
	r->j.verdict = V_SKIP;
	r->j.deviation = NULL;
	r->known = NULL;
	snprintf(r->j.reason, sizeof(r->j.reason), "%s%.200s", why, what);
}

/* Did the stimulus bring anything to the user, who may then call ABORT? */
static bool
user_was_told(const struct testcase *t, const struct suite_result *r)
{
	const struct segment *seg = &r->probe;

	return (testcase_state(t) == ST_SYN_RECEIVED ||
		   testcase_state(t) == ST_ESTABLISHED) &&
	       tcb_acceptable(&r->tcb, seg) && seg->ctl & CTL_ACK &&
	       !(seg->ctl & (CTL_RST | CTL_SYN)) &&
	       (seg_len(seg) > 0 || testcase_state(t) == ST_SYN_RECEIVED);
}

/* Did another reply that the rule knows come as well, as both look alike? */
static const struct reply *
find_alike(const struct suite_result *r)
{
	const struct reply *other = r->j.reply;
	const struct form *f = &other->form;

	while ((other = STAILQ_NEXT(other, next)) != NULL)
		if (f->none ? other->form.none
			    : !other->form.none &&
				  strcmp(f->text, other->form.text) == 0)
			break;
	return other;
}

/* The reply is right; would the user have seen a deviation, or another one? */
static void
check_alike(const struct suite *suite, const struct session *s,
    const struct testcase *t, struct suite_result *r)
{
	const struct known_stack stack = { suite->book, suite->stack,
		suite->version };
	struct judgement j = r->j;
	const struct deviation *d;
	const struct reply *other = find_alike(r);

	j.verdict = V_FAIL;
	d = judge_deviation(&j, &stack, t->t->event, &r->situation, &s->x,
	    NULL);
	if (j.verdict == V_DEVIATION)
		set_aside(r, "only its user could tell: deviation ", d->id);
	else if (other != NULL)
		set_aside(r, "only its user could tell: allowed by ",
		    other->by);
}

void
reach_verdict(const struct suite *suite, const struct session *s,
    const struct testcase *t, struct suite_result *r, unsigned tries)
{
	enum verdict v = r->j.verdict;
	const struct exchange *x = &s->x;

	if (r->j.rule == NULL || s->x.broken != NULL)
		return;
	if (v == V_PASS || v == V_ALLOWED) {
		if (!s->looks)
			check_alike(suite, s, t, r);
		return;
	}
	if (v == V_DEVIATION)
		return;
	if (!s->driven &&
	    (speaks(x, REL_REPLY) || find_sent(x, REL_REPLY, CTL_FIN)))
		set_aside(r, "the target's user sends or closes here: ",
		    "that is no answer of its TCP's");
	else if (!s->driven && find_sent(x, REL_REPLY, CTL_RST) &&
		 user_was_told(t, r))
		set_aside(r, "the target's user may have called ABORT: ",
		    "its reset cannot be told from its TCP's");
	else if (is_missing(r->j.rule, x))
		snprintf(r->j.reason, sizeof(r->j.reason),
		    "nothing came, %u time%s", tries, tries == 1 ? "" : "s");
}

bool
reach_surprises(const struct session *s, const struct suite_result *r)
{
	if (!s->driven || s->dead)
		return false;
	return r->j.verdict == V_FAIL || r->j.verdict == V_INCONCLUSIVE ||
	       (r->known != NULL && r->j.verdict <= V_ALLOWED);
}

void
reach_agree(struct suite_result *r, const enum verdict before[2])
{
	enum verdict v = r->j.verdict, other;
	char text[sizeof(r->j.reason)];

	if (v != before[0] && v != before[1]) {
		r->j.verdict = V_INCONCLUSIVE;
		r->j.deviation = NULL;
		snprintf(r->j.reason, sizeof(r->j.reason),
		    "three tries, three verdicts: %s, %s, %s",
		    verdict_name(before[0]), verdict_name(before[1]),
		    verdict_name(v));
		return;
	}
	other = before[v == before[0]];
	memcpy(text, r->j.reason, sizeof(text));
	snprintf(r->j.reason, sizeof(r->j.reason),
	    "%.200s%sone of three tries: %s", text, text[0] ? "; " : "",
	    verdict_name(other));
}
