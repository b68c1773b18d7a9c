/* Packets of a script: those that it injects, and those that it expects. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/octets.h"
#include "run/player.h"
#include "tcp/option.h"

#define SETUP_KEPT 16 /* segments before the stimulus, for judge() */

struct segment
player_script_segment(const struct player_conn *c, const struct segment *live)
{
	struct segment s = *live;

	if (c != NULL)
		mapping_to_script(&c->map, &s);
	return s;
}

struct situation
player_situation(const struct player *p, const struct player_conn *c)
{
	static const struct tcb none;
	struct situation s = { .tcb = &none, .claims = p->options->claims };

	if (c == NULL)
		return s;
	/* a rule speaks of the TCB as it was before the segment */
	s.tcb = p->asked == c ? &c->before : &c->tcb;
	s.seg = c->stimulated ? &c->stimulus : NULL;
	return s;
}

/* The packet in the script's numbers. -1: its terms are worth nothing. */
static int
read_packet(struct player *p, const struct player_conn *c,
    const struct script_packet *packet, struct segment *seg)
{
	static const struct mapping none;
	struct situation s = player_situation(p, c);
	struct expect_context context = { &s, c != NULL ? &c->map : &none };
	struct err e;

	if (expect_segment(seg, packet, &context, &e) == -1)
		return player_stop(p, V_ERROR, "%s", e.msg);
	return 0;
}

/* ---- injected ---- */

/* The TCB just before the segment, with the state that the kernel tells. */
static int
look_before(struct player *p, struct player_conn *c)
{
	enum state state;
	bool held;

	if (player_look(p, c, &state, &held) == -1)
		return -1;
	c->before = c->tcb;
	tcb_look(&c->before, state, held);
	return 0;
}

/* Our SYN says what the script counts from. */
static void
learn_ours(struct player *p, struct player_conn *c,
    const struct script_packet *packet, uint32_t seq)
{
	bool gone =
	    c->before.state == ST_CLOSED || c->before.state == ST_LISTEN;

	if (c->map.ours.known && !(c->reset && gone))
		return;
	if (c->map.ours.known) {
		memset(&c->map, 0, sizeof(c->map));
		memset(&c->tcb, 0, sizeof(c->tcb));
	}
	c->reset = false;
	mapping_learn(&c->map.ours, seq,
	    seq == 0 && packet->seq.how != SEQ_ABSOLUTE ? random_u32(&p->random)
							: seq);
}

int
player_inject(struct player *p, const struct script_event *ev)
{
	const struct script_packet *packet = ev->packet;
	struct player_conn *c;
	struct segment seg;

	if (player_listen(p, clock_mono()) == -1)
		return -1;
	p->asked = NULL;
	c = player_conn_in(p, ev);
	if (look_before(p, c) == -1 || read_packet(p, c, packet, &seg) == -1)
		return -1;
	if (seg.ctl & CTL_SYN)
		learn_ours(p, c, packet, seg.seq);
	mapping_to_live(&c->map, &seg);
	seg.tuple = c->ours;
	seg.text = p->zeros;
	seg.text_kept = seg.text_len;
	exchange_again(&c->x, SETUP_KEPT);
	if (player_send(p, &seg, REL_STIMULUS) == -1)
		return -1;
	exchange_sent(&c->x, &seg, REL_STIMULUS);
	player_conn_sent(c, &seg);
	c->stimulus = seg;
	c->stimulus.text = NULL;
	c->stimulus.text_kept = 0;
	c->stimulated = true;
	c->asks = c->asks || seg.ctl & CTL_SYN;
	p->asked = p->state_unknown ? NULL : c;
	return 0;
}

/* ---- expected ---- */

/* The first segment of the connection that was not expected yet, or NULL. */
static struct player_came *
find_came(struct player *p, const struct player_conn *c)
{
	size_t i;

	for (i = 0; c != NULL && i < p->ncame; i++)
		if (!p->came[i].taken &&
		    player_conn_of(p, &p->came[i].seg) == c)
			return &p->came[i];
	return NULL;
}

/* When it came, after the script's start; whatever the time of day does. */
static int64_t
came_at(const struct player *p, const struct segment *live)
{
	int64_t when = live->when - p->began_wall;
	int64_t now = clock_mono() - p->began;

	return when < 0 || when > now ? now : when;
}

/* Wait for one. 1 with *c and *came; 0: none came; -1. */
static int
await_came(struct player *p, const struct script_event *ev, int64_t deadline,
    struct player_conn **c, struct player_came **came)
{
	int rc = 1;

	for (;;) {
		*c = player_conn_out(p, ev);
		*came = find_came(p, *c);
		if (*came != NULL)
			return 1;
		rc = player_next(p, deadline);
		if (rc != 1)
			return rc;
	}
}

/* The stack's SYN, and its timestamps, say which numbers are which. */
static void
learn_theirs(struct player_conn *c, const struct script_packet *packet,
    const struct segment *want, const struct segment *live)
{
	if (want->ctl & live->ctl & CTL_SYN &&
	    (!c->map.theirs.known || c->asks)) {
		mapping_learn(&c->map.theirs, want->seq, live->seq);
		c->asks = false;
	}
	expect_learn_stamps(&c->map, packet, live);
}

