#ifndef RETORT_EXPR_H
#define RETORT_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcp/tcb.h"

/*
 * Expressions of the rule language over a TCB and a segment: numbers modulo
 * 2^32 and conditions on them. A condition yields 0 or 1.
 */
enum op {
	OP_NUM,	 /* num */
	OP_TERM, /* num is an enum term */
	OP_CTL,	 /* a control bit of the segment; num is the bit */
	OP_FACT, /* num is an enum fact */
	OP_ADD,
	OP_SUB,
	OP_LT, /* comparisons in sequence space */
	OP_LEQ,
	OP_GT,
	OP_GEQ,
	OP_EQ,
	OP_NEQ,
	OP_NOT, /* of l */
	OP_AND,
	OP_OR
};

#define EXPR_DEPTH_MAX 1000 /* it is walked by recursion */

struct expr {
	enum op op;
	uint32_t num;
	unsigned depth; /* of the tree, at most EXPR_DEPTH_MAX */
	const struct expr *l, *r;
};

/* What the stack says of itself; it decides which rules bind it. */
enum claim {
	CLAIM_RFC5961 = 0x01, /* the defence against blind attacks */
	CLAIM_RFC793 = 0x02   /* no more than RFC 793 */
};

/* What a rule is asked about: a segment that arrives, or none (a user call) */
struct situation {
	const struct tcb *tcb;
	const struct segment *seg; /* NULL when nothing arrived */
	unsigned claims;	   /* enum claim */
};

/* The RFC's terms, SEG.* first. */
enum term {
	TERM_SEG_SEQ,
	TERM_SEG_ACK,
	TERM_SEG_LEN,
	TERM_SEG_WND,
	TERM_SEG_UP,
	TERM_SEG_TSVAL, /* 0 without a timestamp */
	TERM_SEG_TSECR, /* likewise */
	TERM_SND_UNA,
	TERM_SND_NXT,
	TERM_SND_WND,
	TERM_MAX_SND_WND,
	TERM_ISS,
	TERM_RCV_NXT,
	TERM_RCV_WND,
	TERM_IRS,
	TERM_TS_RECENT,
	TERM_SND_TSVAL, /* the last one that the stack sent */
	TERM_UNREAD,
	NTERMS
};

/* What can be true of a situation beyond its numbers. */
enum fact {
	FACT_ACCEPTABLE,   /* the four-case test of RFC 9293 3.10.7.4 */
	FACT_BAD_CHECKSUM, /* these: of the segment */
	FACT_BAD_OFFSET,
	FACT_BAD_OPTION,
	FACT_TIMESTAMP,
	FACT_MPTCP_JOIN, /* it asks to join a connection (RFC 8684 3.2) */
	FACT_GROUP_DESTINATION,
	FACT_BAD_SOURCE,
	FACT_PASSIVE, /* these: of the connection */
	FACT_ORPHAN,
	FACT_UNREAD,
	FACT_TIMESTAMPS,
	FACT_QUEUE_FULL,
	FACT_COOKIE,
	FACT_GAP,
	FACT_SHUT,
	FACT_MPTCP,
	FACT_LINGER2,
	FACT_UNSENT,
	FACT_RFC5961, /* these: of the stack, by its own word */
	FACT_RFC793,
	NFACTS
};

/* The term or fact of that name ("SEG.SEQ", "acceptable"), or N.... */
enum term term_by_name(const char *name, size_t len);
enum fact fact_by_name(const char *name, size_t len);

/* Does it look at the segment? Then it has no value without one. */
bool expr_needs_segment(const struct expr *);

uint32_t expr_eval(const struct expr *, const struct situation *);

#endif
