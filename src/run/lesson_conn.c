/* The connections of a lesson, their numbers, and what is known of them. */
#include <string.h>

#include "base/mem.h"
#include "base/table.h"
#include "run/lesson_play.h"
#include "tcp/option.h"

#define NEAR	   (1 << 20) /* octets that a lesson sends at most */
#define BEFORE	   16	     /* how far before an ISS numbers may lie */
#define SETUP_KEPT 16	     /* segments before the stimulus, for judge() */

enum lesson_side
lesson_other(enum lesson_side side)
{
	return side == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
}

/* ---- which one ---- */

static void
set_ports(struct lesson *l, struct lesson_conn *c, uint16_t client,
    uint16_t server)
{
	const uint16_t ports[NSIDES] = { client, server };
	struct tuple t;
	int i;

	for (i = 0; i < NSIDES; i++)
		c->ends[i].at =
		    (struct endpoint){ *pair_addr(l->pair, (enum pair_side)i),
			    ports[i] };
	for (i = 0; i < NSIDES; i++) {
		t = (struct tuple){ c->ends[!i].at, c->ends[i].at };
		exchange_start(&c->ends[i].x, &t);
		/* nobody else is on this wire */
		c->ends[i].x.alone = true;
	}
}

struct lesson_conn *
lesson_conn(struct lesson *l, uint16_t client, uint16_t server)
{
	struct lesson_conn *c;
	size_t i;

	for (i = 0; i < l->nconns; i++) {
		c = l->conns[i];
		if (c->ends[SIDE_CLIENT].at.port == client &&
		    c->ends[SIDE_SERVER].at.port == server)
			return c;
	}
	/* the first was a guess until a segment has been seen */
	if (l->nconns == 1 && !l->conns[0]->used) {
		c = l->conns[0];
	} else {
		c = mem_calloc(1, sizeof(*c));
		l->conns = mem_grow(l->conns, l->nconns, sizeof(*l->conns));
		l->conns[l->nconns++] = c;
	}
	set_ports(l, c, client, server);
	return c;
}

struct lesson_conn *
lesson_conn_of(struct lesson *l, const struct segment *s, enum lesson_side from)
{
	struct lesson_conn *c =
	    from == SIDE_CLIENT
		? lesson_conn(l, s->tuple.src.port, s->tuple.dst.port)
		: lesson_conn(l, s->tuple.dst.port, s->tuple.src.port);

	c->used = true;
	return c;
}

/* ---- numbers ---- */

/*
 * Counted from the newest ISS that the number can belong to. Without any it is
 * what it is on the wire, and so is the 0 of a RST that had nothing to go by.
 */
static uint32_t
to_relative(const struct lesson_end *end, uint32_t n)
{
	size_t i;

	for (i = end->niss; i-- > 0;)
		if (n - end->iss[i] + BEFORE < NEAR)
			return n - end->iss[i];
	return end->niss == 0 || n == 0 ? n : n - end->iss[end->niss - 1];
}

static uint32_t
to_live(const struct lesson_end *end, uint32_t n)
{
	return end->niss == 0 ? n : n + end->iss[end->niss - 1];
}

void
lesson_relative(const struct lesson_conn *c, enum lesson_side from,
    struct segment *s)
{
	s->seq = to_relative(&c->ends[from], s->seq);
	if (s->ctl & CTL_ACK)
		s->ack = to_relative(&c->ends[lesson_other(from)], s->ack);
}

void
lesson_live(const struct lesson_conn *c, enum lesson_side from,
    struct segment *s)
{
	s->seq = to_live(&c->ends[from], s->seq);
	if (s->ctl & CTL_ACK)
		s->ack = to_live(&c->ends[lesson_other(from)], s->ack);
}

void
lesson_learn(struct lesson_conn *c, enum lesson_side side, uint32_t iss)
{
	struct lesson_end *end = &c->ends[side];

	if (end->niss > 0 && end->iss[end->niss - 1] == iss)
		return;
	if (end->niss == ARRAY_SIZE(end->iss))
		memmove(end->iss, end->iss + 1,
		    --end->niss * sizeof(end->iss[0]));
	end->iss[end->niss++] = iss;
}

/* ---- the TCB ---- */

