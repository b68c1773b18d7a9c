#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/table.h"
#include "stacks/lwipv6_user.h"

#define ACCEPT_WAIT_MS 1000
#define SEND_MAX       4096
#define STEP_MS	       1 /* between two looks for what is waited for */

/* ---- calls, in the stack's thread ---- */

/* What an operation takes there, and its errno. */
struct call {
	struct lwipv6_user *user;
	const struct drv_request *request;
	struct lwipv6_socket *s; /* of request->fd, or the result */
	struct ip_addr ip;
	uint16_t port;
	int error;
};

static struct call
new_call(struct lwipv6_user *u, const struct drv_request *request)
{
	return (struct call){ .user = u,
		.request = request,
		.s = lwipv6_socket_of(u, request->fd) };
}

/* Returns the errno. */
static int
run(struct call *c, void (*f)(void *call))
{
	if (tcpip_callback(c->user->stack, f, c, TCPIP_SYNC) != 0)
		return ENOMEM;
	return c->error;
}

static void
listen_there(void *call)
{
	struct call *c = call;
	struct tcp_pcb *pcb = tcp_new(c->user->stack), *listening = NULL;

	if (pcb != NULL && tcp_bind(pcb, &c->ip, c->port) == 0)
		listening = tcp_listen(pcb);
	c->s = NULL;
	if (listening != NULL)
		c->s = lwipv6_socket_new(c->user, listening, true);
	if (c->s != NULL)
		return;
	if (pcb != NULL)
		tcp_close(listening != NULL ? listening : pcb);
	c->error = ENOBUFS;
}

/* From that listener and that peer; who else waited there is sent away. */
static void
take(void *call)
{
	struct call *c = call;
	struct lwipv6_socket *s, *sockets = c->user->sockets;
	uint16_t port = c->request->to.port;

	c->error = ETIMEDOUT;
	for (s = sockets; s < sockets + LWIPV6_SOCKETS; s++) {
		if (s->listener != c->s || s->pcb == NULL)
			continue;
		if (s->pcb->remote_port != port) {
			tcp_abort(s->pcb);
			continue;
		}
		s->listener = NULL;
		c->s = s;
		c->error = 0;
		return;
	}
}

static void
connect_to(void *call)
{
	struct call *c = call;
	struct tcp_pcb *pcb = tcp_new(c->user->stack);

	c->ip = lwipv6_addr(&c->request->to.addr);
	c->port = c->request->to.port;
	c->s = pcb != NULL ? lwipv6_socket_new(c->user, pcb, false) : NULL;
	if (c->s == NULL) {
		c->error = ENOBUFS;
		return;
	}
	if (tcp_connect(pcb, &c->ip, c->port, lwipv6_on_connected) != 0)
		c->error = ENETUNREACH;
}

static void
send_text(void *call)
{
	static const char text[SEND_MAX];
	struct call *c = call;
	struct tcp_pcb *pcb = c->s->pcb;

	if (pcb == NULL || tcp_write(pcb, text, c->request->arg, 1) != 0 ||
	    tcp_output(pcb) != 0)
		c->error = EPIPE;
}

/* The FIN of ours; what comes may still come. */
static void
shut(void *call)
{
	struct call *c = call;

	if (c->s->pcb == NULL || tcp_close(c->s->pcb) != 0)
		c->error = ENOTCONN;
	c->s->shut = true;
}

/*
 * When both have sent their FIN, the stack drops the connection in its own
 * time and does not say so: its pcb is out of bounds.
 */
static bool
is_ours(const struct lwipv6_socket *s)
{
	return s->pcb != NULL && !(s->shut && s->eof);
}

static void
close_it(void *call)
{
	struct call *c = call;
	struct lwipv6_socket *s, *sockets = c->user->sockets;

	/* nobody will accept these any more */
	for (s = sockets; c->s->listens && s < sockets + LWIPV6_SOCKETS; s++)
		if (s->listener == c->s && s->pcb != NULL)
			tcp_abort(s->pcb);
	if (is_ours(c->s) && tcp_close(c->s->pcb) != 0)
		c->error = ENOBUFS;
	c->s->pcb = NULL;
}

static void
abort_it(void *call)
{
	struct call *c = call;

	if (is_ours(c->s))
		tcp_abort(c->s->pcb);
	c->s->pcb = NULL;
}

/* ---- operations ---- */

