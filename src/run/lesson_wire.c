/* The segments of a lesson: what comes, what goes on, what is forged. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "run/lesson_play.h"

/* ---- what comes ---- */

static bool
same(const struct lesson_came *a, const struct lesson_came *b)
{
	return a->conn == b->conn && a->side == b->side &&
	       a->seg.seq == b->seg.seq && a->seg.ctl == b->seg.ctl &&
	       a->seg.text_len == b->seg.text_len;
}

/*
 * Is it a copy of a segment that waits on the wire for its line? That is no
 * more than our slowness. *again: it is one of any before, such as the timer
 * sends on a machine that is slow; see lesson_expect().
 */
static bool
waits_already(const struct lesson *l, const struct lesson_came *c, bool *again)
{
	const struct lesson_came *o;
	size_t i;

	for (i = 0; i < l->ncame; i++) {
		o = &l->came[i];
		if (!same(o, c))
			continue;
		*again = seg_len(&c->seg) > 0;
		if (!o->gone && !o->held && o->seg.ack == c->seg.ack)
			return true;
	}
	return false;
}

static void
take(struct lesson *l, const struct pair_segment *s)
{
	struct lesson_came c = {
		.seg = s->seg, .side = (enum lesson_side)s->from, .id = s->id
	};

	c.conn = lesson_conn_of(l, &s->seg, c.side);
	if ((s->seg.ctl & (CTL_SYN | CTL_RST)) == CTL_SYN)
		lesson_learn(c.conn, c.side, s->seg.seq);
	lesson_relative(c.conn, c.side, &c.seg);
	c.seg.text = NULL;
	c.seg.text_kept = 0;
	if (waits_already(l, &c, &c.again)) {
		pair_drop(l->pair, s->id, false);
		return;
	}
	c.odd = lesson_odd(c.conn, c.side, &c.seg);
	lesson_conn_sent(c.conn, c.side, &c.seg);
	l->came = mem_grow(l->came, l->ncame, sizeof(*l->came));
	l->came[l->ncame++] = c;
}

int
lesson_listen(struct lesson *l, int64_t deadline)
{
	struct pair_segment s;
	int rc, any = 0;

	/* one, and then what is there already */
	while ((rc = pair_next(l->pair, &s, deadline, l->e)) == 1) {
		take(l, &s);
		any = 1;
		deadline = 0;
	}
	return rc == -1 ? -1 : any;
}

int
lesson_fence(struct lesson *l, enum lesson_side side)
{
	if (pair_fence(l->pair, (enum pair_side)side, l->e) == -1)
		return -1;
	return lesson_listen(l, 0) == -1 ? -1 : 0;
}

/* ---- what goes on ---- */

void
lesson_mark(struct lesson *l, struct lesson_event *ev,
    const struct lesson_conn *c, enum lesson_side side)
{
	const struct lesson_end *end = &c->ends[side];
	struct lesson_question *q = l->question;

	l->last = NULL;
	if (q == NULL)
		return;
	q->event = end->event;
	q->tcb = end->stimulated ? end->before : end->tcb;
	q->has_stimulus = end->got;
	q->stimulus = end->stimulus;
	q->silence = ev->kind == LESSON_SILENCE;
	q->answer = ev->seg;
	ev->marked = true;
	ev->question = q;
	l->last = q;
	l->question = NULL;
}

/* Tell of a segment that has gone this way, at this time of clock_wall(). */
static int
tell(struct lesson *l, struct lesson_came *c, enum lesson_way way, int64_t when)
{
	struct lesson_event ev = { .kind = LESSON_SEGMENT,
		.side = c->side,
		.seg = c->seg,
		.odd = c->odd,
		.when = when - l->began,
		.way = way };

	if (way != WAY_RELEASED)
		lesson_mark(l, &ev, c->conn, c->side);
	if (lesson_states(l, c->conn, &ev) == -1)
		return -1;
	lesson_note(l, &ev);
	c->told = l->result->n;
	return 0;
}

/* It reaches the other side, which says what it has to say to it. */
static int
deliver(struct lesson *l, size_t i)
{
	struct lesson_came c = l->came[i];
	enum lesson_side to = lesson_other(c.side);

	l->came[i].gone = true;
	l->came[i].held = false;
	l->conn = c.conn;
	if (lesson_stimulate(l, c.conn, to, EV_SEGMENT, &c.seg) == -1 ||
	    pair_pass(l->pair, c.id, l->e) == -1)
		return -1;
	pair_drop(l->pair, c.id, false);
	lesson_conn_got(c.conn, to, &c.seg);
	return lesson_fence(l, to);
}

