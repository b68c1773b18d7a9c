#ifndef RETORT_EXPLAIN_SINK_H
#define RETORT_EXPLAIN_SINK_H

#include "report/ladder.h"
#include "report/report.h"
#include "report/tally.h"
#include "run/explain.h"
#include "run/kernel_view.h"

/*
 * Where explained RSTs go: counted, reported, folded, noted for --write. Only
 * the files explain*.c know it.
 */
struct explain_sink {
	const struct report_format *format;
	struct report_options report;
	struct capture *capture;
	const struct causes *causes;
	const struct rulebook *book;
	uint64_t n;		    /* RSTs so far */
	struct kernel_view *kernel; /* NULL: it does not tell */
	bool group;
	FILE *spool; /* the summary comes first; NULL: all at once */
	struct tally by_cause, senders, peers, groups, kinds, places;
	uint64_t in_line, counted; /* RSTs told in one line, or not at all */
	bool in_lines;		   /* the last one told was in one line */
	uint64_t sure[3];
	struct notes *notes; /* for --write; NULL: none */
};

/* One RST. 0, or -1 with *e: it could not be reported. */
int explain_sink_take(struct explain_sink *, const struct explained *,
    struct err *);

/* The summary, what was spooled or folded, and the last line. */
int explain_sink_end(struct explain_sink *, struct report_reset_tail *,
    struct err *);

void explain_sink_free(struct explain_sink *);

/*
 * What the clues say of the form and the numbers of a RST. Of two that differ
 * in it one may be odd.
 */
uint32_t explain_shape(const struct clues *);

/*
 * Is this RST to be told? *as: 0, or the number of one that it is like, so that
 * one line is enough. To be asked once for each, in their order.
 */
bool explain_tells(struct explain_sink *, const struct explained *,
    uint64_t *as);
/*
 * The port of the end that serves, by who opened, or the lower one; -1 in a
 * scan, of which each port is like the other.
 */
int32_t explain_port(const struct explained *);
/* At the end: those that were not told, but counted. */
void explain_put_counted(struct explain_sink *);

/*
 * Print the causes whose ids match one of the n patterns, all when n is 0. 0,
 * or -1 with *e: none does.
 */
int explain_list_causes(const struct causes *, const char *const *patterns,
    size_t n, struct err *e);

/* ---- --write ---- */

/* Comments for frames, by frame_id(). */
struct notes *notes_new(void);
void notes_add(struct notes *, uint64_t frame, const char *text);
/* NULL: none. */
const char *notes_find(const struct notes *, uint64_t frame);
void notes_free(struct notes *);

/* ---- the command ---- */

struct pcapng;

#define DURATION_NO INT64_MAX

struct explain_settings {
	struct explain_sink sink;
	struct explain_options explain;
	const char *write, *filter, *interface, *data, *svg;
	const char **paths;
	size_t npaths;
	int64_t duration, until;
	bool causes;
	uint32_t count;
	struct ladder_style style;
	struct capture *again; /* the same, for --write */
	struct pcapng *out;
	FILE *kept; /* standard input, to be read again */
	char kept_path[32];
	int64_t shown; /* when progress was */
	bool stopped;
};

/*
 * Open all that is to be read and written: captures, temporary files, the
 * kernel's reasons. 0, or -1 with *e.
 */
int explain_open(struct explain_settings *, struct err *e);

/* --write: the capture once more, with comments. 0, or -1 with *e. */
int explain_write(struct explain_settings *, struct err *e);

void explain_close(struct explain_settings *);

#endif
