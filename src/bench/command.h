#ifndef RETORT_COMMAND_H
#define RETORT_COMMAND_H

#include <stddef.h>

#include "base/err.h"

/*
 * Programs of other projects, in which a stack runs. They are looked for where
 * the shell looks, and have whatever privilege this process has.
 */

/* Is it here? 0, or -1 with *e (ERR_ENV) that names the package to install. */
int command_find(const char *name, const char *package, struct err *e);

/* Start it, with our streams and our environment. 0, or -1 with *e. */
int command_start(const char *const argv[], struct err *e);

/*
 * Run it until its parent process ends, which must be within so many ms. 0
 * when it ended well, or -1 with *e.
 */
int command_run(const char *const argv[], int ms, struct err *e);

/*
 * Its name with its version, cut to size: "slirp4netns 1.2.0". The version is
 * the last word of the first line that the command prints; the name stands
 * alone where that is no number, or does not come within a second.
 */
void command_name(const char *name, const char *const argv[], char *out,
    size_t size);

#endif
