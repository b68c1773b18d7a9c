#ifndef RETORT_LESSON_TEXT_H
#define RETORT_LESSON_TEXT_H

#include "report/report_lesson.h"

/* What the files report_lesson*.c share. */

/* A text with the options' values, escaped. */
void lesson_add_values(struct buf *, const struct report_lesson *,
    const char *text);

/* The same in the user's language. */
void lesson_add_text(struct buf *, const struct report_lesson *,
    const char *text);

/* What is in the language of the field, or translated: folded with an indent */
void lesson_add_folded(struct buf *, const struct report_lesson_options *,
    const char *first, const char *indent, const char *text);

/* "The rule", in bold where there are colours. */
void lesson_add_heading(struct buf *, const struct report_lesson_options *,
    const char *text);

/* Write and flush; the buffer is freed. */
void lesson_put(const struct report_lesson_options *, struct buf *);

/* "client" */
const char *lesson_side_name(enum lesson_side);

/* The ladder of all that happened. */
void lesson_add_ladder(struct buf *, const struct report_lesson_options *,
    const struct report_lesson *, const struct lesson_event *, size_t n);

#endif
