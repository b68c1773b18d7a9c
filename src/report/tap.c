/*
 * Test Anything Protocol. What is written is valid in version 14, and in
 * version 13 too; the first line says 13 because the prove(1) in wide use
 * refuses any later number.
 */
#include <string.h>

#include "base/buf.h"
#include "report/lines.h"
#include "report/report_script.h"

static void
tap_head(const struct report_options *o, const struct report_head *h)
{
	fprintf(o->out, "TAP version 13\n1..%zu\n", h->ncases);
}

/*
 * In a description '#' begins a directive: escape it and the backslash. The
 * text is escaped otherwise.
 */
static void
add_escaped_description(struct buf *b, const char *text)
{
	const char *p;

	for (p = text; *p != '\0'; p++) {
		if (*p == '#' || *p == '\\')
			buf_adds(b, "\\");
		buf_add(b, p, 1);
	}
}

static void
add_description(struct buf *b, const char *text)
{
	struct buf esc = { 0 };

	buf_add_escaped(&esc, text, strlen(text));
	add_escaped_description(b, buf_str(&esc));
	buf_free(&esc);
}

static void
tap_one(const struct report_options *o, size_t number,
    const struct report_case *c)
{
	enum verdict v = c->j->verdict;
	struct buf b = { 0 };

	/* a known deviation is what TAP calls TODO: it fails, and may */
	buf_addf(&b, "%sok %zu - ",
	    v == V_DEVIATION || v >= V_INCONCLUSIVE ? "not " : "", number);
	add_description(&b, c->id);
	if (v == V_DEVIATION) {
		buf_adds(&b, " # TODO known deviation ");
		add_description(&b, c->j->deviation->id);
	}
	if (v == V_SKIP) {
		buf_adds(&b, " # SKIP ");
		add_description(&b, c->j->reason);
	}
	buf_adds(&b, "\n");
	if (v != V_PASS && v != V_SKIP) {
		buf_addf(&b, "  ---\n  verdict: %s\n  detail: |\n",
		    verdict_name(v));
		lines_add(&b, "    ", c, NULL);
		buf_adds(&b, "  ...\n");
	}
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

static void
tap_tail(const struct report_options *o, const struct report_tail *tail)
{
	struct buf b = { 0 };

	lines_add_tally(&b, tail);
	fprintf(o->out, "# %s, in %.2f s\n", buf_str(&b), tail->seconds);
	buf_free(&b);
}

/* ---- scripts ---- */

static void
tap_script_head(const struct report_options *o,
    const struct report_script_head *h)
{
	fprintf(o->out, "TAP version 13\n1..%zu\n", h->nscripts);
}

static void
tap_script(const struct report_options *o, size_t number,
    const struct report_script *s)
{
	bool bad = s->verdict >= V_INCONCLUSIVE;
	struct buf b = { 0 };

	buf_addf(&b, "%sok %zu - ", bad ? "not " : "", number);
	add_escaped_description(&b, s->name);
	if (s->verdict == V_SKIP) {
		buf_adds(&b, " # SKIP ");
		add_escaped_description(&b, s->reason);
	}
	buf_adds(&b, "\n");
	if (bad) {
		buf_addf(&b, "  ---\n  verdict: %s\n  detail: |\n",
		    verdict_name(s->verdict));
		script_add(&b, "    ", s, false, NULL);
		buf_adds(&b, "  ...\n");
	}
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

/* Scripts that were not played any more are missing in the plan's count. */
static void
tap_script_tail(const struct report_options *o,
    const struct report_script_tail *t)
{
	struct buf b = { 0 };

	script_add_tally(&b, t);
	fprintf(o->out, "# %s\n", buf_str(&b));
	buf_free(&b);
}

const struct report_format report_tap = {
	.name = "tap",
	.head = tap_head,
	.one = tap_one,
	.tail = tap_tail,
	.script_head = tap_script_head,
	.script = tap_script,
	.script_tail = tap_script_tail,
};
