/*
 * A script as the behaviour of a peer: what it injects is sent, and what it
 * expects is held against what comes. Its time 0 is when the SYN came.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "run/responder.h"

#define PATIENCE (2 * NSEC_PER_SEC) /* for a segment, beyond its time */
#define ANY_WAIT (60 * NSEC_PER_SEC)

static const char *const defines[] = { "STANDARD", NULL };

/* ---- before it is played ---- */

static int
bad(const struct script *s, const struct script_event *ev, const char *why,
    struct err *e)
{
	return err_set(e, ERR_USAGE, "%s:%d: %s", s->name, ev->what_pos.line,
	    why);
}

static int
check_event(const struct script *s, const struct script_event *ev,
    struct err *e)
{
	const struct script_packet *p = ev->packet;

	switch (ev->kind) {
	case SCRIPT_CALL:
	case SCRIPT_SHELL:
	case SCRIPT_CODE:
		return bad(s, ev,
		    "a responder makes no calls and no settings: it is the "
		    "peer",
		    e);
	case SCRIPT_PACKET:
		if (p->proto != PROTO_TCP || p->foreign != NULL || p->udp.said)
			return bad(s, ev, "a responder sends and awaits TCP",
			    e);
		if (!p->seq.len.any && p->seq.len.num > PEER_TEXT_MAX)
			return bad(s, ev, "the text is too long", e);
		break;
	case SCRIPT_SILENCE:
	case SCRIPT_RULE:
		break;
	}
	return 0;
}

static const struct script_event *
applying(const struct script_event *ev)
{
	while (ev != NULL && !script_applies(ev, defines))
		ev = STAILQ_NEXT(ev, next);
	return ev;
}

int
respond_check_script(const struct script *s, struct err *e)
{
	const struct script_event *first = applying(STAILQ_FIRST(&s->events));
	const struct script_event *ev;

	for (ev = first; ev != NULL; ev = applying(STAILQ_NEXT(ev, next)))
		if (check_event(s, ev, e) == -1)
			return -1;
	if (!STAILQ_EMPTY(&s->connections))
		return bad(s, first,
		    "a responder plays one script a connection: it has no "
		    "names for them",
		    e);
	if (first == NULL || first->kind != SCRIPT_PACKET ||
	    !first->packet->out || !(first->packet->ctl & CTL_SYN))
		return err_set(e, ERR_USAGE,
		    "%s: a responder's script begins with the SYN that comes: "
		    "0 > S 0:0(0) <...>",
		    s->name);
	return 0;
}

/* ---- the time line ---- */

static int64_t
due(const struct peer_script *s, bool range)
{
	const struct script_time *t = &s->next->time;
	int64_t wait = range ? t->to : t->from;

	switch (t->when) {
	case WHEN_AT:
		return s->began + t->from;
	case WHEN_AT_RANGE:
		return s->began + wait;
	case WHEN_AFTER:
		return s->base + t->from;
	case WHEN_AFTER_RANGE:
		return s->base + wait;
	case WHEN_ANY:
		return s->base + (range ? ANY_WAIT : 0);
	case WHEN_NONE:
		break;
	}
	return s->base;
}

/* On to the next event, this one having happened at that time. */
static void
go_on(struct peer_conn *c, int64_t at)
{
	c->script.base = at;
	c->script.next = applying(STAILQ_NEXT(c->script.next, next));
}

/* It is over: nothing is left of the connection on either side. */
static int
finish(struct responder *r, struct peer_conn *c, struct judgement *j,
    const char *expected, const char *observed, struct err *e)
{
	struct segment rst = {
		.tuple = c->ours, .seq = c->tcb.rcv_nxt, .ctl = CTL_RST
	};
	bool stands = c->tcb.state >= ST_SYN_RECEIVED;

	asked_script(r, c, j, expected, observed);
	peer_end(c);
	return stands ? peer_send(r, c, &rst, false, e) : 0;
}

static int
fail(struct responder *r, struct peer_conn *c, const char *expected,
    const char *observed, const char *reason, struct err *e)
{
	struct judgement j = { .verdict = V_FAIL };

	snprintf(j.reason, sizeof(j.reason), "%.255s", reason);
	return finish(r, c, &j, expected, observed, e);
}

/* ---- its events ---- */

/* The packet in the script's numbers. */
static int
read_packet(const struct responder *r, const struct peer_conn *c,
    struct segment *seg, struct err *e)
{
	const struct peer_script *s = &c->script;
	const struct situation now = { .tcb = s->any_injected ? &s->before
							      : &c->tcb,
		.seg = s->any_injected ? &s->injected : NULL,
		.claims = r->o->claims };
	const struct expect_context context = { &now, &s->map };

	return expect_segment(seg, s->next->packet, &context, e);
}

static int
inject(struct responder *r, struct peer_conn *c, int64_t now, struct err *e)
{
	struct peer_script *s = &c->script;
	const struct script_packet *p = s->next->packet;
	const struct script_event *then = applying(STAILQ_NEXT(s->next, next));
	bool asks = then != NULL && then->kind == SCRIPT_RULE;
	struct segment seg;

	if (read_packet(r, c, &seg, e) == -1)
		return fail(r, c, "", "", e->msg, e);
	if (seg.ctl & CTL_SYN && !s->map.ours.known)
		mapping_learn(&s->map.ours, seg.seq,
		    seg.seq == 0 && p->seq.how != SEQ_ABSOLUTE
			? random_u32(&r->random)
			: seg.seq);
	mapping_to_live(&s->map, &seg);
	seg.tuple = c->ours;
	seg.text = c->text;
	seg.text_kept = seg.text_len;
	s->before = c->tcb;
	if (peer_send(r, c, &seg, asks, e) == -1)
		return -1;
	s->injected = seg;
	s->any_injected = true;
	if (c->asked.pending && c->asked.due == INT64_MAX)
		c->asked.due = now + NSEC_PER_SEC;
	go_on(c, now);
	return 0;
}

