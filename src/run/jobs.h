#ifndef RETORT_JOBS_H
#define RETORT_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Work in processes of its own, some of it at once. What a process has to say
 * is a text; the texts are handed over in the order of the work, whichever is
 * ready first.
 */
struct jobs {
	size_t n;
	unsigned at_once; /* 0: as many as there are processors */
	void *arg;	  /* for the functions */
	/* in the process: do it, and say once, by jobs_say(), what came of it
	 */
	void (*work)(void *arg, size_t i, int fd);
	/* ns that it may take; then it is killed */
	int64_t (*limit)(void *arg, size_t i);
	/*
	 * In order: the text, or why there is none (NULL: there is one).
	 * -1 with *e: leave the rest.
	 */
	int (*done)(void *arg, size_t i, const struct buf *text,
	    const char *failure, struct err *e);
	bool (*interrupted)(void); /* leave the rest */
	/* as many again are begun, and `work` calls jobs_turn() once its
	   preparations are made: they are made while others work */
	bool ahead;
};

/* For `work`: wait until less than at_once others are at it. */
void jobs_turn(int fd);

/* For `work`: hand over the text. Who said all may take time to end. */
void jobs_say(int fd, const struct buf *text);

/*
 * Do them all, or as many as there were before one of the functions asked to
 * stop. 0; or -1 with *e. No process is left that has not said its text.
 */
int jobs_run(const struct jobs *, struct err *e);

#endif
