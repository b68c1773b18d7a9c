/* A ladder in text: arrows and calls, one below the other. */
#include <string.h>

#include "base/columns.h"
#include "base/tr.h"
#include "report/fold.h"
#include "report/ladder_line.h"

#define SHAFTS 8 /* columns of an arrow that are not its label, at least */

static void
fill(struct buf *b, const char *glyph, size_t n)
{
	size_t len = strlen(glyph);

	if (len == 1)
		buf_fill(b, *glyph, n);
	for (; len > 1 && n > 0; n--)
		buf_add(b, glyph, len);
}

/* ---- segments ---- */

/* Where an arrow is in the field: all of it, or the half of a side. */
static struct line_span
span_of(const struct line_layout *lay, const struct ladder_rung *r)
{
	size_t middle = lay->field / 2;

	if (!ladder_at_wire(r))
		return (struct line_span){ 0, lay->field };
	if (r->from == LADDER_LEFT || r->to == LADDER_LEFT)
		return (struct line_span){ 0, middle + 1 };
	return (struct line_span){ middle, lay->field - middle };
}

static const char *
colour_of(const struct ladder_rung *r)
{
	return r->expected != NULL ? RED : r->marked ? BOLD : "";
}

static const char *
shaft_of(const struct line_layout *lay, const struct ladder_rung *r)
{
	return r->label == NULL ? lay->g->nothing
	       : r->marked	? lay->g->marked
				: lay->g->shaft;
}

/* The tail, or the head, of an arrow. */
static const char *
end_of(const struct line_layout *lay, const struct ladder_rung *r, bool head)
{
	const struct glyphs *g = lay->g;

	if (r->label == NULL)
		return g->nothing;
	if (!head)
		return r->from == LADDER_WIRE ? g->forged : shaft_of(lay, r);
	return r->to == LADDER_WIRE ? g->lost
	       : r->from < r->to    ? g->to_right
				    : g->to_left;
}

/* label: NULL when it stands above. */
static void
add_shaft(struct buf *b, const struct line_layout *lay,
    const struct ladder_rung *r, size_t columns, const char *label)
{
	const char *colour = r->marked ? BOLD : "", *shaft = shaft_of(lay, r);
	size_t room = columns - 2, before = room;
	bool right = r->from < r->to;

	if (label != NULL) {
		room -= line_width(label) + 2;
		before = room / 2;
	}
	line_paint(b, lay, colour);
	buf_adds(b, end_of(lay, r, !right));
	fill(b, shaft, before);
	if (label != NULL) {
		buf_adds(b, " ");
		line_add(b, lay, colour_of(r), label);
		line_paint(b, lay, colour);
		buf_adds(b, " ");
		fill(b, shaft, room - before);
	}
	buf_adds(b, end_of(lay, r, right));
	line_paint(b, lay, colour[0] != '\0' ? PLAIN : "");
}

/* The other half of the field; the remark stands there, beside the arrow. */
static void
add_half(struct buf *b, const struct line_layout *lay, size_t columns,
    const char *remark, bool after)
{
	size_t gap = remark != NULL ? 2 : 0;
	size_t pad = columns - gap - line_width(remark);

	buf_fill(b, ' ', after ? gap : pad);
	if (remark != NULL)
		line_add(b, lay, DIM, remark);
	buf_fill(b, ' ', after ? pad : gap);
}

static void
add_arrow(struct buf *b, const struct line_layout *lay,
    const struct ladder_rung *r, const char *time, const char *label,
    const char *remark)
{
	struct line_span span = span_of(lay, r);
	size_t rest = lay->field - span.first - span.columns;
	const char *inside = ladder_at_wire(r) ? remark : NULL;

	line_begin(b, lay, time, r->left_state, lay->g->bar);
	add_half(b, lay, span.first, span.first > 0 ? inside : NULL, false);
	add_shaft(b, lay, r, span.columns, label);
	add_half(b, lay, rest, rest > 0 ? inside : NULL, true);
	line_end(b, lay, lay->g->bar, r->right_state,
	    inside != NULL ? NULL : remark);
}

/* ---- what is said below ---- */

static void
add_expected(struct buf *b, const struct line_layout *lay,
    const struct ladder_rung *r)
{
	struct buf text = { 0 };

	if (r->expected == NULL)
		return;
	buf_adds(&text, tr("expected "));
	fold_glue(&text, r->expected);
	line_add_centred(b, lay, NULL, GREEN, buf_str(&text));
	buf_free(&text);
}

static void
add_remark(struct buf *b, const struct line_layout *lay, const char *remark)
{
	struct buf text = { 0 };

	if (remark == NULL)
		return;
	buf_addf(&text, "(%s)", remark);
	line_add_centred(b, lay, NULL, DIM, buf_str(&text));
	buf_free(&text);
}

static bool
is_beside(const struct line_layout *lay, const struct ladder_rung *r)
{
	if (!ladder_at_wire(r))
		return lay->beside;
	return line_width(ladder_remark(r)) + 4 <= lay->field / 2;
}