bool
lesson_odd(const struct lesson_conn *c, enum lesson_side side,
    const struct segment *s)
{
	return seg_len(s) == 0 && s->ctl & CTL_ACK && !(s->ctl & CTL_RST) &&
	       s->seq != c->ends[side].tcb.snd_nxt;
}

void
lesson_conn_sent(struct lesson_conn *c, enum lesson_side side,
    const struct segment *s)
{
	struct lesson_end *end = &c->ends[side];
	struct option o;

	exchange_received(&end->x, s);
	if (s->ctl & CTL_RST)
		return;
	if (s->ctl & CTL_SYN) {
		/* a new connection */
		if (!(s->ctl & CTL_ACK) && end->tcb.snd_nxt - s->seq != 1)
			memset(&end->tcb, 0, sizeof(end->tcb));
		end->tcb.rcv_shift =
		    opt_find(s, OPT_WSCALE, &o) ? o.data[0] : 0;
		end->tcb.timestamps = opt_find(s, OPT_TS, &o);
	}
	tcb_sent(&end->tcb, s);
}

void
lesson_conn_got(struct lesson_conn *c, enum lesson_side side,
    const struct segment *s)
{
	struct lesson_end *end = &c->ends[side];
	struct tcb *tcb = &end->tcb;
	enum state before = end->before.state;
	uint32_t rcv_nxt;
	struct option o;

	if (s->ctl & CTL_SYN) {
		if (before > ST_SYN_RECEIVED && before != ST_TIME_WAIT)
			return;
		if (before != ST_SYN_SENT && before != ST_SYN_RECEIVED)
			memset(tcb, 0, sizeof(*tcb));
		if (!opt_find(s, OPT_WSCALE, &o))
			tcb->rcv_shift = 0;
		if (!opt_find(s, OPT_TS, &o))
			tcb->timestamps = false;
	} else if (before == ST_CLOSED || before == ST_LISTEN) {
		return;
	}
	rcv_nxt = tcb->rcv_nxt;
	tcb_received(tcb, s);
	if (!(s->ctl & (CTL_SYN | CTL_RST)) && tcb->rcv_nxt != rcv_nxt)
		tcb->unread += tcb->rcv_nxt - rcv_nxt - !!(s->ctl & CTL_FIN);
}

int
lesson_look(struct lesson *l, struct lesson_conn *c, enum lesson_side side,
    enum state *state, bool *held)
{
	struct lesson_end *end = &c->ends[side];

	if (pair_look(l->pair, (enum pair_side)side, &end->at,
		&c->ends[lesson_other(side)].at, state, held, l->e) == -1)
		return -1;
	end->lived = end->lived || *state >= ST_ESTABLISHED;
	return 0;
}

enum state
lesson_shown(const struct lesson_conn *c, enum lesson_side side, enum state s)
{
	return s == ST_LISTEN && c->ends[side].lived ? ST_CLOSED : s;
}

int
lesson_stimulate(struct lesson *l, struct lesson_conn *c, enum lesson_side side,
    enum event event, const struct segment *s)
{
	struct lesson_end *end = &c->ends[side];
	enum state state;
	bool held;

	if (lesson_look(l, c, side, &state, &held) == -1)
		return -1;
	end->before = end->tcb;
	tcb_look(&end->before, state, held);
	end->event = event;
	end->stimulated = end->asked = true;
	end->got = s != NULL;
	exchange_again(&end->x, SETUP_KEPT);
	if (s == NULL) {
		exchange_stimulate(&end->x);
		return 0;
	}
	end->stimulus = *s;
	end->stimulus.text = NULL;
	end->stimulus.text_kept = 0;
	exchange_sent(&end->x, s, REL_STIMULUS);
	return 0;
}

int
lesson_states(struct lesson *l, struct lesson_conn *c, struct lesson_event *ev)
{
	enum state state;
	bool held;
	int i;

	for (i = 0; i < NSIDES; i++) {
		if (lesson_look(l, c, (enum lesson_side)i, &state, &held) == -1)
			return -1;
		ev->states[i] = lesson_shown(c, (enum lesson_side)i, state);
	}
	ev->known = true;
	ev->changed = memcmp(l->states, ev->states, sizeof(l->states)) != 0;
	memcpy(l->states, ev->states, sizeof(l->states));
	return 0;
}