/*
 * What the script has as one segment may come as several. Add to *live what
 * comes behind it, until it is as long.
 */
static int
gather(struct player *p, struct player_conn *c, uint32_t len,
    struct segment *live, int64_t deadline)
{
	struct player_came *more;
	uint32_t seq = live->seq, text;
	int rc = 1;

	while (rc == 1 && live->text_len > 0 && live->text_len < len &&
	       !(live->ctl & (CTL_SYN | CTL_FIN | CTL_RST))) {
		more = find_came(p, c);
		text = live->text_len;
		if (more == NULL)
			rc = player_next(p, deadline);
		else if (more->seg.seq != seq + text || more->seg.text_len == 0)
			rc = 0;
		else {
			*live = more->seg;
			live->seq = seq;
			live->text_len += text;
			more->taken = true;
		}
	}
	return rc == -1 ? -1 : 0;
}

/* How far off its time it is; by default that is only told. */
static int
judge_time(struct player *p, const struct script_event *ev, int64_t when)
{
	int64_t from = player_due(p, ev, false) - p->began;
	int64_t to = player_due(p, ev, true) - p->began, off = 0;
	struct play_result *r = p->result;

	if (ev->time.when == WHEN_ANY)
		return 0;
	if (when < from)
		off = when - from;
	else if (when > to)
		off = when - to;
	if (r->off_at == NULL ||
	    (off < 0 ? -off : off) > (r->off < 0 ? -r->off : r->off)) {
		r->off = off;
		r->off_at = ev;
	}
	if (p->options->tolerance < 0 ||
	    (off < 0 ? -off : off) <= p->options->tolerance)
		return 0;
	return player_stop(p, V_FAIL, "the packet came %.6f s %s",
	    (double)(off < 0 ? -off : off) / NSEC_PER_SEC,
	    off < 0 ? "early" : "late");
}

/* Say of a segment what it is; live NULL: nothing came. */
static void
tell_observed(struct player *p, const struct player_conn *c,
    const struct segment *live)
{
	struct buf b = { 0 };
	struct segment s;

	if (live == NULL) {
		buf_adds(&b, "none");
	} else {
		p->result->came = live->when;
		s = player_script_segment(c, live);
		script_notation_add(&b, &s);
	}
	snprintf(p->result->observed, sizeof(p->result->observed), "%s",
	    buf_str(&b));
	buf_free(&b);
}

/* It is another than was expected. */
static int
mismatch(struct player *p, const struct script_event *ev,
    const struct player_conn *c, const struct segment *live)
{
	const struct play_result *r = p->result;
	struct buf b = { 0 };
	size_t i;

	tell_observed(p, c, live);
	player_blame(p, c, ev->packet);
	for (i = 0; i < r->nfields; i++)
		if (!r->fields[i].ok)
			buf_addf(&b, "%s%s", b.len > 0 ? ", " : "",
			    r->fields[i].name);
	player_stop(p, V_FAIL, "the packet that came is another: %s",
	    b.len > 0 ? b.p : "?");
	buf_free(&b);
	return -1;
}

static int
compare(struct player *p, const struct script_event *ev, struct player_conn *c,
    const struct segment *want, const struct segment *live)
{
	struct play_result *r = p->result;
	struct segment came;
	bool same;

	learn_theirs(c, ev->packet, want, live);
	came = player_script_segment(c, live);
	same = expect_compare(ev->packet, want, &came, r->fields, &r->nfields);
	if (live->faults & ~FAULT_CUT) {
		tell_observed(p, c, live);
		return player_stop(p, V_FAIL,
		    "the packet that came is broken: a checksum, the data "
		    "offset or an option's length");
	}
	if (!same)
		return mismatch(p, ev, c, live);
	r->nfields = 0;
	return judge_time(p, ev, came_at(p, live));
}

/* The packet in the script's numbers, once it is known of whom it is. */
int
player_expect(struct player *p, const struct script_event *ev)
{
	int64_t deadline = player_due(p, ev, true) + PLAY_PATIENCE, due, when;
	struct player_came *came;
	struct player_conn *c;
	struct segment want, live;
	int rc;

	if (deadline > p->deadline)
		deadline = p->deadline;
	rc = await_came(p, ev, deadline, &c, &came);
	if (rc == -1)
		return -1;
	if (rc == 0) {
		tell_observed(p, c, NULL);
		player_blame(p, c, ev->packet);
		return player_stop(p, V_FAIL, "the packet did not come");
	}
	live = came->seg;
	came->taken = true;
	if (read_packet(p, c, ev->packet, &want) == -1 ||
	    (!ev->packet->seq.len.any &&
		gather(p, c, want.text_len, &live, deadline) == -1) ||
	    compare(p, ev, c, &want, &live) == -1)
		return -1;
	due = player_due(p, ev, false) - p->began;
	when = came_at(p, &live);
	p->base = when > due ? when : due;
	p->asked = NULL;
	return 0;
}
