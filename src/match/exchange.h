#ifndef RETORT_EXCHANGE_H
#define RETORT_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "tcp/segment.h"

/*
 * One case on the wire, in the order in which it was seen: what led into the
 * state, the stimulus, and what came back. Segments that do not concern the
 * case are never added.
 */

/* How a segment of the exchange relates to the stimulus. */
enum relation {
	REL_SETUP,	/* came or went before the stimulus; what the peer
			   would not have believed then is not kept */
	REL_STIMULUS,	/* the segment under test */
	REL_REPLY,	/* from the probed end to ours, after the stimulus */
	REL_AGAIN,	/* occupies sequence numbers that were seen before:
			   a retransmission, set aside */
	REL_WRONG_PORT, /* to our end, from the right address, wrong port */
	REL_CLEANUP	/* ours, after the verdict was certain */
};

struct passage {
	struct segment seg; /* without its text */
	enum relation rel;
	bool ours;
};

#define EXCHANGE_MAX 64

struct exchange {
	struct tuple ours; /* of the segments we send */
	struct passage passages[EXCHANGE_MAX];
	size_t n;
	size_t lost;   /* more than EXCHANGE_MAX came */
	bool any_port; /* the stack's port is not known yet */
	bool stimulated;
	bool alone; /* nobody but the stack can have sent what came: it stays */
	const char *broken; /* why the evidence is not enough; NULL: it is */
};

/* Begin anew, for segments that we send with this tuple. */
void exchange_start(struct exchange *, const struct tuple *ours);

/* Forget all but the first n passages: the way was long. */
void exchange_forget(struct exchange *, size_t n);

/*
 * Another stimulus comes: what went before led to it, of which the last `kept`
 * passages stay.
 */
void exchange_again(struct exchange *, size_t kept);

/* The stimulus is not a segment but a call of the stack's user. */
void exchange_stimulate(struct exchange *);

/* We sent it. rel: REL_SETUP, REL_STIMULUS or REL_CLEANUP. */
void exchange_sent(struct exchange *, const struct segment *, enum relation);

/*
 * Does it acknowledge something that we sent in this exchange? Yes also when
 * it bears no ACK, and when we have sent nothing that it could be held to.
 */
bool exchange_acknowledges(const struct exchange *, const struct segment *);

/*
 * It was sniffed. Returns the passage it became, or NULL when it has nothing
 * to do with this exchange.
 */
const struct passage *exchange_received(struct exchange *,
    const struct segment *);

/* Did another reply with the same bits and numbers come as well? */
bool exchange_came_twice(const struct exchange *, const struct passage *reply);

#endif
