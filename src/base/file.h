#ifndef RETORT_FILE_H
#define RETORT_FILE_H

#include <stddef.h>

#include "base/err.h"

/*
 * Read a whole file of at most a MiB; "-" is standard input. Returns its text,
 * terminated, to be freed, and its length; NULL with *e filled when it cannot
 * be read, is a directory, or is larger.
 */
char *file_read(const char *path, size_t *len, struct err *e);

/*
 * The path of this name in the build tree that this program stands in, to be
 * freed; NULL when it does not stand in one.
 */
char *file_in_build_tree(const char *name);

#endif
