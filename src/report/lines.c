#include <ctype.h>
#include <string.h>

#include "base/columns.h"
#include "base/table.h"
#include "report/exchange_ladder.h"
#include "report/lines.h"
#include "tcp/notation.h"

#define WIDTH 80
#define LABEL LINES_LABEL

void
lines_add_cites(struct buf *b, const struct cites *cites)
{
	const struct cite *c;

	STAILQ_FOREACH (c, cites, next) {
		buf_add_escaped(b, c->text, strlen(c->text));
		if (STAILQ_NEXT(c, next) != NULL)
			buf_adds(b, ", ");
	}
}

static void
add_label(struct buf *b, const char *indent, const char *label)
{
	size_t len = columns_of(label, strlen(label));

	buf_adds(b, indent);
	buf_adds(b, label);
	buf_fill(b, ' ', len < LABEL ? LABEL - len : 0);
}

/* Spaces next to each other become one. */
static void
add_squeezed(struct buf *b, const char *text)
{
	for (; *text != '\0'; text++)
		if (text[0] != ' ' || text[1] != ' ')
			buf_add(b, text, 1);
}

void
lines_add_folded_to(struct buf *b, unsigned width, const char *indent,
    const char *label, const char *text)
{
	size_t used = strlen(indent) + LABEL, n;
	size_t room = width > used ? width - used : 1;
	struct buf squeezed = { 0 };
	const char *p;

	if (strstr(text, "  ") != NULL) {
		add_squeezed(&squeezed, text);
		text = buf_str(&squeezed);
	}
	add_label(b, indent, label);
	p = text + strspn(text, " ");
	while (*p != '\0') {
		n = columns_line(p, strlen(p), room);
		buf_add(b, p, n);
		p += n;
		p += strspn(p, " ");
		if (*p != '\0') {
			buf_adds(b, "\n");
			add_label(b, indent, "");
		}
	}
	buf_adds(b, "\n");
	buf_free(&squeezed);
}

void
lines_add_folded(struct buf *b, const char *indent, const char *label,
    const char *text)
{
	lines_add_folded_to(b, WIDTH, indent, label, text);
}

void
lines_add_text(struct buf *b, const char *indent, const char *label,
    const char *text)
{
	struct buf esc = { 0 };

	buf_add_escaped(&esc, text, strlen(text));
	lines_add_folded(b, indent, label, buf_str(&esc));
	buf_free(&esc);
}

static const char *
mark(const struct passage *p)
{
	switch (p->rel) {
	case REL_STIMULUS:
		return "    <- the segment under test";
	case REL_AGAIN:
		return "    (seen before, set aside)";
	case REL_WRONG_PORT:
		return "    (from another port)";
	default:
		return "";
	}
}

/* The event of a case that sends no segment. */
static void
add_event(struct buf *b, const char *indent, enum event event)
{
	buf_addf(b, "%s* %s %s    <- under test\n", indent,
	    event >= EV_USER_TIMEOUT ? "the timer runs out:" : "the user calls",
	    event_name(event));
}

static void
add_exchange(struct buf *b, const char *indent, const struct report_case *c)
{
	const struct passage *p;
	bool called = c->event == EV_SEGMENT || !c->x->stimulated;

	for (p = c->x->passages; p < c->x->passages + c->x->n; p++) {
		if (p->rel == REL_CLEANUP)
			continue;
		if (!called && p->rel != REL_SETUP) {
			add_event(b, indent, c->event);
			called = true;
		}
		buf_addf(b, "%s%s ", indent, p->ours ? ">" : "<");
		notation_add_tcpdump(b, &p->seg);
		buf_addf(b, "%s\n", mark(p));
	}
	if (!called)
		add_event(b, indent, c->event);
}

/* What has become of the connection. */
static void
add_aftermath(struct buf *b, const char *indent, const struct report_case *c)
{
	static const char *const sights[] = {
		[SEES_NOTHING] = "nothing",
		[SEES_CLOSING] = "the end of file",
		[SEES_REFUSED] = "\"connection refused\" (ECONNREFUSED)",
		[SEES_RESET] = "\"connection reset\" (ECONNRESET)",
		[SEES_TIMEOUT] = "\"user timeout\" (ETIMEDOUT)",
		[SEES_PIPE] = "a broken pipe (EPIPE)",
		[SEES_OTHER] = "another error",
	};
	const struct aftermath *a = c->after;

	_Static_assert(ARRAY_SIZE(sights) == NSEES, "words for each sight");
	if (a == NULL)
		return;
	buf_addf(b, "%s%-*s", indent, LABEL, "state");
	if (a->state != c->state)
		buf_addf(b, "%s, then %s", state_name(c->state),
		    state_name(a->state));
	else
		buf_addf(b, "%s, as before", state_name(a->state));
	if (a->has_user && a->sees < NSEES)
		buf_addf(b, "; the user sees %s", sights[a->sees]);
	if (a->has_user && a->unread > 0)
		buf_addf(b, " and can read %u octet%s", a->unread,
		    a->unread == 1 ? "" : "s");
	buf_adds(b, "\n");
}

