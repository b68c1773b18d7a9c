#ifndef RETORT_PROGRAM_H
#define RETORT_PROGRAM_H

#include "bench/bench.h"

/*
 * The programs of src/stacks/, each linked with a stack. They are installed
 * where people do not look for commands; in a build tree they stand beside
 * the tool.
 */

/* Where it is, or would be; to be freed. */
char *program_path(const char *name);

/*
 * Is it there? 0, or -1 with *e (ERR_ENV), which names the Debian package
 * that it takes to build it.
 */
int program_find(const char *name, const char *package, struct err *e);

/*
 * Become that program: see stacks/serve.h. Returns the exit status of a
 * process that could not, once it has said so on fd.
 */
int program_run(const char *name, int fd, const struct bench_net *net);

#endif
