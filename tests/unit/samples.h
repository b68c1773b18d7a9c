#ifndef RETORT_TEST_SAMPLES_H
#define RETORT_TEST_SAMPLES_H

/* Cases of every verdict, for the tests of the reports. */
#include "report/report.h"
#include "util.h"

enum sample {
	S_PASS,
	S_PASS_NOISE, /* a forged reply was set aside */
	S_PASS_CALL,  /* a call, after a handshake */
	S_ALLOWED,
	S_DEVIATION,
	S_SKIP,
	S_INCONCLUSIVE,
	S_NOT_SENT,   /* inconclusive: nothing was sent */
	S_NOT_CALLED, /* the same, of a user call */
	S_FAIL,
	S_FAIL_PORT, /* the reply came from a wrong port */
	S_FAIL_TWICE,
	S_FAIL_CALL,
	S_ERROR,
	NSAMPLES
};

struct samples {
	struct rulebook book;
	struct segment probe[NSAMPLES];
	struct exchange x[NSAMPLES];
	struct judgement j[NSAMPLES];
	struct report_case c[NSAMPLES];
};

/*
 * What the rulebook quotes: an escape, a bell, an octet that is no UTF-8, an
 * override of the direction of text, a backslash; and two letters that may
 * stand as they are. And how that must look on any paper.
 */
#define SAMPLES_RAW	"a\x1b[31m \x07 \xff \xe2\x80\xae \\ \xc3\xa9z"
#define SAMPLES_ESCAPED "a\\x1b[31m \\x07 \\xff \\xe2\\x80\\xae \\x5c \xc3\xa9z"

void samples_make(struct samples *);
void samples_free(struct samples *);

/* What a format writes of a case, of the head, of the tail: to be freed. */
char *samples_one(const struct report_format *, int verbosity, bool colour,
    size_t number, const struct report_case *);
char *samples_head(const struct report_format *, const struct report_head *);
char *samples_tail(const struct report_format *, int verbosity,
    const struct report_tail *);

/* ASCII that prints, newlines, and the letter of SAMPLES_RAW: no more? */
bool samples_printable(const char *text);

#endif
