/* The lines that tell what a port did with a probe. */
#include <string.h>

#include "base/table.h"
#include "report/lines.h"
#include "report/probe.h"
#include "tcp/notation.h"

static const char *const names[] = {
	[ANSWER_CLOSED] = "closed",
	[ANSWER_OPEN] = "open",
	[ANSWER_RESET] = "reset",
	[ANSWER_DUE] = "due",
	[ANSWER_SILENT] = "silent",
	[ANSWER_REFUSED] = "refused",
	[ANSWER_UNCLEAR] = "unclear",
	[ANSWER_WRONG] = "wrong",
	[ANSWER_UNTRIED] = "untried",
};
_Static_assert(ARRAY_SIZE(names) == NANSWERS, "a name for each answer");

const char *
answer_name(enum answer a)
{
	return a < NANSWERS ? names[a] : "?";
}

/* How long an answer took, and what its headers say beside the numbers. */
static void
add_particulars(struct buf *b, const struct report_probe *p)
{
	const struct segment *r = p->reply;

	if (r != NULL) {
		buf_addf(b, "  %.2f ms  ttl %u  win %u", p->rtt, r->ttl,
		    r->wnd);
		if (r->tuple.src.addr.ip == 4)
			buf_addf(b, "  id %u", r->ip_id);
	} else if (p->icmp != NULL) {
		buf_adds(b, "  ");
		icmp_add_text(b, p->icmp);
		buf_adds(b, ", says ");
		addr_add(b, &p->icmp->from);
		buf_addf(b, "  ttl %u", p->icmp->ttl);
	} else if (p->tries > 0 && p->answer != ANSWER_UNTRIED) {
		buf_addf(b, "  %u %s, %.0f ms", p->tries,
		    p->tries == 1 ? "try" : "tries", p->waited);
	}
}

void
lines_add_probe(struct buf *b, const struct report_probe *p)
{
	const struct rule *rule = p->c.j->rule;

	buf_addf(b, " %-5u ", p->port);
	if (p->answer == ANSWER_UNTRIED && p->tries > 0)
		buf_adds(b, "asked, but not waited for");
	else
		lines_add_short(b, &p->c);
	add_particulars(b, p);
	if (rule != NULL) {
		buf_addf(b, "  %s (%s) ", rule->id, rule->level);
		buf_adds(b, STAILQ_FIRST(&rule->cites)->text);
	}
	buf_adds(b, "\n");
	if (p->whole)
		lines_add(b, "    ", &p->c, NULL);
	if (p->hint != NULL)
		lines_add_text(b, "    ", "hint", p->hint);
	if (p->note != NULL && p->whole)
		lines_add_text(b, "    ", "note", p->note);
}

void
lines_add_scan(struct buf *b, const struct report_scan_head *h)
{
	struct buf addr = { 0 };

	addr_add(&addr, h->addr);
	buf_adds(b, h->host);
	if (strcmp(h->host, buf_str(&addr)) != 0)
		buf_addf(b, " (%s)", buf_str(&addr));
	buf_free(&addr);
	buf_addf(b, ", %zu port%s, [", h->nports, h->nports == 1 ? "" : "s");
	ctl_add_tcpdump(b, h->seg->ctl);
	buf_addf(b, "] against %s\n", h->against);
}

void
lines_add_answers(struct buf *b, const struct report_scan_tail *t)
{
	unsigned total = 0;
	enum answer a;

	for (a = 0; a < NANSWERS; a++)
		total += t->n[a];
	buf_addf(b, "%u probe%s:", total, total == 1 ? "" : "s");
	for (a = 0; a < NANSWERS; a++)
		if (t->n[a] > 0)
			buf_addf(b, " %u %s,", t->n[a], names[a]);
	if (t->n[ANSWER_WRONG] == 0)
		buf_adds(b, " 0 wrong,");
	buf_addf(b, " %u lost, in %.2f s%s\n", t->lost, t->seconds,
	    t->stopped ? ": interrupted" : "");
}
