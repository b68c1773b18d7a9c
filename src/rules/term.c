#include <string.h>

#include "base/buf.h"
#include "rules/term.h"

/*
 * The rule language has expressions, and a rule is the way to have one read:
 * one whose reply begins there. What has other characters than a term would
 * be another rule.
 */
int
term_eval(uint32_t *value, const char *text, const struct situation *s,
    struct err *e)
{
	const struct expr *seq;
	struct rulebook book;
	struct buf b = { 0 };
	struct err ignored;
	int rc = -1;

	rulebook_init(&book);
	buf_addf(&b,
	    "rule term in CLOSED reply <SEQ=%s><CTL=RST> level SPEC "
	    "cite \"none\" why \"none\"",
	    text);
	if (text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.0123456789+-")] !=
		'\0' ||
	    rulebook_add(&book, "term", b.p, b.len, &ignored) == -1) {
		err_about(e, ERR_USAGE, "'", text,
		    "' is no term of the RFC such as SEG.SEQ+SEG.LEN");
	} else {
		seq =
		    STAILQ_FIRST(&STAILQ_FIRST(&book.rules)->replies)->form.seq;
		rc = 0;
		if (s->seg == NULL && expr_needs_segment(seq))
			rc = err_about(e, ERR_USAGE, "'", text,
			    "' speaks of a segment, but none was injected "
			    "before");
		else
			*value = expr_eval(seq, s);
	}
	buf_free(&b);
	rulebook_free(&book);
	return rc;
}