int
lesson_pass(struct lesson *l, size_t i)
{
	struct lesson_came *c = &l->came[i];

	l->conn = c->conn;
	switch (l->wire[c->side]) {
	case WIRE_HOLDS:
		c->held = true;
		return tell(l, c, WAY_HELD, c->seg.when);
	case WIRE_LOSES:
		c->gone = true;
		pair_drop(l->pair, c->id, true);
		return tell(l, c, WAY_LOST, c->seg.when);
	default:
		break;
	}
	if (deliver(l, i) == -1)
		return -1;
	return tell(l, &l->came[i], WAY_PASSED, l->came[i].seg.when);
}

/* All that waits on the wire. */
static int
pass_all(struct lesson *l)
{
	size_t i;

	for (i = 0; i < l->ncame; i++)
		if (!l->came[i].gone && !l->came[i].held &&
		    lesson_pass(l, i) == -1)
			return -1;
	return 0;
}

int
lesson_wait(struct lesson *l, int64_t ns)
{
	struct lesson_event ev = { .kind = LESSON_WAIT, .ns = ns };
	int64_t deadline = clock_mono() + ns;

	lesson_note(l, &ev);
	do {
		if (pass_all(l) == -1 || lesson_listen(l, deadline) == -1)
			return -1;
	} while (clock_mono() < deadline);
	return pass_all(l);
}

int
lesson_release(struct lesson *l, enum lesson_side side)
{
	int64_t when;
	size_t i;

	l->wire[side] = WIRE_PASSES;
	for (i = 0; i < l->ncame; i++) {
		if (l->came[i].side != side || !l->came[i].held)
			continue;
		when = clock_wall();
		if (deliver(l, i) == -1 ||
		    tell(l, &l->came[i], WAY_RELEASED, when) == -1)
			return -1;
	}
	return 0;
}

static struct situation
situation(const struct lesson *l, const struct lesson_end *end)
{
	return (struct situation){ .tcb = end->asked ? &end->before : &end->tcb,
		.seg = end->got ? &end->stimulus : NULL,
		.claims = l->options->claims };
}

int
lesson_read_packet(struct lesson *l, const struct lesson_end *end,
    const struct lab_item *item, struct segment *seg)
{
	static const struct mapping none;
	const struct situation s = situation(l, end);
	const struct expect_context context = { &s, &none };

	if (expect_segment(seg, item->event->packet, &context, l->e) == 0)
		return 0;
	return err_prefix(l->e, "%s:%d", l->lab->file, item->pos.line);
}

/* ---- what is forged ---- */

/* In the name of `from`; without ports, of the connection spoken of last. */
static struct lesson_conn *
forged_conn(struct lesson *l, const struct script_packet *p,
    enum lesson_side from)
{
	const struct lesson_conn *c = l->conn;
	uint16_t sport = c->ends[from].at.port;
	uint16_t dport = c->ends[lesson_other(from)].at.port;

	if (p->ports && p->sport != 0)
		sport = p->sport;
	if (p->ports && p->dport != 0)
		dport = p->dport;
	l->conn = from == SIDE_CLIENT ? lesson_conn(l, sport, dport)
				      : lesson_conn(l, dport, sport);
	l->conn->used = true;
	return l->conn;
}

int
lesson_forge(struct lesson *l, const struct lab_item *item)
{
	static const uint8_t zeros[UINT16_MAX];
	const struct script_packet *p = item->event->packet;
	enum lesson_side to = lesson_side(item);
	enum lesson_side from = lesson_other(to);
	struct lesson_conn *c = forged_conn(l, p, from);
	struct lesson_event ev = {
		.kind = LESSON_SEGMENT, .side = from, .way = WAY_FORGED
	};
	struct segment live;

	if (lesson_listen(l, 0) == -1 ||
	    lesson_read_packet(l, &c->ends[to], item, &ev.seg) == -1)
		return -1;
	ev.seg.tuple = (struct tuple){ c->ends[from].at, c->ends[to].at };
	if (p->ip.ttl != -1)
		ev.seg.ttl = p->ip.ttl;
	if (ev.seg.ctl & CTL_SYN && c->ends[from].niss == 0)
		lesson_learn(c, from, random_u32(&l->random) - ev.seg.seq);
	ev.odd = lesson_odd(c, from, &ev.seg);
	live = ev.seg;
	lesson_live(c, from, &live);
	live.text = zeros;
	live.text_kept = live.text_len;
	if (lesson_stimulate(l, c, to, EV_SEGMENT, &ev.seg) == -1 ||
	    pair_forge(l->pair, (enum pair_side)to, &live, l->e) == -1)
		return -1;
	lesson_conn_got(c, to, &ev.seg);
	ev.when = live.when - l->began;
	if (lesson_fence(l, to) == -1 || lesson_states(l, c, &ev) == -1)
		return -1;
	lesson_note(l, &ev);
	return 0;
}
