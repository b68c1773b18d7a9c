#ifndef RETORT_LAB_READER_H
#define RETORT_LAB_READER_H

#include "script/lab.h"

/* What the files share that read a lesson; see lab.h for all others. */
struct reader {
	struct lab *lab;
	struct err *e;
	const char *p; /* terminated */
	struct script_pos pos;
	struct script_pos statement; /* where it began */
	const struct lab_cond *cond;
	struct lab_item *item; /* the last one */
	size_t depth, nitems;
	bool stepped; /* a step has begun */
	bool ordered;
};

/* An error at what is read now. Always -1. */
int lab_fail(struct reader *, const char *what);

void lab_advance(struct reader *, size_t n);
void lab_skip_blanks(struct reader *);
/* White space, lines and comments. */
void lab_skip_space(struct reader *);

/* What follows on this line must be nothing. 0, or -1 with the error. */
int lab_end_line(struct reader *);

/* A word on this line, or NULL with the error. */
const char *lab_take_word(struct reader *, const char *what);

/* The words of a string, one blank apart, or NULL with the error. */
const char *lab_take_string(struct reader *);

uint32_t lab_number(const char *, bool *ok);

/* A new statement, or NULL with the error. */
struct lab_item *lab_add_item(struct reader *, enum lab_kind);
void lab_add_text(struct reader *, struct lab_item *, const char *);

/* Are the {NAME} in a text names of options? 0, or -1 with the error. */
int lab_check_names(struct reader *, const char *);

/* ---- lab_option.c: the statements option, if, else, end ---- */

int lab_read_option(struct reader *, enum lab_kind);
int lab_read_if(struct reader *, enum lab_kind);
int lab_read_else(struct reader *, enum lab_kind);
int lab_read_end(struct reader *, enum lab_kind);

#endif
