#ifndef RETORT_RULEBOOK_H
#define RETORT_RULEBOOK_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "rules/expr.h"

/*
 * What the data files say, parsed: rules (what a stack must reply), cases
 * (which stimuli to try) and deviations (what a known stack does otherwise).
 * The language is that of retort-rules(5). Everything lives in the rulebook's
 * arena and ends with it.
 */

/* What happens to the stack: a segment arrives, or its user calls. */
enum event { EV_SEGMENT, EV_CLOSE, NEVENTS };

const char *event_name(enum event); /* "CLOSE"; "segment" */

/* A form of segment, <SEQ=..><ACK=..><CTL=..>, or no segment at all. */
struct form {
	bool none;
	const struct expr *seq; /* NULL: any, the stack chooses it */
	const struct expr *ack; /* NULL: the form has no ACK */
	uint16_t ctl;
	uint16_t ctl_may; /* bits that may be set or not */
	const char *text; /* as it stands in the file */
	const char *seq_text, *ack_text;
};

/* A reply that a rule requires, or that another clause allows. */
struct reply {
	STAILQ_ENTRY(reply) next;
	struct form form;
	const char *by; /* the clause that allows it; NULL: required */
};
STAILQ_HEAD(replies, reply);

/* A clause, "RFC 9293 3.10.7.1". */
struct cite {
	STAILQ_ENTRY(cite) next;
	const char *text;
};
STAILQ_HEAD(cites, cite);

struct rule {
	STAILQ_ENTRY(rule) next;
	const char *id;
	const char *file;
	int line;
	uint16_t states; /* bit 1 << enum state for each it speaks of */
	enum event event;
	const struct expr *when; /* NULL: always */
	struct replies replies;	 /* the required one first */
	enum state next_state;	 /* NSTATES: it stays what it is */
	const char *level;
	struct cites cites;
	const char *why;
	const char *text; /* the whole rule as it stands in the file */
};
STAILQ_HEAD(rules, rule);

/*
 * The dimensions in which a template of cases varies, in the order in which
 * they add to the id of a case.
 */
enum axis {
	AXIS_CTL,
	AXIS_SEQ,
	AXIS_ACK,
	AXIS_TEXT,
	AXIS_FAULT,
	AXIS_OPTIONS,
	AXIS_RSVD,
	AXIS_OFFSET,
	AXIS_SPORT,
	AXIS_DPORT,
	AXIS_IP,
	NAXES
};

/* The most text a case's segment may carry: it fits any Ethernet frame. */
#define CASE_TEXT_MAX 1400

/* One value on an axis, and what it adds to the id of its cases. */
struct value {
	STAILQ_ENTRY(value) next;
	const struct expr *expr; /* a number; NULL: any (or see octets) */
	uint32_t num;		 /* AXIS_CTL: the bits, AXIS_FAULT: faults */
	const char *octets;	 /* AXIS_OPTIONS */
	size_t octets_len;
	const char *label; /* NULL: nothing */
};
STAILQ_HEAD(values, value);

/* Cases that differ only along their axes. */
struct template
{
	STAILQ_ENTRY(template) next;
	const char *id;
	const char *file;
	int line;
	const char *what; /* one sentence */
	enum state state;
	const char *via;  /* the way into the state; NULL: the usual one */
	uint32_t unread;  /* octets for the stack's user to leave unread */
	enum event event; /* EV_SEGMENT, or the call that is made */
	struct values axes[NAXES]; /* empty: the default value */
};
STAILQ_HEAD(templates, template);

struct deviation {
	STAILQ_ENTRY(deviation) next;
	const char *id;
	const char *stack;	   /* "linux" */
	const char *since, *until; /* versions, inclusive; NULL: open */
	const char *breaks;	   /* the id of the rule */
	const struct expr *when;
	struct form does;
	const char *why;
	struct cites cites;
};
STAILQ_HEAD(deviations, deviation);

struct rulebook {
	struct rules rules;
	struct templates templates;
	struct deviations deviations;
	struct arena arena;
};

void rulebook_init(struct rulebook *);
void rulebook_free(struct rulebook *);

/*
 * Add what a file says. 0, or -1 with *e naming file, line and column
 * (ERR_USAGE). text is the file's content; name is what messages call it.
 */
int rulebook_add(struct rulebook *, const char *name, const char *text,
    size_t len, struct err *e);

/* The first rule that speaks of the state, the event and the segment. */
const struct rule *rulebook_match(const struct rulebook *, enum event,
    const struct situation *);

const struct rule *rulebook_find(const struct rulebook *, const char *id);

/* A form with its numbers filled in for a situation. */
struct expected {
	const struct form *form;
	uint32_t seq, ack; /* where the form has them */
};

struct expected form_expect(const struct form *, const struct situation *);

/* Is the deviation one of this stack and version? */
bool deviation_binds(const struct deviation *, const char *stack,
    const char *version);

#endif
