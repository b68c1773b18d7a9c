#ifndef RETORT_SVG_H
#define RETORT_SVG_H

#include "base/buf.h"

/*
 * The parts of a picture. It brings its own colours, for light and for dark
 * ground, but no font: a column is somewhat wider than in the usual ones.
 * Measures are in pixels.
 */
#define SVG_COLUMN 9
#define SVG_LINE   20 /* of text */

struct svg {
	struct buf body;
	int y; /* how far down the picture is drawn */
};

/* What says how each class looks. */
extern const char svg_style[];

/* Text as XML has it. */
void svg_escape(struct buf *, const char *text, size_t len);

/* anchor: "start", "middle" or "end" of the text is at x; it is escaped. */
void svg_text(struct svg *, int x, int y, const char *anchor, const char *class,
    const char *text, size_t len);

/* Lines of text from y on, in so much room; y is then below them. */
void svg_folded(struct svg *, int x, int room, const char *anchor,
    const char *class, const char *text);

void svg_line(struct svg *, const char *class, int x1, int y1, int x2, int y2);

/* The head of an arrow, at y; way: 1 points to the right, -1 to the left. */
void svg_head(struct svg *, const char *class, int x, int way);

void svg_box(struct svg *, const char *class, int x, int y, int width,
    int height);

#endif
