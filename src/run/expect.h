#ifndef RETORT_EXPECT_H
#define RETORT_EXPECT_H

#include "base/buf.h"
#include "judge/judge.h"
#include "run/mapping.h"
#include "script/script.h"

/*
 * What terms of the RFC in a packet's numbers are worth, and how that is told
 * in the script's numbers.
 */
struct expect_context {
	const struct situation *situation;
	const struct mapping *map;
};

/*
 * The packet (TCP) as a segment in the script's numbers, without addresses,
 * ports and text; a number that may be any is 0. 0, or -1 with *e (ERR_USAGE)
 * when a term has no value or an option cannot be made.
 */
int expect_segment(struct segment *, const struct script_packet *,
    const struct expect_context *, struct err *e);

/*
 * Hold a segment of the stack, in the script's numbers, to the packet that is
 * expected, and to `want`, which expect_segment() made of it. What the script
 * does not say is not compared; nor is the value of the stack's TSval, which
 * is its clock, nor the text. A field for each thing that was. True when all
 * of them are right.
 */
bool expect_compare(const struct script_packet *, const struct segment *want,
    const struct segment *came, struct field fields[NFIELDS], size_t *nfields);

/* Which of the stack's timestamps are those that the packet names. */
void expect_learn_stamps(struct mapping *, const struct script_packet *,
    const struct segment *live);

/* A segment, in the script's numbers, as a script writes it. */
void script_notation_add(struct buf *, const struct segment *);

#endif
