#ifndef RETORT_WAYS_H
#define RETORT_WAYS_H

#include "run/testcase.h"

/*
 * What was learnt of a stack that may be unable to do what a recipe asks of
 * it, or that may never send what is waited for: nobody waits for ever more of
 * the same. A kind of case is known by its state and all that leads there.
 */
struct way {
	enum state state;
	const char *via; /* NULL: the usual way */
	enum window window;
	bool unread, in_flight, timestamps;
	bool reached;	  /* it has been, once */
	unsigned failed;  /* attempts, as long as it has not */
	char reason[160]; /* of the last */
};

struct patience {
	const struct rule *rule;
	enum state state;
	unsigned fruitless; /* waits, as long as none brought anything */
	bool fruitful;
};

#define WAYS_MAX 64

struct ways {
	struct way way[WAYS_MAX];
	size_t n;
	struct patience wait[WAYS_MAX];
	size_t nwaits;
};

/* The way that this case goes; NULL when there are too many. */
struct way *ways_find(struct ways *, const struct testcase *);

/* What is known of waiting for what this rule wants; NULL likewise. */
struct patience *ways_wait(struct ways *, const struct rule *, enum state);

#endif
