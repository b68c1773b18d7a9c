#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "report/lines.h"
#include "report/probe.h"
#include "report/report_reset.h"
#include "report/report_script.h"
#include "report/report_respond.h"
#include "report/report_table.h"

static const char *const colours[] = {
	[V_PASS] = "\033[32m",
	[V_ALLOWED] = "\033[32m",
	[V_DEVIATION] = "\033[33m",
	[V_SKIP] = "\033[36m",
	[V_INCONCLUSIVE] = "\033[35m",
	[V_FAIL] = "\033[31m",
	[V_ERROR] = "\033[31m",
};
_Static_assert(ARRAY_SIZE(colours) == NVERDICTS, "a colour for each verdict");

static void
text_head(const struct report_options *o, const struct report_head *h)
{
	if (h->target != NULL)
		fprintf(o->out, "%s taken for ", h->target);
	fprintf(o->out, "%s%s%s, %zu %s%s against %s\n", h->stack,
	    h->version[0] != '\0' ? " " : "", h->version, h->ncases,
	    h->matrix ? "cell" : "case", h->ncases == 1 ? "" : "s", h->against);
}

static void
text_one(const struct report_options *o, size_t number,
    const struct report_case *c)
{
	enum verdict v = c->j->verdict;
	struct buf b = { 0 };

	(void)number;
	/* what is known and what is allowed is told at the end */
	if (o->verbosity < 0 && (v == V_DEVIATION || v == V_ALLOWED ||
				    (v == V_PASS && c->j->reason[0] == '\0')))
		return;
	buf_addf(&b, "%s%-12s%s %-42s ", o->colour ? colours[v] : "",
	    verdict_name(v), o->colour ? "\033[0m" : "", c->id);
	if (v == V_SKIP)
		buf_add_escaped(&b, c->j->reason, strlen(c->j->reason));
	else
		lines_add_short(&b, c);
	buf_adds(&b, "\n");
	if (v == V_PASS && c->j->reason[0] != '\0')
		buf_addf(&b, "    %s\n", c->j->reason);
	if ((v != V_PASS && v != V_SKIP) || o->verbosity > 0 ||
	    (o->ladder != NULL && c->head->ncases == 1))
		lines_add(&b, "    ", c, o->ladder);
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

/* A deviation, or a reply that was allowed; why: in a line of its own. */
static void
add_known(struct buf *b, const struct report_known *k, bool why)
{
	const char *cases = k->n == 1 ? "case" : "cases";

	if (k->reply != NULL) {
		buf_addf(b, "allowed %s by ", k->reply->form.text);
		buf_add_escaped(b, k->reply->by, strlen(k->reply->by));
		buf_addf(b, ": %u %s, first %s\n", k->n, cases, k->first);
	} else if (k->n > 0) {
		buf_addf(b, "known deviation %s: %u %s, first %s\n", k->d->id,
		    k->n, cases, k->first);
		if (why)
			lines_add_text(b, "    ", "why", k->d->why);
	} else if (!k->unclear) {
		buf_addf(b,
		    "note: deviation %s no longer occurs: in every case of "
		    "this run that it speaks of the stack did as required\n",
		    k->d->id);
	}
}

static void
text_tail(const struct report_options *o, const struct report_tail *tail)
{
	struct buf b = { 0 };
	size_t i;

	for (i = 0; i < tail->nknown; i++)
		add_known(&b, &tail->known[i], o->verbosity < 0);
	lines_add_tally(&b, tail);
	if (tail->nbehaviours > 0)
		buf_addf(&b, "; %zu behaviour%s", tail->nbehaviours,
		    tail->nbehaviours == 1 ? "" : "s");
	fprintf(o->out, "%s, in %.2f s\n", buf_str(&b), tail->seconds);
	buf_free(&b);
}

static void
text_behaviour(const struct report_options *o, const struct report_behaviour *r)
{
	struct buf b = { 0 };

	buf_addf(&b,
	    "%s%-12s%s %u cell%s: ", o->colour ? colours[r->verdict] : "",
	    verdict_name(r->verdict), o->colour ? "\033[0m" : "", r->n,
	    r->n == 1 ? "" : "s");
	lines_add_behaviour(&b, "    ", r);
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

/* ---- probes ---- */

/* What an answer looks like among its like: as a verdict does. */
static const enum verdict looks[] = {
	[ANSWER_CLOSED] = V_PASS,
	[ANSWER_OPEN] = V_PASS,
	[ANSWER_RESET] = V_PASS,
	[ANSWER_DUE] = V_PASS,
	[ANSWER_SILENT] = V_SKIP,
	[ANSWER_REFUSED] = V_SKIP,
	[ANSWER_UNCLEAR] = V_INCONCLUSIVE,
	[ANSWER_WRONG] = V_FAIL,
	[ANSWER_UNTRIED] = V_SKIP,
};
_Static_assert(ARRAY_SIZE(looks) == NANSWERS, "a look for each answer");

static void
text_scan_head(const struct report_options *o, const struct report_scan_head *h)
{
	struct buf b = { 0 };

	lines_add_scan(&b, h);
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

static void
text_probe(const struct report_options *o, const struct report_probe *p)
{
	struct buf b = { 0 };

	buf_addf(&b, "%s%-8s%s", o->colour ? colours[looks[p->answer]] : "",
	    answer_name(p->answer), o->colour ? "\033[0m" : "");
	lines_add_probe(&b, p);
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

static void
text_scan_tail(const struct report_options *o, const struct report_scan_tail *t)
{
	struct buf b = { 0 };

	lines_add_answers(&b, t);
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

/* ---- scripts ---- */

static void
text_script_head(const struct report_options *o,
    const struct report_script_head *h)
{
	(void)o;
	(void)h;
}

static void
text_script(const struct report_options *o, size_t number,
    const struct report_script *s)
{
	bool bad = s->verdict >= V_INCONCLUSIVE;
	struct buf b = { 0 };

	(void)number;
	if (o->verbosity < 0 && s->verdict == V_PASS && s->reason[0] == '\0')
		return;
	buf_addf(&b, "%s%-12s%s %s  ", o->colour ? colours[s->verdict] : "",
	    verdict_name(s->verdict), o->colour ? "\033[0m" : "", s->name);
	if (s->verdict == V_SKIP && s->line > 0)
		buf_addf(&b, "line %d: %s\n", s->line, s->reason);
	else if (s->verdict == V_SKIP)
		buf_addf(&b, "%s\n", s->reason);
	else
		buf_addf(&b, "%.2f s\n", s->seconds);
	if (bad || o->verbosity > 0 ||
	    (s->verdict == V_PASS && s->reason[0] != '\0') ||
	    (o->ladder != NULL && s->alone))
		script_add(&b, "    ", s, o->verbosity > 0, o->ladder);
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

static void
text_script_tail(const struct report_options *o,
    const struct report_script_tail *t)
{
	struct buf b = { 0 };

	script_add_tally(&b, t);
	fprintf(o->out, "%s\n", buf_str(&b));
	buf_free(&b);
}

/* ---- a hand-made peer ---- */

static void
text_respond_head(const struct report_options *o,
    const struct report_respond_head *h)
{
	struct buf b = { 0 };

	respond_add_head(&b, h);
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

static void
text_respond_segment(const struct report_options *o,
    const struct report_respond_segment *s)
{
	struct buf b = { 0 };

	if (o->verbosity < 0)
		return;
	respond_add_segment(&b, s, o->verbosity > 0);
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

static void
text_respond_verdict(const struct report_options *o,
    const struct report_respond_verdict *r)
{
	enum verdict v = r->c.j->verdict;
	struct buf b = { 0 };

	if (o->verbosity < 0 && v <= V_DEVIATION)
		return;
	buf_addf(&b, "%s%-12s%s", o->colour ? colours[v] : "", verdict_name(v),
	    o->colour ? "\033[0m" : "");
	respond_add_verdict(&b, r, o->verbosity > 0);
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

static void
text_respond_tail(const struct report_options *o,
    const struct report_respond_tail *t)
{
	struct buf b = { 0 };

	respond_add_tally(&b, t);
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

/* ---- a table of stacks ---- */

static void
text_table_head(const struct report_options *o)
{
	struct buf b = { 0 };

	table_add_head(&b);
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

static void
text_table_stack(const struct report_options *o,
    const struct report_table_stack *s)
{
	struct buf b = { 0 };

	table_add_stack(&b, s);
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

static void
text_table_tail(const struct report_options *o,
    const struct report_table_tail *t)
{
	struct buf b = { 0 };

	table_add_tally(&b, t);
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

const struct report_format report_text = {
	.name = "text",
	.head = text_head,
	.one = text_one,
	.tail = text_tail,
	.behaviour = text_behaviour,
	.scan_head = text_scan_head,
	.probe = text_probe,
	.scan_tail = text_scan_tail,
	.script_head = text_script_head,
	.script = text_script,
	.script_tail = text_script_tail,
	.reset = text_reset,
	.reset_tail = text_reset_tail,
	.respond_head = text_respond_head,
	.respond_segment = text_respond_segment,
	.respond_verdict = text_respond_verdict,
	.respond_tail = text_respond_tail,
	.table_head = text_table_head,
	.table_stack = text_table_stack,
	.table_tail = text_table_tail,
};
