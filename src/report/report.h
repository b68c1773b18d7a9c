#ifndef RETORT_REPORT_H
#define RETORT_REPORT_H

#include <stdio.h>

#include "judge/judge.h"

/* What is under test, and how much of it: known before the first case. */
struct report_head {
	const char *stack, *version; /* "Linux", "6.18.44"; "" if not known */
	const char *target;	     /* "192.0.2.2:5000" is taken for it, or
					NULL: it is this machine's */
	const char *against;	     /* "RFC 9293" */
	bool matrix;		     /* its cases are cells */
	size_t ncases;
};

/* One case and what came of it. */
struct report_case {
	const struct report_head *head;
	const char *id;
	const char *what;
	enum state state;
	enum event event;
	const struct judgement *j;
	const struct exchange *x;
	const struct aftermath *after; /* NULL: it did not come so far */
	const char *kernel_reason;     /* the kernel's for its RST, or NULL */
};

/*
 * A deviation that speaks of cases that ran, and how many of them showed it;
 * or an alternative that a clause allows.
 */
struct report_known {
	const struct deviation *d; /* NULL: it is the reply that counts */
	const struct reply *reply;
	unsigned n;
	const char *first; /* the first case's id */
	bool unclear;	   /* a case that it speaks of was neither */
};

/* Cells of a matrix that behave alike, otherwise than required. */
struct report_behaviour {
	enum verdict verdict;
	const struct rule *rule;
	const struct deviation *deviation; /* NULL: not known */
	const struct reply *reply; /* of an ALLOWED one: which alternative */
	char required[128], shape[128]; /* and what the stack did */
	unsigned n;
	const char *example; /* the smallest one's id */
	unsigned size;	     /* and how small it is */
	size_t order;	     /* and where it stands among the cells */
};

struct report_tail {
	unsigned n[NVERDICTS];
	double seconds;
	struct report_known *known;
	size_t nknown;
	bool matrix;
	size_t nbehaviours; /* of a matrix */
};

/*
 * A report on paper or screen. Each format is one file with one of these
 * tables; `head` comes first, `one` once a case, `tail` last. They write to
 * out; whether that worked is for the caller to ask (ferror).
 */
struct ladder_style;

struct report_options {
	FILE *out;
	int verbosity; /* -1: only what is not PASS; 0; 1: every exchange */
	bool colour;
	const struct ladder_style *ladder; /* draw exchanges; NULL: do not */
	FILE *svg; /* for the picture of a single one; NULL: none */
};

struct report_probe;
struct report_scan_head;
struct report_scan_tail;
struct report_script;
struct report_script_head;
struct report_script_tail;
struct report_reset;
struct report_reset_tail;
struct report_respond_head;
struct report_respond_segment;
struct report_respond_verdict;
struct report_respond_tail;
struct report_table_stack;
struct report_table_tail;

struct report_format {
	const char *name;
	void (*head)(const struct report_options *, const struct report_head *);
	void (*one)(const struct report_options *, size_t number,
	    const struct report_case *);
	void (*tail)(const struct report_options *, const struct report_tail *);
	/* instead of `one`, for a matrix; NULL: it has no form for that */
	void (*behaviour)(const struct report_options *,
	    const struct report_behaviour *);
	/* the three for probes of ports (report/probe.h); NULL likewise */
	void (*scan_head)(const struct report_options *,
	    const struct report_scan_head *);
	void (*probe)(const struct report_options *,
	    const struct report_probe *);
	void (*scan_tail)(const struct report_options *,
	    const struct report_scan_tail *);
	/* the three for scripts (report/report_script.h); NULL likewise */
	void (*script_head)(const struct report_options *,
	    const struct report_script_head *);
	void (*script)(const struct report_options *, size_t number,
	    const struct report_script *);
	void (*script_tail)(const struct report_options *,
	    const struct report_script_tail *);
	/* the two for RSTs of a capture (report/report_reset.h) likewise */
	void (*reset)(const struct report_options *,
	    const struct report_reset *);
	void (*reset_tail)(const struct report_options *,
	    const struct report_reset_tail *);
	/* the four for a hand-made peer (report/report_respond.h); NULL
	 * likewise */
	void (*respond_head)(const struct report_options *,
	    const struct report_respond_head *);
	void (*respond_segment)(const struct report_options *,
	    const struct report_respond_segment *);
	void (*respond_verdict)(const struct report_options *,
	    const struct report_respond_verdict *);
	void (*respond_tail)(const struct report_options *,
	    const struct report_respond_tail *);
	/* the three for a table of stacks (report/report_table.h); likewise */
	void (*table_head)(const struct report_options *);
	void (*table_stack)(const struct report_options *,
	    const struct report_table_stack *);
	void (*table_tail)(const struct report_options *,
	    const struct report_table_tail *);
};

extern const struct report_format report_text, report_tap, report_json,
    report_nmap;

/* The format of that name, or NULL. */
const struct report_format *report_by_name(const char *name);

#endif
