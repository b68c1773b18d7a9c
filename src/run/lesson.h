#ifndef RETORT_LESSON_H
#define RETORT_LESSON_H

#include "report/report_lesson.h"
#include "script/lab.h"

/* How a lesson is played. */
struct lesson_options {
	const struct known_stack *known; /* the rules, and what Linux is known
					    to do otherwise */
	unsigned claims;		 /* enum claim */
	uint8_t ip;			 /* 4 or 6 */
	const char *pcap;		 /* keep there what passes, or NULL */
	/* Called for each event when it happens; NULL: nobody waits. */
	void (*tell)(void *arg, const struct lesson_event *);
	void *arg;
};

/* What came of it. */
struct lesson_result {
	enum verdict verdict; /* PASS: all went as foreseen; else FAIL */
	struct lesson_event *events;
	size_t n;
	struct arena arena; /* of their texts */
};

/*
 * Play what applies of a lesson between two kernels. Call this in a process of
 * its own: see pair.h. 0, also when it went otherwise; -1 with *e when the
 * machine does not let it be played (ERR_ENV), or the lesson makes no sense
 * (ERR_USAGE). In either case free it with lesson_free(); the lesson must
 * outlive it.
 */
int lesson_play(struct lesson_result *, struct lab *,
    const struct lesson_options *, struct err *e);
void lesson_free(struct lesson_result *);

#endif
