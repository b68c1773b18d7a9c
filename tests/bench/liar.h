#ifndef RETORT_LIAR_H
#define RETORT_LIAR_H

#include "bench/bench.h"

/*
 * A test peer that answers in the kernel's place, as a closed port would but
 * for one wrong form at a time. It builds its frames with nothing of the
 * program's own, so that a fault there cannot hide itself.
 */
enum lie {
	LIE_NONE, /* answers as RFC 9293 3.10.7.1 requires */
	LIE_ACK_NOT_PLUS_1,
	LIE_ACK_RANDOM,
	LIE_RST_WITHOUT_ACK,
	LIE_SEQ_NOT_ZERO,
	LIE_SEQ_PLUS_1, /* of a RST that takes it from SEG.ACK */
	LIE_ANSWERS_RST,
	LIE_FIN_TOO,
	LIE_ACK_BIT_OFF, /* the field is filled in */
	LIE_CHECKSUM,
	LIE_WRONG_PORT,
	LIE_FORGED_BLIND,   /* a wrong ACK field first, then the right RST */
	LIE_FORGED_SIGHTED, /* a right ACK and a wrong SEQ first */
	LIE_TWICE,
	LIE_NOTHING,
	LIE_TEXT, /* no lie: five octets of text are no fault */
	LIE_DIES, /* the stack ends at the first segment */
	LIE_MUTE, /* it answers nothing any more, not even a fence */
	NLIES
};

/* For bench_open(); tells the lie that was chosen before. */
int liar_run(int fd, const struct bench_net *);
void liar_choose(enum lie);

#endif
