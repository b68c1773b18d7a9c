#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/exchange_ladder.h"
#include "run/call.h"
#include "run/drive.h"
#include "run/reach.h"
#include "run/remote.h"
#include "run/suite.h"

#define MISSES_MAX 3 /* in a row; then a remote stack is taken for gone */

static void
judge_broken(struct judgement *j, enum verdict v, const struct err *e)
{
	memset(j, 0, sizeof(*j));
	j->verdict = v;
	snprintf(j->reason, sizeof(j->reason), "%.255s", e->msg);
}

/* Send the segment of the case to the stack. */
static int
stimulate(struct session *s, struct conn *c, struct segment *probe,
    struct err *e)
{
	const struct testcase *t = c->t;

	if (testcase_segment(t, &c->tcb, &s->random, s->text, probe, e) == -1)
		return -1;
	c->ours.src.port = testcase_port(t, AXIS_SPORT, c->ours.src.port);
	c->ours.dst.port = testcase_port(t, AXIS_DPORT, c->ours.dst.port);
	probe->tuple = c->ours;
	testcase_addresses(t, probe);
	/*
	 * A case that led nowhere before has its exchange begin here. Whatever
	 * address it was sent to, the stack would answer from its own.
	 */
	s->x.ours = c->ours;
	s->x.ours.src = probe->tuple.src;
	return session_send(s, probe, REL_STIMULUS, e);
}

/* The state is reached: do what the case is about, and see what follows. */
static int
act(struct session *s, struct conn *c, struct segment *probe, struct err *e)
{
	enum event event = c->t->t->event;
	struct tcb before = c->tcb;
	int rc;

	/* what led into the state is not asked about */
	session_take_reason(s);
	s->reason = NULL;
	if (event == EV_SEGMENT) {
		rc = stimulate(s, c, probe, e);
	} else {
		exchange_stimulate(&s->x);
		rc = call_user(s, event, c, e);
	}
	/* the rules are asked about the TCB as it was */
	c->tcb = before;
	if (rc == 0)
		session_fence(s, testcase_ip(c->t));
	session_take_reason(s);
	return rc;
}

/* The TCB before the stimulus, and the stimulus, are what rules ask about. */
static void
set_situation(const struct suite *suite, const struct conn *c,
    struct suite_result *r)
{
	r->tcb = c->tcb;
	r->situation = (struct situation){ .tcb = &r->tcb,
		.seg = c->t->t->event == EV_SEGMENT ? &r->probe : NULL,
		.claims = suite->claims };
}

/* Everything was seen: hold it to the rules. */
static void
judge_case(const struct suite *suite, const struct session *s,
    const struct testcase *t, struct suite_result *r)
{
	const struct aftermath *after = s->looks ? &r->after : NULL;

	judge(&r->j, suite->book, t->t->event, &r->situation, &s->x, after);
	r->known = judge_deviation(&r->j,
	    &(struct known_stack){ suite->book, suite->stack, suite->version },
	    t->t->event, &r->situation, &s->x, after);
}

/* Once from stimulus to verdict. last: it will not be repeated. */
static void
run_once(const struct suite *suite, struct session *s, const struct testcase *t,
    struct suite_result *r, bool last)
{
	enum verdict broken = V_INCONCLUSIVE;
	enum drive d = DRIVE_FAILED;
	struct conn conn = { .t = t, .fd = -1, .listener = -1 };
	struct err e, ignored;
	bool acted = false;

	memset(r, 0, sizeof(*r));
	s->reason = NULL;
	exchange_start(&s->x, &conn.ours);
	if (s->dead)
		err_set(&e, ERR_ENV, "the stack was gone before this case");
	else
		d = drive_to(s, t, &conn, &e);
	if (d == DRIVE_READY)
		acted = act(s, &conn, &r->probe, &e) == 0;
	set_situation(suite, &conn, r);
	if (acted && !s->ordered && last)
		reach_wait(s,
		    rulebook_match(suite->book, t->t->event, &r->situation), r);
	if (!s->dead &&
	    call_down(s, &conn, &r->after, acted ? &e : &ignored) == -1)
		acted = false;
	if (acted) {
		judge_case(suite, s, t, r);
	} else {
		if (d == DRIVE_SKIP || e.kind == ERR_USAGE)
			broken = V_SKIP;
		judge_broken(&r->j, broken, &e);
	}
}

/*
 * So many cases in a row came to nothing. Of a driven stack some states may
 * be out of reach: it is gone when it answers no fence either.
 */
static void
miss(struct session *s, uint8_t ip, const char *why)
{
	struct err e;

	s->remote.misses = 0;
	err_set(&e, ERR_ENV, "%s", why);
	if (!s->driven || (s->fence_port != 0 && session_has_ip(s, ip) &&
			      session_try(s, ip, &e) == -1))
		session_lost(s, &e);
}

/* Repeat what may have been lost on the way. */
static void
try_remote(const struct suite *suite, struct session *s,
    const struct testcase *t, struct suite_result *r)
{
	unsigned tries = 0;
	bool last;

	do {
		last = ++tries == remote_tries(s);
		s->remote.refused = false;
		run_once(suite, s, t, r, last);
	} while (!last && reach_again(s, r));
	reach_verdict(suite, s, t, r, tries);
}

