#ifndef RETORT_SOCKETS_H
#define RETORT_SOCKETS_H

#include "bench/driver.h"

/*
 * What drivers with real sockets have in common. All return 0, or -1 with
 * errno.
 */

/*
 * Whatever is done to a connection that is there: DRV_SEND, DRV_SHUTDOWN,
 * DRV_CLOSE, DRV_ABORT, DRV_DISCONNECT. Others: EOPNOTSUPP.
 */
int sockets_do(const struct drv_request *);

/* SO_LINGER 0, and close. */
int sockets_abort(int fd);

/*
 * DRV_CONNECT, from that address, or from where the kernel likes when it is
 * NULL. The socket is in *reply, even where connect() gave up.
 */
int sockets_connect(const struct drv_request *, const struct addr *from,
    struct drv_reply *);

#endif
