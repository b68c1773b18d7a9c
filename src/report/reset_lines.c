/* A RST of a capture, for people to read. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "report/lines.h"
#include "report/report_reset.h"
#include "tcp/notation.h"

#define INDENT	  "    "
#define TEXT_SHOW 64 /* octets of a RST's text */

/* Most lines of an exchange share their second: it is spelt once. */
struct second {
	time_t seconds;
	char text[40]; /* "": none yet */
};

static void
add_time(struct buf *b, struct second *last, int64_t when, const char *format)
{
	time_t seconds = when / 1000000000;
	char micros[8] = ".000000";
	unsigned us = when / 1000 % 1000000;
	struct tm tm;
	int i;

	if ((seconds != last->seconds || last->text[0] == '\0') &&
	    (localtime_r(&seconds, &tm) == NULL ||
		strftime(last->text, sizeof(last->text), format, &tm) == 0))
		last->text[0] = '\0';
	last->seconds = seconds;
	for (i = 6; us > 0 && i > 0; us /= 10)
		micros[i--] = '0' + us % 10;
	buf_adds(b, last->text);
	buf_adds(b, micros);
}

/* In tcpdump's notation, from the peer's side: > goes to who resets. */
static void
add_exchange(struct buf *b, const struct reset *r)
{
	struct second last = { .text = "" };
	struct segment s;
	size_t i;

	if (r->untold > 0)
		buf_addf(b, INDENT "(%" PRIu64 " segments before these)\n",
		    r->untold);
	for (i = 0; i < r->ntold; i++) {
		reset_relative(r, i, &s);
		buf_adds(b, INDENT);
		buf_adds(b, r->told[i].by_sender ? "< " : "> ");
		add_time(b, &last, r->told[i].when, "%H:%M:%S");
		buf_adds(b, " ");
		notation_add_tcpdump(b, &s);
		if (i == r->at)
			buf_addf(b, "    <- the RST, ttl %u", s.ttl);
		else if ((int)i == r->trigger)
			buf_adds(b, "    <- what it answers");
		buf_adds(b, "\n");
	}
}

static void
add_clauses(struct buf *b, const char *label, const struct clauses *clauses,
    const struct clues *clues)
{
	struct buf text = { 0 };
	const struct clause *c;

	STAILQ_FOREACH (c, clauses, next) {
		if (!clause_holds(c, clues))
			continue;
		buf_reset(&text);
		clause_add_text(&text, c, clues);
		lines_add_text(b, INDENT, label, buf_str(&text));
		label = "";
	}
	buf_free(&text);
}

/* Its SEQ and ACK, by the rulebook. */
static void
add_numbers(struct buf *b, const struct numbers *n)
{
	const struct field *f;

	if (n->verdict == NUMBERS_UNKNOWN)
		lines_add_folded(b, INDENT, "numbers",
		    "too little was seen to hold them to a rule");
	else if (n->verdict == NUMBERS_RIGHT)
		lines_add_folded(b, INDENT, "numbers", "as the rule says");
	else
		buf_addf(b, INDENT "%-*swrong: expected %s\n", LINES_LABEL,
		    "numbers", n->j.expected);
	if (n->verdict == NUMBERS_WRONG)
		for (f = n->j.fields; f < n->j.fields + n->j.nfields; f++)
			if (!f->ok && strcmp(f->name, "reply") != 0)
				buf_addf(b,
				    INDENT "%-*s%s: expected %s, observed %s\n",
				    LINES_LABEL, "  wrong", f->name,
				    f->expected, f->observed);
	if (n->rule != NULL)
		lines_add_rule(b, INDENT, n->rule);
	if (n->verdict == NUMBERS_RIGHT && n->by != NULL)
		lines_add_text(b, INDENT, "allowed by", n->by);
}

