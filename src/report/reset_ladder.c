/* An exchange, as people draw it: two hosts, and arrows between them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/report_reset.h"
#include "tcp/option.h"

#define ARROW 44 /* columns between the two hosts */

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

static void
add_label(struct buf *b, const struct segment *s)
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
		buf_adds(b, " ack ");
		buf_addu(b, s->ack);
	}
}

static void
add_arrow(struct buf *b, const char *label, bool left, char shaft)
{
	size_t len = strlen(label) + 2, room;

	room = len < ARROW - 3 ? ARROW - 3 - len : 0;
	buf_adds(b, left ? "|<" : "|");
	buf_fill(b, shaft, room / 2);
	buf_adds(b, " ");
	buf_adds(b, label);
	buf_adds(b, " ");
	buf_fill(b, shaft, room - room / 2);
	buf_adds(b, left ? "|" : ">|");
}

/* "+%.6f" in at least 12 columns; there are many, and printf takes long. */
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
	while (text + sizeof(text) - p < 12)
		*--p = ' ';
	buf_add(b, p, text + sizeof(text) - p);
}

static void
add_rung(struct buf *b, const char *indent, const struct reset *r, size_t i)
{
	int64_t us = (r->told[i].when - r->told[r->at].when) / 1000;
	uint64_t after = us < 0 ? -us : us;
	struct buf label = { 0 };
	struct segment s;

	reset_relative(r, i, &s);
	add_label(&label, &s);
	buf_adds(b, indent);
	add_seconds(b, us < 0 ? '-' : '+', after);
	buf_adds(b, " s  ");
	add_arrow(b, buf_str(&label), r->told[i].by_sender,
	    i == r->at ? '=' : '-');
	if (i == r->at)
		buf_adds(b, "  the RST");
	else if ((int)i == r->trigger)
		buf_adds(b, "  what it answers");
	buf_adds(b, "\n");
	buf_free(&label);
}

void
ladder_add(struct buf *b, const char *indent, const struct report_reset *x)
{
	const struct reset *r = x->reset;
	struct buf left = { 0 }, right = { 0 };
	size_t i;
	int pad;

	endpoint_add(&left, &r->seg.tuple.dst);
	endpoint_add(&right, &r->seg.tuple.src);
	pad = ARROW + 2 - (int)left.len;
	buf_addf(b, "%s%14s  %s%*s%s\n", indent, "", buf_str(&left),
	    pad > 1 ? pad : 2, "", buf_str(&right));
	for (i = 0; i < r->ntold; i++)
		add_rung(b, indent, r, i);
	buf_free(&left);
	buf_free(&right);
}
