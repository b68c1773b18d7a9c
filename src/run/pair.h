#ifndef RETORT_PAIR_H
#define RETORT_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "bench/bench.h"
#include "bench/caller.h"
#include "tcp/icmp.h"
#include "tcp/segment.h"

/*
 * DOC: two kernels, and the wire between them
 *
 *   client's namespace      this process        server's namespace
 *   kernel, real sockets <---- veth | veth ----> kernel, real sockets
 *   192.0.2.1                                    198.51.100.2
 *   2001:db8:c::1                                2001:db8:5::2
 *
 * Each side is a bench of its own (bench.h) with the caller as its user. What
 * a kernel sends comes here and no further: the owner of the pair sees it by
 * pair_next(), and passes it on, later or never, or sends something of his own
 * in the name of the other side. All run on one processor, so that a fence
 * (bench.h) proves that a side has said all it has to say for now.
 *
 * As for play_script(): in a process of its own, for it enters private
 * namespaces and gives up every privilege.
 */
enum pair_side { PAIR_CLIENT, PAIR_SERVER, NPAIR_SIDES };

struct pair;

/*
 * Both benches, by IPv4 or IPv6 (ip 4 or 6), MTU 1500. pcap: keep there what
 * passes (NULL: nothing): each segment once, when it is passed, dropped or
 * forged. 0, or -1 with *e (ERR_ENV) and *p NULL.
 */
int pair_open(struct pair **p, uint8_t ip, const char *pcap, struct err *e);

/* The kept frames are written. 0, or -1 with *e. */
int pair_finish(struct pair *, struct err *e);
void pair_close(struct pair *); /* NULL is fine */

const struct addr *pair_addr(const struct pair *, enum pair_side);

/* For caller_send() and caller_next(). */
struct bench *pair_bench(struct pair *, enum pair_side);

/* A segment that a side has sent. */
struct pair_segment {
	struct segment seg; /* its text is not kept; `when` is */
	enum pair_side from;
	uint64_t id; /* in the order in which they came, from 1 */
};

/*
 * The next one, those of either side in the order of their time: 1; 0: none
 * before the deadline of clock_mono() (one in the past: only what has come);
 * -1 with *e. The frame is kept for pair_pass() until pair_drop().
 */
int pair_next(struct pair *, struct pair_segment *, int64_t deadline,
    struct err *e);

/* Let it go on to the other side; it may be passed again. 0, or -1 with *e. */
int pair_pass(struct pair *, uint64_t id, struct err *e);

/* Forget the frame; lost: it was never passed, and the capture has it yet. */
void pair_drop(struct pair *, uint64_t id, bool lost);

/*
 * Send this to a side, crafted. seg->when is set; addresses that are 0 become
 * those of the other side and of this one. 0, or -1 with *e.
 */
int pair_forge(struct pair *, enum pair_side to, struct segment *seg,
    struct err *e);

/*
 * The same with an ICMP error that quotes a segment with so many octets of
 * text; m->when is set.
 */
int pair_forge_icmp(struct pair *, enum pair_side to, struct icmp *m,
    uint32_t text_len, struct err *e);

/*
 * All that the side has to say for now can be had by pair_next(). 0, or -1 with
 * *e when it does not answer within five seconds.
 */
int pair_fence(struct pair *, enum pair_side, struct err *e);

/*
 * What the side's kernel knows of a connection: its state, CLOSED when there
 * is none, LISTEN when only a listener is there; *held as diag_state().
 */
int pair_look(struct pair *, enum pair_side, const struct endpoint *local,
    const struct endpoint *remote, enum state *, bool *held, struct err *e);

#endif
