#ifndef RETORT_REPORT_RESET_H
#define RETORT_REPORT_RESET_H

#include "judge/numbers.h"
#include "match/flow.h"
#include "report/ladder.h"
#include "report/report.h"
#include "rules/cause.h"

/*
 * A RST of a capture, explained. What is pointed to is only needed during the
 * call.
 */
struct report_reset {
	const struct reset *reset;
	const struct clues *clues;
	const struct cause *cause; /* NULL: none fits */
	enum sure sure;
	enum state state; /* the sender's; NSTATES: not known */
	const struct numbers *numbers;
	const char *like; /* "a, b": the causes that it may be as well; "" */
	const char *file; /* escaped; NULL where there is only one */
	uint64_t frame, trigger_frame; /* numbers in the file; 0: no trigger */
	uint64_t as; /* text: the number of one that was told in full, so that
			a line is enough for this one; 0: tell it in full */

	/* what this machine's kernel says; NULL: nothing */
	const char *kernel_reason, *kernel_state, *owner;
	bool agrees; /* its reason is one that goes with the cause */
};

/* How many RSTs have something in common. */
struct report_count {
	const char *name; /* of a cause, of a host */
	const char *what; /* its title, or NULL */
	uint64_t n;
};

/* RSTs that are only counted. */
struct report_counted {
	uint64_t n, like; /* like: as in struct report_reset */
	const char *what; /* "closed-port, likely" */
	int64_t from, to; /* ns since 1970: the first and the last */
};

struct report_reset_tail {
	const char *source; /* escaped: of the capture */
	struct flow_counts flows;
	uint64_t frames, unread;   /* of these too short, or cut too short */
	uint64_t dropped;	   /* that the capture itself missed */
	uint64_t sure[3];	   /* RSTs by enum sure */
	uint64_t in_line, counted; /* told in one line, or only counted */
	const struct report_count *causes, *senders, *peers;
	size_t ncauses, nsenders, npeers; /* from many to few */
	bool stopped;			  /* before its end */
	const char *damage;		  /* NULL: it was read to its end */
};

/*
 * All that is said about a RST, in lines; whole: with why and cure. style: of
 * the ladder, or NULL for none.
 */
void reset_lines_add(struct buf *, const struct report_reset *, bool whole,
    const struct ladder_style *style);

/* In one line, where one like it was told in full. */
void reset_line_add(struct buf *, const struct report_reset *);
/* How many more there are, in one line. */
void reset_add_counted(struct buf *, const struct report_counted *);

/* The same in one line, for a comment in a capture. */
void reset_add_comment(struct buf *, const struct report_reset *);
/* That of the segment that it answers. */
void reset_add_trigger_comment(struct buf *, const struct report_reset *);

/*
 * The exchange as a ladder: the RST's receiver to the left. style NULL: as a
 * picture.
 */
void reset_add_ladder(struct buf *, const struct report_reset *,
    const struct ladder_style *);

/* Its last sentence: "2 RSTs: ...". */
void reset_add_tally(struct buf *, const struct report_reset_tail *);

/*
 * A remembered segment with numbers relative to those that the exchange
 * begins with, as tcpdump prints them: SYNs keep theirs.
 */
void reset_relative(const struct reset *, size_t i, struct segment *);

/* The parts of the tables of text and JSON. */
void text_reset(const struct report_options *, const struct report_reset *);
void text_reset_tail(const struct report_options *,
    const struct report_reset_tail *);
void json_reset(const struct report_options *, const struct report_reset *);
void json_reset_tail(const struct report_options *,
    const struct report_reset_tail *);

#endif
