#ifndef RETORT_LWIPV6_SOCKET_H
#define RETORT_LWIPV6_SOCKET_H

#include "stacks/lwipv6_api.h"
#include "stacks/serve.h"

#define LWIPV6_SOCKETS 8192

/*
 * A connection or a listener as its user holds it. A place in the table is
 * not used again soon: of some ends the stack says nothing, and may speak of
 * them yet.
 */
struct lwipv6_user;
struct lwipv6_socket {
	struct lwipv6_user *user;
	struct tcp_pcb *pcb; /* NULL: no more, or not the user's */
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
	unsigned next; /* place to try */
	struct lwipv6_socket sockets[LWIPV6_SOCKETS];
};

/* The stack's words for an address. */
struct ip_addr lwipv6_addr(const struct addr *);

/*
 * Hold this pcb, which is new: listening, connected, or about to connect. In
 * the thread of the stack. NULL when the table is full.
 */
struct lwipv6_socket *lwipv6_socket_new(struct lwipv6_user *, struct tcp_pcb *,
    bool listens);

/* The socket of that descriptor, or NULL; and back. */
struct lwipv6_socket *lwipv6_socket_of(struct lwipv6_user *, int fd);
int lwipv6_fd_of(const struct lwipv6_socket *);

/* The callback of tcp_connect(). */
err_t lwipv6_on_connected(void *socket, struct tcp_pcb *, err_t);

#endif
