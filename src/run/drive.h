#ifndef RETORT_DRIVE_H
#define RETORT_DRIVE_H

#include "run/conn.h"

#define FAST_OPEN_TEXT 5 /* octets on the SYN of a Fast Open connection */

enum drive { DRIVE_READY, DRIVE_SKIP, DRIVE_FAILED };

/*
 * Bring the stack into the state of a case: segments from us, calls from its
 * user. The state is confirmed from the kernel. *e says why it was not
 * reached.
 */
enum drive drive_to(struct session *, const struct testcase *, struct conn *,
    struct err *e);

#endif
