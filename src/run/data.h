#ifndef RETORT_DATA_H
#define RETORT_DATA_H

#include <stdbool.h>

#include "rules/rulebook.h"

/*
 * Where the data is: dir if not NULL, else $RETORT_DATA, else the data of the
 * build tree that this program was built in and not yet installed from, else
 * the installed data. The result is to be freed.
 */
char *data_dir(const char *dir);

/*
 * Read the files *.rules of rules/, then *.cases of cases/ (or of matrix/,
 * when that is asked for), *.deviations of deviations/ and *.reasons of
 * reasons/ in a data directory into a rulebook, each in the order of their
 * names. Without a rule or a case it is an error; then, and when a file
 * cannot be read or understood, -1 with *e.
 */
enum data {
	DATA_RULES = 0,
	DATA_CASES = 1,	 /* and cases/ */
	DATA_MATRIX = 2, /* or matrix/ */
	DATA_KNOWN = 4	 /* and deviations/ and reasons/ */
};

int data_load(struct rulebook *, const char *dir, unsigned data, struct err *e);

#endif
