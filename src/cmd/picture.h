#ifndef RETORT_PICTURE_H
#define RETORT_PICTURE_H

#include <stdio.h>

#include "base/err.h"

/*
 * The file of --svg, opened before anything is done that takes time. path may
 * be NULL: then *f is, too. 0, or -1 with *e.
 */
int picture_open(FILE **f, const char *path, struct err *e);

/* Close it; f may be NULL. 0, or -1 with *e: not all could be written. */
int picture_close(FILE *f, const char *path, struct err *e);

#endif
