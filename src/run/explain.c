/*
 * DOC: from a capture to causes
 *
 * Each frame is decoded no further than its segment's numbers, and those go to
 * the flows (match/flow.h). Only a RST is decoded as a whole. When the flows
 * have decided it, that is, when enough of what came after it is known too,
 * its clues are found, the causes are tried on them in their order, and its
 * numbers are held to the rulebook.
 */
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "run/explain.h"
#include "sniff/tunnel.h"

#define PROGRESS_EVERY 0xffff
#define LIVE_WAIT      (100 * NSEC_PER_MSEC)

struct run {
	const struct explain_options *options;
	struct explained x;
	struct err *err;
	bool failed; /* the sink did, with *err */
};

static void
decided(void *arg, struct reset *r)
{
	struct run *run = arg;
	const struct explain_options *o = run->options;
	struct explained *x = &run->x;

	if (run->failed)
		return;
	x->reset = r;
	x->state = reset_sender_state(r);
	clues_find(&x->clues, r);
	x->cause = cause_match(o->causes, x->state, &x->clues);
	x->sure =
	    x->cause != NULL ? cause_sure(x->cause, &x->clues) : SURE_UNKNOWN;
	numbers_judge(&x->numbers, o->book, r);
	run->failed = o->sink(o->arg, x, run->err) == -1;
}

/* The RST itself is wanted whole, with some of its text. */
static void
take_whole(struct reset *r, const struct carried *k, int64_t when)
{
	struct segment *s = &r->seg;

	if (decode_frame(s, k->dlt, k->p, k->caplen, k->len) != DECODE_TCP)
		return;
	s->when = when;
	if (s->text_kept > RESET_TEXT)
		s->text_kept = RESET_TEXT;
	if (s->text != NULL)
		memcpy(r->text, s->text, s->text_kept);
	s->text = s->text_kept > 0 ? r->text : NULL;
}

static void
take(struct flows *flows, const struct captured *frame,
    struct explain_counts *counts)
{
	struct carried k = { .dlt = frame->dlt,
		.p = frame->p,
		.caplen = frame->caplen,
		.len = frame->len };
	struct reset *r;
	struct quick q;
	enum decode is;

	is = decode_quick(k.dlt, k.p, k.caplen, k.len, &q);
	counts->frames[is]++;
	if (is != DECODE_TCP)
		return;
	r = flows_see(flows, &q, frame->when, frame_id(frame));
	if (r != NULL)
		take_whole(r, &k, frame->when);
}

static int
read_all(struct run *run, struct capture *c, struct flows *flows,
    struct explain_counts *counts)
{
	const struct explain_options *o = run->options;
	int64_t deadline = 0; /* a clock is asked only where there is a wait */
	struct captured frame;
	int rc, result = 0;
	uint64_t n = 0;

	while (!run->failed) {
		rc = capture_next(c, &frame, deadline, run->err);
		if (rc == 0)
			break;
		if (rc == -1) {
			/* other files may go on */
			if (result == -1)
				break;
			result = -1;
			continue;
		}
		if (rc == CAPTURE_WAIT) {
			deadline = clock_mono() + LIVE_WAIT;
			if (capture_is_live(c))
				flows_tick(flows, clock_wall());
		} else {
			take(flows, &frame, counts);
		}
		if ((rc == CAPTURE_WAIT || (++n & PROGRESS_EVERY) == 0) &&
		    o->progress != NULL && o->progress(o->arg, c))
			break;
	}
	return result;
}

int
explain_run(struct capture *c, const struct explain_options *options,
    struct explain_counts *counts, struct err *e)
{
	struct run run = { .options = options, .err = e };
	struct random random = { 0 };
	struct flow_config config = { .max_flows = options->max_flows,
		.patience = options->patience,
		.decided = decided,
		.arg = &run };
	struct flows *flows;
	int i, rc;

	for (i = 0; i < 2; i++)
		config.key[i] =
		    (uint64_t)random_u32(&random) << 32 | random_u32(&random);
	memset(counts, 0, sizeof(*counts));
	flows = flows_new(&config);
	rc = read_all(&run, c, flows, counts);
	flows_end(flows);
	flows_count(flows, &counts->flows);
	flows_free(flows);
	return run.failed ? -1 : rc;
}

static void
add_clauses(struct buf *b, const struct clauses *clauses,
    const struct clues *clues)
{
	const struct clause *c;

	STAILQ_FOREACH (c, clauses, next) {
		if (!clause_holds(c, clues))
			continue;
		clause_add_text(b, c, clues);
		buf_adds(b, "\n");
	}
}

void
explain_add_evidence(struct buf *b, const struct explained *x)
{
	if (x->cause != NULL)
		add_clauses(b, &x->cause->evidence, &x->clues);
}

void
explain_add_checks(struct buf *b, const struct explained *x)
{
	if (x->cause != NULL)
		add_clauses(b, &x->cause->check, &x->clues);
}

void
explain_add_like(struct buf *b, const struct explained *x)
{
	const struct clause *c;
	const char *comma = "";

	if (x->cause == NULL)
		return;
	STAILQ_FOREACH (c, &x->cause->like, next) {
		if (!clause_holds(c, &x->clues))
			continue;
		buf_addf(b, "%s%s", comma, c->text);
		comma = ", ";
	}
}

/* Is the word among those of the list? */
static bool
has_word(const char *list, const char *word)
{
	size_t len = strlen(word), n;

	for (; list != NULL && *list != '\0'; list += n) {
		list += strspn(list, " ");
		n = strcspn(list, " ");
		if (n == len && memcmp(list, word, len) == 0)
			return true;
	}
	return false;
}

bool
explain_expects(const struct causes *causes, const struct explained *x,
    const char *reason)
{
	const struct cause *like;
	const struct clause *c;

	if (x->cause == NULL)
		return false;
	if (has_word(x->cause->reasons, reason))
		return true;
	STAILQ_FOREACH (c, &x->cause->like, next) {
		like = cause_find(causes, c->text);
		if (clause_holds(c, &x->clues) && like != NULL &&
		    has_word(like->reasons, reason))
			return true;
	}
	return false;
}
