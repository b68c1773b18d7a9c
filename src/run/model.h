#ifndef RETORT_MODEL_H
#define RETORT_MODEL_H

#include "run/testcase.h"

/*
 * Which rule answers a case, without running it: a TCB such as the way into
 * its state leaves behind, with numbers of our choice. NULL when no rule
 * does.
 */
const struct rule *model_rule(const struct rulebook *, const struct testcase *,
    unsigned claims);

/* That TCB. */
void model_tcb(const struct testcase *, struct tcb *);

/*
 * The rule's state afterwards, likewise: of a case that model_rule() answers
 * with this rule.
 */
enum state model_next(const struct rule *, const struct testcase *,
    unsigned claims);

/* Whether the stack's user, as far as there is one, still holds that TCB. */
bool model_held(const struct testcase *);

#endif
