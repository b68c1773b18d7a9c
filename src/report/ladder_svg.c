/* A ladder as a picture. */
#include <string.h>

#include "base/columns.h"
#include "base/tr.h"
#include "report/fold.h"
#include "report/ladder_line.h"
#include "report/svg.h"

#define MARGIN	   24
#define GAP	   10 /* between a host's line and what stands beside it */
#define FIELD_MOST 64 /* columns; longer labels are folded */
#define FIELD_LESS 44

/* The picture, and where its parts are. */
struct place {
	struct svg svg;
	int left, right, width; /* of the hosts' lines; of all */
};

static int
middle_of(const struct place *p)
{
	return (p->left + p->right) / 2;
}

static int
x_of(const struct place *p, enum ladder_place place)
{
	return place == LADDER_LEFT    ? p->left
	       : place == LADDER_RIGHT ? p->right
				       : middle_of(p);
}

static int
room_of(const struct place *p)
{
	return p->right - p->left - 2 * GAP;
}

static int
pixels(const char *text)
{
	return (int)line_width(text) * SVG_COLUMN;
}

/* ---- segments ---- */

/* Where an arrow does not begin, or end, at a host. */
static void
add_wire_end(struct place *p, const struct ladder_rung *r, const char *class,
    const char *head)
{
	int x = middle_of(p), y = p->svg.y;

	if (r->from == LADDER_WIRE)
		buf_addf(&p->svg.body,
		    "<circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"5\"/>\n",
		    head, x, y);
	if (r->to != LADDER_WIRE)
		return;
	svg_line(&p->svg, class, x - 6, y - 6, x + 6, y + 6);
	svg_line(&p->svg, class, x - 6, y + 6, x + 6, y - 6);
}

static void
add_arrow(struct place *p, const struct ladder_rung *r)
{
	const char *class = r->label == NULL ? "silence"
			    : r->marked	     ? "test"
					     : "line";
	const char *head = r->marked ? "testhead" : "head";
	int from = x_of(p, r->from), to = x_of(p, r->to), y = p->svg.y;
	int way = from < to ? 1 : -1, apart = r->marked ? 2 : 0;
	int end = r->to == LADDER_WIRE ? to : to - way * 8;

	svg_line(&p->svg, class, from, y - apart, end, y - apart);
	if (r->label == NULL)
		return;
	if (r->marked)
		svg_line(&p->svg, class, from, y + apart, end, y + apart);
	if (r->to != LADDER_WIRE)
		svg_head(&p->svg, head, to, way);
	add_wire_end(p, r, class, head);
}

static void
add_states(struct place *p, const char *left, const char *right)
{
	int y = p->svg.y + 5;

	if (left != NULL)
		svg_text(&p->svg, p->left - GAP, y, "end", "state", left,
		    strlen(left));
	if (right != NULL)
		svg_text(&p->svg, p->right + GAP, y, "start", "state", right,
		    strlen(right));
}

static void
add_time(struct place *p, const char *time)
{
	if (time != NULL)
		svg_text(&p->svg, MARGIN, p->svg.y + 5, "start", "dim", time,
		    strlen(time));
}

/* A remark on the half of the wire where no arrow is. */
static bool
fits_half(const struct place *p, const struct ladder_rung *r)
{
	return ladder_at_wire(r) &&
	       pixels(ladder_remark(r)) + 3 * GAP < room_of(p) / 2;
}

static void
add_half(struct place *p, const struct ladder_rung *r)
{
	bool left = r->from == LADDER_LEFT || r->to == LADDER_LEFT;
	const char *remark = ladder_remark(r);

	if (remark != NULL)
		svg_text(&p->svg, middle_of(p) + (left ? 2 : -2) * GAP,
		    p->svg.y + 5, left ? "start" : "end", "dim", remark,
		    strlen(remark));
}

static void
add_below(struct place *p, const char *class, const char *before,
    const char *text)
{
	struct buf b = { 0 };

	if (text == NULL)
		return;
	buf_adds(&b, before);
	buf_adds(&b, text);
	p->svg.y += 6;
	svg_folded(&p->svg, middle_of(p), room_of(p), "middle", class,
	    buf_str(&b));
	p->svg.y -= 6;
	buf_free(&b);
}

static void
add_label(struct place *p, const struct ladder_rung *r)
{
	const char *class = r->expected != NULL ? "wrong"
			    : r->marked		? "marked"
						: "label";
	struct buf label = { 0 };
	int x = middle_of(p);

	fold_glue(&label, ladder_label(r));
	if (ladder_at_wire(r) && pixels(buf_str(&label)) < room_of(p) / 2)
		x = (x_of(p, r->from) + x_of(p, r->to)) / 2;
	svg_folded(&p->svg, x, room_of(p), "middle", class, buf_str(&label));
	buf_free(&label);
}

static void
add_segment(struct place *p, const struct ladder_rung *r)
{
	add_label(p, r);
	p->svg.y += 6;
	add_arrow(p, r);
	add_states(p, r->left_state, r->right_state);
	add_time(p, r->time);
	if (fits_half(p, r))
		add_half(p, r);
	add_below(p, "due", tr("expected "), r->expected);
	if (!fits_half(p, r))
		add_below(p, "dim", "", ladder_remark(r));
	p->svg.y += 14;
}

/* ---- calls and notes ---- */