void
lines_add_rule(struct buf *b, const char *indent, const struct rule *r)
{
	struct buf text = { 0 };

	buf_addf(&text, "%s (%s) ", r->id, r->level);
	lines_add_cites(&text, &r->cites);
	lines_add_folded(b, indent, "rule", buf_str(&text));
	buf_free(&text);
}

static void
add_comparison(struct buf *b, const char *indent, const struct judgement *j)
{
	const struct field *f;

	buf_addf(b, "%s%-*s%s\n", indent, LABEL, "expected", j->expected);
	buf_addf(b, "%s%-*s", indent, LABEL, "observed");
	if (j->observed != NULL)
		notation_add_rfc(b, &j->observed->seg);
	else
		buf_adds(b, "none");
	buf_adds(b, "\n");
	for (f = j->fields; f < j->fields + j->nfields; f++)
		if (!f->ok && strcmp(f->name, "reply") != 0)
			buf_addf(b, "%s%-*s%s: expected %s, observed %s\n",
			    indent, LABEL,
			    j->verdict == V_ALLOWED ? "  differs" : "  wrong",
			    f->name, f->expected, f->observed);
}

/* What the kernel itself calls the reason of its RST. */
static void
add_kernel(struct buf *b, const char *indent, const char *reason)
{
	bool said = strcmp(reason, "NOT_SPECIFIED") != 0;

	buf_addf(b, "%s%-*s%s\n", indent, LABEL, "kernel",
	    said ? reason : "not said");
}

void
lines_add(struct buf *b, const char *indent, const struct report_case *c,
    const struct ladder_style *style)
{
	const struct judgement *j = c->j;

	add_exchange(b, indent, c);
	if (style != NULL)
		case_add_ladder(b, c, style);
	add_aftermath(b, indent, c);
	if (j->rule != NULL) {
		lines_add_rule(b, indent, j->rule);
		add_comparison(b, indent, j);
	}
	if (c->kernel_reason != NULL)
		add_kernel(b, indent, c->kernel_reason);
	if (j->reason[0] != '\0')
		lines_add_text(b, indent, "verdict", j->reason);
	if (j->rule != NULL)
		lines_add_text(b, indent, "why", j->rule->why);
	if (j->deviation != NULL) {
		lines_add_folded(b, indent, "known as", j->deviation->id);
		lines_add_text(b, indent, "", j->deviation->why);
	}
}

void
lines_add_behaviour(struct buf *b, const char *indent,
    const struct report_behaviour *r)
{
	buf_addf(b, "%s\n%s%-*s%s\n",
	    r->deviation != NULL ? r->deviation->id
	    : r->rule != NULL	 ? r->rule->id
				 : "no rule",
	    indent, LABEL, "example", r->example);
	if (r->rule == NULL) {
		lines_add_text(b, indent, "verdict", r->shape);
		return;
	}
	lines_add_rule(b, indent, r->rule);
	lines_add_folded(b, indent, "required", r->required);
	lines_add_folded(b, indent, "observed", r->shape);
	if (r->reply != NULL)
		lines_add_text(b, indent, "allowed by", r->reply->by);
	else
		lines_add_text(b, indent, "why",
		    r->deviation != NULL ? r->deviation->why : r->rule->why);
}

void
lines_add_short(struct buf *b, const struct report_case *c)
{
	const struct passage *p;
	bool any = false;

	if (!c->x->stimulated) {
		buf_adds(b, "not tried");
		return;
	}
	if (c->event != EV_SEGMENT)
		buf_addf(b, "%s ->", event_name(c->event));
	for (p = c->x->passages; p < c->x->passages + c->x->n; p++) {
		if (p->rel != REL_STIMULUS && p->rel != REL_REPLY &&
		    p->rel != REL_WRONG_PORT)
			continue;
		any |= p->rel != REL_STIMULUS;
		buf_adds(b, p->rel == REL_STIMULUS ? "[" : " [");
		ctl_add_tcpdump(b, p->seg.ctl);
		buf_adds(b, p->rel == REL_STIMULUS     ? "] ->"
			    : p->rel == REL_WRONG_PORT ? "] from another port"
						       : "]");
	}
	if (!any)
		buf_adds(b, " silence");
}

void
lines_add_verdicts(struct buf *b, const char *what, const unsigned n[NVERDICTS])
{
	unsigned total = 0;
	const char *p;
	enum verdict v;

	for (v = 0; v < NVERDICTS; v++)
		total += n[v];
	buf_addf(b, "%u %s%s:", total, what, total == 1 ? "" : "s");
	for (v = 0; v < NVERDICTS; v++) {
		if (n[v] == 0 && v != V_PASS && v != V_FAIL)
			continue;
		buf_addf(b, "%s %u ", v == V_PASS ? "" : ",", n[v]);
		for (p = verdict_name(v); *p != '\0'; p++)
			buf_addf(b, "%c", tolower((unsigned char)*p));
	}
}

void
lines_add_tally(struct buf *b, const struct report_tail *tail)
{
	lines_add_verdicts(b, tail->matrix ? "cell" : "case", tail->n);
}
