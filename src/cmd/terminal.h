#ifndef RETORT_TERMINAL_H
#define RETORT_TERMINAL_H

#include <stdio.h>

#include "base/err.h"
#include "report/ladder.h"

/*
 * How to draw on what out leads to: UTF-8 by LC_ALL, LC_CTYPE or LANG, colour
 * on a terminal without NO_COLOR, and so wide as COLUMNS says, or the
 * terminal, or 80.
 */
struct ladder_style terminal_style(FILE *out);

/*
 * An option of CMD_OPTIONS_TERMINAL. 1, 0 when it is none of them, or -1 with
 * *e.
 */
int terminal_option(struct ladder_style *, int letter, const char *value,
    struct err *e);

#endif
