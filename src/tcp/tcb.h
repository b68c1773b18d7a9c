#ifndef RETORT_TCB_H
#define RETORT_TCB_H

#include <stdbool.h>
#include <stdint.h>

#include "tcp/segment.h"
#include "tcp/state.h"

/*
 * What the stack under test knows of a connection (RFC 9293 3.3.1), seen from
 * its side: SND.* is what the stack sends, RCV.* what we send to it. We are
 * the peer, so every number comes from segments we sent or sniffed. In CLOSED
 * there is no TCB and in LISTEN no numbers: all are 0 there.
 */
struct tcb {
	enum state state;
	uint32_t iss, irs;
	uint32_t snd_una, snd_nxt, snd_wnd, max_snd_wnd;
	uint32_t rcv_nxt, rcv_wnd;
	uint8_t rcv_shift;  /* the scale of the windows the stack announces */
	uint32_t unread;    /* octets received that its user has not read */
	bool passive;	    /* the connection came from LISTEN */
	bool orphan;	    /* its user has called CLOSE */
	bool shut;	    /* its user has shut down both directions */
	bool linger2;	    /* its user will not wait in FIN-WAIT-2 */
	bool unsent;	    /* the peer's window keeps text and FIN back */
	bool queue_full;    /* its listener has no room for it */
	bool gap;	    /* it holds text behind a gap, and SACK is on */
	bool mptcp;	    /* its listener speaks Multipath TCP */
	bool cookie;	    /* the listener keeps no state of it */
	bool timestamps;    /* both SYNs bore them (RFC 7323 2.2) */
	uint32_t ts_recent; /* the last TSval that the stack took from us */
	uint32_t ts_val;    /* the last TSval that the stack sent */
};

/* The four-case test of RFC 9293 3.10.7.4, "first check sequence number". */
bool tcb_acceptable(const struct tcb *, const struct segment *);

/*
 * A segment of the stack was sniffed: a SYN sets ISS and SND.*, others advance
 * SND.NXT; with ACK it announces RCV.WND. A RST changes nothing. A
 * timestamp is noted.
 */
void tcb_sent(struct tcb *, const struct segment *);

/*
 * A segment of ours went to the stack, which takes it when it is next in
 * sequence: a SYN sets IRS, text and FIN advance RCV.NXT, an ACK SND.UNA. A
 * RST changes nothing.
 */
void tcb_received(struct tcb *, const struct segment *);

/*
 * The stack says which state it is in, and whether a process has the
 * connection yet. Without a TCB all else is 0.
 */
void tcb_look(struct tcb *, enum state, bool held);

#endif
