#include <sys/socket.h>

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/table.h"
#include "stacks/lwip_user.h"

#define ACCEPT_WAIT_MS 1000
#define SEND_MAX       4096

/* Descriptors: the standing listeners have the first two. */
static int
fd_of(const struct lwip_socket *s)
{
	return (int)(s - s->user->sockets);
}

/* Let the stack work until something new has come, or time is out. */
static bool
wait_until(struct lwip_user *u, int64_t deadline)
{
	struct pollfd p = { .fd = u->tap->fd, .events = POLLIN };
	int64_t left = (deadline - clock_mono()) / NSEC_PER_MSEC;
	int due = lwip_tap_due();

	if (left <= 0)
		return false;
	poll(&p, 1, due != -1 && due < left ? due : (int)left);
	lwip_tap_work(u->tap);
	return true;
}

/* ---- operations ---- */

static int
listen_at(struct lwip_user *u, const struct addr *a, uint16_t port,
    struct lwip_socket **out)
{
	u8_t type = a->ip == 6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4;
	struct tcp_pcb *pcb = tcp_new_ip_type(type), *listening;
	ip_addr_t ip;
	err_t rc;

	lwip_addr(&ip, a);
	if (pcb == NULL)
		return ENOMEM;
	rc = tcp_bind(pcb, &ip, port);
	if (rc == ERR_OK) {
		listening = tcp_listen_with_backlog_and_err(pcb, 0xff, &rc);
		if (listening != NULL)
			pcb = listening;
	}
	*out = rc == ERR_OK ? lwip_socket_new(u, pcb) : NULL;
	if (*out != NULL)
		return 0;
	tcp_close(pcb);
	return rc == ERR_OK ? EMFILE : err_to_errno(rc);
}

static int
do_listen(void *user, const struct drv_request *request,
    struct drv_reply *reply)
{
	struct lwip_user *u = user;
	struct lwip_socket *s;
	int error;

	/* this library is built without a limit on who waits for accept() */
	if (request->fd != -1 || request->option != 0)
		return EOPNOTSUPP;
	error = listen_at(u, &u->args->ip[request->ip == 6], 0, &s);
	if (error != 0)
		return error;
	reply->fd = fd_of(s);
	reply->value = s->pcb->local_port;
	return 0;
}

/* From that listener and that peer; who else waited there is sent away. */
static struct lwip_socket *
take(struct lwip_socket *listener, const struct endpoint *to)
{
	struct lwip_socket *s, *found = NULL, *sockets;

	sockets = listener->user->sockets;
	for (s = sockets; s < sockets + LWIP_SOCKETS; s++) {
		if (s->listener != listener)
			continue;
		if (lwip_is_from(s->pcb, to))
			found = s;
		else
			tcp_abort(s->pcb);
	}
	if (found != NULL)
		found->listener = NULL;
	return found;
}

static int
do_accept(void *user, const struct drv_request *request,
    struct drv_reply *reply)
{
	int64_t deadline = clock_mono() + ACCEPT_WAIT_MS * NSEC_PER_MSEC;
	struct lwip_user *u = user;
	struct lwip_socket *s, *listener;

	listener = lwip_socket_of(u,
	    request->fd != -1 ? request->fd : request->ip == 6);
	if (listener == NULL || listener->pcb == NULL)
		return EBADF;
	do {
		s = take(listener, &request->to);
		if (s != NULL) {
			reply->fd = fd_of(s);
			return 0;
		}
	} while (wait_until(u, deadline));
	return ETIMEDOUT;
}

/* As a connect() that may give up, when the socket is still there. */
static int
do_connect(void *user, const struct drv_request *request,
    struct drv_reply *reply)
{
	int64_t deadline = clock_mono() + request->arg * NSEC_PER_MSEC;
	u8_t type = request->to.addr.ip == 6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4;
	struct tcp_pcb *pcb = tcp_new_ip_type(type);
	struct lwip_socket *s;
	ip_addr_t ip;
	err_t rc;

	/* the receive buffer is the same for all */
	if (request->value == 1)
		return EOPNOTSUPP;
	if (pcb == NULL)
		return ENOMEM;
	s = lwip_socket_new(user, pcb);
	if (s == NULL) {
		tcp_close(pcb);
		return EMFILE;
	}
	lwip_addr(&ip, &request->to.addr);
	rc = tcp_connect(pcb, &ip, request->to.port, lwip_on_connected);
	if (rc != ERR_OK) {
		lwip_release(s);
		tcp_close(pcb);
		return err_to_errno(rc);
	}
	reply->fd = fd_of(s);
	while (!s->connected && s->pcb != NULL && wait_until(user, deadline))
		;
	return 0;
}

