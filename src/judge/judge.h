#ifndef RETORT_JUDGE_H
#define RETORT_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "match/exchange.h"
#include "rules/rulebook.h"

/* From best to worst, so that a summary can ask for the worst. */
enum verdict {
	V_PASS,		/* the reply is the one required */
	V_ALLOWED,	/* another reply that a named clause permits */
	V_DEVIATION,	/* not as required, but known of this stack */
	V_SKIP,		/* cannot be run here */
	V_INCONCLUSIVE, /* the evidence is not enough */
	V_FAIL,		/* not as required */
	V_ERROR,	/* our own fault */
	NVERDICTS
};

const char *verdict_name(enum verdict); /* "PASS" */

/* One thing that was compared. */
struct field {
	const char *name; /* "ack", "ctl", "source port", ... */
	char expected[128];
	char observed[128];
	bool ok;
};

#define NFIELDS 8

/*
 * What was required, what came, and what follows. Everything that is pointed
 * to belongs to the rulebook or to the exchange.
 */
struct judgement {
	enum verdict verdict;
	const struct rule *rule;   /* NULL: no rule speaks of it */
	const struct reply *reply; /* the one that was met or came nearest */
	const struct passage *observed; /* NULL: silence */
	const struct deviation *deviation;
	struct field fields[NFIELDS];
	size_t nfields;
	char expected[128]; /* in the RFC's notation, with numbers; or "none" */
	char reason[256];   /* one sentence; "" on a plain PASS */
};

/*
 * Hold what came to the first rule of the book that speaks of the situation
 * (RFC 9293 3.10.7 and the user calls). event says what the stimulus was; s
 * holds the TCB before it, and the segment when it was one. after is what has
 * become of the connection; NULL: not known, and not held against the stack.
 */
void judge(struct judgement *, const struct rulebook *, enum event event,
    const struct situation *s, const struct exchange *,
    const struct aftermath *after);

/*
 * The rule whose required reply this one is, when it is all that came; NULL
 * when it is not: judge() then says more. For many answers, of most of which
 * nobody wants to read.
 */
const struct rule *judge_plainly(const struct rulebook *, enum event,
    const struct situation *, const struct segment *reply);

/* Whose deviations count. */
struct known_stack {
	const struct rulebook *book;
	const char *name, *version;
};

/*
 * A FAIL that the stack's deviations know becomes DEVIATION. Returns the
 * deviation that speaks of this rule and situation, whether or not it
 * occurred, or NULL.
 */
const struct deviation *judge_deviation(struct judgement *,
    const struct known_stack *, enum event, const struct situation *,
    const struct exchange *, const struct aftermath *after);

#endif
