#include <string.h>

#include "base/columns.h"
#include "base/tr.h"
#include "report/fold.h"
#include "report/ladder_line.h"

#define COLUMNS_LEAST 60
#define COLUMNS_MOST  100
#define FIELD_USUAL   42 /* columns, when nothing needs more */
#define FIELD_GOOD    38 /* times and remarks may not make it less */
#define FIELD_LEAST   28 /* below it, lines are too long rather */
#define SHAFT	      10 /* what an arrow needs beside its label */

static const struct glyphs glyphs[2] = {
	{ "|", "-", "=", ".", ">", "<", "x", "o", "+", "+", "-" },
	{ "│", "─", "═", "·", "►", "◄", "×", "●", "├", "┤", "─" },
};

size_t
line_width(const char *text)
{
	return text != NULL ? columns_of(text, strlen(text)) : 0;
}

static void
widen(size_t *width, const char *text)
{
	size_t w = line_width(text);

	if (w > *width)
		*width = w;
}

const char *
ladder_remark(const struct ladder_rung *r)
{
	return r->remark == NULL && r->marked ? tr("under test") : r->remark;
}

const char *
ladder_label(const struct ladder_rung *r)
{
	return r->label != NULL ? r->label : tr("nothing");
}

bool
ladder_at_wire(const struct ladder_rung *r)
{
	return r->kind == RUNG_SEGMENT &&
	       (r->from == LADDER_WIRE || r->to == LADDER_WIRE);
}

const char *
ladder_change(const char **last, const char *state)
{
	if (state == NULL || (*last != NULL && strcmp(*last, state) == 0))
		return NULL;
	*last = state;
	return state;
}

/* ---- how wide all is ---- */

/* A state and a remark, behind the field. */
static size_t
behind(const struct ladder_rung *r)
{
	const char *remark = ladder_remark(r);
	size_t state = line_width(r->right_state);

	if (remark == NULL || ladder_at_wire(r))
		return 0;
	return state + (state > 0) + 2 + line_width(remark);
}

static void
measure(const struct ladder *l, struct line_layout *lay, size_t *field,
    size_t *remark)
{
	const struct ladder_rung *r;
	size_t said;

	widen(&lay->left, l->left_state);
	widen(&lay->right, l->right_state);
	for (r = l->rungs; r < l->rungs + l->n; r++) {
		widen(&lay->left, r->left_state);
		widen(&lay->right, r->right_state);
		widen(&lay->time, r->time);
		said = behind(r);
		*remark = said > *remark ? said : *remark;
		if (r->kind != RUNG_NOTE)
			widen(field, ladder_label(r));
		widen(field, r->expected);
	}
	*field += SHAFT;
	lay->left += lay->left > 0;
	lay->right += lay->right > 0;
	lay->time += lay->time > 0 ? 2 : 0;
	*remark = *remark > lay->right ? *remark - lay->right : 0;
}

/* The field comes first, then the times, then the remarks. */
void
line_lay_out(struct line_layout *lay, const struct ladder *l,
    const struct ladder_style *style)
{
	size_t total = style->columns, field = 0, remark = 0, used;

	lay->style = style;
	lay->g = &glyphs[style->utf8];
	measure(l, lay, &field, &remark);
	if (total < COLUMNS_LEAST)
		total = COLUMNS_LEAST;
	if (total > COLUMNS_MOST)
		total = COLUMNS_MOST;
	lay->total = total - strlen(style->indent);
	if (field < FIELD_USUAL)
		field = FIELD_USUAL;
	used = strlen(style->indent) + lay->left + lay->right + 2;
	if (used + lay->time + FIELD_GOOD > total)
		lay->time = 0;
	used += lay->time;
	lay->beside = used + remark + FIELD_GOOD <= total;
	used += lay->beside ? remark : 0;
	lay->field = used + FIELD_LEAST < total ? total - used : FIELD_LEAST;
	if (lay->field > field)
		lay->field = field;
}

/* ---- lines ---- */

void
line_paint(struct buf *b, const struct line_layout *lay, const char *colour)
{
	if (lay->style->colour)
		buf_adds(b, colour);
}

void
line_add(struct buf *b, const struct line_layout *lay, const char *colour,
    const char *text)
{
	line_paint(b, lay, colour);
	buf_adds(b, text);
	if (colour[0] != '\0')
		line_paint(b, lay, PLAIN);
}

/* All up to the field. */
void
line_begin(struct buf *b, const struct line_layout *lay, const char *time,
    const char *state, const char *bar)
{
	size_t w = line_width(time);

	buf_adds(b, lay->style->indent);
	if (lay->time > 0) {
		buf_fill(b, ' ', lay->time - 2 - w);
		if (w > 0)
			line_add(b, lay, DIM, time);
		buf_adds(b, "  ");
	}
	if (lay->left > 0) {
		w = line_width(state);
		buf_fill(b, ' ', lay->left - 1 - w);
		if (w > 0)
			line_add(b, lay, CYAN, state);
		buf_adds(b, " ");
	}
	buf_adds(b, bar);
}

/* All behind it. */
void
line_end(struct buf *b, const struct line_layout *lay, const char *bar,
    const char *state, const char *remark)
{
	buf_adds(b, bar);
	if (state != NULL) {
		buf_adds(b, " ");
		line_add(b, lay, CYAN, state);
	}
	if (remark != NULL) {
		buf_adds(b, "  ");
		line_add(b, lay, DIM, remark);
	}
	buf_adds(b, "\n");
}

void
line_add_over(struct buf *b, const struct line_layout *lay,
    struct line_span over, const char *time, const char *colour,
    const char *text)
{
	size_t room = fold_even(text, over.columns - 2), len, columns, before;

	while (fold_next(&text, room, &len, &columns)) {
		before = over.first + (over.columns - columns) / 2;
		line_begin(b, lay, time, NULL, lay->g->bar);
		buf_fill(b, ' ', before);
		line_paint(b, lay, colour);
		fold_add(b, text, len);
		line_paint(b, lay, colour[0] != '\0' ? PLAIN : "");
		buf_fill(b, ' ', lay->field - columns - before);
		line_end(b, lay, lay->g->bar, NULL, NULL);
		text += len;
		time = NULL;
	}
}

void
line_add_centred(struct buf *b, const struct line_layout *lay, const char *time,
    const char *colour, const char *text)
{
	line_add_over(b, lay, (struct line_span){ 0, lay->field }, time, colour,
	    text);
}
