/* What the formats that are read by people say of a script. */
#include <string.h>

#include "report/exchange_ladder.h"
#include "report/lines.h"
#include "report/report_script.h"
#include "tcp/notation.h"

const char *
report_blame(enum blame blame)
{
	static const char *const words[] = {
		[BLAME_NOBODY] = "",
		[BLAME_SCRIPT] = "wrong script: the script expects what the "
				 "RFC does not allow",
		[BLAME_STACK] = "wrong stack: the script expects what the RFC "
				"requires, and the stack did otherwise",
	};

	return words[blame];
}

/* As in the script: "<" goes to the stack, ">" comes from it. */
static void
add_exchange(struct buf *b, const char *indent, const struct exchange *x)
{
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++) {
		if (p->rel == REL_CLEANUP)
			continue;
		buf_addf(b, "%s%.6f %s ", indent,
		    (p->seg.when - x->passages[0].seg.when) / 1e9,
		    p->ours ? "<" : ">");
		notation_add_tcpdump(b, &p->seg);
		buf_adds(b, "\n");
	}
	if (x->lost > 0)
		buf_addf(b, "%s(and %zu more)\n", indent, x->lost);
}

static void
add_comparison(struct buf *b, const char *indent, const struct report_script *s)
{
	const struct field *f = s->fields;
	size_t i;

	if (s->expected[0] != '\0')
		lines_add_folded(b, indent, "expected", s->expected);
	if (s->observed[0] != '\0')
		lines_add_folded(b, indent, "observed", s->observed);
	for (i = 0; i < s->nfields; i++, f++)
		if (!f->ok)
			buf_addf(b, "%s%-*s%s: expected %s, observed %s\n",
			    indent, LINES_LABEL, "  wrong", f->name,
			    f->expected, f->observed);
}

static void
add_rule(struct buf *b, const char *indent, const struct report_script *s)
{
	lines_add_rule(b, indent, s->rule);
	if (s->required[0] != '\0')
		lines_add_folded(b, indent, "required", s->required);
}

/* The segment that was farthest from its time. */
static void
add_time(struct buf *b, const char *indent, const struct report_script *s)
{
	buf_addf(b, "%s%-*s%s:%d: %.3f ms %s, the farthest of all\n", indent,
	    LINES_LABEL, "time", s->name, s->off_line,
	    (s->off < 0 ? -s->off : s->off) / 1e6,
	    s->off < 0 ? "early" : "late");
}

void
script_add(struct buf *b, const char *indent, const struct report_script *s,
    bool verbose, const struct ladder_style *style)
{
	bool bad = s->verdict >= V_INCONCLUSIVE;

	if (s->line > 0 && s->event != NULL && s->verdict != V_SKIP) {
		buf_addf(b, "%s%-*s%s:%d: ", indent, LINES_LABEL, "event",
		    s->name, s->line);
		buf_add_escaped(b, s->event, strlen(s->event));
		buf_adds(b, "\n");
	}
	if (bad)
		add_comparison(b, indent, s);
	if (bad || verbose)
		add_exchange(b, indent, s->x);
	if (style != NULL)
		script_add_ladder(b, s, style);
	if (s->rule != NULL)
		add_rule(b, indent, s);
	if (s->blame != BLAME_NOBODY)
		lines_add_folded(b, indent, "verdict", report_blame(s->blame));
	if (s->reason[0] != '\0' && s->verdict != V_SKIP)
		lines_add_folded(b, indent,
		    s->blame != BLAME_NOBODY ? "reason" : "verdict", s->reason);
	if (s->rule != NULL)
		lines_add_text(b, indent, "why", s->rule->why);
	if (verbose && s->off_line > 0)
		add_time(b, indent, s);
}

void
script_add_tally(struct buf *b, const struct report_script_tail *tail)
{
	lines_add_verdicts(b, "script", tail->n);
	buf_addf(b, ", in %.2f s", tail->seconds);
	if (tail->untold > 0)
		buf_addf(b, "; interrupted, %zu not played", tail->untold);
}
