#ifndef RETORT_LWIPV6_USER_H
#define RETORT_LWIPV6_USER_H

#include "stacks/lwipv6_socket.h"

/* The standing listeners. 0, or -1 with *e. */
int lwipv6_user_init(struct lwipv6_user *, struct stack *,
    const struct serve_args *, struct err *e);

/* The operations, in the places of enum drv_op, and how many they are. */
serve_op *const *lwipv6_user_ops(size_t *n);

#endif
