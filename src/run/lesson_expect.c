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

/* The first of the side's that no line has named yet; l->ncame: none. */
static size_t
find(const struct lesson *l, enum lesson_side side,
    const struct script_packet *p)
{
	size_t i;

	for (i = 0; i < l->ncame; i++)
		if (!l->came[i].taken && l->came[i].side == side &&
		    (p == NULL || has_ports(p, &l->came[i])))
			break;
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

int
lesson_expect(struct lesson *l, const struct lab_item *item)
{
	const struct script_packet *packet = item->event->packet;
	enum lesson_side side = lesson_side(item);
	int64_t deadline = clock_mono() + LESSON_PATIENCE;
	struct field fields[NFIELDS];
	struct segment want;
	struct lesson_end *end;
	size_t i, n;
	int rc = 1;

	while ((i = find(l, side, packet)) == l->ncame && rc == 1)
		rc = lesson_listen(l, deadline);
	if (rc == -1)
		return -1;
	if (i == l->ncame)
		return lesson_wrong(l,
		    lesson_text(l, "the segment does not come"),
		    item->event->source + strcspn(item->event->source, ">") + 2,
		    "none");
	l->rule_conn = l->came[i].conn;
	l->rule_side = side;
	end = &l->came[i].conn->ends[side];
	if (lesson_read_packet(l, end, item, &want) == -1)
		return -1;
	l->came[i].taken = true;
	if (!expect_compare(packet, &want, &l->came[i].seg, fields, &n))
		return differs(l, i, &want, fields, n);
	end->asked = false;
	return l->came[i].gone || l->came[i].held ? 0 : lesson_pass(l, i);
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
		if (!l->came[i].taken)
			return unforeseen(l, i);
	return 0;
}
