#ifndef RETORT_REMOTE_H
#define RETORT_REMOTE_H

#include "run/session.h"

/*
 * DOC: a stack that is not on a bench
 *
 * It is asked over a network: what is sent may be lost, and may come in
 * another order. So a fence's answer proves silence only together with a wait
 * of a few round trips, and what ought to have been answered is sent again, on
 * a new connection, before silence is held against anybody.
 */
struct remote_options {
	struct wire_options wire;
	uint16_t listen_port; /* where a server listens; 0: chosen later */
	uint16_t closed_port; /* where nobody does; 0: none is known */
	unsigned retries;     /* of what is not answered */
	bool client;	      /* it connects, to listen_port of ours */
	int64_t wait;	      /* ns, for it to do so */
};

/*
 * Open all for a remote stack, give up every privilege, and see that the two
 * ports are what they are said to be. 0, or -1 with *e.
 */
int session_open_remote(struct session *, const struct remote_options *,
    struct err *e);

/*
 * Open all for a stack that the bench starts in the kernel's place; of the
 * options only the retries and pcap count. -1 with *e also when it does not
 * answer. See adapter.h.
 */
int session_open_adapter(struct session *, const struct adapter *,
    const struct remote_options *, struct err *e);

/*
 * See by a SYN that a port is closed, or that it is not. -1 with *e (ERR_ENV)
 * when it is otherwise, or mute.
 */
int remote_check_port(struct session *, uint16_t port, bool closed,
    struct err *e);

/*
 * As sniff_next(), on the session's wire. -1 with *e also when an ICMP message
 * says that the segment sent last, or one of this case, did not arrive.
 */
int remote_next(struct session *, struct segment *, int64_t deadline,
    struct err *e);

/*
 * As session_fence(). Where no closed port is known only time proves silence,
 * and before the stimulus nothing is waited for.
 */
void remote_fence(struct session *, uint8_t ip);

/* How long a late answer is waited for, in ns. */
int64_t remote_grace(const struct session *);

/* Is the port of our address in use by this machine? */
bool remote_port_taken(const struct session *, uint16_t port);

#endif
