#include <sys/socket.h>

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "base/clock.h"
#include "base/table.h"
#include "run/call.h"
#include "run/remote.h"

#define STEP (5 * NSEC_PER_MSEC) /* between two looks at a timer's work */

/* Calls of the user. */
static const struct {
	enum event event;
	enum drv_op op;
	int arg;
} calls[] = {
	{ EV_CLOSE, DRV_CLOSE, 0 },
	{ EV_SHUTDOWN, DRV_SHUTDOWN, SHUT_WR },
	{ EV_ABORT, DRV_ABORT, 0 },
	{ EV_DISCONNECT, DRV_DISCONNECT, 0 },
};

/* Timers: the options that make them short. */
static const struct {
	enum event event;
	int level, option;
	uint32_t arg;
} timers[] = {
	{ EV_USER_TIMEOUT, IPPROTO_TCP, TCP_USER_TIMEOUT, 100 },
	{ EV_KEEP_ALIVE, IPPROTO_TCP, TCP_KEEPIDLE, 1 },
	{ EV_KEEP_ALIVE, IPPROTO_TCP, TCP_KEEPINTVL, 1 },
	{ EV_KEEP_ALIVE, IPPROTO_TCP, TCP_KEEPCNT, 1 },
	{ EV_KEEP_ALIVE, SOL_SOCKET, SO_KEEPALIVE, 1 },
	{ EV_FIN_WAIT_2_TIMEOUT, IPPROTO_TCP, TCP_LINGER2, 1 },
};

static int
set_timers(struct session *s, enum event event, struct conn *c, struct err *e)
{
	struct drv_request request = conn_request(c, DRV_OPTION);
	struct drv_reply reply;
	size_t i;
	int rc = 0;

	for (i = 0; i < ARRAY_SIZE(timers) && rc == 0; i++) {
		if (timers[i].event != event)
			continue;
		request.level = timers[i].level;
		request.option = timers[i].option;
		request.arg = timers[i].arg;
		rc = conn_ask(s, &request, &reply, e);
	}
	/* the timer of FIN-WAIT-2 runs for a connection without a user */
	if (rc == 0 && event == EV_FIN_WAIT_2_TIMEOUT)
		rc = call_user(s, EV_CLOSE, c, e);
	return rc;
}

/*
 * Wait until the connection is no more what it was, or time is out. The
 * timers of a processor that idles may run on another one, whose reasons we
 * are not told: where we are told any, this one is kept awake.
 */
static int
wait_for_timer(struct session *s, struct conn *c, struct err *e)
{
	int64_t limit = c->t->t->slow ? 5 * NSEC_PER_SEC : NSEC_PER_SEC;
	int64_t deadline = clock_mono() + limit;
	int64_t step = s->reasons != NULL ? 0 : STEP;
	struct drv_request look = conn_request(c, DRV_LOOK);
	struct drv_reply reply;

	if (!s->looks)
		return session_listen(s, deadline, e);
	/* SO_ERROR is for the last look to take */
	look.fd = -1;
	do {
		session_take_reason(s);
		if (session_listen(s, clock_mono() + step, e) == -1 ||
		    conn_ask(s, &look, &reply, e) == -1)
			return -1;
	} while (reply.state == c->tcb.state && clock_mono() < deadline);
	return 0;
}

static bool
is_timer(enum event event)
{
	return event == EV_USER_TIMEOUT || event == EV_KEEP_ALIVE ||
	       event == EV_FIN_WAIT_2_TIMEOUT;
}

static int
close_listener(struct session *s, struct conn *c, struct err *e)
{
	struct drv_request request = conn_request(c, DRV_CLOSE);
	struct drv_reply reply;

	request.fd = c->listener;
	c->listener = -1;
	return conn_ask(s, &request, &reply, e);
}

int
call_user(struct session *s, enum event event, struct conn *c, struct err *e)
{
	size_t i;
	int rc;

	if (event == EV_CLOSE_LISTEN && c->listener != -1)
		return close_listener(s, c, e);
	if (c->fd == -1)
		return err_set(e, ERR_USAGE, "nobody can call %s here",
		    event_name(event));
	if (is_timer(event))
		return set_timers(s, event, c, e) == -1
			   ? -1
			   : wait_for_timer(s, c, e);
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].event == event)
			break;
	if (i == ARRAY_SIZE(calls))
		return err_set(e, ERR_USAGE, "nobody can call %s here",
		    event_name(event));
	rc = conn_do(s, c, calls[i].op, calls[i].arg, e);
	if (event == EV_CLOSE || event == EV_ABORT) {
		c->fd = -1;
		c->tcb.orphan = true;
	}
	return rc;
}

int
call_sysctl(struct session *s, struct conn *c, struct err *e)
{
	struct drv_request request = conn_request(c, DRV_SYSCTL);
	const struct template *t = c->t->t;
	struct drv_reply reply;

	request.arg = t->sysctl_value;
	memcpy(request.name, t->sysctl, strlen(t->sysctl) + 1);
	if (bench_ask(s->bench, &request, &reply, e) == -1)
		return session_lost(s, e);
	if (reply.error != 0)
		return err_set(e, ERR_ENV, "cannot set net.ipv4.%s: %s",
		    t->sysctl, strerror(reply.error));
	c->sysctl_set = true;
	c->sysctl_before = reply.value;
	return 0;
}

