#ifndef RETORT_LINES_H
#define RETORT_LINES_H

#include "base/buf.h"
#include "report/report.h"

#define LINES_LABEL 11 /* columns of "expected   " and its like */

struct ladder_style;

/*
 * The lines that explain a case, each after `indent` and ended by a newline:
 * the exchange in tcpdump's notation, the rule and its clauses, expected
 * against observed field by field, the reason. Shared by the formats that
 * are read by people. style: of a ladder of the exchange, or NULL for none.
 */
void lines_add(struct buf *, const char *indent, const struct report_case *,
    const struct ladder_style *style);

/* What cells of a matrix have in common; the first line is begun already. */
void lines_add_behaviour(struct buf *, const char *indent,
    const struct report_behaviour *);

/* A labelled text from a file, escaped and folded. */
void lines_add_text(struct buf *, const char *indent, const char *label,
    const char *text);

/*
 * A labelled sentence, folded at 80 columns with a hanging indent. The text is
 * escaped already.
 */
void lines_add_folded(struct buf *, const char *indent, const char *label,
    const char *text);

/* The same in so many columns of a terminal, for text in any language. */
void lines_add_folded_to(struct buf *, unsigned columns, const char *indent,
    const char *label, const char *text);

/* The rule that applies: its id, its level, its clauses. */
void lines_add_rule(struct buf *, const char *indent, const struct rule *);

/* "[S] -> [R.]": the stimulus and what came, in short. */
void lines_add_short(struct buf *, const struct report_case *);

/* "RFC 9293 3.10.7.1, RFC 793 p.65" */
void lines_add_cites(struct buf *, const struct cites *);

/* What a port did, from after the word for it; with p->whole all of it. */
void lines_add_probe(struct buf *, const struct report_probe *);

/* "www (192.0.2.2), 3 ports, [S] against RFC 9293" */
void lines_add_scan(struct buf *, const struct report_scan_head *);

/* "3 probes: 2 closed, 1 open, 0 wrong, 0 lost, in 0.00 s" */
void lines_add_answers(struct buf *, const struct report_scan_tail *);

/* "2 scripts: 1 pass, 1 fail"; what: "script" */
void lines_add_verdicts(struct buf *, const char *what,
    const unsigned n[NVERDICTS]);

/* "4164 cases: 4100 pass, 64 deviation" */
void lines_add_tally(struct buf *, const struct report_tail *);

#endif
