/* The recipes for the states up to ESTABLISHED: see drive.c. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "run/call.h"
#include "run/client.h"
#include "run/drive.h"
#include "run/opening.h"

#define GIVE_UP_MS  10
#define FAST_OPENS  16
#define WINDOWS_MAX 40 /* segments that may be needed to fill a window */

/*
 * CLOSED and LISTEN are states of a port, not of a connection, and nothing
 * in a run changes them: asking the kernel once a family is enough.
 */
static int
to_port(struct session *s, struct conn *c, uint16_t port, enum state state,
    struct err *e)
{
	uint8_t ip = testcase_ip(c->t);
	bool *confirmed = &s->confirmed[ip == 6][state == ST_LISTEN];

	c->ours = session_tuple(s, ip, port);
	c->tcb.state = state;
	if (s->looks && !*confirmed && conn_confirm(s, c, e) == -1)
		return -1;
	*confirmed = true;
	c->hidden = true;
	return 0;
}

int
to_closed(struct session *s, struct conn *c, struct err *e)
{
	return to_port(s, c, s->closed_port, ST_CLOSED, e);
}

int
to_listen(struct session *s, struct conn *c, struct err *e)
{
	return to_port(s, c, c->port, ST_LISTEN, e);
}

/* A listener of the case's own, that it may close or fill. */
static int
own_listener(struct session *s, struct conn *c, uint32_t backlog, struct err *e)
{
	struct drv_request request = conn_request(c, DRV_LISTEN);
	struct drv_reply reply;

	request.arg = backlog;
	if (conn_ask(s, &request, &reply, e) == -1)
		return -1;
	c->listener = reply.fd;
	c->port = reply.value;
	return 0;
}

/* A listener of Multipath TCP, where this kernel has it and allows it. */
int
to_listen_mptcp(struct session *s, struct conn *c, struct err *e)
{
	struct drv_request request = conn_request(c, DRV_LISTEN);
	struct drv_reply reply;

	request.option = IPPROTO_MPTCP;
	request.arg = 1;
	if (conn_ask(s, &request, &reply, e) == -1)
		return s->dead ? -1
			       : err_set(e, ERR_USAGE,
				     "no listener of Multipath TCP here: %s",
				     strerror(reply.error));
	c->listener = reply.fd;
	c->port = reply.value;
	c->tcb.mptcp = true;
	return to_listen(s, c, e);
}

/* connect() toward us, which we do not answer yet. */
static int
to_syn_sent_for(struct session *s, struct conn *c, uint32_t ms, struct err *e)
{
	struct drv_request request = conn_request(c, DRV_CONNECT);
	struct drv_reply reply;

	c->ours = session_tuple(s, testcase_ip(c->t), 0);
	request.to = c->ours.src;
	request.arg = ms;
	request.value = conn_is_small(c);
	exchange_start(&s->x, &c->ours);
	s->x.any_port = true;
	if (conn_ask(s, &request, &reply, e) == -1)
		return -1;
	c->fd = reply.fd;
	if (conn_expect(s, c, CTL_SYN, e) == -1)
		return -1;
	c->ours = s->x.ours =
	    tuple_reverse(&s->x.passages[s->x.n - 1].seg.tuple);
	s->x.any_port = false;
	c->tcb.state = ST_SYN_SENT;
	return 0;
}

int
to_syn_sent(struct session *s, struct conn *c, struct err *e)
{
	return s->driven ? to_syn_sent_for(s, c, 0, e) : client_await(s, c, e);
}

/* connect() gives up; close() follows. */
int
to_gave_up(struct session *s, struct conn *c, struct err *e)
{
	if (to_syn_sent_for(s, c, GIVE_UP_MS, e) == -1 ||
	    call_user(s, EV_CLOSE, c, e) == -1)
		return -1;
	c->tcb.state = ST_CLOSED;
	return 0;
}

/* Our SYN crosses the stack's. */
int
to_simultaneous(struct session *s, struct conn *c, struct err *e)
{
	if (to_syn_sent(s, c, e) == -1)
		return -1;
	c->tcb.irs = c->tcb.rcv_nxt = random_u32(&s->random);
	if (conn_send(s, c, CTL_SYN, 0, 0, e) == -1 ||
	    conn_expect(s, c, CTL_SYN | CTL_ACK, e) == -1)
		return -1;
	c->tcb.state = ST_SYN_RECEIVED;
	return 0;
}

int
to_syn_received(struct session *s, struct conn *c, struct err *e)
{
	if (s->client)
		return to_simultaneous(s, c, e);
	c->ours = session_tuple(s, testcase_ip(c->t), c->port);
	exchange_start(&s->x, &c->ours);
	c->tcb.irs = c->tcb.rcv_nxt = random_u32(&s->random);
	/* text on the SYN: Fast Open only */
	if (conn_send(s, c, CTL_SYN, 0, c->tcb.unread, e) == -1 ||
	    conn_expect(s, c, CTL_SYN | CTL_ACK, e) == -1)
		return -1;
	c->tcb.passive = true;
	c->tcb.state = ST_SYN_RECEIVED;
	return 0;
}

/* The SYN,ACK is a cookie, the kernel remembers nothing of the SYN. */
int
to_cookie(struct session *s, struct conn *c, struct err *e)
{
	c->hidden = c->tcb.cookie = true;
	return to_syn_received(s, c, e);
}

