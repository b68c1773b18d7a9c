/* The exchange around a RST of a capture, as a ladder. */
#include <inttypes.h>
#include <string.h>

#include "report/exchange_ladder.h"
#include "report/report_reset.h"
#include "tcp/option.h"

/* What a side's numbers are relative to. */
static uint32_t
base_of(const struct reset *r, bool sender)
{
	const struct flow_side *s = sender ? &r->sender : &r->peer;
	const struct flow_seg *t;
	size_t i;

	if (s->seen & SIDE_SYN)
		return s->isn;
	/* what was first seen of it, or acknowledged, is 1 */
	for (i = 0; i < r->ntold; i++) {
		t = &r->told[i];
		if (t->by_sender == sender && !(t->ctl & CTL_RST))
			return t->seq - 1;
		if (t->by_sender != sender && t->ctl & CTL_ACK)
			return t->ack - 1;
	}
	return 0;
}

void
reset_relative(const struct reset *r, size_t i, struct segment *s)
{
	bool sender = r->told[i].by_sender;
	uint32_t ours = base_of(r, sender), theirs = base_of(r, !sender);

	if (i == r->at)
		*s = r->seg;
	else
		reset_told(r, i, s);
	s->options_len = 0;
	s->faults = 0;
	if (s->ctl & CTL_SYN)
		return;
	/* a RST that answers a SYN has the number 0 itself */
	if (!(s->ctl & CTL_RST && s->seq == 0))
		s->seq -= ours;
	s->ack -= theirs;
}

/* "+%.6f s"; there are many, and printf takes long. */
static void
add_seconds(struct buf *b, char sign, uint64_t us)
{
	char text[32], *p = text + sizeof(text);
	int digits;

	for (digits = 0; digits < 7 || us > 0; digits++) {
		if (digits == 6)
			*--p = '.';
		*--p = '0' + us % 10;
		us /= 10;
	}
	*--p = sign;
	buf_add(b, p, text + sizeof(text) - p);
	buf_adds(b, " s");
}

/* The texts of a rung: each ends with a NUL, so that they can share memory. */
struct texts {
	struct buf b;
	size_t time[RESET_TOLD], label[RESET_TOLD];
};

static void
add_texts(struct texts *t, const struct reset *r, size_t i)
{
	int64_t us = (r->told[i].when - r->told[r->at].when) / 1000;
	struct segment s;

	reset_relative(r, i, &s);
	t->time[i] = t->b.len;
	add_seconds(&t->b, us < 0 ? '-' : '+', us < 0 ? -us : us);
	buf_add(&t->b, "", 1);
	t->label[i] = t->b.len;
	ladder_add_label(&t->b, &s);
	buf_add(&t->b, "", 1);
}

static void
set_rung(struct ladder_rung *rung, const struct texts *t, const struct reset *r,
    size_t i)
{
	bool sender = r->told[i].by_sender;

	*rung = (struct ladder_rung){ .kind = RUNG_SEGMENT,
		.from = sender ? LADDER_RIGHT : LADDER_LEFT,
		.to = sender ? LADDER_LEFT : LADDER_RIGHT,
		.time = t->b.p + t->time[i],
		.label = t->b.p + t->label[i],
		.marked = i == r->at,
		.remark = i == r->at		 ? "the RST"
			  : (int)i == r->trigger ? "what it answers"
						 : NULL };
}

void
reset_add_ladder(struct buf *b, const struct report_reset *x,
    const struct ladder_style *style)
{
	const struct reset *r = x->reset;
	struct ladder_rung rungs[RESET_TOLD];
	struct buf left = { 0 }, right = { 0 };
	struct texts texts = { .b = { 0 } };
	struct ladder l = { .title =
				x->cause != NULL ? x->cause->title : "unknown",
		.rungs = rungs,
		.n = r->ntold };
	size_t i;

	endpoint_add(&left, &r->seg.tuple.dst);
	endpoint_add(&right, &r->seg.tuple.src);
	for (i = 0; i < r->ntold; i++)
		add_texts(&texts, r, i);
	for (i = 0; i < r->ntold; i++)
		set_rung(&rungs[i], &texts, r, i);
	l.left = buf_str(&left);
	l.right = buf_str(&right);
	if (style != NULL)
		ladder_add_text(b, &l, style);
	else
		ladder_add_svg(b, &l);
	buf_free(&texts.b);
	buf_free(&left);
	buf_free(&right);
}
