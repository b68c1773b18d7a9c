#ifndef RETORT_FORGER_H
#define RETORT_FORGER_H

#include "bench/bench.h"

/*
 * DOC: the forger
 *
 *   the tester                 the forger                 the driver
 *   namespace P                namespace T                namespace S
 *   veth "peer"  <--->  veth "stack"  veth "relay"  <--->  veth "stack"
 *
 * This machine's own kernel is tested, over a wire on which a forger sits. It
 * hands every frame on in the order in which they came and, for each segment
 * of the stack, throws in others that bear the stack's address: before the
 * genuine one, and once more before the next fence is answered.
 *
 * It is a blind forger. It never gets the acknowledgment number of a SYN
 * right, and where the peer is synchronized, and so knows which sequence
 * number comes next, never both numbers. Only what the checksum or the port
 * gives away is right in all else.
 *
 * Two things it leaves alone, for there the judge takes every segment for the
 * stack's: it adds no copy of a reply that occupies no sequence numbers (one
 * segment gets one reset), and breaks no silence by wrong numbers, only by a
 * wrong port, a bad checksum and what was sent before.
 */
enum forgery {
	FORGED_PORT,	 /* from the wrong port */
	FORGED_ACK,	 /* a wrong acknowledgment number */
	FORGED_SEQ,	 /* a wrong sequence number */
	FORGED_CHECKSUM, /* all is right but the checksum */
	FORGED_AGAIN,	 /* an earlier SYN, text or FIN of the connection */
	NFORGERIES
};

/* The TTL or hop limit that tells a forgery from all else in a capture. */
#define FORGED_TTL 200

/* For bench_open(). */
int forger_run(int fd, const struct bench_net *);

#endif
