#ifndef RETORT_DIAG_H
#define RETORT_DIAG_H

#include <stdbool.h>

#include "base/err.h"
#include "tcp/addr.h"
#include "tcp/state.h"

/*
 * The kernel's own word on a connection, by sock_diag(7). It finds sockets
 * that no process holds any more, and half-open children of a listener.
 */
struct diag;

int diag_open(struct diag **, struct err *);
void diag_close(struct diag *);

/*
 * The state of the socket that a segment from `remote` to `local` would meet
 * in this network namespace: CLOSED when there is none. *held: whether a
 * process has it, which is not so before accept() and after close(); it may be
 * NULL. -1 with errno set.
 */
int diag_state(struct diag *, const struct endpoint *local,
    const struct endpoint *remote, enum state *, bool *held);

/* The state that Linux gives this number; NSTATES when it is not known. */
enum state diag_to_state(unsigned linux_state);

#endif