static void
add_segment(struct buf *b, const struct line_layout *lay,
    const struct ladder_rung *r)
{
	const char *label = ladder_label(r), *remark = ladder_remark(r);
	struct line_span span = span_of(lay, r);
	const char *time = r->time;
	struct buf above = { 0 };
	bool beside = is_beside(lay, r);

	if (line_width(label) + SHAFTS > span.columns) {
		/* above its half of the wire, if there is room */
		if (line_width(label) + 2 > span.columns)
			span = (struct line_span){ 0, lay->field };
		fold_glue(&above, label);
		line_add_over(b, lay, span, time, colour_of(r),
		    buf_str(&above));
		buf_free(&above);
		label = time = NULL;
	}
	add_arrow(b, lay, r, time, label, beside ? remark : NULL);
	add_expected(b, lay, r);
	add_remark(b, lay, beside ? NULL : remark);
}

/* ---- calls ---- */

/* At the side of the caller; a joint ties the first line to his. */
static void
add_call_field(struct buf *b, const struct line_layout *lay,
    const struct ladder_rung *r, const char *text, size_t len, bool first)
{
	const struct glyphs *g = lay->g;
	size_t rest = lay->field - columns_of(text, len) - 2;
	bool left = r->from == LADDER_LEFT;

	if (left)
		buf_adds(b, first ? g->call : " ");
	buf_fill(b, ' ', left ? 1 : rest);
	line_paint(b, lay, r->marked ? BOLD : "");
	fold_add(b, text, len);
	line_paint(b, lay, r->marked ? PLAIN : "");
	buf_fill(b, ' ', left ? rest : 1);
	if (!left)
		buf_adds(b, first ? g->call : " ");
}

static void
add_call(struct buf *b, const struct line_layout *lay,
    const struct ladder_rung *r)
{
	const char *bar = lay->g->bar, *remark = ladder_remark(r), *text;
	bool left = r->from == LADDER_LEFT, first = true;
	size_t room = lay->field - 4, len, columns;
	struct buf call = { 0 };

	fold_glue(&call, ladder_label(r));
	text = buf_str(&call);
	for (; fold_next(&text, room, &len, &columns); text += len) {
		line_begin(b, lay, first ? r->time : NULL,
		    first ? r->left_state : NULL,
		    first && left ? lay->g->left_joint : bar);
		add_call_field(b, lay, r, text, len, first);
		line_end(b, lay, first && !left ? lay->g->right_joint : bar,
		    first ? r->right_state : NULL,
		    first && lay->beside ? remark : NULL);
		first = false;
	}
	add_remark(b, lay, lay->beside ? NULL : remark);
	buf_free(&call);
}

/* ---- all of it ---- */

/* Each name in the middle above its line, as far as there is room. */
static void
add_hosts(struct buf *b, const struct line_layout *lay, const struct ladder *l)
{
	size_t at_left = lay->time + lay->left, at_right, w;
	size_t left = line_width(l->left), right = line_width(l->right), limit;

	at_right = at_left + 1 + lay->field;
	limit = at_right + 1 + lay->right;
	if (limit < lay->total)
		limit = lay->total;
	w = at_left > left / 2 ? at_left - left / 2 : 0;
	buf_adds(b, lay->style->indent);
	buf_fill(b, ' ', w);
	line_add(b, lay, BOLD, l->left);
	left += w;
	w = at_right - right / 2;
	if (w + right > limit)
		w = limit > right ? limit - right : 0;
	if (left + 2 > w) {
		buf_adds(b, "\n");
		buf_adds(b, lay->style->indent);
		left = 0;
	}
	buf_fill(b, ' ', w - left);
	line_add(b, lay, BOLD, l->right);
	buf_adds(b, "\n");
}

static void
add_rung(struct buf *b, const struct line_layout *lay,
    const struct ladder_rung *r)
{
	if (r->kind == RUNG_SEGMENT)
		add_segment(b, lay, r);
	else if (r->kind == RUNG_CALL)
		add_call(b, lay, r);
	else
		line_add_centred(b, lay, r->time, "", ladder_label(r));
}

void
ladder_add_text(struct buf *b, const struct ladder *l,
    const struct ladder_style *style)
{
	struct line_layout lay = { 0 };
	const char *left, *right;
	struct ladder_rung r;
	size_t i;

	line_lay_out(&lay, l, style);
	add_hosts(b, &lay, l);
	if (l->left_state != NULL || l->right_state != NULL) {
		line_begin(b, &lay, NULL, l->left_state, lay.g->bar);
		buf_fill(b, ' ', lay.field);
		line_end(b, &lay, lay.g->bar, l->right_state, NULL);
	}
	left = l->left_state;
	right = l->right_state;
	for (i = 0; i < l->n; i++) {
		r = l->rungs[i];
		r.left_state = ladder_change(&left, r.left_state);
		r.right_state = ladder_change(&right, r.right_state);
		add_rung(b, &lay, &r);
	}
}
