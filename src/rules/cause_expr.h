#ifndef RETORT_CAUSE_EXPR_H
#define RETORT_CAUSE_EXPR_H

/* What cause.c and cause_parse.c share: conditions on clues. */

#include "rules/cause.h"

enum cause_op {
	CAUSE_NUM, /* num */
	CAUSE_CLUE,
	CAUSE_LT, /* of l and r, and so on */
	CAUSE_LEQ,
	CAUSE_GT,
	CAUSE_GEQ,
	CAUSE_EQ,
	CAUSE_NEQ,
	CAUSE_NOT, /* of l */
	CAUSE_AND,
	CAUSE_OR
};

#define CAUSE_DEPTH_MAX 100 /* of parentheses and nots */

struct cause_expr {
	enum cause_op op;
	enum clue clue;
	int64_t num; /* counts, or ms */
	const struct cause_expr *l, *r;
};

int64_t cause_eval(const struct cause_expr *, const struct clues *);

#endif
