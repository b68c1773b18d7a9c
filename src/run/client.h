#ifndef RETORT_CLIENT_H
#define RETORT_CLIENT_H

#include "run/conn.h"

/*
 * DOC: a stack that connects to us
 *
 * All states from SYN-SENT on are reached from its side: its user connects,
 * and we are the server. On a bench the user is told to. A remote one is
 * waited for: it is to connect again and again to one port of ours, and each
 * of its connections serves one case.
 */

/* Is this a case for a stack that never listens? */
bool client_case(const struct testcase *);

/* A remote stack's user connects: its SYN, and SYN-SENT. 0, or -1 with *e. */
int client_await(struct session *, struct conn *, struct err *e);

/* Its SYN is there: the rest of the handshake. 0, or -1 with *e. */
int client_answer(struct session *, struct conn *, struct err *e);

#endif