static void
say(struct buf *b, const struct peer_script *s, const struct segment *live)
{
	struct segment seg = *live;

	mapping_to_script(&s->map, &seg);
	script_notation_add(b, &seg);
}

/* The segment that came first is the one that the event expects? */
static int
compare(struct responder *r, struct peer_conn *c, int64_t now, struct err *e)
{
	struct judgement j = { .verdict = V_FAIL };
	struct peer_script *s = &c->script;
	struct segment want, live = s->came[0], came;
	struct buf b = { 0 };
	bool same;
	int rc;

	memmove(s->came, s->came + 1, --s->ncame * sizeof(s->came[0]));
	if (read_packet(r, c, &want, e) == -1)
		return fail(r, c, "", "", e->msg, e);
	if (want.ctl & live.ctl & CTL_SYN && !s->map.theirs.known)
		mapping_learn(&s->map.theirs, want.seq, live.seq);
	expect_learn_stamps(&s->map, s->next->packet, &live);
	came = live;
	mapping_to_script(&s->map, &came);
	same =
	    expect_compare(s->next->packet, &want, &came, j.fields, &j.nfields);
	if (same && (live.faults & ~FAULT_CUT) == 0) {
		go_on(c, now);
		return 0;
	}
	snprintf(j.reason, sizeof(j.reason), "%s",
	    same ? "the segment that came is broken"
		 : "the segment that came is another");
	say(&b, s, &live);
	rc = finish(r, c, &j, s->next->source, buf_str(&b), e);
	buf_free(&b);
	return rc;
}

static int
expect(struct responder *r, struct peer_conn *c, int64_t now, struct err *e)
{
	if (c->script.ncame > 0)
		return compare(r, c, now, e);
	if (now < due(&c->script, true) + PATIENCE)
		return 0;
	return fail(r, c, c->script.next->source, "none",
	    "the segment did not come", e);
}

static int
await_silence(struct responder *r, struct peer_conn *c, int64_t now,
    struct err *e)
{
	struct buf b = { 0 };
	int rc = 0;

	if (c->script.ncame > 0) {
		say(&b, &c->script, &c->script.came[0]);
		rc = fail(r, c, "none", buf_str(&b),
		    "a segment came that the script does not have", e);
		buf_free(&b);
	} else if (now >= due(&c->script, false) + PEER_GRACE) {
		go_on(c, now);
	}
	return rc;
}

/* What was injected just before is judged, which is told when it is done. */
static int
await_rule(struct responder *r, struct peer_conn *c, int64_t now, struct err *e)
{
	const struct peer_script *s = &c->script;
	const struct situation then = {
		.tcb = &s->before, .seg = &s->injected, .claims = r->o->claims
	};
	const struct rule *rule =
	    s->any_injected
		? rulebook_match(r->o->known.book, EV_SEGMENT, &then)
		: NULL;
	const char *id = rule != NULL ? rule->id : "none";

	if (s->next->text != NULL && strcmp(id, s->next->text) != 0)
		return fail(r, c, s->next->text, id,
		    "another rule applies there", e);
	if (c->asked.pending)
		return 0;
	c->script.ncame = 0;
	go_on(c, now);
	return 0;
}

/* One event. 0 also when its time has not come: next is then as before. */
static int
play(struct responder *r, struct peer_conn *c, int64_t now, struct err *e)
{
	const struct script_event *ev = c->script.next;

	switch (ev->kind) {
	case SCRIPT_PACKET:
		if (ev->packet->out)
			return expect(r, c, now, e);
		return now < due(&c->script, false) ? 0 : inject(r, c, now, e);
	case SCRIPT_SILENCE:
		return await_silence(r, c, now, e);
	case SCRIPT_RULE:
		return await_rule(r, c, now, e);
	case SCRIPT_CALL:
	case SCRIPT_SHELL:
	case SCRIPT_CODE:
		break;
	}
	return 0;
}

int
peer_script_tick(struct responder *r, struct peer_conn *c, int64_t now,
    struct err *e)
{
	const struct script_event *at = NULL;
	struct judgement j = { .verdict = V_PASS };

	if (c->asked.pending && now >= c->asked.due)
		asked_end(r, c);
	while (c->phase != PEER_DONE && c->script.next != at) {
		at = c->script.next;
		if (at == NULL)
			return finish(r, c, &j, "", "", e);
		if (play(r, c, now, e) == -1)
			return -1;
	}
	if (c->phase != PEER_DONE && c->script.next == NULL)
		return finish(r, c, &j, "", "", e);
	return 0;
}

int
peer_script_came(struct responder *r, struct peer_conn *c,
    const struct segment *seg, struct err *e)
{
	struct peer_script *s = &c->script;

	if (c->phase == PEER_DONE)
		return 0;
	if (s->next == NULL) {
		s->next = applying(STAILQ_FIRST(&r->o->script->events));
		s->began = s->base = clock_mono();
	} else {
		asked_came(r, c, seg);
		peer_note_sent(r, c, seg);
	}
	if (s->ncame == PEER_QUEUE_MAX)
		return fail(r, c, "", "",
		    "more segments came than the script has", e);
	s->came[s->ncame] = *seg;
	s->came[s->ncame].text = NULL;
	s->came[s->ncame++].text_kept = 0;
	return peer_script_tick(r, c, clock_mono(), e);
}
