#ifndef RETORT_REPORT_TABLE_H
#define RETORT_REPORT_TABLE_H

#include "report/report.h"

/* The cases that one group of rules speaks of, and their verdicts. */
struct report_table_row {
	char rules[32]; /* "syn-sent": the ids' part before the "/" */
	unsigned n[NVERDICTS];
};

/* What came of the suite with one stack. */
struct report_table_stack {
	const char *name, *version; /* not escaped */
	const char *reason; /* why the suite was not run, or not to its end */
	bool ran;
	const struct report_table_row *rows;
	size_t nrows;
	unsigned n[NVERDICTS]; /* of all rows */
};

struct report_table_tail {
	size_t nstacks, nran;
	unsigned n[NVERDICTS];
	double seconds;
};

/* The lines of these for people. */
void table_add_head(struct buf *);
void table_add_stack(struct buf *, const struct report_table_stack *);
void table_add_tally(struct buf *, const struct report_table_tail *);

/*
 * Not for people: a line a case, its verdict and the id of the rule that it
 * was held to, or "-".
 */
extern const struct report_format report_brief;

#endif
