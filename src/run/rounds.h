#ifndef RETORT_ROUNDS_H
#define RETORT_ROUNDS_H

#include "run/finding.h"

/* Ports that are probed a number of times, and whom it is told. */
struct rounds {
	const struct scan_options *scan;
	struct finding_rules rules;
	const char *host; /* as the user named it, escaped */
	const uint16_t *ports;
	size_t nports;
	uint32_t count;
	int64_t interval; /* ns from one round to the next */
	const struct report_format *format;
	struct report_options report;
	const char *against; /* "RFC 9293" */
};

/* Say what will be sent, and to whom: at once, as a wire takes time to open. */
void rounds_begin(const struct rounds *, const struct addr *to);

/*
 * Run them all; each round is reported when it has ended, and what was
 * learnt is reported whatever happens. Returns the exit code (enum
 * suite_exit); or -1 with *e when the link ended.
 */
int rounds_run(const struct rounds *, struct wire *, struct err *e);

/* Does the user want it to end? */
bool rounds_interrupted(const struct rounds *);

/*
 * Wait until a round is due, the first of which began at that time of
 * clock_mono(). True when the user wants it to end.
 */
bool rounds_wait(const struct rounds *, uint32_t round, int64_t began);

#endif
