#ifndef RETORT_NUMBERS_H
#define RETORT_NUMBERS_H

#include "judge/judge.h"
#include "match/flow.h"
#include "rules/clue.h"

/* What the RST's receiver does with it (RFC 9293 3.10.7, RFC 5961 3). */
enum reception {
	RECEPTION_UNKNOWN,    /* too little of the peer was seen */
	RECEPTION_ACCEPTED,   /* SEG.SEQ = RCV.NXT; in SYN-SENT: it
				 acknowledges the SYN */
	RECEPTION_CHALLENGED, /* in the window, but not exact: an ACK asks */
	RECEPTION_IGNORED     /* outside of the window, or of SYN-SENT's */
};

const char *reception_name(enum reception); /* "accepted" */

/* A RST's SEQ and ACK against the rulebook. */
struct numbers {
	enum { NUMBERS_UNKNOWN, NUMBERS_RIGHT, NUMBERS_WRONG } verdict;
	const struct rule *rule; /* that requires or allows it, or that it
				    breaks; NULL: not known */
	const char *by;		 /* the clause of an alternative, or NULL */
	struct judgement j;	 /* when wrong: its fields, expected, reason */
	enum reception reception;
	const struct rule *received_by; /* the receiver's rule, or NULL */
	enum state peer_state;		/* the receiver's, as far as is known */
	char reason[160];		/* of the reception; one sentence */
};

/*
 * The sender's state before the RST by what was seen, and the peer's.
 * NSTATES: nothing of that end is known.
 */
enum state reset_sender_state(const struct reset *);
enum state reset_peer_state(const struct reset *);

/* Hold it to the rules. book NULL: only its reception is said. */
void numbers_judge(struct numbers *, const struct rulebook *book,
    const struct reset *);

/* Fill in all clues of a RST. */
void clues_find(struct clues *, const struct reset *);

/*
 * The reason code of the diagnostic payload in a RST's text of len octets, all
 * of which must be there (RFC 9293 SHLD-2; draft-ietf-tcpm-rst-diagnostic-
 * payload): 0 when it is none. *enterprise: whose code it is; 0: IANA's.
 */
unsigned diagnostic_reason(const uint8_t *text, size_t len,
    uint32_t *enterprise);

/* "malformed message"; NULL for a code that the draft does not define. */
const char *diagnostic_reason_text(unsigned code);

#endif
