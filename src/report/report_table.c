/* Stacks and groups of rules as a table; and what it is made of. */
#include <string.h>

#include "report/lines.h"
#include "report/report_table.h"

#define ROW "%-20s %-12s %5u %7u %9u %5u %5u"

void
table_add_head(struct buf *b)
{
	buf_addf(b, "%-20s %-12s %5s %7s %9s %5s %5s\n", "stack", "rules",
	    verdict_name(V_PASS), verdict_name(V_ALLOWED),
	    verdict_name(V_DEVIATION), verdict_name(V_FAIL),
	    verdict_name(V_SKIP));
}

static void
add_row(struct buf *b, const char *stack, const char *rules,
    const unsigned n[NVERDICTS])
{
	buf_addf(b, ROW, stack, rules, n[V_PASS], n[V_ALLOWED], n[V_DEVIATION],
	    n[V_FAIL], n[V_SKIP]);
	if (n[V_INCONCLUSIVE] > 0)
		buf_addf(b, "  %u inconclusive", n[V_INCONCLUSIVE]);
	if (n[V_ERROR] > 0)
		buf_addf(b, "  %u error", n[V_ERROR]);
	buf_adds(b, "\n");
}

void
table_add_stack(struct buf *b, const struct report_table_stack *s)
{
	struct buf name = { 0 };
	size_t i;

	buf_add_escaped(&name, s->name, strlen(s->name));
	if (s->version[0] != '\0')
		buf_adds(&name, " ");
	buf_add_escaped(&name, s->version, strlen(s->version));
	for (i = 0; i < s->nrows && s->ran; i++)
		add_row(b, buf_str(&name), s->rows[i].rules, s->rows[i].n);
	if (s->ran)
		add_row(b, buf_str(&name), "all", s->n);
	if (s->reason != NULL)
		buf_addf(b, "%-20s %s: %s\n", buf_str(&name),
		    s->ran ? "ended early" : "not run", s->reason);
	buf_free(&name);
}

void
table_add_tally(struct buf *b, const struct report_table_tail *t)
{
	buf_addf(b, "%zu stack%s, %zu of them run, ", t->nstacks,
	    t->nstacks == 1 ? "" : "s", t->nran);
	lines_add_verdicts(b, "case", t->n);
	buf_addf(b, ", in %.2f s\n", t->seconds);
}

/* ---- what it is made of ---- */

static void
brief_head(const struct report_options *o, const struct report_head *h)
{
	(void)o;
	(void)h;
}

static void
brief_one(const struct report_options *o, size_t number,
    const struct report_case *c)
{
	(void)number;
	fprintf(o->out, "%s %s\n", verdict_name(c->j->verdict),
	    c->j->rule != NULL ? c->j->rule->id : "-");
}

static void
brief_tail(const struct report_options *o, const struct report_tail *t)
{
	(void)o;
	(void)t;
}

const struct report_format report_brief = {
	.name = "brief",
	.head = brief_head,
	.one = brief_one,
	.tail = brief_tail,
};
