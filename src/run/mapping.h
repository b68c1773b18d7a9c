#ifndef RETORT_MAPPING_H
#define RETORT_MAPPING_H

#include "tcp/segment.h"

/*
 * DOC: the numbers of a script, and those on the wire
 *
 * A script counts from the initial sequence number of each side: its SYN says
 * what that is (0 by convention), and all segments but SYNs count from there.
 * On the wire the stack has an ISS of its own choice. The peer has the one
 * that the script says, so that a script can have numbers wrap; where that is
 * 0, it is drawn. As long as a side has sent no SYN its numbers are those of
 * the wire. Timestamps of the stack are mapped by those that the script has
 * named; ours are what the script says.
 *
 * A segment is in the one space or in the other; these functions carry it
 * across, and nobody else does.
 */
struct space {
	bool known;
	uint32_t script, live; /* the ISS */
};

#define MAPPING_STAMPS 64

struct mapping {
	struct space ours, theirs;
	/* TSval of the stack's; the oldest goes when there is no room */
	struct mapping_stamp {
		uint32_t script, live;
	} stamps[MAPPING_STAMPS], first;
	size_t nstamps;
};

/* One number of a side; syn: it stands in a SYN, or acknowledges in one. */
uint32_t mapping_live(const struct space *, bool syn, uint32_t script);
uint32_t mapping_script(const struct space *, bool syn, uint32_t live);

/* A side has sent a SYN. */
void mapping_learn(struct space *, uint32_t script, uint32_t live);

/* The stack has sent this TSval where the script has that one. */
void mapping_learn_stamp(struct mapping *, uint32_t script, uint32_t live);

/* A segment that we are to send, from the script's numbers to the wire's. */
void mapping_to_live(const struct mapping *, struct segment *);

/* A segment that the stack has sent, from the wire's to the script's. */
void mapping_to_script(const struct mapping *, struct segment *);

#endif
