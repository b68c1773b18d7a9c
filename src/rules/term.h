#ifndef RETORT_TERM_H
#define RETORT_TERM_H

#include "rules/rulebook.h"

/*
 * What a term of the RFC such as SEG.SEQ+SEG.LEN is worth in a situation, in
 * the numbers of the wire. 0, or -1 with *e (ERR_USAGE) when it is none, or
 * asks for a segment where there is none.
 */
int term_eval(uint32_t *value, const char *text, const struct situation *,
    struct err *e);

#endif
