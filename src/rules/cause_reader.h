#ifndef RETORT_CAUSE_READER_H
#define RETORT_CAUSE_READER_H

/* What cause_cond.c and cause_parse.c share while one file is read. */

#include "rules/cause_expr.h"

enum token { T_END, T_WORD, T_STRING, T_OTHER };

struct reader {
	struct causes *causes;
	const char *name;
	const char *p, *end; /* what is left */
	const char *line_at; /* where its line begins */
	int line;
	struct err *err;

	/* the token that comes next */
	enum token token;
	const char *word; /* not terminated; of a string without the quotes */
	size_t len;
	const char *at;
	unsigned depth;
	struct cause *cause;
};

/* Fill *r->err; always returns -1. */
int reader_fail(struct reader *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int reader_unexpected(struct reader *, const char *wanted);

/* Step to the next token. 0, or -1 with *r->err. */
int reader_advance(struct reader *);

/* Is the token this word or sign? */
bool reader_is(const struct reader *, const char *what);

/* A condition; NULL with *r->err. */
const struct cause_expr *reader_cond(struct reader *);

#endif
