#ifndef RETORT_TRACE_H
#define RETORT_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "tcp/addr.h"

/*
 * What the kernel writes about a RST that it sends: the records of its
 * tracepoint tcp:tcp_send_reset. Where a record holds what, and what its
 * numbers mean, is in the text of the tracepoint's file "format". Nothing
 * here makes a system call.
 */
#define TRACE_RAW_MAX 256 /* no field of ours lies behind it */

struct trace_symbol {
	unsigned number;
	char *name;
};

struct trace_format {
	unsigned reason, saddr, daddr; /* offsets in a record */
	unsigned state, pid;	       /* likewise; 0: not there */
	size_t size;		       /* that a record must have at least */
	struct trace_symbol *reasons;  /* in the kernel's order */
	size_t nreasons;
};

/*
 * A RST: who sent it (the stack) to whom, and the kernel's reason. The state
 * is the kernel's number (TCP_ESTABLISHED is 1), 0 where there is no socket.
 * The pid is that of the process that ran: the owner of the socket only when
 * the RST is the wish of the user.
 */
struct trace_reset {
	struct tuple tuple;
	uint32_t reason, state, pid;
	int64_t time; /* ns since 1970; 0 where the ring has no times */
};

/*
 * The records between tail and head, both of which only grow, in a ring of
 * size octets (a power of two): as perf_event_open(2) lays it out.
 */
struct trace_ring {
	const uint8_t *data;
	uint64_t size, head, tail;
	bool timed; /* PERF_SAMPLE_TIME stands before PERF_SAMPLE_RAW */
};

/*
 * Parse the text of the file "format". ERR_ENV when the kernel's tracepoint
 * gives no reason (before Linux 6.10), or is none that we understand; *f
 * holds no memory then.
 */
int trace_parse(struct trace_format *f, const char *text, struct err *);
void trace_free(struct trace_format *);

/* The name of a reason's number, NULL when the kernel gave it none. */
const char *trace_name(const struct trace_format *, uint32_t number);

/* -1 when the record is too short, or has no IPv4 or IPv6 addresses. */
int trace_decode(const struct trace_format *, const uint8_t *raw, size_t len,
    struct trace_reset *);

/*
 * Is the record of this RST? Of a listening socket the kernel notes the
 * socket's ends and not the segment's: the far one is then 0.0.0.0.0, and the
 * near one may have no address.
 */
bool trace_is_of(const struct trace_reset *, const struct tuple *);

/*
 * Read all of the ring. True with the reason's number when there is a RST
 * with this tuple: that of the last. False also where records were lost
 * after it, or may have been as the ring is full: it may not be the last.
 */
bool trace_last(struct trace_ring *, const struct trace_format *,
    const struct tuple *, uint32_t *reason);

/* Read the next RST. False when there is none left in the ring. */
bool trace_next(struct trace_ring *, const struct trace_format *,
    struct trace_reset *);

#endif
