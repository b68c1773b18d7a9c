#ifndef RETORT_STACK_TABLE_H
#define RETORT_STACK_TABLE_H

#include "cmd/remote_target.h"

/*
 * Run the suite with one stack after the other, each in a process of its own,
 * and report a table: how many cases of each group of rules had which verdict.
 * A case that was not run is counted with the rule that this machine's kernel
 * was held to in it. all: this machine's kernel, and every stack that can be
 * started; else the target. The exit code.
 */
int table_run(const struct suite *, const struct target *, bool all);

#endif
