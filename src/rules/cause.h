#ifndef RETORT_CAUSE_H
#define RETORT_CAUSE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "rules/clue.h"
#include "rules/rulebook.h"

/*
 * Why RSTs are sent: what the files data/causes/ say, parsed. The causes are
 * tried in the order in which they stand, files by their names, and the first
 * whose condition holds is the one: what is special comes before what is
 * general. See retort-causes(7) for their language.
 */

enum sure {
	SURE_UNKNOWN, /* no cause fits */
	SURE_LIKELY,
	SURE_CERTAIN /* the capture itself proves it */
};

const char *sure_name(enum sure); /* "likely" */

struct cause_expr;

/* A property that may be said several times, each with a condition. */
struct clause {
	STAILQ_ENTRY(clause) next;
	const struct cause_expr *when; /* NULL: always */
	const char *text;
	enum sure sure; /* of "sure" */
};
STAILQ_HEAD(clauses, clause);

/* Which clues are not 0. */
struct clue_bits {
	uint64_t w[(NCLUES + 63) / 64];
};

struct cause {
	STAILQ_ENTRY(cause) next;
	const char *id;	   /* "closed-port" */
	const char *title; /* one line: "nothing listens on that port" */
	const char *file;
	int line;
	uint16_t states; /* bit 1 << enum state: the sender's; 0: any */
	const struct cause_expr *when;
	struct clauses sure;	 /* the first whose condition holds */
	struct clauses like;	 /* ids that it cannot be told apart from */
	struct clauses evidence; /* sentences with {clue} in them */
	struct clauses check;	 /* what to look at next */
	struct clauses cure;
	struct cites cites;
	const char *why;
	const char *reasons; /* the kernel's, that go with it; or NULL */
};
STAILQ_HEAD(cause_list, cause);

/* What a cause needs, seen at a glance: most are ruled out by that. */
struct cause_glance {
	const struct cause *cause;
	struct clue_bits must, must_not;
	uint16_t states;
};

struct causes {
	struct cause_list list;
	struct cause_glance *glances; /* in the same order, close together */
	size_t n;
	struct arena arena;
};

void causes_init(struct causes *);
void causes_free(struct causes *);

/* As rulebook_add(): 0, or -1 with *e naming file, line and column. */
int causes_add(struct causes *, const char *name, const char *text, size_t len,
    struct err *e);

/*
 * After the last file: every id that a cause names must be there. 0, or -1
 * with *e (ERR_USAGE).
 */
int causes_check(const struct causes *, struct err *e);

const struct cause *cause_find(const struct causes *, const char *id);

/* The first that fits a RST whose sender was in this state, or NULL. */
const struct cause *cause_match(const struct causes *, enum state,
    const struct clues *);

/* How sure it is: the first "sure" whose condition holds. */
enum sure cause_sure(const struct cause *, const struct clues *);

/* Does the clause's condition hold? */
bool clause_holds(const struct clause *, const struct clues *);

/*
 * Append a clause's text, with the clues in {braces} filled in: a time as
 * "5 min 3 s", all else as a number.
 */
void clause_add_text(struct buf *, const struct clause *, const struct clues *);

#endif
