#ifndef RETORT_REPORT_SCRIPT_H
#define RETORT_REPORT_SCRIPT_H

#include "report/report.h"

/* What a script that fails and the rule that applies say of each other. */
enum blame {
	BLAME_NOBODY, /* no rule speaks of it */
	BLAME_SCRIPT, /* the script expects what the rule does not know */
	BLAME_STACK   /* the script expects what the rule requires */
};

/* A script and what came of it. Texts are escaped, unless it is said. */
struct report_script {
	const char *name;
	enum verdict verdict;
	int line;	   /* where it ended early; 0: it went through */
	const char *event; /* as it is written there; not escaped; or NULL */
	const char *expected, *observed; /* there, in the script's notation */
	const struct field *fields;
	size_t nfields;
	const char *reason;	 /* "" on a plain PASS */
	const struct rule *rule; /* that applies there, or NULL */
	const char *required;
	enum blame blame;
	const struct exchange *x;
	bool alone;   /* it is the only script */
	int64_t came; /* when the segment that is observed came, or 0 */
	int64_t off;  /* ns: how far a segment was from its time, at most */
	int off_line; /* which one; 0: none had a time */
	double seconds;
};

struct report_script_head {
	size_t nscripts;
};

struct report_script_tail {
	unsigned n[NVERDICTS];
	double seconds;
	size_t untold; /* scripts that were not played, as one was stopped */
};

/* "wrong stack: ..." in a sentence; "" when there is nobody to blame. */
const char *report_blame(enum blame);

/*
 * The lines that explain a script, each after indent; verbose: all. style: of
 * a ladder of the exchange, or NULL for none.
 */
void script_add(struct buf *, const char *indent, const struct report_script *,
    bool verbose, const struct ladder_style *);

/* "68 scripts: 60 pass, 5 fail, 3 skip, in 1.20 s" */
void script_add_tally(struct buf *, const struct report_script_tail *);

#endif
