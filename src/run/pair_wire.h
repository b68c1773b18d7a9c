#ifndef RETORT_PAIR_WIRE_H
#define RETORT_PAIR_WIRE_H

/* What the files of the pair share; see pair.h for all others. */

#include <sys/queue.h>

#include "base/clock.h"
#include "base/random.h"
#include "craft/craft.h"
#include "run/pair.h"
#include "sniff/dump.h"
#include "sniff/sniff.h"

/* A kernel answers at once, but a busy machine may not run us for seconds. */
#define PAIR_PATIENCE (5 * NSEC_PER_SEC)

/* A frame that a side has sent, with the link addresses to go on with. */
struct frame {
	TAILQ_ENTRY(frame) next;
	struct pair_segment s;
	size_t len;
	bool dumped;
	uint8_t octets[];
};
TAILQ_HEAD(frames, frame);

struct side {
	struct bench *bench;
	struct sniff *sniff;
	struct craft *craft;
	unsigned drops; /* before all began */
	const struct addr *addr;
	struct frames came; /* not yet given to the owner */
};

struct pair {
	struct side sides[NPAIR_SIDES];
	struct frames given; /* which the owner may pass */
	size_t nframes;
	uint64_t id;	  /* given last */
	uint32_t request; /* of the callers, last */
	uint8_t ip;
	struct dump *dump; /* or NULL */
	struct random random;
};

static inline enum pair_side
pair_other(enum pair_side s)
{
	return s == PAIR_CLIENT ? PAIR_SERVER : PAIR_CLIENT;
}

static inline const char *
pair_side_name(enum pair_side s)
{
	return s == PAIR_CLIENT ? "client" : "server";
}

/*
 * pair_fence() where the first that meets a wire that was just made may be
 * lost: several fences, each given more time than the one before.
 */
int pair_try_wire(struct pair *, enum pair_side, struct err *);

/* Free all frames that are kept. */
void pair_forget_all(struct pair *);

#endif
