/* What the text report says of a hand-made peer and of who spoke to it. */
#include <string.h>

#include "report/lines.h"
#include "report/report_respond.h"
#include "tcp/notation.h"

void
respond_add_head(struct buf *b, const struct report_respond_head *h)
{
	size_t i;

	for (i = 0; i < h->naddrs; i++) {
		buf_adds(b, i > 0 ? ", " : "");
		addr_add(b, &h->addrs[i]);
	}
	buf_adds(b, " on ");
	buf_add_escaped(b, h->ifname, strlen(h->ifname));
	buf_adds(b, " as ");
	buf_add_escaped(b, h->as, strlen(h->as));
	buf_addf(b, ", peers against %s\n", h->against);
}

void
respond_add_segment(struct buf *b, const struct report_respond_segment *s,
    bool verbose)
{
	if (verbose)
		buf_addf(b, "%.6f ", s->seconds);
	buf_addf(b, "#%u %s ", s->conn, s->ours ? ">" : "<");
	notation_add_tcpdump(b, s->seg);
	buf_adds(b, "\n");
}

/* Where a script and the other side disagree. */
static void
add_script(struct buf *b, const struct report_respond_verdict *v)
{
	const struct judgement *j = v->c.j;
	const struct field *f;

	if (v->line == 0 || j->verdict == V_PASS)
		return;
	buf_addf(b, "    %-*sline %d: ", LINES_LABEL, "event", v->line);
	buf_add_escaped(b, v->event, strlen(v->event));
	buf_adds(b, "\n");
	if (j->rule != NULL)
		return;
	lines_add_folded(b, "    ", "expected", v->expected);
	lines_add_folded(b, "    ", "observed", v->observed);
	for (f = j->fields; f < j->fields + j->nfields; f++)
		if (!f->ok)
			buf_addf(b, "    %-*s%s: expected %s, observed %s\n",
			    LINES_LABEL, "  wrong", f->name, f->expected,
			    f->observed);
}

/* The verdict's first line, after its name. */
void
respond_add_verdict(struct buf *b, const struct report_respond_verdict *v,
    bool verbose)
{
	const struct judgement *j = v->c.j;
	const struct rule *rule = j->rule;

	buf_addf(b, " #%u ", v->conn);
	if (rule != NULL) {
		buf_addf(b, "%s: ", state_name(v->c.state));
		lines_add_short(b, &v->c);
		buf_addf(b, "  %s (%s) ", rule->id, rule->level);
		buf_adds(b, STAILQ_FIRST(&rule->cites)->text);
	} else {
		buf_adds(b, "script");
	}
	if (v->note != NULL)
		buf_addf(b, "; %s", v->note);
	buf_adds(b, "\n");
	add_script(b, v);
	if (j->verdict > V_ALLOWED || verbose)
		lines_add(b, "    ", &v->c, NULL);
}

void
respond_add_tally(struct buf *b, const struct report_respond_tail *t)
{
	buf_addf(b, "%u connection%s, ", t->conns, t->conns == 1 ? "" : "s");
	if (t->untaken > 0)
		buf_addf(b, "%u more that found no room, ", t->untaken);
	lines_add_verdicts(b, "answer", t->n);
	buf_addf(b, ", in %.2f s", t->seconds);
	if (t->stopped != NULL)
		buf_addf(b, ": %s", t->stopped);
	buf_adds(b, "\n");
}
