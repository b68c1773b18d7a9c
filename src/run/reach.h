#ifndef RETORT_REACH_H
#define RETORT_REACH_H

#include "run/conn.h"
#include "run/suite.h"

/*
 * What of a suite a remote stack can be asked, and what its answers are worth
 * when nobody sees its user.
 */

/* Before anything is sent: 0, or -1 with *e, the reason to skip the case. */
int reach_case(const struct session *, const struct testcase *, struct err *e);

/*
 * Our FIN, and what the stack's user does then: learned once. 0 in the state
 * that the case wants, CLOSE-WAIT or LAST-ACK; else -1 with *e.
 */
int reach_close(struct session *, struct conn *, struct err *e);

/*
 * The state ought to be reached: is it what the case wants? 0, or -1 with *e
 * (ERR_USAGE: the target's user is such that it cannot be).
 */
int reach_setup(struct session *, struct conn *, struct err *e);

/*
 * The same of a stack whose user can be driven, but sees no state: -1 with *e
 * when it has reset the connection already.
 */
int reach_alive(const struct session *, struct err *e);

/*
 * Has the stack held back what its user sent into a closed window? No, and *e,
 * when a passage since `from` says otherwise. The kernel surely does.
 */
int reach_held(struct session *, const struct conn *, size_t from,
    struct err *e);

/*
 * A reply that is due and has not come may be an ACK that is delayed: wait for
 * as long as that may take (RFC 9293 3.8.6.3: half a second).
 */
void reach_wait(struct session *, const struct rule *,
    const struct suite_result *);

/* Is the case to be repeated, as segments may have been lost? */
bool reach_again(const struct session *, const struct suite_result *);

/* Put aside a verdict that only the stack's user could confirm. */
void reach_verdict(const struct suite *, const struct session *,
    const struct testcase *, struct suite_result *, unsigned tries);

/*
 * DOC: what surprises is asked again
 *
 * A busy machine may hold up a stack that is no part of its kernel for longer
 * than anything is waited for, and so show silence where an answer was on its
 * way. So of a stack on an adapter nothing that surprises is believed at once:
 * neither a FAIL, nor a right answer where a known deviation should have
 * occurred, nor that the evidence is not enough. It is tried again, on a new
 * connection and with more patience; where that gives another verdict, a third
 * try decides. What two of them say stands, and the report says that it was not
 * so each time; when all three differ, it is INCONCLUSIVE.
 */
bool reach_surprises(const struct session *, const struct suite_result *);

/* The third try has this result; the two before it had those verdicts. */
void reach_agree(struct suite_result *, const enum verdict before[2]);

#endif
