#ifndef RETORT_LWIPV6_USER_H
#define RETORT_LWIPV6_USER_H

#include "stacks/lwipv6_api.h"
#include "stacks/serve.h"

#define LWIPV6_SOCKETS 8192

/*
 * A connection or a listener as its user holds it. A place in the table is
 * used once: of some ends the stack says nothing, and may speak of them yet.
 */
struct lwipv6_user;
struct lwipv6_socket {
	struct lwipv6_user *user; /* NULL: this place is free */
	struct tcp_pcb *pcb;	  /* NULL: no more, or not the user's */
	/* that it comes from, while nobody has accepted it */
	struct lwipv6_socket *listener;
	bool listens, connected;
	bool eof;  /* the peer has sent its FIN */
	bool shut; /* and we ours */
};

/* The user of the stack. Its descriptors are places in the table. */
struct lwipv6_user {
	struct stack *stack;
	const struct serve_args *args;
	size_t n;
	struct lwipv6_socket sockets[LWIPV6_SOCKETS];
};

/* The stack's words for an address. */
struct ip_addr lwipv6_addr(const struct addr *);

/* The standing listeners. 0, or -1 with *e. */
int lwipv6_user_init(struct lwipv6_user *, struct stack *,
    const struct serve_args *, struct err *e);

/* The operations, in the places of enum drv_op, and how many they are. */
serve_op *const *lwipv6_user_ops(size_t *n);

#endif
