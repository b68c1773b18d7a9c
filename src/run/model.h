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

#endif
