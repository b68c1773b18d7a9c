#include <string.h>

#include "base/clock.h"
#include "run/client.h"

/* What takes a listener is no case for one that connects. */
bool
client_case(const struct testcase *t)
{
	static const char *const ways[] = { "simultaneous", "connect-gave-up",
		"shut-read", "sack-gap", "close", "linger2", "shut-both",
		"unsent" };
	const char *via = testcase_via(t);
	size_t i;

	if (via == NULL)
		return testcase_state(t) >= ST_SYN_SENT;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (strcmp(via, ways[i]) == 0)
			return true;
	return false;
}

/* Has this port of the stack's served a case lately? */
static bool
is_met(const struct remote *r, uint16_t port)
{
	size_t i;

	for (i = 0; i < MET_MAX; i++)
		if (r->met[i] == port)
			return true;
	return false;
}

/* It still tries what is over: let it know. */
static int
refuse(struct session *s, const struct segment *syn, struct err *e)
{
	struct segment rst = { .tuple = tuple_reverse(&syn->tuple),
		.ack = syn->seq + 1,
		.ctl = CTL_RST | CTL_ACK };

	return wire_send(&s->wire, &rst, e);
}

/* One that was early, or the next that comes: as session_next(). */
static int
next(struct session *s, struct segment *seg, int64_t deadline, struct err *e)
{
	struct remote *r = &s->remote;
	int rc;

	if (r->early) {
		r->early = false;
		*seg = r->syn;
		return 1;
	}
	r->awaited = true;
	rc = session_next(s, seg, deadline, e);
	r->awaited = false;
	return rc;
}

/* The first SYN of a connection that is new. */
static int
next_syn(struct session *s, struct segment *seg, struct err *e)
{
	int64_t deadline = clock_mono() + s->remote.wait;
	int rc;

	while ((rc = next(s, seg, deadline, e)) == 1) {
		if ((seg->ctl & (CTL_SYN | CTL_ACK | CTL_RST)) != CTL_SYN ||
		    seg->faults != 0 || seg->tuple.dst.port != s->listen_port ||
		    !addr_eq(&seg->tuple.src.addr, &s->wire.theirs))
			continue;
		if (!is_met(&s->remote, seg->tuple.src.port))
			return 0;
		if (refuse(s, seg, e) == -1)
			return -1;
	}
	return rc == -1 ? -1
			: err_set(e, ERR_ENV,
			      "the target did not connect to port %u within "
			      "%u s",
			      s->listen_port,
			      (unsigned)(s->remote.wait / NSEC_PER_SEC));
}

int
client_await(struct session *s, struct conn *c, struct err *e)
{
	struct remote *r = &s->remote;
	struct segment syn;

	if (next_syn(s, &syn, e) == -1)
		return -1;
	r->met[r->nmet++ % MET_MAX] = syn.tuple.src.port;
	c->ours = tuple_reverse(&syn.tuple);
	exchange_start(&s->x, &c->ours);
	exchange_received(&s->x, &syn);
	conn_learn(c, &syn);
	c->tcb.state = ST_SYN_SENT;
	return 0;
}

int
client_answer(struct session *s, struct conn *c, struct err *e)
{
	c->tcb.irs = c->tcb.rcv_nxt = random_u32(&s->random);
	if (conn_send(s, c, CTL_SYN | CTL_ACK, c->tcb.snd_nxt, 0, e) == -1 ||
	    conn_expect(s, c, CTL_ACK, e) == -1)
		return -1;
	c->tcb.state = ST_ESTABLISHED;
	return 0;
}
