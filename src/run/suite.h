#ifndef RETORT_SUITE_H
#define RETORT_SUITE_H

#include "report/report.h"
#include "run/session.h"
#include "run/testcase.h"

/* A suite: which cases, held to which rules, told to whom. */
struct suite {
	const struct rulebook *book;
	const struct testcases *cases;
	const char *stack, *version; /* as in data/deviations: "linux" */
	const struct report_format *format;
	struct report_options options;
	unsigned claims; /* enum claim */
	bool strict;	 /* DEVIATION and ALLOWED count as FAIL */
};

/* Exit codes of a run that went to its end; see retort(1). */
enum suite_exit {
	SUITE_OK = 0,
	SUITE_FAIL = 1,
	SUITE_INCONCLUSIVE = 4,
	SUITE_ERROR = 5,
	SUITE_SKIPPED = 77
};

/*
 * Run one case from stimulus to verdict. *known is the deviation that speaks
 * of it, if any, whether or not it occurred.
 */
void suite_run_case(const struct suite *, struct session *,
    const struct testcase *, struct judgement *,
    const struct deviation **known);

/* Run them all and report. Returns the exit code. */
enum suite_exit suite_run(const struct suite *, struct session *);

#endif