static void
add_reception(struct buf *b, const struct numbers *n)
{
	struct buf text = { 0 };

	buf_adds(&text, reception_name(n->reception));
	if (n->reason[0] != '\0')
		buf_addf(&text, ": %s", n->reason);
	if (n->received_by != NULL) {
		buf_addf(&text, " (%s, ", n->received_by->id);
		lines_add_cites(&text, &n->received_by->cites);
		buf_adds(&text, ")");
	}
	lines_add_folded(b, INDENT, "receiver", buf_str(&text));
	buf_free(&text);
}

/* What is in it, which is for people: RFC 9293 3.5.2 allows it. */
static void
add_payload(struct buf *b, const struct segment *s)
{
	uint32_t shown = s->text_kept < TEXT_SHOW ? s->text_kept : TEXT_SHOW;
	uint32_t enterprise = 0;
	struct buf text = { 0 };
	unsigned code;

	if (s->text_len == 0)
		return;
	buf_addf(&text, "%u octets: ", s->text_len);
	if (s->text != NULL)
		buf_add_escaped(&text, s->text, shown);
	lines_add_folded(b, INDENT, "text", buf_str(&text));
	code = s->text == NULL || s->text_kept < s->text_len
		   ? 0
		   : diagnostic_reason(s->text, s->text_len, &enterprise);
	if (code != 0) {
		buf_reset(&text);
		buf_addf(&text, "%u, ", code);
		buf_adds(&text, diagnostic_reason_text(code) != NULL
				    ? diagnostic_reason_text(code)
				    : "not defined");
		if (enterprise != 0)
			buf_addf(&text, ", of enterprise %u", enterprise);
		lines_add_text(b, INDENT, "diagnostic", buf_str(&text));
	}
	buf_free(&text);
}

static void
add_kernel(struct buf *b, const struct report_reset *x)
{
	struct buf text = { 0 };

	if (x->kernel_reason != NULL) {
		buf_adds(&text, x->kernel_reason);
		if (x->kernel_state != NULL)
			buf_addf(&text, " in %s", x->kernel_state);
		buf_adds(&text, x->agrees
				    ? ", which goes with the cause"
				    : ", which the cause does not expect");
		lines_add_folded(b, INDENT, "kernel", buf_str(&text));
	}
	if (x->owner != NULL)
		lines_add_folded(b, INDENT, "process", x->owner);
	buf_free(&text);
}

static void
add_head(struct buf *b, const struct report_reset *x)
{
	const struct reset *r = x->reset;
	struct second day = { .text = "" };

	buf_addf(b, "RST %" PRIu64 ": ", r->number);
	if (x->cause == NULL)
		buf_adds(b, "unknown: no cause fits\n");
	else
		buf_addf(b, "%s, %s: %s\n", x->cause->id, sure_name(x->sure),
		    x->cause->title);
	buf_addf(b, INDENT "%-*s", LINES_LABEL, "at");
	add_time(b, &day, r->told[r->at].when, "%Y-%m-%d %H:%M:%S");
	buf_addf(b, ", frame %" PRIu64, x->frame);
	if (x->file != NULL)
		buf_addf(b, " of %s", x->file);
	buf_addf(b, "\n" INDENT "%-*s", LINES_LABEL, "from");
	endpoint_add(b, &r->seg.tuple.src);
	buf_adds(b, " to ");
	endpoint_add(b, &r->seg.tuple.dst);
	if (x->state < NSTATES)
		buf_addf(b, ", in %s by what was seen", state_name(x->state));
	buf_adds(b, "\n");
}

