/*
 * DOC: how a state is reached
 *
 * A recipe a row in the table at the end: state, way ("via" in a case), and
 * the function that goes there. A recipe starts where an earlier one ends:
 * FIN-WAIT-2 is FIN-WAIT-1 and an ACK more. Each keeps the stack's TCB: the
 * numbers are those of the segments that we sent and sniffed on the way.
 */
#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "base/table.h"
#include "run/call.h"
#include "run/drive.h"

#define GIVE_UP_MS  10
#define FAST_OPENS  16
#define WINDOWS_MAX 40 /* segments that may be needed to fill a window */

typedef int recipe(struct session *, struct conn *, struct err *);

static bool
is_small(const struct conn *c)
{
	return c->t->t->window != WINDOW_USUAL;
}

/* Does the kernel, too, say that this is the state? */
static int
confirm(struct session *s, struct conn *c, struct err *e)
{
	struct drv_request request = conn_request(c, DRV_LOOK);
	struct drv_reply reply;

	if (conn_ask(s, &request, &reply, e) == -1)
		return -1;
	c->eof = reply.eof;
	if (reply.state != c->tcb.state)
		return err_set(e, ERR_ENV, "wanted %s, but the kernel is in %s",
		    state_name(c->tcb.state), state_name(reply.state));
	return 0;
}

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
	if (!*confirmed && confirm(s, c, e) == -1)
		return -1;
	*confirmed = true;
	c->hidden = true;
	return 0;
}

static int
to_closed(struct session *s, struct conn *c, struct err *e)
{
	return to_port(s, c, bench_net(s->bench)->closed_port, ST_CLOSED, e);
}

static int
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

