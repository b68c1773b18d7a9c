/* RSTs of a capture in text: the summary, then each. */
#include <inttypes.h>

#include "report/report_reset.h"

#define SHOWN 10 /* hosts */

void
text_reset(const struct report_options *o, const struct report_reset *x)
{
	struct buf b = { 0 };

	if (o->verbosity < 0)
		return;
	if (x->as != 0) {
		reset_line_add(&b, x);
	} else {
		reset_lines_add(&b, x, o->verbosity > 0, o->ladder);
		buf_adds(&b, "\n");
	}
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

static void
add_counts(struct buf *b, const char *label, const struct report_count *c,
    size_t n, size_t shown)
{
	uint64_t rest = 0;
	size_t i;

	buf_addf(b, "%s\n", label);
	for (i = 0; i < n; i++)
		if (i >= shown)
			rest += c[i].n;
		else if (c[i].what != NULL)
			buf_addf(b, "%9" PRIu64 "  %-22s %s\n", c[i].n,
			    c[i].name, c[i].what);
		else
			buf_addf(b, "%9" PRIu64 "  %s\n", c[i].n, c[i].name);
	if (rest > 0)
		buf_addf(b, "%9" PRIu64 "  of %zu others\n", rest, n - shown);
}

void
reset_add_tally(struct buf *b, const struct report_reset_tail *t)
{
	uint64_t n = t->flows.resets;

	buf_addf(b,
	    "%" PRIu64 " RST%s: %" PRIu64 " certain, %" PRIu64
	    " likely, %" PRIu64 " unknown; in %" PRIu64 " frame%s and %" PRIu64
	    " connection%s",
	    n, n == 1 ? "" : "s", t->sure[SURE_CERTAIN], t->sure[SURE_LIKELY],
	    t->sure[SURE_UNKNOWN], t->frames, t->frames == 1 ? "" : "s",
	    t->flows.flows, t->flows.flows == 1 ? "" : "s");
	if (t->unread > 0)
		buf_addf(b, "; %" PRIu64 " could not be read", t->unread);
	if (t->dropped > 0)
		buf_addf(b, "; %" PRIu64 " were not captured", t->dropped);
	if (t->flows.evicted > 0)
		buf_addf(b,
		    "; %" PRIu64 " connections forgotten early, see "
		    "--max-flows",
		    t->flows.evicted);
	if (t->in_line + t->counted > 0)
		buf_addf(b,
		    "; %" PRIu64 " told in one line, %" PRIu64
		    " only counted (-v: all in full)",
		    t->in_line, t->counted);
	if (t->stopped)
		buf_adds(b, "; stopped");
	if (t->damage != NULL)
		buf_adds(b, "; damaged");
	buf_adds(b, "\n");
}

void
text_reset_tail(const struct report_options *o,
    const struct report_reset_tail *t)
{
	struct buf b = { 0 };

	if (t->flows.resets > 0) {
		add_counts(&b, "by cause", t->causes, t->ncauses, SIZE_MAX);
		add_counts(&b, "by sender", t->senders, t->nsenders, SHOWN);
		add_counts(&b, "by peer", t->peers, t->npeers, SHOWN);
	}
	fwrite(buf_str(&b), 1, b.len, o->out);
	buf_free(&b);
}
