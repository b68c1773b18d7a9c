#include <string.h>

#include "stacks/lwipv6_socket.h"

struct ip_addr
lwipv6_addr(const struct addr *a)
{
	struct ip_addr to = { 0 };

	if (a->ip == 6) {
		memcpy(to.addr, a->octets, sizeof(to.addr));
		return to;
	}
	to.addr[2] = IP64_PREFIX;
	memcpy(&to.addr[3], a->octets, sizeof(to.addr[3]));
	return to;
}

/* ---- what the stack tells its user, in the stack's thread ---- */

static err_t
on_receive(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	struct lwipv6_socket *s = arg;

	(void)err;
	/* the user never reads: no window is opened for it */
	if (p != NULL)
		pbuf_free(p);
	else
		s->eof = true;
	/* a case takes as long as its answers do: the ACK's time has come */
	tcp_fasttmr(pcb->stack);
	return 0;
}

static void
on_error(void *arg, err_t err)
{
	struct lwipv6_socket *s = arg;

	(void)err;
	s->pcb = NULL;
}

static err_t
on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct lwipv6_socket *listener = arg, *s;

	if (err != 0)
		return err;
	s = lwipv6_socket_new(listener->user, pcb, false);
	if (s == NULL)
		return -1;
	s->listener = listener;
	return 0;
}

err_t
lwipv6_on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct lwipv6_socket *s = arg;

	s->connected = err == 0;
	/* so that it sends the handshake's last ACK at once */
	pcb->flags |= TCP_ACK_DELAY;
	return 0;
}

/* ---- the table ---- */

struct lwipv6_socket *
lwipv6_socket_new(struct lwipv6_user *u, struct tcp_pcb *pcb, bool listens)
{
	struct lwipv6_socket *s;
	size_t i;

	for (i = 0; i < LWIPV6_SOCKETS; i++) {
		s = &u->sockets[u->next++ % LWIPV6_SOCKETS];
		if (s->pcb == NULL)
			break;
	}
	if (i == LWIPV6_SOCKETS)
		return NULL;
	memset(s, 0, sizeof(*s));
	s->user = u;
	s->pcb = pcb;
	s->listens = listens;
	tcp_arg(pcb, s);
	if (listens) {
		tcp_accept(pcb, on_accept);
	} else {
		tcp_recv(pcb, on_receive);
		tcp_err(pcb, on_error);
	}
	return s;
}

struct lwipv6_socket *
lwipv6_socket_of(struct lwipv6_user *u, int fd)
{
	return fd >= 0 && fd < LWIPV6_SOCKETS ? &u->sockets[fd] : NULL;
}

int
lwipv6_fd_of(const struct lwipv6_socket *s)
{
	return (int)(s - s->user->sockets);
}