/* connect() toward us, which we do not answer yet. */
static int
to_syn_sent_for(struct session *s, struct conn *c, uint32_t ms, struct err *e)
{
	struct drv_request request = conn_request(c, DRV_CONNECT);
	struct drv_reply reply;

	c->ours = session_tuple(s, testcase_ip(c->t), 0);
	request.to = c->ours.src;
	request.arg = ms;
	request.value = is_small(c);
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

static int
to_syn_sent(struct session *s, struct conn *c, struct err *e)
{
	return to_syn_sent_for(s, c, 0, e);
}

/* connect() gives up; close() follows. */
static int
to_gave_up(struct session *s, struct conn *c, struct err *e)
{
	if (to_syn_sent_for(s, c, GIVE_UP_MS, e) == -1 ||
	    call_user(s, EV_CLOSE, c, e) == -1)
		return -1;
	c->tcb.state = ST_CLOSED;
	return 0;
}

/* Our SYN crosses the stack's. */
static int
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

static int
to_syn_received(struct session *s, struct conn *c, struct err *e)
{
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
static int
to_cookie(struct session *s, struct conn *c, struct err *e)
{
	c->hidden = c->tcb.cookie = true;
	return to_syn_received(s, c, e);
}

static int
to_own_syn_received(struct session *s, struct conn *c, struct err *e)
{
	return own_listener(s, c, 1, e) == -1 ? -1 : to_syn_received(s, c, e);
}

/* Nobody has accepted it. */
static int
to_unaccepted(struct session *s, struct conn *c, struct err *e)
{
	if (to_own_syn_received(s, c, e) == -1 ||
	    conn_send(s, c, CTL_ACK, c->tcb.snd_nxt, 0, e) == -1)
		return -1;
	c->tcb.state = ST_ESTABLISHED;
	return 0;
}

/* Another connection fills the queue of those to be accepted. */
static int
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

static int
to_established(struct session *s, struct conn *c, struct err *e)
{
	const struct template *t = c->t->t;
	struct drv_request request;
	struct drv_reply reply;

	if (to_syn_received(s, c, e) == -1 ||
	    conn_send(s, c, CTL_ACK, c->tcb.snd_nxt, 0, e) == -1)
		return -1;
	request = conn_request(c, DRV_ACCEPT);
	request.arg = c->port;
	request.look = DRV_LOOK_AFTER;
	if (conn_ask(s, &request, &reply, e) == -1)
		return -1;
	c->fd = reply.fd;
	c->tcb.state = ST_ESTABLISHED;
	if (t->unread > 0 && leave_unread(s, c, t->unread, e) == -1)
		return -1;
	if (t->window == WINDOW_CLOSED && close_window(s, c, e) == -1)
		return -1;
	if (t->in_flight > 0 && send_in_flight(s, c, t->in_flight, e) == -1)
		return -1;
	return 0;
}

/* The stack's user has no more to send; its FIN is not acknowledged. */
static int
shut(struct session *s, struct conn *c, enum state state, struct err *e)
{
	if (conn_do(s, c, DRV_SHUTDOWN, SHUT_WR, e) == -1 ||
	    conn_expect(s, c, CTL_FIN, e) == -1)
		return -1;
	c->tcb.state = state;
	return 0;
}

static int
to_fin_wait_1(struct session *s, struct conn *c, struct err *e)
{
	return to_established(s, c, e) == -1 ? -1
					     : shut(s, c, ST_FIN_WAIT_1, e);
}

static int
acknowledge_fin(struct session *s, struct conn *c, enum state state,
    struct err *e)
{
	c->tcb.state = state;
	return conn_send(s, c, CTL_ACK, c->tcb.snd_nxt, 0, e);
}

static int
to_fin_wait_2(struct session *s, struct conn *c, struct err *e)
{
	return to_fin_wait_1(s, c, e) == -1
		   ? -1
		   : acknowledge_fin(s, c, ST_FIN_WAIT_2, e);
}

/* Its user has called close(): nobody holds it any more. */
static int
to_orphan_1(struct session *s, struct conn *c, struct err *e)
{
	if (to_established(s, c, e) == -1 ||
	    call_user(s, EV_CLOSE, c, e) == -1 ||
	    conn_expect(s, c, CTL_FIN, e) == -1)
		return -1;
	c->tcb.state = ST_FIN_WAIT_1;
	return 0;
}

static int
to_orphan_2(struct session *s, struct conn *c, struct err *e)
{
	return to_orphan_1(s, c, e) == -1
		   ? -1
		   : acknowledge_fin(s, c, ST_FIN_WAIT_2, e);
}

/* Our FIN, which acknowledges ack. */
static int
send_fin(struct session *s, struct conn *c, uint32_t ack, enum state state,
    struct err *e)
{
	if (conn_send(s, c, CTL_FIN | CTL_ACK, ack, 0, e) == -1 ||
	    conn_expect(s, c, CTL_ACK, e) == -1)
		return -1;
	c->tcb.state = state;
	return 0;
}

static int
to_close_wait(struct session *s, struct conn *c, struct err *e)
{
	return to_established(s, c, e) == -1
		   ? -1
		   : send_fin(s, c, c->tcb.snd_una, ST_CLOSE_WAIT, e);
}

static int
to_closing(struct session *s, struct conn *c, struct err *e)
{
	return to_fin_wait_1(s, c, e) == -1
		   ? -1
		   : send_fin(s, c, c->tcb.snd_una, ST_CLOSING, e);
}

static int
to_last_ack(struct session *s, struct conn *c, struct err *e)
{
	return to_close_wait(s, c, e) == -1 ? -1 : shut(s, c, ST_LAST_ACK, e);
}

static int
to_time_wait(struct session *s, struct conn *c, struct err *e)
{
	return to_fin_wait_2(s, c, e) == -1
		   ? -1
		   : send_fin(s, c, c->tcb.snd_nxt, ST_TIME_WAIT, e);
}

/* Ten octets are missing; the five behind them are held, and reported. */
static int
to_sack_gap(struct session *s, struct conn *c, struct err *e)
{
	uint32_t rcv_nxt;
	int rc;

	c->sack = true;
	if (to_established(s, c, e) == -1)
		return -1;
	rcv_nxt = c->tcb.rcv_nxt;
	c->tcb.rcv_nxt += 10;
	rc = conn_send(s, c, CTL_PSH | CTL_ACK, c->tcb.snd_una, 5, e);
	c->tcb.rcv_nxt = rcv_nxt;
	c->tcb.gap = true;
	return rc == -1 ? -1 : conn_expect(s, c, CTL_ACK, e);
}

/* The user has shut down the direction toward it as well. */
static int
to_shut_both(struct session *s, struct conn *c, struct err *e)
{
	c->tcb.shut = true;
	return to_fin_wait_2(s, c, e) == -1
		   ? -1
		   : conn_do(s, c, DRV_SHUTDOWN, SHUT_RD, e);
}

static int
to_shut_read(struct session *s, struct conn *c, struct err *e)
{
	return to_established(s, c, e) == -1
		   ? -1
		   : conn_do(s, c, DRV_SHUTDOWN, SHUT_RD, e);
}

/*
 * Fast Open without a cookie, which the sysctl allows: the text of the SYN is
 * the user's at once, the handshake is not over yet.
 */
static int
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

static const struct {
	enum state state;
	const char *via; /* NULL: the usual way */
	recipe *go;
} recipes[] = {
	{ ST_CLOSED, NULL, to_closed },
	{ ST_CLOSED, "connect-gave-up", to_gave_up },
	{ ST_LISTEN, NULL, to_listen },
	{ ST_SYN_SENT, NULL, to_syn_sent },
	{ ST_SYN_RECEIVED, NULL, to_syn_received },
	{ ST_SYN_RECEIVED, "simultaneous", to_simultaneous },
	{ ST_SYN_RECEIVED, "cookie", to_cookie },
	{ ST_SYN_RECEIVED, "own-listener", to_own_syn_received },
	{ ST_SYN_RECEIVED, "queue-full", to_queue_full },
	{ ST_SYN_RECEIVED, "fast-open", to_fast_open },
	{ ST_ESTABLISHED, NULL, to_established },
	{ ST_ESTABLISHED, "unaccepted", to_unaccepted },
	{ ST_ESTABLISHED, "shut-read", to_shut_read },
	{ ST_ESTABLISHED, "sack-gap", to_sack_gap },
	{ ST_FIN_WAIT_1, NULL, to_fin_wait_1 },
	{ ST_FIN_WAIT_1, "close", to_orphan_1 },
	{ ST_FIN_WAIT_2, NULL, to_fin_wait_2 },
	{ ST_FIN_WAIT_2, "close", to_orphan_2 },
	{ ST_FIN_WAIT_2, "shut-both", to_shut_both },
	{ ST_CLOSE_WAIT, NULL, to_close_wait },
	{ ST_CLOSING, NULL, to_closing },
	{ ST_LAST_ACK, NULL, to_last_ack },
	{ ST_TIME_WAIT, NULL, to_time_wait },
};

static recipe *
find_recipe(const struct testcase *t)
{
	const char *via = testcase_via(t);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(recipes); i++)
		if (recipes[i].state == testcase_state(t) &&
		    (via == NULL ? recipes[i].via == NULL
				 : recipes[i].via != NULL &&
				       strcmp(via, recipes[i].via) == 0))
			return recipes[i].go;
	return NULL;
}

/* What the stack has still to say of the setup belongs to the TCB. */
static void
settle(struct session *s, struct conn *c)
{
	const struct passage *p;

	if (s->x.n == 0)
		return;
	session_fence(s, testcase_ip(c->t));
	for (p = s->x.passages; p < s->x.passages + s->x.n; p++)
		if (!p->ours && p->rel == REL_SETUP)
			tcb_sent(&c->tcb, &p->seg);
}

enum drive
drive_to(struct session *s, const struct testcase *t, struct conn *c,
    struct err *e)
{
	const struct bench_net *net = bench_net(s->bench);
	recipe *go = find_recipe(t);

	memset(c, 0, sizeof(*c));
	c->t = t;
	c->fd = c->listener = -1;
	c->port = is_small(c) ? net->small_port : net->listen_port;
	c->tcb.ts_recent = random_u32(&s->random);
	exchange_start(&s->x, &c->ours);
	if (testcase_ip(t) == 6 && !bench_has_ip6(s->bench)) {
		err_set(e, ERR_ENV, "this machine has no IPv6");
		return DRIVE_SKIP;
	}
	if (go == NULL) {
		err_set(e, ERR_ENV, "no way is known into %s%s%s",
		    state_name(testcase_state(t)),
		    testcase_via(t) ? " via " : "",
		    testcase_via(t) ? testcase_via(t) : "");
		return DRIVE_SKIP;
	}
	if (t->t->sysctl != NULL && call_sysctl(s, c, e) == -1)
		return DRIVE_SKIP;
	if (go(s, c, e) == -1)
		return DRIVE_FAILED;
	settle(s, c);
	return !c->hidden && confirm(s, c, e) == -1 ? DRIVE_FAILED
						    : DRIVE_READY;
}
