/*
 * DOC: how a state is reached
 *
 * A recipe a row in the table at the end: state, way ("via" in a case), and
 * the function that goes there. A recipe starts where an earlier one ends:
 * FIN-WAIT-2 is FIN-WAIT-1 and an ACK more. Each keeps the stack's TCB: the
 * numbers are those of the segments that we sent and sniffed on the way.
 */
#include <errno.h>
#include <string.h>

#include "base/table.h"
#include "bench/driver.h"
#include "run/drive.h"

#define GIVE_UP_MS 10

/* A driver that does not answer is the end of the session. */
static int
talk(struct session *s, const struct drv_request *request,
    struct drv_reply *reply, struct err *e)
{
	if (bench_ask(s->bench, request, reply, e) == 0)
		return 0;
	s->dead = true;
	return -1;
}

static int
ask(struct session *s, const struct drv_request *request,
    struct drv_reply *reply, struct err *e)
{
	if (talk(s, request, reply, e) == -1)
		return -1;
	if (reply->error != 0)
		return err_set(e, ERR_ENV, "the stack's user: %s",
		    strerror(reply->error));
	return 0;
}

/* Does the kernel, too, say that this is the state? */
static int
confirm(struct session *s, const struct conn *c, struct err *e)
{
	struct drv_request request = {
		.op = DRV_STATE, .local = c->ours.dst, .to = c->ours.src
	};
	struct drv_reply reply;

	if (ask(s, &request, &reply, e) == -1)
		return -1;
	if (reply.value != c->tcb.state)
		return err_set(e, ERR_ENV, "wanted %s, but the kernel is in %s",
		    state_name(c->tcb.state), state_name(reply.value));
	return 0;
}

/* A segment of ours that carries what the connection has come to. */
static int
send_next(struct session *s, struct conn *c, uint16_t ctl, uint32_t len,
    struct err *e)
{
	struct segment seg = { .tuple = c->ours,
		.seq = c->tcb.rcv_nxt,
		.ack = ctl & CTL_ACK ? c->tcb.snd_nxt : 0,
		.ctl = ctl,
		.wnd = 64240,
		.text = s->text,
		.text_len = len,
		.text_kept = len };

	if (session_send(s, &seg, REL_SETUP, e) == -1)
		return -1;
	c->tcb.rcv_nxt += seg_len(&seg);
	c->tcb.snd_wnd = c->tcb.max_snd_wnd = seg.wnd;
	if (ctl & CTL_ACK)
		c->tcb.snd_una = seg.ack;
	return 0;
}

/*
 * CLOSED and LISTEN are states of a port, not of a connection, and nothing
 * in a run changes them: asking the kernel once a family is enough.
 */
static int
to_port(struct session *s, const struct testcase *t, struct conn *c,
    uint16_t port, enum state state, struct err *e)
{
	uint8_t ip = testcase_ip(t);
	bool *confirmed = &s->confirmed[ip == 6][state == ST_LISTEN];

	c->ours = session_tuple(s, ip, port);
	c->tcb.state = state;
	if (!*confirmed && confirm(s, c, e) == -1)
		return -1;
	*confirmed = true;
	return 0;
}

static int
to_closed(struct session *s, const struct testcase *t, struct conn *c,
    struct err *e)
{
	return to_port(s, t, c, bench_net(s->bench)->closed_port, ST_CLOSED, e);
}

static int
to_listen(struct session *s, const struct testcase *t, struct conn *c,
    struct err *e)
{
	return to_port(s, t, c, bench_net(s->bench)->listen_port, ST_LISTEN, e);
}

/* connect() toward us is not answered and gives up; close() follows. */
static int
to_gave_up(struct session *s, const struct testcase *t, struct conn *c,
    struct err *e)
{
	struct drv_request request = { .op = DRV_CONNECT, .arg = GIVE_UP_MS };
	struct drv_reply reply;
	struct segment syn;

	c->ours = session_tuple(s, testcase_ip(t), 0);
	request.to = c->ours.src;
	exchange_start(&s->x, &c->ours);
	if (talk(s, &request, &reply, e) == -1)
		return -1;
	c->fd = reply.fd;
	if (reply.error != EINPROGRESS)
		return err_set(e, ERR_ENV, "connect(): %s, wanted: it gave up",
		    strerror(reply.error));
	s->x.any_port = true;
	if (session_expect(s, CTL_SYN, &syn, e) == -1)
		return -1;
	c->ours = s->x.ours = tuple_reverse(&syn.tuple);
	s->x.any_port = false;
	tcb_sent(&c->tcb, &syn);
	c->tcb.state = ST_SYN_SENT;
	return drive_call(s, EV_CLOSE, c, e) == -1 ? -1 : confirm(s, c, e);
}

static int
to_syn_received(struct session *s, const struct testcase *t, struct conn *c,
    struct err *e)
{
	struct segment reply;

	c->ours =
	    session_tuple(s, testcase_ip(t), bench_net(s->bench)->listen_port);
	exchange_start(&s->x, &c->ours);
	c->tcb.irs = c->tcb.rcv_nxt = random_u32(&s->random);
	if (send_next(s, c, CTL_SYN, 0, e) == -1 ||
	    session_expect(s, CTL_SYN | CTL_ACK, &reply, e) == -1)
		return -1;
	c->tcb.passive = true;
	tcb_sent(&c->tcb, &reply);
	c->tcb.state = ST_SYN_RECEIVED;
	return confirm(s, c, e);
}

