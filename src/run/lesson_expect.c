/* The segments of a lesson that are foreseen, and those that are not. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "run/lesson_play.h"

/* Is it of the connection whose ports the line says, if it says any? */
static bool
has_ports(const struct script_packet *p, const struct lesson_came *c)
{
	const struct lesson_end *from = &c->conn->ends[c->side];
	const struct lesson_end *to = &c->conn->ends[lesson_other(c->side)];

	return !p->ports || ((p->sport == 0 || p->sport == from->at.port) &&
				(p->dport == 0 || p->dport == to->at.port));
}

/*
 * A copy of a segment that no line names and that has not been passed on: the
 * timer was quicker than this process.
 */
static bool
is_noise(const struct lesson_came *c)
{
	return c->again && !c->gone && !c->held;
}

/*
 * The first of the side's that no line has named yet; l->ncame: none. Without
 * a packet copies do not count.
 */
static size_t
find(const struct lesson *l, enum lesson_side side,
    const struct script_packet *p)
{
	const struct lesson_came *c;
	size_t i;

	for (i = 0; i < l->ncame; i++) {
		c = &l->came[i];
		if (!c->taken && c->side == side &&
		    (p != NULL ? has_ports(p, c) : !is_noise(c)))
			break;
	}
	return i;
}

static const char *
label(struct lesson *l, const struct segment *s)
{
	struct buf b = { 0 };
	const char *text;

	ladder_add_label(&b, s);
	text = lesson_text(l, "%s", buf_str(&b));
	buf_free(&b);
	return text;
}

/* The event of the segment, which came otherwise, shows what was due, too. */
static int
differs(struct lesson *l, size_t i, const struct segment *want,
    const struct field *fields, size_t n)
{
	const struct lesson_came *c = &l->came[i];
	const char *expected = label(l, want);
	struct lesson_event ev = { .kind = LESSON_SEGMENT,
		.side = c->side,
		.seg = c->seg,
		.expected = expected };
	struct buf b = { 0 };
	const char *text;
	size_t k;

	if (c->told > 0) {
		l->result->events[c->told - 1].expected = expected;
	} else {
		lesson_mark(l, &ev, c->conn, c->side);
		lesson_note(l, &ev);
	}
	for (k = 0; k < n; k++)
		if (!fields[k].ok)
			buf_addf(&b, "%s%s", b.len > 0 ? ", " : "",
			    fields[k].name);
	text =
	    lesson_text(l, "the segment that came is another: %s", buf_str(&b));
	buf_free(&b);
	return lesson_wrong(l, text, expected, label(l, &c->seg));
}

/* Wait for one that may be it. 1 with *i, 0: none came; -1. */
static int
await(struct lesson *l, const struct lab_item *item, int64_t deadline,
    size_t *i)
{
	const struct script_packet *packet = item->event->packet;
	int rc = 1;

	while ((*i = find(l, lesson_side(item), packet)) == l->ncame && rc == 1)
		rc = lesson_listen(l, deadline);
	return rc == -1 ? -1 : *i < l->ncame;
}

/*
 * Is the next one what the line says? A copy that is not makes room for the
 * next but one.
 */
static int
hold_to(struct lesson *l, const struct lab_item *item, size_t *at)
{
	int64_t deadline = clock_mono() + LESSON_PATIENCE;
	struct field fields[NFIELDS];
	struct lesson_came *c;
	struct segment want;
	size_t n;
	int rc;

	while ((rc = await(l, item, deadline, at)) == 1) {
		c = &l->came[*at];
		if (lesson_read_packet(l, &c->conn->ends[c->side], item,
			&want) == -1)
			return -1;
		c->taken = true;
		if (expect_compare(item->event->packet, &want, &c->seg, fields,
			&n))
			return 0;
		if (!is_noise(c))
			return differs(l, *at, &want, fields, n);
		c->gone = true;
		pair_drop(l->pair, c->id, false);
	}
	if (rc == -1)
		return -1;
	return lesson_wrong(l, "the segment does not come",
	    item->event->source + strcspn(item->event->source, ">") + 2,
	    "none");
}

int
lesson_expect(struct lesson *l, const struct lab_item *item)
{
	struct lesson_came *c;
	size_t i;

	if (hold_to(l, item, &i) == -1)
		return -1;
	c = &l->came[i];
	l->rule_conn = c->conn;
	l->rule_side = c->side;
	c->conn->ends[c->side].asked = false;
	return c->gone || c->held ? 0 : lesson_pass(l, i);
}

/* A segment that no line names. */
static int
unforeseen(struct lesson *l, size_t i)
{
	const struct lesson_came *c = &l->came[i];
	struct lesson_event ev = { .kind = LESSON_SEGMENT,
		.side = c->side,
		.seg = c->seg,
		.expected = "none" };

	if (c->told == 0)
		lesson_note(l, &ev);
	else
		l->result->events[c->told - 1].expected = "none";
	return lesson_wrong(l,
	    lesson_text(l, "the %s sends what the lesson does not foresee",
		c->side == SIDE_CLIENT ? "client" : "server"),
	    "none", label(l, &c->seg));
}

int
lesson_silence(struct lesson *l, const struct lab_item *item)
{
	struct lesson_event ev = { .kind = LESSON_SILENCE,
		.side = lesson_side(item) };
	size_t i;

	if (lesson_fence(l, ev.side) == -1)
		return -1;
	i = find(l, ev.side, NULL);
	if (i < l->ncame)
		return unforeseen(l, i);
	l->rule_conn = l->conn;
	l->rule_side = ev.side;
	lesson_mark(l, &ev, l->conn, ev.side);
	if (lesson_states(l, l->conn, &ev) == -1)
		return -1;
	lesson_note(l, &ev);
	l->conn->ends[ev.side].asked = false;
	return 0;
}

int
lesson_finish(struct lesson *l)
{
	size_t i;

	if (lesson_fence(l, SIDE_CLIENT) == -1 ||
	    lesson_fence(l, SIDE_SERVER) == -1)
		return -1;
	for (i = 0; i < l->ncame; i++)
		if (!l->came[i].taken && !is_noise(&l->came[i]))
			return unforeseen(l, i);
	return 0;
}
