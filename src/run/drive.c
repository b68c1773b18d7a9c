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
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/table.h"
#include "run/call.h"
#include "run/drive.h"
#include "run/opening.h"
#include "run/reach.h"
#include "run/remote.h"

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

/* Its user calls close(): nobody holds it any more. */
static int
leave(struct session *s, struct conn *c, struct err *e)
{
	if (call_user(s, EV_CLOSE, c, e) == -1 ||
	    conn_expect(s, c, CTL_FIN, e) == -1)
		return -1;
	c->tcb.state = ST_FIN_WAIT_1;
	return 0;
}

static int
to_orphan_1(struct session *s, struct conn *c, struct err *e)
{
	return to_established(s, c, e) == -1 ? -1 : leave(s, c, e);
}

/* The stack's user says that it will not wait in FIN-WAIT-2. */
static int
set_linger2(struct session *s, struct conn *c, struct err *e)
{
	struct drv_request request = conn_request(c, DRV_OPTION);
	struct drv_reply reply;

	request.level = IPPROTO_TCP;
	request.option = TCP_LINGER2;
	request.arg = (uint32_t)-1;
	c->tcb.linger2 = true;
	return conn_ask(s, &request, &reply, e);
}

static int
to_linger2_1(struct session *s, struct conn *c, struct err *e)
{
	return to_established(s, c, e) == -1 || set_linger2(s, c, e) == -1
		   ? -1
		   : leave(s, c, e);
}

static int
to_linger2_2(struct session *s, struct conn *c, struct err *e)
{
	return to_fin_wait_2(s, c, e) == -1 ? -1 : set_linger2(s, c, e);
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
	if (to_established(s, c, e) == -1)
		return -1;
	return s->driven ? send_fin(s, c, c->tcb.snd_una, ST_CLOSE_WAIT, e)
			 : reach_close(s, c, e);
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
	if (to_close_wait(s, c, e) == -1)
		return -1;
	return s->driven ? shut(s, c, ST_LAST_ACK, e) : 0;
}

/* Our window is closed: what its user still sends stays there, a FIN too. */
static int
hold_back(struct session *s, struct conn *c, enum state state, struct err *e)
{
	size_t from = s->x.n;

	c->tcb.unsent = true;
	c->tcb.state = state;
	if (conn_do(s, c, DRV_SEND, 1, e) == -1 ||
	    conn_do(s, c, DRV_SHUTDOWN, SHUT_WR, e) == -1)
		return -1;
	return reach_held(s, c, from, e);
}

static int
to_last_ack_unsent(struct session *s, struct conn *c, struct err *e)
{
	if (to_established(s, c, e) == -1)
		return -1;
	c->wnd = 0;
	return send_fin(s, c, c->tcb.snd_una, ST_CLOSE_WAIT, e) == -1
		   ? -1
		   : hold_back(s, c, ST_LAST_ACK, e);
}

