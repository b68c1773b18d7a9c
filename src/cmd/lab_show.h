#ifndef RETORT_LAB_SHOW_H
#define RETORT_LAB_SHOW_H

#include "report/report_lesson.h"
#include "run/lesson.h"

/* How a lesson is shown. */
struct lab_show {
	struct report_lesson_options report;
	bool step, quiz;
	const char *data; /* --data, for the commands that are told */
	FILE *svg;	  /* or NULL */
};

/*
 * Play a lesson and show it, in a process of its own. With step or quiz it is
 * shown when it is over, for the kernels' clocks do not wait for readers. The
 * exit code.
 */
int lab_show(const struct lab_show *, struct lab *,
    const struct lesson_options *);

#endif
