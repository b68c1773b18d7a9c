#ifndef RETORT_RESPOND_H
#define RETORT_RESPOND_H

#include "judge/judge.h"
#include "report/report.h"
#include "run/host.h"
#include "script/script.h"

/* How a hand-made peer treats whoever connects to it. */
enum behaviour {
	AS_CLOSED,	 /* a SYN draws a RST,ACK */
	AS_BLACKHOLE,	 /* nothing draws anything */
	AS_ECHO,	 /* what comes goes back; FIN for FIN */
	AS_LATE_SYNACK,	 /* the SYN,ACK comes late; then as echo */
	AS_BAD_ACK,	 /* the first SYN,ACK has a wrong ACK; then as echo */
	AS_RESET_AFTER,	 /* so many octets are taken; then a RST */
	AS_CLOSE_UNREAD, /* closed with text unread: a RST,ACK */
	AS_HALF_OPEN,	 /* the connection is forgotten once it stands */
	AS_SCRIPT	 /* what a script says */
};

struct respond_options {
	struct host_options host;
	enum behaviour as;
	const char *as_text; /* as the user wrote it */
	int64_t delay;	     /* ns: of AS_LATE_SYNACK */
	uint32_t octets;     /* of AS_RESET_AFTER */
	const struct script *script;
	const uint16_t *ports; /* where it behaves so; all others are closed */
	size_t nports;	       /* 0: everywhere */
	uint32_t count;	       /* end when so many connections have; 0: never */
	int64_t timeout;       /* ns, until it ends anyway */
	struct known_stack known; /* the rules, and whose deviations count */
	unsigned claims;	  /* enum claim */
	const char *against;	  /* these, in words: "RFC 9293" */
	const struct report_format *format;
	struct report_options report;
	bool (*interrupted)(void); /* does the user want it to end? */
};

/*
 * Can the script be played by a responder? 0, or -1 with *e (ERR_USAGE) for
 * one that makes calls or has more than one connection, say.
 */
int respond_check_script(const struct script *, struct err *e);

/*
 * Be that peer until the count or the time is reached, or the user ends it;
 * then all privileges have gone. Returns the exit code (enum suite_exit):
 * inconclusive, too, when fewer connections came than were counted on; or -1
 * with *e.
 */
int respond_run(const struct respond_options *, struct err *e);

#endif