static int
do_send(void *user, const struct drv_request *request, struct drv_reply *reply)
{
	static const char text[SEND_MAX];
	struct lwip_socket *s = lwip_socket_of(user, request->fd);
	err_t rc;

	(void)reply;
	if (s == NULL || s->pcb == NULL)
		return s == NULL ? EBADF : EPIPE;
	if (request->arg > sizeof(text))
		return EINVAL;
	rc = tcp_write(s->pcb, text, request->arg, TCP_WRITE_FLAG_COPY);
	if (rc == ERR_OK)
		rc = tcp_output(s->pcb);
	return err_to_errno(rc);
}

static int
do_shutdown(void *user, const struct drv_request *request,
    struct drv_reply *reply)
{
	struct lwip_socket *s = lwip_socket_of(user, request->fd);
	int how = (int)request->arg;

	(void)reply;
	if (s == NULL || s->pcb == NULL)
		return s == NULL ? EBADF : ENOTCONN;
	return err_to_errno(tcp_shutdown(s->pcb, how != SHUT_WR,
	    how != SHUT_RD));
}

/* Nobody will accept them any more. */
static void
drop_children(struct lwip_socket *listener)
{
	struct lwip_socket *s, *sockets = listener->user->sockets;

	for (s = sockets; s < sockets + LWIP_SOCKETS; s++)
		if (s->listener == listener)
			tcp_abort(s->pcb);
}

static int
do_close(void *user, const struct drv_request *request, struct drv_reply *reply)
{
	struct lwip_socket *s = lwip_socket_of(user, request->fd);
	struct tcp_pcb *pcb;

	(void)reply;
	if (s == NULL)
		return EBADF;
	pcb = s->pcb;
	if (pcb != NULL) {
		tcp_arg(pcb, NULL);
		if (pcb->state == LISTEN) {
			drop_children(s);
		} else {
			tcp_recv(pcb, NULL);
			tcp_err(pcb, NULL);
		}
	}
	lwip_release(s);
	return pcb != NULL ? err_to_errno(tcp_close(pcb)) : 0;
}

static int
do_abort(void *user, const struct drv_request *request, struct drv_reply *reply)
{
	struct lwip_socket *s = lwip_socket_of(user, request->fd);

	if (s == NULL || s->pcb == NULL || s->pcb->state == LISTEN)
		return do_close(user, request, reply);
	tcp_err(s->pcb, NULL);
	tcp_abort(s->pcb);
	lwip_release(s);
	return 0;
}

static int
do_option(void *user, const struct drv_request *request,
    struct drv_reply *reply)
{
	struct lwip_socket *s = lwip_socket_of(user, request->fd);
	struct tcp_pcb *pcb = s != NULL ? s->pcb : NULL;
	bool tcp = request->level == IPPROTO_TCP;

	(void)reply;
	if (pcb == NULL || pcb->state == LISTEN)
		return pcb == NULL ? EBADF : EOPNOTSUPP;
	if (request->level == SOL_SOCKET && request->option == SO_KEEPALIVE)
		ip_set_option(pcb, SOF_KEEPALIVE);
	else if (tcp && request->option == TCP_NODELAY)
		tcp_nagle_disable(pcb);
	else if (tcp && request->option == TCP_KEEPIDLE)
		pcb->keep_idle = request->arg * 1000;
	else if (tcp && request->option == TCP_KEEPINTVL)
		pcb->keep_intvl = request->arg * 1000;
	else if (tcp && request->option == TCP_KEEPCNT)
		pcb->keep_cnt = request->arg;
	else
		return EOPNOTSUPP;
	return 0;
}

int
lwip_user_init(struct lwip_user *u, struct lwip_tap *tap,
    const struct serve_args *args, struct err *e)
{
	struct lwip_socket *s;
	int i, error;

	memset(u, 0, sizeof(*u));
	u->tap = tap;
	u->args = args;
	for (i = 0; i < 2; i++) {
		error = listen_at(u, &args->ip[i], args->listen_port, &s);
		if (error != 0)
			return err_set(e, ERR_ENV, "cannot listen: %s",
			    strerror(error));
	}
	return 0;
}

serve_op *const *
lwip_user_ops(size_t *n)
{
	static serve_op *const ops[] = {
		[DRV_LOOK] = lwip_look,
		[DRV_LISTEN] = do_listen,
		[DRV_ACCEPT] = do_accept,
		[DRV_CONNECT] = do_connect,
		[DRV_SEND] = do_send,
		[DRV_SHUTDOWN] = do_shutdown,
		[DRV_CLOSE] = do_close,
		[DRV_ABORT] = do_abort,
		[DRV_OPTION] = do_option,
	};

	*n = ARRAY_SIZE(ops);
	return ops;
}
