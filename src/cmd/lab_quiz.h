#ifndef RETORT_LAB_QUIZ_H
#define RETORT_LAB_QUIZ_H

#include <stdbool.h>

#include "report/report_lesson.h"

/* The questions of a lesson. */
struct lab_quiz {
	const struct report_lesson_options *report;
	const struct report_lesson *page;
	unsigned asked, right;
};

/* Flush, and read a line of standard input; false at its end. */
bool lab_read_line(struct buf *);

/*
 * The question was told: take an answer and mark it by the segment under test,
 * which is one of the events up to end. What was to be foreseen is told after
 * the first answer.
 */
void lab_ask(struct lab_quiz *, const struct lesson_event *ask,
    const struct lesson_event *end);

void lab_score(const struct lab_quiz *);

#endif
