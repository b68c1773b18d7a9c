#ifndef RETORT_MERGE_H
#define RETORT_MERGE_H

#include "sniff/source.h"

/* The files of a capture, read in the order of their frames' stamps. */
struct merge {
	struct source *all;
	size_t n;
	/* for more than one: a heap of their next frames, the earliest first */
	struct head *heads;
	struct head **heap;
	size_t nheap;
	size_t nasked; /* how many were asked for their first frame */
	bool given;    /* the earliest frame is with the caller */
};

/* As capture_open(). merge_close() is needed in any case. */
int merge_open(struct merge *m, const char *const *paths, size_t n,
    struct ifaces *ifaces, struct err *e);

/* See merge_next(). */
int merge_next_of_many(struct merge *m, struct captured *f, int64_t deadline,
    struct err *e);

/* As capture_next(). */
static inline int
merge_next(struct merge *m, struct captured *f, int64_t deadline, struct err *e)
{
	if (m->n == 1)
		return source_next(&m->all[0], f, deadline, e);
	return merge_next_of_many(m, f, deadline, e);
}

void merge_close(struct merge *m);

#endif
