/* The exchange of a case or of a script as a ladder. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "report/exchange_ladder.h"

/* A call, silence and what became of it stand beside the segments. */
#define RUNGS_MAX (EXCHANGE_MAX + 4)

struct drawing {
	struct arena texts;
	struct ladder_rung rungs[RUNGS_MAX];
	size_t n;
	uint32_t ours, theirs; /* what numbers are relative to */
	int64_t begin;
};

void
ladder_add_label(struct buf *b, const struct segment *s)
{
	buf_adds(b, "[");
	ctl_add_tcpdump(b, s->ctl);
	buf_adds(b, "]");
	if (s->text_len > 0) {
		buf_adds(b, " ");
		buf_addu(b, s->seq);
		buf_adds(b, ":");
		buf_addu(b, s->seq + s->text_len);
	} else if (s->ctl & (CTL_SYN | CTL_FIN | CTL_RST)) {
		buf_adds(b, " seq ");
		buf_addu(b, s->seq);
	}
	if (s->ctl & CTL_ACK) {
		buf_adds(b, b->p[b->len - 1] == ']' ? " ack " : ", ack ");
		buf_addu(b, s->ack);
	}
}

static const char *
keep(struct drawing *d, struct buf *text)
{
	const char *kept = arena_strndup(&d->texts, buf_str(text), text->len);

	buf_free(text);
	return kept;
}

static struct ladder_rung *
add_rung(struct drawing *d)
{
	return &d->rungs[d->n++];
}

/* ---- numbers ---- */

/* Its ISS, or 0. */
static uint32_t
iss_of(const struct exchange *x, bool ours)
{
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (p->ours == ours && p->seg.ctl & CTL_SYN &&
		    !(p->seg.ctl & CTL_RST))
			return p->seg.seq;
	return 0;
}

/* What was first seen of it, or acknowledged, is 1. */
static uint32_t
first_of(const struct exchange *x, bool ours)
{
	const struct passage *p, *end = x->passages + x->n;

	for (p = x->passages; p < end; p++)
		if (p->ours == ours && !(p->seg.ctl & CTL_RST))
			return p->seg.seq - 1;
		else if (p->ours != ours && p->seg.ctl & CTL_ACK)
			return p->seg.ack - 1;
	return 0;
}

static const char *
label_of(struct drawing *d, const struct passage *p)
{
	struct segment s = p->seg;
	struct buf b = { 0 };

	/* a RST that answers a segment without ACK has the number 0 itself */
	if (!(s.ctl & CTL_RST && s.seq == 0))
		s.seq -= p->ours ? d->ours : d->theirs;
	s.ack -= p->ours ? d->theirs : d->ours;
	ladder_add_label(&b, &s);
	return keep(d, &b);
}

/* "<SEQ=4711>..." with its numbers as those of the labels. */
static const char *
relative_text(struct drawing *d, const char *text)
{
	struct buf b = { 0 };
	bool seq, number;
	uint32_t v;
	char *end;

	for (; *text != '\0'; text = end) {
		seq = strncmp(text, "<SEQ=", 5) == 0;
		number = (seq || strncmp(text, "<ACK=", 5) == 0) &&
			 isdigit((uint8_t)text[5]);
		buf_add(&b, text, number ? 5 : 1);
		end = (char *)text + 1;
		if (!number)
			continue;
		v = strtoul(text + 5, &end, 10);
		/* as in label_of() */
		buf_addu(&b,
		    seq && v == 0 ? 0 : v - (seq ? d->theirs : d->ours));
	}
	return keep(d, &b);
}

/* ---- rungs ---- */

static const char *
time_of(struct drawing *d, const struct passage *p)
{
	struct buf b = { 0 };

	buf_addf(&b, "%.6f", (p->seg.when - d->begin) / 1e9);
	return keep(d, &b);
}

static struct ladder_rung *
add_passage(struct drawing *d, const struct passage *p)
{
	struct ladder_rung *r = add_rung(d);

	*r = (struct ladder_rung){ .kind = RUNG_SEGMENT,
		.from = p->ours ? LADDER_LEFT : LADDER_RIGHT,
		.to = p->ours ? LADDER_RIGHT : LADDER_LEFT,
		.time = time_of(d, p),
		.label = label_of(d, p),
		.marked = p->rel == REL_STIMULUS,
		.remark = p->rel == REL_AGAIN	     ? "seen before"
			  : p->rel == REL_WRONG_PORT ? "from another port"
						     : NULL };
	return r;
}

/* Nothing came of the stack, where that was due or not. */
static struct ladder_rung *
add_silence(struct drawing *d)
{
	struct ladder_rung *r = add_rung(d);

	*r = (struct ladder_rung){
		.kind = RUNG_SEGMENT, .from = LADDER_RIGHT, .to = LADDER_LEFT
	};
	return r;
}

