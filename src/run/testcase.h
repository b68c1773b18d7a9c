#ifndef RETORT_TESTCASE_H
#define RETORT_TESTCASE_H

#include "base/random.h"
#include "rules/rulebook.h"

/* One case: a template, and one value on each of its axes. */
struct testcase {
	const char *id; /* the template's id and the labels of the values */
	const struct template *t;
	const struct value *v[NAXES]; /* NULL: the default */
	/* what its segment is like but for SEQ and ACK; NULL: as v says */
	const struct segment *form;
};

struct testcases {
	struct testcase *v;
	size_t n;
	struct arena arena;
};

/*
 * Every case of every template in the book. 0, or -1 with *e when two cases
 * have the same id. Free with testcases_free() in either case.
 */
int testcases_expand(struct testcases *, const struct rulebook *, struct err *);

/*
 * Keep those that match a pattern: an id, the beginning of one up to a '/',
 * or a glob in which '*' matches any characters. No pattern keeps all; ip 4
 * or 6 keeps only that family, 0 both; without slow, the cases that wait
 * longer than a second are left out. 0, or -1 with *e when a pattern
 * matches nothing (ERR_USAGE).
 */
int testcases_select(struct testcases *, char *const *patterns, size_t n,
    uint8_t ip, bool slow, struct err *);

/* Keep those of which that is true. */
void testcases_keep(struct testcases *, bool (*)(const struct testcase *));

void testcases_free(struct testcases *);

/* Does the pattern, as above, match this id? Rules have ids too. */
bool id_matches(const char *pattern, const char *id);

/* The state it begins in, and the way there; NULL: the usual one. */
enum state testcase_state(const struct testcase *);
const char *testcase_via(const struct testcase *);

/* 4 or 6. */
uint8_t testcase_ip(const struct testcase *);

/*
 * The segment under test, all but its addresses and ports, for a TCB that is
 * in the case's state. What the case leaves open is drawn from random; text
 * is what its text is taken from, and must outlive the segment. 0, or -1
 * with *e when the numbers of the TCB ask for more than a segment holds.
 */
int testcase_segment(const struct testcase *, const struct tcb *,
    struct random *, const uint8_t text[CASE_TEXT_MAX], struct segment *,
    struct err *);

/* The addresses that the case asks for, in the place of the usual ones. */
void testcase_addresses(const struct testcase *, struct segment *);

/* The port the case asks for on AXIS_SPORT or AXIS_DPORT, else dflt. */
uint16_t testcase_port(const struct testcase *, enum axis, uint16_t dflt);

#endif
