#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "run/rounds.h"
#include "run/suite.h"

#define WHOLE_MOST 10 /* probes that are shown whole */

/* What has come of the rounds so far. */
struct tally {
	struct report_scan_tail tail;
	unsigned verdicts[NVERDICTS];
};

/* Nothing that anybody looks for among many ports. */
static bool
is_dull(const struct finding *f)
{
	return f->hint[0] == '\0' &&
	       (f->answer == ANSWER_CLOSED || f->answer == ANSWER_RESET ||
		   f->answer == ANSWER_SILENT || f->answer == ANSWER_REFUSED ||
		   f->answer == ANSWER_UNTRIED);
}

/* Whoever opens a port is to know who else closes it. */
static const char *
find_note(const struct wire *w, const struct finding *f)
{
	if (f->answer != ANSWER_OPEN || !w->own || w->raw)
		return NULL;
	return "this machine's kernel has the source address, knows of no such "
	       "connection, and sends a RST of its own; --source takes an "
	       "address that nobody has";
}

static void
report_port(const struct rounds *r, const struct scan *s,
    const struct scan_port *port, const struct finding *f)
{
	const struct report_probe p = {
		.c = { .state = f->tcb.state,
		    .event = EV_SEGMENT,
		    .j = &f->j,
		    .x = &f->x },
		.host = &s->wire->theirs,
		.port = port->port,
		.answer = f->answer,
		.reply = f->reply,
		.icmp = f->reply == NULL ? port->icmp : NULL,
		.rtt = (double)f->rtt / NSEC_PER_MSEC,
		.tries = port->ntries,
		.waited =
		    (double)(port->ended - port->tries[0].sent) / NSEC_PER_MSEC,
		.hint = f->hint[0] != '\0' ? f->hint : NULL,
		.note = find_note(s->wire, f),
		.whole = r->report.verbosity > 0 ||
			 r->nports * r->count <= WHOLE_MOST ||
			 f->answer == ANSWER_WRONG ||
			 f->answer == ANSWER_UNCLEAR,
	};

	r->format->probe(&r->report, &p);
}

/* Judge what came in a round, and say it. */
static void
report_round(const struct rounds *r, const struct scan *s, struct tally *t)
{
	bool quiet = r->report.verbosity < 0, glanced;
	const struct scan_port *p;
	struct baseline b;
	struct finding f;

	baseline_learn(&b, s);
	for (p = s->ports; p < s->ports + s->n; p++) {
		/* of what is not shown nobody needs the words */
		glanced = quiet && finding_glance(&f, &r->rules, s, p, &b) &&
			  is_dull(&f);
		if (!glanced)
			finding_make(&f, &r->rules, s, p, &b);
		t->tail.n[f.answer]++;
		t->verdicts[f.j.verdict]++;
		if (!quiet || !is_dull(&f))
			report_port(r, s, p, &f);
	}
	fflush(r->report.out);
}

bool
rounds_interrupted(const struct rounds *r)
{
	return r->scan->interrupted != NULL && r->scan->interrupted();
}

bool
rounds_wait(const struct rounds *r, uint32_t round, int64_t began)
{
	const struct timespec step = { .tv_nsec = 10 * NSEC_PER_MSEC };
	bool stop = false;

	while (clock_mono() < began + round * r->interval &&
	       !(stop = rounds_interrupted(r)))
		nanosleep(&step, NULL);
	return stop;
}

static int
run_rounds(const struct rounds *r, struct scan *s, struct tally *t,
    struct err *e)
{
	int64_t began = clock_mono();
	uint32_t round;
	int rc = 0;

	for (round = 0; round < r->count && rc == 0 && !s->stopped; round++) {
		if (round > 0)
			scan_again(s);
		rc = scan_run(s, e);
		report_round(r, s, t);
		if (rc == 0 && !s->stopped && round + 1 < r->count)
			s->stopped = rounds_wait(r, round + 1, began);
	}
	return rc;
}

void
rounds_begin(const struct rounds *r, const struct addr *to)
{
	const struct report_scan_head head = { .host = r->host,
		.addr = to,
		.seg = &r->scan->seg,
		.nports = r->nports,
		.against = r->against };

	r->format->scan_head(&r->report, &head);
	fflush(r->report.out);
}

int
rounds_run(const struct rounds *r, struct wire *wire, struct err *e)
{
	struct scan *s = mem_calloc(1, sizeof(*s));
	int64_t began = clock_mono();
	struct tally t = { 0 };
	int rc;

	scan_init(s, r->scan, wire, r->ports, r->nports);
	rc = run_rounds(r, s, &t, e);
	t.tail.lost = s->lost;
	t.tail.stopped = s->stopped;
	t.tail.seconds = (double)(clock_mono() - began) / NSEC_PER_SEC;
	r->format->scan_tail(&r->report, &t.tail);
	fflush(r->report.out);
	if (rc == 0)
		rc = s->stopped && t.verdicts[V_FAIL] == 0
			 ? (int)SUITE_INCONCLUSIVE
			 : (int)suite_exit_code(t.verdicts, SIZE_MAX);
	scan_free(s);
	free(s);
	return rc;
}