static int
do_listen(void *user, const struct drv_request *request,
    struct drv_reply *reply)
{
	struct lwipv6_user *u = user;
	struct call c = new_call(u, request);
	int error;

	/* the stack knows no limit on who waits for accept() */
	if (request->fd != -1 || request->option != 0)
		return EOPNOTSUPP;
	c.ip = lwipv6_addr(&u->args->ip[request->ip == 6]);
	error = run(&c, listen_there);
	if (error != 0)
		return error;
	reply->fd = lwipv6_fd_of(c.s);
	reply->value = c.s->pcb->local_port;
	return 0;
}

static int
do_accept(void *user, const struct drv_request *request,
    struct drv_reply *reply)
{
	int64_t deadline = clock_mono() + ACCEPT_WAIT_MS * NSEC_PER_MSEC;
	struct call c = new_call(user, request);

	/* the standing listeners are the first two */
	if (request->fd == -1)
		c.s = lwipv6_socket_of(user, request->ip == 6);
	if (c.s == NULL || !c.s->listens)
		return EBADF;
	while (run(&c, take) == ETIMEDOUT && clock_mono() < deadline)
		poll(NULL, 0, STEP_MS);
	if (c.error == 0)
		reply->fd = lwipv6_fd_of(c.s);
	return c.error;
}

/* As a connect() that may give up, when the socket is still there. */
static int
do_connect(void *user, const struct drv_request *request,
    struct drv_reply *reply)
{
	int64_t deadline = clock_mono() + request->arg * NSEC_PER_MSEC;
	struct call c = new_call(user, request);
	int error;

	/* the receive buffer is the same for all */
	if (request->value == 1)
		return EOPNOTSUPP;
	error = run(&c, connect_to);
	if (error != 0)
		return error;
	reply->fd = lwipv6_fd_of(c.s);
	while (!c.s->connected && c.s->pcb != NULL && clock_mono() < deadline)
		poll(NULL, 0, STEP_MS);
	return 0;
}

static int
do_send(void *user, const struct drv_request *request, struct drv_reply *reply)
{
	struct call c = new_call(user, request);

	(void)reply;
	if (c.s == NULL || request->arg > SEND_MAX)
		return EINVAL;
	return run(&c, send_text);
}

static int
do_shutdown(void *user, const struct drv_request *request,
    struct drv_reply *reply)
{
	struct call c = new_call(user, request);

	(void)reply;
	/* toward the user nothing can be shut */
	if (c.s == NULL || request->arg != SHUT_WR)
		return c.s == NULL ? EBADF : EOPNOTSUPP;
	return run(&c, shut);
}

static int
do_close(void *user, const struct drv_request *request, struct drv_reply *reply)
{
	struct call c = new_call(user, request);

	(void)reply;
	return c.s == NULL ? EBADF : run(&c, close_it);
}

static int
do_abort(void *user, const struct drv_request *request, struct drv_reply *reply)
{
	struct call c = new_call(user, request);

	(void)reply;
	if (c.s != NULL && c.s->pcb != NULL && !is_ours(c.s))
		return EOPNOTSUPP;
	return c.s == NULL ? EBADF : run(&c, abort_it);
}

/* It cannot tell. */
static int
do_look(void *user, const struct drv_request *request, struct drv_reply *reply)
{
	(void)user;
	reply->has_user = request->fd != -1;
	return 0;
}

int
lwipv6_user_init(struct lwipv6_user *u, struct stack *stack,
    const struct serve_args *args, struct err *e)
{
	struct call c = { .user = u, .port = args->listen_port };
	int i, error;

	u->stack = stack;
	u->args = args;
	for (i = 0; i < 2; i++) {
		c.ip = lwipv6_addr(&args->ip[i]);
		error = run(&c, listen_there);
		if (error != 0)
			return err_set(e, ERR_ENV, "cannot listen: %s",
			    strerror(error));
	}
	return 0;
}

serve_op *const *
lwipv6_user_ops(size_t *n)
{
	static serve_op *const ops[] = {
		[DRV_LOOK] = do_look,
		[DRV_LISTEN] = do_listen,
		[DRV_ACCEPT] = do_accept,
		[DRV_CONNECT] = do_connect,
		[DRV_SEND] = do_send,
		[DRV_SHUTDOWN] = do_shutdown,
		[DRV_CLOSE] = do_close,
		[DRV_ABORT] = do_abort,
	};

	*n = ARRAY_SIZE(ops);
	return ops;
}
