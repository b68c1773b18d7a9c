#ifndef RETORT_LWIP_SOCKET_H
#define RETORT_LWIP_SOCKET_H

#include <lwip/tcp.h>

#include "stacks/lwip_tap.h"

#define LWIP_SOCKETS 64

/*
 * A connection or a listener as its user holds it. lwIP takes the pcb back
 * when the connection ends; the socket stays until the user lets it go.
 */
struct lwip_user;
struct lwip_socket {
	struct lwip_user *user; /* NULL: this place is free */
	struct tcp_pcb *pcb;	/* NULL: no more */
	/* that it comes from, while nobody has accepted it */
	struct lwip_socket *listener;
	bool connected, eof;
	int error;	     /* that waits for the user */
	struct pbuf *unread; /* no window is opened for it */
};

/* The user of the stack. Its descriptors are places in the table. */
struct lwip_user {
	struct lwip_tap *tap;
	const struct serve_args *args;
	struct lwip_socket sockets[LWIP_SOCKETS];
};

/*
 * Hold this pcb, which is new: bound, listening, or about to connect. NULL
 * when the table is full.
 */
struct lwip_socket *lwip_socket_new(struct lwip_user *, struct tcp_pcb *);

/* The socket of that descriptor, or NULL; its pcb is alive, or NULL. */
struct lwip_socket *lwip_socket_of(struct lwip_user *, int fd);

/* Let go of the socket, but not of its pcb. */
void lwip_release(struct lwip_socket *);

/* The callback of tcp_connect(). */
err_t lwip_on_connected(void *socket, struct tcp_pcb *, err_t);

/* Is this the connection from that endpoint? */
bool lwip_is_from(const struct tcp_pcb *, const struct endpoint *to);

/* DRV_LOOK. */
int lwip_look(void *user, const struct drv_request *, struct drv_reply *);

#endif