int
to_own_syn_received(struct session *s, struct conn *c, struct err *e)
{
	return own_listener(s, c, 1, e) == -1 ? -1 : to_syn_received(s, c, e);
}

/* Nobody has accepted it. */
int
to_unaccepted(struct session *s, struct conn *c, struct err *e)
{
	if (to_own_syn_received(s, c, e) == -1 ||
	    conn_send(s, c, CTL_ACK, c->tcb.snd_nxt, 0, e) == -1)
		return -1;
	c->tcb.state = ST_ESTABLISHED;
	return 0;
}

/* Another connection fills the queue of those to be accepted. */
int
to_queue_full(struct session *s, struct conn *c, struct err *e)
{
	struct drv_request relisten;
	struct drv_reply reply;

	if (to_unaccepted(s, c, e) == -1)
		return -1;
	memset(&c->tcb, 0, sizeof(c->tcb));
	if (to_syn_received(s, c, e) == -1)
		return -1;
	c->tcb.queue_full = true;
	relisten = conn_request(c, DRV_LISTEN);
	relisten.fd = c->listener;
	return conn_ask(s, &relisten, &reply, e);
}

/* Octets that the stack's user leaves in its receive buffer. */
static int
leave_unread(struct session *s, struct conn *c, uint32_t n, struct err *e)
{
	uint16_t ctl = CTL_PSH | CTL_ACK;

	if (conn_send(s, c, ctl, c->tcb.snd_una, n, e) == -1 ||
	    conn_expect(s, c, CTL_ACK, e) == -1)
		return -1;
	c->tcb.unread += n;
	return 0;
}

/* Fill the receive window, until the stack announces that none is left. */
static int
close_window(struct session *s, struct conn *c, struct err *e)
{
	size_t before = s->x.n;
	uint32_t n;
	int i;

	for (i = 0; i < WINDOWS_MAX && c->tcb.rcv_wnd > 0; i++) {
		n = c->tcb.rcv_wnd < CASE_TEXT_MAX ? c->tcb.rcv_wnd
						   : CASE_TEXT_MAX;
		/* of all that fills it the last is enough to tell */
		exchange_forget(&s->x, before);
		if (leave_unread(s, c, n, e) == -1)
			return -1;
	}
	if (c->tcb.rcv_wnd == 0)
		return 0;
	return err_set(e, ERR_ENV, "the stack does not close its window");
}

static int
send_in_flight(struct session *s, struct conn *c, uint32_t n, struct err *e)
{
	if (conn_do(s, c, DRV_SEND, n, e) == -1)
		return -1;
	return conn_expect(s, c, CTL_PSH, e);
}

/* The standing listener's user takes the connection. */
static int
accept_it(struct session *s, struct conn *c, struct err *e)
{
	struct drv_request request = conn_request(c, DRV_ACCEPT);
	struct drv_reply reply;

	request.arg = c->port;
	request.look = DRV_LOOK_AFTER;
	if (conn_ask(s, &request, &reply, e) == -1)
		return -1;
	c->fd = reply.fd;
	return 0;
}

/* The stack listens, and its user accepts. */
static int
to_accepted(struct session *s, struct conn *c, struct err *e)
{
	if (to_syn_received(s, c, e) == -1 ||
	    conn_send(s, c, CTL_ACK, c->tcb.snd_nxt, 0, e) == -1 ||
	    (s->driven && accept_it(s, c, e) == -1))
		return -1;
	c->tcb.state = ST_ESTABLISHED;
	return 0;
}

/* Its user connects. */
static int
to_connected(struct session *s, struct conn *c, struct err *e)
{
	return to_syn_sent(s, c, e) == -1 ? -1 : client_answer(s, c, e);
}

int
to_established(struct session *s, struct conn *c, struct err *e)
{
	const struct template *t = c->t->t;

	if ((s->client ? to_connected : to_accepted)(s, c, e) == -1)
		return -1;
	if (t->unread > 0 && leave_unread(s, c, t->unread, e) == -1)
		return -1;
	if (t->window == WINDOW_CLOSED && close_window(s, c, e) == -1)
		return -1;
	if (t->in_flight > 0 && send_in_flight(s, c, t->in_flight, e) == -1)
		return -1;
	return 0;
}

/*
 * Fast Open without a cookie, which the sysctl allows: the text of the SYN is
 * the user's at once, the handshake is not over yet.
 */
int
to_fast_open(struct session *s, struct conn *c, struct err *e)
{
	struct drv_request request;
	struct drv_reply reply;

	if (own_listener(s, c, FAST_OPENS, e) == -1)
		return -1;
	request = conn_request(c, DRV_OPTION);
	request.fd = c->listener;
	request.level = IPPROTO_TCP;
	request.option = TCP_FASTOPEN;
	request.arg = FAST_OPENS;
	if (conn_ask(s, &request, &reply, e) == -1)
		return -1;
	c->tcb.unread = FAST_OPEN_TEXT;
	if (to_syn_received(s, c, e) == -1)
		return -1;
	request = conn_request(c, DRV_ACCEPT);
	request.fd = c->listener;
	if (conn_ask(s, &request, &reply, e) == -1)
		return -1;
	c->fd = reply.fd;
	return 0;
}
