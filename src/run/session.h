#ifndef RETORT_SESSION_H
#define RETORT_SESSION_H

#include "base/random.h"
#include "bench/bench.h"
#include "bench/reason.h"
#include "craft/craft.h"
#include "match/exchange.h"
#include "rules/rulebook.h"
#include "sniff/dump.h"
#include "sniff/sniff.h"

/*
 * Everything that is open while a suite runs: the bench, the two ends of our
 * side of the wire, the capture that is kept, and the exchange of the case
 * that runs now.
 */
struct session {
	struct bench *bench;
	struct craft *craft;
	struct sniff *sniff;
	struct dump *dump;	 /* NULL: no frames are kept */
	struct reasons *reasons; /* NULL: the kernel tells us none */
	bool started;		 /* the wire works, the first case may begin */
	bool dead;	/* the stack is gone: no case can run any more */
	unsigned drops; /* of the capture, so far */
	struct random random;
	uint8_t used[65536 / 8]; /* ports of ours, a bit each */
	unsigned ports_used;
	bool confirmed[2][2]; /* [IPv6][listener]: the port's state */
	struct exchange x;
	const char *reason; /* the kernel's for its last RST, or NULL */
	uint8_t text[CASE_TEXT_MAX]; /* what crafted segments carry */
};

/*
 * Open it all, in the order of retort's safety rule: files, namespaces, wire;
 * then give up every privilege. pcap may be NULL. 0, or -1 with *e.
 */
int session_open(struct session *, bench_stack *stack, const char *pcap,
    struct err *e);

/* -1 with *e when the capture could not be written whole. */
int session_close(struct session *, struct err *e);

/*
 * Send a segment and put it into the exchange. -1 with *e; the exchange then
 * says what is broken.
 */
int session_send(struct session *, struct segment *, enum relation,
    struct err *e);

/*
 * Read until a segment of the exchange came that has all these control bits,
 * is no retransmission and can be believed; at most a second. *e says that none
 * came.
 */
int session_expect(struct session *, uint16_t ctl, struct segment *,
    struct err *e);

/* Put what comes before the deadline into the exchange. -1 with *e. */
int session_listen(struct session *, int64_t deadline, struct err *e);

/*
 * Prove that the stack has nothing more to say: send a SYN to a port that is
 * surely closed and read until its answer. What comes before belongs to the
 * exchange. Before the stimulus this ends the setup, after it the case. When
 * no answer comes within a second, or the capture dropped frames meanwhile,
 * the exchange is marked as broken; when the stack stays mute, so is the
 * session.
 */
void session_fence(struct session *, uint8_t ip);

/*
 * Note the kernel's own reason for the last RST that it sent to us, where it
 * tells us: a bonus, no verdict depends on it. It tells us those of everybody,
 * and what is not taken for long is lost.
 */
void session_take_reason(struct session *);

/* A fresh endpoint of the crafted peer, and the stack's on a port. */
struct tuple session_tuple(struct session *, uint8_t ip, uint16_t port);

#endif
