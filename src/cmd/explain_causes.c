/* The causes that explain knows, for people and for the manual. */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "cmd/explain_sink.h"
#include "report/lines.h"

#define INDENT "  "

/* With {clues} as they stand. */
static void
add_clauses(struct buf *b, const char *label, const struct clauses *clauses)
{
	const struct clause *c;

	STAILQ_FOREACH (c, clauses, next) {
		lines_add_text(b, INDENT, label, c->text);
		label = "";
	}
}

static void
add_cause(struct buf *b, const struct cause *c)
{
	struct buf text = { 0 };
	const struct clause *like;

	buf_addf(b, "cause %s\n", c->id);
	lines_add_text(b, INDENT, "title", c->title);
	lines_add_text(b, INDENT, "why", c->why);
	add_clauses(b, "evidence", &c->evidence);
	STAILQ_FOREACH (like, &c->like, next)
		buf_addf(&text, "%s%s", text.len > 0 ? ", " : "", like->text);
	if (text.len > 0)
		lines_add_folded(b, INDENT, "or", buf_str(&text));
	add_clauses(b, "check", &c->check);
	add_clauses(b, "cure", &c->cure);
	if (c->reasons != NULL && c->reasons[0] != '\0')
		buf_addf(b, INDENT "%-*s%s\n", LINES_LABEL, "reasons",
		    c->reasons);
	buf_reset(&text);
	lines_add_cites(&text, &c->cites);
	lines_add_folded(b, INDENT, "see", buf_str(&text));
	buf_free(&text);
}

int
explain_list_causes(const struct causes *causes, const char *const *patterns,
    size_t n, struct err *e)
{
	const struct cause *c;
	struct buf b = { 0 };
	bool any, met = false;
	size_t i;

	STAILQ_FOREACH (c, &causes->list, next) {
		any = n == 0;
		for (i = 0; i < n; i++)
			any |= fnmatch(patterns[i], c->id, 0) == 0;
		if (!any)
			continue;
		if (met)
			buf_adds(&b, "\n");
		met = true;
		add_cause(&b, c);
	}
	fputs(buf_str(&b), stdout);
	buf_free(&b);
	return met ? 0
		   : err_about(e, ERR_USAGE, "no cause matches '", patterns[0],
			 "'; retort explain --causes lists them");
}
