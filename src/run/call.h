#ifndef RETORT_CALL_H
#define RETORT_CALL_H

#include "run/conn.h"

/*
 * The user's call or the timeout that is the stimulus of a case, and how it
 * ends. 0, or -1 with *e: ERR_USAGE when nobody can call this here.
 */
int call_user(struct session *, enum event, struct conn *, struct err *e);

/*
 * See what has become of the connection and take it down: its user aborts
 * it, and a RST of ours ends what lives on without a user. Everything that
 * the case has set is set back. Of a remote stack nothing is seen, and a RST
 * of ours is all. 0, or -1 when the driver does not say.
 */
int call_down(struct session *, struct conn *, struct aftermath *,
    struct err *e);

/* The sysctl that the case wants. */
int call_sysctl(struct session *, struct conn *, struct err *e);

#endif
