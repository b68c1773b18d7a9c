#ifndef RETORT_TEST_PAIRED_H
#define RETORT_TEST_PAIRED_H

#include <check.h>

#include "base/clock.h"
#include "calls.h"
#include "run/pair.h"

/* Two kernels, a connection between them, and what has passed. */
enum { PORT = 8080, SEEN_MAX = 4096 };
#define LONG (10 * NSEC_PER_SEC)

struct paired {
	struct pair *p;
	struct calls u[NPAIR_SIDES];
	long fd[NPAIR_SIDES]; /* of the connection */
	struct endpoint end[NPAIR_SIDES];
	struct segment seen[SEEN_MAX]; /* as passed */
	size_t nseen;
	char pcap[64];
};

struct paired *paired_open(uint8_t ip);
void paired_close(struct paired *);

/* A call with the connection's descriptor, which does not block. */
long paired_call(struct paired *, enum pair_side, long nr, long arg);

/* Ask for a transfer of n octets of zeros by the connection; it may block. */
void paired_ask_transfer(struct paired *, enum pair_side, long nr, long n,
    long flags);

void paired_check_state(struct paired *, enum pair_side, enum state expected);

/* Both have said all; and all of it has been seen. */
void paired_fence_both(struct paired *);
void paired_check_silence(struct paired *);

/* The next segment must be this one, with nothing wrong in it. */
struct pair_segment paired_expect(struct paired *, enum pair_side from,
    uint16_t ctl);
void paired_pass(struct paired *, const struct pair_segment *);
struct pair_segment paired_expect_pass(struct paired *, enum pair_side from,
    uint16_t ctl);

/* Note a segment that has not been passed, but is in the capture. */
void paired_note(struct paired *, const struct segment *);

/* The server listens, the client begins to connect: its SYN, passed on. */
struct pair_segment paired_begin(struct paired *);

/* connect() returns, and accept(). */
void paired_finish(struct paired *);

/* All of that. */
void paired_shake(struct paired *);

/* Pass all that comes until the call of this side returns. */
void paired_pump(struct paired *, enum pair_side until);

/* The capture has each segment that was noted, once and in that order. */
void paired_check_capture(struct paired *);

#endif
