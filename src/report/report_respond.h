#ifndef RETORT_REPORT_RESPOND_H
#define RETORT_REPORT_RESPOND_H

#include "report/report.h"

/* A hand-made peer, as it is named before anybody has come. */
struct report_respond_head {
	const struct addr *addrs;
	size_t naddrs;
	const char *ifname; /* not escaped */
	const char *as; /* its behaviour, as the user wrote it; not escaped */
	const char *against;
};

/* A segment of a connection; 0: of none that is known. */
struct report_respond_segment {
	unsigned conn;
	const struct segment *seg;
	bool ours;
	double seconds; /* since the start */
};

/* What the other side made of what it was sent. */
struct report_respond_verdict {
	unsigned conn;
	struct report_case c; /* id, what and head are not used */
	const char *note;     /* what else is to be known; NULL: nothing */
	const char *event;    /* of a script: where it stands; not escaped */
	int line;	      /* and its line; 0: no script decided */
	const char *expected, *observed; /* there, in the script's notation */
};

struct report_respond_tail {
	unsigned n[NVERDICTS];
	unsigned conns;
	unsigned untaken; /* connections that found no room */
	double seconds;
	const char *stopped; /* why it ended before its time, or NULL */
};

/* The lines of these for people. */
void respond_add_head(struct buf *, const struct report_respond_head *);
void respond_add_segment(struct buf *, const struct report_respond_segment *,
    bool verbose);
void respond_add_verdict(struct buf *, const struct report_respond_verdict *,
    bool verbose);
void respond_add_tally(struct buf *, const struct report_respond_tail *);

#endif
