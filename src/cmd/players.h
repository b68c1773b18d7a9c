#ifndef RETORT_PLAYERS_H
#define RETORT_PLAYERS_H

#include "cmd/scripts.h"
#include "report/report.h"
#include "run/play.h"

/* How scripts are played, each in a process of its own, and reported. */
struct players {
	const struct report_format *format;
	struct report_options report;
	struct play_options play; /* dir: each script has its own */
	uint32_t at_once;	  /* 0: as many as there are processors */
};

/*
 * Play the files and report them in their order; those that are no scripts
 * are reported as such. bad: the exit code of the worst of these, or 0. The
 * exit code.
 */
int players_run(const struct players *, const struct script_files *, int bad);

#endif
