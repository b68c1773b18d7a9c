#include <string.h>

#include "base/clock.h"
#include "run/stateful.h"

/* ---- the case ---- */

/* Can this stand where a case has a number? */
static bool
is_term(const char *text)
{
	struct rulebook book;
	struct buf b = { 0 };
	struct err ignored;
	int rc;

	if (text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.0123456789+-")] ||
	    text[0] == '\0')
		return false;
	rulebook_init(&book);
	buf_addf(&b,
	    "case probe what \"\" in ESTABLISHED ctl ACK seq %s text 0", text);
	rc = rulebook_add(&book, "probe", b.p, b.len, &ignored);
	rulebook_free(&book);
	buf_free(&b);
	return rc == 0;
}

static int
check_term(const char *option, const char *text, struct err *e)
{
	char before[96];

	if (text == NULL || is_term(text))
		return 0;
	snprintf(before, sizeof(before),
	    "%s takes a number or a term such as RCV.NXT+1 or SND.UNA, not '",
	    option);
	return err_about(e, ERR_USAGE, before, text, "'");
}

int
stateful_add_case(struct rulebook *book, enum state state, uint8_t ip,
    const struct segment *seg, const char *seq, const char *ack, struct err *e)
{
	struct buf b = { 0 };
	int rc;

	if (check_term("--seq", seq, e) == -1 ||
	    check_term("--ack", ack, e) == -1)
		return -1;
	if (ack == NULL && seg->ctl & CTL_ACK)
		ack = "SND.NXT";
	buf_addf(&b, "case probe what \"a probe\" in %s ip %u ctl ",
	    state_name(state), ip);
	ctl_add_rfc(&b, seg->ctl);
	buf_addf(&b, "%s seq %s ack %s", seg->ctl == 0 ? "none" : "",
	    seq != NULL ? seq : "RCV.NXT", ack != NULL ? ack : "0");
	rc = rulebook_add(book, "probe", b.p, b.len, e);
	buf_free(&b);
	return rc;
}

/* ---- the run ---- */

/* What a verdict says of a port whose state is known. */
static enum answer
answer_of(const struct judgement *j)
{
	switch (j->verdict) {
	case V_FAIL:
	case V_ERROR:
		return ANSWER_WRONG;
	case V_INCONCLUSIVE:
		return ANSWER_UNCLEAR;
	case V_SKIP:
		return ANSWER_UNTRIED;
	default:
		return j->observed != NULL ? ANSWER_DUE : ANSWER_SILENT;
	}
}

static const struct segment *
find_stimulus(const struct exchange *x)
{
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (p->rel == REL_STIMULUS)
			return &p->seg;
	return NULL;
}

static enum answer
report_port(const struct stateful *f, const struct session *s,
    const struct testcase *t, const struct suite_result *r)
{
	const struct segment *stimulus = find_stimulus(&s->x);
	const struct segment *reply = NULL;
	struct report_probe p = {
		.c = { .state = testcase_state(t),
		    .event = EV_SEGMENT,
		    .j = &r->j,
		    .x = &s->x },
		.host = &s->wire.theirs,
		.port = s->listen_port,
		.answer = answer_of(&r->j),
		.tries = stimulus != NULL,
		.whole = true,
	};

	if (r->j.observed != NULL && stimulus != NULL) {
		p.reply = reply = &r->j.observed->seg;
		p.rtt = (double)(reply->when - stimulus->when) / NSEC_PER_MSEC;
	}
	f->rounds->format->probe(&f->rounds->report, &p);
	fflush(f->rounds->report.out);
	return p.answer;
}

/* What was learnt of one port's user is not true of the next one's. */
static void
turn_to_port(struct session *s, uint16_t port)
{
	const struct remote fresh = { .retries = s->remote.retries,
		.rtt = s->remote.rtt };

	s->remote = fresh;
	s->listen_port = port;
	s->dead = false;
}

static void
run_port(const struct stateful *f, struct session *s, const struct testcase *t,
    struct report_scan_tail *tail, unsigned verdicts[NVERDICTS])
{
	struct suite_result r;
	struct err e;

	if (remote_check_port(s, s->listen_port, false, &e) == 0) {
		suite_run_case(&f->suite, s, t, &r);
	} else {
		memset(&r, 0, sizeof(r));
		exchange_start(&s->x, &s->x.ours);
		r.j.verdict = V_INCONCLUSIVE;
		snprintf(r.j.reason, sizeof(r.j.reason), "%.255s", e.msg);
	}
	verdicts[r.j.verdict]++;
	tail->n[report_port(f, s, t, &r)]++;
}

static int
run_ports(const struct stateful *f, struct session *s, const struct testcase *t)
{
	const struct rounds *r = f->rounds;
	unsigned verdicts[NVERDICTS] = { 0 };
	struct report_scan_tail tail = { 0 };
	int64_t began = clock_mono();
	uint32_t round;
	size_t i;

	for (round = 0; round < r->count && !tail.stopped; round++) {
		if (round > 0)
			tail.stopped = rounds_wait(r, round, began);
		for (i = 0; i < r->nports && !tail.stopped; i++) {
			turn_to_port(s, r->ports[i]);
			run_port(f, s, t, &tail, verdicts);
			tail.stopped = rounds_interrupted(r);
		}
	}
	tail.seconds = (double)(clock_mono() - began) / NSEC_PER_SEC;
	r->format->scan_tail(&r->report, &tail);
	fflush(r->report.out);
	return suite_exit_code(verdicts, r->nports * r->count);
}

int
stateful_run(struct stateful *f, const struct segment *form, struct err *e)
{
	const struct rounds *r = f->rounds;
	struct report_scan_head head = { .host = r->host,
		.seg = form,
		.nports = r->nports,
		.against = r->against };
	struct testcases cases;
	struct session s;
	struct err ignored;
	int rc = -1;

	if (testcases_expand(&cases, f->suite.book, e) == 0 &&
	    session_open_remote(&s, &f->remote, e) == 0) {
		cases.v[0].form = form;
		f->suite.cases = &cases;
		head.addr = &s.wire.theirs;
		r->format->scan_head(&r->report, &head);
		rc = run_ports(f, &s, &cases.v[0]);
		if (session_close(&s, rc == -1 ? &ignored : e) == -1)
			rc = -1;
	}
	testcases_free(&cases);
	return rc;
}
