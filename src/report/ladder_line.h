#ifndef RETORT_LADDER_LINE_H
#define RETORT_LADDER_LINE_H

#include "base/buf.h"
#include "report/ladder.h"

/*
 * The lines of a ladder in text. What lies between the two hosts is the field:
 *
 *	  time  state |            field             | state  remark
 */

struct glyphs {
	const char *bar, *shaft, *marked, *nothing;
	const char *to_right, *to_left; /* heads */
	const char *lost, *forged;
	const char *left_joint, *right_joint, *call;
};

struct line_layout {
	const struct ladder_style *style;
	const struct glyphs *g;
	size_t time, left, right; /* columns beside the field, with gaps */
	size_t field;
	size_t total; /* what a line may take behind its indent */
	bool beside;  /* remarks stand beside the arrows, else below */
};

#define DIM   "\033[2m"
#define BOLD  "\033[1m"
#define RED   "\033[1;31m"
#define GREEN "\033[32m"
#define CYAN  "\033[36m"
#define PLAIN "\033[0m"

/* How wide each part is, for the longest texts and the terminal. */
void line_lay_out(struct line_layout *, const struct ladder *,
    const struct ladder_style *);

/* A colour, or "" for none; a text in it. */
void line_paint(struct buf *, const struct line_layout *, const char *colour);
void line_add(struct buf *, const struct line_layout *, const char *colour,
    const char *text);

/* All up to the field, and all behind it; each text may be NULL. */
void line_begin(struct buf *, const struct line_layout *, const char *time,
    const char *state, const char *bar);
void line_end(struct buf *, const struct line_layout *, const char *bar,
    const char *state, const char *remark);

/* Some columns of the field. */
struct line_span {
	size_t first, columns;
};

/* A text in the middle of them, in as many lines as it takes. */
void line_add_over(struct buf *, const struct line_layout *, struct line_span,
    const char *time, const char *colour, const char *text);

/* A text in the middle of the field. */
void line_add_centred(struct buf *, const struct line_layout *,
    const char *time, const char *colour, const char *text);

/* 0 for NULL. */
size_t line_width(const char *text);

/* Of a rung: what is said of it, and what happened. */
const char *ladder_remark(const struct ladder_rung *);
const char *ladder_label(const struct ladder_rung *);

/* Does it begin or end there? */
bool ladder_at_wire(const struct ladder_rung *);

/* A state when it is another than *last, which it becomes; else NULL. */
const char *ladder_change(const char **last, const char *state);

#endif
