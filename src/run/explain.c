/*
 * DOC: from a capture to causes
 *
 * Each frame is decoded no further than its segment's numbers, and those go to
 * the flows (match/flow.h). Only a RST is decoded as a whole. When the flows
 * have decided it, that is, when enough of what came after it is known too,
 * its clues are found and the causes are tried on them in their order.
 */
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "run/explain.h"
#include "sniff/tunnel.h"

#define PROGRESS_EVERY 0xffff
#define ROW	       16  /* segments that wait; even */
#define RST_MAX	       256 /* octets of a frame with RST that can wait */
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

/*
 * DOC: segments in a row
 *
 * The flows of a large capture lie in memory that no cache holds, and to wait
 * for that takes longer than all else. So a segment waits for it in a row
 * while the next ones are decoded; its frame is gone by then, and what is
 * needed of it is copied.
 */
struct waiting {
	struct quick q;
	struct flow_hint hint;
	int64_t when;
	uint64_t frame;
	struct carried whole; /* of a RST */
	uint8_t addrs[32];
	uint8_t tcp[60];
	uint8_t rst[RST_MAX];
};

/* Numbers of segments, from 0; each has its place in the row. */
struct row {
	struct waiting w[ROW];
	uint64_t in, fetched, out;
};

static void
row_see(struct row *row, struct flows *flows)
{
	struct waiting *w = &row->w[row->out++ % ROW];
	struct reset *r = flows_see(flows, &w->q, &w->hint, w->when, w->frame);

	if (r != NULL)
		take_whole(r, &w->whole, w->when);
}

static void
row_empty(struct row *row, struct flows *flows)
{
	while (row->out < row->in)
		row_see(row, flows);
	row->fetched = row->in;
}

/* The place of the next segment. */
static struct waiting *
row_next(struct row *row, struct flows *flows)
{
	if (row->in - row->out == ROW)
		row_see(row, flows);
	return &row->w[row->in % ROW];
}

/* The segment in that place has been decoded; keep what it points to. */
static void
row_add(struct row *row, struct flows *flows, const struct carried *k)
{
	struct waiting *w = &row->w[row->in++ % ROW];
	struct quick *q = &w->q;

	flows_hint(flows, q, &w->hint);
	if (q->ip == 6)
		memcpy(w->addrs, q->addrs, 32);
	else
		memcpy(w->addrs, q->addrs, 8);
	/* with timestamps, as nearly all have: a length known beforehand */
	if (q->options_len == 12)
		memcpy(w->tcp, q->tcp, 32);
	else
		memcpy(w->tcp, q->tcp, 20 + q->options_len);
	q->addrs = w->addrs;
	q->tcp = w->tcp;
	q->text = NULL;
	if (q->ctl & CTL_RST) {
		w->whole = *k;
		if (k->caplen <= RST_MAX)
			w->whole.p = memcpy(w->rst, k->p, k->caplen);
		else
			row_empty(row, flows);
	}
	if (row->in - row->fetched > ROW / 2)
		flows_fetch(flows, &row->w[row->fetched++ % ROW].hint);
}

static void
take(struct row *row, struct flows *flows, const struct captured *frame,
    bool tunnels, struct explain_counts *counts)
{
	struct carried k = { .dlt = frame->dlt,
		.p = frame->p,
		.caplen = frame->caplen,
		.len = frame->len };
	struct waiting *w = row_next(row, flows);
	enum decode is;

	is = tunnels ? tunnel_quick(&k, &w->q)
		     : decode_quick(k.dlt, k.p, k.caplen, k.len, &w->q);
	counts->frames[is]++;
	if (is != DECODE_TCP)
		return;
	w->when = frame->when;
	w->frame = frame_id(frame);
	row_add(row, flows, &k);
}

static int
read_all(struct run *run, struct capture *c, struct flows *flows,
    struct explain_counts *counts)
{
	const struct explain_options *o = run->options;
	int64_t deadline = 0; /* a clock is asked only where there is a wait */
	struct row row = { .in = 0 };
	struct captured frame;
	int rc, result = 0;
	uint64_t n = 0;

	while (!run->failed) {
		rc = capture_next(c, &frame, deadline, run->err);
		if (rc == 0)
			break;
		if (rc == -1) {
			result = -1;
			if (capture_is_live(c))
				break;
			continue; /* other files may go on */
		}
		if (rc == 1)
			take(&row, flows, &frame, o->tunnels, counts);
		if (rc == CAPTURE_WAIT) {
			row_empty(&row, flows);
			deadline = clock_mono() + LIVE_WAIT;
			if (capture_is_live(c))
				flows_tick(flows, clock_wall());
		}
		if ((rc == CAPTURE_WAIT || (++n & PROGRESS_EVERY) == 0) &&
		    o->progress != NULL && o->progress(o->arg, c))
			break;
	}
	row_empty(&row, flows);
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
