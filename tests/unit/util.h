#ifndef RETORT_TEST_UTIL_H
#define RETORT_TEST_UTIL_H

/* What the tests of the rules, of the judge and of the reports share. */
#include "match/exchange.h"
#include "rules/rulebook.h"

/* What messages call the text of util_book(). */
#define UTIL_NAME "f"

/* Of our segments: 192.0.2.1.1024 > 192.0.2.2.80. */
struct tuple util_tuple(void);

/* <SEQ=1><CTL=SYN> as a segment of ours, or of the stack. */
struct segment util_ours(const char *rfc);
struct segment util_theirs(const char *rfc);

/* A segment of the stack that is sniffed after the stimulus. */
struct util_came {
	const char *rfc; /* NULL: the end */
	uint32_t text;
	uint16_t port; /* not 0: from another than the one that was probed */
	uint8_t faults;
};

/*
 * An exchange: our stimulus, which becomes *probe, or a call of the stack's
 * user when it is NULL, and at most n segments that come.
 */
void util_exchange(struct exchange *, const char *stimulus,
    struct segment *probe, const struct util_came *, size_t n);

/* A fresh rulebook of this text. The test fails when it does not parse. */
void util_book(struct rulebook *, const char *text);

/*
 * This text parses when msg is NULL; else it is refused with msg, behind which
 * only what was expected may be told.
 */
void util_parse(const char *text, const char *msg);

/* Add a file of $srcdir/data (srcdir is "." when unset). */
void util_add_data(struct rulebook *, const char *file);

#endif
