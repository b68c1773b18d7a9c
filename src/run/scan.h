#ifndef RETORT_SCAN_H
#define RETORT_SCAN_H

#include <sys/queue.h>

#include "base/random.h"
#include "match/rtt.h"
#include "run/wire.h"

/*
 * One segment to each of many ports of a host, and what comes back. Nothing
 * is judged here: see run/finding.h.
 */

#define SCAN_TRIES_MAX 10

/* What is sent, and how patiently. */
struct scan_options {
	struct segment
	    seg; /* all but the destination port, and what is drawn */
	bool any_seq, any_ack; /* drawn anew for each try */
	unsigned tries;	       /* 1 to SCAN_TRIES_MAX */
	int64_t timeout;       /* ns to wait for an answer, at most */
	unsigned rate;	       /* segments a second at most; 0: no limit */
	/* NULL, or: is it to end now? And how many ports are done */
	bool (*interrupted)(void);
	void (*progress)(unsigned done, unsigned of);
};

/* One segment that went out: the numbers that were drawn, and when. */
struct scan_try {
	uint32_t seq, ack;
	int64_t when; /* ns since 1970 */
	int64_t sent; /* the same in ns of clock_mono() */
};

struct scan_port {
	TAILQ_ENTRY(scan_port) next; /* in flight, the oldest try first */
	uint16_t port;
	bool done;   /* nothing more is waited for */
	bool unsure; /* the capture dropped frames while it was in flight */
	unsigned ntries, nreplies;
	int64_t ended; /* when nothing more was waited for, as `sent` */
	struct scan_try tries[SCAN_TRIES_MAX];
	struct segment *replies; /* without their text */
	struct icmp *icmp;	 /* NULL: none */
};
TAILQ_HEAD(scan_ports, scan_port);

struct scan {
	const struct scan_options *o;
	struct wire *wire;
	struct random random;
	struct scan_port *ports;
	size_t n, started, done;
	struct scan_port *at[65536]; /* by port number; NULL: not of the scan */
	struct scan_ports flight;
	unsigned nflight, window;
	unsigned lost; /* tries without an answer, when a later one had it */
	bool stopped;  /* not all ports were asked */
	unsigned drops;
	int64_t dropped; /* clock_mono() when that was noticed */
	struct rtt rtt;
	int64_t next_send, next_look;
};

/*
 * Prepare a scan of n ports, each named once. Everything that is pointed to
 * must outlive it.
 */
void scan_init(struct scan *, const struct scan_options *, struct wire *,
    const uint16_t *ports, size_t n);

/*
 * Send and listen until every port has answered or has had all its tries. A
 * port that opens is taken down again by a RST. 0, or -1 with *e when the
 * link ended; what was learnt till then stands.
 */
int scan_run(struct scan *, struct err *e);

/*
 * The try that a reply of the port's answers: the first whose numbers it
 * bears; -1: none. RFC 9293 3.10.7.1: they come back in the reply. A listener
 * may keep text that came with a SYN for later, and acknowledge the SYN alone
 * (3.10.7.2).
 */
int scan_answers(const struct scan_options *, const struct scan_port *,
    const struct segment *reply);

/* Forget what came, for another round over the same ports. */
void scan_again(struct scan *);

void scan_free(struct scan *);

#endif
