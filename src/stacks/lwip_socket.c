#include <errno.h>
#include <lwip/priv/tcp_priv.h>
#include <string.h>

#include "base/table.h"
#include "stacks/lwip_socket.h"

/* ---- what lwIP tells its user ---- */

static err_t
on_receive(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	struct lwip_socket *s = arg;

	(void)pcb;
	(void)err;
	if (p == NULL)
		s->eof = true;
	else if (s->unread == NULL)
		s->unread = p;
	else
		pbuf_cat(s->unread, p);
	return ERR_OK;
}

void
lwip_release(struct lwip_socket *s)
{
	if (s->unread != NULL)
		pbuf_free(s->unread);
	memset(s, 0, sizeof(*s));
}

/* The pcb is no more. ERR_CLSD: both sides have closed, which is no error. */
static void
on_error(void *arg, err_t err)
{
	struct lwip_socket *s = arg;

	s->pcb = NULL;
	s->error = err == ERR_CLSD ? 0 : err_to_errno(err);
	if (s->listener != NULL)
		lwip_release(s);
}

err_t
lwip_on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct lwip_socket *s = arg;

	(void)pcb;
	s->connected = err == ERR_OK;
	return ERR_OK;
}

static err_t
on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct lwip_socket *listener = arg, *s;

	if (err != ERR_OK || pcb == NULL)
		return ERR_VAL;
	s = lwip_socket_new(listener->user, pcb);
	if (s == NULL)
		return ERR_MEM;
	s->listener = listener;
	return ERR_OK;
}

struct lwip_socket *
lwip_socket_new(struct lwip_user *user, struct tcp_pcb *pcb)
{
	struct lwip_socket *s = user->sockets;

	while (s < user->sockets + LWIP_SOCKETS && s->user != NULL)
		s++;
	if (s == user->sockets + LWIP_SOCKETS)
		return NULL;
	s->user = user;
	s->pcb = pcb;
	tcp_arg(pcb, s);
	if (pcb->state == LISTEN) {
		tcp_accept(pcb, on_accept);
	} else {
		tcp_recv(pcb, on_receive);
		tcp_err(pcb, on_error);
	}
	return s;
}

/* ---- to find things ---- */

static bool
is_at(const ip_addr_t *ip, uint16_t port, const struct endpoint *end)
{
	ip_addr_t a;

	lwip_addr(&a, &end->addr);
	return port == end->port && ip_addr_cmp(ip, &a);
}

bool
lwip_is_from(const struct tcp_pcb *pcb, const struct endpoint *to)
{
	return is_at(&pcb->remote_ip, pcb->remote_port, to);
}

/*
 * The pcb that a segment from `to` to `local` would meet, or NULL; all but
 * listeners.
 */
static struct tcp_pcb *
find_pcb(const struct endpoint *local, const struct endpoint *to)
{
	struct tcp_pcb *const lists[] = { tcp_active_pcbs, tcp_tw_pcbs }, *pcb;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		for (pcb = lists[i]; pcb != NULL; pcb = pcb->next)
			if (is_at(&pcb->local_ip, pcb->local_port, local) &&
			    lwip_is_from(pcb, to))
				return pcb;
	return NULL;
}

static bool
is_listening(const struct endpoint *local)
{
	const struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs;

	for (; l != NULL; l = l->next)
		if (is_at(&l->local_ip, l->local_port, local))
			return true;
	return false;
}

/* Of some ends lwIP says nothing: is the pcb still there, and this one's? */
static bool
is_alive(const struct lwip_socket *s)
{
	struct tcp_pcb *const lists[] = { tcp_active_pcbs, tcp_tw_pcbs,
		tcp_listen_pcbs.pcbs },
			      *pcb;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		for (pcb = lists[i]; pcb != NULL; pcb = pcb->next)
			if (pcb == s->pcb && pcb->callback_arg == s)
				return true;
	return false;
}

struct lwip_socket *
lwip_socket_of(struct lwip_user *u, int fd)
{
	struct lwip_socket *s;

	if (fd < 0 || fd >= LWIP_SOCKETS || u->sockets[fd].user == NULL)
		return NULL;
	s = &u->sockets[fd];
	if (s->pcb != NULL && !is_alive(s))
		s->pcb = NULL;
	return s;
}

static enum state
state_of(const struct tcp_pcb *pcb)
{
	static const enum state states[] = {
		[CLOSED] = ST_CLOSED,
		[LISTEN] = ST_LISTEN,
		[SYN_SENT] = ST_SYN_SENT,
		[SYN_RCVD] = ST_SYN_RECEIVED,
		[ESTABLISHED] = ST_ESTABLISHED,
		[FIN_WAIT_1] = ST_FIN_WAIT_1,
		[FIN_WAIT_2] = ST_FIN_WAIT_2,
		[CLOSE_WAIT] = ST_CLOSE_WAIT,
		[CLOSING] = ST_CLOSING,
		[LAST_ACK] = ST_LAST_ACK,
		[TIME_WAIT] = ST_TIME_WAIT,
	};

	return states[pcb->state];
}

/* ---- to look ---- */

int
lwip_look(void *user, const struct drv_request *request,
    struct drv_reply *reply)
{
	struct lwip_socket *s = lwip_socket_of(user, request->fd);
	const struct tcp_pcb *pcb = s != NULL ? s->pcb : NULL;

	if (pcb == NULL)
		pcb = find_pcb(&request->local, &request->to);
	if (pcb != NULL)
		reply->state = state_of(pcb);
	else
		reply->state =
		    is_listening(&request->local) ? ST_LISTEN : ST_CLOSED;
	reply->has_user = s != NULL;
	if (s == NULL)
		return 0;
	reply->so_error = s->error;
	s->error = 0;
	reply->eof = s->eof;
	reply->unread = s->unread != NULL ? s->unread->tot_len : 0;
	return 0;
}