/* A stack that connects, and to which nothing of ours came: its SYN. */
static void
refuse(struct session *s)
{
	struct segment rst = { .ctl = CTL_RST | CTL_ACK };
	const struct passage *p = s->x.passages;
	struct err ignored;

	if (s->x.n == 0 || p->ours || !(p->seg.ctl & CTL_SYN))
		return;
	rst.tuple = tuple_reverse(&p->seg.tuple);
	rst.ack = p->seg.seq + 1;
	session_send(s, &rst, REL_CLEANUP, &ignored);
}

/*
 * The last segment of the stack's, from the n-th on, that says what it expects
 * next, or NULL.
 */
static const struct segment *
find_expectation(const struct exchange *x, size_t n)
{
	const struct passage *p;

	for (p = x->passages + x->n; p-- > x->passages + n;)
		if (!p->ours && p->rel != REL_WRONG_PORT &&
		    p->rel != REL_AGAIN && p->seg.faults == 0 &&
		    p->seg.ctl & CTL_ACK && !(p->seg.ctl & CTL_RST) &&
		    exchange_acknowledges(x, &p->seg))
			return &p->seg;
	return NULL;
}

/* End what no user holds with a RST of ours. */
static void
reset(struct session *s)
{
	const struct segment *last = find_expectation(&s->x, 0);
	struct segment rst = { .ctl = CTL_RST };
	struct err ignored;
	size_t n;

	if (last == NULL) {
		refuse(s);
		return;
	}
	rst.tuple = tuple_reverse(&last->tuple);
	rst.seq = last->ack;
	session_send(s, &rst, REL_CLEANUP, &ignored);
	if (s->driven || !s->client)
		return;
	/* who challenges it holds on, and would not connect again for long */
	n = s->x.n;
	session_listen(s, clock_mono() + remote_grace(s), &ignored);
	last = find_expectation(&s->x, n);
	if (last != NULL) {
		rst.seq = last->ack;
		wire_send(&s->wire, &rst, &ignored);
	}
	exchange_forget(&s->x, n);
}

/* A child of the standing listener may have got a user to be. */
static void
take_child(struct session *s, struct conn *c)
{
	struct drv_request request = conn_request(c, DRV_LOOK);
	struct drv_reply reply;
	struct err ignored;

	if (conn_ask(s, &request, &reply, &ignored) == -1 ||
	    reply.state < ST_ESTABLISHED)
		return;
	request.op = DRV_ACCEPT;
	request.arg = c->port;
	if (conn_ask(s, &request, &reply, &ignored) == 0)
		c->fd = reply.fd;
}

static void
restore_sysctl(struct session *s, const struct conn *c)
{
	struct drv_request request = conn_request(c, DRV_SYSCTL);
	const char *name = c->t->t->sysctl;
	struct drv_reply reply;
	struct err ignored;

	request.arg = c->sysctl_before;
	memcpy(request.name, name, strlen(name) + 1);
	conn_ask(s, &request, &reply, &ignored);
}

/*
 * Take it from its user, who says what it has become of: it is aborted, or
 * closed where the stack has no abort. -1 with *e when the driver is gone.
 */
static int
end_user(struct session *s, struct conn *c, struct drv_reply *reply,
    struct err *e)
{
	struct drv_request request =
	    conn_request(c, c->fd != -1 ? DRV_ABORT : DRV_LOOK);
	int rc;

	request.look = s->looks ? DRV_LOOK_BEFORE : DRV_LOOK_NOT;
	rc = bench_ask(s->bench, &request, reply, e);
	if (rc == 0 && reply->error == EOPNOTSUPP && c->fd != -1) {
		request.op = DRV_CLOSE;
		rc = bench_ask(s->bench, &request, reply, e);
	}
	c->fd = -1;
	return rc == -1 ? session_lost(s, e) : 0;
}

int
call_down(struct session *s, struct conn *c, struct aftermath *after,
    struct err *e)
{
	struct drv_reply reply;
	bool had_user;
	struct err ignored;

	if (!s->driven) {
		reset(s);
		return 0;
	}
	if (c->tcb.state == ST_SYN_RECEIVED && c->tcb.passive &&
	    c->listener == -1)
		take_child(s, c);
	had_user = c->fd != -1;
	if ((had_user || s->looks) && end_user(s, c, &reply, e) == -1)
		return -1;
	if (s->looks)
		*after = conn_aftermath(c, &reply);
	if (c->listener != -1)
		close_listener(s, c, &ignored);
	if (c->sysctl_set)
		restore_sysctl(s, c);
	/* TIME-WAIT, and what a SYN made of it, is not the user's any more */
	if (!s->looks)
		reset(s);
	else if (after->state != ST_CLOSED && after->state != ST_LISTEN &&
		 (!had_user || after->state == ST_TIME_WAIT ||
		     c->tcb.state == ST_TIME_WAIT))
		reset(s);
	return 0;
}
