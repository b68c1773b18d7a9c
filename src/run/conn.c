#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/table.h"
#include "run/conn.h"
#include "tcp/option.h"

#define LATE (100 * NSEC_PER_MSEC)
#define STEP NSEC_PER_MSEC

struct drv_request
conn_request(const struct conn *c, enum drv_op op)
{
	return (struct drv_request){ .op = op,
		.ip = testcase_ip(c->t),
		.fd = c->fd,
		.local = c->ours.dst,
		.to = c->ours.src };
}

/* As its man pages call what it does. */
static const char *
op_name(enum drv_op op)
{
	static const char *const names[] = {
		[DRV_LOOK] = "look",
		[DRV_LISTEN] = "listen",
		[DRV_ACCEPT] = "accept",
		[DRV_CONNECT] = "connect",
		[DRV_SEND] = "send",
		[DRV_SHUTDOWN] = "shut down one direction",
		[DRV_CLOSE] = "close",
		[DRV_ABORT] = "abort",
		[DRV_DISCONNECT] = "disconnect",
		[DRV_OPTION] = "set that option",
		[DRV_SYSCTL] = "set a sysctl",
	};

	return names[op];
}

int
conn_ask(struct session *s, const struct drv_request *request,
    struct drv_reply *reply, struct err *e)
{
	if (!s->driven)
		return err_set(e, ERR_USAGE,
		    "the target's user is out of reach");
	if (bench_ask(s->bench, request, reply, e) == -1)
		return session_lost(s, e);
	if (reply->error == EOPNOTSUPP)
		return err_set(e, ERR_USAGE, "the stack's user cannot %s",
		    op_name(request->op));
	if (reply->error != 0)
		return err_set(e, ERR_ENV, "the stack's user: %s",
		    strerror(reply->error));
	return 0;
}

int
conn_do(struct session *s, const struct conn *c, enum drv_op op, uint32_t arg,
    struct err *e)
{
	struct drv_request request = conn_request(c, op);
	struct drv_reply reply;

	request.arg = arg;
	return conn_ask(s, &request, &reply, e);
}

bool
conn_is_small(const struct conn *c)
{
	return c->t->t->window != WINDOW_USUAL;
}

int
conn_confirm(struct session *s, struct conn *c, struct err *e)
{
	int64_t deadline = clock_mono() + (s->ordered ? 0 : LATE);
	struct drv_request request = conn_request(c, DRV_LOOK);
	struct drv_reply reply;

	/* what has no order may not be there yet */
	do {
		if (conn_ask(s, &request, &reply, e) == -1)
			return -1;
	} while (reply.state != c->tcb.state && clock_mono() < deadline &&
		 session_listen(s, clock_mono() + STEP, e) == 0);
	c->eof = reply.eof;
	if (reply.state != c->tcb.state)
		return err_set(e, ERR_ENV, "wanted %s, but the %s is in %s",
		    state_name(c->tcb.state), s->ordered ? "kernel" : "stack",
		    state_name(reply.state));
	return 0;
}

/* Timestamps, where the case wants them: offered on our SYN, then kept up. */
static void
add_options(const struct conn *c, struct segment *seg)
{
	static const uint8_t pad[2] = { OPT_NOP, OPT_NOP };

	if (c->sack && seg->ctl & CTL_SYN)
		opt_add_sack_ok(seg);
	if (!c->t->t->timestamps)
		return;
	opt_add_raw(seg, pad, sizeof(pad));
	opt_add_ts(seg, c->tcb.ts_recent, c->tcb.ts_val);
}

int
conn_send(struct session *s, struct conn *c, uint16_t ctl, uint32_t ack,
    uint32_t len, struct err *e)
{
	struct segment seg = { .tuple = c->ours,
		.seq = c->tcb.rcv_nxt,
		.ack = ctl & CTL_ACK ? ack : 0,
		.ctl = ctl,
		.wnd = c->wnd,
		.text = s->text,
		.text_len = len,
		.text_kept = len };

	add_options(c, &seg);
	if (session_send(s, &seg, REL_SETUP, e) == -1)
		return -1;
	c->tcb.rcv_nxt += seg_len(&seg);
	c->tcb.snd_wnd = seg.wnd;
	if (seg.wnd > c->tcb.max_snd_wnd)
		c->tcb.max_snd_wnd = seg.wnd;
	if (ctl & CTL_ACK)
		c->tcb.snd_una = ack;
	return 0;
}

void
conn_learn(struct conn *c, const struct segment *seg)
{
	struct option o;

	if (seg->ctl & CTL_SYN)
		c->tcb.timestamps =
		    c->t->t->timestamps && opt_find(seg, OPT_TS, &o);
	tcb_sent(&c->tcb, seg);
}

int
conn_expect(struct session *s, struct conn *c, uint16_t ctl, struct err *e)
{
	struct segment seg;

	if (session_expect(s, ctl, &seg, e) == -1)
		return -1;
	conn_learn(c, &seg);
	return 0;
}

static enum sees
sees(const struct conn *c, const struct drv_reply *look)
{
	static const struct {
		int error;
		enum sees sees;
	} errors[] = {
		{ ECONNREFUSED, SEES_REFUSED },
		{ ECONNRESET, SEES_RESET },
		{ ETIMEDOUT, SEES_TIMEOUT },
		{ EPIPE, SEES_PIPE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++)
		if (look->so_error == errors[i].error)
			return errors[i].sees;
	if (look->so_error != 0)
		return SEES_OTHER;
	return look->eof && !c->eof ? SEES_CLOSING : SEES_NOTHING;
}

struct aftermath
conn_aftermath(const struct conn *c, const struct drv_reply *look)
{
	struct aftermath a = { .state = look->state,
		.has_user = look->has_user,
		.sees = sees(c, look),
		.unread = look->unread };

	/* a cookie is no state of the kernel's */
	if (a.state == ST_LISTEN && c->tcb.cookie)
		a.state = c->tcb.state;
	/* the kernel shows the listener where a connection is no more */
	if (a.state == ST_LISTEN && c->tcb.state != ST_LISTEN &&
	    !(c->tcb.state == ST_SYN_RECEIVED && c->tcb.passive &&
		c->t->t->event == EV_SEGMENT))
		a.state = ST_CLOSED;
	return a;
}
