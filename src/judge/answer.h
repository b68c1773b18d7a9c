#ifndef RETORT_ANSWER_H
#define RETORT_ANSWER_H

#include "judge/judge.h"

/*
 * What somebody thinks that a stack will answer, in words: for lessons. It may
 * be written as tcpdump has it ("Flags [R.], seq 0, ack 1, win 0"), shorter
 * ("R. 0:0(0) ack 1"), as the RFC has it ("<SEQ=SEG.ACK><CTL=RST>"), as
 * Wireshark does ("[RST, ACK] Seq=0 Ack=1 Win=0 Len=0"), in either case, or be
 * "none".
 */
struct answer {
	bool none;
	bool has_seq, has_ack, has_wnd, has_len;
	uint16_t ctl;
	uint32_t seq, ack, wnd, len;
};

/*
 * Read it. Terms of the RFC are worth what they are in the situation. 0, or -1
 * with *e (ERR_USAGE) when it is no answer.
 */
int answer_parse(struct answer *, const char *text, const struct situation *,
    struct err *e);

/*
 * Hold it to what came (NULL: nothing), which met the form (NULL: none is
 * known). A field for each thing that was compared: expected is what came,
 * with the rule's term for it, observed what was answered. What goes without
 * saying, such as the number of a bare ACK, or PSH, may be left out. True when
 * all of it is right.
 */
bool answer_mark(const struct answer *, const struct segment *came,
    const struct form *, struct field fields[NFIELDS], size_t *n);

#endif
