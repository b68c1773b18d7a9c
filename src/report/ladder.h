#ifndef RETORT_LADDER_H
#define RETORT_LADDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * An exchange as people draw it: two hosts, and between them arrows, one below
 * the other. Texts are UTF-8, escaped, and of any language: columns are counted
 * by what a terminal needs for them, not by octets.
 */

/* Where an arrow begins and ends. */
enum ladder_place {
	LADDER_LEFT,
	LADDER_WIRE, /* forged there, or kept or lost there */
	LADDER_RIGHT
};

struct ladder_rung {
	enum {
		RUNG_SEGMENT,
		RUNG_CALL, /* what the user of the side `from` does */
		RUNG_NOTE  /* across both */
	} kind;
	enum ladder_place from, to; /* of a segment; to differs from from */
	const char *time;	    /* in a column of its own; NULL: none */
	const char *label;    /* "[R.] seq 1, ack 6", "close(4)"; of a segment
				   NULL: nothing came that way */
	const char *expected; /* what was due instead of the label, or NULL */
	const char *remark;   /* "forged", "the RST"; or NULL */
	bool marked;	      /* the segment under test */
	/* of the hosts after it, "SYN-SENT"; NULL: as before */
	const char *left_state, *right_state;
};

struct ladder {
	const char *title;	  /* of a picture; NULL: none */
	const char *left, *right; /* the hosts */
	const char *left_state,
	    *right_state; /* at the start; NULL: not known */
	const struct ladder_rung *rungs;
	size_t n;
};

struct ladder_style {
	const char *indent;
	unsigned columns; /* of the terminal: it is drawn for 60 and more */
	bool utf8;	  /* else ASCII, but for texts that are not */
	bool colour;
};

/* Lines of text. States stand beside the hosts where there are any. */
void ladder_add_text(struct buf *, const struct ladder *,
    const struct ladder_style *);

/*
 * A picture: SVG that needs nothing else (no font, no style sheet), to be read
 * on light and dark ground.
 */
void ladder_add_svg(struct buf *, const struct ladder *);

#endif
