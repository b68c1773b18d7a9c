#ifndef RETORT_STATEFUL_H
#define RETORT_STATEFUL_H

#include "run/remote.h"
#include "run/rounds.h"
#include "run/suite.h"

/*
 * A probe that is sent when a connection has come into a state: the handshake
 * first, then the segment, whose answer is held to that state's rules.
 */
struct stateful {
	const struct rounds *rounds; /* ports, how often, and whom to tell */
	struct suite suite;	     /* the rules, and which stack it is */
	struct remote_options remote;
};

/*
 * Add the probe to the rulebook as its only case. seq and ack are numbers or
 * terms of the RFC ("RCV.NXT+1"); NULL: what the peer would send. 0, or -1
 * with *e (ERR_USAGE).
 */
int stateful_add_case(struct rulebook *, enum state, uint8_t ip,
    const struct segment *, const char *seq, const char *ack, struct err *e);

/*
 * Probe one port after the other. form is the segment, all but SEQ and ACK.
 * Returns the exit code (enum suite_exit); -1 with *e.
 */
int stateful_run(struct stateful *, const struct segment *form, struct err *e);

#endif
