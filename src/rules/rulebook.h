#ifndef RETORT_RULEBOOK_H
#define RETORT_RULEBOOK_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "rules/expr.h"
#include "tcp/aftermath.h"

/*
 * What the data files say, parsed: rules (what a stack must reply), cases
 * (which stimuli to try), deviations (what a known stack does otherwise) and
 * reasons (what it calls them itself). The language is that of retort-rules(5).
 * Everything lives in the rulebook's arena and ends with it.
 */

/*
 * What happens to the stack: a segment arrives, its user calls, or a timer
 * runs out (RFC 9293 3.10).
 */
enum event {
	EV_SEGMENT,
	EV_CLOSE,	 /* close(): both directions */
	EV_SHUTDOWN,	 /* shutdown(SHUT_WR): the RFC's CLOSE, one of them */
	EV_ABORT,	 /* close() with SO_LINGER 0 */
	EV_DISCONNECT,	 /* connect(AF_UNSPEC) */
	EV_CLOSE_LISTEN, /* close() of the listener it came from */
	EV_USER_TIMEOUT, /* TCP_USER_TIMEOUT, with octets in flight */
	EV_KEEP_ALIVE,	 /* no probe was answered */
	EV_FIN_WAIT_2_TIMEOUT,
	NEVENTS
};

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

/* A state that may come next; the first move that applies is the one. */
struct move {
	STAILQ_ENTRY(move) next;
	enum state to;		 /* NSTATES: it stays what it is */
	uint16_t from;		 /* likewise as a rule's states */
	const struct expr *when; /* NULL: always */
};
STAILQ_HEAD(moves, move);

/* What becomes of the connection, beside the reply. */
struct outcome {
	struct moves moves;	 /* none: it stays what it is */
	enum sees sees;		 /* NSEES: the rule does not say */
	const struct expr *data; /* octets to read then; NULL: not said */
};

/* A reply that a rule requires, or that another clause allows. */
struct reply {
	STAILQ_ENTRY(reply) next;
	struct form form;
	struct outcome outcome;
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
	uint16_t states;	 /* bit 1 << enum state for each it speaks of */
	unsigned events;	 /* bit 1 << enum event, likewise */
	const struct expr *when; /* NULL: always */
	struct replies replies;	 /* the required one first */
	struct outcome outcome;	 /* the required one */
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
	AXIS_PLACE, /* a state, and a way into it */
	AXIS_CTL,
	AXIS_SEQ,
	AXIS_ACK,
	AXIS_TEXT,
	AXIS_FAULT,
	AXIS_OPTIONS,
	AXIS_TSVAL,
	AXIS_TSECR,
	AXIS_RSVD,
	AXIS_OFFSET,
	AXIS_SOURCE,
	AXIS_DESTINATION,
	AXIS_SPORT,
	AXIS_DPORT,
	AXIS_IP,
	NAXES
};

/* The most text a case's segment may carry: it fits any Ethernet frame. */
#define CASE_TEXT_MAX 1400

#define SYSCTL_NAME_MAX 40

/* One value on an axis, and what it adds to the id of its cases. */
struct value {
	STAILQ_ENTRY(value) next;
	const struct expr *expr; /* a number; NULL: any (or see octets) */
	uint32_t num;		 /* AXIS_CTL: the bits, AXIS_FAULT: faults,
				    AXIS_PLACE: the state */
	const char *via;    /* AXIS_PLACE: the way there; NULL: the usual one */
	const char *octets; /* AXIS_OPTIONS */
	size_t octets_len;
	struct addr addr;  /* AXIS_SOURCE, AXIS_DESTINATION */
	const char *label; /* NULL: nothing */
};
STAILQ_HEAD(values, value);

/* The receive window of the stack. */
enum window {
	WINDOW_USUAL,
	WINDOW_SMALL, /* less than one segment's text may be */
	WINDOW_CLOSED /* none: what it allowed has been filled */
};

/* Cases that differ only along their axes. */
struct template
{
	STAILQ_ENTRY(template) next;
	const char *id;
	const char *file;
	int line;
	const char *what;   /* one sentence */
	uint32_t unread;    /* octets for the stack's user to leave unread */
	uint32_t in_flight; /* octets it sends and we do not acknowledge */
	enum window window;
	bool timestamps;    /* both ends send them */
	bool slow;	    /* it takes longer than a second */
	const char *sysctl; /* net.ipv4.*, set while the case runs, or NULL */
	uint32_t sysctl_value;
	enum event event;	   /* EV_SEGMENT, or the call that is made */
	struct values axes[NAXES]; /* empty: the default value */
};
STAILQ_HEAD(templates, template);

struct deviation {
	STAILQ_ENTRY(deviation) next;
	const char *id;
	const char *stack;	   /* "linux" */
	const char *since, *until; /* versions, inclusive; NULL: open */
	uint16_t states;	   /* as in a rule; 0: any */
	struct cites breaks;	   /* the ids of rules */
	const struct expr *when;
	const char *instead; /* of which reply; NULL: of whatever is required */
	bool same;	     /* it replies as required: see the outcome */
	bool skips; /* the rule is not kept: a later one says what is done */
	struct form does; /* otherwise */
	struct outcome outcome;
	const char *why;
	struct cites cites;
};
STAILQ_HEAD(deviations, deviation);

/*
 * What a stack itself calls the reason of a RST: which rules and deviations
 * have it send one for this reason, or why none does.
 */
struct reason {
	STAILQ_ENTRY(reason) next;
	const char *id;
	const char *stack, *since, *until; /* as in a deviation */
	const char *name;		   /* as the stack has it */
	struct cites of;		   /* the ids of rules and deviations */
	const char *unprovoked;		   /* where of is empty; else NULL */
	const char *why;
};
STAILQ_HEAD(reason_list, reason);

struct rulebook {
	struct rules rules;
	struct templates templates;
	struct deviations deviations;
	struct reason_list reasons;
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

/* The next rule after that one that speaks of them. */
const struct rule *rulebook_match_after(const struct rule *, enum event,
    const struct situation *);

const struct rule *rulebook_find(const struct rulebook *, const char *id);

const struct deviation *rulebook_find_deviation(const struct rulebook *,
    const char *id);

/* A form with its numbers filled in for a situation. */
struct expected {
	const struct form *form;
	uint32_t seq, ack; /* where the form has them */
};

struct expected form_expect(const struct form *, const struct situation *);

/* The state that comes next. */
enum state outcome_state(const struct outcome *, const struct situation *);

/* Does the deviation speak of this rule? */
bool deviation_breaks(const struct deviation *, const struct rule *);

/* Is the deviation one of this stack and version? */
bool deviation_binds(const struct deviation *, const char *stack,
    const char *version);

#endif