void
reset_line_add(struct buf *b, const struct report_reset *x)
{
	const struct numbers *n = x->numbers;
	struct second time = { .text = "" };
	struct segment s;

	buf_adds(b, "RST ");
	buf_addu(b, x->reset->number);
	buf_adds(b, ": ");
	buf_adds(b, x->cause != NULL ? x->cause->id : "unknown");
	buf_adds(b, ", as RST ");
	buf_addu(b, x->as);
	buf_adds(b, ": ");
	add_time(b, &time, x->reset->told[x->reset->at].when, "%H:%M:%S");
	buf_adds(b, " ");
	reset_relative(x->reset, x->reset->at, &s);
	notation_add_tcpdump(b, &s);
	buf_adds(b, ", frame ");
	buf_addu(b, x->frame);
	if (x->file != NULL)
		buf_addf(b, " of %s", x->file);
	if (n->verdict == NUMBERS_WRONG)
		buf_addf(b, ", numbers wrong: expected %s", n->j.expected);
	if (n->reception != RECEPTION_ACCEPTED)
		buf_addf(b, ", receiver: %s", reception_name(n->reception));
	if (x->kernel_reason != NULL)
		buf_addf(b, ", kernel: %s%s", x->kernel_reason,
		    x->agrees ? "" : ", which the cause does not expect");
	if (x->owner != NULL)
		buf_addf(b, ", process %s", x->owner);
	buf_adds(b, "\n");
}

void
reset_add_counted(struct buf *b, const struct report_counted *c)
{
	struct second time = { .text = "" };

	buf_addf(b, "%" PRIu64 " more as RST %" PRIu64 " (%s), from ", c->n,
	    c->like, c->what);
	add_time(b, &time, c->from, "%H:%M:%S");
	buf_adds(b, " to ");
	add_time(b, &time, c->to, "%H:%M:%S");
	buf_adds(b, "\n");
}

void
reset_lines_add(struct buf *b, const struct report_reset *x, bool whole,
    const struct ladder_style *style)
{
	const struct cause *c = x->cause;
	struct buf text = { 0 };

	add_head(b, x);
	add_exchange(b, x->reset);
	if (style != NULL)
		reset_add_ladder(b, x, style);
	if (c != NULL)
		add_clauses(b, "evidence", &c->evidence, x->clues);
	if (x->like[0] != '\0')
		lines_add_folded(b, INDENT, "or", x->like);
	add_numbers(b, x->numbers);
	add_reception(b, x->numbers);
	add_payload(b, &x->reset->seg);
	add_kernel(b, x);
	if (c == NULL)
		return;
	add_clauses(b, "check next", &c->check, x->clues);
	if (!whole)
		return;
	lines_add_text(b, INDENT, "why", c->why);
	add_clauses(b, "cure", &c->cure, x->clues);
	lines_add_cites(&text, &c->cites);
	lines_add_folded(b, INDENT, "see", buf_str(&text));
	buf_free(&text);
}

void
reset_add_comment(struct buf *b, const struct report_reset *x)
{
	const struct clause *c;
	struct buf text = { 0 };

	if (x->cause == NULL) {
		buf_addf(b, "retort: RST %" PRIu64 ": unknown cause",
		    x->reset->number);
		return;
	}
	buf_addf(&text, "retort: RST %" PRIu64 ": %s (%s): %s.",
	    x->reset->number, x->cause->id, sure_name(x->sure),
	    x->cause->title);
	STAILQ_FOREACH (c, &x->cause->evidence, next) {
		if (!clause_holds(c, x->clues))
			continue;
		buf_adds(&text, " ");
		clause_add_text(&text, c, x->clues);
	}
	if (x->like[0] != '\0')
		buf_addf(&text, " Or: %s.", x->like);
	buf_addf(&text, " Numbers: %s; receiver: %s.",
	    x->numbers->verdict == NUMBERS_RIGHT   ? "right"
	    : x->numbers->verdict == NUMBERS_WRONG ? "wrong"
						   : "not known",
	    reception_name(x->numbers->reception));
	buf_adds(b, buf_str(&text));
	buf_free(&text);
}

void
reset_add_trigger_comment(struct buf *b, const struct report_reset *x)
{
	buf_addf(b,
	    "retort: RST %" PRIu64 " in frame %" PRIu64 " follows from this: "
	    "%s (%s).",
	    x->reset->number, x->frame,
	    x->cause != NULL ? x->cause->id : "unknown cause",
	    sure_name(x->sure));
}
