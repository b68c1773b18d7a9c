#ifndef RETORT_PROBE_H
#define RETORT_PROBE_H

#include "report/report.h"
#include "tcp/icmp.h"

/* What a port did with a probe. */
enum answer {
	ANSWER_CLOSED,	/* a correct reset */
	ANSWER_OPEN,	/* a correct SYN,ACK */
	ANSWER_RESET,	/* a correct reset, as open and closed ports send it */
	ANSWER_DUE,	/* what its state, which is known, requires */
	ANSWER_SILENT,	/* nothing, to every try */
	ANSWER_REFUSED, /* an ICMP message says that it did not arrive */
	ANSWER_UNCLEAR, /* the evidence is not enough: the verdict says why */
	ANSWER_WRONG,	/* what no rule allows */
	ANSWER_UNTRIED, /* the scan ended before */
	NANSWERS
};

const char *answer_name(enum answer); /* "closed" */

/* One port, what came of its probe, and who may have sent it. */
struct report_probe {
	struct report_case c; /* id is not used */
	const struct addr *host;
	uint16_t port;
	enum answer answer;
	const struct segment *reply; /* the one that counts; NULL: none */
	const struct icmp *icmp;     /* NULL: none */
	double rtt;		     /* ms; of an answer */
	unsigned tries;
	double waited;	  /* ms since the first try; of silence */
	const char *hint; /* NULL: nothing strikes */
	const char *note; /* what else is to be known; NULL: nothing */
	bool whole;	  /* show the exchange and the rule */
};

struct report_scan_head {
	const char *host; /* as the user said it, escaped */
	const struct addr *addr;
	const struct segment *seg; /* what is sent */
	size_t nports;
	const char *against;
};

struct report_scan_tail {
	unsigned n[NANSWERS];
	unsigned lost; /* tries that a later one made good */
	double seconds;
	bool stopped;
};

#endif
