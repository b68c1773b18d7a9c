#ifndef RETORT_LINES_H
#define RETORT_LINES_H

#include "base/buf.h"
#include "report/report.h"

/*
 * The lines that explain a case, each after `indent` and ended by a newline:
 * the exchange in tcpdump's notation, the rule and its clauses, expected
 * against observed field by field, the reason. Shared by the formats that
 * are read by people.
 */
void lines_add(struct buf *, const char *indent, const struct report_case *);

/* What cells of a matrix have in common; the first line is begun already. */
void lines_add_behaviour(struct buf *, const char *indent,
    const struct report_behaviour *);

/* A labelled text from a file, escaped and folded. */
void lines_add_text(struct buf *, const char *indent, const char *label,
    const char *text);

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

/* "4164 cases: 4100 pass, 64 deviation" */
void lines_add_tally(struct buf *, const struct report_tail *);

#endif