static void
begin(struct drawing *d, const struct exchange *x)
{
	memset(d, 0, sizeof(*d));
	d->ours = iss_of(x, true);
	d->theirs = iss_of(x, false);
	d->begin = x->n > 0 ? x->passages[0].seg.when : 0;
}

static void
draw(struct buf *b, struct drawing *d, const struct exchange *x,
    const char *title, const char *state, const struct ladder_style *style)
{
	const struct passage *p = x->passages;
	/* a script may play several connections: the first speaks for all */
	struct tuple t = x->n == 0 ? x->ours
			 : p->ours ? p->seg.tuple
				   : tuple_reverse(&p->seg.tuple);
	struct ladder l = { .title = title,
		.right_state = state,
		.rungs = d->rungs,
		.n = d->n };
	struct buf left = { 0 }, right = { 0 };

	buf_adds(&left, "peer ");
	addr_add(&left, &t.src.addr);
	buf_adds(&right, "stack ");
	addr_add(&right, &t.dst.addr);
	l.left = buf_str(&left);
	l.right = buf_str(&right);
	if (style != NULL)
		ladder_add_text(b, &l, style);
	else
		ladder_add_svg(b, &l);
	buf_free(&left);
	buf_free(&right);
	arena_free(&d->texts);
}

/* ---- a case ---- */

/* Is it the segment that is wrong, and not what became of the connection? */
static bool
answer_differs(const struct judgement *j)
{
	static const char *const later[] = { "next state", "the user sees",
		"octets to read" };
	const struct field *f;
	size_t i;

	for (f = j->fields; f < j->fields + j->nfields; f++) {
		for (i = 0; i < 3 && strcmp(f->name, later[i]) != 0; i++)
			;
		if (!f->ok && i == 3)
			return true;
	}
	return false;
}

/* The event of a case that sends no segment. */
static void
add_event(struct drawing *d, const struct report_case *c)
{
	struct ladder_rung *r = add_rung(d);

	*r = (struct ladder_rung){ .kind = RUNG_CALL,
		.from = LADDER_RIGHT,
		.label = event_name(c->event),
		.marked = true,
		.right_state = state_name(c->state) };
	if (c->event >= EV_USER_TIMEOUT)
		r->remark = "the timer, under test";
}

/* What led there, then what is under test, then what came of it. */
static void
add_passages(struct drawing *d, const struct report_case *c)
{
	bool called = c->event == EV_SEGMENT || !c->x->stimulated;
	const struct passage *p, *end = c->x->passages + c->x->n;
	struct ladder_rung *r, *before = NULL;

	for (p = c->x->passages; p < end; p++) {
		if (p->rel == REL_CLEANUP)
			continue;
		if (!called && p->rel != REL_SETUP)
			add_event(d, c);
		called |= p->rel != REL_SETUP;
		r = add_passage(d, p);
		if (p == c->j->observed && answer_differs(c->j))
			r->expected = relative_text(d, c->j->expected);
		if (p->rel == REL_SETUP)
			before = r;
	}
	if (!called)
		add_event(d, c);
	if (before != NULL && c->x->stimulated)
		before->right_state = state_name(c->state);
}

static void
add_outcome(struct drawing *d, const struct report_case *c)
{
	const struct judgement *j = c->j;
	struct ladder_rung *r;

	if (j->observed == NULL && j->rule != NULL) {
		r = add_silence(d);
		if (answer_differs(j))
			r->expected = relative_text(d, j->expected);
	}
	if (c->after != NULL && d->n > 0)
		d->rungs[d->n - 1].right_state = state_name(c->after->state);
}

void
case_add_ladder(struct buf *b, const struct report_case *c,
    const struct ladder_style *style)
{
	struct drawing d;
	bool at_once = c->x->n == 0 || c->x->passages[0].rel != REL_SETUP;

	if (c->x->n == 0 && !c->x->stimulated)
		return;
	begin(&d, c->x);
	if (d.ours == 0)
		d.ours = first_of(c->x, true);
	if (d.theirs == 0)
		d.theirs = first_of(c->x, false);
	add_passages(&d, c);
	add_outcome(&d, c);
	draw(b, &d, c->x, c->id, at_once ? state_name(c->state) : NULL, style);
}

/* ---- a script ---- */

void
script_add_ladder(struct buf *b, const struct report_script *s,
    const struct ladder_style *style)
{
	const struct passage *p, *end = s->x->passages + s->x->n;
	bool silent = strcmp(s->observed, "none") == 0;
	struct ladder_rung *r;
	struct drawing d;

	if (s->x->n == 0)
		return;
	begin(&d, s->x);
	for (p = s->x->passages; p < end; p++) {
		if (p->rel == REL_CLEANUP)
			continue;
		r = add_passage(&d, p);
		r->marked = !p->ours && s->came > 0 && p->seg.when == s->came;
		if (r->marked)
			r->expected = s->expected;
	}
	if (silent) {
		r = add_silence(&d);
		r->marked = true;
		r->expected = s->expected;
	}
	draw(b, &d, s->x, s->name, NULL, style);
}
