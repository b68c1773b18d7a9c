#ifndef RETORT_MATRIX_H
#define RETORT_MATRIX_H

#include "run/suite.h"

/*
 * DOC: the matrix
 *
 * Far more cases than anybody wants to read. They are shared out to one
 * process a processor, each with a bench of its own, and what does not pass
 * is gathered into behaviours: cells that do the same thing for the same
 * reason.
 */

struct matrix {
	unsigned n[NVERDICTS];
	struct report_behaviour *behaviours;
	size_t nbehaviours;
	double seconds;
	unsigned processes;
};

/*
 * Run the suite's cases and gather. progress is called now and then with the
 * cells that are done. 0, or -1 with *e. Free with matrix_free().
 */
int matrix_run(const struct suite *, struct matrix *,
    void (*progress)(unsigned done, unsigned of), struct err *e);

void matrix_free(struct matrix *);

#endif
