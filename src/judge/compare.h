#ifndef RETORT_COMPARE_H
#define RETORT_COMPARE_H

#include "judge/judge.h"

/*
 * Expected against observed, field by field. Used by judge/ only. The
 * functions that take a judgement append to its fields.
 */

/* Does the segment meet the form in all its fields? */
bool compare_meets(const struct expected *, const struct segment *);

/* How near a reply comes to the form: higher is nearer. */
int compare_score(const struct expected *, const struct passage *);

/* Fill in j->expected. */
void compare_expected(struct judgement *, const struct expected *);

/* ctl, seq and ack of a reply. */
void compare_fields(struct judgement *, const struct expected *,
    const struct segment *observed);

/* A reply against silence, either way round; observed may be NULL. */
void compare_presence(struct judgement *, const struct expected *,
    const struct segment *observed);

/* A field for each fault of the segment; the first in words, or NULL. */
const char *compare_faults(struct judgement *, const struct segment *observed);

/* Is this what has become of the connection? Yes when that is not known. */
bool compare_outcome_meets(const struct outcome *, const struct situation *,
    const struct aftermath *);

/* A field for each part of the outcome that is otherwise. */
void compare_outcome(struct judgement *, const struct outcome *,
    const struct situation *, const struct aftermath *);

/* In which fields what came, and is allowed, is not what is required. */
void compare_required(struct judgement *, const struct reply *required,
    const struct expected *, const struct situation *,
    const struct aftermath *);

void compare_port(struct judgement *, const struct exchange *,
    const struct segment *observed);
void compare_count(struct judgement *, unsigned expected, unsigned observed);

#endif
