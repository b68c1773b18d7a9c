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
	const char *target;	     /* a remote one's address, or NULL */
	const struct report_format *format;
	struct report_options options;
	const char *against; /* whose rules these are: "RFC 9293" */
	unsigned claims;     /* enum claim */
	bool strict;	     /* DEVIATION and ALLOWED count as FAIL */
};

/* Exit codes of a run that went to its end; see retort(1). */
enum suite_exit {
	SUITE_OK = 0,
	SUITE_FAIL = 1,
	SUITE_INCONCLUSIVE = 4,
	SUITE_ERROR = 5,
	SUITE_SKIPPED = 77
};

/* What came of one case. It is valid until the session's next case. */
struct suite_result {
	struct judgement j;
	struct tcb tcb;	      /* before the stimulus */
	struct segment probe; /* the stimulus, when it was a segment */
	struct situation situation;
	struct aftermath after; /* of a remote stack it is not known */
	/* the deviation that speaks of it, whether or not it occurred */
	const struct deviation *known;
};

/* Run one case from stimulus to verdict. */
void suite_run_case(const struct suite *, struct session *,
    const struct testcase *, struct suite_result *);

/* The exit code for these counts of verdicts. */
enum suite_exit suite_exit_code(const unsigned n[NVERDICTS], size_t ncases);

/* Run them all and report. Returns the exit code. */
enum suite_exit suite_run(const struct suite *, struct session *);

#endif
