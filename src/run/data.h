#ifndef RETORT_DATA_H
#define RETORT_DATA_H

#include "rules/cause.h"
#include "rules/rulebook.h"

/*
 * Where the data is: dir if not NULL, else $RETORT_DATA, else the data of the
 * build tree that this program was built in and not yet installed from, else
 * the installed data. The result is to be freed.
 */
char *data_dir(const char *dir);

/* What to read beside rules/. */
enum data {
	DATA_RULES = 0,
	DATA_CASES = 1,
	DATA_MATRIX = 2, /* matrix/ instead of cases/ */
	DATA_KNOWN = 4,	 /* deviations/ and reasons/ */
	DATA_SUITE = DATA_CASES | DATA_KNOWN
};

/*
 * Read the files *.rules of rules/, and *.cases, *.deviations and *.reasons
 * as data (enum data) says, of a data directory into a rulebook, each in the
 * order of their names. Without a rule, or without a case where cases are
 * asked for, it is an error; then, and when a file cannot be read or
 * understood, -1 with *e.
 */
int data_load(struct rulebook *, const char *dir, unsigned data, struct err *e);

/* Likewise the files *.causes of causes/; without a cause it is an error. */
int data_load_causes(struct causes *, const char *dir, struct err *e);

#endif
