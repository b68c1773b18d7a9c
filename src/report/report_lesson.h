#ifndef RETORT_REPORT_LESSON_H
#define RETORT_REPORT_LESSON_H

#include <stdio.h>

#include "judge/judge.h"
#include "report/ladder.h"

/*
 * What happens in a lesson, and how that is told. Numbers of segments count
 * from the ISS of each side. Texts of the lesson are English: they are
 * translated where they are printed.
 */
enum lesson_side { SIDE_CLIENT, SIDE_SERVER, NSIDES };

/* What is asked about the segment under test, and the answer. */
struct lesson_question {
	enum event event;	 /* of that side, just before */
	struct tcb tcb;		 /* before it */
	struct segment stimulus; /* EV_SEGMENT */
	bool has_stimulus;
	bool silence;		 /* nothing came, and nothing had to */
	struct segment answer;	 /* what came */
	const struct rule *rule; /* that the lesson names, or NULL */
	const struct form *form; /* of its reply that was met, or NULL */
};

/* How far a segment goes. */
enum lesson_way {
	WAY_PASSED,
	WAY_HELD,     /* by the wire, so far */
	WAY_LOST,     /* on the wire */
	WAY_RELEASED, /* it was held before */
	WAY_FORGED    /* by the wire, in the name of `side` */
};

struct lesson_event {
	enum {
		LESSON_STEP,   /* text; its number */
		LESSON_NOTE,   /* text */
		LESSON_ASK,    /* text */
		LESSON_CALL,   /* text, of side */
		LESSON_BLOCKS, /* likewise; it has not returned yet */
		LESSON_RETURNS,
		LESSON_SYSCTL,	/* text, of side */
		LESSON_SEGMENT, /* from side: seg, way */
		LESSON_ICMP,	/* to side: text, and seg's addresses */
		LESSON_SILENCE, /* of side, and it had to be silent */
		LESSON_HOLD,	/* what side sends is held from now on */
		LESSON_LOSE,
		LESSON_PASS,
		LESSON_WAIT,  /* ns */
		LESSON_STATE, /* side's is states[side], as foreseen */
		LESSON_RULE,  /* of side: j; answer is what came */
		LESSON_WRONG  /* text: otherwise than foreseen, and expected,
				 observed */
	} kind;
	enum lesson_side side;
	const char *text;
	int64_t when; /* ns after the lesson began */
	int64_t ns;
	unsigned number;
	struct segment seg;
	enum lesson_way way;
	bool odd;    /* a bare ACK that is not at its sender's SND.NXT */
	bool marked; /* the segment under test */
	struct lesson_question *question; /* of that one */
	bool known;			  /* the states are */
	bool changed;			  /* and not what they were */
	enum state states[NSIDES];	  /* after it, as the kernels say */
	struct judgement j;
	const char *expected, *observed; /* or NULL */
};

/* The text of a lesson, before and after what happens. */
struct report_lesson {
	const char *name, *title;
	/* paragraphs; they end with NULL */
	const char *const *about, *const *foresee, *const *after;
	const char *const *code[NSIDES]; /* lines; NULL: none */
	/* what may be changed, and in one's own network; they end with NULL */
	const char *const *vary, *const *vary_commands;
	const char *const *commands, *const *command_texts;
	/* {NAME} in texts is VALUE: "NAME=VALUE", that end with NULL */
	const char *const *values;
	const char *data; /* --data DIR for the commands, or NULL */
};

struct report_lesson_options {
	FILE *out;
	struct ladder_style style;
	bool quiet; /* the ladder and the summary */
	bool quiz;  /* what is foreseen is told after the answer */
	bool json;  /* JSON Lines instead: one object an event */
};

/* Title, what it is about, what will happen, the code. */
void report_lesson_head(const struct report_lesson_options *,
    const struct report_lesson *);

/* One event; it is written and flushed. */
void report_lesson_event(const struct report_lesson_options *,
    const struct report_lesson *, const struct lesson_event *);

/* The paragraphs of what is foreseen. */
void report_lesson_foresee(const struct report_lesson_options *,
    const struct report_lesson *);

/* The ladder, what one learns, and the summary. */
void report_lesson_tail(const struct report_lesson_options *,
    const struct report_lesson *, const struct lesson_event *, size_t n,
    enum verdict);

/* The same in JSON Lines. */
void json_lesson_event(const struct report_lesson_options *,
    const struct report_lesson *, const struct lesson_event *);
void json_lesson_tail(const struct report_lesson_options *,
    const struct report_lesson *, enum verdict);

/* The ladder as a picture. */
void report_lesson_svg(FILE *, const struct report_lesson *,
    const struct lesson_event *, size_t n);

/* A paragraph, translated, with values, folded; for questions. */
void report_lesson_text(const struct report_lesson_options *,
    const struct report_lesson *, const char *indent, const char *text);

#endif
