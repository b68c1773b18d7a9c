#ifndef RETORT_DRIVE_H
#define RETORT_DRIVE_H

#include "run/session.h"
#include "run/testcase.h"

/* The connection of a case, as far as one exists. */
struct conn {
	struct tuple ours; /* of the segments we send */
	struct tcb tcb;	   /* the stack's */
	int fd;		   /* the driver's socket; -1: none */
};

enum drive { DRIVE_READY, DRIVE_SKIP, DRIVE_FAILED };

/*
 * Bring the stack into the state of a case: segments from us, calls from its
 * user. The state is confirmed from the kernel. *e says why it was not
 * reached.
 */
enum drive drive_to(struct session *, const struct testcase *, struct conn *,
    struct err *e);

/* The user's call that is the stimulus of a case. 0, or -1 with *e. */
int drive_call(struct session *, enum event, struct conn *, struct err *e);

/* Take down what the case left behind, with RSTs of ours. */
void drive_down(struct session *, struct conn *);

#endif