static void
run_remote(const struct suite *suite, struct session *s,
    const struct testcase *t, struct suite_result *r)
{
	enum verdict v[2];

	try_remote(suite, s, t, r);
	if (reach_surprises(s, r)) {
		s->remote.surprised = true;
		v[0] = r->j.verdict;
		try_remote(suite, s, t, r);
		v[1] = r->j.verdict;
		if (v[1] != v[0] && !s->dead) {
			try_remote(suite, s, t, r);
			reach_agree(r, v);
		}
		s->remote.surprised = false;
	}
	if (r->j.verdict == V_SKIP)
		return;
	if (r->j.verdict != V_INCONCLUSIVE)
		s->remote.misses = 0;
	else if (!s->dead && ++s->remote.misses >= MISSES_MAX)
		miss(s, testcase_ip(t), r->j.reason);
}

void
suite_run_case(const struct suite *suite, struct session *s,
    const struct testcase *t, struct suite_result *r)
{
	if (s->ordered)
		run_once(suite, s, t, r, true);
	else
		run_remote(suite, s, t, r);
	if (suite->strict &&
	    (r->j.verdict == V_DEVIATION || r->j.verdict == V_ALLOWED))
		r->j.verdict = V_FAIL;
}

/* ---- which known deviations occurred ---- */

/* The entry of a deviation or of an allowed reply, made when met first. */
static struct report_known *
find_known(struct report_tail *tail, const struct deviation *d,
    const struct reply *reply)
{
	size_t i;

	for (i = 0; i < tail->nknown; i++)
		if (tail->known[i].d == d && tail->known[i].reply == reply)
			return &tail->known[i];
	tail->known = mem_grow(tail->known, i, sizeof(*tail->known));
	tail->known[i].d = d;
	tail->known[i].reply = reply;
	tail->nknown++;
	return &tail->known[i];
}

/* Count a verdict, and what of it is known or allowed. */
static void
count(struct report_tail *tail, const struct testcase *t,
    const struct judgement *j, const struct deviation *d)
{
	struct report_known *k;

	tail->n[j->verdict]++;
	if (j->verdict == V_ALLOWED)
		k = find_known(tail, NULL, j->reply);
	else if (d != NULL)
		k = find_known(tail, d, NULL);
	else
		return;
	if (j->verdict == V_ALLOWED || j->deviation != NULL) {
		if (k->n++ == 0)
			k->first = t->id;
	} else if (j->verdict != V_PASS) {
		k->unclear = true;
	}
}

enum suite_exit
suite_exit_code(const unsigned n[NVERDICTS], size_t ncases)
{
	if (n[V_ERROR] > 0)
		return SUITE_ERROR;
	if (n[V_FAIL] > 0)
		return SUITE_FAIL;
	if (n[V_INCONCLUSIVE] > 0)
		return SUITE_INCONCLUSIVE;
	if (n[V_SKIP] == ncases)
		return SUITE_SKIPPED;
	return SUITE_OK;
}

/*
 * Did the stack answer with a RST? What the kernel tells without one is of
 * another namespace, whose addresses and ports happen to be the same.
 */
static bool
was_reset(const struct exchange *x)
{
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (p->rel == REL_REPLY && p->seg.ctl & CTL_RST)
			return true;
	return false;
}

static void
draw(const struct report_options *o, const struct report_case *c)
{
	struct buf b = { 0 };

	if (o->svg == NULL)
		return;
	case_add_ladder(&b, c, NULL);
	fwrite(buf_str(&b), 1, b.len, o->svg);
	buf_free(&b);
}

enum suite_exit
suite_run(const struct suite *suite, struct session *s)
{
	const struct report_head head = { .stack = suite->stack,
		.version = suite->version,
		.target = suite->target,
		.against = suite->against,
		.ncases = suite->cases->n };
	struct report_tail tail = { 0 };
	int64_t began = clock_mono();
	const struct testcase *t;
	struct report_case c;
	struct suite_result r;
	size_t i;

	suite->format->head(&suite->options, &head);
	for (i = 0; i < suite->cases->n && !ferror(suite->options.out); i++) {
		t = &suite->cases->v[i];
		suite_run_case(suite, s, t, &r);
		c = (struct report_case){
			.head = &head,
			.id = t->id,
			.what = t->t->what,
			.state = testcase_state(t),
			.event = t->t->event,
			.j = &r.j,
			.x = &s->x,
			.after = r.j.rule != NULL && s->looks ? &r.after : NULL,
			.kernel_reason = was_reset(&s->x) ? s->reason : NULL,
		};
		count(&tail, t, &r.j, r.known);
		suite->format->one(&suite->options, i + 1, &c);
		draw(&suite->options, &c);
		if (i == 0 || r.j.verdict == V_FAIL)
			fflush(suite->options.out);
	}
	tail.seconds = (double)(clock_mono() - began) / NSEC_PER_SEC;
	suite->format->tail(&suite->options, &tail);
	fflush(suite->options.out);
	free(tail.known);
	return suite_exit_code(tail.n, suite->cases->n);
}