static int
to_closing_unsent(struct session *s, struct conn *c, struct err *e)
{
	if (to_established(s, c, e) == -1)
		return -1;
	c->wnd = 0;
	if (conn_send(s, c, CTL_ACK, c->tcb.snd_una, 0, e) == -1)
		return -1;
	/* it must know of the closed window before its user sends */
	session_fence(s, testcase_ip(c->t));
	if (!s->ordered &&
	    session_listen(s, clock_mono() + remote_grace(s), e) == -1)
		return -1;
	return hold_back(s, c, ST_FIN_WAIT_1, e) == -1
		   ? -1
		   : send_fin(s, c, c->tcb.snd_una, ST_CLOSING, e);
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

static const struct {
	enum state state;
	const char *via; /* NULL: the usual way */
	recipe *go;
} recipes[] = {
	{ ST_CLOSED, NULL, to_closed },
	{ ST_CLOSED, "connect-gave-up", to_gave_up },
	{ ST_LISTEN, NULL, to_listen },
	{ ST_LISTEN, "mptcp", to_listen_mptcp },
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
	{ ST_FIN_WAIT_1, "linger2", to_linger2_1 },
	{ ST_FIN_WAIT_2, NULL, to_fin_wait_2 },
	{ ST_FIN_WAIT_2, "close", to_orphan_2 },
	{ ST_FIN_WAIT_2, "shut-both", to_shut_both },
	{ ST_FIN_WAIT_2, "linger2", to_linger2_2 },
	{ ST_CLOSE_WAIT, NULL, to_close_wait },
	{ ST_CLOSING, NULL, to_closing },
	{ ST_CLOSING, "unsent", to_closing_unsent },
	{ ST_LAST_ACK, NULL, to_last_ack },
	{ ST_LAST_ACK, "unsent", to_last_ack_unsent },
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

/* Is it known that this stack does not get there? */
static enum drive
skip_way(struct session *s, const struct testcase *t, struct err *e)
{
	const struct way *w = s->ordered ? NULL : ways_find(&s->ways, t);

	if (w == NULL || w->reached || w->failed < remote_tries(s))
		return DRIVE_READY;
	err_set(e, ERR_USAGE, "the stack does not get to %s%s%s: %s",
	    state_name(w->state), w->via ? " via " : "", w->via ? w->via : "",
	    w->reason);
	return DRIVE_SKIP;
}

/* Is the state what it ought to be by now? */
static int
confirm(struct session *s, struct conn *c, struct err *e)
{
	if (!s->driven)
		return reach_setup(s, c, e);
	if (c->hidden)
		return 0;
	return s->looks ? conn_confirm(s, c, e) : reach_alive(s, e);
}

/*
 * It was not reached. Where that is the stack's way, as it is alive and does
 * not do what the recipe takes, nobody tries it again in each case.
 */
static enum drive
fail(struct session *s, const struct testcase *t, struct err *e)
{
	struct way *w = ways_find(&s->ways, t);
	uint8_t ip = testcase_ip(t);
	struct err mute;

	if (!s->driven || s->ordered || s->dead || e->kind != ERR_ENV ||
	    w == NULL || w->reached || ++w->failed < remote_tries(s))
		return DRIVE_FAILED;
	if (s->fence_port != 0 && session_try(s, ip, &mute) == -1) {
		session_lost(s, &mute);
		return DRIVE_FAILED;
	}
	snprintf(w->reason, sizeof(w->reason), "%.159s", e->msg);
	return skip_way(s, t, e);
}

static enum drive
reached(struct session *s, const struct testcase *t)
{
	struct way *w = s->ordered ? NULL : ways_find(&s->ways, t);

	if (w != NULL)
		w->reached = true;
	return DRIVE_READY;
}

enum drive
drive_to(struct session *s, const struct testcase *t, struct conn *c,
    struct err *e)
{
	recipe *go = find_recipe(t);

	memset(c, 0, sizeof(*c));
	c->t = t;
	c->fd = c->listener = -1;
	c->port = conn_listener(s, c);
	c->wnd = 64240;
	c->tcb.ts_recent = random_u32(&s->random);
	exchange_start(&s->x, &c->ours);
	if (!session_has_ip(s, testcase_ip(t))) {
		err_set(e, ERR_ENV, "%s has no IPv%u",
		    s->ordered	? "this machine"
		    : s->driven ? "the stack"
				: "the target's address",
		    testcase_ip(t));
		return DRIVE_SKIP;
	}
	if (go == NULL) {
		err_set(e, ERR_ENV, "no way is known into %s%s%s",
		    state_name(testcase_state(t)),
		    testcase_via(t) ? " via " : "",
		    testcase_via(t) ? testcase_via(t) : "");
		return DRIVE_SKIP;
	}
	if (s->driven && c->port == 0) {
		err_set(e, ERR_USAGE,
		    "the stack's user has no small receive window");
		return DRIVE_SKIP;
	}
	if (!s->driven && reach_case(s, t, e) == -1)
		return DRIVE_SKIP;
	if (skip_way(s, t, e) == DRIVE_SKIP)
		return DRIVE_SKIP;
	if (t->t->sysctl != NULL && call_sysctl(s, c, e) == -1)
		return DRIVE_SKIP;
	if (go(s, c, e) == -1)
		return fail(s, t, e);
	settle(s, c);
	return confirm(s, c, e) == -1 ? fail(s, t, e) : reached(s, t);
}