static void
add_call(struct place *p, const struct ladder_rung *r)
{
	bool left = r->from == LADDER_LEFT;
	int x = left ? p->left : p->right, way = left ? 1 : -1;
	struct buf call = { 0 };

	p->svg.y += SVG_LINE / 2;
	svg_line(&p->svg, "joint", x, p->svg.y, x + way * 12, p->svg.y);
	add_states(p, r->left_state, r->right_state);
	add_time(p, r->time);
	p->svg.y -= SVG_LINE / 2 - 1;
	fold_glue(&call, ladder_label(r));
	svg_folded(&p->svg, x + way * 18, room_of(p) - 18,
	    left ? "start" : "end", "call", buf_str(&call));
	buf_free(&call);
	add_below(p, "dim", "", ladder_remark(r));
	p->svg.y += ladder_remark(r) != NULL ? 14 : 5;
}

static void
add_note(struct place *p, const struct ladder_rung *r)
{
	p->svg.y += SVG_LINE / 2;
	add_time(p, r->time);
	p->svg.y -= SVG_LINE / 2;
	svg_folded(&p->svg, middle_of(p), room_of(p), "middle", "dim",
	    ladder_label(r));
	p->svg.y += 8;
}

static void
draw_rung(struct place *p, const struct ladder_rung *r)
{
	if (r->kind == RUNG_SEGMENT)
		add_segment(p, r);
	else if (r->kind == RUNG_CALL)
		add_call(p, r);
	else
		add_note(p, r);
}

/* The one under test has a ground of its own, below it. */
static void
add_rung(struct place *p, const struct ladder_rung *r)
{
	struct place above = *p;

	above.svg.body = (struct buf){ 0 };
	draw_rung(&above, r);
	if (r->marked)
		svg_box(&p->svg, "band", p->left + 5, p->svg.y - 3,
		    p->right - p->left - 10, above.svg.y - p->svg.y);
	p->svg.y = above.svg.y;
	buf_adds(&p->svg.body, buf_str(&above.svg.body));
	buf_free(&above.svg.body);
}

/* ---- all of it ---- */

static int
larger(int a, int b)
{
	return a > b ? a : b;
}

/* Half of the box around a host's name. */
static int
half_box(const char *name)
{
	return pixels(name) / 2 + GAP;
}

static void
lay_out(struct place *p, const struct ladder *l)
{
	int time = 0, left = pixels(l->left_state), field = FIELD_LESS,
	    right = pixels(l->right_state), label;
	const struct ladder_rung *r;

	for (r = l->rungs; r < l->rungs + l->n; r++) {
		time = larger(time, pixels(r->time));
		left = larger(left, pixels(r->left_state));
		right = larger(right, pixels(r->right_state));
		label = r->kind != RUNG_NOTE ? line_width(ladder_label(r)) : 0;
		/* it stands over half an arrow where that ends at the wire */
		label *= ladder_at_wire(r) ? 2 : 1;
		field = larger(field, label + 6);
		field = larger(field, line_width(r->expected) + 12);
	}
	if (field > FIELD_MOST)
		field = FIELD_MOST;
	p->left = MARGIN + time + (time > 0 ? 2 * GAP : 0) +
		  larger(left + GAP, half_box(l->left));
	p->right = p->left + larger(field * SVG_COLUMN,
				 half_box(l->left) + half_box(l->right) + GAP);
	p->width = p->right + larger(right + GAP, half_box(l->right)) + MARGIN;
}

static void
add_host(struct svg *s, int x, int top, int bottom, const char *name)
{
	int half = half_box(name);

	svg_line(s, "line", x, top + 30, x, bottom);
	svg_box(s, "box", x - half, top, 2 * half, 30);
	svg_text(s, x, top + 20, "middle", "host", name, strlen(name));
}

static void
draw(struct place *p, const struct ladder *l)
{
	const char *left = l->left_state, *right = l->right_state;
	struct place above = *p;
	struct ladder_rung r;
	size_t i;

	above.svg.body = (struct buf){ 0 };
	above.svg.y += left != NULL || right != NULL ? 45 : 30;
	add_states(&above, left, right);
	above.svg.y += 15;
	for (i = 0; i < l->n; i++) {
		r = l->rungs[i];
		r.left_state = ladder_change(&left, r.left_state);
		r.right_state = ladder_change(&right, r.right_state);
		add_rung(&above, &r);
	}
	add_host(&p->svg, p->left, p->svg.y, above.svg.y, l->left);
	add_host(&p->svg, p->right, p->svg.y, above.svg.y, l->right);
	p->svg.y = above.svg.y;
	buf_adds(&p->svg.body, buf_str(&above.svg.body));
	buf_free(&above.svg.body);
}

void
ladder_add_svg(struct buf *b, const struct ladder *l)
{
	struct place p = { .svg.y = MARGIN };

	lay_out(&p, l);
	if (l->title != NULL) {
		/* its letters are wider */
		svg_folded(&p.svg, MARGIN, (p.width - 2 * MARGIN) * 4 / 5,
		    "start", "title", l->title);
		p.svg.y += GAP;
	}
	draw(&p, l);
	p.svg.y += MARGIN;
	buf_addf(b,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
	    "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
	    p.width, p.svg.y, p.width, p.svg.y);
	if (l->title != NULL) {
		buf_adds(b, "<title>");
		svg_escape(b, l->title, strlen(l->title));
		buf_adds(b, "</title>\n");
	}
	buf_adds(b, svg_style);
	buf_adds(b, "<rect class=\"ground\" width=\"100%\" "
		    "height=\"100%\"/>\n");
	buf_adds(b, buf_str(&p.svg.body));
	buf_adds(b, "</svg>\n");
	buf_free(&p.svg.body);
}
