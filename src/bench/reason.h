#ifndef RETORT_REASON_H
#define RETORT_REASON_H

#include "base/err.h"
#include "bench/trace.h"

/*
 * DOC: the kernel's own reason for a RST
 *
 * Linux 6.10 and newer name a reason for each RST that they send, in the
 * tracepoint tcp:tcp_send_reset. The kernel writes it to a ring that it
 * shares with this process (perf_event_open(2)), so that reading costs no
 * system call and needs no privilege once the ring is there. The ring ends
 * with the process, however that ends; the tracing directory of tracefs is
 * only read.
 *
 * A ring is that of one processor, and has the RSTs of all network
 * namespaces: they are told apart by their tuples. A RST that answers a
 * segment is noted before it is sent. One that the stack sends for its user
 * (close, abort) or its timers is noted just after: it is surely there when
 * the call has returned.
 */
struct reasons;

/*
 * Call it when pinned to one processor and before privileges are given up:
 * it needs CAP_SYS_ADMIN (or CAP_PERFMON, and a tracing directory that may
 * be read). ERR_ENV where the kernel refuses or gives no reasons.
 */
int reasons_open(struct reasons **, struct err *);

/*
 * The reason of the last RST with this tuple (the stack is its src) of those
 * that the kernel has sent since the last call for any tuple; NULL when there
 * was none, or when there may have been a later one that got lost. All of
 * them are forgotten with this call. The text is there until the next call.
 */
const char *reasons_take(struct reasons *, const struct tuple *);

/*
 * Follow the RSTs of all processors, with their times, instead: for
 * reasons_next(). Before privileges are given up; errors as above.
 */
int reasons_open_all(struct reasons **, struct err *);

/*
 * The next RST that the kernel has sent, of any namespace; *name is its
 * reason, and is there until the next call. RSTs of one processor come in
 * their order, of several not. False when there is none now.
 */
bool reasons_next(struct reasons *, struct trace_reset *, const char **name);

/*
 * The i-th name of the running kernel's table of reasons, NULL past the last:
 * all that reasons_take() may return, but for a number without a name.
 */
const char *reasons_name(const struct reasons *, unsigned i);

void reasons_close(struct reasons *);

#endif
