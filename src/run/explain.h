#ifndef RETORT_EXPLAIN_H
#define RETORT_EXPLAIN_H

#include "judge/numbers.h"
#include "match/flow.h"
#include "rules/cause.h"
#include "sniff/capture.h"
#include "sniff/decode.h"

/*
 * One RST, explained. All of it, and what it points to, is valid until the
 * sink returns; causes live as long as those that were given. Its numbers are
 * left to the sink, numbers_judge(): not all who ask for causes want them.
 */
struct explained {
	const struct reset *reset; /* the RST, its flow, the exchange */
	struct clues clues;
	enum state state;	   /* the sender's, before the RST */
	const struct cause *cause; /* NULL: none fits */
	enum sure sure;
};

/*
 * Where explained RSTs go, in their order. Returns 0, or -1 with *e to end
 * the run.
 */
typedef int explain_sink(void *arg, const struct explained *, struct err *e);

struct explain_options {
	const struct causes *causes;
	uint32_t max_flows; /* 0: a million */
	int64_t patience;   /* see struct flow_config */
	bool tunnels;	    /* see sniff/tunnel.h */
	/*
	 * Called now and then, for progress; NULL: never. Returns true to end
	 * the run as at the end of the capture.
	 */
	bool (*progress)(void *arg, struct capture *);
	explain_sink *sink;
	void *arg; /* of both */
};

/* What a run came to, beside what the sink was told. */
struct explain_counts {
	struct flow_counts flows;
	uint64_t frames[NDECODE]; /* by what they turned out to be */
};

/*
 * Read the capture to its end and explain each RST in it. 0, or -1 with *e
 * (of the sink, or ERR_ENV: the capture is damaged; all before the damage has
 * been explained). *counts is set either way.
 */
int explain_run(struct capture *, const struct explain_options *,
    struct explain_counts *counts, struct err *e);

/*
 * Which frame of which interface (or file) it is, in one number: what
 * flow_seg.frame holds.
 */
static inline uint64_t
frame_id(const struct captured *f)
{
	return (uint64_t)f->iface << 40 | f->number;
}

static inline uint64_t
frame_number(uint64_t id)
{
	return id & ((UINT64_C(1) << 40) - 1);
}

static inline uint32_t
frame_iface(uint64_t id)
{
	return id >> 40;
}

/*
 * Does this reason of the kernel's go with the cause, or with one that it
 * cannot be told apart from?
 */
bool explain_expects(const struct causes *, const struct explained *,
    const char *reason);

/* The evidence, one sentence a line, each ended by a newline. */
void explain_add_evidence(struct buf *, const struct explained *);

/* What to check next, likewise. */
void explain_add_checks(struct buf *, const struct explained *);

/* "a, b": the ids of causes that this one cannot be told apart from. */
void explain_add_like(struct buf *, const struct explained *);

#endif
