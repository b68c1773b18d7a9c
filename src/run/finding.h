#ifndef RETORT_FINDING_H
#define RETORT_FINDING_H

#include "report/probe.h"
#include "run/scan.h"

/* What the answers of a host have in common: who differs is another box. */
struct baseline {
	uint8_t ttl;	  /* 0: not known */
	uint16_t port;	  /* one that answered so */
	int64_t rtts[2];  /* the two shortest round trips, ns; 0: none */
	uint16_t fastest; /* whose the first of them is */
};

/* By what a scan has found so far. */
void baseline_learn(struct baseline *, const struct scan *);

/* What is known of a port after the scan: its answer, and the judgement. */
struct finding {
	enum answer answer;
	struct judgement j;
	struct tcb tcb; /* in the state that was assumed */
	struct situation situation;
	struct segment probe;
	struct exchange x;
	const struct segment *reply; /* in the scan's port; NULL: none */
	int64_t rtt;
	char hint[256]; /* "": nothing strikes */
};

/*
 * Hold what came from a port to the rules. Whether it is open is not known
 * before: of CLOSED and LISTEN (bits 1 << enum state in states) the one whose
 * rule is met tells it.
 */
struct finding_rules {
	const struct rulebook *book;
	unsigned states, claims;
};

void finding_make(struct finding *, const struct finding_rules *,
    const struct scan *, const struct scan_port *, const struct baseline *);

/*
 * The same at a glance: false when it takes more, else all but the exchange
 * and the words of the judgement are there.
 */
bool finding_glance(struct finding *, const struct finding_rules *,
    const struct scan *, const struct scan_port *, const struct baseline *);

/* Does any state of these require an answer to such a segment? */
bool finding_may_answer(const struct finding_rules *, const struct segment *);

#endif