/* Octets that the stack's user leaves in its receive buffer. */
static int
leave_unread(struct session *s, struct conn *c, uint32_t n, struct err *e)
{
	struct drv_request request = { .op = DRV_UNREAD, .fd = c->fd };
	struct drv_reply reply;

	if (send_next(s, c, CTL_PSH | CTL_ACK, n, e) == -1 ||
	    ask(s, &request, &reply, e) == -1)
		return -1;
	if (reply.value != n)
		return err_set(e, ERR_ENV,
		    "sent %u octets, but %u wait in the receive buffer", n,
		    reply.value);
	c->tcb.unread = n;
	return 0;
}

static int
to_established(struct session *s, const struct testcase *t, struct conn *c,
    struct err *e)
{
	struct drv_request request = { .op = DRV_ACCEPT, .ip = testcase_ip(t) };
	struct drv_reply reply;

	if (to_syn_received(s, t, c, e) == -1 ||
	    send_next(s, c, CTL_ACK, 0, e) == -1 ||
	    ask(s, &request, &reply, e) == -1)
		return -1;
	c->fd = reply.fd;
	c->tcb.state = ST_ESTABLISHED;
	if (t->t->unread > 0 && leave_unread(s, c, t->t->unread, e) == -1)
		return -1;
	return confirm(s, c, e);
}

/* The stack's user calls CLOSE; its FIN is not acknowledged. */
static int
to_fin_wait_1(struct session *s, const struct testcase *t, struct conn *c,
    struct err *e)
{
	struct segment fin;

	if (to_established(s, t, c, e) == -1 ||
	    drive_call(s, EV_CLOSE, c, e) == -1 ||
	    session_expect(s, CTL_FIN, &fin, e) == -1)
		return -1;
	tcb_sent(&c->tcb, &fin);
	c->tcb.state = ST_FIN_WAIT_1;
	c->tcb.orphan = true;
	return confirm(s, c, e);
}

static int
to_fin_wait_2(struct session *s, const struct testcase *t, struct conn *c,
    struct err *e)
{
	if (to_fin_wait_1(s, t, c, e) == -1 ||
	    send_next(s, c, CTL_ACK, 0, e) == -1)
		return -1;
	c->tcb.state = ST_FIN_WAIT_2;
	return confirm(s, c, e);
}

static const struct {
	enum state state;
	const char *via; /* NULL: the usual way */
	int (*go)(struct session *, const struct testcase *, struct conn *,
	    struct err *);
} recipes[] = {
	{ ST_CLOSED, NULL, to_closed },
	{ ST_CLOSED, "connect-gave-up", to_gave_up },
	{ ST_LISTEN, NULL, to_listen },
	{ ST_SYN_RECEIVED, NULL, to_syn_received },
	{ ST_ESTABLISHED, NULL, to_established },
	{ ST_FIN_WAIT_1, "close", to_fin_wait_1 },
	{ ST_FIN_WAIT_2, "close", to_fin_wait_2 },
};

enum drive
drive_to(struct session *s, const struct testcase *t, struct conn *c,
    struct err *e)
{
	const char *via = t->t->via;
	size_t i;

	memset(c, 0, sizeof(*c));
	c->fd = -1;
	exchange_start(&s->x, &c->ours);
	if (testcase_ip(t) == 6 && !bench_has_ip6(s->bench)) {
		err_set(e, ERR_ENV, "this machine has no IPv6");
		return DRIVE_SKIP;
	}
	for (i = 0; i < ARRAY_SIZE(recipes); i++)
		if (recipes[i].state == t->t->state &&
		    (via == NULL ? recipes[i].via == NULL
				 : recipes[i].via != NULL &&
				       strcmp(via, recipes[i].via) == 0))
			break;
	if (i == ARRAY_SIZE(recipes)) {
		err_set(e, ERR_ENV, "no way is known into %s%s%s",
		    state_name(t->t->state), via ? " via " : "",
		    via ? via : "");
		return DRIVE_SKIP;
	}
	return recipes[i].go(s, t, c, e) == -1 ? DRIVE_FAILED : DRIVE_READY;
}

int
drive_call(struct session *s, enum event event, struct conn *c, struct err *e)
{
	struct drv_request request = { .op = DRV_CLOSE, .fd = c->fd };
	struct drv_reply reply;

	if (event != EV_CLOSE || c->fd == -1)
		return err_set(e, ERR_USAGE, "nobody can call %s here",
		    event_name(event));
	c->fd = -1;
	if (c->tcb.state == ST_SYN_SENT)
		c->tcb.state = ST_CLOSED;
	return ask(s, &request, &reply, e);
}

void
drive_down(struct session *s, struct conn *c)
{
	struct drv_request request = { .op = DRV_CLOSE, .fd = c->fd };
	struct segment rst = { .ctl = CTL_RST };
	const struct passage *p;
	struct drv_reply reply;
	struct err e;

	for (p = s->x.passages + s->x.n; p > s->x.passages; p--)
		if (!p[-1].ours && p[-1].rel != REL_WRONG_PORT)
			break;
	if (p > s->x.passages && !(p[-1].seg.ctl & CTL_RST)) {
		/* what the stack acknowledged is what it expects next */
		rst.tuple = tuple_reverse(&p[-1].seg.tuple);
		rst.seq = p[-1].seg.ack;
		session_send(s, &rst, REL_CLEANUP, &e);
	}
	if (c->fd != -1)
		talk(s, &request, &reply, &e);
	c->fd = -1;
}
