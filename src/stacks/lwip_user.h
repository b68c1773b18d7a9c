#ifndef RETORT_LWIP_USER_H
#define RETORT_LWIP_USER_H

#include "stacks/lwip_socket.h"

/* The standing listeners. 0, or -1 with *e. */
int lwip_user_init(struct lwip_user *, struct lwip_tap *,
    const struct serve_args *, struct err *e);

/* The operations, in the places of enum drv_op, and how many they are. */
serve_op *const *lwip_user_ops(size_t *n);

#endif
