#ifndef RETORT_OPENING_H
#define RETORT_OPENING_H

#include "run/conn.h"

/*
 * The ways into the states up to ESTABLISHED. Each keeps the stack's TCB; 0,
 * or -1 with *e when the state was not reached.
 */
typedef int recipe(struct session *, struct conn *, struct err *);

recipe to_closed, to_listen, to_listen_mptcp, to_syn_sent, to_gave_up,
    to_simultaneous, to_syn_received, to_cookie, to_own_syn_received,
    to_unaccepted, to_queue_full, to_established, to_fast_open;

#endif
