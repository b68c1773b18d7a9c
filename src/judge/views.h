#ifndef RETORT_VIEWS_H
#define RETORT_VIEWS_H

/* A RST's two ends, as far as a capture tells. Used by judge/ only. */

#include "judge/numbers.h"
#include "tcp/tcb.h"

/*
 * The sender's TCB before the RST, for the rules. What was not seen of it is
 * taken from what the peer acknowledged. False when too little is known for
 * SND.NXT.
 */
bool view_sender(const struct reset *, struct tcb *);

/*
 * The peer's TCB, at the time when the RST reaches it. False when too little
 * is known for RCV.NXT.
 */
bool view_peer(const struct reset *, struct tcb *);

/* The trigger, as a segment; NULL when there is none. */
const struct segment *view_trigger(const struct reset *, struct segment *);

/* What the peer makes of the RST. */
enum reception reset_reception(const struct reset *);

#endif
